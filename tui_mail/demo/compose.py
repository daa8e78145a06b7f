"""Builds the seeded letters: header lines, encoded words, MIME parts; every line ends with CRLF."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from tui_mail.mime.flowed import flow
from tui_mail.model.address import Address

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]*\Z")


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. With `cid` it is an image that the HTML shows."""

    name: str
    type: str
    data: bytes
    cid: str = ""


@dataclass(slots=True)
class Mail:
    """One letter as its author thinks of it."""

    key: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    date: int
    """Seconds since 1970 UTC."""
    text: str = ""
    flowed: bool = False
    """Its paragraphs are lines, and are sent as format=flowed (RFC 3676)."""
    html: str = ""
    cc: tuple[Address, ...] = ()
    zone: int = 0
    """Minutes east of Greenwich of who wrote it."""
    folder: str = "INBOX"
    flags: frozenset[str] = frozenset()
    files: tuple[File, ...] = ()
    invite: str = ""
    """iCalendar text of an invitation, sent as an alternative and as a file."""
    parents: tuple[str, ...] = ()
    """Message-IDs of what it answers, oldest first."""
    headers: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    """Further fields, between Message-ID and MIME-Version."""
    raw: bytes = b""
    """The whole letter where it is not to be built."""

    @property
    def message_id(self) -> str:
        return message_id(self.key, self.sender.domain)


def message_id(key: str, domain: str) -> str:
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:20]}@{domain}>"


def moment(when: float, zone: int = 0) -> str:
    """The Date field's form (RFC 5322 section 3.3), the same in every locale."""
    at = time.gmtime(when + zone * 60)
    sign, minutes = "-" if zone < 0 else "+", abs(zone)
    return (
        f"{_DAYS[at.tm_wday]}, {at.tm_mday:02} {_MONTHS[at.tm_mon - 1]} {at.tm_year:04} "
        f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} {sign}{minutes // 60:02}{minutes % 60:02}"
    )


def encoded(text: str) -> str:
    """Words of RFC 2047 where the text is not ASCII; pieces end between characters."""
    if text.isascii():
        return text
    words, piece = [], b""
    for char in text:
        octets = char.encode()
        if len(piece) + len(octets) > 42:
            words.append(piece)
            piece = b""
        piece += octets
    words.append(piece)
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(word).decode()}?=" for word in words)


def mailbox(address: Address) -> str:
    if not address.name:
        return address.email
    if not address.name.isascii():
        return f"{encoded(address.name)} <{address.email}>"
    name = address.name if _ATOMS.match(address.name) else '"' + re.sub(r'(["\\])', r"\\\1", address.name) + '"'
    return f"{name} <{address.email}>"


def _folded(name: str, value: str) -> str:
    """A header line of at most 78 characters where it has blanks to break at."""
    if "\r\n" in value or len(name) + len(value) + 2 <= 78:
        return f"{name}: {value}"
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > 78 and line.strip(" ") != f"{name}:":
            lines.append(line)
            line = ""
        line += " " + word
    return "\r\n".join([*lines, line])


def build(mail: Mail) -> bytes:
    """The letter's bytes."""
    if mail.raw:
        return mail.raw
    lines = [_folded("From", mailbox(mail.sender))]
    for name, people in (("To", mail.to), ("Cc", mail.cc)):
        if people:
            lines.append(f"{name}: " + ",\r\n ".join(map(mailbox, people)))
    lines.append(_folded("Subject", encoded(mail.subject)))
    lines.append(f"Date: {moment(mail.date, mail.zone)}")
    lines.append(f"Message-ID: {mail.message_id}")
    if mail.parents:
        lines.append(f"In-Reply-To: {mail.parents[-1]}")
        lines.append("References: " + "\r\n ".join(mail.parents))
    lines += [_folded(name, value) for name, value in mail.headers]
    lines.append("MIME-Version: 1.0")
    return ("\r\n".join(lines) + "\r\n").encode() + _content(mail)


def _content(mail: Mail) -> bytes:
    body = _text("plain", flow(mail.text), "; format=flowed") if mail.flowed else _text("plain", mail.text)
    if mail.html:
        html = _text("html", mail.html)
        pictures = [_file(file) for file in mail.files if file.cid]
        if pictures:
            html = _multipart(mail.key + "related", "related", [html, *pictures])
        body = _multipart(mail.key + "alternative", "alternative", [body, html] if mail.text else [html])
    if mail.invite:
        calendar = _text("calendar", mail.invite, "; method=REQUEST")
        body = _multipart(mail.key + "alternative", "alternative", [body, calendar])
    files = [_file(file) for file in mail.files if not file.cid]
    return _multipart(mail.key + "mixed", "mixed", [body, *files]) if files else body


def _text(subtype: str, text: str, parameters: str = "") -> bytes:
    """A text part in the plainest encoding that carries it."""
    octets = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    longest = max(map(len, octets.split(b"\r\n")))
    if octets.isascii() and longest <= 900:
        encoding, charset = "7bit", "us-ascii"
    elif sum(octet > 127 for octet in octets) * 6 > len(octets):
        encoding, charset, octets = "base64", "utf-8", _base64(octets)
    else:
        encoding, charset = "quoted-printable", "utf-8"
        octets = b"\r\n".join(
            binascii.b2a_qp(line, istext=True).replace(b"=\n", b"=\r\n") for line in octets.split(b"\r\n")
        )
    head = (
        f"Content-Type: text/{subtype}; charset={charset}{parameters}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + octets


def _file(file: File) -> bytes:
    if file.type == "message/rfc822":  # the one kind that must not be encoded (RFC 2046 section 5.2.1)
        head = f'Content-Type: {file.type}; name="{file.name}"\r\nContent-Disposition: attachment\r\n\r\n'
        return head.encode() + file.data
    kind = "inline" if file.cid else "attachment"
    if file.name.isascii():
        name, file_name = f'; name="{file.name}"', f'; filename="{file.name}"'
    else:
        coded = "".join(f"%{octet:02X}" for octet in file.name.encode())
        name, file_name = "", f";\r\n filename*=utf-8''{coded}"
    head = (
        f"Content-Type: {file.type}{name}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: {kind}{file_name}\r\n"
    )
    if file.cid:
        head += f"Content-ID: <{file.cid}>\r\n"
    return head.encode() + b"\r\n" + _base64(file.data)


def _base64(data: bytes) -> bytes:
    coded = base64.b64encode(data)
    return b"\r\n".join(coded[start : start + 76] for start in range(0, len(coded), 76)) + b"\r\n"


def _multipart(key: str, subtype: str, parts: Iterable[bytes]) -> bytes:
    boundary = b"=_" + hashlib.sha256(key.encode()).hexdigest()[:24].encode()
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (subtype.encode(), boundary)
    inner = b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts)
    return head + inner + b"--%s--\r\n" % boundary
