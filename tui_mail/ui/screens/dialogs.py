"""Questions that stop everything else: yes or no, a password, a missing folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from tui_mail.config.settings import Account

from ..once import Modal
from ..widgets.tick import TickBox


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out of a question; `key` is the letter that takes it."""

    key: str
    words: str
    strong: bool = False
    """The one that Enter takes."""


Answer = TypeVar("Answer")
_NARROWEST = 16
"""Cells of a button with a short word."""
_WIDEST, _FRAME = 64, 6
"""Cells of a box where there is room, and those of its border and padding."""
_LOW = 18
"""Lines of a screen below which a box does without its blank ones."""


class Dialog(Modal[Answer]):
    """A box in the middle; everything else waits."""

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > .dialog { width: 64; max-width: 90%; height: auto; max-height: 90%; padding: 1 2; }
    Dialog > .dialog > Static { height: auto; width: 1fr; margin: 0 0 1 0; }
    Dialog .ways { height: auto; width: 1fr; align-horizontal: right; }
    Dialog .ways Button { margin: 0 0 0 1; }
    Dialog .ways.-tall { layout: vertical; }
    Dialog .ways.-tall Button { width: 1fr; margin: 0; }
    Dialog Input { margin: 0 0 1 0; }
    Dialog Checkbox { margin: 0 0 1 0; }
    Dialog.-low > .dialog { padding: 0 2; max-height: 100%; }
    Dialog.-low > .dialog > Static { margin: 0; }
    """


class Question(Dialog[str]):
    """Asks one thing; answers with the key of the choice, empty for Esc."""

    BINDINGS = [
        Binding("escape", "leave", "Back", id="dialog.back", tooltip="Close without a choice"),
        Binding("left,up", "app.focus_previous", "Previous", show=False),
        Binding("right,down", "app.focus_next", "Next", show=False),
    ]

    def __init__(self, title: str, text: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title, self._text, self._choices = title, text, choices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="heading")
            yield Static(Content(self._text))
            with Horizontal(classes="ways") as ways:
                self._arrange(ways, self.app.size)  # before it is seen for the first time: nothing jumps
                for number, choice in enumerate(self._choices):
                    label = Content.assemble((choice.key, "underline"), f"  {choice.words}")
                    yield Button(
                        label, id=f"way-{number}", variant="primary" if choice.strong else "default", compact=True
                    )

    def on_mount(self) -> None:
        strong = next((number for number, choice in enumerate(self._choices) if choice.strong), 0)
        self.query_one(f"#way-{strong}", Button).focus()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(self.query_one(".ways"), event.size)

    def _arrange(self, ways: Widget, size: Size) -> None:
        """Choices that have no room side by side stand one under another."""
        needed = sum(max(_NARROWEST, len(choice.words) + 7) + 1 for choice in self._choices)
        ways.set_class(needed > min(_WIDEST, size.width * 9 // 10) - _FRAME, "-tall")
        self.set_class(size.height < _LOW, "-low")

    @on(Button.Pressed)
    def take(self, event: Button.Pressed) -> None:
        self.dismiss(self._choices[int((event.button.id or "way-0").rpartition("-")[2])].key)

    def on_key(self, event: events.Key) -> None:
        for choice in self._choices:
            if choice.key == event.character:
                event.stop()
                self.dismiss(choice.key)

    def action_leave(self) -> None:
        self.dismiss("")


@dataclass(frozen=True, slots=True)
class Login:
    """What the login dialog answers."""

    password: str
    remember: bool

    def __repr__(self) -> str:
        return "Login(…)"


class LoginDialog(Dialog[Login | None]):
    """A server wants a password: shows what is configured, takes it, and offers the keyring."""

    BINDINGS = [Binding("escape", "leave", "Work offline", id="dialog.back", tooltip="Go on without the server")]

    def __init__(self, account: Account, why: str) -> None:
        super().__init__()
        self._account, self._why = account, why

    def compose(self) -> ComposeResult:
        account = self._account
        server = account.imap if account.maildir is None else account.smtp
        with Vertical(classes="dialog"):
            yield Static(Content(f"Password for {account.address}"), classes="heading")
            if self._why:
                yield Static(Content(self._why), classes="why")
            yield Static(
                Content.assemble(
                    ("Account  ", "$muted"),
                    f"{account.key}\n",
                    ("Server   ", "$muted"),
                    f"{server.host}:{server.port}, {server.security}\n",
                    ("User     ", "$muted"),
                    account.login,
                )
            )
            yield Input(placeholder="Password or app password", password=True, id="password", compact=True)
            yield TickBox("Remember it in the system's keyring", value=True, compact=True)
            with Horizontal(classes="ways"):
                yield Button("Work offline", id="no", compact=True)
                yield Button("Log in", id="yes", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Button.Pressed, "#no")
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#yes")
    @on(Input.Submitted)
    def log_in(self) -> None:
        password = self.query_one(Input).value
        if password:
            self.dismiss(Login(password, self.query_one(TickBox).value))
