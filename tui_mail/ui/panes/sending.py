"""How a letter leaves the composer: now, at its hour, or not yet, with what the server had against it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from textual.binding import Binding
from textual.widget import Widget

from tui_mail.model.address import parse_list
from tui_mail.model.draft import Waiting
from tui_mail.model.errors import BadAddress, Cancelled, MailError, PassphraseWanted

from ..bridge import asking
from ..lending import lent
from ..screens.patience import Watched, patiently
from ..screens.when_dialog import WhenDialog
from ..widgets.field import Field
from .letter_pane import LetterPane

_SAFE = "What you wrote is kept, whatever becomes of this."
Why = Literal["sent", "kept", "discarded", "untouched"]
"""How a composer was closed."""


class Sending(LetterPane):
    """The composer's part in it."""

    BINDINGS = [
        Binding("ctrl+enter", "send", "Send now", id="compose.send", show=False, tooltip="Send without the last look"),
        Binding("f8", "send_later", "Send later", id="compose.later", show=False, tooltip="Choose when it goes"),
        Binding("f9", "protect", "Sign, encrypt", id="compose.protect", show=False, tooltip="Sign it, encrypt it too"),
    ]

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

    @asking("begin compose", exclusive=True)
    async def action_send(self) -> None:
        if not self.trouble():
            self.send()

    @asking("begin compose", exclusive=True)
    async def action_send_later(self) -> None:
        if self.trouble():
            return
        due = await self.app.push_screen_wait(WhenDialog("When shall it go?", self.app.clock))
        if due is not None:
            self.send(due - self.app.clock())

    @asking("begin send", exclusive=True)
    async def send(self, after: float | None = None) -> None:
        """Hands the letter to the outbox, to go `after` seconds (None: as configured). Whatever refuses it leaves the
        composer as it was."""
        self.disabled = True
        try:
            waiting = await self._handed(after)
        except MailError as error:
            self.disabled = False
            self.focus_first()
            if isinstance(error, Cancelled):
                self.app.said("Nothing was sent, and nothing is lost.")
                return
            if not isinstance(error, BadAddress):
                raise
            self._say("to", str(error))
            self.query_one("#to").focus()
            return
        self.close("sent")
        self.app.letter_sent(waiting)

    async def _handed(self, after: float | None) -> Waiting:
        """To the outbox; where its key wants a passphrase, the terminal is lent to gpg."""
        mail = self.app.mail
        promise = mail.send(self.draft, after=after)
        try:
            return await patiently(self, promise, self._under_way, Watched(), before=_SAFE, to_the_end=True)
        except PassphraseWanted:
            return await lent(self.app, lambda: mail.send(self.draft, after=after, ask=True))

    @property
    def _under_way(self) -> str:
        """What a letter that is sent waits for."""
        signs, encrypts = ("sign" in self.protection, "encrypt" in self.protection)
        if signs or encrypts:
            return f"{' and '.join(['Signing'] * signs + ['encrypting'] * encrypts).capitalize()} the letter …"
        return "Putting the letter into the outbox …"

    def action_protect(self) -> None:
        """Signed, then encrypted as well, then encrypted alone, then in the clear, then as it is configured."""
        states: list[tuple[bool | None, bool | None]] = [
            (None, None),
            (True, False),
            (True, True),
            (False, True),
            (False, False),
        ]
        here = (self.draft.sign, self.draft.encrypt)
        at = states.index(here) if here in states else 0
        sign, encrypt = states[(at + 1) % len(states)]
        self.take(replace(self.draft, sign=sign, encrypt=encrypt))
        self.retitle()
        self.app.said(f"It goes {self.protection or 'in the clear'}.")

    @property
    def protection(self) -> str:
        """How the letter will be protected, in a word or two; empty for not at all."""
        account = next((one for one in self.app.mail.accounts() if one.key == self.draft.account), None)
        if account is None:
            return ""
        signs = account.sign if self.draft.sign is None else self.draft.sign
        words = ["signed"] if signs else []
        if self.draft.encrypt:
            words.append("encrypted")
        elif account.encrypt and self.draft.encrypt is None:
            words.append("encrypted where all keys are here")
        return ", ".join(words)

    def retitle(self) -> None:
        """What kind of letter it is."""

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
