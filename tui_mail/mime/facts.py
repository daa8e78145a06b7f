"""What a row needs to know of a header block: the sync's fast path, a few microseconds where the header is ordinary."""

from __future__ import annotations

import re
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
_FIELDS = re.compile(rb"^([!-9;-~]++):(.*)\r\n", re.M)
_IDS = re.compile(rb"<[!-;=?-~]{1,500}+>(?: <[!-;=?-~]{1,500}+>)*+\Z")
_LIST_ID = re.compile(r"<([^<>]*)>\s*\Z")


def facts(block: bytes) -> Facts:
    """The facts of a header block, all of it or some fields. Never raises."""
    found = _fields(block)
    get = found.get
    subject = get(b"subject", b"")
    plain = b"=?" not in subject and subject.isascii() and b"\x1b" not in subject
    ids = _ids(get(b"message-id", b""))
    return Facts(
        author(_addresses(get(b"from", b"")) or _addresses(get(b"sender", b""))),
        _addresses(get(b"to", b"")),
        _addresses(get(b"cc", b"")),
        line(subject.decode("ascii")) if plain else header.decode(subject),
        date_of(get(b"date", b""), get(b"received", b"")),
        ids[0] if ids else "",
        _ids(get(b"in-reply-to", b"")),
        _ids(get(b"references", b"")),
        list_name(get(b"list-id", b"")),
    )


def _fields(block: bytes) -> dict[bytes, bytes]:
    """The first value of each field, by its lower-case name; the names of address fields that come twice are joined."""
    if b"\n " in block or b"\n\t" in block:
        block = block.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    pairs = _FIELDS.findall(block)
    found = {name.lower(): value.strip() for name, value in pairs}
    ends = block.count(b"\n")
    is_ordinary = (
        len(found) == len(pairs) == ends - block.endswith(b"\r\n\r\n")
        and block.count(b"\r") == ends
        and block.endswith(b"\r\n")
    )
    return found if is_ordinary else _careful(block)


def _careful(block: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in header.fields(block):
        key = name.lower().encode()
        if key not in found:
            found[key] = value
        elif key in (b"to", b"cc"):
            found[key] += b", " + value
    return found


def _addresses(raw: bytes) -> tuple[Address, ...]:
    """As `header.addresses`; who writes often and whoever is written to is read once."""
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
    if not raw:
        return ()
    return tuple(dict.fromkeys(raw.decode("ascii").split(" "))) if _IDS.match(raw) else header.message_ids(raw)


def author(people: tuple[Address, ...]) -> Address:
    """The first who can be written to, else the first, else nobody."""
    if people and people[0].email:
        return people[0]
    return next((one for one in people if one.email), people[0] if people else NOBODY)


def date_of(date: bytes, received: bytes) -> int | None:
    """When a message was written, or where that is not said, or cannot be, when its last server took it."""
    said = parse_date(date.decode("latin-1")) if date else None
    if (said is None or said < 0) and received:
        said = parse_date(received.rpartition(b";")[2].decode("latin-1").strip())
    return said if said is not None and said >= 0 else None


def list_name(raw: bytes) -> str:
    """The identifier of a List-Id field (RFC 2919)."""
    if not raw:
        return ""
    text = header.decode(raw)
    match = _LIST_ID.search(text)
    return (match[1] if match else text).strip()
