"""The tree of a message (RFC 2045, 2046, 2231): cut apart within a budget, mended where it is broken."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from . import charset, header
from .clean import line
from .uuencode import uudecode

DEEPEST = 30
MOST_PARTS = 500
_TOKEN = re.compile(r"[a-z0-9!#$%&'*+\-.^_`{|}~]{1,100}/[a-z0-9!#&'*+\-.^_{}~]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """One node. `body` is what stands between its boundaries, still encoded."""

    number: str
    """RFC 9051 section 6.4.5; `1` for the only part of a simple message, empty for a multipart at the root."""
    type: str
    """Lower case and a proper token pair, whatever was written."""
    body: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)
    disposition: str = ""
    """`inline`, `attachment` or empty."""
    name: str = ""
    """The file name, decoded and cleaned, as the sender wrote it: it may be a path."""
    encoding: str = ""
    content_id: str = ""
    children: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)

    def leaves(self) -> Iterator[Part]:
        """Every part without children, in order."""
        stack = [self]
        while stack:
            part = stack.pop()
            if part.children:
                stack += reversed(part.children)
            else:
                yield part


@dataclass(slots=True)
class _Budget:
    parts: int = MOST_PARTS
    over: bool = False


def structure(raw: bytes) -> Part:
    """The tree of a whole message. Never raises; at most 30 levels and 500 parts, and a note where there is more."""
    head, body = header.split(raw)
    return _part(header.fields(head), body, "", "text/plain", 0, _Budget())


def _part(found: list[tuple[str, bytes]], body: bytes, number: str, default: str, depth: int, budget: _Budget) -> Part:
    first: dict[str, bytes] = {}
    for name, value in found:
        first.setdefault(name.lower(), value)
    kind, parameters = parameters_of(first.get("content-type", b""))
    if not _TOKEN.match(kind):
        kind = _mend(kind, default)
    disposition, more = parameters_of(first.get("content-disposition", b""))
    notes: list[str] = []
    children: tuple[Part, ...] = ()
    if kind.startswith("multipart/"):
        children = _children(kind, parameters.get("boundary", ""), body, number, depth, budget, notes)
        if not children:
            kind = "text/plain"
    is_leaf = not children
    return Part(
        number=number or ("1" if is_leaf else ""),
        type=kind,
        body=body if is_leaf else b"",
        parameters=parameters,
        disposition=disposition if disposition in ("inline", "attachment") else "attachment" if disposition else "",
        name=line(_better(more.get("filename", ""), parameters.get("name") or more.get("name", ""))),
        encoding=_encoding(first.get("content-transfer-encoding", b"")),
        content_id=header.decode(first.get("content-id", b"")).strip("<> "),
        children=children,
        notes=tuple(notes),
    )


def _better(name: str, other: str) -> str:
    """The disposition's file name, unless it is missing or lost letters to question marks."""
    return other if not name or (name.count("?") > other.count("?") and other) else name


def _mend(kind: str, default: str) -> str:
    """A type that is none: `text` alone is text, nothing is the default, the rest is octets."""
    if not kind.strip():
        return default
    return "text/plain" if kind.strip() in ("text", "plain", "text/") else "application/octet-stream"


def _encoding(raw: bytes) -> str:
    """The first word of Content-Transfer-Encoding, without quotes, comments and the dots that some add."""
    match = re.match(rb"[\"'\s]*([A-Za-z0-9\-]{1,40})", raw)
    return match[1].decode("ascii").lower() if match else ""


def _children(
    kind: str, boundary: str, body: bytes, number: str, depth: int, budget: _Budget, notes: list[str]
) -> tuple[Part, ...]:
    if depth >= DEEPEST:
        notes.append(f"Parts nested deeper than {DEEPEST} levels are not shown.")
        return ()
    pieces, closed = _cut(body, boundary)
    if not pieces:
        if body.strip():
            notes.append("The parts of this message could not be told apart: it is shown as it came.")
        return ()
    if not closed:
        notes.append("This message is incomplete: its end is missing.")
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    children = []
    for index, piece in enumerate(pieces, 1):
        if budget.parts <= 0:
            if not budget.over:
                notes.append(f"This message has more than {MOST_PARTS} parts: the rest is not shown.")
                budget.over = True
            break
        budget.parts -= 1
        head, inner = _split_part(piece)
        place = f"{number}.{index}" if number else str(index)
        children.append(_part(header.fields(head), inner, place, default, depth + 1, budget))
    return tuple(children)


def _split_part(piece: bytes) -> tuple[bytes, bytes]:
    """Header and body of a part; a part may begin with the blank line, and then has no header."""
    if piece.startswith((b"\n", b"\r\n")):
        return b"", piece[2 if piece[0] == 13 else 1 :]
    head, body = header.halves(piece)
    if head.strip() and not header.fields(head):
        return b"", piece
    return head, body


_GUESS = re.compile(rb"(?:\A|\n)--([!-~][ -~]{0,68}[!-~])[ \t]*\r?\n[A-Za-z\-]+:")


def _cut(body: bytes, boundary: str) -> tuple[list[bytes], bool]:
    """What stands between the delimiter lines, and whether the closing one came."""
    mark = boundary.encode("utf-8", "replace").rstrip()
    if not mark or b"--" + mark not in body:
        guess = _GUESS.search(body)
        if guess is None or mark:
            return [], False
        mark = guess[1]
    pieces: list[bytes] = []
    start = -1
    for before, after, is_last in _delimiters(body, b"--" + mark):
        if start >= 0:
            pieces.append(body[start:before])
        if is_last or len(pieces) > MOST_PARTS:
            return pieces, True
        start = after
    if start >= 0 and (start < len(body) or not pieces):
        pieces.append(body[start:])
    return pieces, False


