"""Folders made, renamed, removed and brought back from the screen."""

from __future__ import annotations

from pathlib import Path

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
