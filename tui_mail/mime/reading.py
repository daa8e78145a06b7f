"""What of a message's tree is read and what is saved: one walk, in the order in which the sender put things."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tui_mail.model.errors import NotFound
from tui_mail.model.message import Attachment

from . import charset, header, uuencode
from .clean import clean, line
from .flowed import unflow
from .structure import Part, content

LARGEST_TEXT = 4_000_000
"""Octets of one text part that are decoded."""


@dataclass(slots=True)
class Shown:
    """One stretch of the letter in the forms in which it came."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class Reading:
    """What is gathered on the walk."""

    shown: list[Shown] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_alternative: bool = False
    """Its texts are one telling of several: nothing that somebody would save by itself."""

    def read(self, node: Part) -> None:
        """Walks the tree; at most 30 deep, which `structure` sees to."""
        self.notes += node.notes
        if node.type == "multipart/alternative" and node.children:
            self._read_alternative(node)
        elif node.children:
            for child in node.children:
                self.read(child)
        elif self._is_shown(node):
            self.show(node)
        else:
            self.attachments.append(_attachment(node))
            if node.type in _ELSEWHERE:
                self.notes.append(_ELSEWHERE[node.type])

    def _read_alternative(self, node: Part) -> None:
        """The last text and the last HTML among the tellings (the best ones, RFC 2046 section 5.1.4)."""
        best = Shown()
        for child in node.children:
            telling = Reading(notes=self.notes, is_alternative=True)
            telling.read(child)
            self.attachments += telling.attachments
            sources = "\n".join(one.html for one in telling.shown if one.html)
            plain = "\n".join(one.text for one in telling.shown if one.text)
            best.html = sources or best.html
            if not sources:
                best.text = plain if plain.strip() else best.text
        if best.text or best.html:
            self.shown.append(best)

    def _is_shown(self, node: Part) -> bool:
        """Whether a leaf is read rather than saved only."""
        if not node.type.startswith("text/") or node.type in _NEVER_SHOWN:
            return False
        is_first = not self.shown
        if node.disposition == "attachment":
            return is_first and not node.name and node.number in ("1", "1.1")
        return is_first or not node.name

    def show(self, node: Part) -> None:
        """A text to read; what has a file name, and the files written into it, can be saved as well."""
        octets, damage = content(node)
        if damage:
            self.notes.append("A text of this message is damaged. " + damage)
        if len(octets) > LARGEST_TEXT:
            octets = octets[:LARGEST_TEXT]
            self.notes.append("A text of this message is very long: only its beginning is shown.")
        if node.name and not self.is_alternative and all(one.part != node.number for one in self.attachments):
            self.attachments.append(_attachment(node))
        is_markup = node.type == "text/html"
        if not is_markup and b"begin" in octets and (files := uuencode.find(octets)):
            self.attachments += [_enclosed(node, number, one) for number, one in enumerate(files, 1)]
            octets = uuencode.without(octets, files)
        label = node.parameters.get("charset", "") or (charset.of_page(octets) if is_markup else "")
        words, whole = charset.decode(octets, label, markup=is_markup)
        if not whole and "\ufffd" in words:
            self.notes.append("Some characters could not be decoded.")
        self.shown.append(Shown(html=words) if is_markup else Shown(text=_as_text(words, node)))


def enclosed(leaf: Part, number: str) -> bytes:
    """The `number`-th file that is written into a text. Raises NotFound."""
    files = uuencode.find(content(leaf)[0][:LARGEST_TEXT])
    if not number.isdecimal() or not 0 < int(number) <= len(files):
        raise NotFound(f"This message has no part {leaf.number}:{number}.")
    return files[int(number) - 1].content


def _as_text(words: str, node: Part) -> str:
    if node.type in ("text/enriched", "text/richtext"):
        words = re.sub(r"<(?:[^<>]{0,200})>", "", words.replace("<<", "<"))
    words = clean(words, lines=True)
    if node.parameters.get("format", "").lower() == "flowed":
        words = unflow(words, delsp=node.parameters.get("delsp", "").lower() == "yes")
    return words


_ELSEWHERE = {
    "message/partial": "This is one piece of a message that was sent in several; it is not put together.",
    "message/external-body": "A part of this message stands elsewhere; it is not fetched.",
}
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
_NAMES = {
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
"""What a part is called that has no name."""


def _attachment(node: Part) -> Attachment:
    octets, damage = content(node)
    name = re.split(r"[/\\]", node.name)[-1].strip()
    if not name and node.type == "message/rfc822":
        name = _named_after_subject(octets)
    is_referred_to = bool(node.content_id or node.disposition) and node.type.startswith("image/")
    return Attachment(
        part=node.number,
        name=name or _NAMES.get(node.type, "attachment"),
        type=node.type,
        size=len(octets),
        inline=node.disposition != "attachment" and (is_referred_to or node.type in ("text/plain", "text/html")),
        damage=damage,
        content_id=node.content_id,
    )


def _named_after_subject(octets: bytes) -> str:
    """`Minutes.eml` for an attached message."""
    fields = {name.lower(): value for name, value in reversed(header.fields(header.split(octets)[0]))}
    subject = line(header.decode(fields.get("subject", b""))[:60])
    return f"{subject}.eml" if subject else ""


def _enclosed(node: Part, number: int, one: uuencode.Enclosed) -> Attachment:
    name = re.split(r"[/\\]", line(charset.guess(one.name)[0]))[-1].strip()
    return Attachment(
        part=f"{node.number}:{number}",
        name=name or "attachment",
        type="application/octet-stream",
        size=len(one.content),
        damage=one.damage,
    )
