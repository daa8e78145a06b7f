"""One FETCH response to a message's facts, by hand and in one pass: this runs once for every message there is."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tui_mail.model.message import Flags

from ..contract import RemoteMessage
from .lexer import Frame, Miscounted, ParseError, Response, unescape
from .structure import has_attachment

FIELDS = b"DATE FROM SENDER TO CC SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID"
"""The header fields that a row and its thread need: all else comes with the letter, and may be half of what a header
weighs. ENVELOPE has fewer, and is what servers get wrong most."""
SUMMARY = b"(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (" + FIELDS + b")])"
IDS = {"X-GM-EXT-1": b"X-GM-MSGID X-GM-THRID", "OBJECTID": b"EMAILID THREADID"}
"""What else a server that offers it is asked for: its own names for a mail and its thread."""
PLAIN = b"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
"""What even a server that stumbles over a message's structure can say of it."""
IDENTITY = b"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"


def summary(can: Callable[[str], bool]) -> bytes:
    """SUMMARY, and the server's own names where it has them."""
    more = next((items for capability, items in IDS.items() if can(capability)), b"")
    return SUMMARY.replace(b" BODYSTRUCTURE", b" " + more + b" BODYSTRUCTURE", 1) if more else SUMMARY


@dataclass(slots=True)
class Fetched:
    """What one response said; None where it did not say. Mutable: servers may tell a message in two responses."""

    uid: int = 0
    flags: Flags | None = None
    date: int | None = None
    size: int | None = None
    modseq: int | None = None
    structure: bytes = b""
    body: bytes | None = None
    """The one BODY[…] that was asked for; None for NIL as well."""
    mail: str = ""
    thread: str = ""

    def is_whole(self) -> bool:
        """A message of no size at all is none: GNU's imap4d says so of one whose file another process just renamed."""
        return self.flags is not None and bool(self.size) and self.body is not None

    def add(self, other: Fetched) -> None:
        """Takes in what another response said of the same message."""
        self.flags = self.flags if other.flags is None else other.flags
        self.date = self.date if other.date is None else other.date
        self.size = self.size if other.size is None else other.size
        self.body = self.body if other.body is None else other.body
        self.structure = other.structure or self.structure
        self.mail = self.mail or other.mail
        self.thread = self.thread or other.thread

    def message(self, note: str = "") -> RemoteMessage:
        return RemoteMessage(
            self.uid,
            self.flags or frozenset(),
            self.size or 0,
            self.date or 0,
            self.body or b"",
            self.structure,
            has_attachment(self.structure),
            note,
            self.mail,
            self.thread,
        )


_COMMON = re.compile(
    rb" *(?:UID (\d{1,10})(?=[ )])"
    rb"|FLAGS \(([^()\r\n]*+)\)"
    rb'|INTERNALDATE "([^"\r\n]*+)"'
    rb"|RFC822\.SIZE (\d{1,18})(?=[ )])"
    rb'|BODYSTRUCTURE (\((?:"(?:[^"\\]++|\\.)*+"|NIL|[() 0-9]++)*+(?<=\) ))(?=[A-Z])'
    rb"|BODY(\[)[^\]\[]*+\] \{\d{1,12}\}\r\n\Z"
    rb"|MODSEQ \((\d{1,20})\)"
    rb"|(?:X-GM-MSGID|EMAILID) \(?([A-Za-z0-9_\-]{1,255})\)?(?=[ )])"
    rb"|(?:X-GM-THRID|THREADID) \(?([A-Za-z0-9_\-]{1,255})\)?(?=[ )]))",
    re.S,
)
"""An item as nearly every server writes it, the number of its group says which.

A structure without literals has no words but NIL outside its quotes, so no other item can hide in it.
"""
_STRIDE = re.compile(
    rb"\(UID (\d{1,10}) FLAGS \(([^()\r\n]*+)\)"
    rb' INTERNALDATE " ?(\d{1,2}-[A-Za-z]{3}-\d{4}) (\d\d:\d\d):(\d\d) ([+-]\d{4})" RFC822\.SIZE ([1-9]\d{0,17})'
    rb' BODYSTRUCTURE (\((?:"(?:[^"\\]++|\\.)*+"|NIL|[() 0-9]++)*+(?<=\) ))BODY\[',
    re.S,
)
"""All of SUMMARY in the order it was asked: what nearly every server says of nearly every message."""
_SECTION = re.compile(rb"[^\]\[{}\r\n]*+\] \Z")
_UID, _FLAGS_ITEM, _DATE_ITEM, _SIZE, _STRUCTURE_ITEM, _BODY, _MODSEQ_ITEM, _MAIL, _THREAD = range(1, 10)
_ITEM = re.compile(rb" *([A-Za-z0-9.\-]++)(\[[^\]\[]*+\](?:<\d+>)?)? *")
_NUMBER = re.compile(rb"\d{1,20}")
_LARGEST = (1 << 63) - 1
_NIL = re.compile(rb"NIL(?=[ )])", re.I)
_LOOSE = (b"INTERNALDATE", b"RFC822.SIZE")
"""What some servers do not know of a broken message: NIL then, which is no such thing in any RFC."""
_FLAGS = re.compile(rb"\(([^()\r\n]*+)\)")
_DATE = re.compile(rb'"([^"]*+)"')
_MODSEQ = re.compile(rb"\((\d{1,20})\)")
_PIECE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[()]|\{\d{1,12}\+?\}\r\n\Z', re.S)
_ATOM = re.compile(rb'"((?:[^"\\]++|\\.)*+)"|[^\s()"]++', re.S)
_MARKER = re.compile(rb"~?\{\d{1,12}\+?\}\r\n\Z")


