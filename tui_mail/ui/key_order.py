"""Keys one after the other: what is typed ahead goes where the keys before it have led."""

from __future__ import annotations

from collections import deque
from time import monotonic

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

PATIENCE = 1.0
"""Seconds after which the next key goes on, whatever became of the one before."""
MOUNTING = 5.0
"""The same while what it opened is still being put on the screen, or what it selects is still being found on this
machine: a busy one takes its time, letters typed ahead must not become commands, nor commands go to something else."""
OPENING = "begin"
"""The group of workers that are about to open what the next keys are meant for: a reply, while its letter is read."""
SELECTING = "select"
"""The group of those that find on this machine what the next keys are meant for."""
NAP = 0.004
"""Seconds between looks whether what a key opened is there."""


class KeyOrder(App[None]):
    """The toolkit hands every key to the widget that has the focus when it arrives, before the key in front of it
    has moved the focus: in a burst (a slow line, a paste without brackets) `c bob Tab lunch` would put everything
    into one field, or into the list as commands. Here a key waits until the one before it was dealt with and
    what that opened is mounted.
    """

    class Passed(Message):
        """Follows a key through the same queues; when it is here, the key has been dealt with."""

    _waiting: deque[events.Key | events.Paste]
    _since: float
    """When the key under way was handed out; 0 where none is."""
    _guard: Timer | None

    def _orderly(self) -> None:
        """Called once from `__init__`."""
        self._waiting = deque()
        self._since = 0.0
        self._guard = None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            await self._next()
        else:
            await super().on_event(event)

    async def take(self, event: events.Key | events.Paste) -> None:
        """Deals with one key or paste; what a subclass does not want goes on to the focused widget."""
        await super().on_event(event)

    async def _next(self) -> None:
        if not self._waiting:
            return
        if self._must_wait:
            if self._guard is None:
                self._guard = self.set_timer(PATIENCE, self._give_up)
            return
        self._since = monotonic()
        event = self._waiting.popleft()
        target: Widget = self.focused or self.screen
        await self.take(event)
        if not target.post_message(self.Passed()):
            self.call_later(self._done)

    @on(Passed)
    def passed(self, event: Passed) -> None:
        event.stop()
        self.call_later(self._done)  # behind what the key itself has put off, a change of focus above all

    async def _done(self) -> None:
        if (self._waiting or self._is_busy(SELECTING)) and self._must_wait and not self._is_ready:
            self.set_timer(NAP, self._done)
            return
        self._since = 0.0
        await self._next()

    @property
    def _must_wait(self) -> bool:
        """Whether the next key is too early."""
        waited = monotonic() - self._since
        return bool(self._since) and (
            waited < PATIENCE or (waited < MOUNTING and (not self._is_built or self._is_busy(SELECTING)))
        )

    @property
    def _is_ready(self) -> bool:
        """Whether what was opened is there, and so has had its chance to take the focus."""
        return not self._is_busy(OPENING, SELECTING) and self._is_built

    def _is_busy(self, *groups: str) -> bool:
        """Whether a worker of these is under way."""
        return any(worker.group in groups and not worker.is_finished for worker in self.workers)

    @property
    def _is_built(self) -> bool:
        """Whether everything on the screen is mounted."""
        screen = self.screen
        return screen.is_mounted and all(widget.is_mounted for widget in screen.walk_children(Widget))

    async def _give_up(self) -> None:
        """A key got lost with the widget that it was for."""
        self._guard = None
        await self._next()
