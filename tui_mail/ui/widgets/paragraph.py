"""Puts together again what a letter's writer broke at a column, where a view is narrower than that column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from rich.cells import cell_len

from tui_mail.model.document import Block, Run

_COLUMNS = range(56, 101)
"""Where writers and their programs break lines: shorter ones are short because it was meant, longer ones are whole."""
_LEAST_WORDS = 4
_SHORT = 30
"""A line of fewer cells was not broken because it was full."""
_MOST = 60
"""Lines that are looked at, and put together, at once."""
_BEGINS = re.compile(r"[^\w\s\"'(\[<«„“‘¿¡@/$€£…–—]|[-–—*+•] |\(?\w{1,3}[.)] |[\w-]{1,20}: ")
"""A line that is one of a list, or a field of somebody's header."""
_DATUM = re.compile(r"\S*\d\S*\s|\w{2,20} +\d\S*\s")
"""A line that begins with a number or a day; two of them in a row are entries of a log or a list."""
_SETS = re.compile(r"[\w.\[\]]{1,40} [-+*/|&:]?= ")
"""A line of a program."""
_ENDS = (":", ";", "{", "}", "\\", "=", "|")


def paragraph(blocks: Sequence[Block], at: int, width: int) -> tuple[Block, int]:
    """The block at `at` with those behind it that go on in the same sentence, and how many they are.

    A line was broken by a program where the next word would have been too long for the longest of its lines; in a view
    of `width` cells that is narrower, line after line would break twice.
    """
    block = blocks[at]
    room = width - 2 * block.quote
    if not _is_plain(block) or cell_len(block.text) < _SHORT or at + 1 == len(blocks):
        return block, 1
    if not _goes_on(block.text, blocks[at + 1].text, room):
        return block, 1  # nor would it for the longest line; most lines end here, before the others are measured
    lines = [*takewhile(lambda one: _is_plain(one) and _place(one) == _place(block), blocks[at : at + _MOST])]
    texts = [line.text for line in lines]
    longest = max(map(cell_len, texts))
    if longest <= room or longest not in _COLUMNS:
        return block, 1
    count = 1
    while count < len(lines) and _goes_on(texts[count - 1], texts[count], longest):
        count += 1
    runs = [run for line in lines[:count] for run in (Run(" "), *line.runs)]
    return replace(block, runs=tuple(runs[1:])), count


def _is_plain(block: Block) -> bool:
    return block.kind == "text" and not block.first and not block.rest and bool(block.runs)


def _place(block: Block) -> tuple[int, int]:
    return block.quote, block.fold


def _goes_on(line: str, following: str, longest: int) -> bool:
    if line.count(" ") < _LEAST_WORDS or line.endswith(_ENDS) or following[:1].isspace() or _BEGINS.match(following):
        return False
    if (_DATUM.match(line) and _DATUM.match(following)) or _SETS.match(line) or _SETS.match(following):
        return False
    return cell_len(line) + 1 + cell_len(following.split(" ", 1)[0]) > longest
