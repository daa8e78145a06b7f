"""Writes less to the terminal: half the bytes when scrolling, a fiftieth when typing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from .easel import Easel

log = logging.getLogger(__name__)

Sixels = Sequence[tuple[int, str]]
"""Columns, and what is drawn there over the text."""
Placed = Iterable[tuple[int, int, Strip]]
"""(line, column, what is drawn there)"""

_RISKY = re.compile(
    "[^\x20-\u02ff\u0370-\u058f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u218f"
    "\u2190-\u21ff\u2500-\u25ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
"""Text whose width terminals disagree about (emoji above all): the column after it is set, not assumed."""

_PLAIN = ("", "39", "49")
_ERASE_FROM = 4
"""Blanks at the edge of the screen from which erasing the rest of the line is shorter than writing them."""


@lru_cache(4096)
def _codes(style: Style, colors: ColorSystem) -> tuple[str, str, str]:
    """What attributes, foreground and background of a style are in SGR."""
    on = style._set_attributes & style._attributes
    attributes = ";".join(Style._style_map[bit] for bit in range(13) if on & (1 << bit))
    front, back = style.color, style.bgcolor
    return (
        attributes,
        ";".join(front.downgrade(colors).get_ansi_codes()) if front is not None else "39",
        ";".join(back.downgrade(colors).get_ansi_codes(foreground=False)) if back is not None else "49",
    )


def encode(
    segments: Iterable[Segment],
    colors: ColorSystem,
    *,
    column: int = 0,
    to_edge: bool = False,
    easel: Easel | None = None,
) -> str:
    """Segments as bytes for the terminal: a style is written where it changes, and only what changes of it.

    `to_edge`: they end at the edge of the screen, and the terminal erases with the background colour. `easel`: what
    draws the cells that are pieces of pictures.
    """
    out: list[str] = []
    now, link = _PLAIN, ""
    parts = [(text, style) for text, style, control in segments if text and not control]
    for number, (text, style) in enumerate(parts):
        codes = _PLAIN if style is None else _codes(style, colors)
        if (piece := None if easel is None else easel.cells(style, len(text))) is not None:
            text, codes = piece[0], ("", piece[1], "49")
        if codes != now:
            out.append(_change(now, codes))
            now = codes
        target = (style.link or "") if style is not None else ""
        if target != link:
            out.append(f"\x1b]8;id={style._link_id};{target}\x1b\\" if target and style else "\x1b]8;;\x1b\\")
            link = target
        is_last = number == len(parts) - 1
        written = text.rstrip(" ") if to_edge and is_last and not codes[0] else text
        erase = len(text) - len(written) > _ERASE_FROM
        written = written if erase else text
        width = len(written) if written.isascii() else cell_len(written)
        is_risky = piece is None and not written.isascii() and _RISKY.search(written) is not None
        if is_risky:  # where it turns out narrower, what stood there before would be seen behind it
            out.append(f"{' ' * width}\x1b[{column + 1}G")
        out.append(written)
        column += width
        if is_risky and (erase or not is_last):
            out.append(f"\x1b[{column + 1}G")
        if erase:
            out.append("\x1b[K")
    if link:
        out.append("\x1b]8;;\x1b\\")
    if now != _PLAIN:
        out.append("\x1b[m")
    return "".join(out)


def _change(old: tuple[str, str, str], new: tuple[str, str, str]) -> str:
    codes = []
    if new[0] != old[0]:
        if old[0]:  # attributes are taken back only all together, and the colours with them
            codes.append("0")
            old = _PLAIN
        if new[0]:
            codes.append(new[0])
    codes += [now for now, then in zip(new[1:], old[1:], strict=True) if now != then]
    return f"\x1b[{';'.join(codes)}m" if codes else ""


class Shadow:
    """What was written where, so that the same thing is not written again."""

    def __init__(self, *, erases: bool = True, easel: Easel | None = None) -> None:
        self._easel = easel
        self._erases = erases
        """Whether the terminal erases with the background colour in force (`bce`)."""
        self.is_broken = False
        """Something unexpected happened: nothing is left out any more."""
        self._size = Size(0, 0)
        self._lines: dict[int, dict[int, tuple[int, str, Sixels]]] = {}

    def forget(self) -> None:
        """The screen may hold something else now: after a suspend, or another program's output."""
        self._lines.clear()
        if self._easel is not None:
            self._easel.forget()

    def changes(self, placed: Placed, size: Size, colors: ColorSystem) -> str:
        """What must be written so that the screen shows `placed`."""
        if size != self._size:
            self._size = size
            self._lines.clear()
        easel = None if self._easel is None or self._easel.is_bare() else self._easel
        out = []
        for line, column, strip in placed:
            width = strip.cell_length
            if not width:
                continue
            to_edge = self._erases and column + width >= size.width
            text = encode(strip, colors, column=column, to_edge=to_edge, easel=easel)
            # below a picture in the last line a terminal would scroll
            sixels: Sixels = easel.sixels(strip, column) if easel is not None and line < size.height - 1 else ()
            row = self._lines.setdefault(line, {})
            if row.get(column) == (width, text, sixels):
                continue
            for other in [x for x, (wide, _, _) in row.items() if x < column + width and column < x + wide]:
                del row[other]
            row[column] = (width, text, sixels)
            out.append(f"\x1b[{line + 1};{column + 1}H{text}")
            out += [f"\x1b[{line + 1};{at + 1}H{drawn}" for at, drawn in sixels]
        return (easel.preface() if easel is not None else "") + "".join(out)


class Terse(CompositorUpdate):
    """An update that writes only what differs from what is on the screen."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, shadow: Shadow, size: Size) -> None:
        self._update, self._shadow, self._size = update, shadow, size

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        colors = console._color_system
        if self._shadow.is_broken or colors is None:
            return self._update.render_segments(console)
        try:
            return self._shadow.changes(placed(self._update), self._size, colors)
        except Exception:  # noqa: BLE001 - private parts of the toolkit: after any surprise its own way is the right one
            self._shadow.is_broken = True
            log.warning("Something about the display is not as expected; the stock one is used from now on.")
            return self._update.render_segments(console)


def placed(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """What the toolkit's two kinds of update draw, and where."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, left, right in update.spans:
        for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if piece is None or x > right or end <= left:
                continue
            if right > x >= left and end <= right:
                yield y, x, piece
            else:
                yield y, x, piece.crop(0, min(end, right) - x)


def fits() -> bool:
    """Whether the toolkit still draws in the two ways that `placed` knows; a tiny picture is tried."""
    strip = Strip([Segment("a", Style(bold=True)), Segment(" b")])
    try:
        whole = LayoutUpdate([[strip]], Region(0, 0, 3, 1))
        drawn = Shadow().changes(placed(whole), Size(3, 1), ColorSystem.TRUECOLOR)
        part = ChopsUpdate([{0: strip}], [(0, 0, 3)], [[3]])
        again = Shadow().changes(placed(part), Size(3, 1), ColorSystem.TRUECOLOR)
    except (AttributeError, TypeError, ValueError, KeyError, IndexError):
        return False  # another version with other private parts: the stock display is used
    return drawn == again == "\x1b[1;1H\x1b[1ma\x1b[0m b"
