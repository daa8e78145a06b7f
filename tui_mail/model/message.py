"""A message: the row of a list (`Summary`) and the opened letter (`Message`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from .address import Address
from .document import Document
from .folder import FolderId
from .seal import Seal

MessageId = NewType("MessageId", int)
"""Ours: one copy of one mail in one folder. It survives moves; a UID does not, and is never spoken above the index."""

Flags = frozenset[str]
"""IMAP flags and keywords as spelled on the wire, `\\Recent` never among them."""

SEEN = "\\Seen"
ANSWERED = "\\Answered"
FLAGGED = "\\Flagged"
DELETED = "\\Deleted"
DRAFT = "\\Draft"
FORWARDED = "$Forwarded"
JUNK = "$Junk"
NOT_JUNK = "$NotJunk"
REPLY_LATER = "$ReplyLater"
"""Ours, as a keyword: an answer is owed. It goes with the answer."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One row. Every text is decoded and cleaned: it can be drawn as it is."""

    id: MessageId
    account: str
    folder: FolderId
    sender: Address
    to: tuple[Address, ...]
    subject: str
    date: int
    """Seconds since 1970 UTC: the Date field, else Received, else when the server took it."""
    size: int
    """Octets on the server."""
    flags: Flags
    has_attachment: bool = False
    message_id: str = ""
    """With its angle brackets, or empty."""
    thread: int = 0
    snippet: str = ""
    has_text: bool = False
    """Whether the whole mail is held here."""
    note: str = ""
    """Why this row is not all it should be, or empty."""

    @property
    def is_unread(self) -> bool:
        return SEEN not in self.flags

    @property
    def is_starred(self) -> bool:
        return FLAGGED in self.flags

    @property
    def is_answered(self) -> bool:
        return ANSWERED in self.flags


@dataclass(frozen=True, slots=True)
class Attachment:
    """A leaf of the MIME tree that is saved rather than read."""

    part: str
    """Where it stands: `2`, `1.2` (RFC 9051 section 6.4.5); `1:2` is the second file written into the text `1`."""
    name: str
    """Cleaned for showing; never a path. What is saved goes through `mime.clean.safe_file_name` as well."""
    type: str
    """`application/pdf`, lower case."""
    size: int
    """Decoded octets."""
    inline: bool = False
    """An image that the text refers to, or a text with a file name that is shown with the others."""
    damage: str = ""
    """What is wrong with it, in words, or empty."""
    content_id: str = ""
    """What a `cid:` link of the HTML names, without brackets, or empty."""


@dataclass(frozen=True, slots=True)
class Message:
    """An opened letter. Every text is decoded and cleaned; `html` is the source and goes to `mime.html` only."""

    headers: tuple[tuple[str, str], ...]
    """All header fields in their order."""
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    subject: str
    date: int | None
    """Seconds since 1970 UTC, or None where no header says it."""
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    """The text parts, format=flowed joined, line ends `\\n`; empty where there is only HTML."""
    html: str
    """The HTML part decoded but not rendered, or empty."""
    document: Document
    """What the reader shows: the text, or the HTML where that is the better telling."""
    attachments: tuple[Attachment, ...] = ()
    list_id: str = ""
    list_post: str = ""
    """The address that List-Post names, or empty."""
    notes: tuple[str, ...] = ()
    """What could not be read, in sentences."""
    authors: tuple[Address, ...] = ()
    """Everybody whom From names; `sender` is the first who can be written to."""
    seal: Seal | None = None
    """What gpg said of its protection; None where there is none."""

    def header(self, name: str) -> str:
        """The first field of that name, or empty."""
        wanted = name.lower()
        return next((value for field, value in self.headers if field.lower() == wanted), "")
