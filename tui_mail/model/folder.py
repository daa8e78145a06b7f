"""A place where messages stand, and the part it plays (RFC 6154)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

FolderId = NewType("FolderId", int)
"""Ours, stable over renames and reconnects; 0 is `nowhere`: where a message deleted for good goes."""

NOWHERE = FolderId(0)


class Role(StrEnum):
    """What a folder is for. The values are what `folders = { … }` in the configuration uses."""

    INBOX = "inbox"
    ARCHIVE = "archive"
    DRAFTS = "drafts"
    SENT = "sent"
    JUNK = "junk"
    TRASH = "trash"
    ALL = "all"
    FLAGGED = "flagged"
    IMPORTANT = "important"
    SNOOZED = "snoozed"
    """Where messages wait that were put off until their time; none of RFC 6154's, found by its name."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of one account as the person sees it."""

    id: FolderId
    account: str
    name: str
    """Decoded and cleaned, with its whole path: `Lists/python`."""
    raw: bytes
    """The wire's own bytes: the key on the server, sent back as they came."""
    delimiter: str
    role: Role | None = None
    selectable: bool = True
    total: int = 0
    """Messages as the person believes."""
    unread: int = 0
    held: int | None = None
    """How many of the server's messages are here, or None where the server was not asked yet."""

    @property
    def leaf(self) -> str:
        """The last piece of the path."""
        return self.name.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.name

    @property
    def path(self) -> str:
        """What tells it from every other folder of its account: the whole name, but for the `INBOX.` below which some
        servers keep everything; of a folder that plays a part the last piece."""
        if self.role is not None or not self.delimiter:
            return self.leaf
        first, _, rest = self.name.partition(self.delimiter)
        return rest if first.upper() == "INBOX" and rest else self.name

    @property
    def depth(self) -> int:
        return self.name.count(self.delimiter) if self.delimiter else 0


def spoken(name: str) -> str:
    """A folder's whole name in a sentence: IMAP writes one of them in capitals, people do not."""
    return "Inbox" if name.upper() == "INBOX" else name


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages of a folder that its server does not show any more, and that are still here."""

    folder: FolderId
    account: str
    name: str
    """As it is spoken of."""
    count: int
    whole: int
    """All messages of the folder, these among them."""
    is_open: bool
    """The person has not said yet what is to become of them."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a folder is on this machine."""

    there: int
    """Messages that the server has, as far as is known."""
    here: int
    """Those of them whose row is here."""
    with_text: int
    """Those whose whole letter is kept here."""
    unreadable: int
    """Rows of which not everything could be read."""
    held_back: int
    """Messages that only this machine still has."""
    looked_for: int
    """Rows whose message is just being found again on the server."""

    @property
    def is_complete(self) -> bool:
        return self.here >= self.there and not self.looked_for


@dataclass(frozen=True, slots=True)
class FolderChange:
    """A folder has another whole name now; the old one undoes it."""

    account: str
    id: FolderId
    before: str
    after: str
    words: str
    """What was done, for people: `Renamed “Plans” to “Ideas”`."""
