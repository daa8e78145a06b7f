"""What waits while fingers move: the search for garbage, and whoever works behind the screens."""

from __future__ import annotations

import gc
import sys
from time import monotonic

from rich.console import RenderableType
from textual import events
from textual.screen import Screen
from textual.timer import Timer

from .bridge import MailApp

SWITCH = 0.0005
"""Seconds that a busy engine thread may keep the interpreter from the screens; the usual 5 ms double the wait."""
LOOK = 1.0
"""Seconds between looks whether the fingers rest, from an input on until all is tidy."""
REST = 0.5
"""Seconds without input after which what came since the last time is looked through: some milliseconds."""
LONG_REST = 20.0
"""The same for everything that is here: 60 ms, once after each time that something was done."""
SELDOM = 10_000
"""So many younger passes before the interpreter looks through all that is old by itself: up to 40 ms, at any time."""


class Tidying(MailApp):
    """For the app. A pass through all objects stops every thread, and fingers feel it; it comes between two inputs."""

    _touched = 0.0
    """When there was input last."""
    _looked = 0.0
    """When what is new was looked through last."""
    _is_answering = False
    """There was input, and nothing was painted since."""
    _is_answered = False
    """It was painted, and is on its way to the terminal."""
    _looking: Timer | None = None
    _usual: tuple[int, int, int] | None = None
    """The interpreter's own thresholds; ours are in force while somebody is there."""

    def on_ready(self) -> None:
        if not self.is_headless:  # no terminal, no fingers
            self.begin_tidying()

    def begin_tidying(self) -> None:
        """What is here now stays; it is not looked through again until the fingers rest for long."""
        _tidy(whole=False)
        self._usual = gc.get_threshold()
        self._wait_for_rest(self._usual)
        sys.setswitchinterval(SWITCH)

    def _wait_for_rest(self, usual: tuple[int, int, int]) -> None:
        """From now on it is looked whether the fingers rest, and the interpreter looks for nothing old by itself."""
        gc.set_threshold(*usual[:2], SELDOM)
        self._touched = monotonic()
        if self._looking is None:
            self._looking = self.set_interval(LOOK, lambda: self.look_round(monotonic()))

    def on_unmount(self) -> None:
        if self._usual is not None:
            gc.set_threshold(*self._usual)
            gc.unfreeze()

    async def on_event(self, event: events.Event) -> None:
        if self._usual is not None and isinstance(event, events.InputEvent):
            self._is_answering = True
            self._wait_for_rest(self._usual)
        await super().on_event(event)

    def touched(self) -> None:
        """There is input, which is not looked at yet; on the thread that reads it."""
        self.mail.hush()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """What answers an input is told from what is painted by itself."""
        super()._display(screen, renderable)
        if self._is_answering:
            self._is_answering, self._is_answered = False, True

    def written(self) -> None:
        """All that was painted is on the terminal; on the thread that writes it."""
        if self._is_answered:
            self._is_answered = False
            self.mail.unhush()

    def look_round(self, now: float) -> None:
        """Tidies what is due at that time."""
        if now - self._touched >= LONG_REST:
            _tidy(whole=True)
            if self._usual is not None:
                gc.set_threshold(*self._usual)  # nobody is there: what mail that comes leaves behind is not kept
            if self._looking is not None:
                self._looking.stop()
                self._looking = None
        elif now - self._touched >= REST and self._looked < self._touched:
            self._looked = now
            _tidy(whole=False)


def _tidy(*, whole: bool) -> None:
    """Collects, and sets aside what is left. Rings among what was set aside before are found only by a whole look."""
    if whole:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
