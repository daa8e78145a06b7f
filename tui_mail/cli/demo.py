"""`tui-mail demo`: the program on a made-up mailbox in a folder that is thrown away."""

from __future__ import annotations

from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.places import Places
from tui_mail.config.settings import Account, Server, Settings
from tui_mail.model.errors import MailError

from . import throwaway
from .journal import Journal
from .run import need_terminal, show

_ADDRESS = "demo@example.org"
_PASSWORD = "demo"


def run(places: Places, journal: Journal) -> int:
    """The normal program against the embedded server; its folder stays only after a fault, with the log in it."""
    try:
        need_terminal()
        code = _serve(places, journal)
    except (MailError, KeyboardInterrupt):
        throwaway.remove(places)
        raise
    journal.close()
    throwaway.remove(places)
    return code


def _serve(places: Places, journal: Journal) -> int:
    from tui_mail.demo.process import Child

    with Child() as server:
        account = _account(server.imap_port, server.smtp_port)
        credentials = Credentials(ask=True)
        credentials.offer(account, Secret(_PASSWORD))
        return show(Settings(accounts={account.key: account}), places, credentials, journal, demo=True)


def _account(imap_port: int, smtp_port: int) -> Account:
    return Account(
        key="demo",
        address=_ADDRESS,
        imap=Server("127.0.0.1", imap_port, "none"),
        smtp=Server("127.0.0.1", smtp_port, "none"),
        name="Demo Person",
        signature="Sent from the demo",
    )
