"""A draft as the octets that are sent: every header line is written here, and all of it is checked before it goes."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from tui_mail.model.address import Address, overlooked, parse_one, split_list
from tui_mail.model.draft import Draft, Enclosure, Outgoing
from tui_mail.model.errors import BadAddress, BadInput

from . import contents, encode, header
from .address_check import check
from .clean import line

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ID = re.compile(r"<[!-;=?-~]{1,900}>\Z")
NOBODY_NAMED = "undisclosed-recipients:;"
Wrap = Callable[[contents.Entity, str, tuple[str, ...], tuple[str, ...]], contents.Entity]
"""Given the content, the sender's address, those of To and Cc, those of Bcc; answers what stands in its place."""


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


def build(
    draft: Draft,
    *,
    sender: Address,
    now: float,
    load: Callable[[Enclosure], bytes],
    wrap: Wrap | None = None,
    autocrypt: Callable[[str], list[str]] | None = None,
) -> Outgoing:
    """The letter, checked. `sender` is the account's own; `load` gives an enclosure's octets.

    `wrap` signs or encrypts the content; `autocrypt` gives the header that offers the key of an address.

    Raises BadAddress naming field and piece; BadInput where nobody is to get it, or an enclosure is gone or changed.
    """
    envelope = _envelope(draft, sender)
    enclosures = [(one, contents.loaded(one, load)) for one in draft.enclosures]
    message_id = new_message_id(envelope.sender.domain)
    content = contents.content(draft, enclosures, envelope.sender.domain)
    if wrap is not None:
        shown, hidden_too = (*envelope.to, *envelope.cc), envelope.bcc
        content = wrap(
            content, envelope.sender.email, tuple(one.email for one in shown), tuple(one.email for one in hidden_too)
        )
    lines: list[tuple[str, bytes]] = []

    def add(name: str, pieces: list[str], separator: str = " ") -> None:
        if pieces:
            lines.append((name, encode.field(name, pieces, separator=separator)))

    add("Date", [_date(now)])
    add("From", [encode.mailbox(envelope.sender)])
    add("To", [encode.mailbox(one) for one in envelope.to] or ([] if envelope.cc else [NOBODY_NAMED]), ", ")
    add("Cc", [encode.mailbox(one) for one in envelope.cc], ", ")
    add("Reply-To", [encode.mailbox(one) for one in _people("Reply-To", draft.reply_to)], ", ")
    bcc_place = len(lines)
    add("Subject", encode.unstructured(draft.subject))
    add("Message-ID", [message_id])
    add("In-Reply-To", [draft.in_reply_to] if _ID.match(draft.in_reply_to) else [])
    add("References", [one for one in draft.references if _ID.match(one)])
    if autocrypt is not None:
        add("Autocrypt", autocrypt(envelope.sender.email))
    add("MIME-Version", ["1.0"])
    add("Content-Type", list(content.kind), "; ")
    add("Content-Transfer-Encoding", [content.encoding])
    hidden = [encode.mailbox(one) for one in envelope.bcc]
    bcc = [("Bcc", encode.field("Bcc", hidden, separator=", "))] if hidden else []
    wire = _assembled(lines, content.octets, (*envelope.to, *envelope.cc))
    copy = _assembled(
        [*lines[:bcc_place], *bcc, *lines[bcc_place:]], content.octets, (*envelope.to, *envelope.cc, *envelope.bcc)
    )
    return Outgoing(
        message_id=message_id,
        sender=envelope.sender.email,
        recipients=envelope.recipients,
        wire=wire,
        copy=copy,
        subject=line(draft.subject),
        utf8=not all(one.isascii() for one in (envelope.sender.email, *envelope.recipients)),
    )


def build_draft(
    draft: Draft, *, sender: Address, message_id: str, now: float, load: Callable[[Enclosure], bytes]
) -> bytes:
    """An unfinished letter for the Drafts folder: what cannot be sent yet is no trouble here.

    Pieces without an address are kept as names. Raises BadInput where an enclosure is gone or changed.
    """
    content = contents.content(draft, [(one, contents.loaded(one, load)) for one in draft.enclosures], sender.domain)
    lines = [("Date", [_date(now)], " "), ("From", [encode.mailbox(_first(draft.sender, sender))], " ")]
    for name, typed in (("Reply-To", draft.reply_to), ("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc)):
        lines.append(
            (name, [encode.mailbox(one) for one in map(parse_one, split_list(typed)) if _is_writable(one)], ", ")
        )
    lines += [
        ("Subject", encode.unstructured(draft.subject), " "),
        ("Message-ID", [message_id], " "),
        ("In-Reply-To", [draft.in_reply_to] if _ID.match(draft.in_reply_to) else [], " "),
        ("References", [one for one in draft.references if _ID.match(one)], " "),
        ("MIME-Version", ["1.0"], " "),
        ("Content-Type", list(content.kind), "; "),
        ("Content-Transfer-Encoding", [content.encoding], " "),
    ]
    fields = [encode.field(name, pieces, separator=separator) for name, pieces, separator in lines if pieces]
    return b"".join(fields) + b"\r\n" + content.octets


def new_message_id(domain: str) -> str:
    return f"<{secrets.token_hex(16)}@{domain}>"


def _first(typed: str, sender: Address) -> Address:
    written = parse_one(typed) if typed.strip() else sender
    return written if written.email else sender


def _is_writable(address: Address) -> bool:
    return bool(address.email or address.name) and not any(char in address.email for char in "\r\n\0")


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
        if other := overlooked(piece):
            raise BadAddress(f"{name}: a comma is missing at {line(other)[:100]} (in “{line(piece)[:100]}”).")
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
        if name in ("To", "Cc", "Bcc")  # Reply-To is nobody who gets it
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
