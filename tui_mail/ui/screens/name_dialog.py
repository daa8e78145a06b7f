"""What shall it be called? One line, for folders and views."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from .dialogs import Dialog


class NameDialog(Dialog[str]):
    """Answers with the name, empty for Esc."""

    BINDINGS = [Binding("escape", "leave", "Back", id="dialog.back", tooltip="Leave it as it is")]

    def __init__(self, title: str, text: str, name: str, verb: str) -> None:
        """`name` is the one that stands there at first; `verb` is on the button."""
        super().__init__()
        self._title, self._text, self._name, self._verb = title, text, name, verb

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="heading")
            yield Static(Content(self._text))
            yield Input(self._name, id="name", compact=True)
            with Horizontal(classes="ways"):
                yield Button("Not now", id="no", compact=True)
                yield Button(Content(self._verb), id="yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Button.Pressed, "#no")
    def action_leave(self) -> None:
        self.dismiss("")

    @on(Button.Pressed, "#yes")
    @on(Input.Submitted)
    def take(self) -> None:
        name = " ".join(self.query_one(Input).value.split())
        if name:
            self.dismiss(name)
