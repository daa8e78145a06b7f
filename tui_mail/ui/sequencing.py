"""Keys that follow each other, as in `g i`; after a silence the screen shows what may follow."""

from __future__ import annotations

from textual import events
from textual.timer import Timer

from .bridge import MailApp
from .keys import Sequencer, shown

HINT_AFTER = 0.4
"""Seconds of silence in the middle of a sequence until the screen shows what may follow."""


class Sequencing(MailApp):
    """For the app; in front of whoever else deals with keys."""

    _hinting: Timer | None = None

    def begin_sequences(self) -> None:
        """Once the keymap is known."""
        self._sequencer = Sequencer(self.keymap.starters)

    async def take(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Key) and await self._in_sequence(event):
            return
        await super().take(event)

    async def _in_sequence(self, event: events.Key) -> bool:
        """Whether the key belongs to a sequence; then it is done with."""
        sequencer = self._sequencer
        if not sequencer.pending and event.key not in sequencer.starters:
            return False
        focused = self.focused
        if not sequencer.pending and focused is not None and focused.check_consume_key(event.key, event.character):
            return False
        self._stop_hint()
        if sequencer.pending and event.key == "escape":
            sequencer.pending = ""
            return True
        bound = self.screen.active_bindings
        verdict, keys = sequencer.feed(event.key, bound)
        match verdict:
            case "run":
                active = bound[keys]
                if active.enabled:
                    await self.run_action(active.binding.action, active.node)
                else:
                    self.said(f"{active.binding.description} is not possible here.")
            case "wait":
                self._hinting = self.set_timer(HINT_AFTER, lambda: self._show_hint(keys))
            case "stray":
                self.said(f"{shown(keys)} does nothing.")
        return verdict != "pass"

    def _show_hint(self, keys: str) -> None:
        follow = [
            (shown(key.removeprefix(keys + " ")), active.binding.description)
            for key, active in self.screen.active_bindings.items()
            if key.startswith(keys + " ") and active.enabled
        ]
        self.hint([(shown(keys), "…"), *follow])

    def _stop_hint(self) -> None:
        if self._hinting is not None:
            self._hinting.stop()
            self._hinting = None
        self.hint([])
