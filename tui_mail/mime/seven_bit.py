"""A letter for a server that takes seven bits only (no 8BITMIME): what holds more goes in base64."""

from __future__ import annotations

import re

from . import encode

_EIGHT = re.compile(rb"^content-transfer-encoding:[ \t]*8bit[ \t]*\r\n", re.I | re.M)
_KIND = re.compile(rb"^content-type:[ \t]*message/rfc822[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.I | re.M)
_BOUNDARY = re.compile(rb'^content-type:[ \t]*multipart/[^"]*boundary="([0-9a-f]{32})"', re.I | re.M)


def seven_bit(wire: bytes) -> bytes:
    """A letter of our own making as ASCII alone, the same octets each time.

    A message that is passed on whole keeps every octet: it becomes a file, because RFC 2046 section 5.2.1 lets no
    message/rfc822 be encoded. Header fields beyond ASCII are SMTPUTF8's matter and stay.
    """
    return _narrowed(wire)


def _narrowed(entity: bytes) -> bytes:
    head, gap, body = entity.partition(b"\r\n\r\n")
    head += b"\r\n"
    if body.isascii() or not gap:
        return entity
    if found := _BOUNDARY.search(head):
        delimiter = b"--" + found[1]
        first, *parts = body.split(delimiter + b"\r\n")
        *whole, last = parts
        last, end, after = last.partition(delimiter + b"--")
        narrowed = [_narrowed(part.removesuffix(b"\r\n")) + b"\r\n" for part in (*whole, last)]
        body = first + b"".join(delimiter + b"\r\n" + part for part in narrowed) + end + after
        return _EIGHT.sub(b"Content-Transfer-Encoding: 7bit\r\n", head) + b"\r\n" + body
    head = _KIND.sub(b"Content-Type: application/octet-stream\r\n", head)
    head = _EIGHT.sub(b"Content-Transfer-Encoding: base64\r\n", head)
    return head + b"\r\n" + encode.base64_lines(body)
