"""What a letter holds below its header: text, a second form of it in HTML, images in it, files beside it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from tui_mail.model.draft import Draft, Enclosure
from tui_mail.model.errors import BadInput

from . import encode
from .clean import line, safe_file_name
from .flowed import flow

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+\-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+\-]{0,80}\Z")
Loaded = tuple[Enclosure, bytes]


@dataclass(frozen=True, slots=True)
class Entity:
    """A MIME entity: its Content-Type as pieces, its transfer encoding, its octets; `more` are further fields."""

    kind: tuple[str, ...]
    encoding: str
    octets: bytes
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def part(self) -> bytes:
        """With its fields above it, as it stands in a multipart."""
        fields = (("Content-Type", self.kind), *self.more, ("Content-Transfer-Encoding", (self.encoding,)))
        return b"".join(encode.field(name, pieces, separator="; ") for name, pieces in fields) + b"\r\n" + self.octets


def loaded(enclosure: Enclosure, load: Callable[[Enclosure], bytes]) -> bytes:
    """Its octets. Raises BadInput where they are gone or not the ones that were attached."""
    shown = line(_name(enclosure))
    try:
        octets = load(enclosure)
    except OSError as error:
        raise BadInput(f"“{shown}” cannot be attached: {error.strerror or 'it cannot be read'}.") from error
    if enclosure.size and len(octets) != enclosure.size:
        raise BadInput(f"“{shown}” has changed since it was attached.", remedy="Remove it and attach it again.")
    return octets


def content(draft: Draft, enclosures: Sequence[Loaded], domain: str) -> Entity:
    """The whole of it. Text alone is text/plain; format=flowed; with Markdown its HTML form stands beside it, and the
    images that it names (`![a plan](plan.png)`) stand in it."""
    charset, encoding, octets = encode.body(flow(draft.body))
    body = Entity(("text/plain", f"charset={charset}", "format=flowed"), encoding, octets)
    beside = list(enclosures)
    if draft.markdown:
        from .markdown import html  # imported late: only letters that are written in Markdown pay for the parser

        images = {_name(one): f"{secrets.token_hex(12)}@{domain}" for one, _ in enclosures if _is_image(one)}
        page, shown = html(draft.body, images)
        second = Entity(("text/html", "charset=utf-8"), *_text(page))
        inside = [(one, data) for one, data in enclosures if _name(one) in shown]
        beside = [(one, data) for one, data in enclosures if _name(one) not in shown]
        if inside:
            pictures = [_enclosed(one, data, cid=images[_name(one)]) for one, data in inside]
            second = _multipart("related", [second, *pictures], 'type="text/html"')
        body = _multipart("alternative", [body, second])
    if draft.calendar:
        answer = Entity(("text/calendar", "method=REPLY", "charset=utf-8"), *_text(draft.calendar))
        body = _multipart("alternative", [body, answer])
    return _multipart("mixed", [body, *(_enclosed(*one) for one in beside)]) if beside else body


def _text(text: str) -> tuple[str, bytes]:
    """Transfer encoding and octets."""
    _, encoding, octets = encode.body(text)
    return encoding, octets


def _multipart(kind: str, entities: Sequence[Entity], *more: str) -> Entity:
    parts = [entity.part for entity in entities]
    boundary = secrets.token_hex(16)
    while any(boundary.encode() in part for part in parts):
        boundary = secrets.token_hex(16)
    delimiter = b"--" + boundary.encode()
    octets = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts) + delimiter + b"--\r\n"
    encoding = "8bit" if any(not part.isascii() for part in parts) else "7bit"
    return Entity((f"multipart/{kind}", *more, f'boundary="{boundary}"'), encoding, octets)


def _name(enclosure: Enclosure) -> str:
    fallback = "message.eml" if _is_message(enclosure) else "attachment"
    return safe_file_name(enclosure.name or PurePath(enclosure.path).name, fallback)


def _is_message(enclosure: Enclosure) -> bool:
    return enclosure.type == "message/rfc822" or bool(enclosure.source and not enclosure.part)


def _is_image(enclosure: Enclosure) -> bool:
    return enclosure.type.lower().startswith("image/")


def _enclosed(enclosure: Enclosure, octets: bytes, *, cid: str = "") -> Entity:
    """A file in base64. A message as it is (RFC 2046 section 5.2.1 allows it no base64), unless its lines could not be
    carried unchanged: then it goes in base64 as plain octets under an .eml name."""
    name = _name(enclosure)
    kind = enclosure.type.lower() if _TYPE.match(enclosure.type.lower()) else "application/octet-stream"
    place = "inline" if cid else "attachment"
    more: tuple[tuple[str, tuple[str, ...]], ...] = (("Content-Disposition", (place, *encode.file_name(name))),)
    if cid:
        more = (*more, ("Content-ID", (f"<{cid}>",)))
    if _is_message(enclosure) and encode.is_fit(octets):
        return Entity(("message/rfc822",), "7bit" if octets.isascii() else "8bit", octets, more)
    if _is_message(enclosure) or kind.startswith(("message/", "multipart/")):
        kind = "application/octet-stream"
    return Entity((kind,), "base64", encode.base64_lines(octets), more)
