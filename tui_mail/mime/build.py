"""A draft as the octets that are sent: every header line is written here, and all of it is checked before it goes."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from tui_mail.model.address import Address, parse_one, split_list
from tui_mail.model.draft import Draft, Enclosure, Outgoing
from tui_mail.model.errors import BadAddress, BadInput

from . import encode, header
from .address_check import check
from .clean import line, safe_file_name
from .flowed import flow

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+\-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+\-]{0,80}\Z")
_ID = re.compile(r"<[!-;=?-~]{1,900}>\Z")
NOBODY_NAMED = "undisclosed-recipients:;"


@dataclass(frozen=True, slots=True)
class _Envelope:
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every mailbox once, in order."""
        found: dict[str, str] = {}
        for one in (*self.to, *self.cc, *self.bcc):
            found.setdefault(one.key, one.email)
        return tuple(found.values())


def build(draft: Draft, *, sender: Address, now: float, load: Callable[[Enclosure], bytes]) -> Outgoing:
    """The letter, checked. `sender` is the account's own; `load` gives an enclosure's octets.

    Raises BadAddress naming field and piece; BadInput where nobody is to get it, or an enclosure is gone or changed.
    """
    envelope = _envelope(draft, sender)
    enclosures = [(one, _loaded(one, load)) for one in draft.enclosures]
    message_id = f"<{secrets.token_hex(16)}@{envelope.sender.domain}>"
    kind, encoding, body = _content(draft.body, enclosures)
    lines: list[tuple[str, bytes]] = []

    def add(name: str, pieces: list[str], separator: str = " ") -> None:
        if pieces:
            lines.append((name, encode.field(name, pieces, separator=separator)))

    add("Date", [_date(now)])
    add("From", [encode.mailbox(envelope.sender)])
    add("To", [encode.mailbox(one) for one in envelope.to] or ([] if envelope.cc else [NOBODY_NAMED]), ", ")
    add("Cc", [encode.mailbox(one) for one in envelope.cc], ", ")
    bcc_place = len(lines)
    add("Subject", encode.unstructured(draft.subject))
    add("Message-ID", [message_id])
    add("In-Reply-To", [draft.in_reply_to] if _ID.match(draft.in_reply_to) else [])
    add("References", [one for one in draft.references if _ID.match(one)])
    add("MIME-Version", ["1.0"])
    add("Content-Type", kind, "; ")
    add("Content-Transfer-Encoding", [encoding])
    hidden = [encode.mailbox(one) for one in envelope.bcc]
    bcc = [("Bcc", encode.field("Bcc", hidden, separator=", "))] if hidden else []
    wire = _assembled(lines, body, (*envelope.to, *envelope.cc))
    copy = _assembled([*lines[:bcc_place], *bcc, *lines[bcc_place:]], body, (*envelope.to, *envelope.cc, *envelope.bcc))
    return Outgoing(
        message_id=message_id,
        sender=envelope.sender.email,
        recipients=envelope.recipients,
        wire=wire,
        copy=copy,
        subject=line(draft.subject),
        utf8=not all(one.isascii() for one in (envelope.sender.email, *envelope.recipients)),
    )


# --- people


def _envelope(draft: Draft, sender: Address) -> _Envelope:
    if draft.sender.strip():
        typed = _people("From", draft.sender)
        if len(typed) != 1:
            raise BadAddress("From: a letter has one sender here.")
        sender = typed[0]
    else:
        sender = Address(sender.name, _checked("From", sender.email, sender.email))
    envelope = _Envelope(sender, _people("To", draft.to), _people("Cc", draft.cc), _people("Bcc", draft.bcc))
    if not envelope.recipients:
        raise BadInput("This letter has no recipients yet.", remedy="Fill in To, Cc or Bcc.")
    return envelope


def _people(name: str, typed: str) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for piece in split_list(typed):
        address = parse_one(piece)
        if not address.email:
            raise BadAddress(f"{name}: “{line(piece)[:100]}” has no address.")
        checked = Address(line(address.name), _checked(name, piece, address.email))
        found.setdefault(checked.key, checked)
    return tuple(found.values())


def _checked(name: str, piece: str, email: str) -> str:
    try:
        return check(email)
    except BadAddress as error:
        shown = "" if line(piece) == line(email) else f" (in “{line(piece)[:100]}”)"
        raise BadAddress(f"{name}: {error.text}{shown}") from error


