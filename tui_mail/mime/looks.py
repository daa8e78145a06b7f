"""What an element is and looks like: the few facts of HTML and CSS that matter to text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tui_mail.model.document import Emphasis

_SKIPPED_NAMES = (
    "head style script title meta link template noscript svg math object iframe select audio video canvas applet embed"
    " frameset input datalist map colgroup"
)
SKIPPED = frozenset(_SKIPPED_NAMES.split())
"""Elements that hold nothing to read."""
_BLOCK_NAMES = (
    "div table tr blockquote pre hr center section article header footer body html dt dd form address td th tbody thead"
    " tfoot caption main nav aside fieldset details summary li figcaption legend button textarea dir menu"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
SPACED = frozenset(["p", "ul", "ol", "dl", "figure"])
"""Blocks with a gap around them."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD: Emphasis = frozenset(["bold"])
DIM: Emphasis = frozenset(["dim"])
_ITALIC: Emphasis = frozenset(["italic"])
_UNDERLINE: Emphasis = frozenset(["underline"])
_STRIKE: Emphasis = frozenset(["strike"])
_CODE: Emphasis = frozenset(["code"])
LOOKS: Mapping[str, Emphasis] = {
    **dict.fromkeys(("b", "strong", "th"), BOLD),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), _ITALIC),
    **dict.fromkeys(("u", "ins"), _UNDERLINE),
    **dict.fromkeys(("s", "del", "strike"), _STRIKE),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), _CODE),
}

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![\w-])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|(?<!-)(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|!|$)(?=.*overflow\s*:\s*hidden)|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}|transform\s*:\s*scale\(\s*0\s*\)|(?<![\w-])font\s*:\s*0(?:px)?\s*/",
    re.I | re.S,
)
_COLOUR = re.compile(
    r"(?<![\w-])(background|color)(?:-color)?\s*:\s*(#[0-9a-f]{3,6}\b|rgb\([\d\s,]{5,20}\)|[a-z]{3,20}\b(?![(-]))", re.I
)
_NAMED = {"white": "#ffffff", "black": "#000000"}
_NO_COLOURS = ("inherit", "initial", "unset", "revert", "transparent", "none", "auto", "currentcolor")
"""Words in a colour's place that name none."""
_FONT_SIZE = re.compile(
    r"font(?:-size)?\s*:[^;]{0,60}?(?<![\w.#-])(\d+(?:\.\d+)?|\.\d+)(px|pt|em|rem|%|\s*(?=;|!|$))", re.I
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_QUOTE_BAR = re.compile(r"border-left\s*:[^;]{0,60}?(?:solid|[1-9])", re.I)
_NO_QUOTE = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.I)
_BORDER = re.compile(r"border[\w-]{0,20}\s*:[^;]{0,60}?solid", re.I)
_RIGHT = re.compile(r"text-align\s*:\s*right", re.I)
_SIDE = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*([\d.]{1,8})px", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """What a style attribute says of its element."""

    is_hidden: bool = False
    is_bold: bool = False
    font_size: float | None = None
    """In whatever unit; 0 is what cannot be seen, a pixel as well. None where it sets none."""
    has_quote_bar: bool = False
    is_indent: bool = False
    """Of a blockquote: it only indents, its border is taken away."""
    has_border: bool = False
    is_right: bool = False
    sets_display: bool = False
    is_white: bool | None = None
    """The colour of its letters; None where it sets none."""


UNSTYLED = Style()


def style(text: str) -> Style:
    """A style attribute read; only its first 2000 characters are."""
    text = text[:2000]
    size = _FONT_SIZE.search(text) if "font" in text else None
    return Style(
        is_hidden=_HIDDEN.search(text) is not None or _is_invisible(text),
        is_bold=_BOLD.search(text) is not None,
        font_size=_size(size) if size else None,
        has_quote_bar=_QUOTE_BAR.search(text) is not None,
        is_indent=_NO_QUOTE.search(text) is not None,
        has_border=_BORDER.search(text) is not None,
        is_right=_RIGHT.search(text) is not None,
        sets_display="display" in text,
        is_white=_whiteness(text),
    )


def _size(match: re.Match[str]) -> float:
    size = float(match[1])
    return 0 if size <= 1 and match[2].lower() in ("px", "pt") else size


def _whiteness(text: str) -> bool | None:
    colours = [colour for name, colour in _colours(text) if name == "color"]
    return is_white(colours[-1]) if colours else None


def is_white(colour: str) -> bool:
    """Whether a colour cannot be told from white paper."""
    return re.fullmatch(r"#(?:f[a-f]){3}|#fff", _normal(colour)) is not None


_GROUND = re.compile(
    r"\b(?:bgcolor|background[\w-]{0,8})\s*[=:]\s*[\"']?\s*(?!#fff(?:fff)?\b|white\b|none\b|transparent\b)", re.I
)


def has_ground(source: str) -> bool:
    """Whether anything of a page has another ground than white."""
    return _GROUND.search(source) is not None


def _is_invisible(text: str) -> bool:
    """Whether the text has the colour of its own ground."""
    if "background" not in text:
        return False
    colours = {name: colour for name, colour in _colours(text)}
    return len(colours) == 2 and len(set(colours.values())) == 1


def _colours(text: str) -> list[tuple[str, str]]:
    """What is set to which colour, in order; words that name none are left out."""
    found = [(name.lower(), _normal(colour)) for name, colour in _COLOUR.findall(text)]
    return [(name, colour) for name, colour in found if colour not in _NO_COLOURS]


def _normal(colour: str) -> str:
    """`#abc`, `#aabbcc`, `rgb(170, 187, 204)` and the two usual names as one form."""
    colour = colour.lower()
    if colour.startswith("rgb("):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in re.findall(r"\d+", colour)[:3])
    if len(colour) == 4 and colour[0] == "#":
        return "#" + "".join(digit * 2 for digit in colour[1:])
    return _NAMED.get(colour, colour)


def is_speck(attributes: Mapping[str, str | None]) -> bool:
    """Whether an image is too small to be meant for eyes."""
    sides = {name.lower(): size for name, size in _SIDE.findall((attributes.get("style") or "")[:2000])}
    sizes = [number(sides.get(side) or attributes.get(side) or "") for side in ("width", "height")]
    return any(size is not None and size <= 2 for size in sizes)


def number(text: str) -> float | None:
    """A small number as HTML writes them (`12`, `12px`), else None."""
    match = re.match(r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*(?:px)?\s*\Z", text)
    return float(match[1]) if match else None


_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(r"\s*([a-z][a-z0-9]*)?([.#][\w-]+)\s*\Z", re.I)


def hidden_names(sheet: str) -> frozenset[str]:
    """The classes and ids that a style sheet hides, as `.class`, `tag.class`, `#id` or `tag#id`; what depends on the
    device does not count."""
    found: set[str] = set()
    sheet = _COMMENT.sub("", sheet[:100_000])
    depth = 0
    start = 0
    selector = ""
    for brace in _BRACE.finditer(sheet):
        if brace[0] == "{":
            depth += 1
            if depth == 1:
                selector = sheet[start : brace.start()]
        elif depth:
            depth -= 1
            if depth == 0 and "@" not in selector and _HIDDEN.search(sheet[start : brace.start()].rpartition("{")[2]):
                matches = [_SELECTOR.match(one) for one in selector.split(",")]
                found |= {f"{(match[1] or '').lower()}{match[2]}" for match in matches if match}
        if brace[0] == "}" or depth > 1:
            start = start if depth else brace.end()
    return frozenset(found)
