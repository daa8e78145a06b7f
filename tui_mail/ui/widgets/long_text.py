"""The toolkit's text and its wrapping, quick for a megabyte: two sums over every line are remembered instead.

Measured with 16,000 lines: drawing one line took 5 ms for the height of the whole and 2 ms for its text. With one line
of a megabyte each row of the screen took half a second, because the whole line was cut into rows for it, and each key
0.4 s, because all of it was wrapped anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from rich.text import Text
from textual._wrap import compute_wrap_offsets
from textual.document._document import Document, EditResult, Location
from textual.document._wrapped_document import WrappedDocument
from textual.widgets import TextArea


class LongDocument(Document):
    """Joins its lines once after each change."""

    _joined: str | None = None

    @property
    def text(self) -> str:
        if self._joined is None:
            self._joined = super().text
        return self._joined

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        self._joined = None
        return super().replace_range(start, end, text)


class LongWrapped(WrappedDocument):
    """Knows its height from the list that it keeps of its lines anyway, and of a long line wraps what was changed."""

    @property
    def height(self) -> int:
        return len(self._offset_to_line_info)

    def get_sections(self, line_index: int) -> list[str]:
        line = self.document[line_index]
        if len(line) < LongLine.FROM:
            return super().get_sections(line_index)
        return [line[start:end] for start, end in pairwise([0, *self._wrap_offsets[line_index], len(line)])]

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        (row, top), bottom = min(start, old_end), max(start, old_end)
        line = self.document[row] if row == bottom[0] == new_end[0] < self.document.line_count else ""
        if not self._width or len(line) < LongLine.FROM or "\t" in line or self._tab_width_cache[row] != [0]:
            super().wrap_range(start, old_end, new_end)
            return
        before = self._wrap_offsets[row]
        after = rewrapped(line, before, (top, bottom[1], new_end[1]), self._width)
        first, last = self._line_index_to_offsets[row][0], self._line_index_to_offsets[row][-1]
        self._wrap_offsets[row] = after
        if (more := len(after) - len(before)) != 0:
            self._offset_to_line_info[first : last + 1] = [(row, section) for section in range(len(after) + 1)]
            self._line_index_to_offsets[row] = [*range(first, first + len(after) + 1)]
            for below in range(row + 1, len(self._line_index_to_offsets)):
                self._line_index_to_offsets[below] = [one + more for one in self._line_index_to_offsets[below]]


_BACK = 3
"""Rows above a change that are wrapped anew: a word that became shorter may move up, one that became longer down."""
_ROWS, _WIDER = 16, 8
"""Rows behind a change that are looked at first, and how many times more each time that was not enough."""


def rewrapped(line: str, before: Sequence[int], change: tuple[int, int, int], width: int) -> list[int]:
    """Where a line without tabs is broken, of which the columns [top, bottom) were put in the place of others.

    `before` are its breaks until then; `change` is (top, bottom as it was, bottom as it is).
    """
    top, old_bottom, bottom = change
    kept = max(0, bisect_right(before, top) - _BACK)
    base = before[kept - 1] if kept else 0
    size = bottom - base + _ROWS * width
    while True:
        is_all = base + size >= len(line)
        fresh = [base + one for one in compute_wrap_offsets(line[base : base + size], width, 1)]
        for number, one in enumerate(fresh if is_all else fresh[:-2]):  # where it was cut, a word may have been
            old = one - bottom + old_bottom
            place = bisect_left(before, old)
            if one > bottom and place < len(before) and before[place] == old:
                return [*before[:kept], *fresh[:number], *(other + bottom - old_bottom for other in before[place:])]
        if is_all:
            return [*before[:kept], *fresh]
        size *= _WIDER


class LongLine(Text):
    """A line that is cut only where it is drawn."""

    FROM = 2000
    """Characters from which that is worth it."""

    def divide(self, offsets: Iterable[int]) -> Any:
        """What Text.divide gives, as far as TextArea asks for it."""
        return _Rows(self, [0, *offsets, len(self.plain)])


class _Rows:
    """The rows of one line: the one that is asked for first is to be drawn, of the others only the words count."""

    def __init__(self, line: LongLine, edges: Sequence[int]) -> None:
        self._line = line
        self._edges = edges
        self._words = ""
        self._nothing = None if "\t" in line.plain else _Words("")
        """Of the other rows only their tabs are counted."""

    def __getitem__(self, row: int) -> Text | _Words:
        if self._words and self._nothing is not None:
            return self._nothing
        start, end = self._edges[row], self._edges[row + 1]
        if self._words:
            return _Words(self._words[start:end])
        self._words = self._line.plain
        return Text.divide(self._line, [start, end])[1]


class _Words:
    __slots__ = ("plain",)

    def __init__(self, plain: str) -> None:
        self.plain = plain


def quicken(area: TextArea) -> None:
    """Gives a fresh text area's parts the quick ways, where the toolkit is the one that was measured."""
    document, wrapped = area.document, area.wrapped_document
    if type(document) is Document and type(wrapped) is WrappedDocument and hasattr(wrapped, "_offset_to_line_info"):
        document.__class__ = LongDocument  # the same parts, two ways of asking changed
        wrapped.__class__ = LongWrapped
