"""A word that no dictionary knows, and what may have been meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import clean

from .dialogs import Dialog


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of the word: another one, or the person's own from now on, or left as it is."""

    word: str
    is_own: bool = False


class WordDialog(Dialog[Verdict | None]):
    """Answers None for Esc: no more of this."""

    BINDINGS = [
        Binding("escape,q", "leave", "Done", id="dialog.back", tooltip="End the spell check"),
        Binding("s", "skip", "Skip", id="spelling.skip", tooltip="Leave it, and go to the next"),
        Binding("a", "add", "My word", id="spelling.add", tooltip="It is right, now and from now on"),
    ]

    def __init__(self, word: str, suggestions: Sequence[str]) -> None:
        super().__init__()
        self._word = word
        self._suggestions = suggestions

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"“{clean(self._word)}”"), classes="heading")
            if self._suggestions:
                yield OptionList(*(Option(Content(clean(one))) for one in self._suggestions), compact=True)
            else:
                yield Static(Content("No dictionary has a word like it."))
            yield Static(
                Content.assemble(
                    ("Enter", "bold"), " takes   ", ("s", "bold"), " skips   ", ("a", "bold"), " adds to my words   ",
                    ("Esc", "bold"), " ends",
                ),
                classes="ways",
            )  # fmt: skip

    def on_mount(self) -> None:
        for box in self.query(OptionList):
            box.focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Verdict(self._suggestions[event.option_index]))

    def action_skip(self) -> None:
        self.dismiss(Verdict(self._word))

    def action_add(self) -> None:
        self.dismiss(Verdict(self._word, is_own=True))

    def action_leave(self) -> None:
        self.dismiss(None)
