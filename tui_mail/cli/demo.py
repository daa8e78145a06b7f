"""`tui-mail demo`: the program on a made-up mailbox in a folder that is thrown away."""

from __future__ import annotations

from pathlib import Path

from tui_mail.config import places
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server, Settings
from tui_mail.demo.place import Place

from .journal import Journal
from .run import need_terminal, show
from .wanted import Demo

_ADDRESS = "demo@example.org"
_PASSWORD = "demo"
_PATIENCE = 60.0
"""Seconds; five million messages take it ten."""


def run(order: Demo, journal: Journal) -> int:
    """The normal program against a server beside it. Only after a fault something stays: a line in the log."""
    from tui_mail.demo.process import Child

    need_terminal()
    server = Child(messages=order.messages)
    try:
        with Place() as folder:
            server.launch()
            import tui_mail.ui.app  # noqa: F401  # Textual, while the server begins

            server.ready(_PATIENCE)
            return _show(folder, _account(server.imap_port, server.smtp_port), journal)
    finally:
        server.stop()


def _show(folder: Path, account: Account, journal: Journal) -> int:
    credentials = Credentials(ask=True)
    credentials.offer(account, Secret(_PASSWORD))
    found = places.find(folder / "config.toml", {})
    return show(Settings(accounts={account.key: account}), found, credentials, journal, demo=True)


def _account(imap_port: int, smtp_port: int) -> Account:
    return Account(
        key="demo",
        address=_ADDRESS,
        imap=Server("127.0.0.1", imap_port, "none"),
        smtp=Server("127.0.0.1", smtp_port, "none"),
        name="Robin Marlow",
        signature="Robin",
        authserv_id="mail.example.org",
    )
