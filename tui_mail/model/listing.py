"""The ordered ids of one view: eight octets a row, at any size."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from .message import MessageId


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
        return Listing(id for id in self._ids if id not in ids) if ids else self

    def index_of(self, id: MessageId) -> int | None:
        """The row of a message, or None. One C scan: 0.6 ms for a million rows."""
        try:
            return self._ids.index(id)
        except ValueError:
            return None

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
