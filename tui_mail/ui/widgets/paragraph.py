"""Puts together again what a letter's writer broke at a column, where a view is narrower than that column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from rich.cells import cell_len

from tui_mail.model.document import Block, Run

_COLUMNS = range(56, 101)
"""Where writers and their programs break lines: shorter ones are short because it was meant, longer ones are whole."""
_USUAL = 66
"""Cells that nobody's program fills to the last where no other line of the letter shows its column."""
_LEAST_WORDS = 4
_WHOLE_WORDS = 12
"""Words of a line beyond all columns that was not broken at all."""
_SURE = 4
"""Full lines that make good for one which nothing explains, and lines of which prose is sure."""
_RARE = 10
"""Of so many lines one may be longer than the column: a command, an address."""
_SHORT = 30
"""A line of fewer cells was not broken because it was full."""
_MOST = 60
"""Lines on each side that are looked at, and lines that are put together, at once."""
_BEGINS = re.compile(r"[^\w\s\"'(\[<«„“‘¿¡@/$€£…–—]|[-–—*+•] |\(?\w{1,3}[.)] |[\w-]{1,20}: ?(?!//)|<\S+@")
"""A line that is one of a list, a field of somebody's header, or an address by itself."""
_DATUM = re.compile(r"\S*\d\S*\s|\w{2,20} +\d\S*\s")
"""A line that begins with a number or a day; two of them in a row are entries of a log or a list."""
_AMOUNT = re.compile(r"\d[\d.,:]*(?: ?[%€$£]| [A-Z]{3})?\Z")
"""How a row of a table ends; two of them in a row are one."""
_CODE = re.compile(
    r"[{}\\]|[=!<>+-]=|(?<!<)[-=]>|::|:=|&&|\|\||</?\w[^<>@:]*>|<\w+ \w+=|\S\|| \| |%[sd]\b|\w\[\w*\]"
    r"|[\w.\[\]]{1,40} [-+*/|&:]?= "
    r"|^ *(?:SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|(?:LEFT |INNER )?JOIN|VALUES|GROUP BY|ORDER BY|SET|CREATE) "
)
"""What stands in a line of a program, of a query or of a page's source, and hardly in a sentence."""
_ENDS = (":", ";", "{", "}", "\\", "=", "|", "--")
_STOPS = re.compile(r"[.!?:…][\"'’”»)\]]*\Z")
"""The end of a sentence, where a paragraph may end too."""


def paragraph(blocks: Sequence[Block], at: int, width: int) -> tuple[Block, int]:
    """The block at `at` with those behind it that go on in the same sentence, and how many they are.

    A line was broken by a program where the next word would have been too long for the longest of its lines; in a view
    of `width` cells that is narrower, line after line would break twice. Where it is not sure that a program did it,
    every line stays as it was written: verses, lists, tables and programs are worse joined than prose is broken.
    """
    block = blocks[at]
    room = width - 2 * block.quote
    if not _is_plain(block) or cell_len(block.text) < _SHORT or at + 1 == len(blocks):
        return block, 1
    if not _goes_on(block.text, blocks[at + 1].text, room):
        return block, 1  # nor would it for the longest line; most lines end here, before the others are measured
    before = [*takewhile(lambda one: _belongs(one, block), reversed(blocks[max(0, at - _MOST) : at]))][::-1]
    lines = [*takewhile(lambda one: _belongs(one, block), blocks[at : at + _MOST])]
    texts = [line.text for line in (*before, *lines)]
    longest = max(map(cell_len, texts))
    if longest <= room or longest not in _COLUMNS or not _is_prose(texts, longest):
        return block, 1
    here = texts[len(before) :]
    count = 1 + sum(1 for _ in takewhile(lambda pair: _goes_on(*pair, longest), pairwise(here)))
    if count < 2 or not _is_end(here, count, longest):
        return block, 1
    if count == 2 and not _is_at_column(here, _around(blocks, at, block)):
        return block, 1
    runs = [run for line in lines[:count] for run in (Run(" "), *line.runs)]
    return replace(block, runs=tuple(runs[1:])), count


