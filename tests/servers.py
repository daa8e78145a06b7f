"""The servers that tests talk to, as fixtures: all on loopback, all ended with the test or the run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests import private_dovecot
from tests.private_dovecot import Dovecot
from tests.sink import CA, Sink, server_tls
from tui_mail.config.settings import Account, Security
from tui_mail.config.settings import Server as Place
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import DEMO_USERS, Server

Sinks = Callable[..., Sink]
"""What the fixture `sink` is."""
Demos = Callable[..., Server]
"""What the fixture `demo_server` is."""


@pytest.fixture
def sink() -> Iterator[Sinks]:
    """Makes SMTP sinks: `sink(security="tls", users={"ann": "pw"})`."""
    made: list[Sink] = []

    def make(**options: object) -> Sink:
        made.append(Sink(**options))  # type: ignore[arg-type]  # checked where Sink is called by name
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def demo_server() -> Iterator[Demos]:
    """Makes demo servers that run: `demo_server(quirks=["slow"], capabilities=quirks.PLAIN, security="tls")`."""
    made: list[Server] = []

    def make(
        mailbox: Mailbox | None = None,
        *,
        capabilities: Iterable[str] | None = None,
        quirks: Iterable[str] = (),
        security: Security = "none",
    ) -> Server:
        tls = None if security == "none" else server_tls()
        server = Server(mailbox or Mailbox(), capabilities=capabilities, quirks=quirks, tls=tls, security=security)
        made.append(server.start())
        return server

    yield make
    for server in made:
        server.stop()


def demo_account(server: Server, security: Security = "none", key: str = "demo") -> Account:
    """The account of the demo server's user; the password is in DEMO_USERS."""
    [user] = DEMO_USERS
    imap, smtp = (Place("localhost", port, security) for port in (server.imap_port, server.smtp_port))
    return Account(key, user, imap, smtp, ca_file=None if security == "none" else CA)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real server for the whole run; `dovecot.account()` is a new user."""
    yield from _dovecot()


@pytest.fixture(scope="session")
def poor_dovecot() -> Iterator[Dovecot]:
    """The same, but it offers next to nothing."""
    yield from _dovecot("IMAP4rev1 SASL-IR LITERAL+ ID")


def _dovecot(offers: str = "") -> Iterator[Dovecot]:
    if why := private_dovecot.why_not():
        if os.environ.get("TUI_MAIL_REQUIRE_DOVECOT") == "1":
            pytest.fail(f"A Dovecot is required, but {why}.")
        pytest.skip(why)
    server = Dovecot(offers=offers)
    yield server
    server.stop()
