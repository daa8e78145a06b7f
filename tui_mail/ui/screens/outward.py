"""Where links lead: to the browser, to another letter, or to a question first."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from tui_mail.mime import links, trust
from tui_mail.model.document import Document
from tui_mail.model.message import MessageId

from ..bridge import MailScreen
from ..external import open_link
from .dialogs import Choice, Question


class Outward(MailScreen):
    """For a screen that shows letters."""

    async def go_to(self, url: str) -> None:
        """A checked web address: to the browser or, failing that, to the clipboard."""
        if await open_link(url, os.environ):
            self.app.said(f"Opened {url}")
        else:
            self.app.copy_to_clipboard(url)
            self.app.said(f"No browser here; in the clipboard: {url}")

    def shown(self) -> Document:
        """The document that is on the screen, whose links are followed."""
        return Document()

    async def may_follow(self, number: int, url: str, document: Document | None = None) -> bool:
        """Asks, with the whole target shown, before a link that names another host than its own is opened."""
        named = links.mismatched(document or self.shown()).get(number)
        if named is None:
            return True
        host = trust.shown(urlsplit(url).hostname or "")
        text = f"The link says {named}.\nIt leads to {host}:\n\n{url}"
        choices = (Choice("o", "Open it"), Choice("c", "Copy it"), Choice("b", "Back", strong=True))
        said = await self.app.push_screen_wait(Question("Open this address?", text, choices))
        if said == "c":
            self.app.copy_to_clipboard(url)
            self.app.said("The address is in the clipboard.")
        return said == "o"

    def open_letter(self, id: MessageId) -> None:
        """Another letter that is kept here."""