def _is_plain(block: Block) -> bool:
    return block.kind == "text" and not block.first and not block.rest and bool(block.runs)


def _belongs(one: Block, block: Block) -> bool:
    """Whether a line may be of the same paragraph."""
    return _is_plain(one) and (one.quote, one.fold) == (block.quote, block.fold)


def _goes_on(line: str, following: str, longest: int) -> bool:
    """Whether the line is full, and neither of the two is of a kind that is never broken by a program."""
    if len(line) >= _COLUMNS.stop or len(following) >= _COLUMNS.stop:
        return False
    if line.count(" ") < _LEAST_WORDS or line.endswith(_ENDS) or following[:1].isspace():
        return False
    if not _is_full(line, following, longest):
        return False
    if line.split(" ", 2)[:2] == following.split(" ", 2)[:2]:
        return False  # entries of a log
    if (_DATUM.match(line) and _DATUM.match(following)) or (_AMOUNT.search(line) and _AMOUNT.search(following)):
        return False
    if _STOPS.search(line) and " " not in following:
        return False  # an address by itself, behind the sentence that tells of it
    return not (_BEGINS.match(following) or _CODE.search(line) or _CODE.search(following))


def _is_full(line: str, following: str, longest: int) -> bool:
    """Whether the first word of the next line would have been too much for this one."""
    return cell_len(line) + 1 + cell_len(following.split(" ", 1)[0]) > longest


def _is_prose(texts: Sequence[str], longest: int) -> bool:
    """Whether these lines, without a blank one between them, are sentences that a program broke: where one does not go
    on, that is the end of a sentence, or something else begins; and most do not begin as a verse does."""
    going, capitals, unexplained = 0, 0, 0
    for number, (one, other) in enumerate(pairwise(texts)):
        if _goes_on(one, other, longest):
            going += 1
            capitals += _is_capital(other)
        elif not (_is_explained(one, other) or (number == 0 and one.endswith(","))):
            unexplained += 1
    return unexplained * _SURE <= going and (going < 2 or capitals * 4 < going * 3)


def _is_explained(one: str, other: str) -> bool:
    """Whether a sentence may end with the one line, or something else than a sentence stands there."""
    if cell_len(one) < _SHORT or one.endswith(_ENDS) or not any(letter.isalnum() for letter in one):
        return True
    return bool(_STOPS.search(one) or _BEGINS.match(other) or _CODE.search(one) or _CODE.search(other))


def _is_end(texts: Sequence[str], count: int, longest: int) -> bool:
    """Whether so many lines may be all of a paragraph: a list that fills its lines by chance ends like any of them."""
    last = texts[count - 1]
    if _STOPS.search(last) or last.endswith(_ENDS):
        return True
    if count == len(texts):
        return count == _MOST or cell_len(last) * 4 < longest * 3
    return count >= _SURE and _is_full(last, texts[count], longest)  # cut before what only looks like something else


def _is_at_column(texts: Sequence[str], around: Sequence[Block]) -> bool:
    """Whether the first of two lines is as full as others of the letter are, which alone the two do not show."""
    line, following = texts[:2]
    if line.endswith((".", "!", "?", ",")) and _is_capital(following):
        return False
    full = cell_len(line) + 1 + cell_len(following.split(" ", 1)[0])
    others = [(cell_len(one.text), one.text) for one in around if one.text not in texts[:2]]
    if any(length not in _COLUMNS and text.count(" ") >= _WHOLE_WORDS for length, text in others):
        return False
    columns = [length for length, _ in others if length in _COLUMNS] or [_USUAL]
    return sum(length >= full for length in columns) * _RARE <= len(columns)


def _around(blocks: Sequence[Block], at: int, block: Block) -> list[Block]:
    near = blocks[max(0, at - _MOST) : at + _MOST]
    return [one for one in near if _is_plain(one) and one.quote == block.quote]


def _is_capital(text: str) -> bool:
    first = next((letter for letter in text if letter.isalnum()), "")
    return first.isupper() or first.isdigit()
