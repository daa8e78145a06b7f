"""One draft on the screen: what every part of the composer works on."""

from __future__ import annotations

from textual import getters
from textual.containers import Vertical

from tui_mail.model.draft import Draft

from ..bridge import MailApp
from ..widgets.letter_body import LetterBody


class LetterPane(Vertical):
    """Holds the draft; `take` is the one way to change it, and what it takes is on its way to the disk."""

    app = getters.app(MailApp)
    body = getters.query_one(LetterBody)

    def __init__(self, draft: Draft, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.draft = draft
        self.is_touched = False

    def take(self, draft: Draft) -> None:
        """The letter as it is now."""
        if draft == self.draft or self.disabled:
            return
        self.draft = draft
        self.is_touched = True
        self.app.mail.keep(draft)
        self.taken()

    def taken(self) -> None:
        """Called after every change."""

    def show(self, draft: Draft) -> None:
        """Another text of the same letter: takes it, and shows it in every field."""
