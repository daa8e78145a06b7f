"""The grammar of commands: bytes of one command in, typed arguments out, and values quoted for answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias


class Bad(Exception):
    """The command is not IMAP; the text follows `BAD`."""


class No(Exception):
    """The command is understood and refused; the text follows `NO`."""


class Atom(str):
    """A bare word of a command, in contrast to a quoted string or literal, which arrive as bytes."""

    __slots__ = ()


Argument: TypeAlias = "Atom | bytes | list[Argument]"

_TAG = re.compile(rb"([^\x00-\x20\x7f-\xff(){%*\"\\+]+) ([A-Za-z0-9]+)")
_TOKEN = re.compile(
    rb'"(?P<quoted>(?:[^"\\\r\n\x80-\xff\x00]|\\["\\])*)"'
    rb"|\{(?P<literal>\d+)\+?\}\r\n"
    rb"|(?P<open>\()|(?P<close>\))"
    rb"|(?P<atom>(?:BODY|BINARY)(?:\.PEEK|\.SIZE)?\[[^\]\r\n]*\](?:<\d+\.\d+>)?"
    rb'|\\?[^\x00-\x20\x7f-\xff(){"\\]+|\\\*)',
    re.I,
)
_UNSAFE = re.compile(rb'[\x00\r\n"\\\x80-\xff]')
_UNESCAPE = re.compile(rb"\\(.)")


def split_tag(line: bytes) -> tuple[str, str, bytes]:
    """Tag, command in upper case, and what follows after its blank. Raises Bad."""
    found = _TAG.match(line)
    if found is None or line[found.end() : found.end() + 1] not in (b" ", b""):
        raise Bad("Tag and command expected")
    return found[1].decode(), found[2].decode().upper(), line[found.end() :]


def arguments(text: bytes) -> list[Argument]:
    """Reads ` SP argument SP argument …` with literals inline. Raises Bad for anything that the grammar lacks."""
    top: list[Argument] = []
    stack = [top]
    place = 0
    fresh = False  # right after an opening parenthesis no blank stands
    while place < len(text):
        if text[place : place + 1] == b")":
            if len(stack) == 1:
                raise Bad("Unbalanced parenthesis")
            stack.pop()
            place, fresh = place + 1, False
            continue
        if not fresh:
            if text[place : place + 1] != b" ":
                raise Bad("Blank expected between arguments")
            place += 1
        found = _TOKEN.match(text, place)
        if found is None or found["close"] is not None:
            raise Bad("Argument expected")
        place, fresh = found.end(), False
        if found["quoted"] is not None:
            stack[-1].append(_UNESCAPE.sub(rb"\1", found["quoted"]))
        elif found["literal"] is not None:
            end = place + int(found["literal"])
            stack[-1].append(text[place:end])
            place = end
        elif found["open"] is not None:
            if len(stack) > 50:
                raise Bad("Too deep")
            deeper: list[Argument] = []
            stack[-1].append(deeper)
            stack.append(deeper)
            fresh = True
        else:
            stack[-1].append(Atom(found["atom"].decode("ascii")))
    if len(stack) > 1:
        raise Bad("Unbalanced parenthesis")
    return top


def expect(given: Sequence[Argument], low: int, high: int | None = None) -> None:
    """Raises Bad where the number of arguments is wrong."""
    if not low <= len(given) <= (low if high is None else high):
        raise Bad("Wrong number of arguments")


def atom(argument: Argument) -> str:
    """A bare word in upper case."""
    if not isinstance(argument, Atom):
        raise Bad("Atom expected")
    return argument.upper()


def words(argument: Argument) -> list[str]:
    """A parenthesised list of bare words in upper case."""
    return [atom(item) for item in group(argument)]


def group(argument: Argument) -> list[Argument]:
    if not isinstance(argument, list):
        raise Bad("Parenthesised list expected")
    return argument


def astring(argument: Argument) -> bytes:
    """An atom, a quoted string or a literal."""
    if isinstance(argument, Atom):
        return argument.encode("ascii")
    if isinstance(argument, bytes):
        return argument
    raise Bad("String expected")


def number(argument: Argument | str) -> int:
    if not isinstance(argument, str) or not argument.isascii() or not argument.isdigit() or len(argument) > 19:
        raise Bad("Number expected")
    return int(argument)


def flags(arguments: Iterable[Argument]) -> frozenset[str]:
    """Flags of a STORE or APPEND; system flags get their usual spelling. `\\Recent` and unknown ones are Bad."""
    found = set()
    for argument in arguments:
        if not isinstance(argument, Atom) or "]" in argument:
            raise Bad("Flag expected")
        flag = "\\" + argument[1:].capitalize() if argument.startswith("\\") else str(argument)
        if flag.startswith("\\") and flag not in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"):
            raise Bad(f"No such system flag: {flag}")
        found.add(flag)
    return frozenset(found)


class Quoter:
    """Values as answers carry them; one a connection, because a quirk can turn every string into a literal."""

    __slots__ = ("_always",)

    def __init__(self, *, always_literal: bool = False) -> None:
        self._always = always_literal

    def __call__(self, value: bytes | None) -> bytes:
        """NIL, a quoted string, or a literal where quoting is not allowed."""
        if value is None:
            return b"NIL"
        if self._always or len(value) > 900 or _UNSAFE.search(value):
            return b"{%d}\r\n%s" % (len(value), value)
        return b'"' + value + b'"'
