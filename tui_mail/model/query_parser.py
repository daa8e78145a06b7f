"""Reads what was typed into the search line: conditions, and what in it cannot be meant."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import cast, get_args

from .condition import (
    ANYTHING,
    Age,
    Condition,
    Day,
    In,
    Of,
    Size,
    State,
    StateName,
    Term,
    Unit,
    Waiting,
    Where,
    both,
    either,
    negated,
)

WHERES: tuple[str, ...] = ("from", "to", "cc", "subject", "body", "filename", "list")
STATES: tuple[str, ...] = get_args(StateName)
WAITING = "waiting"
"""`is:waiting` is `waiting:3d`."""
KEYS = (*WHERES, "is", "has", "before", "after", "older", "newer", "waiting", "larger", "smaller", "in", "account")
"""Every word that means something before a colon."""
_OTHER_NAMES = {"attachments": "attachment", "flagged": "starred", "seen": "read", "replied": "answered"}
_ATTACHED = ("attachment", "attachments", "file", "files")
MOST = 60
"""Conditions of one query; a whole letter pasted into the search line is no question."""
DEEPEST = 20
"""Parentheses in parentheses."""
LARGEST = 1 << 60
"""Octets; the index counts in 64 bits."""
_BLANK = re.compile(r"\s*")
_KEY = re.compile(rf"({'|'.join(KEYS)}):", re.I)
_OR = re.compile(r'or(?=[\s()"]|\Z)', re.I)
_SPAN = re.compile(r"(\d{1,5})([hdwmy])\Z")
_OCTETS = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)([kmg]?)b?\Z", re.I)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What cannot be meant: where it stands in what was typed, and why, in a sentence."""

    start: int
    end: int
    words: str


def read(text: str) -> tuple[Condition, tuple[Mistake, ...]]:
    """All that can be meant, and what cannot. Never raises; what is mistaken is left out of the condition."""
    reading = _Reading(text)
    wanted = reading.alternatives(0)
    return wanted, tuple(reading.mistakes)


