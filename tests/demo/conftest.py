"""Demo servers for the tests of the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.demo.client import letter
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server

Servers = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Servers]:
    """Starts servers: `serve(5, quirks=["slow"])` has five letters in INBOX."""
    started: list[Server] = []

    def start(letters: int = 3, *, quirks: Iterable[str] = (), capabilities: Iterable[str] | None = None) -> Server:
        mailbox = Mailbox()
        for n in range(1, letters + 1):
            mailbox.put(letter(n), date=1_790_000_000 + n)
        server = Server(mailbox, quirks=quirks, capabilities=capabilities).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
