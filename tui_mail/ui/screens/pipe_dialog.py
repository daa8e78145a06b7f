"""Asks what to hand to which program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import line
from tui_mail.model.message import Attachment

from ..once import Modal
from ..widgets.attachment_strip import size_words, type_words


@dataclass(frozen=True, slots=True)
class Piping:
    """A command and what it is given: an attachment, or the whole letter as it came."""

    command: str
    attachment: Attachment | None


class PipeDialog(Modal[Piping | None]):
    """No shell reads the command; what the program says is shown afterwards."""

    DEFAULT_CSS = """
    PipeDialog { align: center middle; }
    PipeDialog > .dialog { width: 76; max-width: 95%; height: auto; max-height: 90%; padding: 1 2; }
    PipeDialog Static { height: auto; }
    PipeDialog .heading { text-style: bold; margin: 0 0 1 0; }
    PipeDialog OptionList { height: auto; max-height: 10; margin: 0 0 1 0; }
    PipeDialog .ways { margin: 1 0 0 0; }
    """
    BINDINGS = [Binding("escape", "back", "Back", id="dialog.back", tooltip="Hand over nothing")]

    def __init__(self, attachments: Sequence[Attachment], chosen: Attachment | None, command: str) -> None:
        super().__init__()
        self._offered: tuple[Attachment | None, ...] = (None, *attachments)
        self._chosen, self._command = chosen, command

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Hand to a program"), classes="heading")
            yield OptionList(*(Option(self._entry(one)) for one in self._offered), markup=False, compact=True)
            yield Input(self._command, placeholder="program and its arguments: less, wc -l, git am", compact=True)
            yield Static(
                Content.assemble(
                    *(("Enter", "bold"), " runs it   ", ("Shift-Tab", "bold"), " to what it gets   "),
                    *(("Esc", "bold"), " back"),
                ),
                classes="ways",
            )

    @staticmethod
    def _entry(one: Attachment | None) -> Content:
        if one is None:
            return Content("The whole letter, as it came")
        about = f"  {type_words(one)} {size_words(one.size)}"
        return Content.assemble(line(one.name) or "without a name", (about, "$muted"))

    def on_mount(self) -> None:
        parts = [one.part if one is not None else None for one in self._offered]
        self.query_one(OptionList).highlighted = parts.index(self._chosen.part if self._chosen else None)
        self.query_one(Input).focus()

    @on(OptionList.OptionSelected)
    def write(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def run(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(Piping(event.value.strip(), self._offered[self.query_one(OptionList).highlighted or 0]))

    def action_back(self) -> None:
        self.dismiss(None)
