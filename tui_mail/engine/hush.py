"""Who works behind the screens leaves the interpreter to a key that was just pressed, and is never left without it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
QUIET = 0.02
"""Seconds that belong to a key at the most: it is heard, done and painted in less where nobody else is in the way."""
TURN = 0.005
"""Seconds that belong to the others before the next key has its quiet again, however many come."""
STRETCH, REST = 0.002, 0.001
"""Seconds of work, and of a rest after it, as long as somebody is there. The threads that read and write the terminal
do not get the interpreter from one that gives it up for a moment at every call of SQLite, and takes it back."""
THERE = 2.0
"""Seconds after a key in which the next one is to be expected."""


class Hush:
    """Any thread may call it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._is_over = threading.Event()
        self._rested = threading.local()
        self._never = threading.Event()

    def fall(self) -> None:
        """A key was pressed."""
        now = time.monotonic()
        if now - self._until >= TURN:
            self._is_over.clear()
            self._until = now + QUIET

    def lift(self) -> None:
        """What it changes is on the terminal."""
        self._until = min(self._until, time.monotonic())
        self._is_over.set()

    def heed(self) -> None:
        """Waits while it is quiet, and now and then for an instant."""
        now = time.monotonic()
        left = self._until - now
        if left < -THERE:
            return
        if left > 0:
            self._is_over.wait(left)
        elif now - getattr(self._rested, "at", 0.0) > STRETCH:
            self._never.wait(REST)
        else:
            return
        self._rested.at = time.monotonic()

    def between(self, items: Iterable[T]) -> Iterator[T]:
        """The same ones, each after a look whether it is quiet: work on one of them is some tenths of a millisecond."""
        for item in items:
            self.heed()
            yield item