def _date(now: float) -> str:
    """RFC 5322 section 3.3, in the zone of this machine."""
    local = time.localtime(now)
    minutes = (local.tm_gmtoff or 0) // 60
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    return (
        f"{_DAYS[local.tm_wday]}, {local.tm_mday:02} {_MONTHS[local.tm_mon - 1]} {local.tm_year:04}"
        f" {local.tm_hour:02}:{local.tm_min:02}:{local.tm_sec:02} {zone}"
    )


# --- what is in it


def _loaded(enclosure: Enclosure, load: Callable[[Enclosure], bytes]) -> bytes:
    shown = line(_name(enclosure))
    try:
        octets = load(enclosure)
    except OSError as error:
        raise BadInput(f"“{shown}” cannot be attached: {error.strerror or 'it cannot be read'}.") from error
    if enclosure.size and len(octets) != enclosure.size:
        raise BadInput(f"“{shown}” has changed since it was attached.", remedy="Remove it and attach it again.")
    return octets


def _name(enclosure: Enclosure) -> str:
    fallback = "message.eml" if _is_message(enclosure) else "attachment"
    return safe_file_name(enclosure.name or PurePath(enclosure.path).name, fallback)


def _is_message(enclosure: Enclosure) -> bool:
    return enclosure.type == "message/rfc822" or bool(enclosure.source and not enclosure.part)


def _content(text: str, enclosures: list[tuple[Enclosure, bytes]]) -> tuple[list[str], str, bytes]:
    """Content-Type as pieces, transfer encoding, and the octets of the body."""
    charset, encoding, octets = encode.body(flow(text))
    kind = ["text/plain", f"charset={charset}", "format=flowed"]
    if not enclosures:
        return kind, encoding, octets
    parts = [_part([("Content-Type", kind), ("Content-Transfer-Encoding", [encoding])], octets)]
    parts += [_enclosed(enclosure, octets) for enclosure, octets in enclosures]
    boundary = secrets.token_hex(16)
    while any(boundary.encode() in part for part in parts):
        boundary = secrets.token_hex(16)
    delimiter = b"--" + boundary.encode()
    body = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts) + delimiter + b"--\r\n"
    needs_8bit = any(not part.isascii() for part in parts)
    return ["multipart/mixed", f'boundary="{boundary}"'], "8bit" if needs_8bit else "7bit", body


def _part(fields: list[tuple[str, list[str]]], body: bytes) -> bytes:
    return b"".join(encode.field(name, pieces, separator="; ") for name, pieces in fields) + b"\r\n" + body


def _enclosed(enclosure: Enclosure, octets: bytes) -> bytes:
    """A file in base64. A message as it is (RFC 2046 section 5.2.1 allows it no base64), unless its lines could not be
    carried unchanged: then it goes in base64 as plain octets under an .eml name."""
    name = _name(enclosure)
    kind = enclosure.type.lower() if _TYPE.match(enclosure.type.lower()) else "application/octet-stream"
    disposition = ["attachment", *encode.file_name(name)]
    if _is_message(enclosure) and encode.is_fit(octets):
        encoding = "7bit" if octets.isascii() else "8bit"
        fields = [("Content-Type", ["message/rfc822"]), ("Content-Disposition", disposition)]
        return _part([*fields, ("Content-Transfer-Encoding", [encoding])], octets)
    if _is_message(enclosure) or kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"
    fields = [("Content-Type", [kind]), ("Content-Disposition", disposition)]
    return _part([*fields, ("Content-Transfer-Encoding", ["base64"])], encode.base64_lines(octets))


# --- the last look


def _assembled(lines: list[tuple[str, bytes]], body: bytes, named: tuple[Address, ...]) -> bytes:
    """The message, after a look at the octets themselves: exactly the fields meant, exactly the people meant.

    Nothing that was typed or quoted can have become a line or a recipient of its own, whatever the code above does.
    """
    block = b"".join(octets for _, octets in lines)
    wire = block + b"\r\n" + body
    names = [text.partition(b":")[0].decode("ascii", "replace") for text in re.split(rb"\r\n(?![ \t])", block)[:-1]]
    read = [
        one.email
        for name, value in header.fields(block)
        if name in ("To", "Cc", "Bcc")
        for one in header.addresses(value)
    ]
    sound = (
        names == [name for name, _ in lines]
        and sorted(read) == sorted(one.email for one in named)
        and encode.is_fit(wire)
        and b"\r\n\r\n" not in block
    )
    if not sound:
        raise BadInput("This letter could not be written safely, so it was not sent.", remedy="Please report this.")
    return wire
