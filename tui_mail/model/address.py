"""An e-mail address with its display name, as RFC 5322 section 3.4 means it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_LIKE_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.\w")
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
        """What a narrow column shows: the name, else the address; the address too where the name is another one."""
        if self.email and _LIKE_ADDRESS.search(self.name) and self.key not in self.name.lower():
            return self.email
        return self.name or self.email

    @property
    def key(self) -> str:
        """What two spellings of the same mailbox share."""
        return self.email.strip().lower()

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].lower()

    def is_one_of(self, others: Iterable[Address]) -> bool:
        """Whether it is one of these mailboxes, or a `+tag` of one."""
        local, _, domain = self.key.rpartition("@")
        return not {self.key, f"{local.partition('+')[0]}@{domain}"}.isdisjoint(other.key for other in others)


@dataclass(slots=True)
class _Piece:
    """What stands between two separators of a list, taken apart."""

    start: int
    words: list[str]
    """Atoms and quoted strings outside brackets and comments, unquoted."""
    comments: list[str]
    angle: str | None = None
    quoted: bool = False
    """The first word was a quoted string."""


_TOKEN = re.compile(r'[\s]+|["(<>,;:]|[^\s"(<>,;:]+')
_QUOTED = re.compile(r'"((?:[^"\\]++|\\.)*+)"(@[^\s"(<>,;:]+)?', re.S)
_ANGLE = re.compile(r'<((?:[^<>"]++|"(?:[^"\\]++|\\.)*+")*+)>', re.S)
_ANGLE_OPEN = re.compile(r"<([^<>,;]*)>?")
_BARE = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+\.[^\s@<>,;:\"()\[\]]+")
_LONGEST_PIECE = 1000
"""Characters of a name and an address in which a second one is looked for."""
_UNCOMMENTED = re.compile(r"\([^()]*\)")
_UNESCAPE = re.compile(r"\\(.)", re.S)
_PAREN = re.compile(r"[()]|\\.", re.S)


def _same(text: str) -> str:
    return text


def _scan(text: str) -> Iterator[tuple[_Piece, int]]:
    """The pieces of a list and where each ends; groups are opened. One pass, no recursion, never raises."""
    piece = _Piece(0, [], [])
    at, size = 0, len(text)
    quotes = comments = angles = True  # an opener without its closer is an ordinary character, and so are all after it
    while at < size:
        token = _TOKEN.match(text, at)
        if token is None:  # pragma: no cover: every character is in one of the three
            break
        word = token[0]
        if word == '"' and quotes:
            if (quoted := _QUOTED.match(text, at)) is None:
                quotes = False
                continue
            if quoted[2]:
                piece.words.append(quoted[0])  # "odd local"@example.org
            else:
                piece.quoted = piece.quoted or not piece.words
                piece.words.append(_UNESCAPE.sub(r"\1", quoted[1]))
            at = quoted.end()
        elif word == "(" and comments:
            if (end := _comment_end(text, at)) < 0:
                comments = False
                continue
            piece.comments.append(_UNESCAPE.sub(r"\1", text[at + 1 : end - 1]))
            at = end
        elif word == "<":
            inside = _ANGLE.match(text, at) if angles else None
            if inside is None:
                angles = False
                inside = _ANGLE_OPEN.match(text, at)
            if inside is None:  # pragma: no cover: the looser form matches every <
                break
            piece.angle = inside[1]  # the last one counts: what comes before it is a name
            at = inside.end()
        elif word in ",;":
            yield piece, at
            at += 1
            piece = _Piece(at, [], [])
        elif word == ":" and _is_group_name(piece):
            at += 1
            piece = _Piece(at, [], [])
        else:
            at += len(word)
            if not word.isspace():
                piece.words.append(word)
    yield piece, size


def _is_group_name(piece: _Piece) -> bool:
    return piece.angle is None and not any("@" in word or "[" in word for word in piece.words)


def _comment_end(text: str, at: int) -> int:
    """Where the comment that opens at `at` ends, or -1; comments nest (RFC 5322 section 3.2.2)."""
    depth = 0
    for match in _PAREN.finditer(text, at):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if depth == 0:
                return match.end()
    return -1


def _address(piece: _Piece, decode: Callable[[str], str]) -> Address:
    """The mailbox of a piece; the text as a name where there is no address in it."""
    words = piece.words
    if piece.angle is not None:
        email = _uncommented(piece.angle)
        email = email.rpartition(":")[2] if email.lstrip()[:1] == "@" else email  # an old route
        name = words or piece.comments
        gap = " " if '"' in email else ""  # only a quoted local part may hold a blank
        return Address(" ".join(decode(" ".join(name)).split()), gap.join(email.split()))
    joined = "".join(words)
    if not piece.quoted and (len(words) == 1 or re.fullmatch(r"[^@]*@[^@]*", joined)) and "@" in joined:
        spread = [index for index, word in enumerate(words) if "@" in word]
        if len(words) == 1 or words[spread[0]] == "@" or joined.startswith("@") or words[spread[0]][-1:] == "@":
            return Address(" ".join(decode(" ".join(piece.comments)).split()), joined)  # also: ann @ example . org
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if 0 < word.find("@") < len(word) - 1 and (index or not piece.quoted):
            rest = words[:index] + words[index + 1 :] or piece.comments
            return Address(" ".join(decode(" ".join(rest)).split()), word)
    name = words or piece.comments
    return Address(" ".join(decode(" ".join(name)).split()), "")


def _uncommented(text: str) -> str:
    """An address in brackets without the comments that may stand in it: `pete(his account)@silly.test`."""
    if "(" not in text or '"' in text:
        return text
    kept = []
    at = 0
    while (start := text.find("(", at)) >= 0 and (end := _comment_end(text, start)) > 0:
        kept.append(text[at:start])
        at = end
    return "".join(kept) + text[at:]


def split_list(text: str) -> list[str]:
    """The pieces of an address list between its top-level commas and semicolons; quotes, brackets and comments hold.

    Where no comma stands, line ends separate too (a pasted column). Nothing is dropped but blanks and group names:
    what is not an address stays a piece, so that the person can mend it.
    """
    if "," not in text:
        text = text.replace("\n", ",")
    return [found for piece, end in _scan(text) if (found := text[piece.start : end].strip())]


def spans(text: str) -> list[tuple[int, int]]:
    """Where each piece of a list stands, without the blanks around it and the separators."""
    found = []
    for piece, end in _scan(text):
        start = piece.start + len(text[piece.start : end]) - len(text[piece.start : end].lstrip())
        if start < end and _holds(piece):
            found.append((start, start + len(text[start:end].rstrip())))
    return found


def parse_one(text: str, decode: Callable[[str], str] = _same) -> Address:
    """One typed or received mailbox; what has no address in it comes back with an empty `email` and the text as name.

    Understands `a@b`, `<a@b>`, `Name <a@b>`, `"Na, me" <a@b>`, `a@b (Name)`, `Name a@b`. Never raises.
    """
    return next((_address(piece, decode) for piece, _ in _scan(text) if _holds(piece)), Address("", ""))


def overlooked(piece: str) -> str:
    """An address in a piece of a list that nobody would write to, because a comma is missing (`a@b.org c@d.org`); empty
    where there is none. What stands in quotes or in a comment is a name."""
    chosen = parse_one(piece)
    plain = _UNCOMMENTED.sub(" ", _QUOTED.sub(" ", piece[:_LONGEST_PIECE]))
    return next((one for one in _BARE.findall(plain) if one.lower() not in (chosen.key, chosen.email.lower())), "")


def parse_list(text: str, decode: Callable[[str], str] = _same) -> tuple[Address, ...]:
    """Every mailbox of a list, groups (`Team: a@b, c@d;`) opened. Never raises; pieces without an address are kept.

    `decode` is applied to each name once it has been cut out, so that what it yields is never parsed again.
    """
    pieces = [piece for piece, _ in _scan(text) if _holds(piece)]
    named = [piece for piece in pieces if piece.words or piece.angle]  # a comment alone is nobody beside somebody
    return tuple(_address(piece, decode) for piece in named or pieces)


def _holds(piece: _Piece) -> bool:
    return bool(piece.words or piece.comments or piece.angle)


def without(addresses: Iterable[Address], *unwanted: Iterable[Address]) -> tuple[Address, ...]:
    """The addresses in order, once each, and none that stands in `unwanted`."""
    seen = {address.key for group in unwanted for address in group}
    kept = []
    for address in addresses:
        if address.email and address.key not in seen:
            seen.add(address.key)
            kept.append(address)
    return tuple(kept)
