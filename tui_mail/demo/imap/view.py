"""What one connection was told of its selected folder: sequence numbers belong to it alone."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from ..folder import Folder
from ..mailbox import Mailbox
from . import sets
from .syntax import Bad


class View:
    """A folder as this client believes it to be. All methods are called with the mailbox's lock held."""

    def __init__(
        self, mailbox: Mailbox, folder: Folder, wake: Callable[[], None], *, read_only: bool, strict: bool = False
    ) -> None:
        self._strict = strict
        """A uid that is gone is Bad, and one above all others means the last."""
        self._mailbox = mailbox
        self.folder = folder
        self.read_only = read_only
        self.uids: array[int] = array("Q", folder.uids)
        self.modseq = folder.modseq
        """Changes up to here were told."""
        self._shape = folder.shape
        """The folder's shape when `uids` equalled the folder's."""
        self._uidvalidity = folder.uidvalidity
        self._wake = wake
        folder.watchers.add(wake)

    def leave(self) -> None:
        self.folder.watchers.discard(self._wake)

    @property
    def is_dead(self) -> bool:
        """The folder was deleted, replaced or renumbered: nothing said of it would be true."""
        folder = self.folder
        return self._mailbox.folders.get(folder.name) is not folder or folder.uidvalidity != self._uidvalidity

    @property
    def has_news(self) -> bool:
        return self.folder.modseq != self.modseq or self.is_dead

    def places(self, text: str, *, by_uid: bool) -> list[range]:
        """The indices into `uids` that a sequence set means. Raises Bad for numbers that do not exist."""
        if by_uid:
            highest = self.uids[-1] if self.uids else 0
            most = max(self.folder.uids, default=0) if self._strict else sets.HIGHEST
            found = [
                range(bisect_left(self.uids, min(low, most)), bisect_right(self.uids, high))
                for low, high in sets.ranges(text, highest)
            ]
            if self._strict and len(self.folder) and not all(map(self._holds, found)):
                raise Bad("Failed to parse message set")
            return [places for places in found if places]
        count = len(self.uids)
        wanted = sets.ranges(text, count)
        if wanted and (wanted[-1][1] > count or wanted[0][0] < 1):
            raise Bad("Invalid message sequence number")
        return [range(low - 1, high) for low, high in wanted]

    def _holds(self, places: range) -> bool:
        """Whether one of them is still there."""
        return any(self.folder.index(self.uids[place]) is not None for place in places)

    def rows(self, places: range) -> Iterator[tuple[int, int]]:
        """(sequence number, index into the folder) of these places, without those that are gone meanwhile."""
        folder = self.folder
        if folder.shape == self._shape:
            for place in places:
                yield place + 1, place
            return
        for place in places:
            index = folder.index(self.uids[place])
            if index is not None:
                yield place + 1, index

    def sequence(self, uid: int) -> int | None:
        """The sequence number of a uid that the client knows of."""
        place = bisect_left(self.uids, uid)
        return place + 1 if place < len(self.uids) and self.uids[place] == uid else None

    def news(self, *, expunges: bool, modseqs: bool, vanished: bool) -> Iterator[bytes]:
        """The untagged lines that bring the client up to date. `expunges` False: removals wait (RFC 9051 7.5.1)."""
        folder = self.folder
        if folder.modseq == self.modseq:
            return
        known = self.uids[-1] if self.uids else 0
        if expunges:
            yield from self._expunged(vanished)
        arrived = folder.uids[bisect_right(folder.uids, known) :]
        if arrived:
            self.uids += arrived
            yield b"* %d EXISTS\r\n" % len(self.uids)
        for index in folder.changed_since(self.modseq):
            uid = folder.uids[index]
            if uid <= known and (sequence := self.sequence(uid)) is not None:
                yield self.flags_line(sequence, index, modseqs=modseqs)
        if len(self.uids) == len(folder.uids):
            self._shape = folder.shape
        if expunges or self._shape == folder.shape:
            self.modseq = folder.modseq

    def _expunged(self, vanished: bool) -> Iterator[bytes]:
        gone = [uid for uid in self.folder.gone_since(self.modseq) if self.sequence(uid) is not None]
        if not gone:
            return
        places = [bisect_left(self.uids, uid) for uid in gone]
        kept: array[int] = array("Q")
        start = 0
        for place in places:
            kept += self.uids[start:place]
            start = place + 1
        self.uids = kept + self.uids[start:]
        if vanished:
            yield b"* VANISHED %s\r\n" % sets.text(gone).encode()
        else:
            # each removal shifts those that follow, so the n-th number is n lower than it was
            yield b"".join(b"* %d EXPUNGE\r\n" % (place + 1 - n) for n, place in enumerate(places))

    def flags_line(self, sequence: int, index: int, *, modseqs: bool, uid: bool = True) -> bytes:
        """`* 3 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (9))`."""
        folder = self.folder
        items = [b"UID %d" % folder.uids[index]] if uid else []
        items.append(b"FLAGS " + self._mailbox.flags.texts[folder.codes[index]])
        if modseqs:
            items.append(b"MODSEQ (%d)" % folder.modseqs[index])
        return b"* %d FETCH (%s)\r\n" % (sequence, b" ".join(items))
