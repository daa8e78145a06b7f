"""What the server told of a message, made ready for the index on the thread that heard it."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from tui_mail.backend.contract import RemoteMessage
from tui_mail.mime.clean import line
from tui_mail.mime.facts import Facts, facts
from tui_mail.mime.header import message_ids
from tui_mail.model.address import Address
from tui_mail.model.kind import Kind, kind

from .flags import pack

_AHEAD = 86400
"""A Date this much later than the server's own clock cannot be true: the row is sorted where the server took it."""
_MOST_KIN = 40
"""References beyond the first and the last of these say nothing about a thread that the others do not."""
_MOST_RECIPIENTS = 60
_LONGEST_ID = 200


class Arrival(NamedTuple):
    """One message in the columns of the index."""

    uid: int
    flags: tuple[int, str]
    sort: int
    date: int
    size: int
    sender: Address
    recipients: str
    subject: str
    message_id: str
    kin: tuple[str, ...]
    """Message-ID, In-Reply-To and References, and the server's own name for the thread: what ties it to others."""
    print: int
    attachment: bool
    note: str
    cc: str = ""
    """Names and addresses for the full text alone."""
    list_id: str = ""
    kind: Kind = Kind.PERSON
    parent: str = ""
    """The Message-ID of what it answers."""


def arrival(message: RemoteMessage) -> Arrival:
    """Reads the header; never raises for what stands in it."""
    read = facts(message.header)
    date = message.internal_date if read.date is None else read.date
    bound = message.internal_date + _AHEAD
    recipients = (read.to + read.cc if read.cc else read.to)[:_MOST_RECIPIENTS]
    return Arrival(
        message.uid,
        pack(message.flags),
        min(date, bound) if message.internal_date > 0 else date,
        date,
        message.size,
        read.sender,
        pack_addresses(recipients),
        read.subject,
        read.message_id,
        _kin(read, message.thread),
        _print(read, date, message),
        message.has_attachment,
        line(message.note) if message.note else "",
        said_to(read.cc) if read.cc else "",
        read.list_id,
        kind(read.sender, read.list_id),
        _short(read.in_reply_to[0] if read.in_reply_to else read.references[-1] if read.references else ""),
    )


def is_same(found: tuple[str, int], message_id: str, size: int) -> bool:
    """Whether (Message-ID as the server shows it, size) is the message that the index knows by these."""
    names = message_ids(found[0].encode("utf-8", "surrogateescape"))
    return found[1] == size and (names[0] if names else "") == message_id


def said_to(people: tuple[Address, ...]) -> str:
    """Their names and addresses for the full text."""
    return " ".join([f"{one.name} {one.email}" for one in people[:_MOST_RECIPIENTS]])


def _kin(read: Facts, thread: str) -> tuple[str, ...]:
    ids = (read.message_id, *read.in_reply_to, *read.references)
    if len(ids) > _MOST_KIN:
        ids = ids[: _MOST_KIN // 2] + ids[-_MOST_KIN // 2 :]
    if thread:
        ids = (f"thread:{thread}", *ids)  # no Message-ID: those have angle brackets
    return tuple(dict.fromkeys([id if len(id) <= _LONGEST_ID else _short(id) for id in ids if id]))


def _short(id: str) -> str:
    return id if len(id) <= _LONGEST_ID else "#" + blake2b(id.encode(), digest_size=16).hexdigest()


def _print(read: Facts, date: int, message: RemoteMessage) -> int:
    """64 bits that copies of one mail share, whichever folder they stand in.

    The server's own name for the mail tells two that look the same apart; that alone would be believing too much.
    """
    text = "\0".join((read.message_id, read.sender.email, read.subject, str(date), str(message.size), message.mail))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def pack_addresses(addresses: tuple[Address, ...]) -> str:
    """A column of addresses; cleaned text holds none of the two separators."""
    return "\x1e".join([f"{address.name}\x1f{address.email}" for address in addresses])


def unpack_addresses(text: str) -> tuple[Address, ...]:
    if not text:
        return ()
    return tuple([Address(name, email) for name, _, email in (piece.partition("\x1f") for piece in text.split("\x1e"))])
