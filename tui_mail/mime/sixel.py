"""Colours of a palette as sixels, the pictures of the VT340 that many terminals draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST_COLOURS = 256
_BAND = 6
"""Rows of pixels that one character stands for."""
_PLUS_63 = bytes((octet + 63) & 255 for octet in range(256))
_SAME = re.compile(rb"(.)\1{3,}", re.S)


def encode(width: int, height: int, palette: Sequence[Sequence[int]], pixels: bytes) -> str:
    """One picture: `pixels` are places in the palette, row by row. The cursor's cell is its upper left corner."""
    bands = "-".join(_band(width, height, top, pixels) for top in range(0, height, _BAND))
    used = "".join(f"#{place};2;{_percent(palette[place])}" for place in sorted(set(pixels)))
    return f'\x1bP0;1;0q"1;1;{width};{height}{used}{bands}\x1b\\'


def _percent(colour: Sequence[int]) -> str:
    return ";".join(str(round(part * 100 / 255)) for part in colour)


def _band(width: int, height: int, top: int, pixels: bytes) -> str:
    rows = [pixels[row * width : (row + 1) * width] for row in range(top, min(top + _BAND, height))]
    return "$".join(_colours(width, rows))


def _colours(width: int, rows: Sequence[bytes]) -> Iterator[str]:
    """The six rows once for each colour in them."""
    for place in sorted(set(b"".join(rows))):
        bits = 0
        for number, row in enumerate(rows):
            table = bytearray(256)
            table[place] = 1 << number
            bits |= int.from_bytes(row.translate(bytes(table)))
        drawn = bits.to_bytes(width).rstrip(b"\0").translate(_PLUS_63)
        yield f"#{place}{_SAME.sub(_repeated, drawn).decode('ascii')}"


def _repeated(match: re.Match[bytes]) -> bytes:
    return b"!%d%s" % (len(match[0]), match[1])
