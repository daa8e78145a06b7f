"""The pictures that stand between the lines of a document, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from tui_mail.model.document import Block, Document
from tui_mail.model.picture import SPOT, Colour, Picture

from .document_look import LINK
from .layout import Line

_MOST_BARS = 4


class DocumentPictures:
    """Those of one document that are here, as they were drawn for one width."""

    def __init__(self) -> None:
        self.held: Mapping[str, Picture] = {}
        self._drawn: dict[int, list[list[tuple[Colour, Colour]]]] = {}
        """The cells of each block that is a picture."""
        self._numbers: dict[int, int] = {}
        """By which the terminal knows the picture of a block, where it draws it itself; 0: it does not."""

    def forget(self) -> None:
        """Another width."""
        self._drawn.clear()
        self._numbers.clear()

    def lines(self, document: Document, number: int, width: int) -> list[Line]:
        """The lines of a block that is a picture that is here; none for everything else."""
        block: Block = document.blocks[number]
        if block.kind != "picture" or not 0 < block.level <= len(document.pictures):
            return []
        picture = self.held.get(document.pictures[block.level - 1])
        if picture is None:
            return []
        bars = min(block.quote, _MOST_BARS)
        room = width - 2 * bars
        rows = self._drawn[number] = picture.rows(room)
        self._numbers[number] = picture.drawing.number if picture.drawing is not None and picture.fits(room) else 0
        return [Line(number, at / len(rows), block.kind, bars, at, block.runs) for at in range(len(rows))]

    def has(self, line: Line) -> bool:
        return line.kind == "picture" and line.block in self._drawn

    def cells(self, line: Line) -> Iterator[Segment]:
        """One line of a picture: half a cell each colour; where the terminal draws it, each cell says which it is."""
        row, number = self._drawn[line.block][line.level], self._numbers[line.block]
        link = line.runs[0].link if line.runs else 0
        meta: dict[str, object] = {LINK: link} if link else {}
        column = 0
        for (above, below), cells in [(pair, [pair]) for pair in row] if number else groupby(row):
            look = Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))
            spot: dict[str, object] = {SPOT: (number, line.level, column)} if number else {}
            wide = sum(1 for _ in cells)
            yield Segment("▀" * wide, look + Style(meta=meta | spot) if meta or spot else look)
            column += wide
