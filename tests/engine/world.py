"""A person and their machine: a mailbox in memory as the server, files in a folder, a program to start."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tui_mail.backend.contract import Capabilities
from tui_mail.backend.memory import FULL, MemoryMailbox, MemoryStore
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.backend.web import Web
from tui_mail.config.credentials import Credentials
from tui_mail.config.settings import Account, Compose, Server, Settings, Sync
from tui_mail.engine.mail import Mail
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.event import Event, Failed
from tui_mail.model.folder import Folder, Role
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.query import Query

HERE = Server("mail.example.org", 993)
WORK = Account("work", "ann@example.org", HERE, HERE, "Ann Example")
SETTINGS = Settings({"work": WORK}, compose=Compose(undo_send=0), sync=Sync(keep="headers"))
MORNING = 1_795_400_000
E = TypeVar("E")


def letter(subject: str, number: int = 0, *, body: str = "Hello.\r\n", extra: str = "") -> bytes:
    """A plain mail; a higher number is a newer one."""
    day, second = divmod(number, 86400)
    return (
        f"From: Bob <bob@example.org>\r\nTo: Ann <ann@example.org>\r\nSubject: {subject}\r\n"
        f"Date: {1 + day:02} Nov 2026 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02} +0000\r\n"
        f"Message-ID: <{subject.replace(' ', '-')}.{number}@example.org>\r\n{extra}\r\n{body}"
    ).encode()


def fill(box: MemoryMailbox, count: int, folder: str = "INBOX", *, start: int = 0) -> list[int]:
    """That many unread mails; their uids, oldest first."""
    numbers = range(start, start + count)
    return [box.add(folder, letter(f"mail {number}", number), date=MORNING + number) for number in numbers]


class Ears:
    """Hears the engine, and waits for what it says."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def listen(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in list(self.events) if isinstance(event, kind)]

    def wait(self, kind: type[E], holds: Callable[[E], bool] = lambda event: True, timeout: float = 30) -> E:
        """The first event of that kind, past or coming."""
        found: list[E] = []

        def heard() -> bool:
            found[:] = [event for event in self.of(kind) if holds(event)]
            return bool(found)

        with self._news:
            assert self._news.wait_for(heard, timeout), f"no {kind.__name__} among {self.events[-10:]}"
        return found[0]


class Machine:
    """One computer: its files stay when the program dies."""

    def __init__(self, data: Path, box: MemoryMailbox | None = None, *, settings: Settings = SETTINGS) -> None:
        self.data = data
        self.box = box or MemoryMailbox()
        self.settings = settings
        self.can: Capabilities = FULL
        self.sender = MemorySender(self.box)
        self.ears = Ears()
        self.web: Web | None = None
        self.now = float(MORNING + 90_000)
        self._running: list[Mail] = []

    def start(self, *, settle: bool = True) -> Mail:
        """The program, once it is at rest."""
        self.ears = Ears()
        mail = Mail(
            self.settings,
            self.data,
            connect=lambda account: MemoryStore(self.box, self.can),
            carry=lambda account: self.sender,
            credentials=Credentials(ask=True),
            clock=lambda: self.now,
            grace=0,
            web=self.web,
        )
        mail.start(self.ears.listen)
        self._running.append(mail)
        if settle:
            assert mail.settled()
        return mail

    def dies(self, corpse: Path) -> Machine:
        """What kill -9 at this moment leaves: the files as they are, on a machine of the same mailbox."""
        shutil.copytree(self.data, corpse, dirs_exist_ok=True)
        survivor = Machine(corpse, self.box, settings=self.settings)
        survivor.can, survivor.sender, survivor.now = self.can, self.sender, self.now
        return survivor

    def close(self) -> None:
        self.box.release()
        for mail in self._running:
            mail.close()
        self._running.clear()

    def failures(self) -> list[str]:
        return [str(event.error) for event in self.ears.of(Failed)]


@contextmanager
def machine(data: Path, box: MemoryMailbox | None = None, *, settings: Settings = SETTINGS) -> Iterator[Machine]:
    one = Machine(data, box, settings=settings)
    try:
        yield one
    finally:
        one.close()


def folder(mail: Mail, role: Role) -> Folder:
    found = mail.role("work", role)
    assert found is not None
    return found


def ids(mail: Mail, role: Role = Role.INBOX) -> list[MessageId]:
    """What stands in the folder, newest first."""
    return list(mail.listing(Query(folder(mail, role).id)))


def rows(mail: Mail, role: Role = Role.INBOX) -> list[Summary]:
    return [row for row in mail.rows(ids(mail, role)) if row is not None]


def subjects(mail: Mail, role: Role = Role.INBOX) -> list[str]:
    return [row.subject for row in rows(mail, role)]


def one(mail: Mail, id: MessageId) -> Summary:
    (row,) = mail.rows([id])
    assert row is not None
    return row


def on_server(box: MemoryMailbox, name: str) -> list[str]:
    """Subjects of what a folder of the server holds, oldest first."""
    return [
        line.partition(b":")[2].strip().decode()
        for kept in box.messages(name)
        for line in kept.raw.split(b"\r\n")
        if line.lower().startswith(b"subject:")
    ]


def draft(subject: str = "Hello", to: str = "bob@example.org", *, id: str = "d1", body: str = "Text.\n") -> Draft:
    return Draft(DraftId(id), "work", to=to, subject=subject, body=body)
