"""The screen that adds an account: takes what is typed, tries it, and writes it down when it works."""

from __future__ import annotations

from dataclasses import replace

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Static

from tui_mail.config.settings import Account
from tui_mail.engine.enrolment import Enrolment
from tui_mail.model.errors import AuthFailed, MailError, StorageFailed, Unsupported, Untrusted

from ..bridge import MailScreen, answer, asking
from ..panes.account_fields import AccountFields
from ..typed_account import Part, Typed, TypedServer, Wrong
from ..widgets.key_bar import KeyBar
from .certificate_dialog import CertificateDialog


class SetupScreen(MailScreen):
    """When it closed, `saved` is the account that was written down, or None, and `typed` what stood in the form."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    DEFAULT_CSS = """
    SetupScreen > #middle { height: 1fr; align-horizontal: center; }
    SetupScreen #sheet { width: 84; max-width: 100%; height: 1fr; max-height: 26; }
    SetupScreen #progress { height: auto; max-height: 4; padding: 0 2; }
    SetupScreen .ways { height: 1; padding: 0 2; align-horizontal: right; }
    SetupScreen .ways Button { margin: 0 0 0 1; }
    SetupScreen #anyway { display: none; }
    SetupScreen.-high .ways { margin: 1 0; }
    SetupScreen.-low #progress { max-height: 2; }
    """
    BINDINGS = [
        Binding("ctrl+s", "test", "Test and save", id="form.save", tooltip="Try both servers; save what works"),
        Binding(
            "ctrl+o", "more", "More", id="form.more", tooltip="Ports, encryption, user name, certificate authority"
        ),
        Binding("escape", "back", "Back", id="form.leave", tooltip="Stop the test, or go back; what was typed stays"),
    ]
    fields = getters.query_one(AccountFields)

    def __init__(self, enrolment: Enrolment, typed: Typed) -> None:
        super().__init__()
        self._enrolment = enrolment
        self.typed = typed
        self.saved: Account | None = None
        self._lines: list[tuple[str, str]] = []
        """(mark, words) of each step of the test."""
        self._seconds = 0
        self._ticking: Timer | None = None
        self._is_busy = False

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("Add an account", "bold")), id="title")
        with Vertical(id="middle"), Vertical(id="sheet"):
            yield AccountFields(self.typed)
            yield Static(id="progress")
            with Horizontal(classes="ways"):
                yield Button("Back", id="back", compact=True)
                yield Button("Save untested", id="anyway", compact=True)
                yield Button("Test and save", id="test", variant="primary", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        self._ticking = self.set_interval(1, self._tick, pause=True)
        self._look_for_keyring()

    @asking("keyring", exclusive=True)
    async def _look_for_keyring(self) -> None:
        if why := await answer(self._enrolment.why_not_kept()):
            self.fields.no_keyring(why)

    # ---- the test

    @on(AccountFields.Entered)
    @on(Button.Pressed, "#test")
    def action_test(self) -> None:
        if not self._is_busy:
            self.fields.say({})
            self._try()

    @on(Button.Pressed, "#anyway")
    def save_untested(self) -> None:
        if not self._is_busy:
            self.fields.say({})
            self._try(untested=True)

    @asking("test", exclusive=True)
    async def _try(self, *, untested: bool = False) -> None:
        """One step after the other; the first that fails says so at its field and ends it."""
        self._lines = []
        try:
            account = self._account()
            self._busy(True)
            if not untested:
                account = await self._tested(account)
            await self._save(account)
        except Wrong as wrong:
            self.fields.say(wrong.faults)
        except _Failed as failed:
            self._mark("✗")
            if await self._is_trusted(failed):
                self.call_later(self._try)
                return
            self.fields.say({failed.part: str(failed.error)})
            self.query_one("#anyway").display = not untested and failed.part != "keep"
        finally:
            self._busy(False)

    async def _is_trusted(self, failed: _Failed) -> bool:
        """Whether the person trusts the server whose certificate nobody vouches for."""
        error, doubts, part = failed.error, self._enrolment.doubts, failed.part
        if not isinstance(error, Untrusted) or doubts is None or part not in ("imap", "smtp"):
            return False
        typed = (self.typed.imap if part == "imap" else self.typed.smtp).server()
        servers = (typed, *self.typed.others(part))
        server = next((one for one in servers if (one.host, one.port) == (error.host, error.port)), None)
        if server is None:
            return False
        certificate = await answer(doubts.look(server, part))
        if not await self.app.push_screen_wait(CertificateDialog(server, error.text, certificate, error.known)):
            return False
        await answer(doubts.trust(server, certificate))
        return True

    def _account(self) -> Account:
        """What is typed, as an account that is not there yet. Raises Wrong."""
        self.typed = self.fields.typed
        taken = self._enrolment.settings().accounts.values()
        account = self.typed.account(self._enrolment.key_for(self.typed.address.strip()))
        for other in taken:
            if (other.address.lower(), other.place) == (account.address.lower(), account.place):
                raise Wrong({"address": f"{other.address} is set up already, as “{other.key}”."})
        return account

    async def _tested(self, account: Account) -> Account:
        """The account with the servers that let it in."""
        typed, trial = self.typed, self._enrolment
        by_command = typed.keep == "command"
        if by_command:
            self._step("Asking the command for the password")
        try:
            await answer(trial.unlock(account, None if by_command else typed.password))
        except MailError as error:
            raise _Failed("command", error) from error
        self._step(f"Reading at {account.imap.host}")
        try:
            server = await answer(trial.reading(account, typed.others("imap")))
        except MailError as error:
            raise _Failed(_place("imap", error), error) from error
        account = replace(account, imap=server)
        self.fields.found("imap", TypedServer.of(server))
        self._step(f"Sending at {account.smtp.host}")
        try:
            server = await answer(trial.sending(account, typed.others("smtp")))
        except MailError as error:
            raise _Failed(_place("smtp", error), error) from error
        self.fields.found("smtp", TypedServer.of(server))
        return replace(account, smtp=server)

    async def _save(self, account: Account) -> None:
        trial, typed = self._enrolment, self.typed
        if typed.keep == "keyring":
            self._step("Putting the password into the keyring")
            try:
                await answer(trial.keep(account, typed.password))
            except StorageFailed as error:
                self.fields.no_keyring("it is not kept")
                said = StorageFailed(error.text, remedy="Choose here where it comes from, and save again.")
                raise _Failed("keep", said) from error
        elif typed.keep == "ask":
            await answer(trial.unlock(account, typed.password))
        self._step(f"Writing {self._enrolment.path.name}")
        await answer(trial.write(account))
        self._mark("✓")
        self.saved = account
        self.dismiss()

    # ---- how far it is

    def _step(self, words: str) -> None:
        self._mark("✓")
        self._seconds = 0
        self._lines.append(("…", words))
        self._show()

    def _mark(self, mark: str) -> None:
        """The step that was under way ended so."""
        if self._lines:
            self._lines[-1] = (mark, self._lines[-1][1])
            self._show()

    def _busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        if not self.is_attached:
            return
        if self._ticking is not None:
            (self._ticking.resume if is_busy else self._ticking.pause)()
        self.query_one("#test", Button).disabled = is_busy
        self.query_one("#anyway").display = self.query_one("#anyway").display and not is_busy
        if not is_busy and self._lines and self._lines[-1][0] == "…":
            self._mark("·")

    def _tick(self) -> None:
        self._seconds += 1
        self._show()

    def _show(self) -> None:
        styles = {"✓": "$text-success", "✗": "$text-error", "…": "$text-accent", "·": "$muted"}
        pieces = []
        for mark, words in self._lines:
            wait = f"  {self._seconds} s" if mark == "…" and self._seconds else ""
            pieces.append(Content.assemble((mark, styles[mark]), f" {words}", (wait, "$muted")))
        self.query_one("#progress", Static).update(Content("   ").join(pieces))

    # ---- the rest

    @on(AccountFields.Changed)
    def changed(self) -> None:
        """What is tested is not what stands there any more."""
        if self._is_busy:
            self.workers.cancel_group(self, "test")

    def action_more(self) -> None:
        self.fields.fold(not self.fields.is_open)

    @on(Button.Pressed, "#back")
    def action_back(self) -> None:
        if self._is_busy:
            self.workers.cancel_group(self, "test")
            return
        self.typed = self.fields.typed
        self.dismiss()


class _Failed(Exception):
    """A step of the test failed; `part` is the field to say it at."""

    def __init__(self, part: Part, error: MailError) -> None:
        super().__init__()
        self.part = part
        self.error = error


def _place(part: Part, error: MailError) -> Part:
    """Where a fault of a server is said: a refused password at the password, where nobody has taken it yet."""
    if error.text.startswith("The ca_file"):
        return "ca"
    if part == "imap" and isinstance(error, AuthFailed | Unsupported):
        return "password"
    return part
