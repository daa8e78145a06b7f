"""What a person does to messages: exact, invertible, written to disk before it counts.

An operation names every message with what it changes there, so `inverse` needs no look at the world:
undoing a star on three messages leaves the fourth, already starred, as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from .folder import NOWHERE, FolderId
from .message import DELETED, Flags, MessageId


class Placed(Protocol):
    """What an operation needs to know of a row."""

    @property
    def id(self) -> MessageId: ...
    @property
    def folder(self) -> FolderId: ...
    @property
    def flags(self) -> Flags: ...


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a copy stands and what flags it has: all that operations change."""

    id: MessageId
    folder: FolderId
    flags: Flags


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that stand in one folder with the same flags."""

    ids: tuple[MessageId, ...]
    folder: FolderId
    flags: Flags


@dataclass(frozen=True, slots=True)
class Step:
    """One message's part of an operation. `added` are not on it before, `removed` are."""

    id: MessageId
    source: FolderId
    target: FolderId
    """Where it stands afterwards; the same as `source` where it stays; NOWHERE is deleted for good."""
    added: Flags = frozenset()
    removed: Flags = frozenset()

    def effect(self, spot: Spot) -> Spot:
        return replace(spot, folder=self.target, flags=(spot.flags | self.added) - self.removed)


@dataclass(frozen=True, slots=True)
class Route:
    """The same step for many messages: ten thousand of them cost what their ids cost."""

    ids: tuple[MessageId, ...]
    source: FolderId
    target: FolderId
    added: Flags = frozenset()
    removed: Flags = frozenset()

    def inverse(self) -> Route:
        return Route(self.ids, self.target, self.source, self.removed, self.added)

    def step(self, id: MessageId) -> Step:
        return Step(id, self.source, self.target, self.added, self.removed)


@dataclass(frozen=True, slots=True)
class Operation:
    """Routes that are done and undone together, and the words for them: `Archived 3 messages`."""

    routes: tuple[Route, ...]
    words: str

    def __bool__(self) -> bool:
        return bool(self.routes)

    def __len__(self) -> int:
        """How many messages it changes."""
        return sum(len(route.ids) for route in self.routes)

    @property
    def ids(self) -> tuple[MessageId, ...]:
        return tuple(chain.from_iterable(route.ids for route in self.routes))

    @property
    def steps(self) -> Iterator[Step]:
        """Message by message, in order."""
        return (route.step(id) for route in self.routes for id in route.ids)

    @property
    def folders(self) -> frozenset[FolderId]:
        """Every folder that it takes from or puts into."""
        return frozenset(folder for route in self.routes for folder in (route.source, route.target)) - {NOWHERE}

    def inverse(self) -> Operation:
        return Operation(tuple(route.inverse() for route in reversed(self.routes)), self.words)

    def leaves(self, folder: FolderId) -> frozenset[MessageId] | None:
        """Which messages it takes out of a folder; None where others come into it, or are shown again."""
        gone: list[MessageId] = []
        for route in self.routes:
            if DELETED in route.added | route.removed or (route.target == folder and route.source != folder):
                return None
            if route.source == folder and route.target != folder:
                gone += route.ids
        return frozenset(gone)

    def effect(self, spot: Spot) -> Spot:
        for route in self.routes:
            if spot.id in route.ids:
                spot = route.step(spot.id).effect(spot)
        return spot

    @property
    def destroys(self) -> bool:
        return any(route.target == NOWHERE for route in self.routes)


def routed(steps: Iterable[Step]) -> tuple[Route, ...]:
    """Steps of different messages, those that are alike together."""
    found: dict[tuple[FolderId, FolderId, Flags, Flags], list[MessageId]] = {}
    for step in steps:
        found.setdefault((step.source, step.target, step.added, step.removed), []).append(step.id)
    return tuple(Route(tuple(ids), *route) for route, ids in found.items())


def count(number: int, noun: str = "message") -> str:
    """`1 message`, `12,403 messages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def mark(rows: Iterable[Placed | Group], verb: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Operation:
    """Sets and clears flags, only where that changes something; empty where nothing would change."""
    adding, removing = frozenset(add), frozenset(remove)
    return _worded(
        verb,
        (
            Route(group.ids, group.folder, group.folder, adding - group.flags, removing & group.flags)
            for group in _groups(rows)
            if adding - group.flags or removing & group.flags
        ),
    )


def move(
    rows: Iterable[Placed | Group],
    target: FolderId,
    verb: str,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> Operation:
    """Moves messages that do not stand there yet, with flags on the way (Spam sets $Junk); NOWHERE deletes for good."""
    groups = _groups(rows)
    return move_by_account(groups, {group.folder: target for group in groups}, verb, add, remove)


def move_by_account(
    rows: Iterable[Placed | Group],
    targets: Mapping[FolderId, FolderId],
    verb: str,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> Operation:
    """Moves each row to what `targets` says of its folder: one operation over accounts; unknown folders stay."""
    adding, removing = frozenset(add), frozenset(remove)
    return _worded(
        verb,
        (
            Route(group.ids, group.folder, targets[group.folder], adding - group.flags, removing & group.flags)
            for group in _groups(rows)
            if targets.get(group.folder, group.folder) != group.folder
        ),
    )


def _groups(rows: Iterable[Placed | Group]) -> list[Group]:
    """Single rows gathered into groups; groups as they are."""
    groups: list[Group] = []
    alike: dict[tuple[FolderId, Flags], list[MessageId]] = {}
    for row in rows:
        if isinstance(row, Group):
            groups.append(row)
        else:
            alike.setdefault((row.folder, row.flags), []).append(row.id)
    return groups + [Group(tuple(ids), folder, flags) for (folder, flags), ids in alike.items()]


def _worded(verb: str, routes: Iterable[Route]) -> Operation:
    """The routes, those that are alike joined, and how many messages they are about."""
    alike: dict[tuple[FolderId, FolderId, Flags, Flags], list[tuple[MessageId, ...]]] = {}
    for one in routes:
        alike.setdefault((one.source, one.target, one.added, one.removed), []).append(one.ids)
    joined = tuple(Route(tuple(chain.from_iterable(ids)), *route) for route, ids in alike.items())
    operation = Operation(joined, "")
    return replace(operation, words=f"{verb} {count(len(operation))}")
