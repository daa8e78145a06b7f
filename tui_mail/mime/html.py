"""HTML mail as blocks that a person wants to read: one walk over the tree that selectolax made, within a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_mail.model.document import Block, Document, Run

from . import looks
from .clean import line, safe_link, sound
from .tables import DEEPEST, Attributes, Tables
from .tidy import tidied

LARGEST = 2_000_000
"""Characters of source that are parsed."""
MOST_NODES = 200_000
FIRST_NODES = 2_500
"""Enough for the first screens of any newsletter, spacers and nested tables counted."""
DEEPEST_QUOTE = 50
WIDEST_INDENT = 60
TOO_LONG = "This message is very long: only its beginning is shown here."
_MOST_SHEETS = 20
_LONGEST_TAG = 4000
_LONG_TAG = re.compile(r"(<[a-z][a-z0-9]{0,15})\s[^<>]{3900,}>", re.I)
_LONG_VALUE = re.compile(r"""=\s*(?:"[^"]{2500,}"|'[^']{2500,}')""")
_MANY_TAGS = 15_000
"""Below that, the parser's work is bounded whatever they are."""
_DEEPEST_SOURCE = 500
_NESTED = re.compile(
    "<(/?)(?!(?:br|hr|img|input|meta|link|wbr|area|base|col|embed|param|source|track|p|li|dd|dt|option|tr|td|th|tbody"
    r"|thead|tfoot|html|head|body)\b)[a-z][a-z0-9]{0,15}",
    re.I,
)
"""A tag that must be closed; the others need no end, or end by themselves."""
_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9\-]+\.)+[a-z]{2,24})(?:[/:?#]\S*)?\Z", re.I)


def document(html: str, *, links: tuple[str, ...] = (), pictures: bool = False, nodes: int = MOST_NODES) -> Document:
    """What the HTML says. `links` are targets that count already; its own are numbered after them. With `pictures`
    these stand as blocks of their own; none is fetched here. After so many `nodes` it ends, as a beginning where
    that is fewer than are ever shown."""
    notes = []
    if len(html) > LARGEST:
        html = html[:LARGEST]
        notes.append(TOO_LONG)
    tree = LexborHTMLParser(_levelled(_LONG_TAG.sub(_shortened, sound(html))))
    sheet = "\n".join(node.text() for node in tree.css("style")[:_MOST_SHEETS])
    names = looks.hidden_names(sheet)

    def walked(source: str) -> _Walk:
        walk = _Walk(links, names)
        walk.source, walk.shows_pictures, walk.nodes = source, pictures, nodes
        root = tree.body or tree.root
        if root is not None:
            walk.inside(root)
        walk.close()
        return walk

    walk = walked(html)
    if walk.unseen and not any(block.text.strip() for block in walk.blocks):
        walk = walked("")  # all of it is white: it was written on a dark screen
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


def _levelled(html: str) -> str:
    """A page without the levels that nobody nests: the parser looks through all of them at every tag."""
    if html.count("<") < _MANY_TAGS:
        return html
    level = 0
    for closes in _NESTED.findall(html):
        level += -(level > 0) if closes else 1
        if level > _DEEPEST_SOURCE:
            return _flattened(html)
    return html


def _flattened(html: str) -> str:
    level = at = 0
    out: list[str] = []
    for match in _NESTED.finditer(html):
        level += not match[1]
        if level > _DEEPEST_SOURCE:
            out += (html[at : match.start()], "<wbr")
            at = match.end()
        level -= bool(match[1]) and level > 0
    return "".join(out) + html[at:]


def _picture(source: str) -> str:
    """Where a picture is to be had: over https, or with the letter; empty for everything else."""
    source = source.strip()
    if source[:4].lower() == "cid:":
        return "cid:" + source[4:204]
    target = safe_link(source)
    return target if target.startswith("https://") else ""


class _Walk(Tables):
    """Where the walk stands in the tree, on top of the line that is being filled."""

    def __init__(self, links: tuple[str, ...], hidden_names: frozenset[str]) -> None:
        super().__init__()
        self.targets = {url: number for number, url in enumerate(links, 1)}
        self.hidden_names = hidden_names
        self.source = ""
        """The page, to see whether its letters stand on white; empty where that does not matter."""
        self.lists: list[float | None] = []  # the number of the next item of each open list; None has bullets
        self.shows_pictures = False
        self.pictures: dict[str, int] = {}
        self.nodes = MOST_NODES
        self.trackers = 0
        self.hidden = 0

    def notes(self) -> Iterator[str]:
        if self.trackers:
            yield f"{self.trackers} tracker{'s' if self.trackers > 1 else ''} blocked"
        if hidden := self.hidden + self.unseen:
            yield f"{hidden} hidden passage{'s' if hidden > 1 else ''} left out"

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
        if style.is_hidden or "hidden" in attributes or self._is_hidden_name(tag, attributes, style):
            self.hidden += bool(line((node.text(deep=True) or "")[:200]))
            return
        outer = self.look, self.is_unseen, self.is_pale
        if (wanted := looks.LOOKS.get(tag)) is not None:
            self.look = self.look | wanted
        elif style.is_bold:
            self.look = self.look | looks.BOLD
        if style.font_size is not None:
            self.is_unseen = style.font_size == 0
        if style.is_white is not None or tag == "font":
            self._colour(attributes, style)
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
        self.look, self.is_unseen, self.is_pale = outer

    def _colour(self, attributes: Attributes, style: looks.Style) -> None:
        """White letters are unseen where everything stands on white."""
        if style.is_white is not None:
            self.is_pale = style.is_white and self.is_paper
        elif colour := attributes.get("color"):
            self.is_pale = looks.is_white(colour) and self.is_paper

    @cached_property
    def is_paper(self) -> bool:
        """Whether nothing of the page has a ground of its own."""
        return bool(self.source) and not looks.has_ground(self.source)

    def _is_hidden_name(self, tag: str, attributes: Attributes, style: looks.Style) -> bool:
        if not self.hidden_names or style.sets_display:
            return False
        names = [f".{name}" for name in (attributes.get("class") or "")[:1000].split()]
        names += [f"#{name}" for name in (attributes.get("id") or "")[:200].split()]
        return any(name in self.hidden_names or tag + name in self.hidden_names for name in names)

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
        is_enclosed = (attributes.get("src") or "").lstrip()[:4].lower() == "cid:"  # pasted by a person, most often
        if alt or ((self.link or is_enclosed) and not self.is_unseen):
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
            case "div" if not self.is_unseen and _is_empty_line(node):
                self.gap()
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


def _is_empty_line(node: LexborNode) -> bool:
    """Whether a block holds a blank that keeps a line open, and nothing else: how many programs write an empty line."""
    child = node.child
    return child is not None and child.next is None and child.tag == "-text" and child.text_content == "\xa0"


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
