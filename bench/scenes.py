"""The screens and states of the program, each with the way to it, on the demo's mailbox at one fixed moment."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Settings, Ui
from tui_mail.config.settings import Server as Address
from tui_mail.config.state import State
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.seed import seed
from tui_mail.demo.server import Server
from tui_mail.engine.enrolment import Enrolment
from tui_mail.engine.mail import Mail
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.query import Query
from tui_mail.model.rule import Rule
from tui_mail.ui.app import TuiMail
from tui_mail.ui.screens.inbox import InboxScreen

NOW = 1_795_435_200.0
"""Mon 23 Nov 2026, 12:00 UTC: the same picture every time."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running program, the server behind it, and the hands in front of it."""

    app: TuiMail
    pilot: Pilot[None]
    server: Server

    @property
    def mail(self) -> Mail:
        return self.app.mail

    @property
    def inbox(self) -> InboxScreen:
        screen = self.app.screen_stack[0]
        if not isinstance(screen, InboxScreen):
            raise TypeError("the inbox is not there")
        return screen

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)

    async def type(self, text: str) -> None:
        await self.press(*({" ": "space", "@": "at", ".": "full_stop", ":": "colon"}.get(char, char) for char in text))

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(750):
            if holds():
                return
            await self.pilot.pause(0.02)
        raise SystemExit("What was waited for did not come.")

    async def rest(self) -> None:
        """Until nothing moves any more."""
        await asyncio.to_thread(self.mail.settled, 10.0)
        for _ in range(15):
            await self.pilot.pause(0.02)

    async def read(self, subject: str) -> None:
        """Opens the newest letter whose subject holds these words."""
        found = self.mail.listing(Query.parse(f'subject:"{subject}"'))
        row = self.mail.rows(found.window(0, 1))[0]
        if row is None:
            raise SystemExit(f"There is no letter “{subject}”.")
        self.inbox.open_place(row.folder, row.id)
        await self.rest()
        await self.press("enter")
        await self.rest()

    def says(self, state: str) -> bool:
        return any(self.mail.connection(account.key).state == state for account in self.mail.accounts())


