"""A picture as rows of colours, small enough to be drawn in the cells of a terminal."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]
TALLEST = 40
"""Lines of the screen that one picture may take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`pixels` are three octets each, row by row."""

    width: int
    height: int
    pixels: bytes
    natural: int
    """How wide it is meant to be, in pixels of a screen."""

    def rows(self, columns: int) -> list[list[tuple[Colour, Colour]]]:
        """Lines of at most that many cells, each cell the colour above and the one below; cells are half as wide as
        high."""
        columns = max(1, min(columns, -(-self.natural // 8), self.width))
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

    def _at(self, column: int, columns: int, row: int, rows: int) -> Colour:
        x = (2 * column + 1) * self.width // (2 * columns)
        y = (2 * row + 1) * self.height // (2 * rows)
        at = 3 * (min(y, self.height - 1) * self.width + min(x, self.width - 1))
        return self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]
