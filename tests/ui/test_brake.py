"""A server that lost many messages at once: the person sees which, is asked once, and the answer is done."""

from __future__ import annotations

from pathlib import Path

from tests.ui.world import World, mailbox, world
from tui_mail.ui.screens.brake import BrakeScreen
from tui_mail.ui.widgets.message_list import MessageList

MANY = tuple(f"letter {number}" for number in range(60))


async def lost(here: World, count: int) -> None:
    """The server loses its oldest messages, and the program looks."""
    here.box.remove("INBOX", *(kept.uid for kept in here.box.messages("INBOX")[:count]))
    await here.press("f5")
    await here.until(lambda: isinstance(here.app.screen, BrakeScreen))


async def test_what_would_go_is_shown_and_goes_when_the_person_says_so(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        await lost(here, 30)
        assert "30 messages of 60 in Inbox are gone" in here.words("#title")
        assert len(here.app.screen.query_one(MessageList).listing) == 30
        await here.press("d")
        await here.until(lambda: here.is_home and len(here.inbox.messages.listing) == 30)
        assert not here.inbox.gaps


async def test_later_keeps_all_and_the_status_line_says_so_until_it_is_decided(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        await lost(here, 30)
        await here.press("escape", "f5")
        await here.settled()
        assert here.is_home and len(here.inbox.messages.listing) == 60
        assert "Inbox: 30 messages gone from the server, held back" in here.words("StatusBar")
        await here.app.run_action("held_back", here.inbox)
        await here.until(lambda: isinstance(here.app.screen, BrakeScreen))
        await here.press("s")
        await here.until(lambda: here.is_home and not any(gap.is_open for gap in here.inbox.gaps))
        assert "held back" not in here.words("StatusBar") and len(here.inbox.messages.listing) == 60


async def test_the_question_waits_until_nobody_types(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        await here.press("slash")
        here.box.remove("INBOX", *(kept.uid for kept in here.box.messages("INBOX")[:30]))
        here.mail.refresh()
        await here.until(lambda: bool(here.inbox.gaps))
        await here.type("letter")
        assert here.is_home


async def test_what_is_undecided_is_in_the_status_line_again_after_a_new_start(tmp_path: Path) -> None:
    box = mailbox(MANY)
    async with world(tmp_path, box) as here:
        await lost(here, 30)
        await here.press("escape")
    async with world(tmp_path, box, filled=False) as here:
        await here.until(lambda: len(here.inbox.messages.listing) == 60)
        await here.settled()
        assert "Inbox: 30 messages gone from the server, held back" in here.words("StatusBar")
