"""Documents made of others: with what was read before folded, and several one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from .document import Block, Document, Fold, Run

_FEWEST = 2
"""Lines that are worth a fold."""
_CONTEXT = 2
"""Lines above an answer that stay open: what it answers."""


def without_seen(document: Document, seen: Collection[int]) -> Document:
    """The document with these blocks folded, `6 lines read before`; never all of it, and no fold within another."""
    blocks = list(document.blocks)
    if not seen or all(at in seen for at, block in enumerate(blocks) if block.kind != "gap"):
        return document
    folds = list(document.folds)
    at = 0
    while at < len(blocks):
        start = at
        while at < len(blocks) and at in seen and not blocks[at].fold:
            at += 1
        stop = _before_answer(blocks, start, at) if at > start else at
        count = sum(block.kind != "gap" for block in blocks[start:stop])
        if count >= _FEWEST:
            folds.append(Fold(f"{count} lines read before", "seen"))
            blocks[start:stop] = [replace(block, fold=len(folds)) for block in blocks[start:stop]]
        at = max(at, start + 1)
    return replace(document, blocks=tuple(blocks), folds=tuple(folds))


def _before_answer(blocks: Sequence[Block], start: int, end: int) -> int:
    """Where the fold ends: what is answered right below it stays in sight."""
    after = next((blocks[at] for at in range(end, len(blocks)) if blocks[at].kind != "gap"), None)
    while end > start and blocks[end - 1].kind == "gap":
        end -= 1
    if after is None or end == start or after.quote >= blocks[end - 1].quote or after.kind == "signature":
        return end
    left = _CONTEXT
    while end > start and left:
        end -= 1
        left -= blocks[end].kind != "gap"
    return end


def joined(documents: Iterable[Document]) -> Document:
    """One behind the other; links and folds are numbered anew."""
    blocks: list[Block] = []
    links: list[str] = []
    folds: list[Fold] = []
    notes: list[str] = []
    for document in documents:
        blocks += [_moved(block, len(links), len(folds)) for block in document.blocks]
        links += document.links
        folds += document.folds
        notes += document.notes
    return Document(blocks=tuple(blocks), links=tuple(links), folds=tuple(folds), notes=tuple(dict.fromkeys(notes)))


def _moved(block: Block, links: int, folds: int) -> Block:
    if not (links or folds):
        return block
    rows = tuple(tuple(replace(cell, runs=_runs(cell.runs, links)) for cell in row) for row in block.rows)
    fold = block.fold + folds if block.fold else 0
    return replace(block, runs=_runs(block.runs, links), rows=rows, fold=fold)


def _runs(runs: tuple[Run, ...], links: int) -> tuple[Run, ...]:
    return tuple(replace(run, link=run.link + links) if run.link else run for run in runs)
