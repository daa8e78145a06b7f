"""Tables of HTML: those that hold data keep their shape, those that lay out a page are taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborNode

from tui_mail.model.document import Block, Cell, Run

from . import looks
from .page import Page

DEEPEST = 200
"""Levels that keep their shape; what stands deeper is shown as plain words."""
_MOST_COLUMNS = 20
_BESIDE = 72
"""Cells of a layout that are not wider together stand on one line."""
Attributes = Mapping[str, str | None]


class Tables(Page):
    """The part of the walk that tables take; `element` is the walk itself."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[str, looks.Style] = {"": looks.UNSTYLED}
        self.depth = 0
        self.nodes = 0
        """How many more are looked at."""

    def element(self, node: LexborNode, tag: str) -> None:
        """One element with what is in it."""
        raise NotImplementedError

    def style(self, attributes: Attributes) -> looks.Style:
        """What the style attribute says; newsletters repeat the same few hundred times."""
        text = attributes.get("style") or ""
        if (found := self.styles.get(text)) is None:
            found = self.styles[text] = looks.style(text)
        return found

    def table(self, node: LexborNode, attributes: Attributes) -> None:
        self.close()
        rows = [[cell for cell in _children(row) if cell.tag in ("td", "th")] for row in _rows(node)]
        rows = [row for row in rows if row]
        if self._is_data(node, attributes, rows):
            self.data_table(rows)
            return
        for child in _children(node):
            if child.tag == "caption":
                self.element(child, "caption")
        for row in rows:
            self.layout_row(row)

    def _is_data(self, table: LexborNode, attributes: Attributes, rows: list[list[LexborNode]]) -> bool:
        """Whether a table holds data rather than a layout: headings or borders, and no table within."""
        if len(rows) < 2 or max(map(len, rows)) < 2 or attributes.get("role") == "presentation":
            return False
        is_marked = (attributes.get("border") or "0") not in ("0", "0px")
        if not is_marked:
            is_marked = any(cell.tag == "th" for cell in rows[0]) or any(row[0].tag == "th" for row in rows)
        if not is_marked:
            sample = [cell for row in rows[:4] for cell in row[:4]]
            is_marked = all(self.style(cell.attributes).has_border for cell in sample)
        return is_marked and len(table.css("table")) <= 1

    def _made_in(self, cell: LexborNode) -> None:
        self.nodes -= 1
        if self.depth < DEEPEST:
            self.element(cell, cell.tag or "td")
        self.close()

    def layout_row(self, cells: list[LexborNode]) -> None:
        """The cells one under another; a few short ones beside each other."""
        start = len(self.blocks)
        for cell in cells:
            self._made_in(cell)
        made = [block for block in self.blocks[start:] if block.kind != "gap"]
        if not 2 <= len(made) <= min(4, len(cells)):
            return
        if any(block.kind not in ("text", "heading") or block.first != made[0].first for block in made):
            return
        if any(block.quote != made[0].quote for block in made) or sum(len(one.text) + 2 for one in made) > _BESIDE:
            return
        runs: list[Run] = []
        for block in made:
            runs += ([Run("  ")] if runs else []) + [*block.runs]
        whole = replace(made[0], runs=tuple(runs))
        self.blocks[start:] = [block for block in self.blocks[start : start + 1] if block.kind == "gap"] + [whole]

    def data_table(self, rows: list[list[LexborNode]]) -> None:
        self.gap()
        outer, self.indent, self.bullet = self.indent, "", ""
        shown = []
        for row in rows:
            cells = []
            for node in row:
                cells.append(self.cell(node))
                span = looks.number(node.attributes.get("colspan") or "") or 1
                cells += [Cell(())] * (min(int(span), _MOST_COLUMNS) - 1)
            if any(cell.runs for cell in cells):
                shown.append(tuple(cells))
        self.indent = outer
        if shown:
            self.blocks.append(Block("table", quote=self.quote, first=outer, rest=outer, rows=tuple(shown)))
        self.gap()

    def cell(self, node: LexborNode) -> Cell:
        start = len(self.blocks)
        self._made_in(node)
        runs: list[Run] = []
        for block in self.blocks[start:]:
            if block.runs:
                runs += ([Run(" ")] if runs else []) + ([Run(block.first)] if block.first else []) + [*block.runs]
        del self.blocks[start:]
        attributes = node.attributes
        is_right = attributes.get("align") == "right" or self.style(attributes).is_right
        return Cell(tuple(runs), node.tag == "th", is_right)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in _children(child) if row.tag == "tr")
