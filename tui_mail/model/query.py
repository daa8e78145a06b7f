"""What a person asks of the store: `from:ann is:unread "whole phrase" in:Archive`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Literal

from .errors import BadInput
from .folder import FolderId

Where = Literal["any", "from", "to", "subject", "body"]
_WHERES = ("from", "to", "subject", "body")
STATES = ("unread", "read", "starred", "answered", "attachment")
KEYS = ("from", "to", "subject", "body", "is", "has", "before", "after", "in", "account")
_TOKEN = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand (or, `negated`, must not stand) in one place. A phrase when it has blanks."""

    where: Where
    text: str
    negated: bool = False

    def __str__(self) -> str:
        text = f'"{self.text}"' if not self.text or re.search(r"[\s:]|^-", self.text) else self.text
        return ("-" if self.negated else "") + ("" if self.where == "any" else f"{self.where}:") + text


@dataclass(frozen=True, slots=True)
class Query:
    """All of it must hold. `folder` None is every folder but Trash and Junk, unless `within` names one."""

    folder: FolderId | None = None
    terms: tuple[Term, ...] = ()
    states: frozenset[tuple[str, bool]] = field(default=frozenset())
    """(`unread`, True) for `is:unread`, False for `-is:unread`."""
    within: str = ""
    """`in:` a folder by name or role."""
    account: str = ""
    before: dt.date | None = None
    """Strictly before this day, local time."""
    after: dt.date | None = None
    """On this day or later, local time."""

    @property
    def is_plain(self) -> bool:
        """Only a folder: nothing is searched."""
        return not (self.terms or self.states or self.within or self.before or self.after or self.account)

    def at(self, folder: FolderId | None) -> Query:
        return replace(self, folder=folder)

    def __str__(self) -> str:
        parts = [str(term) for term in self.terms]
        parts += sorted(
            ("" if held else "-") + ("has:" if name == "attachment" else "is:") + name for name, held in self.states
        )
        if self.within:
            parts.append(f'in:"{self.within}"' if re.search(r"\s", self.within) else f"in:{self.within}")
        if self.account:
            parts.append(f'account:"{self.account}"' if re.search(r"\s", self.account) else f"account:{self.account}")
        if self.before:
            parts.append(f"before:{self.before.isoformat()}")
        if self.after:
            parts.append(f"after:{self.after.isoformat()}")
        return " ".join(parts)

    @classmethod
    def parse(cls, text: str, folder: FolderId | None = None) -> Query:
        """Reads what was typed; raises BadInput with a sentence where it cannot be meant.

        `Query.parse(str(q), q.folder) == q` for every query that parse returns.
        """
        terms: list[Term] = []
        states: set[tuple[str, bool]] = set()
        within = account = ""
        before = after = None
        for minus, key, phrase, word in _TOKEN.findall(text):
            value = " ".join((word or phrase).replace('"', " ").split())
            name = key.lower()
            if key and name not in KEYS:  # `http://…`, `Re:` and the like are words
                value, name = f"{key}:{value}", ""
            if not name:
                if value:
                    terms.append(Term("any", value, bool(minus)))
            elif name in _WHERES:
                if value:
                    terms.append(Term(name, value, bool(minus)))
            elif name in ("is", "has"):
                states.add((_state(value), not minus))
            elif name == "in":
                within = value
            elif name == "account":
                account = value
            elif name == "before":
                before = _day(name, value)
            else:
                after = _day(name, value)
        return cls(folder, tuple(terms), frozenset(states), within, account, before, after)


def _state(value: str) -> str:
    word = {"attachments": "attachment", "flagged": "starred", "seen": "read", "replied": "answered"}.get(
        value.lower(), value.lower()
    )
    if word not in STATES:
        raise BadInput(f"is: and has: know {', '.join(STATES)}, not “{value}”.")
    return word


def _day(name: str, value: str) -> dt.date:
    for form in (value, f"{value}-01", f"{value}-01-01"):
        try:
            return dt.date.fromisoformat(form)
        except ValueError:
            continue  # the next, shorter way to write a day
    raise BadInput(f"{name}: takes a day as 2026-11-23, 2026-11 or 2026, not “{value}”.")
