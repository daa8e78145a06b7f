"""The servers that tests talk to, as fixtures: all on loopback, all ended with the test or the run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests import private_dovecot
from tests.private_dovecot import Dovecot
from tests.sink import Sink

Sinks = Callable[..., Sink]


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
