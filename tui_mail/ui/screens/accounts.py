"""The accounts of the configuration: add, edit, pause, remove. The file itself is only ever changed by the person."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.config.settings import Account, Settings
from tui_mail.engine.enrolment import Enrolment
from tui_mail.model.event import Connection, Event

from ..account_file import edit_accounts
from ..bridge import MailScreen, answer, asking
from ..widgets.key_bar import KeyBar
from ..widgets.status_bar import state_words
from .dialogs import Choice, Question

PAUSED = "paused"
"""The key of state.toml that holds the names of paused accounts."""


class AccountsScreen(MailScreen):
    """When it closed, `is_changed` says whether the program must begin again to follow."""

    DEFAULT_CSS = """
    AccountsScreen > #accounts {
        height: 1fr; border: none; background: $background; background-tint: $background 0%; padding: 0;
    }
    AccountsScreen > #accounts > .option-list--option { padding: 0 1; }
    """
    BINDINGS = [
        Binding("a", "app.enrol", "Add", id="accounts.add", tooltip="Set up another account"),
        Binding("enter,e", "edit", "Edit", id="accounts.edit", tooltip="Open the file at its lines"),
        Binding("x,space", "pause", "On or off", id="accounts.pause", tooltip="Pause it, or go on with it"),
        Binding("d,delete", "remove", "Remove", id="accounts.remove", tooltip="Take it out of the configuration"),
        Binding("escape,q", "leave", "Back", id="accounts.back", tooltip="Back to the mail"),
        Binding("j", "move(1)", "Down", id="list.down", tooltip="Next account", show=False),
        Binding("k", "move(-1)", "Up", id="list.up", tooltip="Account above", show=False),
    ]

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__()
        self._enrolment = enrolment
        self._known = enrolment.settings()
        self._began = self._known
        self._was_paused: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("Accounts", "bold"), (f"  {self._enrolment.path}", "$muted")), id="title")
        yield OptionList(id="accounts", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        self._was_paused = sorted(self.paused)
        self.draw()
        self.query_one(OptionList).focus()

    @property
    def paused(self) -> list[str]:
        return list(self.app.state.get(PAUSED, [""][:0]))

    @property
    def is_changed(self) -> bool:
        return self._known != self._began or sorted(self.paused) != self._was_paused

    # ---- what is shown

    def draw(self) -> None:
        """Reads the accounts again; the cursor stays on its account."""
        box = self.query_one(OptionList)
        here = box.highlighted or 0
        accounts = list(self._known.accounts.values())
        nothing = [Option(Content("No account stands in the file. a adds one."), disabled=True)]
        box.set_options([Option(self._line(one), id=one.key) for one in accounts] or nothing)
        box.highlighted = min(here, len(accounts) - 1) if accounts else None
        self.refresh_bindings()

    def _line(self, account: Account) -> Content:
        words, style = self._state(account)
        servers = ", ".join(filter(None, (account.place, account.smtp.host)))
        return Content.assemble(
            ("● ", style),
            (account.address, "bold"),
            (f"  {words}\n", "$muted"),
            (f"  {account.key}  {servers}", "$muted"),
        )

    def _state(self, account: Account) -> tuple[str, str]:
        if not account.enabled:
            return "switched off in the file", "$muted"
        if account.key in self.paused:
            return "paused", "$muted"
        if account.key not in self.app.mail.settings.accounts:
            return "begins when you go back", "$warning"
        return state_words(self.app.mail.connection(account.key), self.app.clock())

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Connection) and self.is_mounted:
            self.draw()

    @property
    def current(self) -> Account | None:
        box = self.query_one(OptionList)
        if box.highlighted is None:
            return None
        return self._known.accounts.get(box.get_option_at_index(box.highlighted).id or "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("edit", "pause", "remove") and self.is_mounted and self.current is None:
            return None
        return super().check_action(action, parameters)

    @on(OptionList.OptionHighlighted)
    def moved(self) -> None:
        self.refresh_bindings()

    # ---- what is done

    def action_move(self, way: int) -> None:
        box = self.query_one(OptionList)
        (box.action_cursor_down if way > 0 else box.action_cursor_up)()

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_edit()

    @asking("accounts", exclusive=True)
    async def action_edit(self) -> None:
        if (account := self.current) is not None:
            self._take(await edit_accounts(self.app, self._enrolment, account.key))

    def action_pause(self) -> None:
        """Off or on, at once; the file keeps its word where it says off."""
        account = self.current
        if account is None:
            return
        if not account.enabled:
            self.app.said("enabled = false stands in the file; e opens it there.")
            return
        paused = [key for key in self.paused if key != account.key]
        is_paused = len(paused) == len(self.paused)
        self.app.state.put(PAUSED, [*paused, account.key] if is_paused else paused)
        self.app.said(f"{account.address} is {'paused' if is_paused else 'on'} when you go back.")
        self.draw()

    @asking("accounts", exclusive=True)
    async def action_remove(self) -> None:
        account = self.current
        if account is None:
            return
        text = (
            f"The editor opens the file at its lines: delete [accounts.{account.key}] and save.\n\n"
            "Mail on the server stays. What was fetched, and letters not sent, stay on this machine in "
            f"{self._enrolment.data}."
        )
        choices = (Choice("o", "Open the file", strong=True), Choice("f", "And forget the password"))
        choice = await self.app.push_screen_wait(Question(f"Remove {account.address}?", text, choices))
        if choice not in ("o", "f"):
            return
        self._take(await edit_accounts(self.app, self._enrolment, account.key))
        if account.key in self._known.accounts:
            self.app.said(f"{account.address} still stands in the file.")
        elif choice == "f":
            await answer(self._enrolment.forget(account))
            self.app.said(f"{account.address} is removed, and its password forgotten.")

    def _take(self, settings: Settings | None) -> None:
        if settings is not None:
            self._known = settings
        self.draw()

    def action_leave(self) -> None:
        self.dismiss()
