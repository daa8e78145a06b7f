"""One message as one file: what its name says, and its octets as they travel."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass

from tui_mail.model.message import ANSWERED, DELETED, DRAFT, FLAGGED, FORWARDED, SEEN, Flags

_FLAGS = {"D": DRAFT, "F": FLAGGED, "P": FORWARDED, "R": ANSWERED, "S": SEEN, "T": DELETED}
_BY_FLAG = {flag: letter for letter, flag in _FLAGS.items()}
_INFO = b":2,"
_ATTACHED = re.compile(rb"^content-disposition:[ \t]*attachment", re.I | re.M)
_SYNC_NUMBER = re.compile(rb",U=(\d{1,10})(?:,|$)")
_DIGITS = re.compile(rb"(\d{1,20})")


@dataclass(frozen=True, slots=True)
class Glance:
    """What a list needs of a message."""

    header: bytes
    """The block before the first empty line, that line included."""
    size: int
    """Octets on the wire."""
    has_attachment: bool


def key(name: bytes) -> bytes:
    """What stays the same when flags change or a message goes from new/ to cur/. `name` is `cur/…` or `new/…`."""
    return name.partition(b"/")[2].partition(b":")[0]


def flags(name: bytes) -> Flags:
    """What the letters behind `:2,` mean; a mail in new/ has none yet."""
    letters = name.rpartition(_INFO)[2] if _INFO in name else b""
    return frozenset(_FLAGS[char] for char in letters.decode("ascii", "replace") if char in _FLAGS)


def keywords(wanted: Flags) -> Flags:
    """Those of the flags that no letter stands for; `\\` ones that a Maildir does not know are left out."""
    return frozenset(flag for flag in wanted if flag not in _BY_FLAG and not flag.startswith("\\"))


def named(base: bytes, wanted: Flags, others: str = "") -> bytes:
    """The name in cur/ of a message with these flags; `others` are letters of other programs."""
    letters = sorted({*others, *(_BY_FLAG[flag] for flag in wanted if flag in _BY_FLAG)})
    return b"cur/" + base + _INFO + "".join(letters).encode("ascii")


def renamed(name: bytes, wanted: Flags) -> bytes:
    """The same message with these flags; letters of other programs stay (Dovecot's a to z)."""
    letters = name.rpartition(_INFO)[2].partition(b",")[0] if _INFO in name else b""
    others = "".join(char for char in letters.decode("ascii", "ignore") if char.isalpha() and char not in _FLAGS)
    return named(key(name), wanted, others)


def fresh() -> bytes:
    """A base that nobody ever used; made anew for each folder, because mbsync keeps its own number in the name."""
    return f"{int(time.time())}.R{secrets.token_hex(10)}.tui-mail".encode("ascii")


def order(name: bytes, seconds: int) -> tuple[object, ...]:
    """Sorts messages that are met together into the order in which they probably came."""
    base = key(name)
    number = _SYNC_NUMBER.search(base)
    pieces = [(int(piece), b"") if piece.isdigit() else (-1, piece) for piece in _DIGITS.split(base) if piece]
    return seconds, int(number[1]) if number else 0, pieces, name


def as_wire(octets: bytes) -> bytes:
    """Lines end with CRLF on the wire; a file that has such lines already is taken octet by octet."""
    return octets if b"\r\n" in octets else octets.replace(b"\n", b"\r\n")


def as_file(wire: bytes) -> bytes:
    """Lines end with LF, as every other program writes them, unless something would be lost by that."""
    octets = wire.replace(b"\r\n", b"\n")
    return octets if as_wire(octets) == wire else wire


def glance(octets: bytes) -> Glance:
    """Of a message as it travels."""
    for end in (b"\r\n\r\n", b"\n\n"):
        head, found, _ = octets.partition(end)
        if found:
            break
    return Glance(head + found, len(octets), _ATTACHED.search(octets) is not None)
