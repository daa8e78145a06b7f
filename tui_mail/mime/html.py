"""HTML mail as blocks that a person wants to read: one walk over the tree that selectolax made, within a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_mail.model.document import PLAIN, Block, Cell, Document, Emphasis, Kind, Run

from .clean import clean, line, safe_link, sound

LARGEST = 2_000_000
"""Characters of source that are parsed."""
DEEPEST = 200
"""Levels that keep their shape; what stands deeper is shown as plain words."""
MOST_NODES = 200_000
DEEPEST_QUOTE = 50

_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![\w-])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.I,
)
_FONT_SIZE = re.compile(
    r"font(?:-size)?\s*:[^;]*?(?<![\w.#-])(\d+(?:\.\d+)?|\.\d+)(?=px|pt|em|rem|%|\s*(?:;|!|$))", re.I
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_QUOTE_BAR = re.compile(r"border-left\s*:[^;]*(?:solid|[1-9])", re.I)
_NO_QUOTE = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.I)
_BORDER = re.compile(r"border[\w-]*\s*:[^;]*solid", re.I)
_RIGHT = re.compile(r"text-align\s*:\s*right", re.I)
_SIZE = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*([\d.]+)px", re.I)
_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9\-]+\.)+[a-z]{2,24})(?:[/:?#]\S*)?\Z", re.I)

_SKIPPED_NAMES = (
    "head style script title meta link template noscript svg math object iframe select audio video canvas applet embed"
    " frameset input datalist map colgroup"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BLOCK_NAMES = (
    "div table tr blockquote pre hr center section article header footer body html dt dd form address td th tbody thead"
    " tfoot caption main nav aside fieldset details summary li figcaption legend button textarea dir menu"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SPACED = frozenset(["p", "ul", "ol", "dl", "figure"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LOOKS: Mapping[str, Emphasis] = {
    "b": frozenset(["bold"]),
    "strong": frozenset(["bold"]),
    "th": frozenset(["bold"]),
    "i": frozenset(["italic"]),
    "em": frozenset(["italic"]),
    "cite": frozenset(["italic"]),
    "u": frozenset(["underline"]),
    "ins": frozenset(["underline"]),
    "s": frozenset(["strike"]),
    "del": frozenset(["strike"]),
    "strike": frozenset(["strike"]),
    "code": frozenset(["code"]),
    "tt": frozenset(["code"]),
    "kbd": frozenset(["code"]),
    "samp": frozenset(["code"]),
}
_BOLD_LOOK: Emphasis = frozenset(["bold"])
_DIM: Emphasis = frozenset(["dim"])


def document(html: str, *, links: tuple[str, ...] = ()) -> Document:
    """What the HTML says. `links` are targets that count already; its own are numbered after them."""
    notes = []
    if len(html) > LARGEST:
        html = html[:LARGEST]
        notes.append("This message is very long: only its beginning is shown here.")
    tree = LexborHTMLParser(sound(html))
    walk = _Walk(links)
    root = tree.body or tree.root
    if root is not None:
        walk.inside(root, PLAIN, 0, 0)
    walk.close()
    return Document(_settled(walk.blocks), tuple(walk.targets), (*notes, *walk.notes()))


class _Walk:
    """Where the walk stands: the line that is being filled, and what the next one will look like."""

    def __init__(self, links: tuple[str, ...]) -> None:
        self.blocks: list[Block] = []
        self.targets = {url: number for number, url in enumerate(links, 1)}
        self.runs: list[Run] = []
        self.first = ""
        self.quote = 0
        self.indent = ""
        self.bullet = ""
        self.level = 0  # of the heading that is open
        self.pre = 0
        self.lists = 0
        self.unseen = 0  # open elements whose text has no size
        self.is_blank = True  # a blank now would be one too many
        self.nodes = MOST_NODES
        self.trackers = 0
        self.hidden = 0

    def notes(self) -> Iterator[str]:
        if self.trackers:
            yield f"{self.trackers} tracker{'s' if self.trackers > 1 else ''} blocked"
        if self.hidden:
            yield f"{self.hidden} hidden passage{'s' if self.hidden > 1 else ''} left out"
        if self.nodes <= 0:
            yield "This message is very long: only its beginning is shown here."

    # --- lines

    def put(self, text: str, look: Emphasis, link: int) -> None:
        if not self.runs:
            self.first = self.indent
            if self.bullet:
                self.first = self.indent[: -len(self.bullet)] + self.bullet
                self.bullet = ""
        elif (last := self.runs[-1]).link == link and last.emphasis == look:
            self.runs[-1] = Run(last.text + text, look, link)
            return
        self.runs.append(Run(text, look, link))

    def close(self) -> None:
        """Ends the line that is being filled, if there is one."""
        self.is_blank = True
        if not self.runs:
            return
        kind: Kind = "pre" if self.pre else "heading" if self.level else "text"
        runs = self.runs
        if not self.pre and runs[-1].text.endswith(" "):
            last = runs.pop()
            if text := last.text.rstrip(" "):
                runs.append(Run(text, last.emphasis, last.link))
        self.blocks.append(Block(kind, tuple(runs), self.quote, self.first, self.indent, self.level))
        self.runs = []

    def gap(self) -> None:
        self.close()
        if not self.bullet and self.blocks and self.blocks[-1].kind != "gap":
            self.blocks.append(Block("gap", quote=self.quote))

    def text(self, text: str, look: Emphasis, link: int) -> None:
        if self.unseen:
            return
        if self.pre:
            self._shaped(text, look, link)
            return
        text = clean(_BLANKS.sub(" ", text))
        if not text.isascii():
            text = _BLANKS.sub(" ", text)
        if self.is_blank:
            text = text.lstrip(" ")
        if text:
            self.is_blank = text[-1] == " "
            self.put(text, look, link)

    def _shaped(self, text: str, look: Emphasis, link: int) -> None:
        for number, piece in enumerate(clean(text, lines=True).split("\n")):
            if number:
                if not self.runs:
                    self.put("", look, 0)
                self.close()
            if piece:
                self.put(piece, look, link)

    # --- the tree

    def inside(self, node: LexborNode, look: Emphasis, link: int, depth: int) -> None:
        """Everything within a node, in order."""
        child = node.child
        while child is not None and self.nodes > 0:
            self.nodes -= 1
            tag = child.tag
            if tag == "-text":
                self.text(child.text_content or "", look, link)
            elif tag and tag not in _SKIPPED and tag[0] not in "-_!":
                if depth < DEEPEST:
                    self.element(child, tag, look, link, depth + 1)
                else:
                    self.text(child.text(deep=True, separator=" "), look, link)
            child = child.next

    def element(self, node: LexborNode, tag: str, look: Emphasis, link: int, depth: int) -> None:
        """One element: what it hides, how it looks, where it stands."""
        if tag == "br":
            self.close() if self.runs else self.gap()
            return
        attributes = node.attributes
        style = attributes.get("style") or ""
        if tag == "img":
            self.image(attributes, style, link)
            return
        if "hidden" in attributes or (style and _HIDDEN.search(style)):
            self.hidden += bool(line((node.text(deep=True) or "")[:200]))
            return
        if (wanted := _LOOKS.get(tag)) is not None:
            look = look | wanted
        elif style and _BOLD.search(style):
            look = look | _BOLD_LOOK
        unseen = self.unseen
        if "font" in style and (size := _FONT_SIZE.search(style)) is not None:
            self.unseen = int(float(size[1]) == 0)
        if tag == "a":
            self.anchor(node, attributes, look, link, depth)
        elif tag in _HEADINGS:
            self.heading(node, _HEADINGS[tag], look, link, depth)
        elif tag in _SPACED or tag in _BLOCKS:
            self.block(node, tag, attributes, style, look, link, depth)
        else:
            self.inside(node, look, link, depth)
        self.unseen = unseen

    def image(self, attributes: Mapping[str, str | None], style: str, link: int) -> None:
        sides = {name.lower(): size for name, size in _SIZE.findall(style)} if style else {}
        sizes = [_number(sides.get(side) or attributes.get(side) or "") for side in ("width", "height")]
        if any(size is not None and size <= 2 for size in sizes) or (style and _HIDDEN.search(style)):
            self.trackers += (attributes.get("src") or "")[:4].lower() == "http"
            return
        alt = line(attributes.get("alt") or "")
        if self.unseen and not alt:
            return
        if alt or link:
            self.put(f"[{alt or 'image'}]", _DIM, link)
            self.is_blank = False

    def anchor(
        self, node: LexborNode, attributes: Mapping[str, str | None], look: Emphasis, link: int, depth: int
    ) -> None:
        target = safe_link((attributes.get("href") or "").strip())
        if not target:
            self.inside(node, look, link, depth)
            return
        number = self.targets.get(target)
        fresh = number is None
        if number is None:
            number = self.targets[target] = len(self.targets) + 1
        before = (len(self.blocks), len(self.runs), self.runs[-1].text if self.runs else "")
        self.inside(node, look, number, depth)
        after = (len(self.blocks), len(self.runs), self.runs[-1].text if self.runs else "")
        if after == before:
            if fresh and len(self.targets) == number:
                del self.targets[target]  # nothing to see, nothing to follow
            return
        self._label(target, number, look, link)

    def _label(self, target: str, number: int, look: Emphasis, link: int) -> None:
        """The number behind the words of a link, and its host where the words name another one."""
        last = self.runs[-1] if self.runs else None
        if last is None:  # the link held whole blocks: the number goes to the end of its last one
            held = self.blocks[-1]
            if held.kind in ("text", "heading") and held.runs:
                runs = (*held.runs, Run(f"[{number}]", _DIM, number))
                self.blocks[-1] = Block(held.kind, runs, held.quote, held.first, held.rest, held.level)
            return
        blank = last.text.endswith(" ")
        shown = last.text.rstrip(" ")
        if blank:
            self.runs[-1] = Run(shown, last.emphasis, last.link)
        if shown != target and "mailto:" + shown != target:
            self.runs.append(Run(f"[{number}]{_elsewhere(shown, target)}", _DIM, number))
        self.is_blank = False
        if blank:
            self.put(" ", look, link)
            self.is_blank = True

    def heading(self, node: LexborNode, level: int, look: Emphasis, link: int, depth: int) -> None:
        self.gap()
        outer, self.level = self.level, level
        self.inside(node, look, link, depth)
        self.close()
        self.level = outer
        self.gap()

    def block(
        self,
        node: LexborNode,
        tag: str,
        attributes: Mapping[str, str | None],
        style: str,
        look: Emphasis,
        link: int,
        depth: int,
    ) -> None:
        match tag:
            case "table":
                self.table(node, attributes, look, link, depth)
            case "hr":
                self.gap()
                self.blocks.append(Block("rule", quote=self.quote))
                self.gap()
            case "li":
                self.item(node, look, link, depth)
            case "pre" | "textarea":
                self.gap()
                self.pre += 1
                self.inside(node, look, link, depth)
                self.close()
                self.pre -= 1
                self.gap()
            case "dd":
                self.indented("    ", node, look, link, depth)
            case "blockquote" if style and _NO_QUOTE.search(style) and attributes.get("type") != "cite":
                self.indented("    ", node, look, link, depth)
            case "blockquote":
                self.quoted(node, look, link, depth)
            case "div" if style and _QUOTE_BAR.search(style):
                self.quoted(node, look, link, depth)
            case _:
                self.spaced(node, tag, look, link, depth)

    def spaced(self, node: LexborNode, tag: str, look: Emphasis, link: int, depth: int) -> None:
        is_list = tag in ("ul", "ol", "dl")
        apart = self.gap if tag in _SPACED and not self.lists else self.close
        apart()
        self.lists += is_list
        self.inside(node, look, link, depth)
        self.close()
        self.lists -= is_list
        apart()

    def quoted(self, node: LexborNode, look: Emphasis, link: int, depth: int) -> None:
        self.gap()
        outer, self.quote = self.quote, min(self.quote + 1, DEEPEST_QUOTE)
        lists, self.lists = self.lists, 0
        self.inside(node, look, link, depth)
        self.close()
        self.quote, self.lists = outer, lists
        self.gap()

    def indented(self, by: str, node: LexborNode, look: Emphasis, link: int, depth: int) -> None:
        self.close()
        outer = self.indent
        if len(outer) < 60:
            self.indent += by
        self.inside(node, look, link, depth)
        self.close()
        self.indent = outer

    def item(self, node: LexborNode, look: Emphasis, link: int, depth: int) -> None:
        self.close()
        self.bullet = _bullet(node)
        self.indented("  " + " " * len(self.bullet), node, look, link, depth)
        self.bullet = ""

    # --- tables

    def table(
        self, node: LexborNode, attributes: Mapping[str, str | None], look: Emphasis, link: int, depth: int
    ) -> None:
        self.close()
        rows = [[cell for cell in _children(row) if cell.tag in ("td", "th")] for row in _rows(node)]
        rows = [row for row in rows if row]
        if _is_data(node, attributes, rows):
            self.data_table(rows, look, link, depth)
            return
        for child in _children(node):
            if child.tag == "caption":
                self.element(child, "caption", look, link, depth + 1)
        for row in rows:
            self.layout_row(row, look, link, depth)

    def layout_row(self, cells: list[LexborNode], look: Emphasis, link: int, depth: int) -> None:
        """The cells one under another; a few short ones beside each other."""
        start = len(self.blocks)
        for cell in cells:
            self.nodes -= 1
            if depth < DEEPEST:
                self.element(cell, "td", look, link, depth + 1)
            self.close()
        made = self.blocks[start:]
        if not 2 <= len(made) <= 4 or len(cells) < len(made):
            return
        if any(block.kind != "text" or block.first or block.quote != made[0].quote for block in made):
            return
        if sum(len(block.text) + 2 for block in made) > 72:
            return
        runs: list[Run] = []
        for block in made:
            runs += ([Run("  ")] if runs else []) + list(block.runs)
        self.blocks[start:] = [Block("text", tuple(runs), made[0].quote, "", made[0].rest)]

    def data_table(self, rows: list[list[LexborNode]], look: Emphasis, link: int, depth: int) -> None:
        self.gap()
        outer, self.indent, bullet, self.bullet = self.indent, "", self.bullet, ""
        shown = []
        for row in rows:
            cells = []
            for node in row:
                cells.append(self.cell(node, look, link, depth))
                span = _number(node.attributes.get("colspan") or "") or 1
                cells += [Cell(())] * (min(int(span), 20) - 1)
            if any(cell.runs for cell in cells):
                shown.append(tuple(cells))
        self.indent, self.bullet = outer, bullet
        if shown:
            self.blocks.append(Block("table", quote=self.quote, first=outer, rest=outer, rows=tuple(shown)))
        self.gap()

    def cell(self, node: LexborNode, look: Emphasis, link: int, depth: int) -> Cell:
        start = len(self.blocks)
        attributes = node.attributes
        if depth < DEEPEST:
            self.element(node, node.tag or "td", look, link, depth + 1)
        self.close()
        runs: list[Run] = []
        for block in self.blocks[start:]:
            if block.runs:
                runs += ([Run(" ")] if runs else []) + ([Run(block.first)] if block.first else []) + list(block.runs)
        del self.blocks[start:]
        right = attributes.get("align") == "right" or bool(_RIGHT.search(attributes.get("style") or ""))
        return Cell(tuple(runs), node.tag == "th", right)


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


def _is_data(table: LexborNode, attributes: Mapping[str, str | None], rows: list[list[LexborNode]]) -> bool:
    """Whether a table holds data rather than a layout: headings or borders, and no table within."""
    if len(rows) < 2 or max(map(len, rows)) < 2 or attributes.get("role") == "presentation":
        return False
    has_mark = (attributes.get("border") or "0") not in ("0", "0px") or any(cell.tag == "th" for cell in rows[0])
    if not has_mark:
        sample = [cell for row in rows[:4] for cell in row][:12]
        has_mark = any(row[0].tag == "th" for row in rows) or all(
            _BORDER.search(cell.attributes.get("style") or "") for cell in sample
        )
    return has_mark and len(table.css("table")) <= 1


def _bullet(item: LexborNode) -> str:
    """What stands before a list item; the number counts the items before it."""
    parent = item.parent
    if parent is None or parent.tag != "ol":
        return "• "
    number = _number(item.attributes.get("value") or "")
    if number is None:
        number = _number(parent.attributes.get("start") or "") or 1
        before = item.prev
        steps = 0
        while before is not None and steps < 2000:  # a longer list counts no further, which keeps it linear enough
            number += before.tag == "li"
            before = before.prev
            steps += 1
    return f"{int(number)}. "


def _number(text: str) -> float | None:
    """A small number as HTML writes them (`12`, `12px`), else None."""
    match = re.match(r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*(?:px)?\s*\Z", text)
    return float(match[1]) if match else None


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


def _settled(blocks: list[Block]) -> tuple[Block, ...]:
    """Without blocks of blanks only, without gaps at the ends or beside each other."""
    out: list[Block] = []
    for block in blocks:
        if block.kind in ("text", "heading") and not any(run.text.strip() for run in block.runs):
            block = Block("gap", quote=block.quote)
        if block.kind == "gap":
            if not out:
                continue
            if out[-1].kind == "gap":
                if block.quote < out[-1].quote:
                    out[-1] = block
                continue
        out.append(block)
    while out and out[-1].kind == "gap":
        out.pop()
    return tuple(out)
