"""Sequence sets: text to ranges, sorted numbers to text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .syntax import Bad

HIGHEST = 4_294_967_295
_PIECE = re.compile(r"([1-9]\d{0,9}|\*)(?::([1-9]\d{0,9}|\*))?\Z")


def ranges(text: str, highest: int) -> list[tuple[int, int]]:
    """Inclusive ranges, sorted and merged; `*` is `highest`. Raises Bad for anything else than a set."""
    found = []
    for piece in text.split(","):
        match = _PIECE.match(piece)
        if match is None:
            raise Bad("Sequence set expected")
        low = highest if match[1] == "*" else int(match[1])
        high = low if match[2] is None else highest if match[2] == "*" else int(match[2])
        found.append((min(low, high), max(low, high)))
    found.sort()
    merged: list[tuple[int, int]] = []
    for low, high in found:
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def text(numbers: Iterable[int]) -> str:
    """The shortest set of these numbers in their order: `1:3,7`."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and pieces[-1][1] == number - 1:
            pieces[-1][1] = number
        else:
            pieces.append([number, number])
    return ",".join(f"{low}:{high}" if low != high else str(low) for low, high in pieces)
