"""Blocks put in order once all are known: no gap too many, no rulers at the edges, icons in a row, no shouting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tui_mail.model.document import Block, Emphasis, Run

_ROW = 72
"""Cells of icons that stand side by side."""
_NO_ALT = "[image]"
_BOLD: Emphasis = frozenset({"bold"})
_LONG = 400
"""Characters of a text in which bold ones stand for themselves."""
_NEARLY_ALL = 0.8
_MARKS = re.compile(r"(?:\[image\]|\[\d+\]|\s)*\Z")
"""A picture without words and the number of its link."""


def tidied(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What is to be read, in its order."""
    return _calm(tuple(_apart(_in_rows(_without_doubles(blocks)))))


def _calm(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without bold where nearly all is bold: it says nothing then, and is hard to read."""
    runs = [run for block in blocks if block.kind == "text" for run in block.runs]
    every = sum(len(run.text) for run in runs)
    bold = sum(len(run.text) for run in runs if run.emphasis >= _BOLD)
    if every < _LONG or bold < _NEARLY_ALL * every:
        return blocks
    return tuple(map(_plainer, blocks))


def _plainer(block: Block) -> Block:
    if block.kind != "text":
        return block
    return replace(block, runs=tuple(replace(run, emphasis=run.emphasis - _BOLD) for run in block.runs))


def _without_doubles(blocks: Sequence[Block]) -> Iterator[Block]:
    """Without pictures that say nothing and lead where words lead too."""
    silent = [at for at, block in enumerate(blocks) if block.runs and block.runs[0].text.startswith(_NO_ALT)]
    if not silent:
        yield from blocks
        return
    told = {run.link for block in blocks for run in block.runs if run.link and not _MARKS.match(run.text)}
    doubles = {at for at in silent if all(run.link in told and _MARKS.match(run.text) for run in blocks[at].runs)}
    yield from (block for at, block in enumerate(blocks) if at not in doubles)


def _in_rows(blocks: Iterable[Block]) -> Iterator[Block]:
    """Neighbouring lines that hold one linked picture each, as a bar of icons does, stand side by side."""
    row: list[Block] = []
    for block in blocks:
        if row and not (_is_icon(block) and _fits(row, block)):
            yield _joined(row)
            row = []
        if _is_icon(block):
            row.append(block)
        else:
            yield block
    if row:
        yield _joined(row)


def _is_icon(block: Block) -> bool:
    if block.kind != "text" or not block.runs or block.runs[0].text[:1] != "[" or block.first.strip():
        return False
    return all(run.link for run in block.runs) and len(block.text) <= _ROW // 2


def _fits(row: Sequence[Block], block: Block) -> bool:
    width = sum(len(one.text) + 2 for one in row)
    return (row[0].quote, row[0].first) == (block.quote, block.first) and width + len(block.text) <= _ROW


def _joined(row: Sequence[Block]) -> Block:
    runs = [run for block in row for run in (Run("  "), *block.runs)]
    return replace(row[0], runs=tuple(runs[1:]))


def _apart(blocks: Iterable[Block]) -> Iterator[Block]:
    """Without lines of blanks only, without gaps and rulers at the ends or beside each other."""
    held: list[Block] = []
    """What stands between two blocks of words."""
    last: Block | None = None
    for block in blocks:
        kind = block.kind
        if kind in ("text", "heading") and not any(not run.text.isspace() for run in block.runs if run.text):
            kind, block = "gap", Block("gap", quote=block.quote)
        if kind in ("gap", "rule"):
            held.append(block)
            continue
        if last is not None:
            yield from _between(last, held, block)
        yield block
        last, held = block, []


def _between(before: Block, held: Sequence[Block], after: Block) -> Iterator[Block]:
    """One gap, or one ruler, which parts as well."""
    ruler = next((block for block in held if block.kind == "rule"), None)
    if held:
        yield ruler or Block("gap", quote=min(before.quote, after.quote))
