"""The server's own search (RFC 9051 section 6.4.4): a condition as search keys, with more rather than less found."""

from __future__ import annotations

import datetime as dt
import secrets

from tui_mail.model.condition import Age, All, Condition, Day, Either, Not, Size, State, Term
from tui_mail.model.errors import Unsupported
from tui_mail.model.message import REPLY_LATER

from .answers import esearch, search
from .command import Command, Part, string
from .lexer import ParseError
from .opened import Opened
from .sets import expand

Keys = tuple[Part, ...]
_FLAGS = {
    **{"unread": b"UNSEEN", "read": b"SEEN", "starred": b"FLAGGED", "answered": b"ANSWERED"},
    "later": b"KEYWORD " + REPLY_LATER.encode(),
}
_FIELDS = {"from": b"FROM", "cc": b"CC", "subject": b"SUBJECT", "body": b"BODY", "list": b"HEADER LIST-ID"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EVERYTHING: Keys = (b"ALL",)
_LIES = "The search of this server cannot be relied on."


class Searching:
    """Asks the open folder. What was typed goes out as strings and literals: it never becomes a key."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def search(self, condition: Condition, now: float) -> list[int]:
        """Uids, rising, of all that match, and perhaps of more. Raises Unsupported where the server lies or refuses."""
        if self._opened.session.quirks.search_lies or "SEARCH" in self._opened.latched:
            raise Unsupported(_LIES)
        self._find_a_lie()
        wanted = keys(condition, now)
        is_ascii = all(part.isascii() if isinstance(part, bytes) else part.octets.isascii() for part in wanted)
        command = self._run(() if is_ascii else (b"CHARSET UTF-8",), wanted)
        found = self._uids(command) if command.is_ok else None
        if found is None:
            raise Unsupported("The server would not search for this.", detail=command.words)
        return sorted(found)

    def _find_a_lie(self) -> None:
        """Once a connection: who finds what stands nowhere finds everything always (QQ and others)."""
        if "SEARCH PROVED" in self._opened.latched or not self._opened.exists:
            return
        command = self._run((), (b"SUBJECT", string(secrets.token_hex(12).encode())))
        if command.is_ok and self._uids(command):
            self._opened.latched.add("SEARCH")
            raise Unsupported(_LIES)
        self._opened.latched.add("SEARCH PROVED")

    def _run(self, charset: Keys, wanted: Keys) -> Command:
        return self._opened.connection.run(b"UID SEARCH", *charset, *wanted, wants=(b"ESEARCH", b"SEARCH"))

    def _uids(self, command: Command) -> set[int] | None:
        try:
            if any(response.kind == b"ESEARCH" for response in command.responses):
                found = esearch(command)
                return set(expand(found[b"ALL"])) if found and found.get(b"ALL") else set()
            return search(command) or set()
        except ParseError as error:
            self._opened.connection.skip(error)
            return None


def keys(condition: Condition, now: float) -> Keys:
    """What SEARCH is asked. What it has no key for is left to whoever asked: everything is found there."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    return tuple(part for one in parts for part in _key(one, now)) or EVERYTHING


def _key(condition: Condition, now: float) -> Keys:
    """One key. No parentheses: behind a literal they would stand where some servers do not expect them."""
    match condition:
        case All((first, *rest)):
            found = _key(first, now)
            for one in rest:
                found = (b"NOT", b"OR", b"NOT", *found, b"NOT", *_key(one, now))
            return found
        case Either((first, *rest)):
            found = _key(first, now)
            for one in rest:
                found = (b"OR", *found, *_key(one, now))
            return found
        case Not(one):
            return (b"NOT", *_key(one, now)) if _is_exact(one) else EVERYTHING
        case Term("any" | "filename", text):  # not TEXT: that finds the names of header fields too
            said = string(text.encode())
            return b"OR", b"OR", b"OR", b"OR", b"SUBJECT", said, b"FROM", said, b"TO", said, b"CC", said, b"BODY", said
        case Term("to", text):
            return b"OR", b"TO", string(text.encode()), b"CC", string(text.encode())
        case Term(where, text):
            return _FIELDS[where], string(text.encode())
        case State(name) if name in _FLAGS:
            return (_FLAGS[name],)
        case Day(side, day):
            return _sent(side == "before", day)
        case Age(side, _, _):
            return _sent(side == "older", _day(now - condition.seconds))
        case Size(side, octets):
            return b"LARGER" if side == "larger" else b"SMALLER", b"%d" % min(octets, 0xFFFFFFFF)
        case _:
            return EVERYTHING


def _is_exact(condition: Condition) -> bool:
    """Whether its keys find just what is asked, so that they may be turned round."""
    match condition:
        case All(parts) | Either(parts):
            return all(_is_exact(part) for part in parts)
        case Not(one):
            return _is_exact(one)
        case State(name):
            return name in _FLAGS
        case Term() | Size():
            return True
        case _:
            return False


def _sent(is_before: bool, day: dt.date) -> Keys:
    """By the Date field, a day more on either side: it knows no time zones."""
    try:
        day += dt.timedelta(days=2 if is_before else -2)
    except OverflowError:
        return EVERYTHING
    written = b"%d-%s-%04d" % (day.day, _MONTHS[day.month - 1].encode(), day.year)
    return b"SENTBEFORE" if is_before else b"SENTSINCE", written


def _day(moment: float) -> dt.date:
    try:
        return dt.datetime.fromtimestamp(moment, dt.UTC).date()
    except (OverflowError, ValueError, OSError):
        return dt.date(1970, 1, 1)
