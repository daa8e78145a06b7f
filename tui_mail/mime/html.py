"""HTML mail as blocks that a person wants to read: one walk over the tree that selectolax made, within a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_mail.model.document import Block, Cell, Document, Run

from . import looks
from .clean import line, safe_link, sound
from .page import Page
from .tidy import tidied

LARGEST = 2_000_000
"""Characters of source that are parsed."""
DEEPEST = 200
"""Levels that keep their shape; what stands deeper is shown as plain words."""
MOST_NODES = 200_000
FIRST_NODES = 2_500
"""Enough for the first screens of any newsletter, spacers and nested tables counted."""
DEEPEST_QUOTE = 50
WIDEST_INDENT = 60
TOO_LONG = "This message is very long: only its beginning is shown here."
_MOST_SHEETS = 20
_MOST_COLUMNS = 20
_BESIDE = 72
"""Cells of a layout that are not wider together stand on one line."""
_LONGEST_TAG = 4000
_LONG_TAG = re.compile(r"(<[a-z][a-z0-9]{0,15})\s[^<>]{3900,}>", re.I)
_LONG_VALUE = re.compile(r"""=\s*(?:"[^"]{2500,}"|'[^']{2500,}')""")
_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9\-]+\.)+[a-z]{2,24})(?:[/:?#]\S*)?\Z", re.I)


def document(html: str, *, links: tuple[str, ...] = (), pictures: bool = False, nodes: int = MOST_NODES) -> Document:
    """What the HTML says. `links` are targets that count already; its own are numbered after them. With `pictures`
    these stand as blocks of their own; none is fetched here. After so many `nodes` it ends, as a beginning where
    that is fewer than are ever shown."""
    notes = []
    if len(html) > LARGEST:
        html = html[:LARGEST]
        notes.append(TOO_LONG)
    tree = LexborHTMLParser(_LONG_TAG.sub(_shortened, sound(html)))
    sheet = "\n".join(node.text() for node in tree.css("style")[:_MOST_SHEETS])
    walk = _Walk(links, looks.hidden_classes(sheet) if "none" in sheet else frozenset())
    walk.shows_pictures = pictures
    walk.nodes = nodes
    root = tree.body or tree.root
    if root is not None:
        walk.inside(root)
    walk.close()
    is_beginning = walk.nodes <= 0 and nodes < MOST_NODES
    if walk.nodes <= 0 and not is_beginning:
        notes.append(TOO_LONG)
    return Document(
        tidied(walk.blocks),
        tuple(walk.targets),
        (*notes, *walk.notes()),
        pictures=tuple(walk.pictures),
        is_page=True,
        is_beginning=is_beginning,
    )


def _shortened(match: re.Match[str]) -> str:
    """A tag without what no tag needs: pictures as values, hundreds of attributes, which take the parser seconds."""
    tag = _LONG_VALUE.sub('=""', match[0])
    return tag if len(tag) < _LONGEST_TAG else match[1] + ">"


def _picture(source: str) -> str:
    """Where a picture is to be had: over https, or with the letter; empty for everything else."""
    source = source.strip()
    if source[:4].lower() == "cid:":
        return "cid:" + source[4:204]
    target = safe_link(source)
    return target if target.startswith("https://") else ""


Attributes = Mapping[str, str | None]


class _Walk(Page):
    """Where the walk stands in the tree, on top of the line that is being filled."""

    def __init__(self, links: tuple[str, ...], hidden_classes: frozenset[str]) -> None:
        super().__init__()
        self.targets = {url: number for number, url in enumerate(links, 1)}
        self.hidden_classes = hidden_classes
        self.styles: dict[str, looks.Style] = {"": looks.UNSTYLED}
        self.lists: list[float | None] = []  # the number of the next item of each open list; None has bullets
        self.shows_pictures = False
        self.pictures: dict[str, int] = {}
        self.depth = 0
        self.nodes = MOST_NODES
        self.trackers = 0
        self.hidden = 0

    def notes(self) -> Iterator[str]:
        if self.trackers:
            yield f"{self.trackers} tracker{'s' if self.trackers > 1 else ''} blocked"
        if hidden := self.hidden + self.unseen:
            yield f"{hidden} hidden passage{'s' if hidden > 1 else ''} left out"

    def style(self, attributes: Attributes) -> looks.Style:
        """What the style attribute says; newsletters repeat the same few hundred times."""
        text = attributes.get("style") or ""
        if (found := self.styles.get(text)) is None:
            found = self.styles[text] = looks.style(text)
        return found

    # --- the tree

    def inside(self, node: LexborNode) -> None:
        """Everything within a node, in order."""
        child = node.child
        while child is not None and self.nodes > 0:
            self.nodes -= 1
            tag = child.tag
            if tag == "-text":
                self.text(child.text_content or "")
            elif tag and tag not in looks.SKIPPED and tag[0] not in "-_!":
                if self.depth < DEEPEST:
                    self.element(child, tag)
                else:
                    self.text(child.text(deep=True, separator=" "))
            child = child.next

    def element(self, node: LexborNode, tag: str) -> None:
        """One element: what it hides, how it looks, where it stands."""
        if tag == "br":
            self.close() if self.runs else self.gap()
            return
        attributes = node.attributes
        style = self.style(attributes)
        if tag == "img":
            self.image(attributes, style)
            return
        if style.is_hidden or "hidden" in attributes or self._is_hidden_class(tag, attributes, style):
            self.hidden += bool(line((node.text(deep=True) or "")[:200]))
            return
        outer = self.look, self.is_unseen
        if (wanted := looks.LOOKS.get(tag)) is not None:
            self.look = self.look | wanted
        elif style.is_bold:
            self.look = self.look | looks.BOLD
        if style.font_size is not None:
            self.is_unseen = style.font_size == 0
        self.depth += 1
        if tag == "a":
            self.anchor(node, attributes)
        elif tag in looks.HEADINGS:
            self.heading(node, looks.HEADINGS[tag])
        elif tag in looks.SPACED or tag in looks.BLOCKS:
            self.block(node, tag, attributes, style)
        else:
            self.inside(node)
        self.depth -= 1
        self.look, self.is_unseen = outer

    def _is_hidden_class(self, tag: str, attributes: Attributes, style: looks.Style) -> bool:
        if not self.hidden_classes or style.sets_display or not (names := attributes.get("class")):
            return False
        every = names[:1000].split()
        return any(f".{name}" in self.hidden_classes or f"{tag}.{name}" in self.hidden_classes for name in every)

    def image(self, attributes: Attributes, style: looks.Style) -> None:
        if style.is_hidden or looks.is_speck(attributes):
            self.trackers += (attributes.get("src") or "")[:4].lower() == "http"
            return
        alt = line(attributes.get("alt") or attributes.get("title") or "")
        if self.shows_pictures and (source := _picture(attributes.get("src") or "")):
            number = self.pictures.setdefault(source, len(self.pictures) + 1)
            self.close()
            shown = Run(f"[{alt or 'image'}]", looks.DIM, self.link)
            self.blocks.append(Block("picture", (shown,), self.quote, self.indent, self.indent, number))
            return
        if alt or (self.link and not self.is_unseen):
            self.put(f"[{alt or 'image'}]", looks.DIM)
            self.is_blank = False

    def anchor(self, node: LexborNode, attributes: Attributes) -> None:
        target = safe_link((attributes.get("href") or "").strip())
        if not target:
            self.inside(node)
            return
        number = self.targets.get(target)
        is_fresh = number is None
        if number is None:
            number = self.targets[target] = len(self.targets) + 1
        outer, self.link = self.link, number
        before = self._mark()
        self.inside(node)
        if self._mark() != before:
            self._label(target, outer)
        elif is_fresh and len(self.targets) == number:
            del self.targets[target]  # nothing to see, nothing to follow
        self.link = outer

    def _mark(self) -> tuple[int, int, str]:
        return len(self.blocks), len(self.runs), self.runs[-1].text if self.runs else ""

    def _label(self, target: str, outer: int) -> None:
        """The number behind the words of a link, and its host where the words name another one."""
        if not self.runs:
            self._label_block()
            return
        last = self.runs[-1]
        shown = last.text.rstrip(" ")
        blanks = last.text[len(shown) :]
        if blanks:
            self.runs[-1] = Run(shown, last.emphasis, last.link)
        if last.link == self.link and shown.endswith(f"[{self.link}]"):
            pass  # a link within a link to the same place
        elif shown != target and "mailto:" + shown != target:
            self.put(f"[{self.link}]{_elsewhere(shown, target)}", looks.DIM)
        self.is_blank = False
        if blanks:
            self.link = outer
            self.put(" ")
            self.is_blank = True

    def _label_block(self) -> None:
        """A link that held whole blocks has its number at the end of the last one with words."""
        for index in range(len(self.blocks) - 1, -1, -1):
            held = self.blocks[index]
            if held.kind in ("text", "heading") and held.runs:
                runs = (*held.runs, Run(f"[{self.link}]", looks.DIM, self.link))
                self.blocks[index] = replace(held, runs=runs)
            if held.kind != "gap":
                return

    # --- blocks

    def block(self, node: LexborNode, tag: str, attributes: Attributes, style: looks.Style) -> None:
        match tag:
            case "table":
                self.table(node, attributes)
            case "hr":
                self.gap()
                self.blocks.append(Block("rule", quote=self.quote))
                self.gap()
            case "li":
                self.item(node, attributes)
            case "pre" | "textarea":
                self.shaped(node)
            case "dd":
                self.indented("    ", node)
            case "blockquote" if style.is_indent and attributes.get("type") != "cite":
                self.indented("    ", node)
            case "blockquote":
                self.quoted(node)
            case "div" if style.has_quote_bar:
                self.quoted(node)
            case "ul" | "ol" | "dl":
                self.listed(node, tag, attributes)
            case _:
                apart = self.gap if tag in looks.SPACED and not self.lists else self.close
                apart()
                self.inside(node)
                apart()

    def heading(self, node: LexborNode, level: int) -> None:
        self.gap()
        outer, self.level = self.level, level
        self.inside(node)
        self.close()
        self.level = outer
        self.gap()

    def shaped(self, node: LexborNode) -> None:
        self.gap()
        self.pre += 1
        self.inside(node)
        self.close()
        self.pre -= 1
        self.gap()

    def listed(self, node: LexborNode, tag: str, attributes: Attributes) -> None:
        apart = self.close if self.lists else self.gap
        apart()
        start = looks.number(attributes.get("start") or "1")
        self.lists.append((1 if start is None else start) if tag == "ol" else None)
        self.inside(node)
        self.close()
        self.lists.pop()
        apart()

    def item(self, node: LexborNode, attributes: Attributes) -> None:
        self.close()
        self.bullet = "• "
        if self.lists and (number := self.lists[-1]) is not None:
            number = looks.number(attributes.get("value") or "") or number
            self.bullet = f"{int(number)}. "
            self.lists[-1] = number + 1
        self.indented("  " + " " * len(self.bullet), node)
        self.bullet = ""

    def quoted(self, node: LexborNode) -> None:
        self.gap()
        outer = self.quote, self.lists
        self.quote, self.lists = min(self.quote + 1, DEEPEST_QUOTE), []
        self.inside(node)
        self.close()
        self.quote, self.lists = outer
        self.gap()

    def indented(self, by: str, node: LexborNode) -> None:
        self.close()
        outer = self.indent
        if len(outer) < WIDEST_INDENT:
            self.indent += by
        self.inside(node)
        self.close()
        self.indent = outer

    # --- tables

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


def _elsewhere(shown: str, target: str) -> str:
    """The host of the target, where the words of the link look like another host."""
    named = _HOST.match(shown.strip("<>() "))
    if named is None or target.startswith("mailto:"):
        return ""
    host = target.split("/", 3)[2].rpartition("@")[2].partition(":")[0].lower()
    said = named[1].lower()
    if host == said or host.endswith("." + said) or said.endswith("." + host) or "@" in shown:
        return ""
    return f" → {host}"
