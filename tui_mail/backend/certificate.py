"""The facts of a certificate that nobody vouches for: looked at on a line of its own, read from its DER (RFC 5280)."""

from __future__ import annotations

import calendar
import hashlib
import ipaddress
import re
import socket
from collections.abc import Iterator

from tui_mail.config.settings import Server
from tui_mail.model.certificate import Certificate

from . import tls
from .starttls import Protocol, begin_tls

_NAMES = {b"\x55\x04\x03": "CN", b"\x55\x04\x0a": "O", b"\x55\x04\x0b": "OU", b"\x55\x04\x06": "C"}
_ALTERNATIVES = b"\x55\x1d\x11"
"""The extension subjectAltName."""
_VERSION, _OID, _EXTENSIONS, _DNS, _IP, _WIDE_TEXT = 0xA0, 0x06, 0xA3, 0x82, 0x87, 0x1E
_TIME = re.compile(r"(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z")


def look(server: Server, protocol: Protocol, timeout: float) -> Certificate:
    """The certificate that is shown there now. Nothing secret is near the line. Raises what `tls.connect` does."""

    def encrypted(sock: socket.socket) -> None:
        begin_tls(sock, server, protocol)

    return read(tls.look(server, encrypted, timeout))


def read(der: bytes) -> Certificate:
    """As far as it can be read; the digest always."""
    digest = hashlib.sha256(der).hexdigest()
    try:
        return _read(der, digest)
    except (ValueError, IndexError, StopIteration):
        return Certificate(digest)


def _read(der: bytes, digest: str) -> Certificate:
    (_, whole) = next(_parts(der))
    (_, body) = next(_parts(whole))
    parts = [(tag, value) for tag, value in _parts(body) if tag != _VERSION]
    issuer, validity, subject = (value for _, value in parts[2:5])  # after the number and the algorithm
    since, until = (_seconds(value.decode("ascii")) for _, value in list(_parts(validity))[:2])
    names = tuple(_alternatives(next((value for tag, value in parts if tag == _EXTENSIONS), b"")))
    return Certificate(digest, names, _name(subject), _name(issuer), since, until)


def _parts(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, content) of each element; raises ValueError where one is longer than what there is."""
    at = 0
    while at < len(octets):
        tag, length, at = octets[at], octets[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(octets[at : at + count], "big"), at + count
        if at + length > len(octets):
            raise ValueError("cut off")
        yield tag, octets[at : at + length]
        at += length


def _name(octets: bytes) -> str:
    """`CN=…, O=…`, most telling first."""
    found: dict[str, str] = {}
    for _, group in _parts(octets):
        for _, pair in _parts(group):
            (_, kind), (tag, value) = list(_parts(pair))[:2]
            if label := _NAMES.get(kind):
                found.setdefault(label, value.decode("utf-16-be" if tag == _WIDE_TEXT else "utf-8", "replace"))
    return ", ".join(f"{label}={found[label]}" for label in _NAMES.values() if label in found)


def _alternatives(octets: bytes) -> Iterator[str]:
    for _, extensions in _parts(octets):
        for _, extension in _parts(extensions):
            parts = list(_parts(extension))
            if parts[0] != (_OID, _ALTERNATIVES):
                continue
            for _, names in _parts(parts[-1][1]):
                for tag, value in _parts(names):
                    if tag == _DNS:
                        yield value.decode("ascii", "replace")
                    elif tag == _IP:
                        yield str(ipaddress.ip_address(value))


def _seconds(text: str) -> int | None:
    """UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5)."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, *rest = map(int, found.groups())
    if len(found[1]) == 2:
        year += 1900 if year >= 50 else 2000
    return calendar.timegm((year, *rest))
