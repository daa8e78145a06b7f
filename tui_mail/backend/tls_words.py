"""A sentence for whatever is in the way between two machines: the line, the handshake, the certificate."""

from __future__ import annotations

import errno
import re
import socket
import ssl

from tui_mail.model.errors import MailError, Offline, TlsFailed, Untrusted

_NO_TLS = re.compile(r"WRONG_VERSION_NUMBER|UNEXPECTED_MESSAGE|UNKNOWN_PROTOCOL|RECORD_LAYER_FAILURE|HTTP_REQUEST")
_OLD_TLS = re.compile(r"UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|KEY_TOO_SMALL|HANDSHAKE_FAILURE")
_REST_OF_PAGE = re.compile(rb"\A(?:HTTP/)?\d\.\d \d{3}|<(?:!doctype|/?html|/?head|body)", re.I)


def unreachable(where: str, error: OSError | None) -> Offline:
    code = error.errno if error else errno.ETIMEDOUT
    if code == errno.ECONNREFUSED:
        return Offline(f"Nothing listens at {where}: the port is closed.", remedy="Check host and port.")
    if code in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL):
        return Offline(f"There is no way to {where}.", remedy="Check the network.", detail=str(error or ""))
    if code == errno.ETIMEDOUT:
        return Offline(f"{where} does not answer.", remedy="Check the network, host and port.")
    return Offline(f"{where} cannot be reached.", remedy="Check the network.", detail=str(error or ""))


def leftover(spare: socket.socket) -> bytes:
    """What still lies in the socket after a failed handshake; OpenSSL took the first five bytes."""
    try:
        return spare.recv(512)
    except OSError:
        return b""


def is_web_page(said: bytes) -> bool:
    """Whether the first octets that a server sent are those of a web server."""
    return said.startswith((b"HTTP/", b"<"))


def login_page(where: str, detail: str = "") -> Offline:
    """The network's own page answered (a captive portal)."""
    return Offline(
        f"This network wants you to log in first: a web page answered instead of {where}.",
        remedy="Open a browser, log in to the network, then try again.",
        detail=detail,
    )


def handshake_failed(host: str, port: int, error: Exception, said: bytes) -> MailError:
    """Why no encrypted line came to be; `said` is what the other side sent instead of TLS."""
    where, detail = f"{host}:{port}", str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        text, remedy = _certificate(where, host, error)
        return Untrusted(text, host, port, remedy=remedy, detail=error.verify_message)
    if isinstance(error, TimeoutError):
        return Offline(f"{where} did not finish the TLS handshake in time.", remedy="Check the network.", detail=detail)
    if _NO_TLS.search(detail):
        if _REST_OF_PAGE.search(said):
            return login_page(where, detail)
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


def changed(host: str, port: int, known: str) -> Untrusted:
    """The certificate is not the one that the person made an exception for."""
    return Untrusted(
        f"The certificate of {host}:{port} is another one than you trusted there, so nothing was sent.",
        host,
        port,
        known=known,
        remedy="Find out why before you trust it.",
    )


def _certificate(where: str, host: str, error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """One sentence for what is wrong with the certificate, by OpenSSL's own number; and what can be done."""
    remedy = ""
    match error.verify_code:
        case 62 | 63 | 64:
            why = f"is not made out to {host}"
            remedy = "Check the host name; if this network has a login page, log in there first."
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
        case 66 | 67 | 68:
            why = "is made with a key that is too weak"
        case _:
            why = "cannot be verified"
    return f"The certificate of {where} {why}, so nothing was sent.", remedy
