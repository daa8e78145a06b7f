"""A picture as rows of colours, small enough to be drawn in the cells of a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = tuple[int, int, int]
Spot = tuple[int, int, int]
"""The number of a drawing, and a line and a column of it."""
SPOT = "picture"
"""Under this name the style of a cell tells the screen its spot."""
TALLEST = 40
"""Lines of the screen that one picture may take."""
_CELL = 8
"""Pixels of a page that are one cell wide."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Room for pictures in a terminal that draws them itself."""

    form: Literal["kitty", "sixel"]
    columns: int
    """The widest that one may be."""
    cell: tuple[int, int]
    """Pixels of a cell, width and height."""

    def box(self, width: int, height: int, natural: int) -> tuple[int, int]:
        """Columns and lines that a picture of that shape takes."""
        wide, high = self.cell
        columns = max(1, min(self.columns, -(-natural // _CELL)))
        lines = max(1, round(height * columns * wide / width / high))
        if lines > TALLEST:
            columns, lines = max(1, columns * TALLEST // lines), TALLEST
        return columns, lines


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Drawing:
    """A picture for one canvas: encoded anew from its colours, so that nothing of what came reaches the terminal."""

    canvas: Canvas
    columns: int
    lines: int
    png: bytes = b""
    """For kitty, which fits it into its box."""
    strips: tuple[str, ...] = ()
    """Sixels, one for each line."""
    number: int = 0
    """By which the screen's cells name it; 0: by none."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`pixels` are three octets each, row by row."""

    width: int
    height: int
    pixels: bytes
    natural: int
    """How wide it is meant to be, in pixels of a screen."""
    drawing: Drawing | None = None
    """The same for a terminal that draws pictures itself."""

    def rows(self, columns: int) -> list[list[tuple[Colour, Colour]]]:
        """Lines of at most that many cells, each cell the colour above and the one below; cells are half as wide as
        high. In the box of the drawing, where that fits."""
        if self.fits(columns) and self.drawing is not None:
            columns, lines = self.drawing.columns, self.drawing.lines
        else:
            columns = max(1, min(columns, -(-self.natural // _CELL), self.width))
            lines = max(1, round(self.height * columns / self.width / 2))
        if lines > TALLEST:
            columns = max(1, columns * TALLEST // lines)
            lines = TALLEST
        return [
            [
                (
                    self._at(column, columns, 2 * line, 2 * lines),
                    self._at(column, columns, 2 * line + 1, 2 * lines),
                )
                for column in range(columns)
            ]
            for line in range(lines)
        ]

    def fits(self, columns: int) -> bool:
        """Whether there is a drawing that needs no more columns than these."""
        return self.drawing is not None and self.drawing.columns <= columns

    def _at(self, column: int, columns: int, row: int, rows: int) -> Colour:
        x = (2 * column + 1) * self.width // (2 * columns)
        y = (2 * row + 1) * self.height // (2 * rows)
        at = 3 * (min(y, self.height - 1) * self.width + min(x, self.width - 1))
        return self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]
