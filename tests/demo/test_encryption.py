"""The demo server with TLS: from the first octet, or after STARTTLS."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator

import pytest

from tests.demo.client import Line
from tests.sink import CA, server_tls
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Security, Server

LOGIN = "AUTH PLAIN AGRlbW9AZXhhbXBsZS5vcmcAZGVtbw=="


@pytest.fixture
def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CA))


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    security: Security = request.param
    with Server(Mailbox(), tls=server_tls(), security=security) as server:
        yield server


@pytest.mark.parametrize("server", ["tls"], indirect=True)
def test_everything_is_encrypted_from_the_first_octet(server: Server, trust: ssl.SSLContext) -> None:
    with Line(server.imap_port, tls=trust) as client:
        assert b"AUTH=PLAIN" in client.line()
        assert client.say("LOGIN demo@example.org demo")[-1].startswith(b"OK")
    with Line(server.smtp_port, tls=trust) as carrier:
        assert carrier.reply().startswith(b"220 ")
        assert b"STARTTLS" not in carrier.ask("EHLO localhost")
        assert carrier.ask(LOGIN).startswith(b"235")


@pytest.mark.parametrize("server", ["starttls"], indirect=True)
def test_no_password_is_taken_before_starttls(server: Server, trust: ssl.SSLContext) -> None:
    with Line(server.imap_port) as client:
        greeting = client.line()
        assert b"STARTTLS" in greeting and b"LOGINDISABLED" in greeting and b"AUTH=" not in greeting
        assert client.say("LOGIN demo@example.org demo")[-1].startswith(b"NO [PRIVACYREQUIRED]")
        assert client.say("STARTTLS") == [b"OK Begin TLS."]
        client.encrypt(trust)
        assert client.say("LOGIN demo@example.org demo")[-1].startswith(b"OK")
    with Line(server.smtp_port) as carrier:
        carrier.reply()
        assert b"AUTH" not in carrier.ask("EHLO localhost")
        assert carrier.ask(LOGIN).startswith(b"538")
        assert carrier.ask("STARTTLS").startswith(b"220")
        carrier.encrypt(trust)
        assert b"250-AUTH PLAIN LOGIN" in carrier.ask("EHLO localhost")
        assert carrier.ask(LOGIN).startswith(b"235")


@pytest.mark.parametrize("server", ["starttls"], indirect=True)
def test_commands_smuggled_behind_starttls_are_refused(server: Server) -> None:
    with Line(server.imap_port) as client:
        client.line()
        client.send(b"t STARTTLS\r\nt NOOP\r\n")
        assert client.answer()[-1].startswith(b"BAD Nothing may follow STARTTLS")


@pytest.mark.parametrize("server", ["tls", "starttls"], indirect=True)
def test_a_client_that_does_not_speak_tls_is_hung_up_on(server: Server) -> None:
    with Line(server.imap_port) as client:
        client.send(b"t STARTTLS\r\n")
        client.send(b"this is no handshake\r\n" * 20)
        with contextlib.suppress(ConnectionError):  # a reset is a way of hanging up
            while client.line():
                pass
    server.wait_for(lambda: server.connections == 0)
