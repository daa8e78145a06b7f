"""Files written into the text itself: `begin 644 name`, lines of printable octets, `end`."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"^begin(-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.M)
_LINES = re.compile(rb"(?:[ -`][ -`]*\r?\n)*")
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/=]+\r?\n)*")
_LAST = re.compile(rb"end[ \t]*(?:\r?\n|\Z)")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file within the octets of a text: it takes the place from `start` to `end`."""

    start: int
    end: int
    name: bytes
    content: bytes
    damage: str = ""
    """What is wrong with it, in words, or empty."""


def find(octets: bytes) -> list[Enclosed]:
    """The files in a text, at most a hundred; what only looks like the beginning of one is none."""
    found: list[Enclosed] = []
    at = 0
    while len(found) < _MOST and (match := _BEGIN.search(octets, at)) is not None:
        at = match.end()
        is_base64 = match[1] is not None
        lines = (_BASE64_LINES if is_base64 else _LINES).match(octets, at)
        end = lines.end() if lines is not None else at
        last = _LAST.match(octets, end)
        stop = end if last is None else last.end()
        content, damage = _base64(octets[at:end]) if is_base64 else uudecode(octets[at:stop])
        if content:
            found.append(Enclosed(match.start(), stop, match[2].strip(), content, damage))
            at = stop
    return found


def without(octets: bytes, files: list[Enclosed]) -> bytes:
    """The text with a line that names the file in the place of each."""
    kept: list[bytes] = []
    at = 0
    for one in files:
        kept += (octets[at : one.start], b"[" + one.name + b": see the attachments]\n")
        at = one.end
    return b"".join(kept) + octets[at:]


def _base64(body: bytes) -> tuple[bytes, str]:
    try:
        return binascii.a2b_base64(body), ""
    except binascii.Error:
        return b"", ""


def uudecode(body: bytes) -> tuple[bytes, str]:
    """The octets that the lines stand for as far as they go, and what is wrong with them in words, or empty."""
    out: list[bytes] = []
    for text in body.splitlines():
        if text.strip() in (b"end", b"`", b""):
            return b"".join(out), ""
        try:
            out.append(binascii.a2b_uu(text))
        except binascii.Error:
            length = (((text[0] - 32) & 63) * 4 + 5) // 3  # some write trailing garbage: python's own remedy
            try:
                out.append(binascii.a2b_uu(text[:length]))
            except binascii.Error:
                return b"".join(out), "It is damaged: only its beginning could be decoded."
    return b"".join(out), "Its end is missing."
