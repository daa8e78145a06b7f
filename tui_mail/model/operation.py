"""What a person does to messages: exact, invertible, written to disk before it counts.

An operation names every message with what it changes there, so `inverse` needs no look at the world:
undoing a star on three messages leaves the fourth, already starred, as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from .folder import NOWHERE, FolderId
from .message import Flags, MessageId


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

    def inverse(self) -> Step:
        return Step(self.id, self.target, self.source, self.removed, self.added)


@dataclass(frozen=True, slots=True)
class Operation:
    """Steps that are done and undone together, and the words for them: `Archived 3 messages`."""

    steps: tuple[Step, ...]
    words: str

    def __bool__(self) -> bool:
        return bool(self.steps)

    @property
    def ids(self) -> tuple[MessageId, ...]:
        return tuple(step.id for step in self.steps)

    def inverse(self) -> Operation:
        return Operation(tuple(step.inverse() for step in reversed(self.steps)), self.words)

    def effect(self, spot: Spot) -> Spot:
        for step in self.steps:
            if step.id == spot.id:
                spot = step.effect(spot)
        return spot

    @property
    def destroys(self) -> bool:
        return any(step.target == NOWHERE for step in self.steps)


def count(number: int, noun: str = "message") -> str:
    """`1 message`, `12,403 messages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def mark(rows: Iterable[Placed], verb: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Operation:
    """Sets and clears flags, only where that changes something; empty where nothing would change."""
    adding, removing = frozenset(add), frozenset(remove)
    steps = tuple(
        Step(row.id, row.folder, row.folder, adding - row.flags, removing & row.flags)
        for row in rows
        if adding - row.flags or removing & row.flags
    )
    return Operation(steps, f"{verb} {count(len(steps))}")


def move(
    rows: Iterable[Placed], target: FolderId, verb: str, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Operation:
    """Moves messages that do not stand there yet, with flags on the way (Spam sets $Junk); NOWHERE deletes for good."""
    adding, removing = frozenset(add), frozenset(remove)
    steps = tuple(
        Step(row.id, row.folder, target, adding - row.flags, removing & row.flags)
        for row in rows
        if row.folder != target
    )
    return Operation(steps, f"{verb} {count(len(steps))}")


def move_by_account(
    rows: Iterable[Placed],
    targets: Mapping[FolderId, FolderId],
    verb: str,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> Operation:
    """Moves each row to what `targets` says of its folder: one operation over accounts; unknown folders stay."""
    adding, removing = frozenset(add), frozenset(remove)
    steps = tuple(
        Step(row.id, row.folder, targets[row.folder], adding - row.flags, removing & row.flags)
        for row in rows
        if row.folder in targets and targets[row.folder] != row.folder
    )
    return Operation(steps, f"{verb} {count(len(steps))}")
