"""What is typed before the screen has followed goes where it was meant, or nowhere: never to the list as commands."""

from __future__ import annotations

import threading
from pathlib import Path

from textual import events
from textual.widget import Widget

from tests.ui.program import Program, letter, program
from tests.ui.world import WORK, World, mailbox, world
from tui_mail.config.settings import Settings, Sync, Ui
from tui_mail.model.draft import Draft, DraftId
from tui_mail.ui.screens.outbox import OutboxScreen
from tui_mail.ui.screens.patience import PatienceDialog

ONLY_HEADERS = Settings({WORK.key: WORK}, ui=Ui(mark_read_after=0, preview="off"), sync=Sync(keep="headers"))


def typed(here: World, text: str) -> None:
    """Keys that arrive one after the other, whatever the screen is at."""
    for char in text:
        here.app.post_message(events.Key({" ": "space", "\n": "enter"}.get(char, char), char))


def untouched(here: World) -> bool:
    """Whether nothing was done to any message."""
    rows = here.mail.rows(list(here.inbox.messages.listing))
    return here.mail.owed().actions == 0 and not any(row.is_starred for row in rows if row is not None)


async def test_an_answer_is_begun_while_its_letter_is_still_fetched(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        await here.press("r")
        typed(here, "Thanks ")
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        typed(here, "des Ea#")
        await here.pilot.pause()
        here.box.release()
        await here.until(lambda: here.inbox.composer is not None)
        pane = here.inbox.composer
        assert pane is not None
        await here.until(lambda: pane.draft.body.startswith("Thanks des Ea#"))
        assert untouched(here)


async def test_what_was_typed_for_an_answer_that_is_called_off_is_done_to_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        await here.press("r")
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        typed(here, "des#")
        await here.press("escape")
        await here.until(lambda: here.is_home)
        here.box.release()
        await here.settled()
        assert untouched(here) and len(here.inbox.messages.listing) == 5 and here.inbox.composer is None
        await here.press("s")
        await here.settled()
        assert not untouched(here), "the keys after it are commands again"


async def test_what_was_typed_for_a_letter_that_cannot_be_had_is_done_to_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        await here.press("r")
        typed(here, "des#")
        await here.pilot.pause()
        here.box.unplug()
        here.box.release()
        await here.until(lambda: "What you typed meanwhile was not used." in here.note)
        assert untouched(here) and here.inbox.composer is None


async def test_what_was_typed_during_a_wait_in_vain_is_done_to_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        await here.press("r")
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        typed(here, "des#")
        await here.pilot.pause()
        here.box.unplug()
        here.box.release()
        await here.until(lambda: "What you typed meanwhile was not used." in here.note)
        assert untouched(here) and here.inbox.composer is None


async def test_the_first_key_after_a_wait_that_was_called_off_is_a_command(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        await here.press("r")
        typed(here, "des#")
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        await here.press("escape")
        await here.until(lambda: here.is_home and not here.app.workers)
        here.box.release()
        await here.press("s")
        await here.settled()
        assert not untouched(here)


async def test_the_program_is_left_from_a_wait_that_does_not_end(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        await here.press("r")
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        here.app.post_message(events.Key("ctrl+q", None))
        await here.until(lambda: not here.app.is_running or here.app._exit)
        here.box.release()


async def test_a_wait_for_what_a_letter_holds_can_be_called_off(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(), settings=ONLY_HEADERS) as here:
        here.box.hold()
        here.inbox.action_hints()
        await here.until(lambda: isinstance(here.app.screen, PatienceDialog))
        await here.press("escape")
        await here.until(lambda: here.is_home)
        here.box.release()


async def test_a_letter_called_back_from_the_outbox_is_written_on_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(Draft(DraftId("d"), "work", to="bob@example.org", subject="Hi", body="")).result(20)
        here.mail.send(Draft(DraftId("e"), "work", to="carl@example.org", subject="Ho", body="")).result(20)
        await here.press("g", "o")
        await here.until(lambda: isinstance(here.app.screen, OutboxScreen))
        typed(here, "edd")
        await here.until(lambda: here.inbox.composer is not None)
        pane = here.inbox.composer
        assert pane is not None
        await here.until(lambda: pane.draft.body == "dd")
        assert len(here.mail.outbox()) == 1


async def test_on_a_busy_machine_too_the_letters_after_c_are_text(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2)) as here:
        for char in "cdes":
            here.app.post_message(events.Key(char, char))
        here.app.call_later(threading.Event().wait, 1.2)  # nothing is drawn, and no key dealt with, in this time
        await here.until(lambda: here.pane is not None and here.pane.draft.to == "des")
        assert len(here.ids()) == 2


async def test_what_is_typed_or_pasted_into_a_window_that_has_not_the_focus_is_text_too(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2)) as here:
        pane = await here.write()
        await here.press("tab", "tab", "tab", "tab")
        await here.until(lambda: pane.body.has_focus)
        for event in (events.Key("g", "g"), events.Key("o", "o"), events.Paste(" on")):
            here.app.post_message(events.AppBlur())
            await here.until(lambda: not here.app.app_focus and here.app.focused is None)
            here.app.post_message(event)
            await here.until(lambda: here.app.app_focus)
        await here.until(lambda: pane.body.text.startswith("go on"))


def click(here: Program, widget: Widget) -> None:
    """The button of the mouse, pressed over a widget and let go."""
    x, y = widget.region.offset
    for kind in (events.MouseDown, events.MouseUp):
        here.app.post_message(kind(None, x + 1, y, 0, 0, 1, False, False, False, screen_x=x + 1, screen_y=y))


async def test_keys_before_a_click_go_where_the_focus_was_and_keys_behind_it_where_it_went(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2)) as here:
        pane = await here.write()
        for words, place in (("bob@example.org", "#subject"), ("Lunch", "#body"), ("At noon. ", "#subject")):
            for char in words:
                here.app.post_message(events.Key({" ": "space"}.get(char, char), char))
            click(here, pane.query_one(place))
        await here.until(lambda: pane.draft.body == "At noon. ")
        assert pane.draft.to == "bob@example.org" and pane.draft.subject == "Lunch"
        await here.until(lambda: pane.query_one("#subject").has_focus)


