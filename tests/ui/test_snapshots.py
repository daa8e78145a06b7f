"""How the screens look: each a text file beside this one, read like a screen and reviewed like code.

`TUI_MAIL_SNAPSHOTS=write python -m pytest tests/ui/test_snapshots.py` writes them anew; look at the difference then.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import textual

from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import AuthFailed
from tui_mail.ui.app import TuiMail
from tui_mail.ui.screens.dialogs import LoginDialog

from .world import World, mailbox, world

FOLDER = Path(__file__).with_name("snapshots")
Steps = Callable[[World], Awaitable[None]]


def picture(app: TuiMail) -> str:
    """The screen's text, and below it what its colours and styles come down to in this version of the toolkit."""
    strips = app.screen._compositor.render_strips()
    looks = hashlib.sha256()
    for strip in strips:
        for segment in strip:
            looks.update(f"{len(segment.text)} {segment.style}\n".encode())
    text = "\n".join(strip.text.rstrip() for strip in strips)
    return f"{text}\n\nlooks {looks.hexdigest()[:16]} (textual {textual.__version__})\n"


def check(name: str, app: TuiMail) -> None:
    """Compares with the file, or writes it. The looks count only in the version they were written with."""
    path = FOLDER / f"{name}.txt"
    now = picture(app)
    if os.environ.get("TUI_MAIL_SNAPSHOTS") == "write":
        path.write_text(now, "utf-8")
        return
    then = path.read_text("utf-8")
    if textual.__version__ not in then.rsplit("\n", 2)[1]:
        then, now = then.rpartition("\n\n")[0], now.rpartition("\n\n")[0]
    assert now == then


async def nothing(here: World) -> None:
    pass


async def search(here: World) -> None:
    await here.press("slash")
    await here.type("from:bob")
    await here.until(lambda: len(here.subjects) == 2 and "2 messages" in here.words("#found"))
    await here.until(lambda: here.inbox.preview.message is not None)
    await here.settled()


async def help_(here: World) -> None:
    await here.press("question_mark")


async def archive(here: World) -> None:
    await here.press("j", "e")
    await here.settled()
    await here.until(lambda: "tanaka@example.org" in picture(here.app))


async def hint(here: World) -> None:
    await here.press("g")
    await here.until(lambda: "Inbox" in here.note)


async def write(here: World) -> None:
    await here.press("c")
    await here.type("bob@example.org")


async def outbox(here: World) -> None:
    here.box.hold()
    here.mail.send(Draft(DraftId("d"), "work", to="bob@example.org", subject="Later", body="x"), after=3600).result(20)
    await here.press("g", "o")


async def unfinished(here: World) -> None:
    here.mail.keep(Draft(DraftId("d"), "work", to="bob@example.org", subject="Half a thought", body="and then"))
    await here.settled()
    await here.press("g", "d")


async def leaving(here: World) -> None:
    here.mail.send(Draft(DraftId("d"), "work", to="bob@example.org", subject="Later", body="x"), after=300).result(20)
    await here.press("q")


SMALL, WIDE = (80, 24), (120, 40)
SCREENS: list[tuple[str, tuple[int, int], str, Steps]] = [
    ("inbox", SMALL, "house-dark", nothing),
    ("inbox", SMALL, "house-light", nothing),
    ("inbox", WIDE, "house-dark", nothing),
    ("inbox", WIDE, "house-light", nothing),
    ("inbox", (60, 16), "house-dark", nothing),
    ("inbox", SMALL, "ansi-dark", nothing),
    ("archived", SMALL, "house-dark", archive),
    ("hint", SMALL, "house-dark", hint),
    ("search", SMALL, "house-dark", search),
    ("help", SMALL, "house-dark", help_),
    ("help", WIDE, "house-light", help_),
    ("writing", WIDE, "house-dark", write),
    ("outbox", SMALL, "house-dark", outbox),
    ("unfinished", SMALL, "house-dark", unfinished),
    ("leaving", SMALL, "house-dark", leaving),
]


@pytest.mark.parametrize(("name", "size", "theme", "steps"), SCREENS)
async def test_a_screen_looks_as_it_did(
    tmp_path: Path, name: str, size: tuple[int, int], theme: str, steps: Steps
) -> None:
    async with world(tmp_path, size=size, theme=theme) as here:
        await here.until(lambda: "see you." in picture(here.app) or not here.inbox.preview.display)
        await steps(here)
        await here.pilot.pause()
        check(f"{name}-{size[0]}x{size[1]}-{theme}", here.app)


async def test_an_empty_inbox_is_calm(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(()), size=SMALL) as here:
        await here.until(lambda: "All done." in picture(here.app))
        check("empty-80x24-house-dark", here.app)


async def test_the_first_second_says_what_it_waits_for(tmp_path: Path) -> None:
    box = mailbox()
    box.hold()
    async with world(tmp_path, box, size=SMALL, filled=False) as here:
        await here.until(lambda: "connecting" in here.words("StatusBar"))
        check("first-80x24-house-dark", here.app)


async def test_a_password_is_asked_for_with_what_is_configured(tmp_path: Path) -> None:
    box = mailbox(())
    box.refuse("connect", AuthFailed("mail.example.org does not accept the password for ann@example.org."), times=9)
    async with world(tmp_path, box, size=SMALL, filled=False) as here:
        await here.until(lambda: isinstance(here.app.screen, LoginDialog) and here.app.screen.is_mounted)
        await here.pilot.pause()
        check("password-80x24-house-dark", here.app)