Steps = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: its name, the way to it, and what is different from a quiet day."""

    name: str
    steps: Steps
    before: Callable[[Server], None] = lambda server: None
    """What is wrong with the server before the program starts."""
    filled: bool = True
    """Whether the first folders are waited for."""
    password: str = "demo"
    accounts: bool = True


def keys(*pressed: str) -> Steps:
    async def steps(stage: Stage) -> None:
        await stage.press(*pressed)

    return steps


def reading(subject: str, *pressed: str) -> Steps:
    async def steps(stage: Stage) -> None:
        await stage.read(subject)
        await stage.press(*pressed)

    return steps


def typing(*steps_or_text: str) -> Steps:
    """Keys in <angle brackets>, the rest is typed."""

    async def steps(stage: Stage) -> None:
        for piece in steps_or_text:
            if piece[0] == "<" and piece[-1] == ">":
                await stage.press(piece[1:-1])
                await stage.pilot.pause(0.15)
            else:
                await stage.type(piece)
        await stage.pilot.pause(0.2)

    return steps


async def hint(stage: Stage) -> None:
    await stage.press("g")
    await stage.pilot.pause(0.6)


async def html(stage: Stage) -> None:
    await stage.read("You are among the last five")


async def unfinished(stage: Stage) -> None:
    for number, subject in enumerate(("Breakfast at the lighthouse", "")):
        stage.mail.keep(
            Draft(DraftId(f"d{number}"), "demo", to="mira@example.net", subject=subject, body="Dear Mira,\n\nthe bread")
        )
    await stage.rest()
    await stage.press("g", "d")


async def outbox(stage: Stage) -> None:
    stage.server.refuse("RCPT", "550 5.1.1 No such user here", None)
    body = "See you on Saturday."
    first = Draft(DraftId("a"), "demo", to="nobody@example.net", subject="The van, Saturday", body=body)
    later = Draft(DraftId("b"), "demo", to="mira@example.net", subject="Line 4", body=body)
    await asyncio.to_thread(stage.mail.send(first, after=0).result, 5)
    await asyncio.to_thread(stage.mail.send(later, after=7200).result, 5)
    await stage.until(lambda: any(letter.state == "refused" for letter in stage.mail.outbox()))
    await stage.press("g", "o")


async def quitting(stage: Stage) -> None:
    later = Draft(DraftId("b"), "demo", to="mira@example.net", subject="Line 4", body="See you.")
    await asyncio.to_thread(stage.mail.send(later, after=300).result, 5)
    await stage.press("q")


async def empty_folder(stage: Stage) -> None:
    folder = next(one for one in stage.mail.folders() if not one.total)
    stage.inbox.open_place(folder.id)


async def starless(stage: Stage) -> None:
    await stage.press("g", "s")
    await stage.rest()
    stage.mail.star(stage.inbox.messages.listing.window(0, 50), False)


async def all_done(stage: Stage) -> None:
    stage.mail.archive(stage.inbox.messages.listing.window(0, 10_000))
    await stage.rest()


async def offline(stage: Stage) -> None:
    stage.server.stop()
    await stage.until(lambda: stage.says("offline"))


async def not_here(stage: Stage) -> None:
    stage.server.stop()
    await stage.until(lambda: stage.says("offline"))
    await stage.read("Lighthouse 1974")


async def waiting(stage: Stage) -> None:
    stage.server.hold()
    await stage.press("G")
    await stage.pilot.pause(0.5)


async def trouble(stage: Stage) -> None:
    stage.server.refuse("(UID )?(MOVE|COPY)", "NO [OVERQUOTA] Mailbox is full", None)
    await stage.press("e")
    await stage.until(lambda: len(stage.app._notifications) > 0)


async def wrong_password(stage: Stage) -> None:
    await stage.until(lambda: stage.says("auth"))


async def unreachable(stage: Stage) -> None:
    await stage.until(lambda: stage.says("offline"))


async def rest(stage: Stage) -> None:
    await keys("j", "j", "j", "e")(stage)
    await stage.app.screen.run_action("rest('sender')")
    await stage.rest()


async def rules(stage: Stage) -> None:
    for name, query, action in (("Parcels", "from:parcel", "archive"), ("Choir", "list:choir", "move Lists/choir")):
        stage.app.mail.keep_rule(Rule(name, query, (action,))).result(5)
    await stage.app.screen.run_action("rules")
    await stage.rest()


async def accounts(stage: Stage) -> None:
    """The file stands where the program looks for it."""
    words = 'imap = { host = "mail.example.org", port = 993 }\nsmtp = { host = "mail.example.org", port = 465 }\n'
    if stage.app.enrolment is None:
        raise SystemExit("Accounts cannot be added here.")
    lines = [f'[accounts.{name}]\naddress = "{name}@example.org"\n{words}' for name in ("demo", "choir")]
    stage.app.enrolment.path.write_text("\n".join(lines), "utf-8")
    await stage.press("g", "A")


def action(name: str) -> Steps:
    """What only the palette has."""

    async def steps(stage: Stage) -> None:
        await stage.app.screen.run_action(name)
        await stage.rest()

    return steps


async def choosing(stage: Stage) -> None:
    await stage.press("space", "j", "j", "space", "j", "space")
    await stage.pilot.pause(0.2)


async def threads(stage: Stage) -> None:
    await stage.press("T")
    await stage.rest()
    await stage.press("j", "j", "minus")


async def trace(stage: Stage) -> None:
    await stage.press("f12")
    stage.mail.refresh()
    await stage.rest()


async def contacts(stage: Stage) -> None:
    await stage.press("g", "p")
    await stage.pilot.pause(0.5)


async def versions(stage: Stage) -> None:
    await typing("<c>", "mira@example.net", "<tab>", "<tab>", "<tab>", "Lamps", "<tab>", "The first text.")(stage)
    await stage.press("escape")
    await stage.rest()
    await typing("<g>", "<d>", "<enter>", "<tab>", "and another one", "<f4>")(stage)


async def brake(stage: Stage) -> None:
    mailbox = stage.server.mailbox
    mailbox.remove("INBOX", mailbox.uids("INBOX")[:40])
    await stage.press("dollar_sign")
    await stage.until(lambda: bool(stage.mail.brake.gaps()))


async def sent(stage: Stage) -> None:
    one = Draft(DraftId("a"), "demo", to="mira@example.net", subject="Line 4", body="See you.")
    await asyncio.to_thread(stage.mail.send(one, after=0).result, 5)
    await stage.rest()
    await stage.press("g", "o")


async def outbox_offline(stage: Stage) -> None:
    await offline(stage)
    one = Draft(DraftId("a"), "demo", to="mira@example.net", subject="Line 4", body="See you.")
    await asyncio.to_thread(stage.mail.send(one, after=0).result, 5)
    await stage.rest()
    await stage.press("g", "o")


async def sorting(stage: Stage) -> None:
    await stage.press("O")
    await stage.pilot.pause(0.6)


async def peek(stage: Stage) -> None:
    await stage.press("shift+f6", "j", "j")


def held(server: Server) -> None:
    server.hold()


SCENES = (
    Scene("inbox", keys("j", "j", "j")),
    Scene("folders", peek),
    Scene("message", reading("The four is short of one")),
    Scene("message-quotes", reading("How wide is a flag")),
    Scene("message-html", html),
    Scene("message-files", reading("Lighthouse 1974")),
    Scene("message-headers", reading("The four is short of one", "h")),
    Scene("source", reading("The four is short of one", "ctrl+o")),
    Scene("links", reading("You are among the last five", "F")),
    Scene("save", reading("Lighthouse 1974", "S")),
    Scene("search", typing("<slash>", "lamp", "<enter>")),
    Scene("search-nothing", typing("<slash>", "xylophone")),
    Scene("search-wrong", typing("<slash>", "before:soon")),
    Scene("archived", keys("j", "e")),
    Scene("hint", hint),
    Scene("help", keys("question_mark")),
    Scene("help-filtered", typing("<question_mark>", "mark")),
    Scene("palette", keys("ctrl+p")),
    Scene("palette-typed", typing("<ctrl+p>", "go to")),
    Scene("compose", typing("<c>", "mira@example.net", "<tab>", "<tab>", "<tab>", "Lamps")),
    Scene("reply", keys("j", "j", "j", "r")),
    Scene("compose-wrong", typing("<c>", "mira at", "<tab>", "<tab>", "<tab>", "Lamps", "<ctrl+r>")),
    Scene(
        "review", typing("<c>", "mira@example.net", "<tab>", "<tab>", "<tab>", "<tab>", "See the attached", "<ctrl+r>")
    ),
    Scene("discard", typing("<c>", "mira@example.net", "<ctrl+g>")),
    Scene("unfinished", unfinished),
    Scene("outbox", outbox),
    Scene("outbox-empty", keys("g", "o")),
    Scene("quit", quitting),
    Scene("empty-folder", empty_folder),
    Scene("starless", starless),
    Scene("all-done", all_done),
    Scene("connecting", keys(), before=held, filled=False),
    Scene("unreachable", unreachable, before=Server.stop, filled=False),
    Scene("password", wrong_password, password="", filled=False),
    Scene("password-wrong", wrong_password, password="wrong", filled=False),
    Scene("offline", offline),
    Scene("not-here", not_here),
    Scene("waiting", waiting),
    Scene("trouble", trouble),
    Scene("welcome", keys(), accounts=False, filled=False),
    Scene("setup", typing("<1>", "Robin Marlow", "<tab>", "robin@gmail.com", "<tab>"), accounts=False, filled=False),
    Scene("accounts", accounts),
    Scene("snooze", keys("j", "b", "enter")),
    Scene("history", keys("j", "e", "s", "j", "d", "z", "g", "h")),
    Scene("sweep", keys("W", "J", "J", "J")),
    Scene("threads", keys("T", "j", "j", "j", "minus")),
    Scene("rest", rest),
    Scene("rules", rules),
    Scene("threads", threads),
    Scene("choosing", choosing),
    Scene("choosing-all", keys("asterisk", "a")),
    Scene("sorting", sorting),
    Scene("picker", typing("<g>", "<f>", "ha")),
    Scene("move", keys("j", "v")),
    Scene("new-folder", keys("g", "n")),
    Scene("folder-facts", action("folder_facts")),
    Scene("tabs", action("split")),
    Scene("trace", trace),
    Scene("contacts", contacts),
    Scene("versions", versions),
    Scene("later", typing("<c>", "mira@example.net", "<f8>")),
    Scene("brake", brake),
    Scene("outbox-sent", sent),
    Scene("outbox-offline", outbox_offline),
    Scene("invite", reading("last review before the mould")),
    Scene("bounce", reading("Undelivered mail returned")),
    Scene("thread-text", reading("The four is short of one", "E")),
)


@asynccontextmanager
async def staged(scene: Scene, size: tuple[int, int], theme: str) -> AsyncIterator[Stage]:
    """The program in that scene, at rest."""
    mailbox = Mailbox()
    seed(mailbox, NOW)
    server = Server(mailbox).start()
    imap, smtp = (Address("127.0.0.1", port, "none") for port in (server.imap_port, server.smtp_port))
    scene.before(server)
    account = Account("demo", "demo@example.org", imap, smtp, "Robin Marlow", signature="Robin")
    accounts = {account.key: account} if scene.accounts else {}
    credentials = Credentials(ask=True)
    if scene.password:
        credentials.offer(account, Secret(scene.password))
    settings = Settings(accounts, ui=Ui(theme=theme, mark_read_after=0))
    with tempfile.TemporaryDirectory() as place:
        mail = Mail(
            settings,
            Path(place) / "data",
            connect=lambda one: ImapStore(one, lambda: credentials.password(one)),
            carry=lambda one: SmtpSender(one, lambda: credentials.password(one)),
            credentials=credentials,
            clock=lambda: NOW,
        )
        enrolment = Enrolment(
            Path("~/.config/tui-mail/config.toml").expanduser() if not accounts else Path(place) / "config.toml",
            Path(place) / "data",
            credentials,
            connect=lambda one: ImapStore(one, lambda: credentials.password(one)),
            carry=lambda one: SmtpSender(one, lambda: credentials.password(one)),
        )
        state = State(Path(place) / "state.toml")
        app = TuiMail(mail, settings, state, demo=True, enrolment=enrolment, clock=lambda: NOW)
        mail.start(app.listen)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                stage = Stage(app, pilot, server)
                if scene.filled:
                    await stage.until(lambda: any(folder.total and folder.held for folder in mail.folders()))
                    await stage.rest()
                await scene.steps(stage)
                await stage.rest()
                yield stage
        finally:
            server.release()
            mail.close()
            server.stop()
