"""One folder of the demo server: parallel arrays of uids, letter numbers, flag codes and mod-sequences."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

from tui_mail.model.message import Flags


class FlagTable:
    """Small numbers for sets of flags: a folder of a million messages keeps two octets a message."""

    __slots__ = ("_codes", "sets", "texts")

    def __init__(self) -> None:
        self._codes: dict[Flags, int] = {}
        self.sets: list[Flags] = []
        self.texts: list[bytes] = []
        """The same as FETCH tells it: `(\\Answered \\Seen)`."""
        self.code(frozenset())

    def code(self, flags: Flags) -> int:
        code = self._codes.get(flags)
        if code is None:
            code = self._codes[flags] = len(self.sets)
            self.sets.append(flags)
            self.texts.append(b"(" + " ".join(sorted(flags)).encode("ascii", "replace") + b")")
        return code


def _without(values: array[int], holes: Sequence[int]) -> array[int]:
    """The array without the sorted indices `holes`, copied in stretches."""
    kept: array[int] = array(values.typecode)
    start = 0
    for hole in holes:
        kept += values[start:hole]
        start = hole + 1
    kept += values[start:]
    return kept


class Folder:
    """Messages in uid order. Everything here is called with the mailbox's lock held."""

    def __init__(self, name: str, uidvalidity: int, use: str | None = None) -> None:
        self.name = name
        self.use = use
        """The special use (RFC 6154), such as `\\Sent`, or None."""
        self.uidvalidity = uidvalidity
        self.uidnext = 1
        self.modseq = 1
        """HIGHESTMODSEQ."""
        self.shape = 0
        """Grows whenever messages come or go: an index into the arrays is good as long as this stands."""
        self.subscribed = True
        self.uids: array[int] = array("Q")
        self.numbers: array[int] = array("Q")
        self.codes: array[int] = array("H")
        self.modseqs: array[int] = array("Q")
        self.watchers: set[Callable[[], None]] = set()
        self._gone: tuple[array[int], array[int]] = (array("Q"), array("Q"))
        self._touched: tuple[array[int], array[int]] = (array("Q"), array("Q"))

    def __len__(self) -> int:
        return len(self.uids)

    def index(self, uid: int) -> int | None:
        at = bisect_left(self.uids, uid)
        return at if at < len(self.uids) and self.uids[at] == uid else None

    def add(self, numbers: Sequence[int], codes: Iterable[int]) -> range:
        """Appends messages with one new mod-sequence; returns their uids."""
        first, count = self.uidnext, len(numbers)
        if count:
            self.modseq += 1
            self.shape += 1
            self.uidnext += count
            self.uids.extend(range(first, first + count))
            self.numbers.extend(numbers)
            self.codes.extend(codes)
            self.modseqs.extend(array("Q", [self.modseq]) * count)
            self._note(self._touched, range(first, first + count))
            self._poke()
        return range(first, first + count)

    def fill(self, numbers: array[int], codes: array[int]) -> None:
        """Takes a prepared series into an empty folder as it always was there: mod-sequence 1, nobody told."""
        count = len(numbers)
        self.uids = array("Q", range(self.uidnext, self.uidnext + count))
        self.uidnext += count
        self.numbers, self.codes = numbers, codes
        self.modseqs = array("Q", [1]) * count
        self.shape += 1

    def remove(self, indices: Sequence[int]) -> None:
        """Takes messages out by their sorted indices."""
        if not indices:
            return
        self.modseq += 1
        self.shape += 1
        self._note(self._gone, [self.uids[index] for index in indices])
        self.uids, self.numbers = _without(self.uids, indices), _without(self.numbers, indices)
        self.codes, self.modseqs = _without(self.codes, indices), _without(self.modseqs, indices)
        self._poke()

    def recode(self, changes: Sequence[tuple[int, int]]) -> None:
        """Gives messages new flags: (index, code), under one new mod-sequence."""
        if not changes:
            return
        self.modseq += 1
        for index, code in changes:
            self.codes[index] = code
            self.modseqs[index] = self.modseq
        self._note(self._touched, [self.uids[index] for index, _ in changes])
        self._poke()

    def renumber(self, uidvalidity: int) -> None:
        """Everything gets a new uid, and nothing that was known of the folder holds."""
        self.uidvalidity = uidvalidity
        self.uids = array("Q", range(1, len(self.uids) + 1))
        self.uidnext = len(self.uids) + 1
        self.shape += 1
        self._gone = (array("Q"), array("Q"))
        self._touched = (array("Q"), array("Q"))
        self.modseq += 1
        self.modseqs = array("Q", [self.modseq]) * len(self.uids)
        self._poke()

    def gone_since(self, modseq: int) -> list[int]:
        """Uids that were removed after `modseq`, sorted."""
        when, uids = self._gone
        return sorted(uids[bisect_right(when, modseq) :])

    def changed_since(self, modseq: int) -> list[int]:
        """Indices of messages that came or changed after `modseq`, sorted."""
        if modseq < 1:
            return list(range(len(self.uids)))
        when, uids = self._touched
        found = (self.index(uid) for uid in sorted(set(uids[bisect_right(when, modseq) :])))
        changed = [index for index in found if index is not None]
        # a renumbered folder has no journal, but its mod-sequences still tell
        return changed if when else [index for index, value in enumerate(self.modseqs) if value > modseq]

    def _note(self, journal: tuple[array[int], array[int]], uids: Sequence[int]) -> None:
        journal[0].extend(array("Q", [self.modseq]) * len(uids))
        journal[1].extend(uids)

    def _poke(self) -> None:
        for watcher in tuple(self.watchers):
            watcher()
