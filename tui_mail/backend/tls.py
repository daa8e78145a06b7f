"""The only door to another machine: TCP, verified TLS, and a sentence for whatever is in the way."""

from __future__ import annotations

import errno
import hashlib
import hmac
import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server
from tui_mail.model.certificate import unspelled
from tui_mail.model.errors import Offline, Refused, TlsFailed

from .tls_words import changed, handshake_failed, leftover, unreachable

_STAGGER = 0.25
"""Seconds until the next address is tried beside the one that has not answered yet (RFC 8305 section 5)."""
_KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4), ("TCP_USER_TIMEOUT", 60_000))

Address = tuple[socket.AddressFamily, tuple[str | int | bytes, ...]]


def as_it_is(account: Account) -> Account:
    """The account with no exceptions but those of its configuration."""
    return account


def connect(server: Server, *, ca_file: Path | None, timeout: float) -> socket.socket:
    """A connected socket with `timeout` set; an `ssl.SSLSocket`, verified, where `server.security` is `tls`.

    With `starttls` and `none` the bytes are plain so far; `none` is refused where the other end is not this machine.
    `timeout` is for TCP as a whole and for the handshake as a whole. Raises Offline and TlsFailed.
    """
    where = f"{server.host}:{server.port}"
    sock = _reach(server.host, server.port, timeout)
    try:
        if server.security == "none" and not _is_here(sock):
            raise TlsFailed(
                f"{where} is not on this machine, so nothing was sent to it without encryption.",
                remedy='Use security = "tls" or "starttls".',
            )
        _tune(sock)
        sock.settimeout(timeout)
        if server.security == "tls":
            return secure(sock, server.host, ca_file, server.certificate)
        return sock
    except BaseException:
        sock.close()
        raise


def connect_public(
    host: str, port: int, *, allows: Callable[[str], bool], ca_file: Path | None, timeout: float
) -> ssl.SSLSocket:
    """A verified connection to a host that a mail named: every address it has must be one that `allows` lets through.

    The name is looked up once, and the connection goes to what was looked at. Raises Refused, Offline and TlsFailed.
    """
    places = _addresses(host, port)
    if not all(allows(str(place[0])) for _, place in places):
        raise Refused(f"{host} is not a public address, so nothing was asked of it.")
    sock = _reach(host, port, timeout, places)
    try:
        sock.settimeout(timeout)
        return secure(sock, host, ca_file)
    except BaseException:
        sock.close()
        raise


def secure(sock: socket.socket, host: str, ca_file: Path | None, certificate: str = "") -> ssl.SSLSocket:
    """Wraps a connected socket in TLS whose certificate names `host`; the handshake takes the socket's timeout at most.

    With `certificate`, the SHA-256 that the person trusts at this host and port, it must be just that one instead. On
    failure the socket is closed and Untrusted, TlsFailed or Offline says why; there is no unverified way through.
    """
    port = int(sock.getpeername()[1])
    wanted = unspelled(certificate)
    if certificate and not wanted:
        sock.close()
        raise TlsFailed(f"The certificate to trust at {host}:{port} is no SHA-256 fingerprint, so nothing was sent.")
    wrapped = _wrap(sock, host, port, _unproven() if wanted else context(ca_file))
    if wanted and not hmac.compare_digest(digest(wrapped), wanted):
        wrapped.close()
        raise changed(host, port, wanted)
    return wrapped


def _wrap(sock: socket.socket, host: str, port: int, how: ssl.SSLContext) -> ssl.SSLSocket:
    spare = sock.dup()  # the handshake takes the socket along when it fails; this keeps what the other side said
    try:
        wrapped = how.wrap_socket(sock, server_hostname=host)
    except (OSError, ValueError) as error:
        spare.setblocking(False)
        raise handshake_failed(host, port, error, leftover(spare)) from error
    finally:
        sock.close()
        spare.close()
    if not isinstance(wrapped, ssl.SSLSocket) or wrapped.version() is None:
        raise TlsFailed(f"{host}:{port} could not be encrypted, so nothing was sent.")
    return wrapped


def unlock(sock: socket.socket | None, server: Server, secret: Callable[[], Secret]) -> Secret:
    """The secret, for who is proven to be `server`: the one place where a backend gets at it.

    `sock` is what `connect` or `secure` gave; `none` is for a server on this very machine. Raises TlsFailed.
    """
    is_proven = isinstance(sock, ssl.SSLSocket) and sock.version() is not None
    if sock is None or not (is_proven or (server.security == "none" and _is_here(sock))):
        raise TlsFailed(f"The connection to {server.host}:{server.port} is not encrypted, so no password was sent.")
    return secret()


