"""Header values and bodies as octets for the wire: encoded words, quoted names, folds, transfer encodings."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from tui_mail.model.address import Address

from .clean import line, sound

LINE = 76
LONGEST_LINE = 998
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*\Z")
_WORD_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What a Q word may hold as it is everywhere, phrases included (RFC 2047 section 5)."""
_WORD_ROOM = 45
"""Octets of UTF-8 in one encoded word: 60 characters of base64, and 75 with the frame."""
_LONGEST_QUOTED = 60


def field(name: str, pieces: Sequence[str], *, separator: str = " ") -> bytes:
    """One header field with its CRLF, folded between pieces and never within one."""
    out = [f"{name}:"]
    width = len(out[0])
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        text = piece + (separator.strip() if index < last else "")
        longest = max(len(part) for part in text.split("\r\n"))
        if index and width + 1 + longest > LINE:
            out.append(f"\r\n {text}")
            width = 1 + longest
        else:
            out.append(f" {text}")
            width += 1 + longest
    return "".join(out).encode() + b"\r\n"


def unstructured(text: str) -> list[str]:
    """A subject as pieces for `field`: words as they are where they are ASCII, else encoded words."""
    text = line(sound(text))
    words = text.split(" ") if text else []
    if text.isascii() and "=?" not in text and all(len(word) < LINE * 2 for word in words):
        return words
    return encoded_words(text)


def mailbox(address: Address) -> str:
    """One mailbox: the name as atoms, as a quoted string, or as encoded words; folds never stand within quotes."""
    name = line(sound(address.name))
    if not name:
        return address.email if _is_bare(address.email) else f"<{address.email}>"
    if name.isascii() and "=?" not in name and len(name) <= _LONGEST_QUOTED:
        if not _ATOMS.match(name):
            name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{name} <{address.email}>"
    pieces = [*encoded_words(name), f"<{address.email}>"]
    return (" " if sum(map(len, pieces)) < LINE - 10 else "\r\n ").join(pieces)


def _is_bare(email: str) -> bool:
    return '"' not in email and "," not in email


def encoded_words(text: str) -> list[str]:
    """The text as encoded words (RFC 2047), characters whole, Q or B as is shorter."""
    words: list[str] = []
    chunk = ""
    room = 0
    for char in text:
        size = len(char.encode())
        if room + size > _WORD_ROOM:
            words.append(_encoded_word(chunk))
            chunk, room = "", 0
        chunk += char
        room += size
    return [*words, _encoded_word(chunk)] if chunk else words


def _encoded_word(text: str) -> str:
    octets = text.encode()
    q = "".join("_" if octet == 32 else chr(octet) if octet in _WORD_SAFE else f"={octet:02X}" for octet in octets)
    b = base64.b64encode(octets).decode("ascii")
    return f"=?utf-8?q?{q}?=" if len(q) <= len(b) else f"=?utf-8?b?{b}?="


def file_name(name: str) -> list[str]:
    """The filename parameter as pieces for `field` (RFC 2231 where it is not plain ASCII, or long)."""
    if name.isascii() and len(name) <= 55:
        return ['filename="' + name.replace("\\", "\\\\").replace('"', '\\"') + '"']
    escaped = "".join(
        chr(octet) if octet in _PARAMETER_SAFE else f"%{octet:02X}" for octet in name.encode("utf-8", "replace")
    )
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,18}", escaped)
    if len(pieces) == 1:
        return [f"filename*=utf-8''{pieces[0]}"]
    pieces[0] = "utf-8''" + pieces[0]
    return [f"filename*{index}*={piece}" for index, piece in enumerate(pieces)]


_PARAMETER_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`{|}~")


def body(text: str) -> tuple[str, str, bytes]:
    """Charset, transfer encoding and octets of a text, CRLF only, no line over 998 octets."""
    text = sound(text).replace("\r\n", "\n").replace("\r", "\n")
    text = text if text.endswith("\n") else text + "\n"
    octets = text.encode()
    charset = "us-ascii" if text.isascii() else "utf-8"
    if text.isascii() and not _CONTROLS.search(octets) and max(map(len, octets.split(b"\n"))) <= LONGEST_LINE:
        return charset, "7bit", octets.replace(b"\n", b"\r\n")
    quoted = quoted_printable(octets)
    if len(quoted) > len(octets) * 5 // 3:
        return charset, "base64", base64_lines(octets.replace(b"\n", b"\r\n"))
    return charset, "quoted-printable", quoted


_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


def quoted_printable(octets: bytes) -> bytes:
    """Quoted-printable with CRLF. A line `From …` or `.` is escaped too: some gateways touch those."""
    out = binascii.b2a_qp(octets, istext=True).replace(b"\r\n", b"\n")
    out = re.sub(rb"(?m)^(From )", lambda match: b"=46rom ", out)
    out = re.sub(rb"(?m)^\.$", b"=2E", out)
    return out.replace(b"\n", b"\r\n")


def base64_lines(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def is_fit(octets: bytes) -> bool:
    """Whether SMTP can carry the octets unchanged: CRLF only, no NUL, no line over 998 octets (RFC 5321 4.5.3.1.6)."""
    ends = octets.count(b"\r\n")
    if b"\x00" in octets or octets.count(b"\n") != ends or octets.count(b"\r") != ends:
        return False
    return max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE
