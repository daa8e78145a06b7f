"""The last defence: whatever a widget draws, no control or direction character reaches the terminal."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_GONE = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x00AD,
    0x061C,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),
)
_REPLACED = (*range(0xD800, 0xE000), 0x10EEEE)
_TABLE: dict[int, str | None] = dict.fromkeys(_GONE) | dict.fromkeys(_REPLACED, "\N{REPLACEMENT CHARACTER}")
"""They have no width, so taking them out keeps every column where it was; half a surrogate cannot be written at all,
and for U+10EEEE terminals draw pieces of pictures, which the display alone may write."""

MAX_LINK = 2000


class SafetyFilter(LineFilter):
    """The cleaner at the boundary should leave it nothing to do; it does not trust that."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        safe = []
        for segment in segments:
            text, style, control = segment
            if control is None:
                if not text.isprintable():
                    text = text.translate(_TABLE)
                if style is not None and style.link and not is_plain_link(style.link):
                    style = style.update_link(None)
                if text is not segment.text or style is not segment.style:
                    segment = Segment(text, style)
            safe.append(segment)
        return safe


@lru_cache(1024)
def is_plain_link(link: str) -> bool:
    """Whether a link's target can be written between the terminal's own quotes."""
    return link.isascii() and link.isprintable() and len(link) <= MAX_LINK