def fetched(response: Response) -> Fetched:
    """Reads a FETCH response. Raises ParseError; then nothing of it may be believed."""
    return _Cursor(response.frame, response.start).read()


def in_one_stride(response: Response) -> RemoteMessage | None:
    """The message of an answer to SUMMARY that is written as most are; None for any other, which `fetched` reads."""
    lines, literals = response.frame
    if len(lines) != 2 or lines[1] != b")\r\n":
        return None
    match = _STRIDE.match(lines[0], response.start)
    if match is None or not _is_section(lines[0][match.end() : lines[0].rfind(b"{")]):
        return None
    uid, words, day, minute, second, zone, size, structure = match.groups()
    if structure.count(b"(") != structure.count(b")"):
        return None
    structure = structure[:-1]
    midnight = _midnight(day, zone)
    return RemoteMessage(
        int(uid),
        flags(words),
        int(size),
        0 if midnight is None else midnight + _seconds(minute) + int(second),
        literals[0],
        structure,
        has_attachment(structure),
    )


@lru_cache(maxsize=64)
def _is_section(text: bytes) -> bool:
    """Whether this alone stands between `BODY[` and the length of what was asked for: the same in every answer."""
    return _SECTION.match(text) is not None


class _Cursor:
    """Walks over the lines and literals of one response."""

    __slots__ = ("at", "index", "line", "literals", "rest")

    def __init__(self, frame: Frame, start: int) -> None:
        self.line = frame.lines[0]
        self.rest = frame.lines[1:]
        self.literals = frame.literals
        self.index = 0
        self.at = start

    def read(self) -> Fetched:
        found = Fetched()
        if self.line[self.at : self.at + 1] != b"(":
            raise ParseError("a FETCH without a list")
        self.at += 1
        while True:
            self._usual(found)
            item = _ITEM.match(self.line, self.at)
            if item is None:
                break
            self.at = item.end()
            self._item(item[1].upper(), item[2], found)
        if self.line[self.at :].strip() != b")" or self.index != len(self.literals):
            raise ParseError(f"a FETCH that goes on: {self.line[self.at : self.at + 40]!r}")
        return found

    def _usual(self, found: Fetched) -> None:
        """Items as nearly every server writes them, up to the first that is written otherwise."""
        line, at = self.line, self.at
        while (match := _COMMON.match(line, at)) is not None:
            kind = match.lastindex
            value = match[kind or 0]
            if kind == _UID:
                found.uid = int(value)
            elif kind == _FLAGS_ITEM:
                found.flags = flags(value)
            elif kind == _DATE_ITEM:
                found.date = internal_date(value)
            elif kind == _SIZE:
                found.size = int(value)
            elif kind == _STRUCTURE_ITEM:
                if value.count(b"(") != value.count(b")"):
                    break
                found.structure = value[:-1]
            elif kind == _MODSEQ_ITEM:
                found.modseq = int(value)
            elif kind == _MAIL:
                found.mail = value.decode("ascii")
            elif kind == _THREAD:
                found.thread = "" if value == b"NIL" else value.decode("ascii")
            else:
                found.body = self._literal()
                line, at = self.line, self.at
                if line == b")\r\n":
                    return
                continue
            at = match.end()
        self.at = at

    def _item(self, name: bytes, section: bytes | None, found: Fetched) -> None:
        if section is not None:
            text = self._string()
            if name in (b"BODY", b"BODY.PEEK"):  # as it was asked, where a server repeats that
                found.body = text
        elif name == b"RFC822":
            found.body = self._string()
        elif name in _LOOSE and (match := _NIL.match(self.line, self.at)) is not None:
            self.at = match.end()
        elif name == b"UID":
            found.uid = int(self._match(_NUMBER)[0])
        elif name == b"FLAGS":
            found.flags = flags(self._match(_FLAGS)[1])
        elif name == b"INTERNALDATE":
            found.date = internal_date(self._match(_DATE)[1])
        elif name == b"RFC822.SIZE":
            found.size = min(int(self._match(_NUMBER)[0]), _LARGEST)
        elif name == b"BODYSTRUCTURE":
            found.structure = self._skip()
        elif name == b"MODSEQ":
            found.modseq = int(self._match(_MODSEQ)[1])
        else:
            self._skip()

    def _match(self, form: re.Pattern[bytes]) -> re.Match[bytes]:
        match = form.match(self.line, self.at)
        if match is None:
            raise ParseError(f"unreadable at {self.line[self.at : self.at + 40]!r}")
        self.at = match.end()
        return match

    def _literal(self) -> bytes:
        """The literal that the current line ends by announcing; what follows it is read next."""
        if self.index == len(self.literals):
            raise ParseError("a literal that did not come")
        literal = self.literals[self.index]
        self.line = self.rest[self.index]
        self.index += 1
        self.at = 0
        if self.line[:1] not in (b" ", b")"):
            raise Miscounted("a literal longer than announced")
        return literal

    def _string(self) -> bytes | None:
        if _MARKER.match(self.line, self.at):
            return self._literal()
        match = self._match(_ATOM)
        return None if match[1] is None else unescape(match[1])

    def _skip(self) -> bytes:
        """The next value as it came, not looked into; literals inline."""
        if self.line[self.at : self.at + 1] != b"(":
            if (marker := _MARKER.match(self.line, self.at)) is not None:
                return marker[0] + self._literal()
            return self._match(_ATOM)[0]
        depth = 0
        kept = b""
        start = self.at
        while True:
            for piece in _PIECE.finditer(self.line, self.at):
                mark = piece[0]
                if mark == b"(":
                    depth += 1
                elif mark == b")":
                    depth -= 1
                    if not depth:
                        self.at = piece.end()
                        return kept + self.line[start : self.at]
                elif mark[:1] == b"{":
                    kept += self.line[start : piece.end()] + self._literal()
                    start = 0
                    break
            else:
                raise ParseError("a list that never closes")


