"""The gate in front of every secret, as a table: whatever stands at the other end, for reading and for sending alike.

N01 to N16 are the ways in which a line can be no line to the server that is meant. Each ends in one sentence, and
nothing that is secret was sent.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.backend.script import Script
from tests.backend.test_tls import listening, says, tls_server
from tests.sink import CERTS, Sink
from tui_mail.backend import tls
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Security, Server
from tui_mail.model.errors import MailError, Offline, Refused, TlsFailed, Untrusted

BOTH = pytest.mark.parametrize("protocol", ["imap", "smtp"])
PASSWORD = "tr0ub4dor & 3"


@dataclass
class Person:
    """Somebody with a password who tries to log in at a port."""

    asked: list[str] = field(default_factory=list)

    def secret(self) -> Secret:
        self.asked.append("password")
        return Secret(PASSWORD)

    def tries(
        self, protocol: str, port: int, security: Security, host: str = "localhost", ca: str = "ca", timeout: float = 5
    ) -> MailError:
        """Why it did not work. The password must not have been asked for."""
        place = Server(host, port, security)
        account = Account("test", "ann@example.org", place, place, ca_file=CERTS / f"{ca}.pem")
        attempt: Callable[[], object] = SmtpSender(account, self.secret, timeout=timeout).prove
        if protocol == "imap":
            attempt = ImapStore(account, self.secret, timeout=timeout).connect
        with pytest.raises(MailError) as caught:
            attempt()
        assert self.asked == []
        one_sentence(caught.value)
        return caught.value


def one_sentence(error: MailError) -> None:
    """What failed, and why: it ends, it is short, and it holds no secret."""
    assert error.text.endswith(".") and len(error.text) < 200 and "\n" not in error.text
    assert PASSWORD not in str(error)


def hears(peer: socket.socket) -> None:
    """Takes what comes and says nothing."""
    while peer.recv(65536):
        pass


@contextmanager
def closed_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    yield port


# --- N01: PREAUTH


def test_n01_a_server_that_knows_us_before_it_is_encrypted_hears_not_one_octet() -> None:
    with Script(greeting=b"* PREAUTH [CAPABILITY IMAP4rev1] in\r\n", starttls=b"%T OK begin\r\n") as server:
        error = Person().tries("imap", server.port, "starttls")
    assert isinstance(error, TlsFailed) and "PREAUTH" in error.text and server.said == []


# --- N02 to N08: STARTTLS


@pytest.mark.parametrize(
    "injected", [b"* OK [ALERT] x\r\n", b"* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n2 OK done\r\n", b"x"]
)
def test_n02_words_behind_the_answer_to_starttls_are_reported(injected: bytes) -> None:
    with Script(starttls=b"%T OK begin\r\n" + injected) as server:
        error = Person().tries("imap", server.port, "starttls")
    assert isinstance(error, TlsFailed) and "slipped in" in error.text


@pytest.mark.parametrize("answer", [b"%T NO x\r\n", b"%T BAD x\r\n", b"A001 OK begin\r\n%T NO x\r\n"])
def test_n04_and_n05_only_the_answer_to_our_own_question_encrypts(answer: bytes) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"
    with Script({b"STARTTLS": answer}, greeting=greeting) as server:
        error = Person().tries("imap", server.port, "starttls", timeout=1)
    assert isinstance(error, TlsFailed | Offline)
    assert not any(b"LOGIN" in line or b"AUTHENTICATE" in line for line in server.said)


@pytest.mark.parametrize(
    "greeting",
    [
        b"\r\n* OK hi\r\n",
        b"* XYZ\r\n* OK hi\r\n",
        b"* NO [ALERT] x\r\n* OK hi\r\n",
        b"A1 OK hi\r\n",
        b"* BYE\r\n* OK hi\r\n",
    ],
)
@pytest.mark.parametrize("security", ["starttls", "none"])
def test_n06_what_is_no_greeting_ends_it_whatever_comes_after(greeting: bytes, security: Security) -> None:
    with Script(greeting=greeting, starttls=b"%T OK begin\r\n") as server:
        error = Person().tries("imap", server.port, security)
    assert isinstance(error, Offline) and server.said == []


@pytest.mark.parametrize("answer", ["221 x", "250 x", "354 x", "421 x", "454 x", "500 x", "501 x", "502 x", "530 x"])
def test_n07_only_220_encrypts_a_line_to_smtp(answer: str) -> None:
    server = Sink(security="starttls", users={"ann@example.org": PASSWORD}, script={"STARTTLS": answer})
    Person().tries("smtp", server.port, "starttls")
    server.close()
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.lines)


@pytest.mark.parametrize("hello", ["250 plain", "354 x", "221 x", "250"])
def test_n07_smtp_without_starttls_gets_no_password(hello: str) -> None:
    server = Sink(security="starttls", users={"ann@example.org": PASSWORD}, script={"EHLO": hello})
    error = Person().tries("smtp", server.port, "starttls")
    server.close()
    assert isinstance(error, TlsFailed | Refused)


def test_n08_lines_behind_220_are_reported() -> None:
    server = Sink(security="starttls", users={}, script={"STARTTLS": "220 go\r\n250-evil\r\n250 AUTH XEVIL"})
    error = Person().tries("smtp", server.port, "starttls")
    server.close()
    assert isinstance(error, TlsFailed) and "slipped text in" in error.text


# --- N09: certificates


@BOTH
@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("certificate", "ca", "host", "words"),
    [
        ("selfsigned", "ca", "localhost", "signed by itself alone"),
        ("good", "ca2", "localhost", "authority that this machine does not know"),
        ("expired", "ca", "localhost", "has expired"),
        ("early", "ca", "localhost", "not valid yet"),
        ("other", "ca", "localhost", "not made out to localhost"),
        ("named", "ca2", "127.0.0.1", "not made out to 127.0.0.1"),
        ("cnonly", "ca2", "localhost", "not made out to localhost"),
        ("wildcard", "ca2", "localhost", "not made out to localhost"),
        ("client", "ca", "localhost", "not made for servers"),
        ("weak", "ca2", "localhost", "too weak"),
        ("portal", "ca2", "localhost", "not made out to localhost"),
    ],
)
def test_n09_a_certificate_that_is_not_the_servers_is_refused_and_the_sentence_says_why(
    protocol: str, security: Security, certificate: str, ca: str, host: str, words: str
) -> None:
    with at(protocol, security, certificate) as port:
        error = Person().tries(protocol, port, security, host, ca)
    assert isinstance(error, Untrusted) and words in error.text, error.text
    assert (error.host, error.port, error.known) == (host, port, "")


@contextmanager
def at(protocol: str, security: Security, certificate: str) -> Iterator[int]:
    """The port of a server that shows this certificate."""
    if protocol == "smtp":
        sink = Sink(security=security, users={}, certificate=certificate)
        try:
            yield sink.port
        finally:
            sink.close()
        return
    begin = b"%T OK begin\r\n" if security == "starttls" else None
    with Script(starttls=begin, security=security, certificate=certificate) as server:
        yield server.port


def test_n09_the_name_that_is_asked_for_is_the_configured_one() -> None:
    named: list[str | None] = []
    with listening(tls_server("good", names=named)) as port:
        tls.connect(Server("localhost", port, "tls"), ca_file=CERTS / "ca.pem", timeout=5).close()
    assert named == ["localhost"]


@BOTH
@pytest.mark.filterwarnings("ignore:ssl.OP_NO:DeprecationWarning")
def test_n10_old_tls_is_refused_without_a_second_try(protocol: str) -> None:
    with listening(tls_server("good", is_old=True)) as port:
        error = Person().tries(protocol, port, "tls")
    assert isinstance(error, TlsFailed) and "no longer safe" in error.text


# --- N12: the wrong kind of port


@BOTH
@pytest.mark.parametrize("banner", [b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", b"220 mail ESMTP\r\n"])
def test_n12_a_port_that_speaks_in_the_clear_is_not_spoken_to(protocol: str, banner: bytes) -> None:
    with listening(says(banner)) as port:
        error = Person().tries(protocol, port, "tls")
    assert isinstance(error, TlsFailed) and "without encryption" in error.text and "starttls" in error.remedy


@BOTH
def test_n12_a_port_that_waits_for_tls_is_no_port_for_starttls(protocol: str) -> None:
    with at(protocol, "tls", "good") as port:
        error = Person().tries(protocol, port, "starttls", timeout=0.3)
    assert isinstance(error, Offline)


# --- N13 to N16: the network


@BOTH
def test_n13_a_handshake_that_stands_still_ends(protocol: str) -> None:
    with listening(hears) as port:
        error = Person().tries(protocol, port, "tls", timeout=0.3)
    assert isinstance(error, Offline) and "in time" in error.text


@BOTH
@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    "page", [b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", b"<html>log in</html>\r\n"]
)
def test_n14_the_login_page_of_a_network_is_called_by_its_name(protocol: str, security: Security, page: bytes) -> None:
    with listening(says(page)) as port:
        error = Person().tries(protocol, port, security)
    assert isinstance(error, Offline) and "web page" in error.text and "browser" in error.remedy


@BOTH
def test_n15_a_closed_port_a_hang_up_and_an_unknown_name_are_told_apart(protocol: str) -> None:
    with closed_port() as port:
        assert "closed" in Person().tries(protocol, port, "tls").text
    with listening(lambda peer: peer.close()) as port:
        assert "hung up" in Person().tries(protocol, port, "tls").text
    assert "cannot be looked up" in Person().tries(protocol, 993, "tls", "no-such-host.invalid").text


@BOTH
def test_n16_a_server_that_falls_silent_is_given_up(protocol: str) -> None:
    with listening(hears) as port:
        assert isinstance(Person().tries(protocol, port, "starttls", timeout=0.3), Offline)


# --- the gate itself


def test_a_secret_is_not_reached_over_a_plain_line_to_another_machine() -> None:
    person = Person()
    with listening(says(b"hi")) as port, socket.create_connection(("127.0.0.1", port)) as sock:
        for line in (None, sock):
            with pytest.raises(TlsFailed, match="not encrypted"):
                tls.unlock(line, Server("localhost", port, "tls"), person.secret)
            with pytest.raises(TlsFailed, match="not encrypted"):
                tls.unlock(line, Server("localhost", port, "starttls"), person.secret)
        assert person.asked == []
        assert tls.unlock(sock, Server("localhost", port, "none"), person.secret).reveal() == PASSWORD


def test_nobody_but_the_gate_makes_lines_or_asks_for_secrets() -> None:
    """The doctor alone knocks at single addresses, and says nothing there."""
    backend = Path(tls.__file__).parent
    for path in backend.rglob("*.py"):
        code = path.read_text()
        name = path.relative_to(backend).as_posix()
        if name != "tls.py":
            for forbidden in (
                "SSLContext(",
                "create_default_context",
                ".wrap_socket(",
                "create_connection(",
                "secret()",
            ):
                assert forbidden not in code, f"{name} has {forbidden}"
        if name not in ("tls.py", "checkup/line.py"):
            assert "socket.socket(" not in code, name
