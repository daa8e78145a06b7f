"""The sender of an account that has none: it says so."""

from __future__ import annotations

from typing import NoReturn

from tui_mail.config.settings import Account
from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import Unsupported

from .contract import Tell, Trace


class MuteSender:
    """Implements Sender for mail that lies in a Maildir without an `smtp` beside it."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def send(self, letter: Outgoing, tell: Tell | None = None, trace: Trace | None = None) -> str:
        self._refuse()

    def prove(self) -> None:
        self._refuse()

    def greet(self) -> None:
        self._refuse()

    @property
    def limit(self) -> int | None:
        return None

    def _refuse(self) -> NoReturn:
        raise Unsupported(
            f"The account {self._account.key} has no server that sends, so nothing was sent.",
            remedy=f"Give it one: smtp = {{ … }} under [accounts.{self._account.key}].",
        )
