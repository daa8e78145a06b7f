"""Asking for a password when a server wants one, once, and never into the middle of somebody's typing."""

from __future__ import annotations

from textual.widgets import Input, TextArea

from tui_mail.model.event import Connection

from ..bridge import MailScreen
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
        """The person wants the mail now: asks again also those who said to work offline."""
        if not isinstance(self.app.screen, LoginDialog):
            self._asked.clear()
            for account in self.app.mail.accounts():
                self.sign_in(self.app.mail.connection(account.key))

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
