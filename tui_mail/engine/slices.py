"""How much is done at a time: what a command asks for, what a transaction holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
SCREENFUL = 60
"""Headers asked at the first look at a folder: what fits on the largest screens, in one round trip after SELECT."""
WINDOW = 200
"""Headers asked at a time: each step into a folder's past."""
WIDEST = 800
"""Headers asked at a time over a line that is quick enough."""
SLICE = 60
"""Rows a transaction: about 10 ms of the writer, so that a key press never waits longer."""


def slices(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def windows(items: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    """(how many are done after it, the items) of each window."""
    for start in range(0, len(items), size):
        window = items[start : start + size]
        yield start + len(window), window
