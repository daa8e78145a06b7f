"""A letter beyond this moment and this machine: older texts, its copy on the server, what others made of it."""

from __future__ import annotations

from dataclasses import replace

from textual.binding import Binding
from textual.timer import Timer

from tui_mail.model.errors import NotFound
from tui_mail.model.event import DraftChanged

from ..bridge import asking
from ..screens.dialogs import Choice, Question
from ..screens.versions import VersionsScreen
from .letter_pane import LetterPane

_PAUSE = 8.0
"""Seconds without a key after which the letter goes to the server's Drafts folder."""


class Remembering(LetterPane):
    """Tells when writing pauses, and asks where another program wrote on the same letter."""

    BINDINGS = [
        Binding("f4", "versions", "Older texts", id="compose.versions", show=False, tooltip="What it said before")
    ]

    def begin_remembering(self) -> None:
        """Called once the parts are there."""
        self._pausing: Timer | None = None
        self.app.mail.drafting.opened(self.draft)
        event = self.app.mail.drafting.changed(self.draft.id)
        if event is not None:
            self.changed_elsewhere(event)

    def taken(self) -> None:
        super().taken()
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(_PAUSE, self.paused)

    def paused(self) -> None:
        """Nobody types: a good moment for the server."""
        self.app.mail.drafting.paused(self.draft.account)

    @asking("begin compose", exclusive=True)
    async def action_versions(self) -> None:
        versions = [one for one in self.app.mail.drafting.versions(self.draft.id) if one.body != self.draft.body]
        if not versions:
            raise NotFound("There is no older text of this letter yet.")
        chosen = await self.app.push_screen_wait(VersionsScreen(self.draft, versions, self.app.clock()))
        if chosen is not None:
            self.app.mail.drafting.keep_version(self.draft)
            self.show(replace(chosen, id=self.draft.id, changed=self.draft.changed))
            self.app.said("The older text is back; what stood there is among the older ones now.")
        self.body.focus()

    @asking("elsewhere", exclusive=True)
    async def changed_elsewhere(self, event: DraftChanged) -> None:
        """Another program wrote on this letter, or took it away: nothing is overwritten unasked."""
        if event.theirs is None:
            title = "This letter is gone from the server's Drafts"
            text = "Another program sent it or threw it away. Write on here, or throw it away here too?"
            choices = [Choice("m", "Write on", strong=True), Choice("d", "Throw away")]
        else:
            title = "Another program changed this letter"
            words = " ".join(event.theirs.body.split())[:160]
            text = f"On the server it now says: “{words}”. Which one is right? The other stays among the older texts."
            choices = [Choice("m", "Mine", strong=True), Choice("t", "Theirs"), Choice("b", "Both, as two letters")]
        answered = await self.app.push_screen_wait(Question(title, text, choices))
        choice = {"t": "theirs", "b": "both", "d": "mine"}.get(answered, "mine")
        if not answered:
            return  # asked again when it is opened the next time; until then nothing is touched there
        after = self.app.mail.drafting.settle(self.draft, choice)
        if answered == "d":
            self.thrown_away()
        elif after is not self.draft:
            self.show(after)

    def thrown_away(self) -> None:
        """Called when the letter is to go, without another question."""
