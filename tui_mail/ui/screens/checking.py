"""Asking the servers for mail because the person said so: where one cannot be asked, the whole reason is told."""

from __future__ import annotations

from textual.binding import Binding

from tui_mail.model.event import Connection, Event

from .signing_in import SigningIn


class Checking(SigningIn):
    """The status line tells of every attempt, as far as there is room; somebody who asked hears all of it, once."""

    BINDINGS = [
        Binding("$,f5", "refresh_mail", "Check mail", id="view.refresh", tooltip="Ask the servers now", show=False)
    ]

    def __init__(self) -> None:
        super().__init__()
        self._checked: set[str] = set()
        """Accounts that the person waits to hear of."""

    def heard(self, event: Event) -> None:
        super().heard(event)
        match event:
            case Connection(account=account, state="offline", why=why) if account in self._checked:
                self._checked.discard(account)
                several = len(self.app.mail.accounts()) > 1
                self.app.said(f"{account}: {why}" if several else why)
            case Connection(account=account, state="online"):
                self._checked.discard(account)
            case _:
                pass

    def action_refresh_mail(self) -> None:
        self._checked = {account.key for account in self.app.mail.accounts()}
        self.app.mail.refresh()
        self.sign_in_again()
        self.app.said("Checking mail …")
