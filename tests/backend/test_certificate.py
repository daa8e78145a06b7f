"""A certificate that nobody vouches for: its facts can be looked at, and only just that one is trusted, at one port."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.backend.script import Script
from tests.backend.test_tls import listening, tls_server
from tests.servers import Sinks
from tests.sink import CERTS
from tui_mail.backend import certificate, tls
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.backend.starttls import Protocol
from tui_mail.config.credentials import Secret
from tui_mail.config.exceptions import Exceptions
from tui_mail.config.settings import Account, Security, Server
from tui_mail.model.certificate import spelled, unspelled
from tui_mail.model.errors import TlsFailed, Untrusted


def der(name: str) -> bytes:
    text = (CERTS / f"{name}.pem").read_text()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN C") : text.index("-----END CERTIFICATE-----") + 25])


def sha256(name: str) -> str:
    return hashlib.sha256(der(name)).hexdigest()


def test_the_facts_of_a_certificate_can_be_read() -> None:
    read = certificate.read(der("bridge"))
    assert read.names == ("127.0.0.1", "localhost")
    assert read.subject == read.issuer == "CN=127.0.0.1, O=Mail Bridge, C=CH" and read.is_own
    assert (read.since, read.until) == (1_577_836_800, 4_733_510_400)
    assert read.sha256 == sha256("bridge")
    other = certificate.read(der("portal"))
    assert (other.names, other.issuer, other.is_own) == (
        ("portal.example",),
        "CN=tui-mail second test authority",
        False,
    )


@given(st.binary(max_size=200), st.integers(0, 600), st.integers(1, 40))
def test_a_certificate_that_is_rubbish_has_a_digest_and_no_facts(noise: bytes, at: int, length: int) -> None:
    assert certificate.read(noise).sha256 == hashlib.sha256(noise).hexdigest()
    whole = der("bridge")
    broken = whole[:at] + noise[:length] + whole[at + length :]
    assert certificate.read(broken).sha256 == hashlib.sha256(broken).hexdigest()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_whoever_answers_can_be_looked_at_and_hears_nothing_secret(sink: Sinks, security: Security) -> None:
    smtp = sink(security=security, certificate="selfsigned")
    seen = certificate.look(Server("localhost", smtp.port, security), "smtp", 5)
    assert seen.sha256 == sha256("selfsigned")
    assert not any(line.startswith(("AUTH", "MAIL")) for line in smtp.lines)


def test_an_imap_server_can_be_looked_at_through_starttls() -> None:
    with Script(starttls=b"%T OK begin\r\n") as server:
        seen = certificate.look(Server("localhost", server.port, "starttls"), "imap", 5)
    assert seen.sha256 == sha256("good")
    assert [line.partition(b" ")[2] for line in server.said] == [b"STARTTLS"] and server.hidden == []


def test_the_certificate_that_was_trusted_is_taken_and_no_other() -> None:
    with listening(tls_server("bridge")) as port:
        server = Server("127.0.0.1", port, "tls", certificate=spelled(sha256("bridge")))
        with tls.connect(server, ca_file=None, timeout=5) as sock:
            assert sock.recv(5) == b"hello"
    for certificate_now in ("selfsigned", "good"):
        with listening(tls_server(certificate_now)) as port:
            server = Server("127.0.0.1", port, "tls", certificate=sha256("bridge"))
            with pytest.raises(Untrusted, match="another one than you trusted") as caught:
                tls.connect(server, ca_file=CERTS / "ca.pem", timeout=5)
            assert (caught.value.host, caught.value.port, caught.value.known) == ("127.0.0.1", port, sha256("bridge"))


def test_a_fingerprint_that_is_none_opens_nothing() -> None:
    with listening(tls_server("bridge")) as port, pytest.raises(TlsFailed, match="no SHA-256"):
        tls.connect(Server("127.0.0.1", port, "tls", certificate="trust me"), ca_file=None, timeout=5)


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_a_changed_certificate_gets_no_password(sink: Sinks, tmp_path: Path, protocol: Protocol) -> None:
    """Bound to host, port and digest, through the store and the sender, as of the moment of the connection."""
    exceptions = Exceptions(tmp_path / "certificates.toml")
    asked: list[str] = []

    def secret() -> Secret:
        asked.append("password")
        return Secret("secret")

    smtp = sink(security="starttls", users={"ann@example.org": "secret"}, certificate="selfsigned")
    with Script(starttls=b"%T OK begin\r\n") as imap:
        place = Server("localhost", imap.port if protocol == "imap" else smtp.port, "starttls")
        account = Account("test", "ann@example.org", place, place)
        store = ImapStore(account, secret, trust=exceptions.applied, timeout=5)
        sender = SmtpSender(account, secret, trust=exceptions.applied, timeout=5)
        attempt = store.connect if protocol == "imap" else sender.prove
        with pytest.raises(Untrusted):
            attempt()
        shown = sha256("good" if protocol == "imap" else "selfsigned")
        exceptions.trust(Server("localhost", place.port + 1), shown)
        exceptions.trust(Server("127.0.0.1", place.port), shown)
        exceptions.trust(place, sha256("bridge"))
        with pytest.raises(Untrusted) as caught:
            attempt()
        assert caught.value.known == sha256("bridge") and asked == []
        exceptions.trust(place, shown)
        attempt()
        assert asked == ["password"]
        exceptions.forget(place)
        with pytest.raises(Untrusted):
            attempt()
        store.close()


def test_exceptions_are_kept_and_a_broken_file_trusts_nobody(tmp_path: Path) -> None:
    path = tmp_path / "state" / "certificates.toml"
    server = Server("Bridge.Example.org.", 1143)
    Exceptions(path).trust(server, sha256("bridge"))
    assert Exceptions(path).of(Server("bridge.example.org", 1143)) == sha256("bridge")
    assert Exceptions(path).of(Server("bridge.example.org", 1144)) == ""
    assert path.stat().st_mode & 0o077 == 0
    for broken in (b"\xff", b"[", b'"bridge.example.org:1143" = 5', b'"bridge.example.org:1143" = "short"'):
        path.write_bytes(broken)
        assert Exceptions(path).of(server) == ""


def test_a_fingerprint_is_understood_however_it_is_written() -> None:
    digits = sha256("bridge")
    assert unspelled(spelled(digits)) == unspelled(digits.upper()) == unspelled(f" {digits} ") == digits
    assert unspelled(digits[:-1]) == unspelled("") == unspelled("g" * 64) == ""
