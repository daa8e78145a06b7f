"""The line where one types what to look for."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

PAUSE = 0.12
"""Seconds without a key until what was typed is looked for."""


class SearchInput(Input):
    """An input whose Esc ends the search and whose Down goes to what was found."""

    BINDINGS = [
        Binding("escape", "close", "Close", id="search.end", tooltip="Back to the folder"),
        Binding("down", "submit", "To the list", id="search.down", tooltip="To what was found", show=False),
    ]

    @dataclass
    class Ended(Message):
        """Esc."""

    def action_close(self) -> None:
        self.post_message(self.Ended())


class SearchBar(Horizontal):
    """Hidden until it is opened. Says what was typed after a short pause, and at once on Enter."""

    DEFAULT_CSS = """
    SearchBar { height: 1; display: none; }
    SearchBar > #scope { width: auto; padding: 0 1; }
    SearchBar > #found { width: auto; max-width: 50%; padding: 0 1; }
    SearchBar > Input { width: 1fr; border: none; height: 1; padding: 0; }
    """

    @dataclass
    class Asked(Message):
        """What to look for, as typed; empty is nothing."""

        text: str

    @dataclass
    class Entered(Message):
        """The person wants to go to what was found."""

    @dataclass
    class Closed(Message):
        """The person is done with searching."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="scope", markup=False)
        yield SearchInput(
            placeholder="words  from:ann  is:unread  has:attachment  after:2026-11  in:archive", compact=True
        )
        yield Static(id="found", markup=False)

    def open(self, scope: str) -> None:
        """Shows the bar for a search in `scope`; earlier words stay, selected, so that a key replaces them."""
        self.display = True
        self.query_one("#scope", Static).update(Content(f"Search {scope}"))
        box = self.query_one(SearchInput)
        box.focus()
        box.select_all()

    def close(self) -> None:
        self._stop()
        box = self.query_one(SearchInput)
        with box.prevent(Input.Changed):
            box.value = ""
        self.found("")
        self.display = False

    @property
    def words(self) -> str:
        """What is typed."""
        return self.query_one(SearchInput).value

    def found(self, words: str, *, wrong: bool = False) -> None:
        """What came of it, or that it cannot be meant."""
        place = self.query_one("#found", Static)
        place.update(Content(words))
        place.set_class(wrong, "-wrong")

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        event.stop()
        self._stop()
        self._pause = self.set_timer(PAUSE, self._ask)

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._pause is not None:
            self._ask()
        self.post_message(self.Entered())

    @on(SearchInput.Ended)
    def ended(self, event: SearchInput.Ended) -> None:
        event.stop()
        self.post_message(self.Closed())

    def _ask(self) -> None:
        self._stop()
        self.post_message(self.Asked(self.query_one(SearchInput).value))

    def _stop(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
