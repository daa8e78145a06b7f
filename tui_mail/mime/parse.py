"""A message from its octets: what it says, what comes with it, and what could not be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from tui_mail.model.address import Address
from tui_mail.model.document import Block, Document
from tui_mail.model.errors import NotFound
from tui_mail.model.message import Attachment, Message

from . import charset, header, text
from .clean import clean, line
from .facts import author, date_of, list_name
from .flowed import unflow
from .structure import Part, content, structure

LARGEST_TEXT = 4_000_000
"""Octets of one text part that are decoded."""
_MOST_FIELDS = 1000
_ADDRESS_FIELDS = frozenset(
    ["from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-to", "resent-cc", "mail-followup-to"]
)


def parse(raw: bytes) -> Message:
    """The opened letter. Never raises: what could not be read becomes a note."""
    try:
        return _parse(raw)
    except Exception as error:  # noqa: BLE001  # the border of one mail: a fault of ours must not blank a folder
        return _unreadable(
            raw, f"This message could not be taken apart ({type(error).__name__}): it is shown as it came."
        )


def part(raw: bytes, number: str) -> bytes:
    """The decoded octets of one leaf; the whole message where `number` is empty. Raises NotFound."""
    if not number:
        return raw
    for leaf in structure(raw).leaves():
        if leaf.number == number:
            return content(leaf)[0]
    raise NotFound(f"This message has no part {number}.")


@dataclass(slots=True)
class _Shown:
    """One stretch of the letter in the forms in which it came."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class _Reading:
    """What is gathered on the walk."""

    shown: list[_Shown] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _parse(raw: bytes, *, is_inner: bool = False) -> Message:
    head, _ = header.split(raw)
    found = header.fields(head)
    root = structure(raw)
    reading = _Reading()
    _read(root, reading)
    if not reading.shown and not is_inner:
        _show_attached(root, reading)
    if len(found) > _MOST_FIELDS:
        reading.notes.append(f"This message has {len(found)} header fields: {_MOST_FIELDS} are shown.")
    plain, source, document = _told(reading.shown)
    return _message(found, plain, source, document, reading)


def _unreadable(raw: bytes, note: str) -> Message:
    words = clean(raw[:LARGEST_TEXT].decode("utf-8", "replace"), lines=True)
    blocks = tuple(Block("pre", text.plain(one)) for one in words.split("\n"))
    document = Document(blocks, (), (note,))
    return _message([], words, "", document, _Reading(notes=[note]))


def _message(found: list[tuple[str, bytes]], plain: str, source: str, document: Document, reading: _Reading) -> Message:
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
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        bcc=people("bcc"),
        subject=header.decode(first("subject")),
        date=date_of(first("date"), first("received")),
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


def _shown_value(name: str, value: bytes) -> str:
    """A field as it is shown; in address fields words are decoded in names only, so that no address can be faked."""
    if name.lower() in _ADDRESS_FIELDS and (b"=?" in value or not value.isascii()):
        return ", ".join(map(str, header.addresses(value)))
    return header.decode(value)


def _read(node: Part, reading: _Reading) -> None:
    """Walks the tree; at most 30 deep, which `structure` sees to."""
    reading.notes += node.notes
    if node.type == "multipart/alternative" and node.children:
        _read_alternative(node, reading)
    elif node.children:
        for child in node.children:
            _read(child, reading)
    elif _is_shown(node, reading):
        _show(node, reading)
    else:
        reading.attachments.append(_attachment(node))
        if node.type in ("message/partial", "message/external-body"):
            reading.notes.append(_ELSEWHERE[node.type])


_ELSEWHERE = {
    "message/partial": "This is one piece of a message that was sent in several; it is not put together.",
    "message/external-body": "A part of this message stands elsewhere; it is not fetched.",
}


def _read_alternative(node: Part, reading: _Reading) -> None:
    """The last text and the last HTML among the tellings (the best ones, RFC 2046 section 5.1.4)."""
    best = _Shown()
    for child in node.children:
        telling = _Reading(notes=reading.notes)
        _read(child, telling)
        reading.attachments += telling.attachments
        sources = "\n".join(one.html for one in telling.shown if one.html)
        plain = "\n".join(one.text for one in telling.shown if one.text)
        best.html = sources or best.html
        if not sources:
            best.text = plain if plain.strip() else best.text
    if best.text or best.html:
        reading.shown.append(best)


_READABLE = frozenset(["text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-amp-html"])
_NEVER_SHOWN = frozenset(
    [
        "text/calendar",
        "text/x-vcard",
        "text/vcard",
        "text/directory",
        "text/csv",
        "text/rfc822-headers",
        "text/x-amp-html",
    ]
)


def _is_shown(node: Part, reading: _Reading) -> bool:
    """Whether a leaf is read rather than saved."""
    if not node.type.startswith("text/") or node.type in _NEVER_SHOWN:
        return False
    is_first = not reading.shown
    if node.disposition == "attachment":
        return is_first and not node.name and node.number in ("1", "1.1")
    return is_first or not node.name


