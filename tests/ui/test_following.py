"""A long list follows what is done to it without being read again, and never keeps a key waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.world import came, deliver, mailbox, world
from tui_mail.model.gathered import Gathered
from tui_mail.ui.screens import following, inbox, searching

MANY = tuple(f"Letter {number}" for number in range(40))


@pytest.fixture(autouse=True)
def long_lists_begin_early(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sizes from which lists count as long are what one would not wait for in a test."""
    monkeypatch.setattr(following, "LARGE", 10)
    for module in (following, inbox, searching):
        monkeypatch.setattr(module, "HUGE", 20)
    yield


async def test_what_is_filed_leaves_a_long_list_and_comes_back(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        shown = here.inbox.messages
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)
        await here.pilot.press("j", "j", "e")
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY) - 1, 5)
        assert shown.current is not None and shown.current.subject == "Letter 3"
        await here.pilot.press("asterisk", "a", "e")
        assert await came(here.pilot, lambda: not len(shown.listing), 5)
        await here.pilot.press("z", "z")
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)


async def test_new_mail_comes_into_a_long_list_while_the_cursor_stays(tmp_path: Path) -> None:
    box = mailbox(MANY)
    async with world(tmp_path, box) as here:
        shown = here.inbox.messages
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)
        await here.pilot.press("j", "j")
        deliver(box, "Just now")
        here.app.mail.refresh()
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY) + 1, 10)
        assert shown.current is not None and shown.current.subject == "Letter 2"


async def test_new_mail_is_seen_that_comes_while_many_letters_are_filed_out_of_a_long_list(tmp_path: Path) -> None:
    box = mailbox(MANY)
    async with world(tmp_path, box) as here:
        shown = here.inbox.messages
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)
        gate = threading.Event()
        here.mail.aside(lambda: gate.wait(20))
        await here.pilot.press("asterisk", "a", "e")
        deliver(box, "Just now")
        here.app.mail.refresh()
        assert await came(here.pilot, lambda: here.inbox._is_reading, 10)
        gate.set()
        assert await came(here.pilot, lambda: here.subjects == ["Just now"], 10)


async def test_a_selection_is_there_before_the_next_key_acts(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        shown = here.inbox.messages
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)
        for key in ("asterisk", "u", "e"):
            here.app.simulate_key(key)
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY) - 2, 5), "the two unread, not one letter"


async def test_a_selection_by_a_search_is_there_before_the_next_key_acts(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        shown = here.inbox.messages
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)
        for key in ("asterisk", "slash", "1", "enter", "e"):
            here.app.simulate_key(key)
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY) - 11, 5), "1 and 10 to 19"


async def test_rows_are_threads_again_when_the_program_starts_where_they_were(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        await here.pilot.press("T")
        assert await came(here.pilot, lambda: isinstance(here.inbox.messages.listing, Gathered), 5)
        here.app.write_state()
    async with world(tmp_path, mailbox(MANY)) as here:
        assert await came(here.pilot, lambda: isinstance(here.inbox.messages.listing, Gathered), 5)


async def test_a_long_folder_that_is_opened_again_has_its_cursor_where_it_was(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(MANY)) as here:
        shown = here.inbox.messages
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY), 5)
        await here.pilot.press("end")
        at = shown.at
        here.inbox.show_again()
        assert await came(here.pilot, lambda: len(shown.listing) == len(MANY) and shown.at == at, 5)
