"""Header fields as they really come: broken lines, raw eight-bit text, encoded words that split a character."""

from __future__ import annotations

import binascii
import re

from tui_mail.model.address import Address, parse_list

from . import charset
from .clean import line, token

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)\Z", re.S)
_LINE_END = re.compile(rb"\r\n|\n")
_LONE_CR = re.compile(rb"\r(?!\n)")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
LONGEST = 200_000
"""Octets of one field that are looked at."""


def fields(block: bytes) -> list[tuple[str, bytes]]:
    """Name and unfolded raw value of every field, in order; lines that are no field are skipped. Never raises."""
    if b"\n" not in block:
        block = _LONE_CR.sub(b"\n", block)
    if b"\n " in block or b"\n\t" in block:
        block = _FOLD.sub(b"", block)
    found = []
    for text in _LINE_END.split(block.lstrip(b" \t")):
        if (match := _FIELD.match(text)) is not None:
            found.append((match[1].decode("ascii"), match[2].strip()[:LONGEST]))
    return found


def split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body. A byte order mark, blank lines and an mbox `From ` line are passed over.

    A message that starts with something that is no field at all is all body.
    """
    start = _BLANKS.match(raw).end()  # type: ignore[union-attr]  # matches the empty string at least
    if _POSTMARK.match(raw, start):
        start = raw.find(b"\n", start) + 1 or len(raw)
    head, body = halves(raw, start)
    if head and not fields(head):
        return b"", raw
    return head, body


def halves(raw: bytes, start: int = 0) -> tuple[bytes, bytes]:
    """Header and body of a message or part, from `start` on.

    A line of blanks ends the header unless a folded line or a field follows (RFC 5322 section 4.2). Where the free
    line is missing, the body begins behind the last field.
    """
    for match in _END.finditer(raw, start):
        if match[0].strip(b"\r\n") and _GOES_ON.match(raw, match.end()):
            continue
        head, body = raw[start : match.start()], raw[match.end() :]
        break
    else:
        head, body = raw[start:], b""
    if body.strip():
        return head, body
    at = 0
    for found in _LINES.finditer(head):
        if found[0][:1] in b" \t" or _FIELD_NAME.match(found[0]):
            at = found.end()
        elif not at:
            break
    return (head[:at], head[at:].lstrip(b"\r\n") + body) if 0 < at < len(head) else (head, body)


def odd_lines(head: bytes) -> list[bytes]:
    """The lines of a header block that belong to no field."""
    found = _LINE_END.split(_FOLD.sub(b"", head.lstrip(b" \t"))) if b"\n" in head else []
    return [line for line in found if line.strip() and _FIELD.match(line) is None]


_POSTMARK = re.compile(rb">?From (?![ \t]*:)")
_BLANKS = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*")
_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r(?!\n)")
_GOES_ON = re.compile(rb"(?:[ \t]+\r?\n){0,5}(?:[ \t]+[^\s]|[!-9;-~]{1,80}[ \t]*:)")
_LINES = re.compile(rb"[^\r\n]+(?:\r?\n|\r|\Z)")
_FIELD_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")

_WORD = re.compile(rb"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,60})?\?([BbQq])\?((?:[^?=]|=(?!\?[^=])|\?(?!=))*)\?=", re.S)
"""An encoded word (RFC 2047 section 2), blanks and question marks forgiven. Linear: it stops at the next `=?`."""
_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode(raw: bytes) -> str:
    """The field as one clean line: encoded words decoded, raw octets guessed at, controls shown. Never raises."""
    if raw.isascii() and b"=?" not in raw and b"\x1b$" not in raw:
        return line(raw.decode("ascii"))
    return line(words(raw))


def words(raw: bytes) -> str:
    """The field decoded but not cleaned."""
    if b"=?" not in raw:
        return charset.guess(raw)[0]
    out: list[str] = []
    joined: list[re.Match[bytes]] = []  # neighbours in one charset
    at = 0
    for match in _WORD.finditer(raw):
        between = raw[at : match.start()]
        is_apart = bool(between.strip())
        if joined and (is_apart or match[1].lower() != joined[-1][1].lower()):
            out.append(_join(joined))
            joined = []
        if is_apart:
            out.append(charset.guess(between)[0])
        joined.append(match)
        at = match.end()
    if joined:
        out.append(_join(joined))
    if at < len(raw):
        out.append(charset.guess(raw[at:])[0])
    return "".join(out)


def _join(neighbours: list[re.Match[bytes]]) -> str:
    """Neighbouring words as one text: a character may be split over two of them, and so may a base64 quantum."""
    octets: list[bytes] = []
    digits: list[bytes] = []
    for match in neighbours:
        if match[2] in b"Bb":
            digits.append(match[3])
        else:
            octets += (base64(b"".join(digits)), q(match[3]))
            digits = []
    octets.append(base64(b"".join(digits)))
    text, is_whole = charset.decode(b"".join(octets), neighbours[0][1].decode("ascii", "replace"))
    if not is_whole and _BINARY.search(text):  # no text at all: what was written says as much
        return b" ".join(match[0] for match in neighbours).decode("ascii", "replace")
    return text


_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def q(payload: bytes) -> bytes:
    """The Q encoding of RFC 2047 section 4.2; what is no escape stays as it is."""
    return _Q_ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), payload.replace(b"_", b" "))


def base64(payload: bytes) -> bytes:
    """Base64 as far as it goes: foreign characters are skipped, missing padding is added, padding in the middle ends a
    stretch. Never raises."""
    if not payload:
        return b""
    out = []
    for stretch in re.split(rb"=+", payload):
        digits = _NOT_BASE64.sub(b"", stretch)
        if (rest := len(digits) % 4) == 1:
            digits = digits[:-1]
        elif rest:
            digits += b"=" * (4 - rest)
        out.append(binascii.a2b_base64(digits))
    return b"".join(out)


def addresses(raw: bytes) -> tuple[Address, ...]:
    """Every mailbox of an address field. Words are decoded in names only, after the list was cut. Never raises."""
    text = raw.decode("ascii") if raw.isascii() else charset.guess(raw)[0]
    plain = b"=?" not in raw
    found = parse_list(text[:LONGEST], line if plain else _name)
    people: list[Address] = []
    for one in found:
        name, email = "" if one.name in ("<", ">") else one.name, token(one.email)[:1000]
        if email[:7].lower() == "mailto:":
            email = email[7:]
        if email and name and people and not people[-1].email and "@" not in people[-1].name:
            name = f"{people.pop().name}, {name}"  # Doe, John <john@example.org>: a name that should have been quoted
        if name or email:
            people.append(Address(name, email))
    return tuple(people)


def _name(text: str) -> str:
    return decode(text.encode()) if "=?" in text else line(text)


_ID = re.compile(rb"<([^<>]{1,2000})>")


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Every message id of a field, with its angle brackets, once each: visible ASCII only, so fit to be sent back."""
    inner = _ID.findall(raw) or [word for word in raw[:LONGEST].strip(b"<> \t").split() if b"@" in word][:1]
    found: dict[str, None] = {}
    for octets in inner:
        text = b"".join(octets.split()).decode("ascii", "replace")
        if text and text.isprintable() and text.isascii() and len(text) <= 900:
            found[f"<{text}>"] = None
    return tuple(found)
