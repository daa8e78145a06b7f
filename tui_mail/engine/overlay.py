"""The person's operations that the writer has not committed yet: every read is the index with these applied."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from tui_mail.model.folder import FolderId
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Group, Operation, Route, Spot, Step

from .flags import DELETED_BIT, SEEN_BIT, pack

Shifts = Mapping[FolderId, tuple[int, int]]
"""By how much (total, unread) of folders change."""


class Pending:
    """One route of an operation that is not written yet."""

    def __init__(self, key: int, route: Route) -> None:
        self.key = key
        self.route = route

    @cached_property
    def ids(self) -> frozenset[MessageId]:
        """Made when somebody looks, once: whole folders are moved at a time."""
        return frozenset(self.route.ids)


class Overlay:
    """Any thread may add, remove and look. Whoever reads takes `pending()` first and the rows second.

    The writer removes an operation only after its commit, so a reader sees it at least once; seeing it twice does no
    harm, because a step says where a message stands afterwards, not by how much it moves.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: tuple[Pending, ...] = ()
        self._shifts: dict[int, Shifts] = {}

    def add(self, key: int, operation: Operation, shifts: Shifts | None = None) -> None:
        """`shifts`: what it does to the counts of folders, where that is known already."""
        with self._lock:
            self._pending += tuple(Pending(key, route) for route in operation.routes)
            if shifts is not None:
                self._shifts[key] = shifts

    def remove(self, key: int) -> None:
        with self._lock:
            self._pending = tuple(one for one in self._pending if one.key != key)
            self._shifts.pop(key, None)

    def shifts(self, key: int) -> Shifts | None:
        """What an operation does to the counts of folders; None where nobody has counted."""
        return self._shifts.get(key)

    def counted(self, key: int, shifts: Shifts) -> None:
        with self._lock:
            if any(one.key == key for one in self._pending):
                self._shifts[key] = shifts

    def pending(self) -> tuple[Pending, ...]:
        """Oldest first."""
        return self._pending

    def __len__(self) -> int:
        return len(self._pending)


def shifted(groups: Iterable[Group], pending: Sequence[Pending]) -> Shifts:
    """How the counts of folders change when these messages go through all that is pending."""
    shifts: dict[FolderId, tuple[int, int]] = {}
    for group in groups:
        for one, sign in ((group, -1), *((after, 1) for after in believe_all(group, pending))):
            bits = pack(one.flags)[0]
            total, unread = shifts.get(one.folder, (0, 0))
            shown = 0 if bits & DELETED_BIT else sign * len(one.ids)
            shifts[one.folder] = total + shown, unread + (0 if bits & SEEN_BIT else shown)
    return shifts


def turned(shifts: Shifts | None) -> Shifts | None:
    """Of the inverse."""
    return None if shifts is None else {folder: (-total, -unread) for folder, (total, unread) in shifts.items()}


def steps(pending: Iterable[Pending], ids: Iterable[MessageId]) -> dict[MessageId, list[Step]]:
    """The pending steps of some messages, oldest first."""
    found: dict[MessageId, list[Step]] = {}
    few = frozenset(ids)
    for one in pending:
        for id in few & one.ids:
            found.setdefault(id, []).append(one.route.step(id))
    return found


def touched(pending: Sequence[Pending]) -> frozenset[MessageId]:
    """Every message that something is pending on."""
    return pending[0].ids if len(pending) == 1 else frozenset().union(*(one.ids for one in pending))


def leaving(pending: Iterable[Pending], folder: FolderId) -> frozenset[MessageId] | None:
    """Which messages leave a folder; None where others may come into it."""
    gone: frozenset[MessageId] = frozenset()
    for one in pending:
        if one.route.source == one.route.target:
            continue
        if one.route.source == folder:
            gone = gone | one.ids if gone else one.ids
        elif one.route.target == folder:
            if not one.ids <= gone:
                return None
            gone -= one.ids
    return gone


def believe(spot: Spot, steps: Iterable[Step]) -> Spot:
    """The spot after these steps. A move counts only from where it starts: what went elsewhere stays there."""
    for step in steps:
        after = step.effect(spot)
        if step.source != step.target and spot.folder != step.source:
            after = Spot(spot.id, spot.folder, after.flags)
        spot = after
    return spot


def believe_all(group: Group, pending: Iterable[Pending]) -> list[Group]:
    """Messages that were alike after all that is pending on them: `believe` for a crowd."""
    groups = [group]
    for one in pending:
        groups = [piece for whole in groups for piece in _split(whole, one)]
    return groups


def _split(group: Group, pending: Pending) -> list[Group]:
    meant = pending.ids
    inside = tuple(id for id in group.ids if id in meant)
    if not inside:
        return [group]
    route = pending.route
    folder = route.target if group.folder == route.source else group.folder
    pieces = [Group(inside, folder, (group.flags | route.added) - route.removed)]
    if len(inside) < len(group.ids):
        pieces.append(Group(tuple(id for id in group.ids if id not in meant), group.folder, group.flags))
    return pieces
