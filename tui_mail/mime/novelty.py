"""Which paragraphs of a letter one has read already in earlier letters, however they were wrapped and quoted anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from tui_mail.model.document import Block, Document

_SHINGLE = 5
"""Words that are compared together."""
_ALIKE = 0.85
"""The share of a paragraph's stretches of words that must be known."""
_MOST_WORDS = 20_000
_WORD = re.compile(r"\w+")
_READ = ("text", "pre", "heading", "signature")


def known(document: Document) -> set[int]:
    """The stretches of words of one letter, as numbers; of what is quoted too."""
    found: set[int] = set()
    for blocks in _paragraphs(document.blocks):
        found.update(_stretches([document.blocks[at] for at in blocks]))
        if len(found) > _MOST_WORDS:
            break
    return found


def read_before(document: Document, earlier: Collection[int]) -> frozenset[int]:
    """The blocks, by their place, whose words stand in `earlier`; gaps between two such paragraphs go with them."""
    if not earlier:
        return frozenset()
    seen: set[int] = set()
    last = -1
    for blocks in _paragraphs(document.blocks):
        stretches = _stretches([document.blocks[at] for at in blocks])
        if not stretches or sum(one in earlier for one in stretches) < _ALIKE * len(stretches):
            continue
        if last >= 0 and all(document.blocks[at].kind == "gap" for at in range(last + 1, blocks[0])):
            seen.update(range(last + 1, blocks[0]))
        seen.update(blocks)
        last = blocks[-1]
    return frozenset(seen)


def _paragraphs(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Neighbours of one quote depth with no gap between them."""
    group: list[int] = []
    for at, block in enumerate(blocks):
        if block.kind in _READ and (not group or blocks[group[-1]].quote == block.quote):
            group.append(at)
            continue
        if group:
            yield group
        group = [at] if block.kind in _READ else []
    if group:
        yield group


def _stretches(blocks: Sequence[Block]) -> list[int]:
    """Every five words in a row; fewer words are one stretch, and less than two are none."""
    words = [word.lower() for block in blocks for word in _WORD.findall(block.text)][:_MOST_WORDS]
    if len(words) < 2:
        return []
    return [hash(tuple(words[at : at + _SHINGLE])) for at in range(max(1, len(words) - _SHINGLE + 1))]
