"""The letters of a thread in the order in which one reads them: each under what it answers, brothers by their age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kin:
    """What places a letter among others."""

    message_id: str
    parents: tuple[str, ...] = ()
    """Message-IDs that it names, the nearest last: References, then In-Reply-To where that says something else."""
    date: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one of the letters stands: its number among those given, and how deep under the first."""

    index: int
    depth: int
    parent: int | None = None
    """The number of the letter that it answers."""


def arrange(letters: Sequence[Kin]) -> list[Place]:
    """Every letter once. Loops, letters that name themselves, ids that two share and thousands of levels are fine:
    no recursion, and close to linear. What is answered but not here is passed over to the next one known."""
    ages = sorted(range(len(letters)), key=lambda index: (letters[index].date, index))
    known: dict[str, int] = {}
    for index in ages:
        known.setdefault(letters[index].message_id, index)
    parents = _parents(letters, ages, known)
    children: dict[int | None, list[int]] = {}
    for index in ages:
        children.setdefault(parents[index], []).append(index)
    found: list[Place] = []
    stack = [(index, 0) for index in reversed(children.get(None, []))]
    while stack:
        index, depth = stack.pop()
        found.append(Place(index, depth, parents[index]))
        stack += [(child, depth + 1) for child in reversed(children.get(index, []))]
    return found


def _parents(letters: Sequence[Kin], ages: Sequence[int], known: dict[str, int]) -> list[int | None]:
    """The nearest ancestor of each that is here and does not descend from it; in a circle the eldest begins."""
    tops = list(range(len(letters)))
    parents: list[int | None] = [None] * len(letters)
    for index in reversed(ages):
        for id in reversed(letters[index].parents):
            parent = known.get(id)
            if parent is not None and parent != index and _top(tops, parent) != index:
                parents[index] = parent
                tops[index] = _top(tops, parent)
                break
    return parents


def _top(tops: list[int], index: int) -> int:
    """The eldest above; ways that were long are made short."""
    eldest = index
    while tops[eldest] != eldest:
        eldest = tops[eldest]
    while tops[index] != eldest:
        tops[index], index = eldest, tops[index]
    return eldest