async def test_a_click_behind_c_does_not_overtake_it(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2)) as here:
        for char in "cbob":
            here.app.post_message(events.Key(char, char))
        click(here, here.app.screen.query_one("#list"))
        await here.until(lambda: here.pane is not None and here.pane.draft.to == "bob")


async def test_a_letter_is_sent_and_the_keys_behind_it_are_for_the_list(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2)) as here:
        pane = await here.write()
        await here.press(*"bob@example.org", "tab", "tab", "tab", *"Hi", "tab", *"x")
        for key, char in (("ctrl+r", ""), ("enter", "\r"), ("e", "e")):
            here.app.post_message(events.Key(key, char or None))
        await here.until(lambda: len(here.mail.outbox()) == 1 and here.pane is None)
        await here.until(lambda: len(here.ids()) == 1)
        assert pane.draft.body == "x"


async def test_a_key_right_behind_the_one_that_closes_a_letter_is_not_lost_in_it(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox()) as here:
        for number in range(8):
            await here.press("c")
            pane = here.inbox.composer
            assert pane is not None
            await here.type(f"{number}")
            here.app.post_message(events.Key("escape", None))
            typed(here, "s")
            await here.until(lambda pane=pane: not pane.is_attached)  # type: ignore[misc]  # bound
            await here.until(lambda number=number: len(starred(here)) == (number + 1) % 2)  # type: ignore[misc]  # bound
            assert pane.draft.to == f"{number}"


def starred(here: World) -> list[str]:
    rows = here.mail.rows(list(here.inbox.messages.listing))
    return [row.subject for row in rows if row is not None and row.is_starred]
