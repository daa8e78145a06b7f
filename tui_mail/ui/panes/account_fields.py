"""The form of a new account: servers proposed while the address is typed, what the provider wants, faults in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_mail.config import providers
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Security

from ..typed_account import PORTS, Keep, Part, Typed, TypedServer
from ..widgets.field import Field
from ..widgets.line_input import LineInput
from ..widgets.server_line import ServerLine
from ..widgets.turn import Turn

KEEPS: Mapping[str, str] = {
    "keyring": "from the system's keyring",
    "ask": "asked for in each run",
    "command": "printed by a command",
}
_FOLDED = ("user", "ca")


class Fold(Static, can_focus=True):
    """A line that shows or hides what most people never need."""

    BINDINGS = [
        Binding("enter,space", "turn", "Show or hide", id="form.fold", tooltip="Ports, encryption and the rest")
    ]

    class Turned(Message):
        """It was pressed."""

    def show(self, is_open: bool) -> None:
        words = "ports, encryption, user name, CA file"
        self.update(
            Content.assemble(("▾ " if is_open else "▸ ", "$text-accent"), ("Less: " if is_open else "More: ") + words)
        )

    def action_turn(self) -> None:
        self.post_message(self.Turned())

    def on_click(self) -> None:
        self.action_turn()


class Step(LineInput):
    """A line whose Enter goes to the next one, at once: what is typed ahead must not stay behind in it."""

    async def action_submit(self) -> None:
        self.screen.focus_next()


class AccountFields(VerticalScroll, can_focus=False):
    """`typed` is what stands in it. Posts `Changed` for what the person wrote, and `Entered` for Enter at the end."""

    DEFAULT_CSS = """
    AccountFields { height: 1fr; padding: 1 2 0 2; scrollbar-size-vertical: 1; }
    AccountFields Field .label { width: 11; }
    AccountFields Field .trouble { margin: 0 0 0 11; }
    AccountFields LineInput { background: $panel; }
    AccountFields LineInput:focus { background: $cursor-blurred; }
    AccountFields > .-spaced { margin: 1 0 0 0; }
    AccountFields #hint { height: auto; margin: 0 0 0 11; padding: 0 1; border-left: outer $accent; display: none; }
    AccountFields #hint.-closed { border-left: outer $warning; }
    AccountFields Fold {
        height: 1; margin: 0 0 0 11; color: $muted; text-wrap: nowrap; text-overflow: ellipsis;
    }
    AccountFields Fold:focus { background: $boost; text-style: bold; color: $foreground; }
    AccountFields Turn { width: 1fr; }
    .-low AccountFields { padding: 0 1; }
    .-low AccountFields > .-spaced { margin: 0; }
    """
    BINDINGS = [
        Binding("tab,down", "app.focus_next", "Next field", id="form.next", show=False, tooltip="To the next field"),
        Binding(
            "shift+tab,up", "app.focus_previous", "Field before", id="form.back", show=False, tooltip="Back to a field"
        ),
    ]

    class Changed(Message):
        """The person wrote something else."""

    class Entered(Message):
        """Enter in a field that is no step to the next one."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self._typed = typed
        self._is_open = bool(typed.own & {"user", "ca"})

    def compose(self) -> ComposeResult:
        typed = self._typed
        password = LineInput(typed.password.reveal(), id="password")
        password.password = True
        yield Field("Name", Step(typed.name, placeholder="as people see it", id="name"))
        yield Field("Address", Step(typed.address, placeholder="you@example.org", id="address"))
        yield Field("Password", password, classes="-spaced")
        yield Field(
            "Command", LineInput(typed.command, placeholder="pass show mail/work", id="command"), classes="-spaced"
        )
        yield Static(id="hint")
        yield Field("Next time", Turn(KEEPS, typed.keep, id="keep"))
        yield Field("Reading", ServerLine(PORTS["imap"], id="imap"), classes="-spaced")
        yield Field("Sending", ServerLine(PORTS["smtp"], id="smtp"))
        yield Fold()
        yield Field(
            "User name", LineInput(typed.user, placeholder="what the servers call you", id="user", proposed=True)
        )
        yield Field("CA file", LineInput(typed.ca, placeholder="only for a private certificate authority", id="ca"))

    def on_mount(self) -> None:
        self._show_servers()
        self._show_password()
        self.fold(self._is_open)
        self._hint()
        empty = [name for name in ("name", "address", "password") if not self.query_one(f"#{name}", LineInput).value]
        self.focus_on(cast("Part", empty[0]) if empty else "address")

    # ---- what stands in it

    @property
    def typed(self) -> Typed:
        return self._typed

    def _line(self, id: str) -> str:
        return self.query_one(f"#{id}", LineInput).value

    @on(Input.Changed, "#name, #address, #password, #command, #user, #ca")
    def write(self, event: Input.Changed) -> None:
        typed = replace(
            self._typed,
            name=self._line("name"),
            address=self._line("address"),
            password=Secret(self._line("password")),
            command=self._line("command"),
            user=self._line("user"),
            ca=self._line("ca"),
        )
        own = event.input.id == "user" and typed.user != self._typed.user
        self._take(replace(typed, own=typed.own | {"user"}) if own else typed)

    @on(ServerLine.Changed)
    def write_server(self, event: ServerLine.Changed) -> None:
        host, port, security = event.line.value
        server = TypedServer(host, port, cast("Security", security))
        own: frozenset[Part] = self._typed.own
        if event.line.id == "imap":
            self._take(replace(self._typed, imap=server, own=own | {"imap"}))
        else:
            self._take(replace(self._typed, smtp=server, own=own | {"smtp"}))

    @on(Turn.Changed, "#keep")
    def keep_so(self, event: Turn.Changed) -> None:
        self._take(replace(self._typed, keep=cast("Keep", event.turn.chosen)))
        self._show_password()

    def _take(self, typed: Typed) -> None:
        """What the person wrote, and the proposals that go with it."""
        typed = typed.proposed()
        if typed == self._typed:
            return
        before, self._typed = self._typed, typed
        self._show_servers()
        if typed.provider != before.provider or typed.address != before.address:
            self._hint()
        self.post_message(self.Changed())

    def found(self, part: Literal["imap", "smtp"], server: TypedServer) -> None:
        """The server that answered takes the place of the proposed one."""
        self._typed = replace(self._typed, imap=server) if part == "imap" else replace(self._typed, smtp=server)
        self._show_servers()

    def no_keyring(self, why: str) -> None:
        """There is none, so it is not offered."""
        keep = self.query_one("#keep", Turn)
        keep.choices = {
            "ask": f"{KEEPS['ask']} ({'no keyring here' if why == 'this system has no keyring' else why})",
            "command": KEEPS["command"],
        }
        if keep.chosen == "keyring":
            keep.chosen = "ask"
            self._typed = replace(self._typed, keep="ask")

    # ---- what is shown

    def _show_servers(self) -> None:
        typed = self._typed
        parts: tuple[tuple[Literal["imap", "smtp"], TypedServer], ...] = (("imap", typed.imap), ("smtp", typed.smtp))
        for part, server in parts:
            line = self.query_one(f"#{part}", ServerLine)
            line.note = "a guess" if typed.others(part) else ""
            line.show(server.host, server.port, server.security)
        user = self.query_one("#user", LineInput)
        if user.value != typed.user:
            user.value = typed.user

    def _show_password(self) -> None:
        by_command = self._typed.keep == "command"
        self.field("password").display = not by_command
        self.field("command").display = by_command

    def _hint(self) -> None:
        """What the provider wants, before it refuses; and whether the domain may be mistyped."""
        hint, provider = self.query_one("#hint", Static), self._typed.provider
        meant = providers.meant(self._typed.address)
        text = Content()
        if provider is not None and provider.hint:
            text = Content.assemble((f"{provider.name}. ", "bold"), provider.hint)
            if provider.link:
                text = Content.assemble(text, "\n", (provider.link, "$text-accent"))
        elif meant:
            text = Content.assemble("Did you mean ", (meant, "bold"), "? The password would go to the domain above.")
        hint.update(text)
        hint.display = bool(text)
        hint.set_class(bool(meant) or (provider is not None and provider.is_closed), "-closed")

    @on(Fold.Turned)
    def turn_fold(self) -> None:
        self.fold(not self._is_open)

    def fold(self, is_open: bool) -> None:
        """Shows or hides the fields that most people never need."""
        self._is_open = is_open
        self.query_one(Fold).show(is_open)
        for line in self.query(ServerLine):
            line.set_class(is_open, "-open")
        for part in _FOLDED:
            self.field(cast("Part", part)).display = is_open
        if is_open and self.query_one(Fold).has_focus:
            self.call_after_refresh(self.scroll_end, animate=False)

    @property
    def is_open(self) -> bool:
        return self._is_open

    # ---- faults

    def field(self, part: Part) -> Field:
        control = self.query_one(f"#{part}")
        return next(node for node in control.ancestors if isinstance(node, Field))

    def say(self, faults: Mapping[Part, str]) -> None:
        """Shows each fault in its place, and nothing where there is none; the cursor goes to the first."""
        for field in self.query(Field):
            field.say("")
        if self.typed.keep == "command" and "password" in faults:
            faults = {**faults, "command": faults["password"]}
        if any(part in faults for part in _FOLDED):
            self.fold(True)
        for part, words in faults.items():
            self.field(part).say(words)
        shown = [part for part in faults if self.field(part).display]
        if shown:
            self.focus_on(shown[0])

    def focus_on(self, part: Part) -> None:
        control: Widget = self.query_one(f"#{part}")
        target = control.host if isinstance(control, ServerLine) else control
        target.focus()
        if isinstance(target, LineInput):
            target.cursor_position = len(target.value)
            if target.password:
                target.select_all()  # nobody can see which letter is wrong: typing replaces it
        self.call_after_refresh(self.scroll_to_widget, self.field(part), animate=False)

    # ---- Enter

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered())

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter" and isinstance(self.screen.focused, Turn):
            event.stop()
            self.post_message(self.Entered())
