"""Name, line and certificate: everything before a server is told who we are."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui_mail.config.settings import Server
from tui_mail.mime.clean import line
from tui_mail.model.certificate import Certificate
from tui_mail.model.errors import MailError, TlsFailed, Untrusted

from .. import certificate, tls
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
        text = f"The name {server.host} cannot be looked up: {_unnamed(error)}."
        yield Finding("name", "wrong", text, "Check the network and the name.")
        return
    places = list(dict.fromkeys((family, place) for family, _, _, _, place in found))[:_MOST]
    names = ", ".join(str(place[0]) for _, place in places)
    yield Finding("name", "right", f"{server.host} is {names} ({_took(began)}).")
    yield from _lines(server, places)
    try:
        sock = tls.connect(server, ca_file=ca_file, timeout=PATIENCE)
    except MailError as error:
        yield from _refused(server, protocol, error)
        yield wrong("encryption" if isinstance(error, TlsFailed) else "line", error)
        return
    try:
        if server.security == "starttls":
            sock = _upgraded(sock, server, protocol, ca_file)
        yield from _certificate(sock, is_exception=bool(server.certificate))
    except MailError as error:
        yield from _refused(server, protocol, error)
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
    yield Finding("encryption", "right", f"{sock.version()}, {cipher[0] if cipher else 'unknown cipher'}.")
    shown = certificate.read(sock.getpeercert(binary_form=True) or b"")
    if is_exception:
        yield Finding("certificate", "note", f"Nobody vouches for it; you trust just this one: SHA-256 {shown.sha256}.")
    elif (left := _days(shown)) is not None and left < _SOON:
        yield Finding("certificate", "note", _facts(shown), "Its operator should renew it now.")
    else:
        yield Finding("certificate", "right", _facts(shown))


def _refused(server: Server, protocol: Protocol, error: MailError) -> Iterator[Finding]:
    """What the certificate says that was not taken: whoever knows it may trust just this one."""
    if not isinstance(error, Untrusted):
        return
    try:
        shown = certificate.look(server, protocol, PATIENCE)
    except MailError:  # it was there a moment ago; what is wrong is said anyway
        return
    yield Finding(
        *("certificate", "note", _facts(shown)),
        "Only if you know that it is the server's own, as a mail bridge's is: put its SHA-256 beside the host, as"
        " certificate.",
    )


def _facts(shown: Certificate) -> str:
    hosts = [name for name in shown.names if re.search(r"[g-z]", name, re.I)]
    names = hosts or shown.names  # addresses only where there is nothing else
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    text = f"The certificate is made out to {line(listed) or 'no name'}"
    text += " by itself" if shown.is_own else f" by {_maker(shown)}"
    if shown.until is not None:
        left = _days(shown) or 0
        text += f", until {time.strftime('%Y-%m-%d', time.gmtime(shown.until))}"
        text += f" ({left:,} days)" if left >= 0 else " (that is over)"
    return f"{text}. SHA-256 {shown.sha256}."


def _maker(shown: Certificate) -> str:
    """The organisation that made it, else the name it gives itself."""
    said = dict(part.partition("=")[::2] for part in shown.issuer.split(", "))
    return line(said.get("O") or said.get("CN") or "an unnamed authority")


def _days(shown: Certificate) -> int | None:
    """Whole days that are left of it."""
    return None if shown.until is None else int((shown.until - time.time()) // _DAY)


def _unnamed(error: Exception) -> str:
    """Why a name has no address; whether the name or the network is to be looked at hangs on it."""
    match getattr(error, "errno", None):
        case socket.EAI_NONAME:
            return "nobody knows it"
        case socket.EAI_AGAIN:
            return "no name server answers"
        case _:
            return str(getattr(error, "strerror", "") or "it is no host name")


def _took(began: float) -> str:
    return f"{1000 * (time.monotonic() - began):.0f} ms"
