"""A letter that is being written: everything as typed, so that nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from .address import Address, parse_list

DraftId = NewType("DraftId", str)
"""A random name, made when the composer opens; the draft's key in the durable file for ever."""


_GROWTH = 1369
"""What a thousand octets become as base64 in lines of 76."""
_HEAD = 2000
"""Octets that the header and the borders of the parts have."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Something to send along: a file of the disk, or a part of (or the whole of) a message that is kept here."""

    path: str = ""
    """Absolute path of a file, or empty."""
    source: int = 0
    """The MessageId it comes from, or 0."""
    part: str = ""
    """The part of that message; empty means the whole message, as message/rfc822."""
    name: str = ""
    type: str = ""
    size: int = 0
    cid: str = ""
    """The Content-ID under which the text shows it, without brackets; empty: the text does not."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The composer's fields. `to`, `cc`, `bcc` are the text as typed, right or wrong."""

    id: DraftId
    account: str
    sender: str = ""
    """From as typed; empty means the account's own."""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    body: str = ""
    """Line ends `\\n`."""
    enclosures: tuple[Enclosure, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    answers: int = 0
    """The MessageId that gets \\Answered (or $Forwarded) once this is sent, or 0."""
    forwards: bool = False
    """`answers` is forwarded rather than answered."""
    reply_to: str = ""
    """Where answers shall go; empty means to the sender."""
    markdown: bool = False
    """`body` is Markdown: it goes out as text and as HTML."""
    came_to: str = ""
    """The account that the answered mail came to, or empty."""
    list_post: str = ""
    """The address of the list that the answered mail came through, or empty."""
    calendar: str = ""
    """The answer to an invitation (an iTIP REPLY), sent as another form of the text (RFC 6047); CRLF, or empty."""
    is_template: bool = False
    """`{{fields}}` in it wait to be filled in; only a letter that began from a template has them."""
    sign: bool | None = None
    """It is signed; None: as the account is configured."""
    encrypt: bool | None = None
    """It is encrypted or not sent; False: never; None: as the account is configured."""
    changed: float = 0.0
    """When it was last kept, seconds since 1970 UTC; set by the store."""

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody it goes to, once each; pieces without an address are passed over."""
        people = {one.key: one for field in (self.to, self.cc, self.bcc) for one in parse_list(field) if one.email}
        return tuple(people.values())

    @property
    def weight(self) -> int:
        """About how many octets it has when it goes: files become text on the way, and grow by more than a third."""
        files = sum(one.size if one.type == "message/rfc822" else one.size * _GROWTH // 1000 for one in self.enclosures)
        return files + len(self.body.encode("utf-8", "replace")) + _HEAD

    @property
    def is_empty(self) -> bool:
        """Nothing that a person typed or chose."""
        return not (self.to or self.cc or self.bcc or self.subject or self.body.strip() or self.enclosures)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter as bytes, checked, ready for the outbox. Built once; the same bytes and Message-ID for ever."""

    message_id: str
    sender: str
    """MAIL FROM: the address alone."""
    recipients: tuple[str, ...]
    """RCPT TO, once each: To, Cc and Bcc."""
    wire: bytes
    """What SMTP carries: CRLF only, no Bcc."""
    copy: bytes
    """What goes to Sent: the same bytes, plus the Bcc line where there is one."""
    subject: str
    utf8: bool = False
    """Needs SMTPUTF8 (RFC 6531)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the outbox, as the person sees it."""

    id: int
    draft: DraftId
    account: str
    subject: str
    recipients: tuple[str, ...]
    due: float
    """When it goes (seconds since 1970 UTC): now, after the undo window, or later."""
    state: str
    """`waiting`, `sending`, `sent` (Sent copy still to file), `refused`, `unknown`, `done`, `bounced`."""
    why: str = ""
    """The last trouble in a sentence, or empty."""
    tries: int = 0
    """How often it was begun to be handed over."""
    reply: str = ""
    """The server's own words when it took the letter, or empty."""
    refused: tuple[tuple[str, str], ...] = ()
    """(address, the server's words) of recipients that the server would not take: it is not sent to them."""
    sent_at: float = 0.0
    """When the server took it, or 0."""

    @property
    def others(self) -> tuple[str, ...]:
        """The recipients that the server did not refuse."""
        refused = {address for address, _ in self.refused}
        return tuple(address for address in self.recipients if address not in refused)

    @property
    def is_open(self) -> bool:
        """It is not filed and done with."""
        return self.state != "done"
