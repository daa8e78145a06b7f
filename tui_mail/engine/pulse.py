"""Notices that the machine slept or came to another network, which no connection tells by itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

_BEAT = 5.0
_SLEPT = 30.0
"""Seconds that the wall clock may be ahead of ours between two beats: more means that the machine slept meanwhile."""
_WORLD = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that stand for anywhere (RFC 5737, RFC 3849); nothing is ever sent to them."""


def whereabouts() -> frozenset[str]:
    """The addresses that this machine would speak from: the routing table is asked, and nothing leaves the machine."""
    found = set()
    for family, address in _WORLD:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            pass  # no way out by this family
    return frozenset(found)


class Pulse:
    """One thread for all accounts; `jolted` is called on it."""

    def __init__(
        self,
        jolted: Callable[[], None],
        *,
        where: Callable[[], frozenset[str]] = whereabouts,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`wall` goes on while the machine sleeps, `clock` may not."""
        self._jolted = jolted
        self._where = where
        self._wall = wall
        self._clock = clock
        self._ahead: float | None = None
        self._here: frozenset[str] = frozenset()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail-pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._end.set()

    def join(self, timeout: float) -> bool:
        """True when the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self.beat()
        while not self._end.wait(_BEAT):
            self.beat()

    def beat(self) -> None:
        """One look; the first only remembers how things are."""
        ahead, here = self._wall() - self._clock(), self._where()
        slept = self._ahead is not None and ahead - self._ahead > _SLEPT
        moved = self._ahead is not None and here != self._here
        self._ahead, self._here = ahead, here
        if slept or (moved and here):  # without any network there is nothing to try
            self._jolted()
