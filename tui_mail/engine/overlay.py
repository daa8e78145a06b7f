"""The person's operations that the writer has not committed yet: every read is the index with these applied."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property

from tui_mail.model.folder import FolderId
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Group, Operation, Route, Spot, Step


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

    def add(self, key: int, operation: Operation) -> None:
        with self._lock:
            self._pending += tuple(Pending(key, route) for route in operation.routes)

    def remove(self, key: int) -> None:
        with self._lock:
            self._pending = tuple(one for one in self._pending if one.key != key)

    def pending(self) -> tuple[Pending, ...]:
        """Oldest first."""
        return self._pending

    def __len__(self) -> int:
        return len(self._pending)


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
