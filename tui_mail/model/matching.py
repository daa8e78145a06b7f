"""Whether one message is what a query asks for, decided from its facts alone: for rules, which run on arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from .address import Address
from .condition import (
    EVERYWHERE,
    Age,
    All,
    Condition,
    Day,
    Either,
    In,
    Not,
    Of,
    Size,
    State,
    Term,
    Waiting,
    leaves,
)
from .folder import Folder, Role
from .kind import Kind, kind
from .message import ANSWERED, FLAGGED, REPLY_LATER, SEEN, Flags
from .words import IN_TEXTS, holds

KINDS = {"person": Kind.PERSON, "list": Kind.LIST, "notification": Kind.NOTIFICATION}
"""The states that say who writes."""
HIDDEN = (Role.TRASH, Role.JUNK)
"""Where nothing is looked for unless `in:` says so."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a query can ask of one message."""

    account: str
    folder: Folder
    sender: Address
    to: tuple[Address, ...]
    """Every recipient, those of Cc among them."""
    subject: str
    date: int
    """Seconds since 1970 UTC, as the list is sorted."""
    size: int
    flags: Flags = frozenset()
    has_attachment: bool = False
    cc: tuple[Address, ...] = ()
    list_id: str = ""
    text: str = ""
    files: tuple[str, ...] = ()
    """Names of attachments."""


def matches(condition: Condition, facts: Facts, now: float) -> bool:
    """The same answer as the index gives, but for what other messages decide: nothing waits. `now`: seconds since 1970
    UTC."""
    match condition:
        case All(parts):
            return all(matches(part, facts, now) for part in parts)
        case Either(parts):
            return any(matches(part, facts, now) for part in parts)
        case Not(one):
            return not matches(one, facts, now)
        case Term(where, text):
            if where in ("any", "body") and holds(facts.text, text, shortest=IN_TEXTS):
                return True
            return any(holds(place, text) for place in _texts(where, facts))
        case State(name):
            return _is(name, facts)
        case In(name):
            return is_called(facts.folder, name)
        case Of(account):
            return facts.account.casefold() == account.casefold()
        case Day(side, day):
            return facts.date < midnight(day) if side == "before" else facts.date >= midnight(day)
        case Age(side, _, _):
            since = now - condition.seconds
            return facts.date < since if side == "older" else facts.date >= since
        case Waiting():
            return False
        case Size(side, octets):
            return facts.size > octets if side == "larger" else facts.size < octets


def _texts(where: str, facts: Facts) -> Iterable[str]:
    """What a term is looked for in, each place by itself: a phrase does not reach from one to the next."""
    if where in ("any", "subject"):
        yield facts.subject
    if where in ("any", "from"):
        yield f"{facts.sender.name} {facts.sender.email}"
    if where in ("any", "to"):
        yield " ".join(f"{one.name} {one.email}" for one in facts.to)
    if where == "cc":
        yield " ".join(f"{one.name} {one.email}" for one in facts.cc)
    if where in ("any", "filename"):
        yield from facts.files
    if where == "list":
        yield facts.list_id


def _is(name: str, facts: Facts) -> bool:
    match name:
        case "unread":
            return SEEN not in facts.flags
        case "read":
            return SEEN in facts.flags
        case "starred":
            return FLAGGED in facts.flags
        case "answered":
            return ANSWERED in facts.flags
        case "later":
            return REPLY_LATER in facts.flags
        case "attachment":
            return facts.has_attachment
        case _:
            return kind(facts.sender, facts.list_id) is KINDS[name]


def is_called(folder: Folder, name: str) -> bool:
    """By its whole name, its last piece or its role, in any case."""
    wanted = name.casefold()
    role = folder.role.value if folder.role else ""
    return wanted in (folder.name.casefold(), folder.leaf.casefold(), role, EVERYWHERE)


def is_searched(condition: Condition, folder: Folder) -> bool:
    """Whether a search over everything looks into that folder at all."""
    return folder.role not in HIDDEN or any(isinstance(one, In) for one in leaves(condition))


def midnight(day: dt.date) -> int:
    """When that day begins here, clipped to what a clock can say."""
    try:
        return int(dt.datetime.combine(day, dt.time()).astimezone().timestamp())
    except (OverflowError, ValueError, OSError):
        return 0 if day.year < 1970 else 1 << 40
