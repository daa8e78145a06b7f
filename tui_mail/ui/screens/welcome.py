"""The first screen of somebody who has no account here yet: three ways to begin."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..bridge import MailScreen
from ..widgets.key_bar import KeyBar

Way = Literal["address", "demo", "file", "accounts"]


class Ways(OptionList):
    """The ways, one of them under the cursor."""

    BINDINGS = [
        Binding("enter", "select", "Begin", id="welcome.take", tooltip="Go this way"),
        Binding("j", "cursor_down", "Down", id="list.down", tooltip="The next way", show=False),
        Binding("k", "cursor_up", "Up", id="list.up", tooltip="The way above", show=False),
    ]


class WelcomeScreen(MailScreen):
    """Posts `Chosen`; the app goes that way."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    DEFAULT_CSS = """
    WelcomeScreen { align: center middle; }
    WelcomeScreen > #welcome { width: 64; max-width: 94%; height: auto; }
    WelcomeScreen > #welcome > Static { height: auto; padding: 0 2; }
    WelcomeScreen > #welcome > #name { color: $accent; text-style: bold; }
    WelcomeScreen > #welcome > #what { color: $muted; margin: 0 0 1 0; }
    WelcomeScreen > #welcome > Ways {
        height: auto; border: none; background: $background; background-tint: $background 0%; padding: 0;
    }
    WelcomeScreen > #welcome > Ways > .option-list--option { padding: 0 2; }
    WelcomeScreen > KeyBar { dock: bottom; }
    """
    BINDINGS = [
        Binding("1", "go('address')", "Email address", id="welcome.address", tooltip="Set up an account", show=False),
        Binding("2", "go('demo')", "Try the demo", id="welcome.demo", tooltip="A made-up mailbox", show=False),
        Binding("3", "go('file')", "Edit the file", id="welcome.file", tooltip="In your editor", show=False),
        Binding("4", "go('accounts')", "Paused accounts", id="welcome.accounts", tooltip="Switch one on", show=False),
        Binding("q,escape", "app.quit", "Quit", id="app.leave", tooltip="Leave the program"),
    ]

    @dataclass
    class Chosen(Message):
        """The person goes this way."""

        way: Way

    def __init__(self, path: Path, paused: int) -> None:
        """`path` is config.toml; `paused` the number of accounts in it that are switched off."""
        super().__init__()
        self._path = path
        self._paused = paused

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Static(Content("tui-mail"), id="name")
            yield Static(Content("Mail for people who live in a terminal."), id="what")
            yield Ways(*self._options(), id="ways", markup=False)
        yield KeyBar()

    def _options(self) -> list[Option]:
        ways: list[tuple[Way, str, str]] = [
            ("address", "Email address", "Set it up; nothing is saved before it works."),
            ("demo", "Try the demo", "A made-up mailbox; nothing of yours is touched."),
            ("file", "Edit the file", _short(self._path)),
        ]
        if self._paused:
            ways.append(("accounts", "Paused accounts", f"{self._paused} in the file, all switched off."))
        options = []
        for number, (way, title, about) in enumerate(ways, 1):
            text = Content.assemble((f"{number}", "$accent"), "  ", (title, "bold"), (f"\n   {about}", "$muted"))
            options.append(Option(text, id=way))
        return options

    def on_mount(self) -> None:
        ways = self.query_one(Ways)
        ways.highlighted = 0
        ways.focus()

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_go(event.option.id or "address")

    def action_go(self, way: str) -> None:
        for known in ("address", "demo", "file", "accounts"):
            if way == known and (way != "accounts" or self._paused):
                self.post_message(self.Chosen(known))


def _short(path: Path) -> str:
    """With `~` for the home folder."""
    home = os.path.expanduser("~")
    text = str(path)
    return "~" + text[len(home) :] if text.startswith(home + "/") else text
