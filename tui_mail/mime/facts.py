"""What a row needs to know of a header block: the sync's fast path, a few microseconds where the header is ordinary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tui_mail.model.address import Address

from . import header
from .clean import line
from .dates import parse_date

NOBODY = Address("", "")


class Facts(NamedTuple):
    """One message in the words that a list, a thread and a search need. Every text is decoded and cleaned."""

    sender: Address
    """The first author; where there is none the Sender, else nobody."""
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: int | None
    """Seconds since 1970 UTC, from Date, else from the topmost Received; None: ask the server."""
    message_id: str
    """With angle brackets, or empty."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    list_id: str
    """What stands in the brackets of List-Id: `python-list.python.org`, or empty."""


_MAILBOX = rb"[\w.+\-=/&']+@[\w.\-]+"
_ORDINARY = re.compile(
    rb"""[ \t]*+(?:(?:"([^"\\\x00-\x1f\x7f]*+)"|([\w .'\-+&/]*+))[ \t]*+<("""
    + _MAILBOX
    + rb""")>|("""
    + _MAILBOX
    + rb"""))[ \t]*+(?:,|\Z)"""
)
"""One mailbox as most are written, and the comma behind it."""
_NAMES = (
    b"from", b"to", b"cc", b"subject", b"date", b"message-id",
    b"in-reply-to", b"references", b"sender", b"list-id", b"received",
)  # fmt: skip
_TWICE = b"(?![Tt][Oo]:|[Cc][Cc]:)"
"""Of these a second one is not passed over."""


def _field(number: int, name: bytes) -> bytes:
    """The first field of that name, whatever its case; the next ones are any."""
    spelled = b"".join(b"[%c%c]" % (letter, letter ^ 32) if letter > 64 else b"%c" % letter for letter in name)
    return spelled + rb":(?(%d)(?!)) ?(.*)\r\n" % number


_BLOCK = re.compile(
    b"(?:"
    + b"|".join([_field(number, name) for number, name in enumerate(_NAMES, 1)])
    + b"|"
    + _TWICE
    + rb"[!-9;-~]+:.*\r\n)*(?:\r\n)?"
)
"""An unfolded header block, as far as it is ordinary; its groups are the fields of these names.

No line can be read in two ways, and nothing stands behind the lines: it never turns back.
"""
_IDS = re.compile(rb"<[!-;=?-~]{1,500}+>(?: <[!-;=?-~]{1,500}+>)*+\Z")
_LIST_ID = re.compile(r"<([^<>]*)>\s*\Z")


def facts(block: bytes) -> Facts:
    """The facts of a header block, all of it or some fields. Never raises."""
    sender, to, cc, subject, date, own, parents, references, other, listed, received = _fields(block)
    ids = _ids(own)
    return Facts(
        author(_addresses(sender) or _addresses(other)),
        _addresses(to),
        _addresses(cc),
        _subject(subject),
        date_of(date, received),
        ids[0] if ids else "",
        _ids(parents),
        _ids(references),
        list_name(listed),
    )


def _fields(block: bytes) -> Sequence[bytes]:
    """The first value of each of _NAMES, or empty; those of address fields that come twice are joined.

    Blanks may stand around it.
    """
    plain = block.replace(b"\r\n ", b" ")
    if b"\t" in plain:
        plain = plain.replace(b"\r\n\t", b" ")
    match = _BLOCK.match(plain) if len(plain) <= header.LONGEST else None
    if match is not None and match.end() == len(plain):
        return match.groups(b"")
    found = _careful(plain)
    return [found.get(name, b"") for name in _NAMES]


def _careful(block: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in header.fields(block):
        key = name.lower().encode()
        if key not in found:
            found[key] = value
        elif key in (b"to", b"cc"):
            found[key] += b", " + value
    return found


def _subject(raw: bytes) -> str:
    """As `header.decode`."""
    raw = raw.strip()
    if raw.isascii() and b"=?" not in raw and b"\x1b" not in raw:
        return line(raw.decode("ascii"))
    return header.decode(raw)


def _addresses(raw: bytes) -> tuple[Address, ...]:
    """As `header.addresses`; who writes often and whoever is written to is read once."""
    raw = raw.strip()
    if not raw:
        return ()
    return _often(raw) if len(raw) <= _SHORT else _list(raw)


_SHORT = 200
"""Octets of a field that is remembered."""


@lru_cache(maxsize=4096)
def _often(raw: bytes) -> tuple[Address, ...]:
    return _list(raw)


def _list(raw: bytes) -> tuple[Address, ...]:
    """A list of ordinary mailboxes takes the short way."""
    if not raw.isascii() or b"=?" in raw:
        return header.addresses(raw)
    found = []
    at, size = 0, len(raw)
    while at < size:
        if (match := _ORDINARY.match(raw, at)) is None:
            return header.addresses(raw)
        quoted, name, email, bare = match.groups()
        if bare is not None:
            found.append(Address("", bare.decode("ascii")))
        else:
            found.append(Address(" ".join((quoted or name or b"").decode("ascii").split()), email.decode("ascii")))
        at = match.end()
    return tuple(found)


def _ids(raw: bytes) -> tuple[str, ...]:
    raw = raw.strip()
    if not raw:
        return ()
    if _IDS.match(raw) is None:
        return header.message_ids(raw)
    text = raw.decode("ascii")
    return tuple(dict.fromkeys(text.split(" "))) if " " in text else (text,)


def author(people: tuple[Address, ...]) -> Address:
    """The first who can be written to, else the first, else nobody."""
    if people and people[0].email:
        return people[0]
    return next((one for one in people if one.email), people[0] if people else NOBODY)


def date_of(date: bytes, received: bytes) -> int | None:
    """When a message was written, or where that is not said, or cannot be, when its last server took it."""
    said = parse_date(date.strip().decode("latin-1")) if date else None
    if (said is None or said < 0) and received:
        said = parse_date(received.rpartition(b";")[2].decode("latin-1").strip())
    return said if said is not None and said >= 0 else None


def list_name(raw: bytes) -> str:
    """The identifier of a List-Id field (RFC 2919)."""
    if not raw:
        return ""
    text = header.decode(raw.strip())
    match = _LIST_ID.search(text)
    return (match[1] if match else text).strip()
