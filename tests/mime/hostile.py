"""What the reader would show for a message, as one dictionary: for checks that know nothing of this program."""

from __future__ import annotations

import importlib

from tui_mail.cli import rendering
from tui_mail.mime.build import build
from tui_mail.mime.clean import safe_file_name
from tui_mail.mime.parse import parse
from tui_mail.mime.reply import reply
from tui_mail.model.address import Address
from tui_mail.model.draft import DraftId, Enclosure
from tui_mail.model.errors import MailError
from tui_mail.model.message import Message

NOW = 1_700_000_000
WIDTH = 100
OWN = Address("Alice", "alice@example.org")


def render(raw: bytes) -> dict[str, object]:
    """`list`, `headers`, `text`, `links`, `attachments` and `reply`, from the functions that the program uses."""
    message = parse(raw)
    return {
        "list": rendering.entry(message, size=len(raw), now=NOW),
        "headers": "\n".join(f"{name}: {value}" for name, value in message.headers),
        "text": "\n".join(rendering.page(raw, message, WIDTH)),
        "links": rendering.links(message.document),
        "attachments": names(message),
        "reply": answer(message),
    }


def names(message: Message) -> list[str]:
    """Names as `save all` would use them: none twice."""
    taken: list[str] = []
    for attachment in message.attachments:
        name = safe_file_name(attachment.name)
        stem, dot, suffix = name.rpartition(".")
        number = 1
        while name.casefold() in (one.casefold() for one in taken):
            number += 1
            name = f"{stem} ({number}){dot}{suffix}" if dot else f"{suffix} ({number})"
        taken.append(name)
    return taken


def answer(message: Message) -> bytes | None:
    """A whole reply as it would be sent, or None where there is nobody to answer."""
    draft = reply(message, id=DraftId("1"), account="a", own=[OWN], everyone=False, signature="", source=1)
    try:
        return build(draft, sender=OWN, now=NOW, load=_nothing).wire
    except MailError:
        return None


def _nothing(enclosure: Enclosure) -> bytes:
    raise FileNotFoundError


_EVERYTHING = (
    b"From: Bob <bob@example.org>\r\nTo: a@b.example\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>a<table><tr><th>a</table>\r\n"
    b"--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--\r\n"
)


def _import_all() -> None:
    """What is imported late in the program is imported now: nobody who watches files being written shall see that."""
    for name in ("card", "invite", "report", "tables", "trust", "unsubscribe", "codes", "uuencode"):
        importlib.import_module(f"tui_mail.mime.{name}")
    render(_EVERYTHING)


_import_all()
