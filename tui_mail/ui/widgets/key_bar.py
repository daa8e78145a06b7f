"""The foot of a screen: the keys that matter here, straight from the bindings in force."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Static

from ..keys import is_unbound, shown

HELP = "app.help"
"""The binding that is never left out."""


class KeyBar(Static):
    """One line; what is unavailable now is dim; a click is the key."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    @dataclass
    class Pressed(Message):
        """Somebody clicked on a key."""

        key: str

    def __init__(self) -> None:
        super().__init__()
        self._is_stale = False
        self._drawn: tuple[dict[str, tuple[str, str, bool]], int] = ({}, 0)

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._outdate)
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def _outdate(self, screen: Screen[object]) -> None:
        """A key often changes the bindings three times; they are read once, when all of it is on the screen."""
        if screen is self.screen and not self._is_stale:
            self._is_stale = True
            self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Reads the bindings again. What is as it was is not sent to the terminal again."""
        self._is_stale = False
        if not self.is_attached:
            return
        shown_keys: dict[str, tuple[str, str, bool]] = {}
        for key, (_, binding, enabled, _) in self.screen.active_bindings.items():
            if binding.show and not is_unbound(key):
                shown_keys.setdefault(binding.id or binding.action, (key, binding.description, enabled))
        width = self.content_size.width
        if (shown_keys, width) == self._drawn:
            return
        self._drawn = shown_keys, width
        pieces = {name: _piece(*one) for name, one in shown_keys.items()}
        last = pieces.pop(HELP, None)
        self.update(Content("  ").join(fitting(list(pieces.values()), last, width)), layout=False)

    @on(events.Click)
    def press(self, event: events.Click) -> None:
        """A click on a key is the key."""
        key = event.style.meta.get("key")
        if isinstance(key, str):
            self.post_message(self.Pressed(key))


def _piece(key: str, words: str, enabled: bool) -> Content:
    piece = Content.assemble(
        (shown(key), "bold $accent" if enabled else "$muted"), (f" {words}", "" if enabled else "$muted")
    )
    return piece.stylize(Style.from_meta({"key": key}))


def fitting(pieces: list[Content], last: Content | None, width: int) -> list[Content]:
    """As many as there is room for, and `last`, which is the way to all the others, always."""
    tail = [last] if last is not None else []
    room = width - sum(piece.cell_length for piece in tail)
    kept = []
    for piece in pieces:
        room -= piece.cell_length + 2
        if room < 0:
            break
        kept.append(piece)
    return kept + tail
