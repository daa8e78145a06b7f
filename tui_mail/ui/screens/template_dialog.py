"""Which template to begin from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import clean

from .dialogs import Dialog


class TemplateDialog(Dialog[Path | None]):
    """Answers the file, or None for Esc."""

    BINDINGS = [Binding("escape,q", "leave", "Back", id="dialog.back", tooltip="No template")]

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__()
        self._files = files

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Begin from which template?"), classes="heading")
            yield OptionList(*(Option(Content(clean(path.stem))) for path in self._files), compact=True)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._files[event.option_index])

    def action_leave(self) -> None:
        self.dismiss(None)