def _show(node: Part, reading: _Reading) -> None:
    octets, damage = content(node)
    if damage:
        reading.notes.append("A text of this message is damaged. " + damage)
    if len(octets) > LARGEST_TEXT:
        octets = octets[:LARGEST_TEXT]
        reading.notes.append("A text of this message is very long: only its beginning is shown.")
    is_markup = node.type == "text/html"
    words, whole = charset.decode(octets, node.parameters.get("charset", ""), markup=is_markup)
    if not whole and "\ufffd" in words:
        reading.notes.append("Some characters could not be decoded.")
    if is_markup:
        reading.shown.append(_Shown(html=words))
        return
    if node.type in ("text/enriched", "text/richtext"):
        words = re.sub(r"<(?:[^<>]{0,200})>", "", words.replace("<<", "<"))
    words = clean(words, lines=True)
    if node.parameters.get("format", "").lower() == "flowed":
        words = unflow(words, delsp=node.parameters.get("delsp", "").lower() == "yes")
    reading.shown.append(_Shown(text=words))


def _show_attached(root: Part, reading: _Reading) -> None:
    """Where a message has nothing but attachments, its first messages or a small text are shown all the same."""
    inner = [leaf for leaf in root.leaves() if leaf.type in ("message/rfc822", "message/global")]
    for leaf in inner[:_MOST_INNER]:
        message = _parse(content(leaf)[0], is_inner=True)
        lines = [f"{name}: {value}" for name in ("From", "Date", "Subject") if (value := message.header(name))]
        reading.shown.append(_Shown(text="\n".join([*lines, "", message.text or message.document.text])))
    if inner:
        return
    for leaf in root.leaves():
        if leaf.type.startswith("text/") and len(leaf.body) < 100_000:
            _show(leaf, reading)
            return


_MOST_INNER = 20


def _told(shown: list[_Shown]) -> tuple[str, str, Document]:
    """The text, the HTML source and what the reader shows, over all stretches in their order."""
    blocks: list[Block] = []
    links: tuple[str, ...] = ()
    notes: list[str] = []
    texts: list[str] = []
    for one in shown:
        document = _best(one, links)
        if blocks and document.blocks and blocks[-1].kind != "gap":
            blocks.append(Block("gap"))
        blocks += document.blocks
        links = document.links or links
        notes += document.notes
        if one.text.strip() or not one.html:
            texts.append(one.text.strip("\n"))
        elif any(other.text.strip() for other in shown):
            texts.append(document.text)
    sources = [one.html or f"<pre>{escape(one.text)}</pre>" for one in shown if one.html or one.text.strip()]
    source = "\n<hr>\n".join(sources) if any(one.html for one in shown) else ""
    return "\n\n".join(texts), source, Document(tuple(blocks), links, tuple(dict.fromkeys(notes)))


_RICH = re.compile(r"<(?:table|h[1-6]|th|ul|ol)\b", re.I)
_STUB_WORDS = 25


def _best(one: _Shown, links: tuple[str, ...]) -> Document:
    """The text where it is a real one; the HTML where the text is missing, a stub, or a flattened newsletter."""
    if not one.html:
        return text.document(one.text, links=links)
    words = len(one.text.split())
    is_rich = len(_RICH.findall(one.html)) >= 3
    if words >= _STUB_WORDS and not is_rich:
        return text.document(one.text, links=links)
    from . import html  # imported where there is HTML: selectolax is not needed to start

    drawn = html.document(one.html, links=links)
    if words == 0:
        return drawn
    drawn_words = sum(len(block.text.split()) for block in drawn.blocks) + sum(
        len(cell.runs) for block in drawn.blocks for row in block.rows for cell in row
    )
    if drawn_words == 0:
        return text.document(one.text, links=links)
    if is_rich or drawn_words > 2 * words:
        return drawn
    return text.document(one.text, links=links)


_SUFFIXES = {
    "message/rfc822": "message.eml",
    "text/calendar": "invite.ics",
    "text/vcard": "card.vcf",
    "text/x-vcard": "card.vcf",
    "text/html": "page.html",
    "text/plain": "text.txt",
    "text/csv": "table.csv",
    "text/rfc822-headers": "headers.txt",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "notification.txt",
    "application/pdf": "document.pdf",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "application/zip": "archive.zip",
    "image/jpeg": "image.jpg",
    "image/png": "image.png",
    "image/gif": "image.gif",
}


def _attachment(node: Part) -> Attachment:
    octets, damage = content(node)
    name = re.split(r"[/\\]", node.name)[-1].strip()
    if not name and node.type == "message/rfc822":
        subject = header.decode(dict(_lower(header.fields(header.split(octets)[0]))).get("subject", b""))
        name = f"{line(subject[:60])}.eml" if subject.strip() else ""
    return Attachment(
        part=node.number,
        name=name or _SUFFIXES.get(node.type, "attachment"),
        type=node.type,
        size=len(octets),
        inline=node.disposition != "attachment"
        and bool(node.content_id or node.disposition)
        and node.type.startswith("image/"),
        damage=damage,
    )


def _lower(found: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [(name.lower(), value) for name, value in reversed(found)]
