"""The demo's mailbox: its folders, its letters and what another client could do to them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping

from .folder import FlagTable, Folder
from .letter import Letter, Shelf

STANDARD: Mapping[str, str | None] = {
    "INBOX": None,
    "Archive": "\\Archive",
    "Drafts": "\\Drafts",
    "Junk": "\\Junk",
    "Sent": "\\Sent",
    "Trash": "\\Trash",
}
"""The folders of a fresh mailbox with their special uses."""


class Mailbox:
    """All mail of one person, in memory, shared by every connection. Take `lock` around more than one call."""

    def __init__(
        self, owner: str = "demo@example.org", *, folders: Mapping[str, str | None] = STANDARD, uidvalidity: int = 1000
    ) -> None:
        self.owner = owner
        self.lock = threading.RLock()
        self.folders: dict[str, Folder] = {}
        self.watchers: set[Callable[[], None]] = set()
        """Told of every change in any folder, and of folders that come and go."""
        self.flags = FlagTable()
        self.shelf = Shelf()
        self._uidvalidity = uidvalidity
        for name, use in folders.items():
            self.create(name, use)

    def folder(self, name: str) -> Folder | None:
        return self.folders.get("INBOX" if name.upper() == "INBOX" else name)

    def role(self, use: str) -> Folder | None:
        """The folder with a special use such as `\\Sent`."""
        return next((folder for folder in self.folders.values() if folder.use == use), None)

    def create(self, name: str, use: str | None = None) -> Folder:
        """Makes a folder and those above it (RFC 9051 section 6.3.4); an existing one is returned."""
        with self.lock:
            pieces = name.split("/")
            for depth in range(1, len(pieces) + 1):
                path = "/".join(pieces[:depth])
                if self.folder(path) is None:
                    self._uidvalidity += 1
                    made = Folder(path, self._uidvalidity, use if path == name else None)
                    made.watchers.add(self._poke)
                    self.folders[path] = made
                    self._poke()
            found = self.folder(name)
            if found is None:
                raise KeyError(name)
            return found

    def _poke(self) -> None:
        for watcher in tuple(self.watchers):
            watcher()

    def put(self, raw: bytes, folder: str = "INBOX", flags: Iterable[str] = (), date: float | None = None) -> int:
        """Files a letter as if it was just delivered; returns its uid."""
        with self.lock:
            target = self.create(folder)
            number = self.shelf.put(Letter(raw, int(time.time() if date is None else date)))
            return target.add([number], [self.flags.code(frozenset(flags))])[0]

    def remove(self, folder: str, uids: Iterable[int]) -> None:
        """Another client expunges these."""
        with self.lock:
            there = self.folders[folder]
            there.remove(sorted(index for index in map(there.index, set(uids)) if index is not None))

    def flag(self, folder: str, uids: Iterable[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Another client changes flags."""
        with self.lock:
            there = self.folders[folder]
            changes = []
            for index in sorted(index for index in map(there.index, set(uids)) if index is not None):
                flags = self.flags.sets[there.codes[index]]
                code = self.flags.code((flags | frozenset(add)) - frozenset(remove))
                if code != there.codes[index]:
                    changes.append((index, code))
            there.recode(changes)

    def renumber(self, folder: str) -> None:
        """The server lost its uids: new UIDVALIDITY, all messages numbered afresh."""
        with self.lock:
            self._uidvalidity += 1
            self.folders[folder].renumber(self._uidvalidity)

    def uids(self, folder: str) -> list[int]:
        with self.lock:
            return list(self.folders[folder].uids)

    def raw(self, folder: str, uid: int) -> bytes:
        """The bytes of a message; KeyError where it is gone."""
        with self.lock:
            there = self.folders[folder]
            index = there.index(uid)
            if index is None:
                raise KeyError(uid)
            return self.shelf.get(there.numbers[index]).raw

    def flags_of(self, folder: str, uid: int) -> frozenset[str]:
        """The flags of a message; KeyError where it is gone."""
        with self.lock:
            there = self.folders[folder]
            index = there.index(uid)
            if index is None:
                raise KeyError(uid)
            return self.flags.sets[there.codes[index]]
