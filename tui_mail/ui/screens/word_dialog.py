"""A word that no dictionary knows, and what may have been meant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import clean
from tui_mail.model.errors import MailError

from ..bridge import asking
from .dialogs import Dialog


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of the word: another one, or the person's own from now on, or left as it is."""

    word: str
    is_own: bool = False


class WordDialog(Dialog[Verdict | None]):
    """Answers None for Esc: no more of this."""

    DEFAULT_CSS = "WordDialog OptionList { margin: 0 0 1 0; }"
    BINDINGS = [
        Binding("escape,q", "leave", "Done", id="dialog.back", tooltip="End the spell check"),
        Binding("s", "skip", "Skip", id="spelling.skip", tooltip="Leave it, and go to the next"),
        Binding("a", "add", "My word", id="spelling.add", tooltip="It is right, now and from now on"),
    ]

    words = getters.query_one(OptionList)

    def __init__(self, word: str, meant: asyncio.Future[list[str]]) -> None:
        """`meant`: the words that are proposed, when they are found; nothing waits for them."""
        super().__init__()
        self._word = word
        self._meant = meant
        self._proposed: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"“{clean(self._word)}”"), classes="heading")
            yield OptionList(compact=True)
            yield Static(Content("Looking for words like it …"), id="found")
            yield Static(
                Content.assemble(
                    ("Enter", "bold"), " takes   ", ("s", "bold"), " skips   ", ("a", "bold"), " adds to my words   ",
                    ("Esc", "bold"), " ends",
                ),
                classes="ways",
            )  # fmt: skip

    def on_mount(self) -> None:
        self.words.display = False
        if self._meant.done():
            self._show()
        else:
            self._await_words()

    @asking("words")
    async def _await_words(self) -> None:
        await asyncio.wait({self._meant})
        self._show()

    def _show(self) -> None:
        try:
            self._proposed = self._meant.result()
            said = "" if self._proposed else "No dictionary has a word like it."
        except MailError as error:
            said = error.text
        found = self.query_one("#found", Static)
        found.update(Content(said))
        found.display = bool(said)
        if self._proposed:
            self.words.add_options(Option(Content(clean(one))) for one in self._proposed)
            self.words.display = True
            self.words.highlighted = 0
            self.words.focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Verdict(self._proposed[event.option_index]))

    def action_skip(self) -> None:
        self.dismiss(Verdict(self._word))

    def action_add(self) -> None:
        self.dismiss(Verdict(self._word, is_own=True))

    def action_leave(self) -> None:
        self.dismiss(None)
