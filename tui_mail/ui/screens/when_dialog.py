"""Asks for a moment in one's own words, and says at once which one was understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.model.errors import BadInput
from tui_mail.model.when import spoken, when

from .dialogs import Dialog

USUAL = ("in 2 hours", "this evening", "tomorrow 9", "monday 9", "next week")


class WhenDialog(Dialog[float | None]):
    """Answers seconds since 1970 UTC, or None for Esc. Typed, or taken from a few that are usual."""

    DEFAULT_CSS = """
    WhenDialog OptionList { height: auto; max-height: 8; margin: 1 0 0 0; }
    WhenDialog #meant { height: 1; margin: 0; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="dialog.back", tooltip="Close without a choice"),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
    ]

    def __init__(self, title: str, clock: Callable[[], float], usual: Sequence[str] = USUAL) -> None:
        super().__init__()
        self._title, self._clock, self._usual = title, clock, usual

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="heading")
            yield Input(placeholder="tomorrow 9, monday, 18:30, in 2 hours", compact=True)
            yield Static(Content(), id="meant")
            yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.can_focus = False
        now = self._clock()
        width = max(len(words) for words in self._usual) + 2
        options.set_options(
            Option(Content.assemble(words.ljust(width), (spoken(meant, now), "$muted")), id=words)
            for words in self._usual
            if (meant := _meant(words, now)) is not None
        )
        options.highlighted = None
        self.query_one(Input).focus()

    def action_move(self, step: int) -> None:
        """Into the usual ones; what is highlighted stands in the field."""
        options = self.query_one(OptionList)
        here = options.highlighted
        options.highlighted = 0 if here is None else (here + step) % options.option_count
        self.query_one(Input).value = options.get_option_at_index(options.highlighted or 0).id or ""

    @on(Input.Changed)
    def understand(self, event: Input.Changed) -> None:
        now = self._clock()
        meant = _meant(event.value, now)
        words = spoken(meant, now) if meant is not None else "…" if event.value.strip() else ""
        self.query_one("#meant", Static).update(Content.assemble((words, "$accent")))

    @on(OptionList.OptionSelected)
    def take_usual(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option.id or "")

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        self._take(event.value)

    def _take(self, words: str) -> None:
        try:
            self.dismiss(when(words, self._clock()))
        except BadInput as error:
            self.query_one("#meant", Static).update(Content.assemble((str(error), "$error")))

    def action_leave(self) -> None:
        self.dismiss(None)


def _meant(words: str, now: float) -> float | None:
    try:
        return when(words, now)
    except BadInput:
        return None
