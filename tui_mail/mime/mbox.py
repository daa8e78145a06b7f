"""An mbox file taken apart line by line, in any of its dialects: what is quoted is unquoted, what other programs noted
of a message (read, starred, thrown away) is understood."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui_mail.model.message import ANSWERED, DRAFT, FLAGGED, FORWARDED, SEEN, Flags

from .facts import facts

_BEGIN = re.compile(rb"From .*\d{1,2}:\d\d.*\d{4}\s*$")
"""A line of that shape after an empty one begins a message; “From here on …” in a letter has no time of day."""
_FROM = re.compile(rb"^(>*From )", re.M)
_QUOTED = re.compile(rb"^>(>*From )")
_DATE = re.compile(rb"(\w{3} +\d{1,2} \d{1,2}:\d\d(?::\d\d)?)(?: [+-]\d{4}| [A-Z]{1,5})? (\d{4})\s*$")
_STATUS = {b"A": ANSWERED, b"F": FLAGGED, b"R": SEEN, b"T": DRAFT}
"""Letters of Status and X-Status, as mutt, Pine and Dovecot write them."""
_NOTED = re.compile(rb"^(?:X-)?Status:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)
_MOZILLA = ((0x0001, SEEN), (0x0002, ANSWERED), (0x0004, FLAGGED), (0x1000, FORWARDED))
_EXPUNGED = 0x0008


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the file. Line ends are as they stand there."""

    octets: bytes
    flags: Flags
    date: int | None
    """When it came, seconds since 1970 UTC."""
    is_expunged: bool = False
    """Thrown away in Thunderbird, which only marks it until the file is compacted."""


def split(lines: Iterable[bytes]) -> Iterator[Posted]:
    """The messages in their order. What stands before the first `From ` line is no message."""
    head = b""
    held: list[bytes] = []
    for line in lines:
        if line.startswith(b"From ") and (not held or held[-1].strip(b"\r\n") == b"") and _BEGIN.match(line):
            if head:
                yield _posted(head, held)
            head, held = line, []
        elif head:
            held.append(_QUOTED.sub(rb"\1", line))
    if head:
        yield _posted(head, held)


def lead(lines: Iterable[bytes]) -> int | None:
    """How many octets stand before the first message, and belong to none; None where there is no message."""
    before = 0
    for line in lines:
        if line.startswith(b"From ") and _BEGIN.match(line):
            return before
        before += len(line)
    return None


def count(lines: Iterable[bytes]) -> int:
    """How many messages `split` will give."""
    found = 0
    is_empty = True
    for line in lines:
        if (is_empty or not found) and line.startswith(b"From ") and _BEGIN.match(line):
            found += 1
        is_empty = not line.strip(b"\r\n")
    return found


def noted(octets: bytes, flags: Flags) -> bytes:
    """The letter, lines ended by LF, with what is known of it in Status and X-Status; From is quoted (mboxrd)."""
    head, end, body = _without_notes(octets)
    known = {letter for letter, flag in _STATUS.items() if flag in flags}
    lines = b"Status: RO\n" if b"R" in known else b"Status: O\n"
    if marks := b"".join(sorted(known - {b"R"})):
        lines += b"X-Status: " + marks + b"\n"
    text = head + lines + (end or b"\n") + body
    text = _FROM.sub(rb">\1", text)
    return text if text.endswith(b"\n") else text + b"\n"


def _without_notes(octets: bytes) -> tuple[bytes, bytes, bytes]:
    """The header without Status and X-Status, which belong to the file; the empty line; the rest."""
    found = re.search(rb"^\r?\n", octets, re.M)
    at, to = found.span() if found else (len(octets), len(octets))
    head = octets[:at]
    if head and not head.endswith(b"\n"):
        head += b"\n"
    return _NOTED.sub(b"", head), octets[at:to], octets[to:]


def _posted(head: bytes, held: list[bytes]) -> Posted:
    if held and held[-1].strip(b"\r\n") == b"":
        held = held[:-1]  # the empty line that belongs to the file
    octets = b"".join(held)
    block = re.split(rb"\r?\n\r?\n", octets, maxsplit=1)[0]
    octets = b"".join(_without_notes(octets))
    mozilla = int(_field(block, rb"X-Mozilla-Status", rb"[0-9a-fA-F]{1,8}") or b"0", 16)
    date = _moment(head)
    return Posted(
        octets,
        _flags(block, mozilla),
        facts(block.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n").date if date is None else date,
        is_expunged=bool(mozilla & _EXPUNGED),
    )


def _flags(block: bytes, mozilla: int) -> Flags:
    letters = _field(block, rb"Status", rb"\w+") + _field(block, rb"X-Status", rb"\w+")
    flags = {flag for letter, flag in _STATUS.items() if letter in letters}
    flags |= {flag for bit, flag in _MOZILLA if mozilla & bit}
    if labels := _field(block, rb"X-Gmail-Labels", rb".+"):  # Google's own archive: read is what is not marked unread
        flags |= {SEEN} if b"unread" not in labels.lower() else set()
        flags |= {FLAGGED} if b"starred" in labels.lower() else set()
    return frozenset(flags)


def _field(block: bytes, name: bytes, value: bytes) -> bytes:
    found = re.search(rb"^" + name + rb":[ \t]*(" + value + rb")", block, re.I | re.M)
    return found[1] if found else b""


def _moment(head: bytes) -> int | None:
    """The date of a `From ` line, which has no zone that could be trusted."""
    found = _DATE.search(head)
    if found is None:
        return None
    clock = found[1] if found[1].count(b":") == 2 else found[1] + b":00"
    try:
        return calendar.timegm(
            time.strptime(f"{clock.decode('ascii', 'replace')} {int(found[2])}", "%b %d %H:%M:%S %Y")
        )
    except ValueError:
        return None
