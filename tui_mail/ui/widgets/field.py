"""A labelled line of a form, with room for what is wrong in it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static


class Field(Vertical):
    """A label, what is typed beside it, and below it what is wrong with that."""

    DEFAULT_CSS = """
    Field { height: auto; }
    Field > Horizontal { height: 1; }
    Field .label { width: 9; }
    Field .trouble { height: auto; margin: 0 0 0 9; display: none; }
    Field LineInput { width: 1fr; }
    Field SenderField { width: 1fr; }
    """

    def __init__(self, label: str, control: Widget, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._label = label
        self.control = control

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(Content(self._label), classes="label")
            yield self.control
        yield Static(classes="trouble")

    def say(self, trouble: str) -> None:
        """Shows a sentence under the field, or takes it away."""
        line = self.query_one(".trouble", Static)
        line.update(Content(trouble))
        line.display = bool(trouble)
