"""How accounts come and go while the program is up: the first screen, the form, the list of accounts, a new start."""

from __future__ import annotations

from typing import Literal

from textual.binding import Binding

from tui_mail.engine.enrolment import Enrolment

from .account_file import edit_accounts
from .bridge import MailApp, asking
from .screens.accounts import PAUSED, AccountsScreen
from .screens.setup import SetupScreen
from .screens.welcome import WelcomeScreen
from .typed_account import Typed, own_name

Then = Literal["", "again", "demo"]
"""What the program does after its screens: nothing, begin again with the accounts as they are now, or show the demo."""


class Enrolling(MailApp):
    """The app's part in it. Accounts are made into sessions once, at the start, so a change is a new start."""

    BINDINGS = [
        Binding("g A", "accounts", "Accounts", id="go.accounts", tooltip="Edit, pause, remove accounts", show=False),
        Binding("g plus", "enrol", "Add an account", id="go.add-account", tooltip="Set up another account", show=False),
    ]
    enrolment: Enrolment | None = None
    then: Then = ""
    parting = ""
    """What is to be said when the screens are up again."""
    _typed: Typed | None = None
    """What stood in the form when it was left."""

    def welcome(self) -> WelcomeScreen | None:
        """The first screen where no account is active, None where one is, or none can be made."""
        if self.enrolment is None or self.mail.accounts():
            return None
        return WelcomeScreen(self.enrolment.path, len(self.enrolment.settings().accounts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("accounts", "enrol") and self.enrolment is None:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        """Why an action is dim, for the palette."""
        return "nothing is set up here, the mailbox is made up" if action in ("accounts", "enrol") else ""

    def action_begin(self, way: str) -> None:
        """What the first screen offers."""
        match way:
            case "address":
                self.action_enrol()
            case "demo":
                self.start_again("demo")
            case "file":
                self._edit_file()
            case "accounts" if self.enrolment is not None and self.enrolment.settings().accounts:
                self.action_accounts()

    def action_enrol(self) -> None:
        """The form; what was typed in it before stands there again."""
        if self.enrolment is None or isinstance(self.screen, SetupScreen):
            return
        screen = SetupScreen(self.enrolment, self._typed or Typed(name=self._known_as()))
        self.push_screen(screen, lambda _: self._enrolled(screen))

    def _known_as(self) -> str:
        """What the person is called already, or by the system."""
        return next((account.name for account in self.settings.accounts.values() if account.name), "") or own_name()

    def _enrolled(self, screen: SetupScreen) -> None:
        account = screen.saved
        if account is None:
            self._typed = screen.typed
            return
        if account.key in (paused := self.state.get(PAUSED, [""][:0])):  # a name that was used before
            self.state.put(PAUSED, [key for key in paused if key != account.key])
        where = {
            "keyring": "Its password is in the keyring.",
            "ask": "Its password is asked for in each run.",
            "command": "Its password comes from the command.",
        }
        self.parting = f"{account.address} is set up. {where[screen.typed.keep]}"
        self.state_later("folder", f"{account.key}/INBOX")  # the new mail is what is opened
        self.start_again()

    def action_accounts(self) -> None:
        if self.enrolment is not None and not isinstance(self.screen, AccountsScreen):
            screen = AccountsScreen(self.enrolment)
            self.push_screen(screen, lambda _: self.start_again() if screen.is_changed else None)

    @asking("accounts", exclusive=True)
    async def _edit_file(self) -> None:
        if self.enrolment is not None:
            settings = await edit_accounts(self, self.enrolment)
            if settings is not None and settings.active(self.state.get(PAUSED, [""][:0])).accounts:
                self.start_again()
            elif settings is not None:
                self.notify("No account stands in the file yet.", severity="warning")

    def start_again(self, then: Then = "again") -> None:
        """Leaves the screens; whoever runs them goes on with `then`."""
        self.then = then
        self.write_state()
        self.exit(return_code=0)
