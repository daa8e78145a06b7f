"""Letters to read in tests of the screens, without a parser."""

from __future__ import annotations

from tui_mail.model.address import Address
from tui_mail.model.document import Block, Document, Run
from tui_mail.model.folder import FolderId
from tui_mail.model.message import Attachment, Message, MessageId, Summary

ANN = Address("Ann Example", "ann@example.org")
BOB = Address("Bob", "bob@example.org")
NOON = 1_795_435_200


def told(*lines: str) -> Document:
    return Document(tuple(Block("text", (Run(line),)) if line else Block("gap") for line in lines))


def message(subject: str = "Lunch", *lines: str, attachments: tuple[Attachment, ...] = ()) -> Message:
    body = lines or ("See you at noon.",)
    return Message(
        headers=(("Received", "from here"), ("From", str(BOB)), ("Subject", subject)),
        sender=BOB,
        reply_to=(),
        to=(ANN,),
        cc=(),
        bcc=(),
        subject=subject,
        date=NOON,
        message_id="<lunch@example.org>",
        in_reply_to=(),
        references=(),
        text="\n".join(body),
        html="",
        document=told(*body),
        attachments=attachments,
    )


def row(id: int = 1, subject: str = "Lunch") -> Summary:
    return Summary(MessageId(id), "work", FolderId(1), BOB, (ANN,), subject, NOON, 1000, frozenset())
