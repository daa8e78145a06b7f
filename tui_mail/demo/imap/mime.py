"""MIME as a server tells it: the tree of parts by octet offsets, BODYSTRUCTURE, ENVELOPE and sections."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from functools import lru_cache

from ..letter import Letter
from .syntax import Bad, Quoter

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\r\n[ \t].*)*)", re.M)
_PARAMETER = re.compile(rb';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))', re.S)
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_TYPE = re.compile(rb"\s*([!#-'*+\-.0-9A-Z^-~]+)/([!#-'*+\-.0-9A-Z^-~]+)", re.I)
_DEPTH = 40
"""Deeper parts are one opaque leaf."""

Parameters = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Node:
    """One part: raw[start:body] is its header with the empty line, raw[body:end] its content."""

    start: int
    body: int
    end: int
    type: bytes = b"TEXT"
    subtype: bytes = b"PLAIN"
    parameters: Parameters = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    """Of a multipart; for message/rfc822 the one message inside."""

    @property
    def is_multipart(self) -> bool:
        return self.type.upper() == b"MULTIPART" and bool(self.children)

    @property
    def is_message(self) -> bool:
        return self.type.upper() == b"MESSAGE" and self.subtype.upper() == b"RFC822" and bool(self.children)


def tree(letter: Letter) -> Node:
    """The parts of a letter, read once and kept with it."""
    if not isinstance(letter.structure, Node):
        letter.structure = _node(letter.raw, 0, len(letter.raw), 0)
    return letter.structure


def fields(header: bytes) -> list[tuple[bytes, bytes]]:
    """Names in lower case with unfolded values."""
    return [(name.lower(), _FOLD.sub(b"", value).rstrip()) for name, value in _FIELD.findall(header)]


def root(letter: Letter) -> int:
    """A number that all letters of one thread share: of the first Message-ID that this one refers to, else its own."""
    found = {name: value for name, value in reversed(fields(letter.header))}
    ids = b" ".join(found.get(name, b"") for name in (b"references", b"in-reply-to", b"message-id")).split()
    return zlib.crc32(ids[0]) if ids else zlib.crc32(letter.raw)


def _node(raw: bytes, start: int, end: int, depth: int, default: bytes = b"text/plain") -> Node:
    if raw[start : start + 2] == b"\r\n":
        body = start + 2
    else:
        blank = raw.find(b"\r\n\r\n", start, end)
        body = end if blank < 0 else blank + 4
    known = dict(reversed(fields(raw[start:body])))
    value = known.get(b"content-type", default)
    found = _TYPE.match(value)
    node = Node(start, body, end)
    if found is None:
        node.parameters = [(b"charset", b"us-ascii")]
        return node
    node.type, node.subtype = found[1], found[2]
    node.parameters = parameters(value)
    if depth >= _DEPTH:
        return node
    if node.type.upper() == b"MULTIPART":
        boundary = next((value for name, value in node.parameters if name.lower() == b"boundary"), b"")
        inner = b"message/rfc822" if node.subtype.upper() == b"DIGEST" else b"text/plain"
        spans = _spans(raw, body, end, boundary) if boundary else []
        node.children = [_node(raw, low, high, depth + 1, inner) for low, high in spans]
    elif node.type.upper() == b"MESSAGE" and node.subtype.upper() == b"RFC822":
        node.children = [_node(raw, body, end, depth + 1)]
    return node


def _spans(raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """Where the parts stand between their delimiters (RFC 2046 section 5.1.1)."""
    delimiter = re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r\n|\Z)")
    text = raw[start:end]
    found: list[tuple[int, int]] = []
    place, opened = 0, -1
    while (match := delimiter.search(text, place)) is not None:
        if opened >= 0:
            found.append((start + opened, start + max(opened, match.start())))
        if match[1]:
            return found
        opened = match.end()
        place = max(match.end() - 2, match.start() + 1)  # the CRLF of one delimiter can begin the next
    if opened >= 0:
        found.append((start + opened, end))
    return found


def parameters(value: bytes) -> Parameters:
    return [
        (name, re.sub(rb"\\(.)", rb"\1", quoted) if quoted else bare)
        for name, quoted, bare in _PARAMETER.findall(value)
    ]


def structure(node: Node, raw: bytes, quote: Quoter, *, extended: bool) -> bytes:
    """BODYSTRUCTURE, or BODY where not `extended`."""
    known = dict(reversed(fields(raw[node.start : node.body])))
    tail = _extension(known, quote) if extended else b""
    if node.is_multipart:
        inner = b"".join(structure(child, raw, quote, extended=extended) for child in node.children)
        listed = b" " + _listed(node.parameters, quote) if extended else b""
        return b"(%s %s%s%s)" % (inner, quote(node.subtype), listed, tail)
    octets = raw[node.body : node.end]
    encoding = known.get(b"content-transfer-encoding", b"7bit").strip() or b"7bit"
    kind, subtype, parameters = node.type, node.subtype, node.parameters
    if kind.upper() == b"MULTIPART":  # one without parts: there is no other way to tell of it
        kind, subtype, parameters = b"TEXT", b"PLAIN", []
    items = [
        quote(kind),
        quote(subtype),
        _listed(parameters, quote),
        quote(known.get(b"content-id")),
        quote(known.get(b"content-description")),
        quote(encoding),
        b"%d" % len(octets),
    ]
    if node.is_message:
        inside = node.children[0]
        items.append(envelope(raw[inside.start : inside.body], quote))
        items.append(structure(inside, raw, quote, extended=extended))
    if node.is_message or kind.upper() == b"TEXT":
        items.append(b"%d" % octets.count(b"\n"))
    md5 = b" " + quote(known.get(b"content-md5")) if extended else b""
    return b"(" + b" ".join(items) + md5 + tail + b")"


def _extension(known: dict[bytes, bytes], quote: Quoter) -> bytes:
    """Disposition, language and location."""
    value = known.get(b"content-disposition")
    disposition = b"NIL"
    if value is not None:
        kind = value.partition(b";")[0].strip() or b"attachment"
        disposition = b"(%s %s)" % (quote(kind), _listed(parameters(value), quote))
    return b" %s %s %s" % (
        disposition,
        quote(known.get(b"content-language")),
        quote(known.get(b"content-location")),
    )


def _listed(parameters: Parameters, quote: Quoter) -> bytes:
    if not parameters:
        return b"NIL"
    return b"(" + b" ".join(quote(name) + b" " + quote(value) for name, value in parameters) + b")"


def envelope(header: bytes, quote: Quoter) -> bytes:
    """ENVELOPE (RFC 9051 section 7.5.2): the raw values, encoded words and all."""
    known: dict[bytes, list[bytes]] = {}
    for name, value in fields(header):
        known.setdefault(name, []).append(value)

    def single(name: bytes) -> bytes:
        return quote(known[name][0]) if name in known else b"NIL"

    def people(name: bytes) -> bytes:
        return _people(known.get(name, []), quote)

    sender = people(b"from")
    other = [people(name) for name in (b"sender", b"reply-to")]
    items = [
        single(b"date"),
        single(b"subject"),
        sender,
        *(sender if addresses == b"NIL" else addresses for addresses in other),
        people(b"to"),
        people(b"cc"),
        people(b"bcc"),
        single(b"in-reply-to"),
        single(b"message-id"),
    ]
    return b"(" + b" ".join(items) + b")"


def _people(values: list[bytes], quote: Quoter) -> bytes:
    from email.utils import getaddresses  # 12 ms that only ENVELOPE pays

    found = []
    for name, email in getaddresses([value.decode("utf-8", "surrogateescape") for value in values]):
        local, _, domain = email.rpartition("@")
        pieces = (name or None, None, local or domain, domain if local else "")
        coded = [quote(None if piece is None else piece.encode("utf-8", "surrogateescape")) for piece in pieces]
        if email:
            found.append(b"(" + b" ".join(coded) + b")")
    return b"(" + b"".join(found) + b")" if found else b"NIL"


_SECTION = re.compile(
    r"(?:(?P<path>[1-9]\d*(?:\.[1-9]\d*)*)(?:\.|\Z))?"
    r"(?P<what>HEADER\.FIELDS(?:\.NOT)? \([^()\r\n]+\)|HEADER|TEXT|MIME)?\Z",
    re.I,
)


@lru_cache(maxsize=64)
def check_section(section: str) -> tuple[tuple[int, ...], str]:
    """(part numbers, what of it) of the text between the brackets. Raises Bad."""
    found = _SECTION.match(section)
    if found is None or (section.endswith(".")):
        raise Bad(f"Unknown section {section}")
    path = tuple(int(piece) for piece in found["path"].split(".")) if found["path"] else ()
    what = (found["what"] or "").upper()
    if what == "MIME" and not path:
        raise Bad("MIME needs a part")
    return path, what


def section(letter: Letter, wanted: str) -> bytes | None:
    """The octets of a section, or None (NIL) where there is no such part."""
    path, what = check_section(wanted)
    if not path:
        header, body = letter.header, letter.raw
        if not what:
            return body
        return _picked(header, what) if what.startswith("HEADER") else letter.body
    node = _find(tree(letter), path)
    if node is None:
        return None
    if what == "MIME":
        return letter.raw[node.start : node.body]
    if not what:
        return letter.raw[node.body : node.end]
    if not node.is_message:
        return None
    inside = node.children[0]
    if what == "TEXT":
        return letter.raw[inside.body : inside.end]
    return _picked(letter.raw[inside.start : inside.body], what)


def _find(node: Node, path: tuple[int, ...]) -> Node | None:
    for number in path:
        if node.is_message:
            node = node.children[0]
        if node.is_multipart:
            if number > len(node.children):
                return None
            node = node.children[number - 1]
        elif number != 1:
            return None
    return node


def _picked(header: bytes, what: str) -> bytes:
    """The whole header, or the fields that HEADER.FIELDS names, always with the empty line at the end."""
    if what == "HEADER":
        return header
    pattern = _fields_pattern(what[: what.index("(")].strip(), what)
    return b"".join(found[0] for found in pattern.finditer(header)) + b"\r\n"


@lru_cache(maxsize=64)
def _fields_pattern(kind: str, what: str) -> re.Pattern[bytes]:
    names = [name.strip('"') for name in what[what.index("(") + 1 : -1].split()]
    chosen = "|".join(re.escape(name) for name in names).encode("ascii")
    start = (
        rb"^(?:" + chosen + rb")[ \t]*:" if kind == "HEADER.FIELDS" else rb"^(?!(?:" + chosen + rb")[ \t]*:)[^\r\n \t]"
    )
    return re.compile(start + rb".*(?:\r\n[ \t].*)*(?:\r\n|\Z)", re.I | re.M)
