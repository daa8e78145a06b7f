"""Bytes of IMAP to nested lists, with no recursion for a server to exhaust (RFC 9051 section 9)."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "bytes | list[Value] | None"
"""An atom, number or string as bytes, NIL as None, a parenthesised list as a list."""

_TOKEN = re.compile(
    rb'"((?:[^"\\]++|\\.)*+)"'
    rb"|([()])"
    rb"|~?\{(\d{1,12})\+?\}\r\n"
    rb'|((?:[^\s()"\[]++|\[[^\]\[]*+\]|\[)++)'
    rb"|[ \t\r\n]++",
    re.S,
)
_ESCAPED = re.compile(rb"\\(.)", re.S)
_DEEPEST = 500


class ParseError(ValueError):
    """Not IMAP; the text is for the log."""


class Miscounted(ParseError):
    """A literal is not as long as announced: what follows may be a stranger's mail posing as the server's words."""


def parse(wire: bytes, start: int = 0) -> list[Value]:
    """Every value from `start` to the end, literals (`{3}` CRLF and three octets) inline.

    Raises ParseError for open or surplus parentheses, open quotes, short literals and absurd depth.
    """
    stack: list[list[Value]] = []
    values: list[Value] = []
    at, end = start, len(wire)
    while at < end:
        match = _TOKEN.match(wire, at)
        if match is None:
            raise ParseError(f"unreadable at {wire[at : at + 40]!r}")
        at = match.end()
        group = match.lastindex
        if group == 4:
            atom = match[4]
            values.append(None if len(atom) == 3 and atom.upper() == b"NIL" else atom)
        elif group == 1:
            values.append(unescape(match[1]))
        elif group == 3:
            size = int(match[3])
            if at + size > end:
                raise ParseError("a literal that ends too early")
            values.append(wire[at : at + size])
            at += size
        elif group == 2 and match[2] == b"(":
            if len(stack) == _DEEPEST:
                raise ParseError("lists nested beyond reason")
            inner: list[Value] = []
            values.append(inner)
            stack.append(values)
            values = inner
        elif group == 2:
            if not stack:
                raise ParseError("a list closes that was never opened")
            values = stack.pop()
    if stack:
        raise ParseError("a list that never closes")
    return values


def unescape(quoted: bytes) -> bytes:
    """What stands between the quotes of a quoted string."""
    return _ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted


class Frame(NamedTuple):
    """One response as it came: lines, and between two lines the literal that the first one announced."""

    lines: tuple[bytes, ...]
    literals: tuple[bytes, ...] = ()

    def wire(self) -> bytes:
        """The response in one piece, for `parse`."""
        if not self.literals:
            return self.lines[0]
        pieces = [piece for pair in zip(self.lines, self.literals, strict=False) for piece in pair]
        return b"".join((*pieces, self.lines[-1]))


class Response(NamedTuple):
    """One untagged response: `* 12 FETCH (…)` has number 12, kind FETCH, and its list starts at `start`."""

    kind: bytes
    number: int | None
    start: int
    """Where the data begin in `frame.lines[0]`."""
    frame: Frame

    def values(self) -> list[Value]:
        """The data, parsed. Raises ParseError."""
        return parse(self.frame.wire(), self.start)


_UNTAGGED = re.compile(rb"\* +(?:(\d{1,10}) +)?([A-Za-z][A-Za-z0-9.\-]*+) *+")
_HIGHEST = 4_294_967_295


def untagged(frame: Frame) -> Response:
    """Which response it is; its data are not looked at yet. Raises ParseError."""
    line = frame.lines[0]
    at = line.find(b" FETCH (", 3, 19)
    if at > 0 and line.startswith(b"* ") and (count := line[2:at]).isdigit():  # as most of them are written
        return Response(b"FETCH", int(count), at + 7, frame)
    match = _UNTAGGED.match(line)
    if match is None:
        raise ParseError(f"no response: {line[:40]!r}")
    digits = match[1]
    number = int(digits) if digits else None
    if number is not None and number > _HIGHEST:
        raise ParseError(f"an absurd number: {digits!r}")
    return Response(match[2].upper(), number, match.end(), frame)


_CODE = re.compile(rb"\[([A-Za-z0-9.\-_/]+)(?: +(\(.*\)|[^\]]*))? *\] *(.*)", re.S)


class Status(NamedTuple):
    """What OK, NO, BAD, BYE or PREAUTH goes on to say."""

    code: bytes
    """`UIDVALIDITY`, in capitals, or empty."""
    argument: bytes
    text: bytes


def status(text: bytes) -> Status:
    """Splits `[CODE argument] words`; a flag inside may hold a bracket (Gmail)."""
    text = text.strip()
    match = _CODE.match(text) if text.startswith(b"[") else None
    if match is None:
        return Status(b"", b"", text)
    return Status(match[1].upper(), (match[2] or b"").strip(), match[3])
