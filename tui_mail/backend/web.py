"""The little of the web that a person may ask for: a picture, and a list to be left. https only, public hosts only."""

from __future__ import annotations

import http.client
import ipaddress
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tui_mail.model.errors import MailError, Offline, Refused

from . import tls

_MOST_REDIRECTS = 3
_CHUNK = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
AGENT = "Mozilla/5.0"
"""What most programs begin with: nothing of ours, nothing of the person's."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: its type as the server says it, and the octets."""

    type: str
    octets: bytes


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network: not this machine, not the house, not a disguise of either."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(found.packed[-4:])
        if inner is not None and not is_public(str(inner)):
            return False
    return found.is_global and not found.is_multicast


class Web:
    """No cookies, no referrer, nothing kept between two requests."""

    def __init__(
        self, *, allows: Callable[[str], bool] = is_public, ca_file: Path | None = None, timeout: float = 15.0
    ) -> None:
        """`timeout` is for one request as a whole, redirects included."""
        self._allows = allows
        self._ca_file = ca_file
        self._timeout = timeout

    def get(self, url: str, largest: int) -> Fetched:
        """Raises Refused (too large, not https, not public, not found), Offline, TlsFailed."""
        end = time.monotonic() + self._timeout
        for _ in range(_MOST_REDIRECTS + 1):
            sock, answer = self._ask("GET", url, None, end)
            try:
                target = answer.getheader("Location")
                if answer.status in (301, 302, 303, 307, 308) and target:
                    url = urljoin(url, target)
                    continue
                if answer.status != 200:
                    raise Refused(f"{_host(url)} answered {answer.status}.")
                kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
                return Fetched(kind, _body(sock, answer, largest, end, _host(url)))
            finally:
                answer.close()
                sock.close()
        raise Refused(f"{_host(url)} sends from place to place.")

    def post(self, url: str, body: bytes) -> None:
        """One form, answered by any 2xx; a redirect is a refusal (RFC 8058 section 3.1)."""
        sock, answer = self._ask("POST", url, body, time.monotonic() + self._timeout)
        answer.close()
        sock.close()
        if not 200 <= answer.status < 300:
            raise Refused(f"{_host(url)} answered {answer.status}.", permanent=answer.status < 500)

    def _ask(
        self, method: str, url: str, body: bytes | None, end: float
    ) -> tuple[ssl.SSLSocket, http.client.HTTPResponse]:
        host, port, path = _taken_apart(url)
        sock = tls.connect_public(host, port, allows=self._allows, ca_file=self._ca_file, timeout=_left(end, host))
        connection = http.client.HTTPConnection(host, port)
        connection.sock = sock  # connected and verified already; the library must not open its own
        headers = {"Host": host if port == 443 else f"{host}:{port}", "User-Agent": AGENT, "Connection": "close"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        else:
            headers["Accept"] = "image/*"
        try:
            sock.settimeout(_left(end, host))
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            return sock, connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            sock.close()
            raise _failed(host, error) from error


def _taken_apart(url: str) -> tuple[str, int, str]:
    """Host, port and path of an https address without a user in it. Raises Refused."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    if parts.scheme != "https" or not host or "@" in parts.netloc or not url.isascii() or not url.isprintable():
        raise Refused("Only plain https addresses are asked.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, path.replace(" ", "%20")


def _body(sock: ssl.SSLSocket, answer: http.client.HTTPResponse, largest: int, end: float, host: str) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := answer.read1(_CHUNK):
            size += len(piece)
            if size > largest:
                raise Refused(f"{host} sends more than {largest // 1_000_000} MB.")
            pieces.append(piece)
            sock.settimeout(_left(end, host))
    except (OSError, http.client.HTTPException) as error:
        raise _failed(host, error) from error
    return b"".join(pieces)


def _left(end: float, host: str) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise Offline(f"{host} is too slow.")
    return left


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _failed(host: str, error: Exception) -> MailError:
    return Offline(f"{host} could not be asked.", detail=str(error))
