"""One thing that a message must be, or several joined: what a query is made of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Where = Literal["any", "from", "to", "cc", "subject", "body", "filename", "list"]
"""Where words stand. `any`: subject, people, text and names of attachments; `to`: every recipient, Cc too."""
StateName = Literal["unread", "read", "starred", "answered", "attachment", "person", "list", "notification", "later"]
Unit = Literal["h", "d", "w", "m", "y"]
EVERYWHERE = "anywhere"
"""`in:anywhere`: Trash and Junk too."""
HOURS: dict[Unit, int] = {"h": 1, "d": 24, "w": 168, "m": 720, "y": 8760}


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand in one place, one behind the other. The last may go on: `invoi` finds invoice."""

    where: Where
    text: str

    def __str__(self) -> str:
        return quoted(self.text) if self.where == "any" else f"{self.where}:{quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class State:
    """`is:unread`, `has:attachment`; `is:person` is neither from a mailing list nor a notification; `is:later` is to be
    answered some time."""

    name: StateName

    def __str__(self) -> str:
        return f"{'has' if self.name == 'attachment' else 'is'}:{self.name}"


@dataclass(frozen=True, slots=True)
class In:
    """In a folder of that name or role, in any account."""

    name: str

    def __str__(self) -> str:
        return f"in:{quoted(self.name)}"


@dataclass(frozen=True, slots=True)
class Of:
    """Of that account."""

    account: str

    def __str__(self) -> str:
        return f"account:{quoted(self.account)}"


@dataclass(frozen=True, slots=True)
class Day:
    """Strictly before a day, or on it or later; local time."""

    side: Literal["before", "after"]
    day: dt.date

    def __str__(self) -> str:
        return f"{self.side}:{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Age:
    """Older or newer than a span that ends now; a month is 30 days."""

    side: Literal["older", "newer"]
    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.side}:{self.number}{self.unit}"

    @property
    def seconds(self) -> int:
        return self.number * HOURS[self.unit] * 3600


@dataclass(frozen=True, slots=True)
class Waiting:
    """Sent by the person so long ago, and nothing came behind it in its thread since."""

    number: int = 3
    unit: Unit = "d"

    def __str__(self) -> str:
        return f"waiting:{self.number}{self.unit}"

    @property
    def seconds(self) -> int:
        return self.number * HOURS[self.unit] * 3600


@dataclass(frozen=True, slots=True)
class Size:
    """Larger or smaller than so many octets."""

    side: Literal["larger", "smaller"]
    octets: int

    def __str__(self) -> str:
        for unit, octets in (("G", 1 << 30), ("M", 1 << 20), ("k", 1 << 10)):
            if self.octets and self.octets % octets == 0:
                return f"{self.side}:{self.octets // octets}{unit}"
        return f"{self.side}:{self.octets}"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    one: Condition

    def __str__(self) -> str:
        return f"-({self.one})" if isinstance(self.one, All | Either) else f"-{self.one}"


@dataclass(frozen=True, slots=True)
class All:
    """Everything of it must hold; without parts it always does."""

    parts: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Either) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """Something of it must hold."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts)


Condition = Term | State | In | Of | Day | Age | Waiting | Size | Not | All | Either
ANYTHING = All()


def both(*conditions: Condition) -> Condition:
    """All of them, in the shape that `Query.parse` gives: nothing nested that need not be."""
    parts: list[Condition] = []
    for one in conditions:
        parts += one.parts if isinstance(one, All) else (one,)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def either(*conditions: Condition) -> Condition:
    """Any of them, in the same shape. What always holds makes all of it hold."""
    parts: list[Condition] = []
    for one in conditions:
        if one == ANYTHING:
            return ANYTHING
        parts += one.parts if isinstance(one, Either) else (one,)
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def negated(one: Condition) -> Condition:
    return one.one if isinstance(one, Not) else Not(one)


def leaves(condition: Condition) -> Iterator[Condition]:
    """Its conditions one by one, without those that are negated."""
    match condition:
        case All(parts) | Either(parts):
            for part in parts:
                yield from leaves(part)
        case Not():
            return
        case _:
            yield condition


_BARE = re.compile(r'[^\s"():\-][^\s"():]*\Z')


def quoted(text: str) -> str:
    """A value as it can be typed: in quotes where it would be read otherwise."""
    return text if _BARE.match(text) and text.lower() != "or" else f'"{text}"'
