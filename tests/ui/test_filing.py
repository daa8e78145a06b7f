"""Folders by name: going there, moving and copying there; and on to what is unread in the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.ui.screens.folder_picker import FolderPicker, Place, matching, places
from tui_mail.ui.widgets.folder_tree import title

from .world import LETTERS, World, deliver, mailbox, world


def with_lists() -> MemoryMailbox:
    box = mailbox()
    for name in ("Lists/python", "Lists/gardening", "Travel"):
        box.create(name)
    return box


def on_server(box: MemoryMailbox, folder: str) -> int:
    return len(box.messages(folder))


def offered(here: World) -> list[str]:
    """What the picker lists."""
    picker = here.app.screen
    assert isinstance(picker, FolderPicker)
    return [place.name for place in picker._found]


PLACES = [Place(FolderId(n), name) for n, name in enumerate(("Inbox", "Archive", "Lists/python", "Lists/gardening"))]


@pytest.mark.parametrize(
    ("typed", "best"), [("arch", "Archive"), ("lpy", "Lists/python"), ("gard", "Lists/gardening"), ("in", "Inbox")]
)
def test_a_few_letters_find_a_folder(typed: str, best: str) -> None:
    assert matching(PLACES, typed)[0].name == best


@pytest.mark.parametrize("typed", ["inbox work", "work inbox", "wo inb"])
def test_words_find_the_folder_of_an_account_in_any_order(typed: str) -> None:
    found = [
        Place(FolderId(1), "Inbox", "home"),
        Place(FolderId(2), "Inbox", "work"),
        Place(FolderId(3), "Sent", "work"),
    ]
    assert [place.id for place in matching(found, typed)] == [FolderId(2)]


def test_what_no_folder_has_finds_none_and_nothing_finds_all() -> None:
    assert matching(PLACES, "xyz") == []
    assert matching(PLACES, " ") == PLACES


def test_folders_of_several_accounts_say_whose_they_are_and_the_last_used_come_first() -> None:
    folders = [
        Folder(FolderId(1), "home", "INBOX", b"INBOX", "/", Role.INBOX),
        Folder(FolderId(2), "work", "INBOX", b"INBOX", "/", Role.INBOX),
        Folder(FolderId(3), "work", "[Gmail]", b"[Gmail]", "/", selectable=False),
    ]
    found = places(folders, ["home", "work"], [FolderId(2)])
    assert [(place.name, place.account) for place in found] == [("Inbox", "work"), ("Inbox", "home")]
    assert [place.account for place in places(folders, ["work"])] == [""]


async def test_g_f_goes_to_any_folder_by_a_part_of_its_name(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("g", "f")
        await here.type("pyth")
        assert offered(here) == ["Lists/python"]
        await here.press("enter")
        assert here.words("#where").startswith("Lists/python  ")


async def test_typed_in_one_go_the_letters_reach_the_picker(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        for key in ("v", "t", "r", "a", "v", "enter"):
            here.app.simulate_key(key)
        await here.until(lambda: len(here.subjects) == 4)
        assert here.note == "Moved 1 message to Travel.   z undoes"


async def test_two_folders_of_one_name_are_told_apart_where_mail_goes_and_where_one_stands(tmp_path: Path) -> None:
    box = mailbox()
    for name in ("Home/2026", "Work/2026"):
        box.create(name)
    async with world(tmp_path, box) as here:
        await here.press("v")
        await here.type("work/2026")
        await here.press("enter")
        assert here.note == "Moved 1 message to Work/2026.   z undoes"
        await here.press("g", "f")
        await here.type("home/2026")
        await here.press("enter")
        assert here.words("#where").startswith("Home/2026  ")


@pytest.mark.parametrize(
    ("name", "delimiter", "role", "shown"),
    [
        ("INBOX", "/", Role.INBOX, "Inbox"),
        ("Lists/python", "/", None, "Lists/python"),
        ("INBOX.Lists.python", ".", None, "Lists.python"),
        ("INBOX.Archive", ".", Role.ARCHIVE, "Archive"),
        ("[Gmail]/All Mail", "/", Role.ALL, "All Mail"),
        ("a/b", "", None, "a/b"),
        ("Customers/2026/Meyer and Daughters/Offers/Later", "/", None, "…/2026/Meyer and Daughters/Offers/Later"),
        (f"Lists/{'x' * 50}", "/", None, f"…/{'x' * 50}"),
    ],
)
def test_a_folder_is_called_by_its_path_as_far_as_there_is_room(
    name: str, delimiter: str, role: Role | None, shown: str
) -> None:
    assert title(Folder(FolderId(1), "work", name, name.encode(), delimiter, role)) == shown


async def test_v_moves_the_selection_as_one_operation_and_one_undo(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("x", "x", "v")
        assert here.words(".heading") == "Move 2 messages to which folder?"
        await here.type("travel")
        await here.press("enter")
        assert here.subjects == list(LETTERS[2:])
        assert here.note == "Moved 2 messages to Travel.   z undoes"
        await here.settled()
        assert on_server(here.box, "Travel") == 2
        await here.press("z")
        await here.settled()
        assert here.subjects == list(LETTERS) and on_server(here.box, "Travel") == 0


async def test_the_folder_of_the_last_time_stands_first(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("v")
        await here.type("gard")
        await here.press("enter", "v")
        assert offered(here)[0] == "Lists/gardening"
        await here.press("enter")
        await here.settled()
        assert on_server(here.box, "Lists/gardening") == 2


async def test_y_copies_and_z_takes_the_copies_back(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("x", "x", "y")
        await here.type("travel")
        await here.press("enter")
        assert here.note == "Copied 2 messages to Travel.   z undoes"
        assert here.subjects == list(LETTERS)
        await here.settled()
        assert on_server(here.box, "Travel") == 2 and on_server(here.box, "INBOX") == 5
        await here.press("z")
        await here.settled()
        assert on_server(here.box, "Travel") == 0 and on_server(here.box, "INBOX") == 5
        assert here.note == "Undone: Copied 2 messages to Travel."


async def test_esc_in_the_picker_changes_nothing_and_keeps_the_selection(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("x", "v", "escape")
        assert here.is_home and len(here.inbox.selected) == 1 and here.subjects == list(LETTERS)


async def test_an_enter_that_comes_behind_the_esc_closes_nothing_but_the_picker(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("enter", "v")
        letter, picker = here.app.screen_stack[-2:]
        assert isinstance(picker, FolderPicker)
        picker.action_leave()
        picker.take()  # the field says to itself that it was entered, when the dialog around it is gone
        await here.pilot.pause()
        assert here.app.screen is letter
        await here.press("escape", "v")
        assert isinstance(here.app.screen, FolderPicker)
        first = here.app.screen
        first.action_leave()
        first.take()
        await here.pilot.pause()
        assert here.is_home


async def test_moving_to_where_it_stands_says_so(tmp_path: Path) -> None:
    async with world(tmp_path, with_lists()) as here:
        await here.press("v")
        await here.type("inbox")
        await here.press("enter")
        assert here.note == "It is there already."


async def test_tab_goes_from_unread_to_unread_and_on_into_the_next_folder(tmp_path: Path) -> None:
    box = with_lists()
    for folder, subject in (("Lists/python", "PEP"), ("Travel", "Tickets"), ("Travel", "Rooms")):
        deliver(box, subject, folder=folder, number=100 + len(subject))
    async with world(tmp_path, box) as here:
        await here.until(lambda: sum(folder.unread for folder in here.mail.folders()) == 5)
        seen = [here.at]
        for _ in range(4):
            await here.press("tab")
            seen.append(here.at)
        assert seen == [LETTERS[0], LETTERS[1], "PEP", "Tickets", "Rooms"]
        await here.press("tab")
        assert here.at == LETTERS[0], "and around to the first folder again"
        await here.press("shift+tab")
        assert here.at == "Rooms", "backwards it comes to the last one of the folder before"
