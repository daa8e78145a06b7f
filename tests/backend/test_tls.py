"""Nothing secret can be said before the other end is proven to be who it must be; every obstacle has its sentence."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sink import shut
from tui_mail.backend import tls
from tui_mail.config.settings import Security, Server
from tui_mail.model.errors import MailError, Offline, TlsFailed

CERTS = Path(__file__).parent / "certs"
CA = CERTS / "ca.pem"


@contextmanager
def listening(serve: Callable[[socket.socket], None], address: str = "127.0.0.1") -> Iterator[int]:
    """One connection served in a thread; the port."""
    listener = socket.create_server((address, 0))

    def run() -> None:
        try:
            peer, _ = listener.accept()
            with peer:
                serve(peer)
        except OSError:
            return  # the client left first, which is what most of these tests are about

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        shut(listener)
        thread.join(5)
        listener.close()


def tls_server(
    certificate: str, is_old: bool = False, names: list[str | None] | None = None
) -> Callable[[socket.socket], None]:
    """`names` takes in which server clients ask for."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("DEFAULT:@SECLEVEL=0")  # else this side would not take the weak one
    made.load_cert_chain(CERTS / f"{certificate}.pem")
    if names is not None:
        made.sni_callback = lambda _, name, __: names.append(name)
    if is_old:
        made.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
        made.set_ciphers("ALL:@SECLEVEL=0")

    def serve(peer: socket.socket) -> None:
        with made.wrap_socket(peer, server_side=True) as wrapped:
            wrapped.sendall(b"hello")
            wrapped.recv(1)

    return serve


def says(data: bytes) -> Callable[[socket.socket], None]:
    def serve(peer: socket.socket) -> None:
        peer.sendall(data)
        peer.recv(4096)

    return serve


def connect(port: int, security: Security = "tls", host: str = "localhost", timeout: float = 5) -> socket.socket:
    return tls.connect(Server(host, port, security), ca_file=CA, timeout=timeout)


def refusal(port: int, security: Security = "tls", host: str = "localhost", timeout: float = 5) -> MailError:
    with pytest.raises(MailError) as caught:
        connect(port, security, host, timeout).close()
    return caught.value


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_server_with_the_right_certificate_is_spoken_to_encrypted(host: str) -> None:
    with listening(tls_server("good")) as port, connect(port, host=host) as sock:
        assert isinstance(sock, ssl.SSLSocket)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.recv(5) == b"hello"


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("other", "is not made out to localhost"),
        ("expired", "has expired"),
        ("early", "is not valid yet"),
        ("selfsigned", "is signed by itself alone"),
        ("client", "was not made for servers"),
    ],
)
def test_a_wrong_certificate_is_refused_and_the_sentence_says_what_is_wrong(certificate: str, words: str) -> None:
    with listening(tls_server(certificate)) as port:
        error = refusal(port)
    assert isinstance(error, TlsFailed)
    assert words in error.text


def test_an_unknown_authority_is_refused() -> None:
    with listening(tls_server("good")) as port, pytest.raises(TlsFailed, match="authority that this machine does not"):
        tls.connect(Server("localhost", port, "tls"), ca_file=None, timeout=5).close()


@pytest.mark.filterwarnings("ignore:ssl.OP_NO:DeprecationWarning")
def test_a_server_that_knows_only_old_tls_is_refused_without_a_second_try() -> None:
    with listening(tls_server("good", is_old=True)) as port:
        error = refusal(port)
    assert isinstance(error, TlsFailed)
    assert "no longer safe" in error.text


def test_a_plain_imap_banner_on_the_tls_port_names_starttls_as_the_way() -> None:
    with listening(says(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")) as port:
        error = refusal(port)
    assert isinstance(error, TlsFailed)
    assert "without encryption" in error.text
    assert "starttls" in error.remedy


def test_the_login_page_of_a_network_is_called_by_its_name() -> None:
    with listening(says(b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n")) as port:
        error = refusal(port)
    assert isinstance(error, Offline)
    assert "web page" in error.text


def test_a_server_that_hangs_up_in_the_handshake_is_said_to_have_hung_up() -> None:
    with listening(lambda peer: peer.close()) as port:
        assert "hung up" in refusal(port).text


def test_a_silent_handshake_ends_at_the_timeout_as_a_whole() -> None:
    quiet = threading.Event()

    def drip(peer: socket.socket) -> None:
        peer.sendall(b"\x16\x03")
        quiet.wait(5)

    with listening(drip) as port:
        error = refusal(port, timeout=0.2)
        quiet.set()
    assert isinstance(error, Offline)
    assert "in time" in error.text


def test_a_closed_port_is_said_to_be_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    error = refusal(port)
    assert isinstance(error, Offline)
    assert "closed" in error.text


def test_a_name_that_does_not_exist_is_said_to_be_unknown() -> None:
    error = refusal(993, host="no-such-host.invalid")
    assert isinstance(error, Offline)
    assert "no-such-host.invalid" in error.text


def test_a_name_that_no_resolver_would_take_is_a_sentence_too() -> None:
    assert isinstance(refusal(993, host="x" * 70 + ".example"), Offline)


def test_starttls_and_loopback_start_plain_and_nothing_else_does() -> None:
    for security in ("starttls", "none"):
        with listening(says(b"hi")) as port, connect(port, security) as sock:
            assert not isinstance(sock, ssl.SSLSocket)


def test_security_none_is_refused_where_the_address_is_not_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; it only chooses our own address
        except OSError:
            pytest.skip("this machine has no address but loopback")
        own = str(probe.getsockname()[0])
    with listening(says(b"hi"), own) as port:
        error = refusal(port, "none", own)
    assert isinstance(error, TlsFailed)
    assert "not on this machine" in error.text


@pytest.mark.parametrize(
    ("host", "here"),
    [
        *[("localhost", True), ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True)],
        *[("192.0.2.1", False), ("0.0.0.0", False), ("no-such-host.invalid", False), ("", False)],
    ],
)
def test_loopback_is_known_by_its_address(host: str, here: bool) -> None:
    assert tls.is_loopback(host) is here


def test_a_ca_file_that_is_missing_or_no_certificate_is_said(tmp_path: Path) -> None:
    with pytest.raises(TlsFailed, match="is not there"):
        tls.context(tmp_path / "none.pem")
    (tmp_path / "text.pem").write_text("hello")
    with pytest.raises(TlsFailed, match="no certificate"):
        tls.context(tmp_path / "text.pem")


def test_a_connection_can_be_encrypted_later() -> None:
    with (
        listening(tls_server("good")) as port,
        connect(port, "starttls") as plain,
        tls.secure(plain, "localhost", CA) as sock,
    ):
        assert sock.recv(5) == b"hello"


def test_a_dead_first_address_does_not_keep_the_second_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(tls_server("good")) as port:
        stream = socket.SOCK_STREAM
        dead = (socket.AF_INET6, stream, 6, "", ("100::1", port, 0, 0))  # the discard prefix
        alive = (socket.AF_INET, stream, 6, "", ("127.0.0.1", port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [dead, alive])
        connect(port).close()
