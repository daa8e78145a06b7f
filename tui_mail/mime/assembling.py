"""A large letter put together from its header and its texts alone; what else belongs to it is named, and empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from tui_mail.model.message import Message
from tui_mail.model.section import Parameters, Section

from . import header

_LARGEST_TEXT = 1_000_000
_SMALL = 50_000
"""Octets of a part that comes along whatever it is: an invitation, a card, a report."""
_TOKEN = re.compile(rb"[A-Za-z0-9!#$%&'*+\-.^_`{|}~]{1,200}\Z")


def wanted(root: Section) -> list[Section]:
    """The parts without which the letter cannot be read."""
    return [
        one
        for one in root.leaves()
        if one.size <= _SMALL
        or (one.type in ("text/plain", "text/html") and one.disposition != b"attachment" and one.size <= _LARGEST_TEXT)
    ]


def assembled(head: bytes, root: Section, texts: Mapping[str, bytes]) -> bytes:
    """A message of the same shape; `texts` are encoded octets by the number of their part."""
    kept = [b"%b: %b" % (name.encode(), value) for name, value in header.fields(head) if not _is_content(name)]
    return b"\r\n".join(kept) + b"\r\n" + _entity(root, texts, "b")


def _is_content(name: str) -> bool:
    return name.lower().startswith("content-")


def _entity(one: Section, texts: Mapping[str, bytes], boundary: str) -> bytes:
    """Fields, blank line and body of one node. Boundaries are our own: they must not stand in any text."""
    if one.children:
        while any(f"--{boundary}".encode() in text for text in texts.values()):
            boundary += "x"
        pieces = [_entity(child, texts, f"{boundary}{place}-") for place, child in enumerate(one.children)]
        delimiter = b"--" + boundary.encode()
        body = b"".join(delimiter + b"\r\n" + piece + b"\r\n" for piece in pieces) + delimiter + b"--\r\n"
        parameters: Parameters = ((b"boundary", boundary.encode()),)
        return _field(b"Content-Type", one.type.encode(), parameters) + b"\r\n" + body
    fields = _field(b"Content-Type", one.type.encode("ascii", "replace"), one.parameters)
    if one.disposition:
        fields += _field(b"Content-Disposition", one.disposition, one.names)
    if one.content_id:
        fields += b"Content-ID: " + _line(one.content_id) + b"\r\n"
    text = texts.get(one.number)
    if text is not None and _TOKEN.match(one.encoding):
        fields += b"Content-Transfer-Encoding: " + one.encoding + b"\r\n"
    return fields + b"\r\n" + (text or b"")


def _field(name: bytes, value: bytes, parameters: Parameters) -> bytes:
    out = name + b": " + _line(value)
    for key, text in parameters:
        if _TOKEN.match(key):
            plain = text if key.endswith(b"*") else b'"' + re.sub(rb'(["\\])', rb"\\\1", text) + b'"'
            out += b";\r\n " + key + b"=" + _line(plain)
    return out + b"\r\n"


def _line(octets: bytes) -> bytes:
    return re.sub(rb"[\r\n\x00]+", b" ", octets)


def left_out(root: Section, fetched: Mapping[str, bytes]) -> dict[str, int]:
    """The numbers of the parts that were not fetched, and about how large they are once decoded."""
    return {one.number: one.decoded_size for one in root.leaves() if one.number not in fetched}


def completed(message: Message, left: Mapping[str, int]) -> Message:
    """The letter with the true sizes of what was left where it is, and a note that says so."""
    attachments = tuple(
        replace(one, size=left[one.part], damage="") if one.part in left else one for one in message.attachments
    )
    note = "What is attached to this letter is fetched when you ask for it"
    return replace(message, attachments=attachments, notes=(*message.notes, note)) if left else message
