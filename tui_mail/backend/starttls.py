"""What is said in the clear until a line is encrypted, for who wants nothing but to see the certificate."""

from __future__ import annotations

import re
import socket
from typing import Literal

from tui_mail.config.settings import Server
from tui_mail.model.errors import Offline, TlsFailed

from .tls_words import is_web_page, login_page

Protocol = Literal["imap", "smtp"]
_LONGEST = 65536
_STEPS: dict[Protocol, tuple[tuple[bytes, bytes], ...]] = {
    "imap": ((b"", b"* "), (b"d1 STARTTLS\r\n", b"d1 OK")),
    "smtp": ((b"", b"220"), (b"EHLO localhost\r\n", b"250 "), (b"STARTTLS\r\n", b"220")),
}
"""What is said, and how the line begins that goes on."""


def begin_tls(sock: socket.socket, server: Server, protocol: Protocol) -> None:
    """The steps that a login takes up to the handshake. Raises TlsFailed and Offline."""
    where = f"{server.host}:{server.port}"
    try:
        for said, wanted in _STEPS[protocol]:
            sock.sendall(said)
            if not _answered(sock, wanted, where):
                raise TlsFailed(
                    f"{where} does not offer STARTTLS, so nothing secret was sent.",
                    remedy=f'Try security = "tls" and port {465 if protocol == "smtp" else 993}.',
                )
    except OSError as error:
        raise Offline(
            f"{where} fell silent before it was encrypted.",
            remedy='A port that waits for TLS from the start (993, 465) does so: then use security = "tls".',
            detail=str(error),
        ) from error


def _answered(sock: socket.socket, wanted: bytes, where: str) -> bool:
    """Whether a line that begins so comes; other lines before it are passed over until the server has said no."""
    octets = b""
    while len(octets) < _LONGEST:
        if is_web_page(octets):
            raise login_page(where)
        lines = octets.split(b"\n")
        if any(each.startswith(wanted) for each in lines[:-1]):
            return True
        if any(re.match(rb"(d1 |5\d\d |4\d\d )", each) for each in lines[:-1]):
            return False
        more = sock.recv(4096)
        if not more:
            return False
        octets += more
    return False
