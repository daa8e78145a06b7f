"""The only door to another machine: TCP, verified TLS, and a sentence for whatever is in the way."""

from __future__ import annotations

import errno
import ipaddress
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from tui_mail.config.settings import Server
from tui_mail.model.errors import MailError, Offline, Refused, TlsFailed

_STAGGER = 0.25
"""Seconds until the next address is tried beside the one that has not answered yet (RFC 8305 section 5)."""
_KEEPALIVE = (("TCP_KEEPIDLE", 120), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4), ("TCP_USER_TIMEOUT", 120_000))
_NO_TLS = re.compile(r"WRONG_VERSION_NUMBER|UNEXPECTED_MESSAGE|UNKNOWN_PROTOCOL|RECORD_LAYER_FAILURE|HTTP_REQUEST")
_OLD_TLS = re.compile(r"UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|KEY_TOO_SMALL|HANDSHAKE_FAILURE")
_WEB_PAGE = re.compile(rb"\A(?:HTTP/)?\d\.\d \d{3}|<(?:!doctype|html)", re.I)

Address = tuple[socket.AddressFamily, tuple[str | int | bytes, ...]]


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
        return secure(sock, server.host, ca_file) if server.security == "tls" else sock
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


def secure(sock: socket.socket, host: str, ca_file: Path | None) -> ssl.SSLSocket:
    """Wraps a connected socket in TLS whose certificate names `host`; the handshake takes the socket's timeout at most.

    On failure the socket is closed and TlsFailed or Offline says why; there is no unverified way through.
    """
    where = f"{host}:{sock.getpeername()[1]}"
    spare = sock.dup()  # the handshake takes the socket along when it fails; this keeps what the other side said
    try:
        wrapped = context(ca_file).wrap_socket(sock, server_hostname=host)
    except (OSError, ValueError) as error:
        spare.setblocking(False)
        raise _handshake_failed(where, host, error, _leftover(spare)) from error
    finally:
        sock.close()
        spare.close()
    if not isinstance(wrapped, ssl.SSLSocket) or wrapped.version() is None:
        raise TlsFailed(f"{where} could not be encrypted, so nothing was sent.")
    return wrapped


def context(ca_file: Path | None) -> ssl.SSLContext:
    """Verifies against the system's certificates and `ca_file`; TLS 1.2 or newer. The only maker of contexts."""
    import truststore  # 30 ms, and only who goes online needs it

    made = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
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
    """No Nagle (it costs 40 ms an APPEND), and dead lines are noticed within minutes."""
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
    raise _unreachable(f"{host}:{port}", None if trying else why)


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


# -- sentences ------------------------------------------------------------------------------------------------------


def _unreachable(where: str, error: OSError | None) -> Offline:
    code = error.errno if error else errno.ETIMEDOUT
    if code == errno.ECONNREFUSED:
        return Offline(f"Nothing listens at {where}: the port is closed.", remedy="Check host and port.")
    if code in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL):
        return Offline(f"There is no way to {where}.", remedy="Check the network.", detail=str(error or ""))
    if code == errno.ETIMEDOUT:
        return Offline(f"{where} does not answer.", remedy="Check the network, host and port.")
    return Offline(f"{where} cannot be reached.", remedy="Check the network.", detail=str(error or ""))


def _leftover(spare: socket.socket) -> bytes:
    """What still lies in the socket after a failed handshake; OpenSSL took the first five bytes."""
    try:
        return spare.recv(512)
    except OSError:
        return b""


def _handshake_failed(where: str, host: str, error: Exception, said: bytes) -> MailError:
    detail = str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed(_certificate(where, host, error), detail=error.verify_message)
    if isinstance(error, TimeoutError):
        return Offline(f"{where} did not finish the TLS handshake in time.", remedy="Check the network.", detail=detail)
    if _NO_TLS.search(detail):
        if _WEB_PAGE.search(said):
            return Offline(
                f"A web page answered instead of {where}: perhaps this network wants you to log in first.",
                remedy="Open a browser, log in to the network, then try again.",
                detail=detail,
            )
        if said:
            return TlsFailed(
                f"{where} speaks without encryption from the start, so nothing was sent.",
                remedy='Use security = "starttls" for this port, or the port for TLS (993 for IMAP, 465 for SMTP).',
                detail=detail,
            )
        return TlsFailed(
            f"{where} does not speak TLS, so nothing was sent.",
            remedy="Check the port and its security.",
            detail=detail,
        )
    if _OLD_TLS.search(detail):
        return TlsFailed(
            f"{where} offers only encryption that is no longer safe, so nothing was sent.",
            remedy="Its operator must allow TLS 1.2 or newer.",
            detail=detail,
        )
    if isinstance(error, (ssl.SSLEOFError, ConnectionError)):
        return Offline(f"{where} hung up during the TLS handshake.", remedy="Check the port.", detail=detail)
    return TlsFailed(f"No encryption could be agreed on with {where}, so nothing was sent.", detail=detail)


def _certificate(where: str, host: str, error: ssl.SSLCertVerificationError) -> str:
    """One sentence for what is wrong with the certificate, by OpenSSL's own number."""
    match error.verify_code:
        case 62 | 63 | 64:
            why = f"is not made out to {host}"
        case 10:
            why = "has expired"
        case 9:
            why = "is not valid yet (is this machine's clock right?)"
        case 18:
            why = "is signed by itself alone (a ca_file can name it as trusted)"
        case 19 | 20 | 21 | 2:
            why = "comes from an authority that this machine does not know (a ca_file can add it)"
        case 23:
            why = "was revoked"
        case 26:
            why = "was not made for servers"
        case _:
            why = "cannot be verified"
    return f"The certificate of {where} {why}, so nothing was sent."
