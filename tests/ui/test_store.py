"""The store behind the screens: kept by another program, damaged, or on a full disk: all of it is told."""

from __future__ import annotations

from pathlib import Path

from tests.engine.test_survival import limit_pages
from tests.ui.world import WORK, mailbox, world
from tui_mail.backend.memory import MemoryStore
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.credentials import Credentials
from tui_mail.config.settings import Settings
from tui_mail.engine.health import index_damaged
from tui_mail.engine.mail import Mail
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import IndexDamaged, StorageFailed
from tui_mail.model.event import Event, Failed
from tui_mail.ui.app import damage_behind
from tui_mail.ui.screens.dialogs import Question


def other(folder: Path, box: MemoryMailbox) -> Mail:
    """Another program that keeps the same mail."""
    mail = Mail(
        Settings({WORK.key: WORK}),
        folder / "data",
        connect=lambda account: MemoryStore(box),
        carry=lambda account: MemorySender(box),
        credentials=Credentials(ask=True),
    )
    mail.start(_deaf)
    assert mail.settled()
    return mail


def _deaf(event: Event) -> None:
    """Nobody looks at that one's screens."""


async def test_a_second_program_says_that_it_only_reads_and_goes_on_when_the_first_has_ended(tmp_path: Path) -> None:
    box = mailbox()
    first = other(tmp_path, box)
    async with world(tmp_path, box) as here:
        assert "another tui-mail keeps this mail" in here.words("StatusBar")
        await here.press("e", "s", "z")
        assert len(here.inbox.messages.listing) == 5
        assert any("takes over when that one ends" in toast for toast in here.toasts)
        first.close()
        here.mail.attend()
        await here.until(lambda: not here.mail.read_only and "online" in here.words("StatusBar"))
        await here.press("e")
        await here.until(lambda: len(here.inbox.messages.listing) == 4)


async def test_a_damaged_index_makes_the_program_begin_again(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.app.trouble(index_damaged())
        assert here.app.then == "again" and here.app.damage is not None


def test_damage_is_known_behind_whatever_the_toolkit_wraps_it_in() -> None:
    try:
        try:
            raise index_damaged()
        except IndexDamaged as inner:
            raise RuntimeError("a worker failed") from inner
    except RuntimeError as outer:
        assert isinstance(damage_behind(outer), IndexDamaged)
    assert damage_behind(ValueError("another")) is None


async def test_what_the_disk_would_not_keep_is_not_called_done_any_more(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("e")
        assert "Archived" in here.note
        here.app.listen(Failed(StorageFailed("“Archived 1 message” was not kept. The disk is full.")))
        await here.until(lambda: not here.note, seconds=3)
        assert any("was not kept" in toast for toast in here.toasts)


async def test_the_status_line_says_that_the_disk_is_full_as_long_as_it_is(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        limit_pages(here.mail, full=True)
        here.mail.keep(Draft(DraftId("d1"), "work", subject="typed", body="x" * 400_000))
        await here.until(lambda: "The disk is full" in here.words("StatusBar"))
        limit_pages(here.mail, full=False)
        here.mail._writer.hurry()
        await here.until(lambda: "full" not in here.words("StatusBar"))
        assert here.toasts[-1] == "There is room on the disk again: everything is saved."


async def test_a_letter_that_is_closed_on_a_full_disk_is_not_said_to_be_kept(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        limit_pages(here.mail, full=True)
        here.mail.keep(Draft(DraftId("d1"), "work", subject="typed", body="x" * 400_000))
        await here.until(lambda: here.mail.is_unsaved)
        await here.press("c")
        await here.until(lambda: here.inbox.composer is not None)
        await here.press(*"bob@example.org", "escape")
        await here.until(lambda: "only in memory" in here.note)
        assert "Unfinished" in here.text
        await here.press("q")
        await here.until(lambda: isinstance(here.app.screen, Question))
        assert "only in memory" in here.text
        await here.press("s")
        assert here.app.return_code is None
        limit_pages(here.mail, full=False)
