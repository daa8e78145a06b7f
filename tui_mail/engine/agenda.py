"""What a session has to do, the most urgent first, each standing job once."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from .desk import IDLE, Desk


@dataclass(order=True, slots=True)
class Entry:
    """One job; compared by its urgency, then by its turn."""

    priority: int
    turn: int
    key: Hashable = field(compare=False)
    job: Callable[[Desk], Any] = field(compare=False)
    future: Future[Any] | None = field(compare=False)
    """Somebody waits; None: what goes wrong is told to whoever listens."""
    tries: int = field(default=0, compare=False)


class Agenda:
    """A queue by (priority, turn). Its owner locks."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._keys: dict[Hashable, int] = {}
        self._turns = itertools.count()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def top(self) -> int:
        """The priority of what comes next; below everything where nothing does."""
        return self._entries[0].priority if self._entries else IDLE + 1

    @property
    def is_awaited(self) -> bool:
        """Somebody waits for a job, one that lost its connection once or one that came while it was being lost."""
        return any(entry.future is not None for entry in self._entries)

    def ask(self, priority: int, job: Callable[[Desk], Any], future: Future[Any]) -> None:
        heapq.heappush(self._entries, Entry(priority, next(self._turns), None, job, future))

    def plan(self, priority: int, key: Hashable, job: Callable[[Desk], Any]) -> None:
        """A job that nobody waits for; while one of that key stands here, only a more urgent one says anything new."""
        if priority < self._keys.get(key, IDLE + 1):
            self._keys[key] = priority
            heapq.heappush(self._entries, Entry(priority, next(self._turns), key, job, None))

    def again(self, entry: Entry) -> None:
        """Puts a job back in its turn."""
        entry.tries += 1
        heapq.heappush(self._entries, entry)

    def take(self) -> Entry:
        entry = heapq.heappop(self._entries)
        self._keys.pop(entry.key, None)
        return entry

    def clear(self) -> list[Entry]:
        """Empties it; what stood here."""
        entries, self._entries = self._entries, []
        self._keys.clear()
        return entries
