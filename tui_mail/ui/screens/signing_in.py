"""Asking for a password when a server wants one, once, and never into the middle of somebody's typing."""

from __future__ import annotations

from textual.widgets import Input, TextArea

from tui_mail.model.event import Connection

from ..bridge import MailScreen, answer, asking
from .dialogs import Login, LoginDialog

TYPING = 1.0
"""Seconds until it is looked again whether somebody still types."""


class SigningIn(MailScreen):
    """Hears that an account needs a password and opens the dialog for it."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[str] = set()
        """Accounts that a dialog is open for, or whose person said to work offline."""

    def sign_in(self, connection: Connection) -> None:
        """Asks where `connection` waits for a password and nobody was asked yet."""
        if connection.state != "auth":
            self._asked.discard(connection.account)
        elif connection.account not in self._asked:
            self._asked.add(connection.account)
            self._ask(connection)

    def sign_in_again(self) -> None:
        """The person wants the mail now: a password that was changed meanwhile is taken from where it is kept; else it
        is asked for, also where the person said to work offline."""
        if isinstance(self.app.screen, LoginDialog):
            return
        waiting = [one.key for one in self.app.mail.accounts() if self.app.mail.connection(one.key).state == "auth"]
        if waiting:
            self._log_in_again(waiting)

    @asking("login", exclusive=True)
    async def _log_in_again(self, accounts: list[str]) -> None:
        for account in accounts:
            self._asked.discard(account)
            if not await answer(self.app.mail.login_again(account)):
                self.sign_in(self.app.mail.connection(account))

    def _ask(self, connection: Connection) -> None:
        account = next((one for one in self.app.mail.accounts() if one.key == connection.account), None)
        if account is None:
            return
        if isinstance(self.app.focused, Input | TextArea):
            self.set_timer(TYPING, lambda: self._ask(connection))
            return

        def answered(login: Login | None) -> None:
            if login is not None:
                self._asked.discard(connection.account)
                self.app.mail.login(connection.account, login.password, remember=login.remember)

        self.app.push_screen(LoginDialog(account, connection.why), answered)