@dataclass(slots=True)
class _Reading:
    """One pass over the text: `or` binds least, what stands side by side must hold together."""

    text: str
    at: int = 0
    count: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    def alternatives(self, depth: int) -> Condition:
        """Up to the end, or to the parenthesis that closes."""
        ways: list[Condition] = []
        joint: int | None = None
        """Where the `or` stands that the next way follows."""
        while True:
            way = self._together(depth)
            if way is not None:
                ways.append(way)
            elif joint is not None or self._is_or():
                place, side = (self.at, "before") if joint is None else (joint, "after")
                self._wrong(place, place + 2, f"“or” needs something {side} it.")
            if not self._is_or():
                return either(*ways) if ways else ANYTHING
            joint = self.at
            self.at += 2

    def _together(self, depth: int) -> Condition | None:
        """What stands side by side up to an `or`, a closing parenthesis or the end; None where there is nothing."""
        parts: list[Condition] = []
        while True:
            self._skip_blanks()
            if self.at >= len(self.text) or self._is_or():
                break
            if self.text[self.at] == ")":
                if depth:
                    break
                self._wrong(self.at, self.at + 1, "Nothing was opened that this “)” could close.")
                self.at += 1
                continue
            if (one := self._one(depth)) is not None:
                parts.append(one)
        return both(*parts) if parts else None

    def _one(self, depth: int) -> Condition | None:
        start = self.at
        minus = self.text[self.at] == "-" and not re.match(r"-(?:\s|\)|\Z)", self.text[self.at :])
        self.at += minus
        if self.text[self.at] == "(":
            one = self._group(depth)
        elif key := _KEY.match(self.text, self.at):
            self.at = key.end()
            one = self._field(key[1].lower(), start, depth)
        else:
            value = self._value(depth)
            one = Term("any", value) if value else None
        if one is None:
            return None
        self.count += 1
        if self.count > MOST:
            if self.count == MOST + 1:
                self._wrong(start, len(self.text), f"Only the first {MOST} things are looked for.")
            return None
        return negated(one) if minus else one

    def _group(self, depth: int) -> Condition | None:
        start = self.at
        self.at += 1
        if depth >= DEEPEST:
            self._wrong(start, start + 1, "So many parentheses in each other cannot be meant.")
            return None
        inside = self.alternatives(depth + 1)
        if self.at < len(self.text):
            self.at += 1
        else:
            self._wrong(start, start + 1, "This “(” is never closed.")
        return None if inside == ANYTHING else inside

    def _field(self, key: str, start: int, depth: int) -> Condition | None:
        value = self._value(depth)
        if not value:
            return None  # the value is still to be typed
        match key:
            case "is" | "has":
                return self._state(value, start)
            case "before" | "after":
                return self._day(key, value, start)
            case "older" | "newer":
                return self._age(key, value, start)
            case "waiting":
                return self._waiting(value, start)
            case "larger" | "smaller":
                return self._size(key, value, start)
            case "in":
                return In(value)
            case "account":
                return Of(value)
            case _:
                return Term(cast(Where, key), value)

    # ---- values

    def _value(self, depth: int) -> str:
        """A word, or what stands in quotes; a quotation mark that is not closed goes on to the end."""
        if self.text[self.at : self.at + 1] == '"':
            end = self.text.find('"', self.at + 1)
            end = len(self.text) if end < 0 else end
            value, self.at = self.text[self.at + 1 : end], min(end + 1, len(self.text))
        else:
            end = self._end_of_word(depth)
            value, self.at = self.text[self.at : end].replace('"', " "), end
        return " ".join(value.split())

    def _end_of_word(self, depth: int) -> int:
        """Where blanks begin, or the parenthesis that closes a group; `f(x)` is a word."""
        opened = 0
        for at in range(self.at, len(self.text)):
            char = self.text[at]
            if char.isspace():
                return at
            if char == "(":
                opened += 1
            elif char == ")":
                if depth and not opened:
                    return at
                opened -= bool(opened)
        return len(self.text)

    def _state(self, value: str, start: int) -> Condition | None:
        word = value.lower()
        if word in _ATTACHED:
            return State("attachment")
        if word == WAITING:
            return Waiting()
        word = _OTHER_NAMES.get(word, word)
        if word in STATES:
            return State(cast(StateName, word))
        self._wrong(start, self.at, f"is: and has: know {', '.join((*STATES, WAITING))}, not “{value}”.")
        return None

    def _day(self, key: str, value: str, start: int) -> Condition | None:
        for form in (value, f"{value}-01", f"{value}-01-01"):
            try:
                day = dt.date.fromisoformat(form)
            except ValueError:
                continue  # the next, shorter way to write a day
            return Day("before" if key == "before" else "after", day)
        self._wrong(start, self.at, f"{key}: takes a day as 2026-11-23, 2026-11 or 2026, not “{value}”.")
        return None

    def _waiting(self, value: str, start: int) -> Condition | None:
        match = _SPAN.match(value.lower())
        if match:
            return Waiting(int(match[1]), cast(Unit, match[2]))
        self._wrong(start, self.at, f"waiting: takes a span as 3d or 2w, not “{value}”.")
        return None

    def _age(self, key: str, value: str, start: int) -> Condition | None:
        match = _SPAN.match(value.lower())
        if match:
            return Age("older" if key == "older" else "newer", int(match[1]), cast(Unit, match[2]))
        self._wrong(start, self.at, f"{key}: takes a span as 12h, 3d, 2w, 6m or 1y, not “{value}”.")
        return None

    def _size(self, key: str, value: str, start: int) -> Condition | None:
        match = _OCTETS.match(value)
        if match:
            factor = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}[match[2].lower()]
            return Size("larger" if key == "larger" else "smaller", min(int(float(match[1]) * factor), LARGEST))
        self._wrong(start, self.at, f"{key}: takes a size as 500k, 5M or 1G, not “{value}”.")
        return None

    # ---- the text

    def _is_or(self) -> bool:
        return _OR.match(self.text, self.at) is not None

    def _skip_blanks(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _wrong(self, start: int, end: int, words: str) -> None:
        self.mistakes.append(Mistake(start, end, words))
