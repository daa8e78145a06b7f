"""The pictures that the terminal draws itself: whether it can, which there are, and which were handed over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import count
from weakref import WeakValueDictionary

from rich.segment import Segment
from rich.style import Style

from tui_mail.config.settings import Pictures
from tui_mail.model.picture import SPOT, Canvas, Drawing, Picture, Spot

from . import kitty
from .answers import Answered

_USUAL_CELL = 8, 16
"""Pixels, where the terminal does not tell; kitty makes a picture fill its box whatever they are."""
_NUMBERS = 1 << 8
"""How many pictures one run may show before its numbers touch those of the next process."""


class Easel:
    """Lives with the app. A picture is here as long as a widget holds it; what no widget holds is taken away."""

    def __init__(self, choice: Pictures = "auto") -> None:
        self._choice = choice
        self._answered = Answered()
        self._hung: WeakValueDictionary[int, Drawing] = WeakValueDictionary()
        self._sent: set[int] = set()
        self._wanted: set[int] = set()
        self._numbers = count((os.getpid() % 0xFFFF + 1) * _NUMBERS)
        self.is_usable = True
        """The display knows how to draw them; the toolkit's own does not."""

    def heard(self, answered: Answered) -> bool:
        """What the terminal said of itself; whether what is drawn has to be drawn again."""
        is_other = bool(self._hung) and answered.cell != self._answered.cell
        self._answered = answered
        return is_other

    @property
    def is_off(self) -> bool:
        """The person wants no pictures."""
        return self._choice == "off"

    def canvas(self, columns: int) -> Canvas | None:
        """Room of that width; None where pictures are made of half blocks."""
        said, choice = self._answered, self._choice
        if not self.is_usable:
            return None
        if choice == "kitty" or (choice == "auto" and said.knows_kitty and kitty.draws_cells(said.name)):
            return Canvas("kitty", min(columns, kitty.MOST), said.cell if all(said.cell) else _USUAL_CELL)
        if (choice == "sixel" or (choice == "auto" and said.knows_sixel)) and all(said.cell):
            return Canvas("sixel", columns, said.cell)
        return None

    def hang(self, pictures: Mapping[str, Picture]) -> dict[str, Picture]:
        """The same pictures with numbers, by which cells can name them from now on."""
        hung = {}
        for name, picture in pictures.items():
            if picture.drawing is not None:
                drawing = replace(picture.drawing, number=next(self._numbers) & 0xFFFFFF)
                self._hung[drawing.number] = drawing
                picture = replace(picture, drawing=drawing)
            hung[name] = picture
        return hung

    # for the display

    def is_bare(self) -> bool:
        """There is nothing to draw and nothing to take away."""
        return not self._hung and not self._sent

    def cells(self, style: Style | None, count: int) -> tuple[str, str] | None:
        """Text and colour of so many cells that show a piece of a picture of kitty's; None for all others."""
        spot = _spot(style) if style is not None and self._hung else None
        drawing = self._hung.get(spot[0]) if spot is not None else None
        if spot is None or drawing is None or drawing.canvas.form != "kitty":
            return None
        self._wanted.add(spot[0])
        return kitty.cells(spot[1], spot[2], count), kitty.colour_codes(spot[0])

    def sixels(self, segments: Iterable[Segment], column: int) -> list[tuple[int, str]]:
        """Columns, and the sixels to be drawn there: of lines that are seen whole, since sixels cannot be cut."""
        found = []
        first = done = 0
        for text, style, _ in segments:
            spot = _spot(style) if style is not None else None
            drawing = self._hung.get(spot[0]) if spot is not None else None
            if spot is not None and drawing is not None and drawing.strips and spot[2] == done:
                first = column if done == 0 else first
                done += len(text)
                if done == drawing.columns and drawing.canvas.cell == self._answered.cell:
                    found.append((first, drawing.strips[spot[1]]))
                    done = 0
            else:
                done = 0
            column += len(text) if text.isascii() else Segment(text).cell_length
        return found

    def preface(self) -> str:
        """What is to be written before the next cells: pictures that they name, and that others are gone."""
        gone = sorted(self._sent - set(self._hung))
        new = sorted(self._wanted - self._sent)
        self._sent = (self._sent | self._wanted) - set(gone)
        self._wanted.clear()
        commands = [kitty.taken_away(number) for number in gone]
        for number in new:
            if (drawing := self._hung.get(number)) is not None:
                commands.append(kitty.sent(number, drawing.png, drawing.columns, drawing.lines))
        return "".join(commands)

    def forget(self) -> None:
        """The terminal may have lost what was sent to it."""
        self._sent.clear()

    def taken_down(self) -> str:
        """The commands that leave the terminal without any; what is still shown is sent again when it is drawn."""
        commands = "".join(kitty.taken_away(number) for number in sorted(self._sent))
        self._sent.clear()
        return commands


@lru_cache(8192)
def _spot(style: Style) -> Spot | None:
    """Which piece of which picture a cell is."""
    if style._meta is None:
        return None
    found = style.meta.get(SPOT)
    return found if isinstance(found, tuple) else None
