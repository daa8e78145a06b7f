"""What a server told by itself (NOTIFY) held against what looks at all folders find: neither need be the truth."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

from tui_mail.backend.contract import Heard, RemoteFolder

_GRACE = 30.0
"""Seconds that news may come by another way before or after they are told."""


class Hearing:
    """One account's. Every method may be called from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = -_GRACE
        self._counts: dict[bytes, tuple[int, int]] = {}
        """(messages, UIDNEXT) of each folder at the last look."""
        self._told: dict[bytes, float] = {}
        self._all_told = -_GRACE
        """When it last told of all folders at once."""
        self._listed: frozenset[bytes] = frozenset()
        """The folders of the last look."""
        self._lacked: dict[bytes, int] = {}
        """Folders that were told of, and how many looks since then did not find them."""
        self._hidden: frozenset[bytes] = frozenset()
        """Those that were lacking before: no list shows them."""
        self._missed: dict[bytes, float] = {}
        """Folders that were found changed, since when, and that nothing was told of yet."""
        self._misses: Counter[bytes] = Counter()
        """How many looks found them so."""

    def told(self, heard: Heard) -> None:
        """The server said so by itself."""
        now = self._clock()
        with self._lock:
            for raw in heard.folders:
                self._told[raw] = now
                self._missed.pop(raw, None)
                self._misses.pop(raw, None)
                if raw not in self._listed | self._hidden:
                    self._lacked.setdefault(raw, 0)
            if heard.listing:
                self._all_told = now
                self._missed.clear()
                self._misses.clear()
                self._counts.clear()  # what happened until now may have happened while nobody listened

            for raw in heard.own:
                self._counts.pop(raw, None)

    def is_deaf_to(self, remote: Iterable[RemoteFolder], *, is_asked: bool = False) -> bool:
        """A look at all folders: True where news were found at an earlier one that were not told until now.

        Only messages that came or went count: not every server promises to tell of flags. `is_asked`: the look goes
        over the line on which the server is to tell; what came just before is answered, not told, so it takes two.
        """
        now = self._clock()
        with self._lock:
            for folder in remote:
                self._compare(folder, now)
            self._looked = now
            enough = 2 if is_asked else 1
            return any(now - since > _GRACE and self._misses[raw] >= enough for raw, since in self._missed.items())

    def lacking(self, remote: Iterable[RemoteFolder]) -> int:
        """A look at all folders: how many in a row lack one that was told of; at the second one it is no chance."""
        with self._lock:
            self._listed = frozenset(folder.raw for folder in remote)
            self._lacked = {raw: looks + 1 for raw, looks in self._lacked.items() if raw not in self._listed}
            most = max(self._lacked.values(), default=0)
            self._hidden -= self._listed
            if most > 1:
                self._hidden |= self._lacked.keys()
                self._lacked.clear()  # it came and went, or is never listed
            return most

    def _compare(self, folder: RemoteFolder, now: float) -> None:
        messages, uidnext = folder.status.messages, folder.status.uidnext
        if messages is None or uidnext is None:
            return
        before = self._counts.get(folder.raw)
        self._counts[folder.raw] = messages, uidnext
        told = max(self._told.get(folder.raw, self._all_told), self._all_told)
        if before not in (None, (messages, uidnext)) and told < self._looked - _GRACE:
            self._missed.setdefault(folder.raw, now)
            self._misses[folder.raw] += 1
