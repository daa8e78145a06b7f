"""Text that weak eyes can read: what the screens really draw, in every theme that brings its own colours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.color import Color, ColorType
from rich.style import Style

from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import AuthFailed, Offline
from tui_mail.model.message import ANSWERED, FLAGGED, SEEN
from tui_mail.ui.app import TuiMail
from tui_mail.ui.screens.dialogs import LoginDialog
from tui_mail.ui.themes import HOUSE

from .world import NOON, World, letter, mailbox, world

AA = 4.5
"""WCAG 2, 1.4.3: the least contrast of ordinary text."""
DRAWN = frozenset("─│┌┐└┘├┤┬┴┼╭╮╰╯▌▐▔▁▂▃▄▅▆▇█▊▎▏▕━┃╸╺ ●◂▸▾")
"""Lines, bars and dots: 1.4.11 asks less of these, and each stands beside words that say the same."""

RICH = (
    b"From: Bob <bob@example.org>\r\nTo: ann@example.org\r\nCc: carol@example.org\r\nSubject: All of it\r\n"
    b"Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <all@example.org>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
    b"See https://example.org/here and this:\r\n\r\n> first\r\n>> second\r\n>>> third\r\n>>>> fourth\r\n>>>>> fifth\r\n"
    b"\r\n"
    b"    shaped   text    here\r\n\r\n-- \r\nBob\r\nhttps://bob.example.org/\r\n"
    b'--b\r\nContent-Type: application/pdf; name="a.pdf"\r\n'
    b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\n%PDF\r\n--b--\r\n'
)


def luminance(color: Color) -> float:
    """WCAG 2.2, relative luminance."""
    triplet = color.triplet
    assert triplet is not None, f"{color} is no colour of a house theme"
    parts = [value / 255 for value in triplet]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(style: Style) -> float:
    front, back = style.color, style.bgcolor
    if front is None or back is None or ColorType.DEFAULT in (front.type, back.type):
        return 0.0
    if style.reverse:
        front, back = back, front
    low, high = sorted((luminance(front), luminance(back)))
    return (high + 0.05) / (low + 0.05)


def faint(app: TuiMail) -> set[str]:
    """Every text of the screen in front that is too faint, with its colours."""
    found = set()
    dialog = app.screen.query(".dialog, Vertical#--container")
    region = dialog.first().region if len(app.screen_stack) > 1 and dialog else app.screen.region
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        if not region.y <= y < region.bottom:
            continue
        for text, style, _ in strip.crop(region.x, region.right):
            words = text.strip()
            if words and not set(words) <= DRAWN and (style is None or contrast(style) < AA):
                found.add(f"{words[:40]!r}: {style}, {contrast(style) if style else 0:.2f}")
    return found


async def looked_at(here: World, *keys: str) -> None:
    """After these keys, in each theme."""
    await here.press(*keys)
    for theme in HOUSE:
        here.app.theme = theme.name
        await here.pilot.pause()
        await here.pilot.pause()
        assert not faint(here.app), theme.name


def full() -> MemoryMailbox:
    box = mailbox()
    box.add("INBOX", RICH, (), NOON - 3_600)
    box.add("INBOX", letter("Starred", number=1), (SEEN, FLAGGED, ANSWERED), NOON - 50_000)
    return box


async def the_list(here: World) -> None:
    await looked_at(here)
    await looked_at(here, "j")
    await looked_at(here, "j", "j")


async def the_selection(here: World) -> None:
    await looked_at(here, "space", "j", "space", "k")


async def the_folders(here: World) -> None:
    await looked_at(here, "shift+f6")


async def reading(here: World) -> None:
    await looked_at(here, "enter")
    await looked_at(here, "h")
    await looked_at(here, "end")


async def links(here: World) -> None:
    await here.press("enter")
    await here.until(lambda: here.app.screen is not here.inbox)
    await here.settled()
    await looked_at(here, "F")


async def saving(here: World) -> None:
    await here.press("enter")
    await here.until(lambda: here.app.screen is not here.inbox)
    await here.settled()
    await looked_at(here, "S")
    await looked_at(here, "shift+tab")


async def source(here: World) -> None:
    await here.press("enter")
    await here.settled()
    await looked_at(here, "ctrl+o")


async def searching(here: World) -> None:
    await looked_at(here, "slash")
    await here.type("bob")
    await looked_at(here)
    await here.type(" before:nonsense")
    await here.pilot.pause(0.2)
    await looked_at(here)


async def nothing_found(here: World) -> None:
    await here.press("slash")
    await here.type("xylophone")
    await here.until(lambda: not here.subjects)
    await looked_at(here)


async def said(here: World) -> None:
    await looked_at(here, "e")


async def the_hint(here: World) -> None:
    await here.press("g")
    await here.until(lambda: "Inbox" in here.note)
    await looked_at(here)


async def the_help(here: World) -> None:
    await looked_at(here, "question_mark")


async def the_palette(here: World) -> None:
    await here.press("ctrl+p")
    await here.pilot.pause(0.2)
    await looked_at(here)
    await here.type("arch")
    await here.pilot.pause(0.2)
    await looked_at(here)


async def writing(here: World) -> None:
    await looked_at(here, "c")
    await here.type("no address")
    await looked_at(here, "tab", "ctrl+r")


async def answering(here: World) -> None:
    await looked_at(here, "r")


async def reviewing(here: World) -> None:
    await here.press("c")
    await here.type("bob@example.org")
    await looked_at(here, "ctrl+r")


async def attaching(here: World) -> None:
    await looked_at(here, "c", "ctrl+t")


async def discarding(here: World) -> None:
    await here.press("c")
    await here.type("bob@example.org")
    await looked_at(here, "ctrl+g")
    await looked_at(here, "right")


async def the_drafts(here: World) -> None:
    here.mail.keep(Draft(DraftId("d"), "work", to="bob@example.org", subject="Half a thought", body="and then"))
    here.mail.keep(Draft(DraftId("e"), "work"))
    await here.settled()
    await looked_at(here, "g", "d")


async def the_outbox(here: World) -> None:
    here.box.refuse("carry", Offline("mail.example.org does not answer."), times=9)
    here.mail.send(Draft(DraftId("d"), "work", to="bob@example.org", subject="Later", body="x"), after=3600).result(20)
    await looked_at(here, "g", "o")


async def no_letters(here: World) -> None:
    await looked_at(here, "g", "o")


async def no_stars(here: World) -> None:
    here.mail.star(here.inbox.messages.listing.window(0, 9), False)
    await here.settled()
    await looked_at(here, "g", "s")


async def toasts(here: World) -> None:
    for severity in ("information", "warning", "error"):
        here.app.notify("Something is to be said.", severity=severity)
    await looked_at(here)


STEPS: list[Callable[[World], Awaitable[None]]] = [
    the_list,
    the_selection,
    the_folders,
    reading,
    links,
    saving,
    source,
    searching,
    nothing_found,
    said,
    the_hint,
    the_help,
    the_palette,
    writing,
    answering,
    reviewing,
    attaching,
    discarding,
    the_drafts,
    the_outbox,
    no_letters,
    no_stars,
    toasts,
]


@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: steps.__name__)
async def test_all_text_has_the_contrast_that_weak_eyes_need(
    tmp_path: Path, steps: Callable[[World], Awaitable[None]]
) -> None:
    async with world(tmp_path, full(), size=(120, 40)) as here:
        await here.until(lambda: here.inbox.preview.message is not None)
        await steps(here)


async def test_a_question_for_a_password_can_be_read(tmp_path: Path) -> None:
    box = mailbox(())
    box.refuse("connect", AuthFailed("mail.example.org does not accept the password for ann@example.org."), times=9)
    async with world(tmp_path, box, filled=False) as here:
        await here.until(lambda: isinstance(here.app.screen, LoginDialog) and here.app.screen.is_mounted)
        await looked_at(here)
        await looked_at(here, "tab")
        await looked_at(here, "tab")


async def test_what_stands_in_an_empty_inbox_and_in_one_without_a_server_can_be_read(tmp_path: Path) -> None:
    box = mailbox(())
    box.refuse("connect", Offline("mail.example.org does not answer."), times=99)
    async with world(tmp_path, box, filled=False) as here:
        await here.until(lambda: "offline" in here.words("StatusBar"))
        await looked_at(here)
