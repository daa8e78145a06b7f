"""A letter as the screens show it, but as text: the same functions, without colours and folds."""

from __future__ import annotations

from collections.abc import Iterator

from tui_mail.mime.inside import insight
from tui_mail.model.document import Block, Document, Run
from tui_mail.model.folder import FolderId
from tui_mail.model.message import Message, MessageId, Summary
from tui_mail.ui.widgets import letterhead, message_row
from tui_mail.ui.widgets.layout import lay_out
from tui_mail.ui.widgets.paragraph import paragraph

_UNBROKEN = 10_000
"""Cells of a line that nobody asked to break."""
_RULE = 40
"""Cells of a ruler among those."""
_LIST = 80
"""Cells of a row of the list."""


def entry(message: Message, *, size: int, now: float, width: int = 0) -> str:
    """The row of the list; a letter without a date stands there at `now`, when it came."""
    row = Summary(
        id=MessageId(1),
        account="",
        folder=FolderId(1),
        sender=message.sender,
        to=message.to,
        subject=message.subject,
        date=int(now) if message.date is None else message.date,
        size=size,
        flags=frozenset(),
        has_attachment=any(not one.inline for one in message.attachments),
    )
    return message_row.words(row, width or _LIST, now)


def page(raw: bytes, message: Message, width: int) -> Iterator[str]:
    """What the reader has from top to bottom: head, what is to be known, invitations and the like, text."""
    return lines(letterhead.letter(message, message.document, insight=insight(raw, message)), width)


def notes(raw: bytes, message: Message) -> list[str]:
    """What was repaired or hidden, what is damaged, what is doubtful."""
    found = list(message.notes)
    told = {note[:1].lower() + note[1:].rstrip(". ") for note in found}
    found += [f"{one.name}: {one.damage}" for one in message.attachments if one.damage]
    concerns = [one.words for one in insight(raw, message).concerns if one.words not in told]
    return found + [words[:1].upper() + words[1:] for words in concerns]


def lines(document: Document, width: int = 0) -> Iterator[str]:
    """The lines of a document, quotes marked with `>`; 0 breaks none."""
    number = 0
    while number < len(document.blocks):
        room = width or (_RULE if document.blocks[number].kind == "rule" else _UNBROKEN)
        block, count = paragraph(document.blocks, number, room)
        for line in lay_out(block, number, room):
            yield ("> " * line.quote + line.text).rstrip()
        number += count


def links(document: Document) -> list[tuple[str, str]]:
    """What is shown of each link, and where it leads."""
    shown: dict[int, str] = {}
    for block in document.blocks:
        for run in _runs(block):
            if run.link:
                shown[run.link] = shown.get(run.link, "") + run.text
    return [(shown.get(number, ""), target) for number, target in enumerate(document.links, 1)]


def _runs(block: Block) -> Iterator[Run]:
    yield from block.runs
    for row in block.rows:
        for cell in row:
            yield from cell.runs
