"""Rows that line up in a terminal: widths are cells, not characters, and what is too long is cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


def width(text: str) -> int:
    """How many cells the text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if char == "\ufe0f" or char == "\u200d" or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """The text in exactly so many cells, cut with … where it is longer."""
    if width(text) > cells:
        kept, room = [], cells - 1
        for char in text:
            room -= _cells(char)
            if room < 0:
                break
            kept.append(char)
        text = "".join(kept) + "…" if cells else ""
    blanks = " " * (cells - width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, cells: int) -> Iterator[str]:
    """One line broken at blanks; a word that is longer than a line stays whole, so that it can be copied."""
    if width(text) <= cells:
        yield text
        return
    line = ""
    for word in text.split(" "):
        if line and width(line) + 1 + width(word) > cells:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


@dataclass(frozen=True, slots=True)
class Column:
    """`least` is how narrow it still reads well; where that is too much, the highest `rank` goes (0: never)."""

    heading: str
    cells: Sequence[str]
    least: int
    rank: int = 0
    right: bool = False
    weight: int = 1
    """How many cells it gets of the room that is left, against the others."""

    @property
    def full(self) -> int:
        return max([width(self.heading), *map(width, self.cells)])


_GAP = 2


def table(columns: Sequence[Column], room: int) -> Iterator[str]:
    """The heading and the rows in `room` cells; 0 is no limit and no heading, for a program that reads on."""
    columns = [column for column in columns if any(column.cells)]
    if not columns:
        return
    shown = list(columns)
    while room and _sum(_least(column) for column in shown) > room and any(column.rank for column in shown):
        shown.remove(max(shown, key=lambda column: column.rank))
    widths = [column.full for column in shown] if not room else _widths(shown, room)
    if room:
        yield _row([column.heading for column in shown], shown, widths)
    for row in zip(*(column.cells for column in shown), strict=True):
        yield _row(row, shown, widths)


def _widths(columns: Sequence[Column], room: int) -> list[int]:
    """At least what reads well, the rest by weight; less than that only where not even the last columns fit."""
    widths = [_least(column) for column in columns]
    while (left := room - _sum(widths)) > 0:
        growing = [at for at, column in enumerate(columns) if widths[at] < column.full]
        if not growing:
            break
        for at in growing:
            step = min(columns[at].weight, columns[at].full - widths[at], left)
            widths[at] += step
            left -= step
    texts = [at for at, column in enumerate(columns) if not column.right]
    while _sum(widths) > room and texts and max(widths[at] for at in texts) > 1:
        widths[max(texts, key=lambda at: widths[at])] -= 1
    return widths


def _least(column: Column) -> int:
    return min(column.least, column.full)


def _sum(widths: Iterator[int] | Sequence[int]) -> int:
    found = list(widths)
    return sum(found) + _GAP * (len(found) - 1)


def _row(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    pieces = [fit(text, cells, right=column.right) for text, column, cells in zip(texts, columns, widths, strict=True)]
    return (" " * _GAP).join(pieces).rstrip()
