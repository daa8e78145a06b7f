"""Put off, muted, done again, done to all that is alike, and looked back at, from the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.ui.world import LETTERS, NOON, letter, mailbox, world
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.model.subject import pattern
from tui_mail.ui.screens.dialogs import Question
from tui_mail.ui.screens.history import HistoryScreen
from tui_mail.ui.screens.rest import RestScreen
from tui_mail.ui.screens.rules import RulesScreen
from tui_mail.ui.screens.sweep import SweepScreen


def offer(box: MemoryMailbox, number: int) -> None:
    raw = letter(f"Offer {number}", "Shop <shop@example.org>", number=600 + number)
    box.add("INBOX", raw, (), NOON - 4000 + number * 60)


async def test_b_puts_a_letter_off_until_a_typed_time_and_g_z_shows_it(tmp_path: Path) -> None:
    box = mailbox()
    box.create("Snoozed")
    async with world(tmp_path, box) as here:
        await here.press("b")
        await here.type("tomorrow 9")
        await here.press("enter")
        await here.until(lambda: here.is_home and here.subjects == list(LETTERS[1:]))
        assert "Put off 1 message until" in here.note
        await here.press("g", "z")
        await here.until(lambda: here.subjects == [LETTERS[0]])
        assert "Tue 09:00" in here.inbox.messages.render_line(0).text
        await here.press("z")
        await here.until(lambda: here.subjects == [])


async def test_the_folder_for_it_is_asked_for_once_and_made(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("b")
        await here.until(lambda: not here.is_home)
        await here.press("enter")
        await here.until(lambda: "Until when?" in here.words(".heading"))
        await here.type("monday")
        await here.press("enter")
        await here.until(lambda: here.subjects == list(LETTERS[1:]))
        await here.settled()
        assert [kept.raw for kept in here.box.messages("Snoozed")]


async def test_the_dot_does_the_last_thing_to_the_next_letter(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press(".")
        assert here.subjects == list(LETTERS)
        await here.press("e", ".", ".")
        await here.until(lambda: here.subjects == list(LETTERS[3:]))
        await here.press("s", "j", ".")
        rows = [here.mail.rows([id])[0] for id in here.inbox.messages.listing]
        assert all(row is not None and row.is_starred for row in rows)


async def test_the_same_to_all_others_of_a_sender_is_shown_first_and_is_one_undo(tmp_path: Path) -> None:
    box = mailbox()
    for number in range(3):
        offer(box, number)
    async with world(tmp_path, box) as here:
        await here.press("e")
        await here.inbox.run_action("rest('sender')")
        await here.until(lambda: isinstance(here.app.screen, RestScreen))
        screen = here.app.screen
        assert isinstance(screen, RestScreen) and len(screen.messages.listing) == 3
        await here.press("escape")
        await here.until(lambda: here.is_home)
        assert len(here.subjects) == len(LETTERS) + 2
        await here.inbox.run_action("rest('sender')")
        await here.until(lambda: isinstance(here.app.screen, RestScreen))
        await here.press("A")
        await here.until(lambda: here.is_home and len(here.subjects) == len(LETTERS) - 1)
        await here.until(lambda: bool(here.mail.rules()))
        (rule,) = here.mail.rules()
        assert (rule.query, rule.actions) == ("from:shop@example.org", ("archive",))
        await here.press("z")
        await here.until(lambda: len(here.subjects) == len(LETTERS) + 2)
        offer(box, 9)
        here.mail.refresh()
        await here.settled()
        assert "Offer 9" not in here.subjects


async def test_the_history_lists_what_was_done_and_takes_any_of_it_back(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("e", "e", "g", "h")
        await here.until(lambda: isinstance(here.app.screen, HistoryScreen))
        await here.settled()
        screen = here.app.screen
        assert isinstance(screen, HistoryScreen)
        screen.draw()
        await here.press("j", "enter")
        await here.until(lambda: LETTERS[0] in here.subjects)
        assert LETTERS[1] not in here.subjects
        await here.settled()
        await here.press("escape")
        await here.until(lambda: here.is_home)


async def test_a_rule_is_made_tried_switched_and_removed_on_its_screen(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.inbox.run_action("rules")
        await here.until(lambda: isinstance(here.app.screen, RulesScreen))
        await here.press("n")
        for title, words in (("Which mail?", "subject:receipt"), ("What is done", ""), ("What shall", "")):
            await here.until(lambda title=title: title in here.words(".heading"))  # type: ignore[misc]
            await here.type(words)
            await here.press("enter")
        await here.until(lambda: bool(here.mail.rules()))
        assert here.mail.rules()[0].name == "subject:receipt"
        await here.until(lambda: isinstance(here.app.screen, RulesScreen))
        await here.press("t")
        await here.until(lambda: "would act on 1 message" in here.note)
        await here.press("x")
        await here.until(lambda: not here.mail.rules()[0].is_on)
        await here.press("d")
        await here.until(lambda: not here.mail.rules())


async def test_a_thread_is_muted_and_its_archiving_can_be_undone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("&")
        await here.until(lambda: here.subjects == list(LETTERS[1:]))
        assert "Muted the thread" in here.note
        await here.press("z")
        await here.until(lambda: here.subjects == list(LETTERS))


async def test_a_sweep_goes_from_letter_to_letter_says_how_long_and_is_one_undo(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("W")
        await here.until(lambda: isinstance(here.app.screen, SweepScreen))
        screen = here.app.screen
        assert isinstance(screen, SweepScreen)
        assert "5 left" in here.words("#where")
        await here.press("e")
        await here.until(lambda: "4 left" in here.words("#where"))
        await here.press("d")
        await here.until(lambda: "3 left" in here.words("#where"))
        await here.press("z")
        await here.until(lambda: "4 left" in here.words("#where"))
        await here.press("d", "J", "e")
        await here.until(lambda: "1 left · less than a minute" in here.words("#where"))
        await here.press("J")
        await here.until(lambda: isinstance(here.app.screen, Question))
        text = " ".join(str(one.render()) for one in here.app.screen.query(Static))
        assert "Archived 2 messages" in text and "Moved 1 message to Trash" in text and "2 messages left" in text
        assert here.mail.listing(here.inbox.query_shown) and len(here.mail.listing(here.inbox.query_shown)) == 2
        await here.press("z")
        await here.until(lambda: here.is_home and here.subjects == list(LETTERS))


async def test_a_sweep_may_end_early_and_goes_through_a_selection_alone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("space", "j", "space", "W")
        await here.until(lambda: isinstance(here.app.screen, SweepScreen))
        assert "2 left" in here.words("#where")
        await here.press("q")
        await here.until(lambda: here.is_home)
        assert here.subjects == list(LETTERS)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Your order 4711 was sent today", "was sent today"),
        ("Re: Weekly report #12", "Weekly report"),
        ("[ci] Build 81 failed on main", "failed on main"),
        ("Lunch", ""),
        ("回复: 会议 记录 12", "会议 记录"),
        ("", ""),
    ],
)
def test_what_subjects_of_one_kind_have_in_common(subject: str, words: str) -> None:
    assert pattern(subject) == words
