"""The whole program but for the network: the screens on the real engine on a mailbox in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from tui_mail.backend.memory import MemoryStore
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server, Settings, Ui
from tui_mail.config.state import State
from tui_mail.engine.mail import Mail
from tui_mail.model.message import SEEN
from tui_mail.ui.app import TuiMail
from tui_mail.ui.screens.inbox import InboxScreen
from tui_mail.ui.widgets.note import Note

NOON = 1_795_435_200
"""Mon 23 Nov 2026, 12:00 UTC: where the clock of every screen stands."""
HERE = Server("mail.example.org", 993)
WORK = Account("work", "ann@example.org", HERE, HERE, "Ann Example")
LETTERS = (
    "Lunch on Friday?",
    "Quarterly numbers",
    "会議の議事録について",
    "Your receipt 🧾",
    "[/oops] and [b]not bold[/b]",
)
SENDERS = (
    "Bob <bob@example.org>",
    "Carol <carol@example.org>",
    "=?utf-8?b?55Sw5Lit?= <tanaka@example.org>",
    "shop@example.org",
)


def letter(
    subject: str, sender: str = "Bob <bob@example.org>", body: str = "Hello Ann,\n\nsee you.\n", number: int = 0
) -> bytes:
    """A plain letter. The hour of its day is `number`, so that a higher one is newer."""
    from email.header import Header

    return (
        f"From: {sender}\r\nTo: Ann Example <ann@example.org>\r\nSubject: {Header(subject, 'utf-8').encode()}\r\n"
        f"Date: Mon, 23 Nov 2026 {number // 60:02}:{number % 60:02}:00 +0000\r\n"
        f"Message-ID: <{number}-{abs(hash(subject))}@example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode() + body.replace("\n", "\r\n").encode()


def deliver(
    mailbox: MemoryMailbox, subject: str, *, folder: str = "INBOX", number: int = 600, seen: bool = False
) -> int:
    """One more letter, newer than those that are there."""
    return mailbox.add(folder, letter(subject, number=number), (SEEN,) if seen else (), NOON - 40_000 + number * 60)


def mailbox(subjects: Iterable[str] = LETTERS) -> MemoryMailbox:
    """The usual folders; the first subject is the newest, the first two are unread."""
    box = MemoryMailbox()
    texts = tuple(subjects)
    for place, subject in reversed(list(enumerate(texts))):
        raw = letter(subject, SENDERS[place % len(SENDERS)], number=len(texts) - place)
        box.add("INBOX", raw, (SEEN,) if place > 1 else (), NOON - 40_000 - place)
    return box


async def came(pilot: Pilot[None], claim: Callable[[], object], seconds: float) -> bool:
    """Whether it came true in time. Between two looks nothing runs: a pause of the pilot asks every widget."""
    end = time.monotonic() + seconds
    waited = False
    while not claim():
        if time.monotonic() > end:
            return False
        waited = True
        await asyncio.sleep(0.005)
    if waited:
        await pilot.pause()
    return True


class World:
    """A running program and the hands of the person in front of it."""

    def __init__(self, app: TuiMail, pilot: Pilot[None], box: MemoryMailbox) -> None:
        self.app, self.pilot, self.box = app, pilot, box
        self.mail = app.mail

    @property
    def inbox(self) -> InboxScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, InboxScreen)
        return screen

    @property
    def is_home(self) -> bool:
        """Whether nothing lies over the inbox."""
        return self.app.screen is self.inbox

    @property
    def subjects(self) -> list[str]:
        """What the list shows, from its top."""
        rows = self.mail.rows(self.inbox.messages.listing.window(0, 50))
        return [row.subject for row in rows if row is not None]

    @property
    def at(self) -> str:
        """The subject under the cursor."""
        row = self.inbox.messages.current
        return row.subject if row is not None else ""

    @property
    def note(self) -> str:
        """What the line at the foot says."""
        return next((str(note.render()) for note in self.app.screen.query(Note) if note.display), "")

    @property
    def toasts(self) -> list[str]:
        return [toast.message for toast in self.app._notifications]

    def words(self, selector: str) -> str:
        """The text of a line of the screen."""
        return str(self.app.screen.query_one(selector, Static).render())

    @property
    def text(self) -> str:
        """What the terminal would show."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if char == " " else char for char in text))

    async def settled(self) -> None:
        """Everything done so far is on disk and, where the gate is open, told to the server."""
        assert await asyncio.to_thread(self.mail.settled)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        """Waits for something to be seen."""
        if not await came(self.pilot, holds, seconds):
            raise AssertionError(f"never came to be; note {self.note!r}, the screen was:\n{self.text}")


@asynccontextmanager
async def world(
    folder: Path,
    box: MemoryMailbox | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    settings: Settings | None = None,
    filled: bool = True,
    typed: str = "secret",
    **ui: object,
) -> AsyncIterator[World]:
    """The program on `box`, with its data in `folder`; waits for the first letters unless told otherwise.

    `typed` is the password of this run; empty: it has to come from elsewhere."""
    box = mailbox() if box is None else box
    settings = settings or Settings({WORK.key: WORK}, ui=replace(Ui(mark_read_after=0), **ui))  # type: ignore[arg-type]
    credentials = Credentials(ask=True)
    if typed:
        credentials.offer(WORK, Secret(typed))
    mail = Mail(
        settings,
        folder / "data",
        connect=lambda account: MemoryStore(box),
        carry=lambda account: MemorySender(box),
        credentials=credentials,
        clock=lambda: float(NOON),
    )
    app = TuiMail(mail, settings, State(folder / "state.toml"), clock=lambda: float(NOON))
    mail.start(app.listen)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            here = World(app, pilot, box)
            if filled:
                count = len(box.messages("INBOX"))
                await here.until(lambda: len(here.inbox.messages.listing) == count)
                await here.settled()
            yield here
    finally:
        box.release()
        mail.close()
