"""What of a document stands behind one line at first: long quotes, originals under an answer, armor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tui_mail.model.document import Block, Document, Fold, Why

LONGEST_QUOTE = 12
"""Lines of a quote that stay open."""
_CONTEXT = 3
"""Lines above an answer that stay open: what it answers."""
_WIDTH = 80
_ORIGINAL = re.compile(r"\s*-{2,}\s*(?:original|ursprüngliche|message d['’]origine|mensaje original)\b", re.I)
_FIELD = re.compile(r"\*?[^\W\d_][\w ]{1,14}\*?\s?:\*?\s|-{2,}")
_FORWARD = re.compile(r"\s*(?:\[.{1,30}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|vs|doorst)\s*:", re.I)
_FROM = re.compile(r"(?:from|von|de|da|från|fra|van|от)\s?:\s", re.I)
_BEGINNINGS = ("-", "from", "von", "de", "da", "från", "fra", "van", "от")
"""One of these two begins so; most lines do not, and cost no more than that."""
_SENT = re.compile(r"(?:sent|date|gesendet|datum|envoyé|enviado|inviato|skickat|sendt|verzonden|дата)\s?:\s", re.I)


def folded(document: Document, subject: str = "") -> Document:
    """The document with long quotes and the like folded; what is forwarded, or is all there is, stays open."""
    blocks = list(document.blocks)
    folds = list(document.folds)
    for start, end, words, why in _found(blocks, is_forward=_FORWARD.match(subject) is not None):
        folds.append(Fold(words, why))
        for at in range(start, end):
            blocks[at] = replace(blocks[at], fold=len(folds))
    return replace(document, blocks=tuple(blocks), folds=tuple(folds))


def _found(blocks: Sequence[Block], *, is_forward: bool) -> Iterator[tuple[int, int, str, Why]]:
    """Where folds begin and end, what stands for each, and why."""
    spoken = next((at for at, block in enumerate(blocks) if _is_said(block)), len(blocks))
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.kind == "armor":
            end = _end(blocks, at, lambda one: one.kind == "armor")
            if end - at > 3:
                yield at + 1, end - 1, f"{end - at - 2} lines of armor", "armor"
            at = end
        elif block.quote:
            end = _end(blocks, at, lambda one: one.quote > 0 or one.kind == "gap")
            yield from _quote(blocks, at, end, spoken)
            at = end
        elif spoken < at and not is_forward and (head := _original(blocks, at)):
            count = _lines(blocks[head:])
            if count > LONGEST_QUOTE:
                yield head, len(blocks), f"{count} lines of the original message", "quote"
                return
            at = head
        else:
            at += 1


def _quote(blocks: Sequence[Block], start: int, end: int, spoken: int) -> Iterator[tuple[int, int, str, Why]]:
    """The fold of one quote; its last lines stay where an answer follows."""
    while end > start and not blocks[end - 1].quote:
        end -= 1
    count = _lines(blocks[start:end])
    is_answered = any(_is_said(block) for block in blocks[end : end + 6])
    if count <= LONGEST_QUOTE or (spoken > start and not is_answered):
        return
    stop = end
    while is_answered and stop > start and _lines(blocks[stop - 1 : end]) <= _CONTEXT:
        stop -= 1
    hidden = _lines(blocks[start:stop])
    if hidden > _CONTEXT:
        yield start, stop, f"{hidden} quoted lines", "quote"


def _end(blocks: Sequence[Block], at: int, holds: Callable[[Block], bool]) -> int:
    while at < len(blocks) and holds(blocks[at]):
        at += 1
    return at


def _is_said(block: Block) -> bool:
    """Whether these are words of the writer's own: no quote, no signature, not the line that names who is quoted."""
    if block.quote or block.kind not in ("text", "pre", "heading", "table", "added"):
        return False
    return block.kind == "table" or not (block.text.rstrip().endswith(":") or _FIELD.match(block.text))


def _original(blocks: Sequence[Block], at: int) -> int:
    """Where the text of an original begins whose header (From, Sent, …) or ruler is at `at`; 0 for none."""
    if not blocks[at].runs or not blocks[at].runs[0].text[:6].lstrip().lower().startswith(_BEGINNINGS):
        return 0
    start = at
    if blocks[at].kind == "text" and _ORIGINAL.match(blocks[at].text):
        start = at + 1
    elif not (_FROM.match(blocks[at].text) and any(_SENT.match(one.text) for one in blocks[at : at + 6])):
        return 0
    after = start
    while after < min(len(blocks), start + 8) and _FIELD.match(blocks[after].text):
        after += 1
    return after


def _lines(blocks: Sequence[Block]) -> int:
    """About how many lines these take on the screen; blank ones do not count."""
    return sum(
        len(block.rows) if block.kind == "table" else -(-len(block.text) // _WIDTH)
        for block in blocks
        if block.kind != "gap"
    )
