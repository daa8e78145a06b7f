"""How a letter leaves the composer: now, at its hour, or not yet, with what the server had against it."""

from __future__ import annotations

from typing import Literal

from textual import getters
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget

from tui_mail.model.address import parse_list
from tui_mail.model.draft import Draft
from tui_mail.model.errors import BadAddress, MailError

from ..bridge import MailApp, answer, asking
from ..screens.when_dialog import WhenDialog
from ..widgets.field import Field

Why = Literal["sent", "kept", "discarded", "untouched"]
"""How a composer was closed."""


class Sending(Vertical):
    """The composer's part in it."""

    app = getters.app(MailApp)
    BINDINGS = [
        Binding("ctrl+enter", "send", "Send now", id="compose.send", show=False, tooltip="Send without the last look"),
        Binding("f8", "send_later", "Send later", id="compose.later", show=False, tooltip="Choose when it goes"),
    ]
    draft: Draft

    def trouble(self) -> bool:
        """Shows what keeps the letter from going, at its field; False where nothing does."""
        raise NotImplementedError

    def field(self, control: Widget) -> Field:
        """The line in which an input stands, with its name and its trouble."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """To where writing goes on."""
        raise NotImplementedError

    def close(self, why: Why) -> None:
        """The composer is done with."""
        raise NotImplementedError

    @asking("compose", exclusive=True)
    async def action_send(self) -> None:
        if not self.trouble():
            await self.send()

    @asking("compose", exclusive=True)
    async def action_send_later(self) -> None:
        if self.trouble():
            return
        due = await self.app.push_screen_wait(WhenDialog("When shall it go?", self.app.clock))
        if due is not None:
            await self.send(due - self.app.clock())

    async def send(self, after: float | None = None) -> None:
        """Hands the letter to the outbox, to go `after` seconds (None: as configured). Whatever refuses it leaves the
        composer as it was."""
        self.disabled = True
        try:
            waiting = await answer(self.app.mail.send(self.draft, after=after))
        except MailError as error:
            self.disabled = False
            self.focus_first()
            if not isinstance(error, BadAddress):
                raise
            self._say("to", str(error))
            self.query_one("#to").focus()
            return
        self.close("sent")
        self.app.letter_sent(waiting)

    def show_refusals(self) -> None:
        """Where the letter came back because recipients were refused: who and why, at the field where they stand."""
        refused = self.app.refusals.pop(self.draft.id, ())
        for name, typed in (("to", self.draft.to), ("cc", self.draft.cc), ("bcc", self.draft.bcc)):
            here = {one.email.lower() for one in parse_list(typed)}
            said = [f"{address} was refused: {words}" for address, words in refused if address.lower() in here]
            if said:
                self._say(name, "; ".join(said))

    def _say(self, name: str, words: str) -> None:
        field = self.field(self.query_one(f"#{name}"))
        field.say(words)
        field.add_class("-open")
