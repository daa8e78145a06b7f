"""The commands that clients gave the server, for tests to look at and to wait for."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Iterator


class Journal:
    """The commands that arrived, without tags, secrets masked; the newest ten thousand."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=10_000)
        self._count = 0
        self._news = threading.Condition()

    def __iter__(self) -> Iterator[str]:
        with self._news:
            return iter(tuple(self._lines))

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: str) -> None:
        with self._news:
            self._lines.append(line)
            self._count += 1
            self._news.notify_all()

    def clear(self) -> None:
        with self._news:
            self._lines.clear()

    def matching(self, pattern: str) -> list[str]:
        """The commands in which the pattern is found, oldest first, case ignored."""
        sought = re.compile(pattern, re.I)
        return [line for line in self if sought.search(line)]

    def wait_for(self, pattern: str, timeout: float = 5.0, *, times: int = 1) -> str:
        """The last of `times` commands that match, waiting until they came. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                found = self.matching(pattern)
                if len(found) >= times:
                    return found[times - 1]
                left = deadline - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise TimeoutError(f"no command like {pattern!r} came in {timeout} s; seen: {list(self)[-8:]}")
