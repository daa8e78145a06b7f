"""What is worth knowing of a letter besides its words: concerns, invitations, cards, reports, ways to leave a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from .address import Address
from .message import MessageId

Weight = Literal["alarm", "note", "good"]
Partstat = Literal["NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED"]


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that a careful reader would want to know, in a few words. `good` speaks for the letter."""

    words: str
    weight: Weight = "note"


@dataclass(frozen=True, slots=True)
class Familiar:
    """What this machine knows of the people in a letter."""

    is_first: bool = False
    """No earlier mail from the sender is here."""
    own: frozenset[str] = frozenset()
    """The person's own addresses, lower case."""
    domains: frozenset[str] = frozenset()
    """Domains that the person writes to, and the own ones."""
    servers: tuple[str, ...] = ()
    """The authserv-ids whose Authentication-Results are believed; `.example.org` means every name below it."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is invited, and what they answered."""

    person: Address
    answer: Partstat = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Invite:
    """One event of a calendar part (RFC 5545, 5546). `start` and `end` keep the zone in which they were written.

    A `date` is a whole day, a datetime without a zone is the local time of whoever reads it.
    """

    id: str
    """The event's UID and, for one day of a series, which."""
    method: str
    """`REQUEST`, `CANCEL`, `REPLY`, `PUBLISH`, `COUNTER`, …; empty where it says none."""
    title: str
    start: dt.datetime | dt.date | None
    end: dt.datetime | dt.date | None
    place: str = ""
    words: str = ""
    organizer: Address | None = None
    attendees: tuple[Attendee, ...] = ()
    repeats: str = ""
    """How it repeats, in words, or empty."""
    sequence: int = 0
    is_cancelled: bool = False
    part: str = ""
    """Where in the letter it stands."""

    @property
    def wants_answer(self) -> bool:
        return self.method == "REQUEST" and self.organizer is not None and not self.is_cancelled


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody's visiting card (RFC 6350): the name, and (label, value) in the order of the card."""

    name: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a letter that was sent before (RFC 3464, 8098), in sentences."""

    sentences: tuple[str, ...]
    message_id: str = ""
    """Of the letter it is about."""
    has_failed: bool = False
    about: MessageId | None = None
    """That letter, where it is kept here."""


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The ways to leave a list (RFC 2369, 8058). Nothing is done by itself."""

    one_click: str = ""
    """An https address that takes one POST."""
    mail: str = ""
    """A mailto address."""
    page: str = ""
    """A page to open."""
    is_signed: bool = False
    """A verified signature covers these fields."""

    def __bool__(self) -> bool:
        return bool(self.one_click or self.mail or self.page)


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code that somebody sent."""

    code: str
    sender: str
    date: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One letter of a conversation, in its place."""

    id: MessageId
    sender: Address
    date: int
    snippet: str
    depth: int
    is_own: bool = False
    is_unread: bool = False
    subject: str = ""
    """Its subject where that is another one than that of the letter it answers."""


@dataclass(frozen=True, slots=True)
class Insight:
    """All of it for one letter."""

    concerns: tuple[Concern, ...] = ()
    invites: tuple[Invite, ...] = ()
    conflicts: tuple[Invite, ...] = ()
    """Other events in this mailbox at the time of the first invitation."""
    answered: Partstat = "NEEDS-ACTION"
    """What the person answered to it."""
    cards: tuple[Card, ...] = ()
    report: Report | None = None
    unsubscribe: Unsubscribe = Unsubscribe()
    codes: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    """The whole conversation in order, this letter among them; empty for a letter alone."""
    read_before: frozenset[int] = frozenset()
    """Places of blocks in the document whose words stand in earlier letters of the conversation."""
