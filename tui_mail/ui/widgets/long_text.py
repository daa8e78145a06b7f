"""The toolkit's text and its wrapping, quick for a megabyte: two sums over every line are remembered instead.

Measured with 16,000 lines: drawing one line took 5 ms for the height of the whole and 2 ms for its text. With one line
of a megabyte each row of the screen took half a second, because the whole line was cut into rows for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.text import Text
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
    """Knows its height from the list that it keeps of its lines anyway."""

    @property
    def height(self) -> int:
        return len(self._offset_to_line_info)


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

    def __getitem__(self, row: int) -> Text | _Words:
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
