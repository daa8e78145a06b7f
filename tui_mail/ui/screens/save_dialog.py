"""Asks which attachments to save, and where."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.selection_list import Selection

from tui_mail.model.message import Attachment
from tui_mail.model.operation import count

from ..once import Modal
from ..widgets.attachment_strip import size_words, type_words
from ..widgets.tick import TickList

WAYS = Content.assemble(
    ("Enter", "bold"), " saves   ", ("Shift-Tab", "bold"), " to the files, Space chooses   ", ("Esc", "bold"), " back"
)


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved where."""

    folder: Path
    attachments: tuple[Attachment, ...]


class SaveDialog(Modal[Saving | None]):
    """Answers a folder and at least one attachment, or None for Esc. The folder is made if it is missing."""

    DEFAULT_CSS = """
    SaveDialog { align: center middle; }
    SaveDialog > .dialog { width: 76; max-width: 95%; height: auto; max-height: 90%;
        padding: 1 2; }
    SaveDialog Static { height: auto; }
    SaveDialog .heading { text-style: bold; margin: 0 0 1 0; }
    SaveDialog SelectionList { height: auto; max-height: 10; }
    SaveDialog .label { margin: 1 0 0 0; }
    SaveDialog .trouble { color: $error; }
    SaveDialog .ways { margin: 1 0 0 0; }
    """
    BINDINGS = [
        Binding("escape", "back", "Back", id="dialog.back", tooltip="Save nothing"),
        Binding("enter", "save", "Save", id="dialog.save", tooltip="Save them there", priority=True),
    ]

    def __init__(self, attachments: Sequence[Attachment], chosen: Sequence[Attachment], folder: str) -> None:
        super().__init__()
        self._attachments = tuple(attachments)
        self._chosen = frozenset(one.part for one in chosen)
        self._folder = folder

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"Save {count(len(self._attachments), 'attachment')}"), classes="heading")
            yield TickList[int](
                *(Selection(self._line(one), at, one.part in self._chosen) for at, one in enumerate(self._attachments)),
                compact=True,
            )
            yield Static(Content("In the folder"), classes="label")
            yield Input(self._folder, compact=True, select_on_focus=False)
            yield Static(classes="trouble")
            yield Static(WAYS, classes="ways")

    @staticmethod
    def _line(one: Attachment) -> Content:
        about = f"  {type_words(one)} {size_words(one.size)}"
        return Content.assemble(one.name or "without a name", (about, "$muted"))

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_back(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def action_save(self) -> None:
        chosen = tuple(self._attachments[at] for at in sorted(self.query_one(TickList).selected))
        folder = Path(os.path.abspath(os.path.expanduser(self.query_one(Input).value.strip() or "~")))
        trouble = self._trouble(folder) if chosen else "Choose at least one with Space."
        if trouble:
            self.query_one(".trouble", Static).update(Content(trouble))
        else:
            self.dismiss(Saving(folder, chosen))

    @staticmethod
    def _trouble(folder: Path) -> str:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except FileNotFoundError:
            return f"{folder.parent} does not exist."
        except OSError as error:
            return f"{folder}: {error.strerror or error}."
        return "" if os.access(folder, os.W_OK) else f"You may not write into {folder}."
