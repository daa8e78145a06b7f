"""Asks for a file or a folder, and finishes what is typed."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.mime.clean import clean

from ..once import Modal
from ..widgets.attachment_strip import size_words

_SHOWN = 200
_LOOKED_AT = 5_000
"""Names of one folder that are read; more would keep the keys waiting."""


def meant(text: str) -> str:
    """Without the folder that stood there already, where what is typed or pasted behind it begins anew: `/`, `~/`."""
    return re.sub(r"\A.*/(?=/|~/)", "", text.strip())


def completions(text: str, *, folders_only: bool = False) -> list[Path]:
    """What the typed path may become, folders first, hidden ones only where a dot was typed."""
    text = meant(text)
    folder, _, start = os.path.expanduser(text).rpartition("/")
    base = Path(folder + "/" if folder or text.startswith("/") else ".")
    found: list[tuple[bool, str]] = []
    try:
        with os.scandir(base) as entries:
            for number, entry in enumerate(entries):
                if number > _LOOKED_AT:
                    break
                if not entry.name.lower().startswith(start.lower()) or (entry.name[0] == "." and start[:1] != "."):
                    continue
                is_folder = entry.is_dir()
                if is_folder or not folders_only:
                    found.append((not is_folder, entry.name))
    except OSError:
        return []  # not a folder, or not ours to read: then there is nothing to offer
    return [base / name for _, name in sorted(found)[:_SHOWN]]


def short(path: Path) -> str:
    """With `~` for the home folder, and a `/` after a folder."""
    text = str(path)
    home = os.path.expanduser("~")
    if text == home or text.startswith(home + "/"):
        text = "~" + text[len(home) :]
    return text + "/" if path.is_dir() and not text.endswith("/") else text


def refusal(path: Path) -> str:
    """Why this cannot be sent along, in a sentence, or empty."""
    try:
        about = path.stat()
    except OSError as error:
        return f"{error.strerror or 'It cannot be read'}."
    if stat.S_ISDIR(about.st_mode):
        return "This is a folder."
    if not stat.S_ISREG(about.st_mode):
        return "This is not a file with contents."
    return "" if os.access(path, os.R_OK) else "You may not read this file."


class PathDialog(Modal[Path | None]):
    """Answers a readable file (or, with `folders_only`, a folder), or None for Esc."""

    DEFAULT_CSS = """
    PathDialog { align: center middle; }
    PathDialog > .dialog { width: 76; max-width: 95%; height: auto; max-height: 90%;
        padding: 1 2; }
    PathDialog Static { height: auto; }
    PathDialog .heading { text-style: bold; margin: 0 0 1 0; }
    PathDialog OptionList { height: auto; max-height: 10; margin: 1 0 0 0; }
    PathDialog .trouble { color: $error; }
    """
    BINDINGS = [
        Binding("escape", "back", "Back", id="dialog.back", tooltip="Close without a choice"),
        Binding("tab", "complete", "Complete", id="dialog.complete", tooltip="Finish the name", priority=True),
        Binding("down", "move(1)", "Down", id="dialog.down", show=False, tooltip="Next name", priority=True),
        Binding("up", "move(-1)", "Up", id="dialog.up", show=False, tooltip="Name above", priority=True),
    ]

    def __init__(self, title: str, start: str, *, folders_only: bool = False) -> None:
        super().__init__()
        self._title = title
        self._start = start
        self._folders_only = folders_only
        self._found: list[Path] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="heading")
            yield Input(self._start, placeholder="~/…", compact=True, select_on_focus=False)
            yield Static(Content(), classes="trouble")
            yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def offer(self, event: Input.Changed) -> None:
        self._found = completions(event.value, folders_only=self._folders_only)
        names = self.query_one(OptionList)
        names.set_options(Option(self._line(path)) for path in self._found)
        names.display = bool(self._found)
        self._say("")

    def _line(self, path: Path) -> Content:
        name = clean(path.name.encode("utf-8", "replace").decode())
        try:
            about = path.stat()
        except OSError:
            return Content(name)
        if stat.S_ISDIR(about.st_mode):
            return Content.styled(name + "/", "$accent")
        return Content.assemble(name, (f"  {size_words(about.st_size)}", "$muted"))

    def _say(self, words: str) -> None:
        line = self.query_one(".trouble", Static)
        line.update(Content(words))
        line.display = bool(words)

    def action_move(self, way: int) -> None:
        names = self.query_one(OptionList)
        if self._found:
            at = names.highlighted
            names.highlighted = (
                (0 if way > 0 else -1) % len(self._found) if at is None else (at + way) % len(self._found)
            )

    def action_complete(self) -> None:
        """Takes the chosen name, the only one, or as much as all of them share."""
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._found):
            self._take(short(self._found[at]))
        elif len(self._found) == 1:
            self._take(short(self._found[0]))
        elif self._found:
            shared = os.path.commonprefix([path.name for path in self._found])  # noqa: RUF071  # letters, as shells do
            head = self.query_one(Input).value.rpartition("/")
            if len(shared) > len(head[2]):
                self._take(head[0] + head[1] + shared)

    def _take(self, text: str) -> None:
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    @on(Input.Submitted)
    def choose(self) -> None:
        at = self.query_one(OptionList).highlighted
        text = meant(self.query_one(Input).value)
        path = self._found[at] if at is not None and at < len(self._found) else Path(os.path.expanduser(text))
        path = Path(os.path.abspath(path))
        if self._folders_only:
            if path.is_dir():
                self.dismiss(path)
            else:
                self._say("There is no such folder.")
        elif path.is_dir():
            self._take(short(path))
        elif not text:
            self._say("Type the path of a file.")
        elif words := refusal(path):
            self._say(words)
        else:
            self.dismiss(path)

    def action_back(self) -> None:
        self.dismiss(None)
