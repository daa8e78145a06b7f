"""Drives the demo and writes what it looks like: `python bench/screenshots.py [FOLDER]` (screenshots/ by itself)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server, Settings, Ui
from tui_mail.config.state import State
from tui_mail.demo import server as demo
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.seed import seed
from tui_mail.engine.mail import Mail
from tui_mail.ui.app import TuiMail

NOW = 1_795_435_200.0
"""Mon 23 Nov 2026, 12:00 UTC: the same picture every time."""
SMALL, WIDE = (80, 24), (120, 40)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: what to press, and how large and in which colours."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = WIDE
    theme: str = "house-dark"


SHOTS = (
    Shot("inbox", ("j", "j", "j")),
    Shot("inbox-light", ("j", "j", "j"), theme="house-light"),
    Shot("inbox-small", ("j", "j", "j"), SMALL),
    Shot("inbox-small-light", ("j", "j", "j"), SMALL, "house-light"),
    Shot("message", ("j", "j", "j", "enter")),
    Shot("message-small", ("j", "j", "j", "enter"), SMALL),
    Shot("search", ("slash", *"lamp", "enter")),
    Shot("compose", ("j", "j", "j", "r")),
    Shot("compose-small", ("j", "j", "j", "r"), SMALL, "house-light"),
    Shot("help", ("question_mark",), SMALL),
    Shot("palette", ("ctrl+p", *"arch"), SMALL),
)


async def take(shot: Shot, account: Account, folder: Path) -> None:
    """Runs the program on the demo's server, presses the keys, writes the picture."""
    credentials = Credentials(ask=True)
    credentials.offer(account, Secret("demo"))
    settings = Settings({account.key: account}, ui=Ui(theme=shot.theme, mark_read_after=0))
    with tempfile.TemporaryDirectory() as place:
        mail = Mail(
            settings,
            Path(place) / "data",
            connect=lambda one: ImapStore(one, lambda: credentials.password(one)),
            carry=lambda one: SmtpSender(one, lambda: credentials.password(one)),
            credentials=credentials,
            clock=lambda: NOW,
        )
        app = TuiMail(mail, settings, State(Path(place) / "state.toml"), demo=True, clock=lambda: NOW)
        mail.start(app.listen)
        try:
            async with app.run_test(size=shot.size, notifications=True) as pilot:
                await settled(pilot, mail)
                for key in shot.keys:
                    await pilot.press(key)
                await settled(pilot, mail)
                picture = app.export_screenshot(title="tui-mail")
        finally:
            mail.close()
    path = folder / f"{shot.name}.svg"
    # without it some viewers swallow the blanks at the start of a run of text
    path.write_text(picture.replace("<svg ", '<svg xml:space="preserve" ', 1), "utf-8")
    print(path)


async def settled(pilot: Pilot[None], mail: Mail) -> None:
    """Until the first folders are here and nothing moves any more."""
    await until(pilot, lambda: any(folder.total and folder.held for folder in mail.folders()))
    await asyncio.to_thread(mail.settled, 10.0)
    for _ in range(20):
        await pilot.pause(0.02)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await pilot.pause(0.02)
    raise SystemExit("The demo did not come up.")


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    mailbox = Mailbox()
    seed(mailbox, NOW)
    server = demo.Server(mailbox)
    server.start()
    imap, smtp = (Server("127.0.0.1", port, "none") for port in (server.imap_port, server.smtp_port))
    account = Account("demo", "demo@example.org", imap, smtp, "Robin Marlow", signature="Robin")
    try:
        for shot in SHOTS:
            asyncio.run(take(shot, account, folder))
    finally:
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "screenshots")
