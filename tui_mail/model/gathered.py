"""A view by threads: one row a thread, the newest first, and under an opened one its letters in order."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .listing import Listing, left_out_at, place_of, places_of
from .message import MessageId

Places = Callable[[Sequence[MessageId]], Sequence[tuple[MessageId, int]]]
"""Puts the letters of one thread in the order in which one reads them, each with its depth."""


@dataclass(frozen=True, slots=True)
class Knot:
    """What a row is in its thread."""

    count: int = 1
    """Letters of the thread that are in the view."""
    is_open: bool = False
    depth: int = 0
    """How deep a letter stands under the first one; only where the thread is open."""
    is_head: bool = True
    """The row stands for its thread; else it is a letter of one that is open."""


ALONE = Knot()


class Gathered(Listing):
    """Ids in view order, one a thread; the folded ones are there but not seen.

    `_grouped` holds all ids, thread by thread, the newest thread and in each the newest letter first; `_starts` where
    each thread begins in it; `_threads` the thread of every row that is seen, a range as long as it is the row itself.
    Eight octets a message and twelve a row.
    """

    __slots__ = ("_gone", "_grouped", "_open", "_starts", "_threads")

    def __init__(
        self,
        ids: Iterable[int],
        grouped: array[int],
        starts: array[int],
        threads: array[int] | range,
        open: Mapping[int, Mapping[MessageId, int]],
        gone: frozenset[MessageId] = frozenset(),
    ) -> None:
        """`open`: the threads (by their number in `starts`) that are open, with the depth of each letter."""
        super().__init__(ids)
        self._grouped, self._starts, self._threads, self._open, self._gone = grouped, starts, threads, open, gone

    @classmethod
    def of(cls, listing: Listing, threads: Sequence[int]) -> Gathered:
        """All folded. `threads`: of each row of the listing the thread that it belongs to."""
        numbers: dict[int, int] = {}
        of = array("i", bytes(4 * len(listing)))
        for place, thread in enumerate(threads):
            of[place] = numbers.setdefault(thread, len(numbers))
        sizes = array("i", bytes(4 * (len(numbers) + 1)))
        for number in of:
            sizes[number + 1] += 1
        for place in range(1, len(sizes)):
            sizes[place] += sizes[place - 1]
        following = array("i", sizes[:-1])
        grouped = array("q", bytes(8 * len(listing)))
        for number, id in zip(of, listing, strict=True):
            grouped[following[number]] = id
            following[number] += 1
        heads = array("q", [grouped[start] for start in sizes[:-1]])
        return cls(heads, grouped, sizes, range(len(numbers)), {})

    # ---- what a row stands for

    def _members(self, number: int) -> list[MessageId]:
        """The letters of a thread that are in the view, the newest first."""
        ids = self._grouped[self._starts[number] : self._starts[number + 1]]
        return [MessageId(id) for id in ids if id not in self._gone]

    def members(self, id: MessageId) -> tuple[MessageId, ...]:
        """All that a row stands for: its whole thread where that is folded, else the letter alone."""
        row = self.index_of(id)
        return (id,) if row is None or self._ids[row] != id else self.behind(row)

    def behind(self, row: int) -> tuple[MessageId, ...]:
        """The same by its number."""
        number = self._threads[row]
        return (self[row],) if number in self._open else tuple(self._members(number))

    def whole(self, ids: Collection[MessageId]) -> tuple[MessageId, ...]:
        """These rows, in the order of the view, with all that each stands for; one that is in no row is itself."""
        rows = places_of(self._ids, frozenset(ids))
        seen = tuple(one for row in rows for one in self.behind(row))
        return seen if len(rows) == len(ids) else (*seen, *frozenset(ids).difference(seen))

    def thread_of(self, id: MessageId) -> tuple[MessageId, ...]:
        """Every letter of its thread in the view."""
        row = self.index_of(id)
        return tuple(self._members(self._threads[row])) if row is not None else ()

    def knot(self, row: int) -> Knot:
        number = self._threads[row]
        count = self._starts[number + 1] - self._starts[number]
        if count > 1 and self._gone:
            count = len(self._members(number))
        if number not in self._open:
            return Knot(count)
        depth = self._open[number].get(self[row], 0)
        is_first = row == 0 or self._threads[row - 1] != number
        return Knot(count, True, depth, is_first)

    # ---- folded and unfolded

    def unfold(self, id: MessageId, places: Places) -> Gathered:
        """Opens the thread of a row; the same where it has only one letter or is open already."""
        row = self.index_of(id)
        if row is None or self.knot(row).count < 2 or self._threads[row] in self._open:
            return self
        number = self._threads[row]
        placed = places(self._members(number))
        ids = array("q", self._ids)
        threads = array("i", self._threads)
        ids[row : row + 1] = array("q", [one for one, _ in placed])
        threads[row : row + 1] = array("i", [number] * len(placed))
        return Gathered(ids, self._grouped, self._starts, threads, {**self._open, number: dict(placed)}, self._gone)

    def fold(self, id: MessageId) -> Gathered:
        """Closes the thread of a row; the same where it is closed."""
        row = self.index_of(id)
        if row is None or self._threads[row] not in self._open:
            return self
        number = self._threads[row]
        first = row
        while first and self._threads[first - 1] == number:
            first -= 1
        last = row
        while last + 1 < len(self._threads) and self._threads[last + 1] == number:
            last += 1
        ids = array("q", self._ids)
        threads = array("i", self._threads)
        ids[first : last + 1] = array("q", self._members(number)[:1])
        threads[first : last + 1] = array("i", [number])
        rest = {one: depths for one, depths in self._open.items() if one != number}
        return Gathered(ids, self._grouped, self._starts, threads, rest, self._gone)

    @property
    def opened(self) -> tuple[MessageId, ...]:
        """One letter of each thread that is open, to open them again in a newer view."""
        return tuple(members[0] for number in self._open if (members := self._members(number)))

    # ---- the listing's own

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Gathered)
            and self._ids == other._ids
            and self._grouped == other._grouped
            and self._gone == other._gone
            and self._open == other._open
        )

    def __hash__(self) -> int:
        return super().__hash__()

    @property
    def total(self) -> int:
        return len(self._grouped) - len(self._gone)

    @property
    def octets(self) -> int:
        columns = (self._ids, self._grouped, self._starts, self._threads)
        return sum(len(column) * column.itemsize for column in columns if not isinstance(column, range))

    @property
    def everything(self) -> frozenset[MessageId]:
        return frozenset(MessageId(id) for id in self._grouped) - self._gone

    def among(self, ids: frozenset[MessageId]) -> tuple[MessageId, ...]:
        wanted = ids - self._gone
        return tuple(MessageId(id) for id in self._grouped if id in wanted)

    def still(self, ids: frozenset[MessageId]) -> frozenset[MessageId]:
        return ids.intersection(self._grouped) - self._gone

    def index_of(self, id: MessageId) -> int | None:
        """The row of a letter; of a folded one the row of its thread."""
        row = super().index_of(id)
        if row is not None or id in self._gone:
            return row
        place = place_of(self._grouped, id)
        if place is None:
            return None
        number = bisect_right(self._starts, place) - 1
        return number if isinstance(self._threads, range) else place_of(self._threads, number)

    def without(self, ids: frozenset[MessageId]) -> Gathered:
        """The same without these: a thread whose newest letter goes is led by the next one."""
        here = self.still(ids)
        gone = self._gone | here
        led, empty = array("q", self._ids), []
        after = Gathered(led, self._grouped, self._starts, self._threads, self._open, gone)
        for row in places_of(led, here):  # others are in a folded thread
            number = self._threads[row]
            rest = [] if number in self._open else after._members(number)
            if rest:
                led[row] = rest[0]
            else:
                empty.append(row)
        if empty:
            after._ids, after._threads = left_out_at(led, empty), left_out_at(array("i", self._threads), empty)
        return after
