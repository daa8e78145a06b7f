"""Of text and HTML that say the same, the one that is read: the text where it is a real one, else the HTML."""

from __future__ import annotations

import re
from html import escape
from typing import Literal

from tui_mail.model.document import Block, Document

from . import text
from .folding import folded
from .reading import Shown

Form = Literal["text", "page", "pictures"]
"""One telling of a letter: its text, its HTML, or that with its pictures as blocks."""
LARGE = 60_000
"""Characters of HTML of which the first screens are had much sooner than the whole."""


def told(shown: list[Shown], subject: str, *, only_first: bool = False) -> tuple[str, str, Document]:
    """The text, the HTML source and what the reader shows, over all stretches in their order.

    The subject says whether somebody else's letter is what is to be read. `only_first`: of HTML the first screens.
    """
    blocks: list[Block] = []
    links: tuple[str, ...] = ()
    notes: list[str] = []
    texts: list[str] = []
    is_page = is_beginning = False
    for one in shown:
        document = _best(one, links, only_first=only_first)
        is_page |= document.is_page
        is_beginning |= document.is_beginning
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
    whole = Document(tuple(blocks), links, tuple(dict.fromkeys(notes)), is_page=is_page, is_beginning=is_beginning)
    return "\n\n".join(texts), source, folded(whole, subject)


def formed(words: str, form: Form, subject: str = "") -> Document:
    """One telling by itself: `words` are the text or the source of the HTML of a letter with that subject."""
    if form == "text":
        return folded(text.document(words), subject)
    from . import html  # imported where there is HTML: selectolax is not needed to start

    drawn = html.document(words, pictures=form == "pictures")
    return drawn if form == "pictures" else folded(drawn, subject)


_RICH = re.compile(r"<(?:table|h[1-6]|th|ul|ol)\b", re.I)
_STUB_WORDS = 25
_LONGEST_STUB = 40
_SAYS_HTML = re.compile(r"\bhtml\b|\b(?:in|with) (?:a|your|the) (?:web ?)?browser\b", re.I)
_ADDRESS = re.compile(r"https?://[^\s<>]{1,2000}")


def _is_noise(plain: str) -> bool:
    """Whether a third of a text is addresses: what programs make of a page whose links and pictures they write out."""
    addresses = _ADDRESS.findall(plain[:100_000])
    return len(addresses) >= 4 and 3 * sum(map(len, addresses)) > len(plain[:100_000])


def _is_excuse(plain: str, words: int, drawn: Document) -> bool:
    """Whether a text says no more than that the letter is HTML."""
    return words <= _LONGEST_STUB and _SAYS_HTML.search(plain) is not None and not _SAYS_HTML.search(drawn.text)


def _best(one: Shown, links: tuple[str, ...], *, only_first: bool) -> Document:
    """The text where it is a real one; the HTML where the text is missing, a stub, or a flattened newsletter."""
    if not one.html:
        return text.document(one.text, links=links)
    words = len(one.text.split())
    is_rich = len(_RICH.findall(one.html)) >= 3
    is_noise = _is_noise(one.text)
    if words >= _STUB_WORDS and not is_rich and not is_noise:
        return text.document(one.text, links=links)
    from . import html  # imported where there is HTML: selectolax is not needed to start

    drawn = html.document(one.html, links=links, nodes=html.FIRST_NODES if only_first else html.MOST_NODES)
    if words == 0:
        return drawn
    drawn_words = sum(len(block.text.split()) for block in drawn.blocks) + sum(
        len(cell.runs) for block in drawn.blocks for row in block.rows for cell in row
    )
    if drawn_words == 0:
        return text.document(one.text, links=links)
    if is_rich or is_noise or drawn_words > 2 * words or _is_excuse(one.text, words, drawn):
        return drawn
    return text.document(one.text, links=links)