@lru_cache(maxsize=1024)
def flags(text: bytes) -> Flags:
    """The flags of a list without its parentheses; `\\Recent` is the session's, not the message's."""
    words = text.decode("utf-8", "replace").split()
    return frozenset(_SPELLED.get(word.lower(), word) for word in words if word.lower() != "\\recent")


_SPELLED = {name.lower(): name for name in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "$Forwarded")}
_SPELLED |= {"$junk": "$Junk", "$notjunk": "$NotJunk", "$mdnsent": "$MDNSent"}
"""System flags are the same in any case (RFC 9051 section 2.3.2)."""

_INTERNAL = re.compile(rb" ?(\d{1,2}-[A-Za-z]{3}-\d{4}) (\d\d:\d\d):(\d\d)(?: ([+-]\d{4}))?")
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")
_EPOCH = datetime.date(1970, 1, 1).toordinal()


def internal_date(text: bytes) -> int | None:
    """Seconds since 1970 UTC of `17-Jul-1996 02:44:25 -0700`, or None for what is no date. Without a zone it is UTC."""
    match = _INTERNAL.match(text)
    if match is None:
        return None
    day, minute, second, zone = match.groups()
    midnight = _midnight(day, zone)
    return None if midnight is None else midnight + _seconds(minute) + int(second)


@lru_cache(maxsize=2048)
def _seconds(minute: bytes) -> int:
    """Of a day until `02:44`."""
    return int(minute[:2]) * 3600 + int(minute[3:]) * 60


@lru_cache(maxsize=4096)
def _midnight(day: bytes, zone: bytes | None) -> int | None:
    """When a day begins there, or None for a day that never was."""
    number, month, year = day.lower().split(b"-")
    try:
        days = datetime.date(int(year), _MONTHS.index(month) + 1, int(number)).toordinal() - _EPOCH
    except ValueError:
        return None
    east = int(zone[1:3]) * 3600 + int(zone[3:]) * 60 if zone else 0
    return days * 86400 - (-east if zone and zone.startswith(b"-") else east)


def written_date(when: int) -> bytes:
    """A moment as APPEND takes it."""
    moment = datetime.datetime.fromtimestamp(when, datetime.UTC)
    month = _MONTHS[moment.month - 1].capitalize().decode("ascii")
    return f'"{moment.day:02d}-{month}-{moment:%Y %H:%M:%S} +0000"'.encode("ascii")
