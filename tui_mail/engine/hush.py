"""Who works behind the screens leaves the interpreter to a key that was just pressed, and is never left without it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
QUIET = 0.02
"""Seconds that belong to a key: it is heard, done and painted in less, where nobody else wants the interpreter."""
TURN = 0.01
"""Seconds that belong to the others before the next key has its quiet again, however many come."""


class Hush:
    """Any thread may call it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._nobody = threading.Event()

    def fall(self) -> None:
        """A key was pressed."""
        now = time.monotonic()
        if now - self._until >= TURN:
            self._until = now + QUIET

    def heed(self) -> None:
        """Waits while it is quiet."""
        left = self._until - time.monotonic()
        if left > 0:
            self._nobody.wait(left)

    def between(self, items: Iterable[T]) -> Iterator[T]:
        """The same ones, each after a look whether it is quiet: work on one of them is some tenths of a millisecond."""
        for item in items:
            self.heed()
            yield item
