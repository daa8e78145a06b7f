"""Which style each piece of a document has, by its kind, its emphasis and where it leads."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style

from tui_mail.mime import links
from tui_mail.model.document import Document, Emphasis

from .layout import Line

PARTS = (
    *("text", "dim", "rule", "heading", "link", "code", "note", "added", "removed", "hunk", "fold", "alarm"),
    *("quote-0", "quote-1", "quote-2", "quote-3", "hit"),
)
"""What the style sheet names."""
LINK = "mail_link"
FOLD = "mail_fold"
"""What a cell knows of itself: the number of its link, the number of its fold."""
_TONES = 4
"""Quote colours; deeper quotes begin again."""
_BASES = {
    "heading": "heading",
    "signature": "dim",
    "note": "note",
    "alarm": "alarm",
    "rule": "rule",
    "added": "added",
    "removed": "removed",
    "hunk": "hunk",
    "armor": "dim",
}
"""Which style a line of each kind has; of the others, the text's."""
_OUTWARD = ("https:", "http:", "mailto:")
"""What the terminal may open by itself; other links lead somewhere within the program."""


class DocumentLook:
    """Of one document, as long as the theme stays the same."""

    def __init__(self, part: Callable[[str], Style]) -> None:
        """`part`: what the style sheet says of one of PARTS."""
        self._part = part
        self._links: tuple[str, ...] = ()
        self._lies: frozenset[int] = frozenset()
        """Links that the terminal is not given: opening one asks first, and the terminal would not."""
        self._known: dict[tuple[str, Emphasis, int], Style] = {}

    def take(self, document: Document) -> None:
        """Its links are those that count from now on."""
        self._links = document.links
        self._lies = frozenset(links.mismatched(document))
        self.forget()

    def forget(self) -> None:
        """Another theme."""
        self._known.clear()

    def segments(self, line: Line) -> list[Segment]:
        """A line of text with its bars."""
        base = "fold" if line.fold else _BASES.get(line.kind, "text")
        if line.quote and base == "text":
            base = f"quote-{(line.quote - 1) % _TONES}"
        segments = [*self.bars(line), *(Segment(run.text, self.of(base, run.emphasis, run.link)) for run in line.runs)]
        if not line.fold:
            return segments
        return [Segment(text, (style or Style()) + Style(meta={FOLD: line.fold})) for text, style, _ in segments]

    def bars(self, line: Line) -> list[Segment]:
        return [Segment("▌ ", self.of(f"quote-{depth % _TONES}")) for depth in range(line.quote)]

    def of(self, base: str, emphasis: Emphasis = frozenset(), link: int = 0) -> Style:
        key = (base, emphasis, link)
        if (known := self._known.get(key)) is not None:
            return known
        style = self._part(base)
        if "dim" in emphasis and base != "rule":
            style += Style(color=self._part("dim").color)
        if "code" in emphasis:
            style += Style(color=self._part("code").color)
        if 0 < link <= len(self._links):
            if "dim" not in emphasis:
                style += self._part("link")
            target = self._links[link - 1]
            is_plain = target.startswith(_OUTWARD) and link not in self._lies
            style += Style(meta={LINK: link}, link=target if is_plain else None)
        style += Style(
            bold="bold" in emphasis or None,
            italic="italic" in emphasis or None,
            underline="underline" in emphasis or None,
            strike="strike" in emphasis or None,
        )
        self._known[key] = style
        return style


def marked(segments: list[Segment], start: int, stop: int, look: Style) -> list[Segment]:
    """The segments with the characters start..stop-1 in another look."""
    found = []
    at = 0
    for text, style, _ in segments:
        low, high = max(start - at, 0), max(stop - at, 0)
        for piece, chosen in ((text[:low], False), (text[low:high], True), (text[max(low, high) :], False)):
            if piece:
                found.append(Segment(piece, (style or Style()) + look if chosen else style))
        at += len(text)
    return found
