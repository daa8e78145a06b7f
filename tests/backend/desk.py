"""The program on its files, a real or demo server, and somebody else's client at the same mailbox."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.backend.worlds import World
from tests.engine.world import Ears
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Compose, Settings
from tui_mail.engine.mail import Mail

PATIENCE = 120.0


def letter(subject: str, to: str, sender: str = "bob") -> bytes:
    return (
        f"From: Bob Builder <{sender}-{to}>\r\nTo: Ann <{to}>\r\nSubject: {subject}\r\n"
        f"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{subject.replace(' ', '-')}@example.org>\r\n"
        "\r\nCan we build it?\r\n"
    ).encode()


class Desk:
    """The program on its files, a real server, and somebody else's client at the same mailbox."""

    def __init__(self, mail: Mail, ears: Ears, account: Account, other: World) -> None:
        self.mail = mail
        self.ears = ears
        self.account = account
        self.other = other

    def until(self, claim: Callable[[], object], what: str) -> None:
        """Waits until it holds here or there; looks again every 20 ms."""
        end = time.monotonic() + PATIENCE
        pause = threading.Event()
        while not claim():
            assert time.monotonic() < end, f"{what} did not come true; last heard: {self.ears.events[-6:]}"
            pause.wait(0.02)

    def there(self, name: str) -> list[bytes]:
        """The subjects in a folder, as the other client sees them."""
        return [
            line.removeprefix(b"Subject: ")
            for held in self.other.held(name)
            for line in held.raw.splitlines()
            if line.startswith(b"Subject: ")
        ]


@contextmanager
def running(data: Path, account: Account, secret: Secret, other: World, *, poll: float = 60) -> Iterator[Desk]:
    """The program; `poll` is how often it looks where the server cannot call."""
    credentials = Credentials(ask=True)
    credentials.offer(account, secret)
    ears = Ears()
    mail = Mail(
        Settings({account.key: account}, compose=Compose(undo_send=0)),
        data,
        connect=lambda account: ImapStore(account, lambda: credentials.password(account), poll=poll),
        carry=lambda account: SmtpSender(account, lambda: credentials.password(account)),
        credentials=credentials,
        grace=0,
    )
    mail.start(ears.listen)
    try:
        yield Desk(mail, ears, account, other)
    finally:
        mail.close()
