"""The dialogues with the servers as they are held, IMAP and SMTP side by side."""

from __future__ import annotations

import time
from collections.abc import Iterable

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import clean
from tui_mail.mime.masking import letterless, masked
from tui_mail.model.dialogue import Said
from tui_mail.model.document import PLAIN, Block, Document, Emphasis, Run
from tui_mail.model.operation import count

from ..bridge import MailScreen
from ..widgets.document_view import DocumentView
from ..widgets.key_bar import KeyBar
from ..widgets.note import Note

EVERY = 0.25
"""Seconds between looks at what was said."""
_MOST = 4000
"""Lines on the screen; when there are half as many more, the oldest go."""
_LOOKS: dict[str, Emphasis] = {"→": frozenset({"bold"}), "←": PLAIN, "·": frozenset({"dim"})}
_PROTOCOLS = ("", "IMAP", "SMTP")


class TraceScreen(MailScreen):
    """Shows what is kept of them and goes on with what comes. Passwords never come so far."""

    DEFAULT_CSS = """
    TraceScreen #title { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    TraceScreen DocumentView { height: 1fr; }
    """
    BINDINGS = [
        Binding("p", "pause", "Pause", id="trace.pause", tooltip="Hold the lines still; again goes on"),
        Binding("a", "account", "Account", id="trace.account", tooltip="Of the next account alone, then of all"),
        Binding("m", "protocol", "IMAP/SMTP", id="trace.protocol", tooltip="IMAP alone, SMTP alone, both"),
        Binding("y", "copy", "Copy", id="trace.copy", tooltip="Copy it for a bug report, addresses struck out"),
        Binding("escape,q", "back", "Back", id="trace.back", tooltip="Back to the mail"),
        Binding("f12", "back", "Back", id="view.trace", tooltip="Back to the mail", show=False),
    ]
    view = getters.query_one(DocumentView)

    def __init__(self) -> None:
        super().__init__()
        self._account = self._protocol = ""
        """Empty: all."""
        self._paused = False
        self._last = 0
        self._shown: list[Said] = []

    def compose(self) -> ComposeResult:
        yield Static(id="title")
        yield DocumentView()
        yield Note()
        yield KeyBar()

    def on_mount(self) -> None:
        self.view.focus()
        self._entitle()
        self.call_after_refresh(self._attend)

    def _attend(self) -> None:
        """From when the view has its width: thousands of lines are not broken for a width that is none."""
        self._begin()
        self.set_interval(EVERY, self.beat)

    # ---- what is shown

    def _begin(self) -> None:
        """Everything that is kept and wanted, from the oldest."""
        self._last = 0
        self._shown = []
        self.view.show(Document())
        self._take()
        if not self._shown:
            self.view.show(Document((Block("note", (Run("Nothing was said yet."),)),)))
        self._entitle()

    def beat(self) -> None:
        """One look; four a second."""
        if not self._paused:
            self._take()

    def _take(self) -> None:
        said = self.app.mail.transcript.said(self._last)
        if not said:
            return
        self._last = said[-1].number
        fresh = [one for one in said if self._is_wanted(one)]
        if not fresh:
            return
        is_first = not self._shown
        self._shown += fresh
        if is_first or len(self._shown) > _MOST * 3 // 2:
            self._shown = self._shown[-_MOST:]
            self.view.show(Document(tuple(self._blocks(self._shown))))
            self.view.action_scroll_last()
        else:
            self.view.follow(self._blocks(fresh))

    def _is_wanted(self, one: Said) -> bool:
        return self._account in ("", one.account) and self._protocol in ("", one.protocol)

    def _blocks(self, said: Iterable[Said]) -> Iterable[Block]:
        several = len(self.app.mail.settings.accounts) > 1 and not self._account
        for one in said:
            moment = time.strftime("%H:%M:%S", time.localtime(one.at))
            whose = f"{clean(one.account)} " if several else ""
            head = f"{moment} {whose}{one.protocol}{one.line if one.protocol == 'IMAP' else ' '} "
            runs = (Run(head, frozenset({"dim"})), Run(f"{one.way} {clean(one.text)}", _LOOKS.get(one.way, PLAIN)))
            yield Block("text", runs, rest="  ")

    def _entitle(self) -> None:
        whose = clean(self._account) or ("all accounts" if len(self.app.mail.settings.accounts) > 1 else "")
        what = self._protocol or "IMAP and SMTP"
        state = "held still" if self._paused else "live"
        words = " · ".join(filter(None, (whose, what, state)))
        self.query_one("#title", Static).update(Content.assemble(("Protocol trace  ", "bold"), (words, "$muted")))

    # ---- the keys

    def action_pause(self) -> None:
        self._paused = not self._paused
        self._entitle()
        self.beat()

    def action_account(self) -> None:
        self._account = _next(self._account, ("", *self.app.mail.settings.accounts))
        self._begin()

    def action_protocol(self) -> None:
        self._protocol = _next(self._protocol, _PROTOCOLS)
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "account":
            return True if len(self.app.mail.settings.accounts) > 1 else None
        return True

    def reason(self, action: str) -> str:
        return "there is one account" if action == "account" else ""

    def action_copy(self) -> None:
        """What is shown, the text of letters left out, people and machines struck out."""
        if not self._shown:
            self.say("There is nothing to copy.")
            return
        accounts = self.app.mail.settings.accounts
        users = {word for one in accounts.values() for word in (one.login, *one.login.split("@")[:1], one.name)}
        lines = [
            f"{way} {clean(masked(text, users=users))}"
            for way, text in letterless(
                (f"{one.protocol} {one.account} {one.line}", one.way, one.text) for one in self._shown
            )
        ]
        self.app.copy_to_clipboard("\n".join(lines) + "\n")
        self.say(f"{count(len(lines), 'line')} copied, addresses and names struck out.")

    def action_back(self) -> None:
        self.dismiss()


def _next(now: str, choices: tuple[str, ...]) -> str:
    return choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]
