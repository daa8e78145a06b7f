"""Finds words in the text of a letter."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from .line_input import LineInput


class FindBar(Horizontal):
    """One line; Enter goes to the next place, Shift-Tab or Up to the one before, Esc ends it."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; }
    FindBar > Static { width: auto; padding: 0 1 0 0; }
    FindBar > LineInput { width: 1fr; }
    FindBar > .none { width: auto; }
    """
    BINDINGS = [
        Binding("enter,down,ctrl+f", "go(1)", "Next", id="compose.find-next", show=False, tooltip="The next place"),
        Binding("up,shift+tab", "go(-1)", "Last", id="compose.find-last", show=False, tooltip="The place before"),
        Binding("escape,tab", "end", "Done", id="compose.find-end", show=False, tooltip="Back to the text"),
    ]

    class Sought(Message):
        """Other words are looked for."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Gone(Message):
        """To the next place (1), the one before (-1), or back to the text (0)."""

        def __init__(self, way: int) -> None:
            super().__init__()
            self.way = way

    def compose(self) -> ComposeResult:
        yield Static(Content("Find"))
        yield LineInput()
        yield Static(classes="none")

    def open(self) -> None:
        self.display = True
        field = self.query_one(LineInput)
        field.focus()
        field.select_all()
        self.post_message(self.Sought(field.value))

    def say(self, words: str) -> None:
        self.query_one(".none", Static).update(Content(words))

    @on(Input.Changed)
    def seek(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Sought(event.value))

    @on(Input.Submitted)
    def next(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_go(1)

    def action_go(self, way: int) -> None:
        self.post_message(self.Gone(way))

    def action_end(self) -> None:
        self.display = False
        self.post_message(self.Gone(0))