def digest(sock: ssl.SSLSocket) -> str:
    """The SHA-256 of the certificate that the other side showed."""
    return hashlib.sha256(sock.getpeercert(binary_form=True) or b"").hexdigest()


def look(server: Server, encrypted: Callable[[socket.socket], None], timeout: float) -> bytes:
    """The certificate that is shown at this host and port, in DER, whoever it is; nothing else is said to it.

    `encrypted` speaks until the line is to be encrypted, where `server.security` is `starttls`. Raises as `connect`.
    """
    sock = _reach(server.host, server.port, timeout)
    try:
        sock.settimeout(timeout)
        if server.security == "starttls":
            encrypted(sock)
        with _wrap(sock, server.host, server.port, _unproven()) as wrapped:
            return wrapped.getpeercert(binary_form=True) or b""
    finally:
        sock.close()


def _unproven() -> ssl.SSLContext:
    """Encrypts without asking who it is: for `look`, and where the digest is compared before the line is handed out."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def context(ca_file: Path | None) -> ssl.SSLContext:
    """Verifies against the system's certificates and `ca_file`; TLS 1.2 or newer. The only maker of contexts."""
    import truststore  # 30 ms, and only who goes online needs it

    made = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.hostname_checks_common_name = False  # RFC 6125 section 6.4.4: names stand in subjectAltName
    if ca_file is not None:
        try:
            made.load_verify_locations(cafile=str(ca_file.expanduser()))
        except OSError as error:  # ssl.SSLError is one
            why = (
                "it is not there"
                if isinstance(error, FileNotFoundError)
                else "it holds no certificate that can be read"
            )
            raise TlsFailed(f"The ca_file {ca_file} cannot be used: {why}.", detail=str(error)) from error
    return made


def is_loopback(host: str) -> bool:
    """Whether every address of `host` is this machine; `localhost`, 127/8 and ::1 without asking anybody."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    with suppress(ValueError):  # not a literal address: a name
        return ipaddress.ip_address(name).is_loopback
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(_loops(str(place[0])) for *_, place in found)


def _loops(address: str) -> bool:
    with suppress(ValueError):  # not an IP address at all
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    return False


def _is_here(sock: socket.socket) -> bool:
    return _loops(str(sock.getpeername()[0]))


def _tune(sock: socket.socket) -> None:
    """No Nagle (it costs 40 ms an APPEND), and a line that only waits lives on in most routers, or is known to be dead
    within two minutes."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE:
        with suppress(OSError, AttributeError):  # names and limits differ between systems; all of it is a bonus
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


# -- TCP ------------------------------------------------------------------------------------------------------------


def _addresses(host: str, port: int) -> list[Address]:
    """Where the host may be, IPv6 and IPv4 in turn."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Offline(
            f"The name {host} cannot be looked up.", remedy="Check the network and the host name.", detail=str(error)
        ) from error
    first = [(family, place) for family, _, _, _, place in found if family == found[0][0]]
    other = [(family, place) for family, _, _, _, place in found if family != found[0][0]]
    mixed: list[Address] = []
    for index in range(max(len(first), len(other))):
        mixed += first[index : index + 1] + other[index : index + 1]
    return mixed


def _reach(host: str, port: int, timeout: float, places: list[Address] | None = None) -> socket.socket:
    """The first address that takes the connection; a dead IPv6 costs a quarter of a second (RFC 8305)."""
    waiting = _addresses(host, port) if places is None else list(places)
    trying: dict[int, socket.socket] = {}
    why: OSError | None = None
    end = time.monotonic() + timeout
    start_next = 0.0
    poll = select.poll()
    try:
        while (now := time.monotonic()) < end and (waiting or trying):
            if waiting and (not trying or now >= start_next):
                begun = _begin(*waiting.pop(0))
                start_next = now + _STAGGER
                if isinstance(begun, OSError):
                    why = begun
                    continue
                trying[begun.fileno()] = begun
                poll.register(begun, select.POLLOUT)
            for number, _ in poll.poll(1000 * max(0.001, min(end, start_next if waiting else end) - now)):
                poll.unregister(number)
                sock = trying.pop(number)
                if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    why = OSError(code, errno.errorcode.get(code, ""))
                    sock.close()
                else:
                    return sock
    finally:
        _close(trying.values())
    raise unreachable(f"{host}:{port}", None if trying else why)


def _begin(family: socket.AddressFamily, place: tuple[str | int | bytes, ...]) -> socket.socket | OSError:
    """A socket on its way to `place`, or why it cannot even start."""
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        return error
    sock.setblocking(False)
    code = sock.connect_ex(place)
    if code in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
        return sock
    sock.close()
    return OSError(code, errno.errorcode.get(code, ""))


def _close(socks: Iterable[socket.socket]) -> None:
    for sock in socks:
        sock.close()
