"""The ordered ids of one view: eight octets a row, at any size."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from .message import MessageId

_PIECE = 128
"""Ids that are looked at together: most pieces of a long list hold none of those that are sought."""
_FEW = 8
"""Ids up to which each is sought by itself."""


def place_of(ids: array[int], id: int) -> int | None:
    """Where it stands. Octets are looked through several times as fast as numbers."""
    octets, wanted = ids.tobytes(), array(ids.typecode, [id]).tobytes()
    size = ids.itemsize
    at = octets.find(wanted)
    while at >= 0 and at % size:
        at = octets.find(wanted, at + 1)
    return None if at < 0 else at // size


def left_out(ids: array[int], gone: frozenset[MessageId]) -> array[int]:
    """The ids without these, in their order: of a million 5 ms for one of them, 50 for every hundredth."""
    if len(gone) <= _FEW:
        return left_out_at(ids, places_of(ids, gone))
    kept = array(ids.typecode)
    for start in range(0, len(ids), _PIECE):
        piece = ids[start : start + _PIECE]
        here = gone.intersection(piece)
        if len(here) > _FEW:
            piece = array(ids.typecode, [id for id in piece if id not in here])
        else:
            for id in here:
                piece.remove(id)
        kept.extend(piece)
    return kept


def places_of(ids: array[int], wanted: frozenset[MessageId]) -> list[int]:
    """Where these stand, in order; those that do not are left out."""
    if len(wanted) <= _FEW:
        return sorted(place for id in wanted if (place := place_of(ids, id)) is not None)
    found: list[int] = []
    for start in range(0, len(ids), _PIECE):
        piece = ids[start : start + _PIECE]
        if not wanted.isdisjoint(piece):
            found += [start + at for at, id in enumerate(piece) if id in wanted]
    return found


def left_out_at(column: array[int], places: Sequence[int]) -> array[int]:
    """The column without what stands at these places, which rise."""
    kept = array(column.typecode)
    after = 0
    for place in places:
        kept.extend(column[after:place])
        after = place + 1
    kept.extend(column[after:])
    return kept


class Listing:
    """Ids in view order, newest first. Immutable: a change makes a new one."""

    __slots__ = ("_ids",)

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._ids = ids if isinstance(ids, array) else array("q", ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[MessageId]:
        return (MessageId(id) for id in self._ids)

    def __getitem__(self, index: int) -> MessageId:
        return MessageId(self._ids[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and self._ids == other._ids

    def __hash__(self) -> int:
        return hash(self._ids.tobytes())

    def window(self, start: int, stop: int) -> Sequence[MessageId]:
        """The ids of rows start..stop-1, fewer at the end."""
        return [MessageId(id) for id in self._ids[max(0, start) : max(0, stop)]]

    @property
    def total(self) -> int:
        """How many messages it holds, seen or folded away."""
        return len(self._ids)

    @property
    def octets(self) -> int:
        """What it takes in memory."""
        return len(self._ids) * self._ids.itemsize

    @property
    def everything(self) -> frozenset[MessageId]:
        """All of it as a set: a million in 50 ms."""
        return frozenset(self._ids)

    def among(self, ids: frozenset[MessageId]) -> tuple[MessageId, ...]:
        """Those of these messages that are in the view, in its order."""
        return tuple(id for id in self._ids if id in ids)  # type: ignore[misc]  # what an array yields are plain ints

    def still(self, ids: frozenset[MessageId]) -> frozenset[MessageId]:
        """Those of these messages that are in the view; a C loop, for whole folders."""
        return ids.intersection(self._ids)

    def without(self, ids: frozenset[MessageId]) -> Listing:
        """The same without these."""
        return Listing(left_out(self._ids, ids)) if ids else self

    def index_of(self, id: MessageId) -> int | None:
        """The row of a message, or None: 3 ms among a million rows."""
        return place_of(self._ids, id)

    def follow(self, id: MessageId | None, old: Listing, row: int) -> int:
        """The row where the cursor belongs now: on `id`; if gone, on the next older row of `old` still here."""
        if not len(self):
            return 0
        if id is not None and (at := self.index_of(id)) is not None:
            return at
        for older in range(row + 1, min(len(old), row + 200)):
            if (at := self.index_of(old[older])) is not None:
                return at
        for newer in range(min(row, len(old)) - 1, max(-1, row - 200), -1):
            if (at := self.index_of(old[newer])) is not None:
                return at
        return min(row, len(self) - 1)
