"""Boxes to tick, whose state is a sign: the toolkit's own tell on from off by colour alone."""

from __future__ import annotations

from typing import TypeVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Checkbox, SelectionList

ON, OFF = "[x]", "[ ]"
Value = TypeVar("Value")


class TickBox(Checkbox):
    """`[x] words`, or `[ ] words`; Space and a click change it."""

    BUTTON_LEFT = BUTTON_RIGHT = ""

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # a constant there
        return ON if self.value else OFF


class TickList(SelectionList[Value]):
    """The same for each line of a list."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        left, inner, right, *rest = strip
        if left.text + right.text != "▐▌":
            return strip  # a line without a box, below the last
        at = y + self.scroll_offset.y
        is_on = self.get_option_at_index(at).value in self.selected
        return Strip([Segment(ON if is_on else OFF, inner.style), *rest], strip.cell_length)
