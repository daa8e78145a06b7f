"""A message from its octets: what it says, what comes with it, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui_mail.model.address import Address
from tui_mail.model.document import Block, Document
from tui_mail.model.errors import NotFound
from tui_mail.model.message import Message

from . import header, text
from .clean import clean
from .dates import parse_date
from .facts import author, date_of, list_name
from .reading import LARGEST_TEXT, Reading, Shown, enclosed
from .structure import Part, content, structure
from .telling import LARGE, told

Begun = Callable[[Message], None]
"""Takes the beginning of a letter, when the whole takes longer than a person should wait for the first screenful."""
_MOST_FIELDS = 1000
_ADDRESS_FIELDS = frozenset(
    ["from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to", "resent-cc", "mail-followup-to"]
)


def parse(raw: bytes, begun: Begun | None = None) -> Message:
    """The opened letter. Never raises: what could not be read becomes a note.

    Of a large page `begun` is given the first screens (`Document.is_beginning`) before the rest is looked at.
    """
    try:
        return _parse(raw, begun=begun)
    except Exception as error:  # noqa: BLE001  # the border of one mail: a fault of ours must not blank a folder
        return unreadable(
            raw, f"This message could not be taken apart ({type(error).__name__}): it is shown as it came."
        )


def part(raw: bytes, number: str) -> bytes:
    """The decoded octets of one leaf, or of a file within its text (`1:2`); all of it where `number` is empty.

    Raises NotFound.
    """
    if not number:
        return raw
    place, colon, within = number.partition(":")
    for leaf in structure(raw).leaves():
        if leaf.number == place:
            return enclosed(leaf, within) if colon else content(leaf)[0]
    raise NotFound(f"This message has no part {number}.")


def encoded(raw: bytes, number: str) -> bytes:
    """The octets of one part as they stand in the message, still encoded; `HEADER` is its header. Raises NotFound."""
    if number == "HEADER":
        return header.split(raw)[0]
    for leaf in structure(raw).leaves():
        if leaf.number == number:
            return leaf.body
    raise NotFound(f"This message has no part {number}.")


def unreadable(raw: bytes, note: str) -> Message:
    """What is shown of a message that cannot be taken apart: its octets as text, and the note that says why."""
    words = clean(raw[:LARGEST_TEXT].decode("utf-8", "replace"), lines=True)
    blocks = tuple(Block("pre", text.plain(one)) for one in words.split("\n"))
    return _message([], words, "", Document(blocks, (), (note,)), Reading(notes=[note]))


def _parse(raw: bytes, *, is_inner: bool = False, begun: Begun | None = None) -> Message:
    head, _ = header.split(raw)
    found = header.fields(head)
    root = structure(raw)
    reading = Reading()
    if odd := header.odd_lines(head):
        reading.notes.append(_oddities(odd))
    if len(found) > _MOST_FIELDS:
        reading.notes.append(f"This message has {len(found)} header fields: {_MOST_FIELDS} are shown.")
    reading.read(root)
    if not reading.shown and not is_inner:
        _show_attached(root, reading)
    subject = next((value for name, value in found if name.lower() == "subject"), b"")
    title = header.decode(subject)
    if begun is not None and any(len(one.html) > LARGE for one in reading.shown):
        first = told(reading.shown, title, only_first=True)
        if first[2].is_beginning:
            begun(_message(found, *first, reading))
    plain, source, document = told(reading.shown, title)
    return _message(found, plain, source, document, reading)


def _oddities(lines: list[bytes]) -> str:
    first = header.decode(lines[0])[:60]
    if len(lines) == 1:
        return f"A line of the header is no field: “{first}”"
    return f"{len(lines)} lines of the header are no fields, the first: “{first}”"


def _message(found: list[tuple[str, bytes]], plain: str, source: str, document: Document, reading: Reading) -> Message:
    every: dict[str, list[bytes]] = {}
    for name, value in found:
        every.setdefault(name.lower(), []).append(value)

    def first(name: str) -> bytes:
        return every.get(name, [b""])[0]

    def people(name: str) -> tuple[Address, ...]:
        return tuple(one for value in every.get(name, ()) for one in header.addresses(value))

    authors = people("from")
    if len(authors) > 1:
        reading.notes.append("This message names several authors: " + ", ".join(map(str, authors[:5])))
    ids = header.message_ids(first("message-id"))
    post = header.decode(first("list-post"))
    return Message(
        headers=tuple((name, _shown_value(name, value)) for name, value in found[:_MOST_FIELDS]),
        sender=author(authors or people("sender")),
        authors=authors,
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        bcc=people("bcc"),
        subject=header.decode(first("subject")),
        date=_date(first("date"), first("received")),
        message_id=ids[0] if ids else "",
        in_reply_to=header.message_ids(first("in-reply-to")),
        references=header.message_ids(first("references")),
        text=plain,
        html=source,
        document=document,
        attachments=tuple(reading.attachments),
        list_id=list_name(first("list-id")),
        list_post=post_match[1] if (post_match := re.search(r"<mailto:([^<>?\s]+@[^<>?\s]+)", post, re.I)) else "",
        notes=tuple(dict.fromkeys((*reading.notes, *document.notes))),
    )


def _date(date: bytes, received: bytes) -> int | None:
    """As in the list; a day before there was mail is shown as it was written."""
    when = date_of(date, received)
    return parse_date(date.decode("latin-1")) if when is None and date else when


def _shown_value(name: str, value: bytes) -> str:
    """A field as it is shown; in address fields words are decoded in names only, so that no address can be faked."""
    if name.lower() in _ADDRESS_FIELDS and (b"=?" in value or not value.isascii()):
        return ", ".join(map(str, header.addresses(value)))
    return header.decode(value)


def _show_attached(root: Part, reading: Reading) -> None:
    """Where a message has nothing but attachments, its first messages or a small text are shown all the same."""
    inner = [leaf for leaf in root.leaves() if leaf.type in ("message/rfc822", "message/global")]
    for leaf in inner[:_MOST_INNER]:
        message = _parse(content(leaf)[0], is_inner=True)
        lines = [f"{name}: {value}" for name in ("From", "Date", "Subject") if (value := message.header(name))]
        reading.shown.append(Shown(text="\n".join([*lines, "", message.text or message.document.text])))
    if inner:
        return
    for leaf in root.leaves():
        if leaf.type.startswith("text/") and len(leaf.body) < 100_000:
            reading.show(leaf)
            return


_MOST_INNER = 20
