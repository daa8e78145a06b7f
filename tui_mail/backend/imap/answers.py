"""The small answers: STATUS, SEARCH, ESEARCH, COPYUID, APPENDUID, MESSAGELIMIT."""

from __future__ import annotations

from collections.abc import Iterable

from ..contract import Moved, Status
from .command import Command
from .lexer import ParseError, Response, Value, status
from .sets import expand

_HIGHEST = (1 << 63) - 1
"""More has no mod-sequence (RFC 7162 section 1), and the index could not hold it."""


def number(value: Value) -> int | None:
    found = int(value) if isinstance(value, bytes) and value.isdigit() and len(value) <= 20 else None
    return found if found is None or found <= _HIGHEST else None


def name(value: Value) -> bytes:
    """A folder's raw name; an atom NIL is a name like any other."""
    if isinstance(value, list):
        raise ParseError("a list where a name should be")
    return b"NIL" if value is None else value


def folder_status(values: list[Value]) -> tuple[bytes, Status]:
    """(raw name, status) of a STATUS response."""
    if len(values) < 2 or not isinstance(values[-1], list):
        raise ParseError("a STATUS without a list")
    words = values[-1]
    said = {
        key.upper(): number(value)
        for key, value in zip(words[::2], words[1::2], strict=False)
        if isinstance(key, bytes) and not isinstance(value, list)
    }
    return name(values[0]), Status(
        said.get(b"MESSAGES"),
        said.get(b"UNSEEN"),
        said.get(b"UIDNEXT"),
        said.get(b"UIDVALIDITY"),
        said.get(b"HIGHESTMODSEQ"),
    )


def esearch(command: Command) -> dict[bytes, bytes] | None:
    """What `SEARCH RETURN (…)` gave, in capitals; None where no answer came. Raises ParseError."""
    found: dict[bytes, bytes] | None = None
    for response in command.responses:
        values = response.values()
        if values and isinstance(values[0], list):
            tag = values[0][1] if len(values[0]) == 2 else None
            if tag != command.tag:
                continue  # another search's
            values = values[1:]
        words = [value for value in values if isinstance(value, bytes)]
        if words and words[0].upper() == b"UID":
            words = words[1:]
        found = found or {}
        found |= {key.upper(): value for key, value in zip(words[::2], words[1::2], strict=False)}
    return found


def search(command: Command) -> set[int] | None:
    """The uids of all SEARCH responses; None where no answer came. Raises ParseError."""
    found: set[int] | None = None
    for response in command.responses:
        uids = [number(value) for value in response.values() if not isinstance(value, list)]
        if None in uids:
            raise ParseError("a SEARCH that finds words")
        found = (found or set()) | {uid for uid in uids if uid}
    return found


def copied(command: Command, responses: Iterable[Response]) -> Moved:
    """COPYUID, from an untagged OK (MOVE) or the tagged one (COPY); nothing where it was not said or is not sound."""
    said = [(command.code, command.argument)]
    for response in responses:
        told = status(response.frame.lines[0][response.start :])
        said.append((told.code, told.argument))
    for code, argument in said:
        words = argument.split()
        if code != b"COPYUID" or len(words) != 3:
            continue
        try:
            here, there = expand(words[1]), expand(words[2])
        except ParseError:
            continue
        if len(here) == len(there) and words[0].isdigit():
            return Moved(int(words[0]), tuple(zip(here, there, strict=True)))
    return Moved()


def appended(command: Command) -> int | None:
    """The uid that APPENDUID names."""
    words = command.argument.split()
    is_said = command.code == b"APPENDUID" and len(words) == 2
    return (number(words[1]) or None) if is_said else None


def limit(command: Command) -> int | None:
    """The lowest uid that was dealt with where the server stopped early (RFC 9738); below it all is still to do."""
    words = command.argument.split()
    return number(words[1]) if command.code == b"MESSAGELIMIT" and len(words) == 2 else None