_LINE_REST = re.compile(rb"(--)?[ \t]*+(\r\n|\n|\r|\Z)")


def _delimiters(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where the part before a delimiter line ends, where the next begins, and whether it is the closing one."""
    at = body.find(mark)
    while at >= 0:
        rest = _LINE_REST.match(body, at + len(mark))
        if rest is not None and (at == 0 or body[at - 1] in b"\r\n"):
            before = at
            if body[before - 1 : before] == b"\n":
                before -= 1
            if body[before - 1 : before] == b"\r":
                before -= 1
            yield max(before, 0), rest.end(), rest[1] is not None
        at = body.find(mark, at + len(mark))


_PARAMETER = re.compile(rb';[\s;]*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]++|\\.)*+)("?)|([^;]*+))', re.S)
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?\Z", re.S)
_ESCAPED = re.compile(rb'\\(["\\])')
_MOST_PARAMETERS = 1000


def parameters_of(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon in lower case, and the parameters, RFC 2231 put together, each once."""
    value = raw.partition(b";")[0].decode("ascii", "replace")
    value = re.sub(r"\s*\(.*\Z", "", value.strip().strip('"')).strip().lower()
    plain: dict[str, str] = {}
    split: dict[str, dict[int, tuple[bool, bytes]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(raw, len(raw.partition(b";")[0]))):
        if count > _MOST_PARAMETERS:
            break
        octets = _ESCAPED.sub(rb"\1", match[2]) if match[2] is not None else match[4].strip()
        section = _SECTION.match(match[1].decode("ascii", "replace").lower())
        if section is None:  # pragma: no cover: the name has at least one character
            continue
        name, index, extended = section[1], section[2], section[3]
        if index is None and extended is None:
            plain.setdefault(name, _plain(octets))
        else:
            split.setdefault(name, {}).setdefault(int(index or 0), (extended is not None, octets))
    return value, plain | {name: _together(pieces) for name, pieces in split.items()}


def _plain(octets: bytes) -> str:
    """A parameter under no RFC 2231: people write encoded words and raw octets there."""
    return header.words(octets) if b"=?" in octets or not octets.isascii() else octets.decode("ascii")


def _together(pieces: dict[int, tuple[bool, bytes]]) -> str:
    """The sections in their order, gaps closed (RFC 2231 section 3); the first extended one names the charset."""
    label = b""
    octets: list[bytes] = []
    for position, index in enumerate(sorted(pieces)):
        extended, piece = pieces[index]
        if extended:
            if position == 0 and piece.count(b"'") >= 2:
                label, _, piece = piece.split(b"'", 2)
            elif position == 0 and charset.codec(piece.partition(b"'")[0].decode("ascii", "replace")):
                label, _, piece = piece.partition(b"'")  # the empty language was left out
            piece = _unpercent(piece)
        octets.append(piece)
    joined = b"".join(octets)
    if not label and b"=?" in joined:
        return header.words(joined)
    return charset.decode(joined, label.decode("ascii", "replace"))[0]


def _unpercent(octets: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes((int(match[1], 16),)), octets)


def content(part: Part) -> tuple[bytes, str]:
    """The decoded octets of a leaf as far as they go, and what is wrong with them in words, or empty."""
    match part.encoding:
        case "base64":
            return _base64(part.body, is_text=part.type.startswith("text/"))
        case "quoted-printable":
            return binascii.a2b_qp(part.body), ""
        case "x-uuencode" | "x-uue" | "uuencode" | "uue":
            begin = _BEGIN.search(part.body)
            return uudecode(part.body[begin.end() :]) if begin else (part.body, "")
        case _:
            return part.body, ""


_BEGIN = re.compile(rb"^begin [^\r\n]*\r?\n", re.M)
_TAIL = re.compile(rb"(?<=[A-Za-z0-9+/=])[ \t]*\r?\n(?=(?:\r?\n)*[^\r\n]*?(?:[^A-Za-z0-9+/=\s]|[^\s][ \t]+[^\s]))")
_WORDS = re.compile(rb"(?:[^\s=]{1,30}[ \t]{1,4}){5}")
_URL_SAFE = re.compile(rb"[A-Za-z0-9_\-]+={0,2}\Z")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s]")


def _is_noise(tail: bytes) -> bool:
    """Whether what stands behind base64 is more of it, with a few characters that do not belong there."""
    lines = tail.split(b"\n")
    return 10 * len(_FOREIGN.findall(tail)) < len(tail) and not any(re.search(rb"\S\s+\S", one) for one in lines)


def _base64(body: bytes, *, is_text: bool) -> tuple[bytes, str]:
    """Lenient base64; a list footer in clear text behind it is kept for text parts."""
    strict = body.translate(None, b" \t\r\n")
    if (b"-" in strict or b"_" in strict) and _URL_SAFE.match(strict):
        body = strict = strict.replace(b"-", b"+").replace(b"_", b"/")
    if is_text and _WORDS.match(body.lstrip()) and charset.is_foreign(header.base64(body)):
        return body, "Its encoding is not what it says."
    try:
        return binascii.a2b_base64(strict, strict_mode=True), ""
    except binascii.Error:
        pass  # damaged, or not all of it is base64: the careful way follows
    tail = b""
    if is_text and (match := _TAIL.search(body)) is not None and not _is_noise(body[match.end() :]):
        body, tail = body[: match.start()], body[match.end() :]
        if not body.strip() or b" " in body.strip():
            return body + b"\n" + tail, "Its encoding is not what it says."
    decoded = header.base64(body)
    if tail:
        return decoded.rstrip(b"\r\n") + b"\n" + tail, ""
    return decoded, "It is damaged: only what could be decoded is here." if body.strip() else ""
