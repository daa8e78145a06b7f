"""What can be done about the protection of a letter that is read: opened with a passphrase, its key taken."""

from __future__ import annotations

from textual.binding import Binding

from tui_mail.model.errors import Cancelled, NotFound
from tui_mail.model.message import MessageId

from ..bridge import MailScreen, answer, asking
from ..keys import unbound
from ..lending import lent
from ..widgets.reader import Reader


class Unsealing(MailScreen):
    """For a screen with a Reader, `page`."""

    BINDINGS = [
        Binding("D", "unlock", "Unlock", id="message.unlock", tooltip="Open an encrypted letter", show=False),
        Binding(
            unbound("message.take-key"),
            "take_key",
            "Take sender's key",
            id="message.take-key",
            tooltip="Put the key that this letter offers (Autocrypt) into your keyring",
            show=False,
        ),
    ]

    @property
    def page(self) -> Reader:
        """Where a letter is read on this screen."""
        raise NotImplementedError

    def read_at(self) -> MessageId | None:
        """The message one is at."""
        raise NotImplementedError

    @asking("unlock", exclusive=True)
    async def action_unlock(self) -> None:
        """Has gpg ask for the passphrase; where none is given, the letter stays closed and nothing else happens."""
        id, page = self.read_at(), self.page
        if id is None:
            raise NotFound("No letter is chosen.")
        if page.at == id and page.message is not None and page.message.seal is None:
            self.app.said("Nothing in this letter is encrypted.")
            return
        try:
            message = await lent(self.app, lambda: self.app.mail.read(id, ask=True))
        except Cancelled:
            self.app.said("The letter stays closed.")
            return
        if page.at == id:
            page.show(message, page.insight, at=id)

    @asking("take-key", exclusive=True)
    async def action_take_key(self) -> None:
        id = self.read_at()
        if id is None:
            raise NotFound("No letter is chosen.")
        whose = await answer(self.app.mail.take_key(id))
        self.app.said(f"The key of {whose} is in your keyring; compare its fingerprint before you rely on it.")
