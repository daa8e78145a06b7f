"""The first screen of somebody who has no account here yet: three ways to begin."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..bridge import MailScreen
from ..widgets.key_bar import KeyBar

Way = Literal["address", "demo", "file", "accounts"]


class WelcomeScreen(MailScreen):
    """The ways are actions of the app (`app.begin`): keys that follow are for what opens, so nothing is posted."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    DEFAULT_CSS = """
    WelcomeScreen { align: center middle; }
    WelcomeScreen > #welcome { width: 64; max-width: 94%; height: auto; }
    WelcomeScreen > #welcome > Static { height: auto; padding: 0 2; }
    WelcomeScreen > #welcome > #name { color: $accent; text-style: bold; }
    WelcomeScreen > #welcome > #what { color: $muted; margin: 0 0 1 0; }
    WelcomeScreen > #welcome > OptionList {
        height: auto; border: none; background: $background; background-tint: $background 0%; padding: 0;
    }
    WelcomeScreen > #welcome > OptionList > .option-list--option { padding: 0 2; }
    WelcomeScreen > KeyBar { dock: bottom; }
    """
    BINDINGS = [
        Binding("enter", "take", "Begin", id="welcome.take", tooltip="Go this way", priority=True),
        Binding("j", "move(1)", "Down", id="list.down", tooltip="The next way", show=False),
        Binding("k", "move(-1)", "Up", id="list.up", tooltip="The way above", show=False),
        Binding(
            "1", "app.begin('address')", "Email address", id="welcome.address", tooltip="Set up an account", show=False
        ),
        Binding("2", "app.begin('demo')", "Try the demo", id="welcome.demo", tooltip="A made-up mailbox", show=False),
        Binding("3", "app.begin('file')", "Edit the file", id="welcome.file", tooltip="In your editor", show=False),
        Binding(
            "4", "app.begin('accounts')", "Paused accounts", id="welcome.accounts", tooltip="Switch one on", show=False
        ),
        Binding("q,escape", "app.quit", "Quit", id="app.leave", tooltip="Leave the program"),
    ]

    def __init__(self, path: Path, paused: int) -> None:
        """`path` is config.toml; `paused` the number of accounts in it that are switched off."""
        super().__init__()
        self._path = path
        self._paused = paused

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Static(Content("tui-mail"), id="name")
            yield Static(Content("Mail for people who live in a terminal."), id="what")
            yield OptionList(*self._options(), id="ways", markup=False)
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
        ways = self.query_one(OptionList)
        ways.highlighted = 0
        ways.focus()

    @on(OptionList.OptionSelected)
    async def action_take(self) -> None:
        """Goes the way under the cursor; a click comes here as well."""
        ways = self.query_one(OptionList)
        if ways.highlighted is not None:
            way = ways.get_option_at_index(ways.highlighted).id
            await self.app.run_action(f"app.begin('{way}')")

    def action_move(self, way: int) -> None:
        ways = self.query_one(OptionList)
        (ways.action_cursor_down if way > 0 else ways.action_cursor_up)()


def _short(path: Path) -> str:
    """With `~` for the home folder."""
    home = os.path.expanduser("~")
    text = str(path)
    return "~" + text[len(home) :] if text.startswith(home + "/") else text
