"""An e-mail address with its display name, as RFC 5322 section 3.4 means it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ \u0080-\U0010ffff]*\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `name` is decoded and may be empty; `email` is `local@domain` as written."""

    name: str
    email: str

    def __str__(self) -> str:
        """The form a person types and reads: `Ann Example <ann@example.org>`, the name quoted only where it must be."""
        if not self.name:
            return self.email
        name = self.name
        if not _ATOM.match(name) or name != name.strip():
            name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{name} <{self.email}>"

    @property
    def short(self) -> str:
        """What a narrow column shows: the name, else the address."""
        return self.name or self.email

    @property
    def key(self) -> str:
        """What two spellings of the same mailbox share."""
        return self.email.strip().lower()

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].lower()


def split_list(text: str) -> list[str]:
    """The pieces of an address list between its top-level commas and semicolons; quotes, brackets and comments hold.

    Nothing is dropped but blanks: what is not an address stays a piece, so that the person can mend it.
    """
    pieces: list[str] = []
    piece: list[str] = []
    quoted = False
    angle = False
    comment = 0
    escaped = False
    for char in (
        text.replace("\r", " ").replace("\n", ",") if "," not in text else text.replace("\r", " ").replace("\n", " ")
    ):
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or comment):
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif comment:
            comment += (char == "(") - (char == ")")
        elif char == '"':
            quoted = True
        elif char == "(":
            comment = 1
        elif char == "<":
            angle = True
        elif char == ">":
            angle = False
        elif char in ",;" and not angle:
            pieces.append("".join(piece))
            piece = []
            continue
        piece.append(char)
    pieces.append("".join(piece))
    return [text for text in (piece.strip() for piece in pieces) if text]


_UNESCAPE = re.compile(r"\\(.)", re.S)


def parse_one(text: str) -> Address:
    """One typed or received mailbox; what has no address in it comes back with an empty `email` and the text as name.

    Understands `a@b`, `<a@b>`, `Name <a@b>`, `"Na, me" <a@b>`, `a@b (Name)`. Never raises.
    """
    text = text.strip()
    head, bracket, tail = _last_angle(text)
    if bracket:
        email, name = tail, head
    elif (paren := re.match(r"\s*([^\s()]+@[^\s()]+)\s*\((.*)\)\s*\Z", text, re.S)) is not None:
        email, name = paren[1], paren[2]
    elif "@" in text and not re.search(r"\s", text.strip('"')):
        return Address("", text)
    elif '"' in text and "@" in text.rpartition('"')[2]:
        return Address("", text)  # "odd local"@example.org
    else:
        return Address(_unquote(text), "")
    return Address(_unquote(name), re.sub(r"\s+", "", email))


def _last_angle(text: str) -> tuple[str, bool, str]:
    """Name and address around the last `<…>` that stands outside quotes."""
    quoted = False
    escaped = False
    start = -1
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == "<" and not quoted:
            start = index
    if start < 0:
        return text, False, ""
    return text[:start], True, text[start + 1 :].split(">", 1)[0]


def _unquote(name: str) -> str:
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = _UNESCAPE.sub(r"\1", name[1:-1])
    return " ".join(name.split())


def parse_list(text: str) -> tuple[Address, ...]:
    """Every mailbox of a list, groups (`Team: a@b, c@d;`) opened. Never raises; pieces without an address are kept."""
    found = []
    for piece in split_list(text):
        label, colon, rest = piece.partition(":")
        if colon and '"' not in label and "<" not in label and "@" not in label:
            if not rest.strip():
                continue  # an empty group: `undisclosed-recipients:;`
            piece = rest
        found.append(parse_one(piece))
    return tuple(found)


def without(addresses: Iterable[Address], *unwanted: Iterable[Address]) -> tuple[Address, ...]:
    """The addresses in order, once each, and none that stands in `unwanted`."""
    seen = {address.key for group in unwanted for address in group}
    kept = []
    for address in addresses:
        if address.email and address.key not in seen:
            seen.add(address.key)
            kept.append(address)
    return tuple(kept)
