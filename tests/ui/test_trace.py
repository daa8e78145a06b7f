"""The protocol trace: what is said shows while it is said, and can be copied without naming anybody."""

from __future__ import annotations

from pathlib import Path

from tui_mail.ui.screens.trace import TraceScreen
from tui_mail.ui.widgets.document_view import DocumentView

from .world import World, world


def lines(here: World) -> str:
    return "\n".join(here.app.screen.query_one(DocumentView).lines)


def screen_of(here: World) -> TraceScreen:
    screen = here.app.screen
    assert isinstance(screen, TraceScreen)
    return screen


def held(here: World) -> None:
    """A little of a morning."""
    imap = here.mail.transcript.ring("work", "IMAP")
    imap("→", "A1 LOGIN ann@example.org ****")
    imap.hear(b"A1 OK [CAPABILITY IMAP4rev1 IDLE] Hello ann\r\n")
    imap.hear(b"* 1 FETCH (UID 1 BODY[] {310}\r\n")
    smtp = here.mail.transcript.shared("work", "SMTP")
    smtp("→", "DATA")
    smtp("←", "354 go on")
    smtp("→", "Subject: [/oops] \x1b[2J")
    smtp("←", "250 taken")


async def test_what_is_said_shows_at_once_and_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path, size=(80, 24)) as here:
        held(here)
        await here.press("f12")
        await here.until(lambda: "250 taken" in lines(here))
        assert "IMAP1 ← * 1 FETCH (UID 1 BODY[] {310} …" in lines(here)
        assert "[/oops]" in lines(here) and "\x1b" not in lines(here)
        here.mail.transcript.ring("work", "IMAP")("→", "A2 NOOP")
        await here.until(lambda: "IMAP2 → A2 NOOP" in lines(here))
        await here.press("f12")
        await here.until(lambda: here.is_home)


async def test_one_protocol_alone_and_a_screen_that_holds_still(tmp_path: Path) -> None:
    async with world(tmp_path, size=(80, 24)) as here:
        held(here)
        await here.press("f12")
        await here.until(lambda: "DATA" in lines(here))
        await here.press("m")
        await here.until(lambda: "DATA" not in lines(here) and "LOGIN" in lines(here))
        await here.press("m", "p")
        await here.until(lambda: "held still" in here.words("#title"))
        assert "SMTP · held still" in here.words("#title")
        here.mail.transcript.shared("work", "SMTP")("→", "QUIT")
        screen_of(here).beat()  # the next beat of its clock
        assert "QUIT" not in lines(here)
        await here.press("p")
        await here.until(lambda: "QUIT" in lines(here))


async def test_a_copy_for_a_bug_report_names_nobody_and_holds_no_letter(tmp_path: Path) -> None:
    async with world(tmp_path, size=(80, 24)) as here:
        held(here)
        await here.press("f12")
        await here.until(lambda: "250 taken" in lines(here))
        await here.press("y")
        await here.until(lambda: "copied" in here.note)
        text = here.app.clipboard
        assert "LOGIN ‹address› ****" in text and "Hello ‹user›" in text
        assert "ann" not in text and "oops" not in text
        assert "(1 line of a letter)" in text
