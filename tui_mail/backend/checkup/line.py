"""Name, line and certificate: everything before a server is told who we are."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tui_mail.config.settings import Server
from tui_mail.mime.clean import line
from tui_mail.model.errors import MailError, TlsFailed

from .. import tls
from ..starttls import Protocol, begin_tls
from .finding import PATIENCE, Finding, wrong

_KNOCK = 5.0
"""Seconds until an address counts as silent."""
_MOST = 6
"""Addresses of a name that are tried."""
_SOON = 14
"""Days before the end of a certificate from which on it is said."""
_DAY = 86400


def reach(server: Server, protocol: Protocol, ca_file: Path | None) -> Iterator[Finding]:
    """Up to the encrypted line; no secret is near it. A finding that is wrong is the last one."""
    began = time.monotonic()
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        yield Finding(
            "name", "wrong", f"The name {server.host} cannot be looked up: {error}.", "Check the network and the name."
        )
        return
    places = list(dict.fromkeys((family, place) for family, _, _, _, place in found))[:_MOST]
    names = ", ".join(str(place[0]) for _, place in places)
    yield Finding("name", "right", f"{server.host} is {names} ({_took(began)}).")
    yield from _lines(server, places)
    try:
        sock = tls.connect(server, ca_file=ca_file, timeout=PATIENCE)
    except MailError as error:
        yield wrong("encryption" if isinstance(error, TlsFailed) else "line", error)
        return
    try:
        if server.security == "starttls":
            sock = _upgraded(sock, server, protocol, ca_file)
        yield from _certificate(sock, is_exception=bool(server.certificate))
    except MailError as error:
        yield wrong("encryption", error)
    finally:
        sock.close()


def _lines(server: Server, places: Iterable[tuple[int, tuple[str | int | bytes, ...]]]) -> Iterator[Finding]:
    """Each address by itself: one of two that is dead costs time at every login, and nothing else shows it."""
    for family, place in places:
        began = time.monotonic()
        with socket.socket(family, socket.SOCK_STREAM) as sock:  # nothing is said on it
            sock.settimeout(_KNOCK)
            try:
                sock.connect(place)
            except OSError as error:
                why = "it does not answer" if isinstance(error, TimeoutError) else (error.strerror or str(error))
                yield Finding("line", "note", f"No line to {place[0]!s} port {server.port}: {why}.")
            else:
                yield Finding("line", "right", f"A line to {place[0]!s} port {server.port} ({_took(began)}).")


def _upgraded(sock: socket.socket, server: Server, protocol: Protocol, ca_file: Path | None) -> socket.socket:
    """The line after STARTTLS; the same steps that a login takes, without the login."""
    begin_tls(sock, server, protocol)
    return tls.secure(sock, server.host, ca_file, server.certificate)


def _certificate(sock: socket.socket, *, is_exception: bool) -> Iterator[Finding]:
    if not isinstance(sock, ssl.SSLSocket):
        yield Finding("encryption", "note", "Not encrypted, as configured; it does not leave this machine.")
        return
    cipher = sock.cipher()
    said: dict[str, Any] = dict(sock.getpeercert() or {})  # typeshed cannot say which key holds what
    octets = sock.getpeercert(binary_form=True) or b""
    names = [str(value) for kind, value in said.get("subjectAltName", ()) if kind == "DNS"]
    parts = {key: value for part in said.get("issuer", ()) for key, value in part}
    made_by = parts.get("organizationName") or parts.get("commonName") or "an unnamed authority"
    yield Finding("encryption", "right", f"{sock.version()}, {cipher[0] if cipher else 'unknown cipher'}.")
    fingerprint = hashlib.sha256(octets).hexdigest()
    if is_exception:
        yield Finding("certificate", "note", f"Nobody vouches for it; you trust just this one: SHA-256 {fingerprint}.")
        return
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    text = f"The certificate is made out to {line(shown) or 'no name'} by {line(str(made_by))}"
    ends = str(said.get("notAfter", ""))
    if not ends:
        yield Finding("certificate", "right", f"{text}. SHA-256 {fingerprint}.")
        return
    seconds = ssl.cert_time_to_seconds(ends)
    left = int((seconds - time.time()) // _DAY)
    day = time.strftime("%Y-%m-%d", time.gmtime(seconds))
    text = f"{text}, until {day} ({left} days). SHA-256 {fingerprint}."
    if left < _SOON:
        yield Finding("certificate", "note", text, "Its operator should renew it now.")
    else:
        yield Finding("certificate", "right", text)


def _took(began: float) -> str:
    return f"{1000 * (time.monotonic() - began):.0f} ms"
