"""The whole program over a mailbox in memory, for tests of the screens that read and write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from tests.ui.world import came
from tui_mail.backend.memory import MemoryStore
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Compose, Server, Settings, Ui
from tui_mail.config.state import State
from tui_mail.engine.mail import Mail
from tui_mail.model.draft import Draft
from tui_mail.model.folder import Role
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.query import Query
from tui_mail.ui import app
from tui_mail.ui.app import TuiMail
from tui_mail.ui.panes.compose import ComposePane
from tui_mail.ui.screens.message import MessageScreen

NOON = 1_795_435_200


class Lending(TuiMail):
    """The program as it is, but that a test has no terminal to lend to an editor."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))

    def suspend(self) -> nullcontext[None]:  # type: ignore[override]  # the same promise, nothing to leave
        return nullcontext()


@dataclass
class Program:
    """One running program, its mailbox, and the keys."""

    app: TuiMail
    mail: Mail
    mailbox: MemoryMailbox
    pilot: Pilot[None]
    folder: Path
    boxes: dict[str, MemoryMailbox]
    """Every account's."""

    async def until(self, claim: Callable[[], object], seconds: float = 60) -> None:
        """Waits until the claim holds; fails after a deadline, with what the screen showed."""
        if not await came(self.pilot, claim, seconds):
            raise AssertionError(f"it never came true; the screen was:\n{self.text}")

    @property
    def text(self) -> str:
        """What the terminal would show."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def shows(self, words: str) -> None:
        await self.until(lambda: words in self.text)

    async def shows_no_more(self, words: str) -> None:
        await self.until(lambda: words not in self.text)

    def listing(self, role: Role = Role.INBOX) -> Listing:
        folder = self.mail.role("work", role)
        return self.mail.listing(Query(folder.id)) if folder else Listing()

    def ids(self) -> list[MessageId]:
        """The inbox, newest first."""
        return list(self.listing())

    def row(self, id: MessageId) -> Summary:
        """A message that is there."""
        row = self.mail.rows([id])[0]
        assert row is not None
        return row

    async def open(self, place: int = 0) -> MessageScreen:
        """The message screen on the message at that place of the inbox, once its text is there."""
        listing = self.listing()
        screen = MessageScreen(listing, listing[place])
        self.app.push_screen(screen)
        await self.until(lambda: screen.is_mounted and screen.reader.message is not None)
        await self.pilot.pause()
        return screen

    async def write(self) -> ComposePane:
        """The composer on a new letter, beside or over the inbox."""
        await self.press("c")
        await self.until(lambda: self.pane is not None and self.pane.has_focus_within)
        pane = self.pane
        assert pane is not None
        return pane

    @property
    def pane(self) -> ComposePane | None:
        """The composer of the screen that is seen."""
        return next(iter(self.app.screen.query(ComposePane)), None)


def letter(
    number: int = 1, subject: str = "", *body: str, extra: Iterable[str] = (), to: str = "Ann <ann@example.org>"
) -> bytes:
    head = [
        "From: Bob <bob@example.org>",
        f"To: {to}",
        f"Subject: {subject or f'Letter {number}'}",
        f"Message-ID: <letter-{number}@example.org>",
        f"Date: Mon, 23 Nov 2026 11:{number:02}:00 +0000",
        *extra,
    ]
    return ("\r\n".join([*head, "", *(body or (f"This is letter {number}.",))]) + "\r\n").encode()


def account(key: str = "work", signature: str = "") -> Account:
    server = Server("localhost", 993)
    address = "ann@example.org" if key == "work" else f"ann@{key}.example"
    return Account(key, address, server, server, name="Ann Example", signature=signature)


@asynccontextmanager
async def program(
    folder: Path,
    *letters: bytes,
    size: tuple[int, int] = (80, 24),
    accounts: Iterable[Account] = (),
    editor: str = "",
    headers_in_editor: bool = False,
    opens: Draft | None = None,
    spelling: tuple[str, ...] = (),
    opener: str = "",
    largest: int = 0,
) -> AsyncIterator[Program]:
    """Starts it with these letters in the inbox, the last one newest; yields once all of them are in the list.

    `largest`: octets that a letter may have at the server.
    """
    known = {one.key: one for one in (*accounts,) or (account(),)}
    boxes = {key: MemoryMailbox() for key in known}
    for number, raw in enumerate(letters):
        boxes["work"].add("INBOX", raw, date=NOON - 3600 + number * 60)
    compose = Compose(editor=editor, headers_in_editor=headers_in_editor, spelling=spelling)
    settings = Settings(accounts=known, ui=Ui(opener=opener), compose=compose)
    credentials = Credentials(ask=True)
    for one in known.values():
        credentials.offer(one, Secret("secret"))
    mail = Mail(
        settings,
        folder / "data",
        connect=lambda one: MemoryStore(boxes[one.key]),
        carry=lambda one: MemorySender(boxes[one.key], largest=largest),
        credentials=credentials,
    )
    running = Lending(mail, settings, State(folder / "state.toml"))
    running.letter = opens
    mail.start(running.listen)
    try:
        async with running.run_test(size=size, notifications=True) as pilot:
            here = Program(running, mail, boxes["work"], pilot, folder, boxes)
            await here.until(lambda: len(here.ids()) == len(letters))
            await pilot.pause()
            yield here
            for box in boxes.values():
                box.release()
            await asyncio.to_thread(mail.settled, 2)  # nothing is under way when the screens go
            await pilot.pause()
    finally:
        for box in boxes.values():
            box.release()
        mail.close()
