"""Folders made, renamed, removed and brought back from the screen."""

from __future__ import annotations

from pathlib import Path

from tui_mail.model.errors import Refused

from .world import mailbox, world


async def test_a_folder_is_made_renamed_removed_and_had_back(tmp_path: Path) -> None:
    async with world(tmp_path) as here:

        def names() -> list[str]:
            return [folder.name for folder in here.mail.folders()]

        await here.press("g", "n")
        await here.type("Plans")
        await here.press("enter")
        await here.until(lambda: "Plans" in names())
        here.inbox.open_place(next(one.id for one in here.mail.folders() if one.name == "Plans"))
        await here.press("f2")
        await here.until(lambda: not here.is_home)
        await here.press("ctrl+u")
        await here.type("Ideas")
        await here.press("enter")
        await here.until(lambda: "Ideas" in names() and "Renamed" in here.note)
        here.inbox.action_remove_folder()
        await here.until(lambda: "Trash/Ideas" in names())
        await here.press("z")
        await here.until(lambda: "Ideas" in names() and "is where it was" in here.note)


async def test_everything_listed_is_marked_read_in_one_step(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox()) as here:
        here.inbox.action_mark_all_read()
        assert here.mail.folders()[0].unread == 0
        await here.press("z")
        assert here.mail.folders()[0].unread == 2


async def test_a_folder_that_another_program_removes_while_it_is_open_is_left_for_the_inbox(tmp_path: Path) -> None:
    box = mailbox()
    box.create("Lists")
    async with world(tmp_path, box) as here:
        lists = next(one.id for one in here.mail.folders() if one.name == "Lists")
        here.inbox.open_place(lists)
        await here.settled()
        del box.folders["Lists"]
        await here.press("f5")
        await here.until(lambda: here.inbox.place == here.mail.folders()[0].id)
        assert here.note == "“Lists” is not on the server any more."
        assert len(here.inbox.messages.listing) == 5


async def test_what_the_server_refused_is_not_called_done_any_more(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.box.hold()
        here.box.refuse("move", Refused("This account may not do that."))
        await here.press("e")
        assert "Archived" in here.note
        here.box.release()
        await here.until(lambda: any("put back" in toast for toast in here.toasts))
        assert "Archived" not in here.note and len(here.inbox.messages.listing) == 5
