"""In which screen a letter is opened: the app's part, so that the screens need not know each other."""

from __future__ import annotations

from tui_mail.model.listing import Listing
from tui_mail.model.message import Message, MessageId

from .bridge import MailApp
from .screens.enclosed import EnclosedScreen
from .screens.message import MessageScreen


class Opening(MailApp):
    """For the app."""

    def open_letter(self, listing: Listing, at: MessageId) -> None:
        self.push_screen(MessageScreen(listing, at))

    def open_enclosed(self, name: str, octets: bytes, message: Message) -> None:
        self.push_screen(EnclosedScreen(name, octets, message))
