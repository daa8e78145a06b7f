"""Of text and HTML that say the same, the one that is read: the text where it is a real one, else the HTML."""

from __future__ import annotations

import re
from html import escape

from tui_mail.model.document import Block, Document

from . import text
from .folding import folded
from .reading import Shown


def told(shown: list[Shown], subject: str) -> tuple[str, str, Document]:
    """The text, the HTML source and what the reader shows, over all stretches in their order.

    The subject says whether somebody else's letter is what is to be read.
    """
    blocks: list[Block] = []
    links: tuple[str, ...] = ()
    notes: list[str] = []
    texts: list[str] = []
    for one in shown:
        document = _best(one, links)
        if blocks and document.blocks and blocks[-1].kind != "gap":
            blocks.append(Block("gap"))
        blocks += document.blocks
        links = document.links or links
        notes += document.notes
        if one.text.strip() or not one.html:
            texts.append(one.text.strip("\n"))
        elif any(other.text.strip() for other in shown):
            texts.append(document.text)
    sources = [one.html or f"<pre>{escape(one.text)}</pre>" for one in shown if one.html or one.text.strip()]
    source = "\n<hr>\n".join(sources) if any(one.html for one in shown) else ""
    whole = folded(Document(tuple(blocks), links, tuple(dict.fromkeys(notes))), subject)
    return "\n\n".join(texts), source, whole


_RICH = re.compile(r"<(?:table|h[1-6]|th|ul|ol)\b", re.I)
_STUB_WORDS = 25
_ADDRESS = re.compile(r"https?://[^\s<>]{1,2000}")


def _is_noise(plain: str) -> bool:
    """Whether a third of a text is addresses: what programs make of a page whose links and pictures they write out."""
    addresses = _ADDRESS.findall(plain[:100_000])
    return len(addresses) >= 4 and 3 * sum(map(len, addresses)) > len(plain[:100_000])


def _best(one: Shown, links: tuple[str, ...]) -> Document:
    """The text where it is a real one; the HTML where the text is missing, a stub, or a flattened newsletter."""
    if not one.html:
        return text.document(one.text, links=links)
    words = len(one.text.split())
    is_rich = len(_RICH.findall(one.html)) >= 3
    is_noise = _is_noise(one.text)
    if words >= _STUB_WORDS and not is_rich and not is_noise:
        return text.document(one.text, links=links)
    from . import html  # imported where there is HTML: selectolax is not needed to start

    drawn = html.document(one.html, links=links)
    if words == 0:
        return drawn
    drawn_words = sum(len(block.text.split()) for block in drawn.blocks) + sum(
        len(cell.runs) for block in drawn.blocks for row in block.rows for cell in row
    )
    if drawn_words == 0:
        return text.document(one.text, links=links)
    if is_rich or is_noise or drawn_words > 2 * words:
        return drawn
    return text.document(one.text, links=links)
