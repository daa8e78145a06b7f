"""Order, density and preview: chosen for one folder and still there the next time."""

from __future__ import annotations

from pathlib import Path

from tui_mail.ui.screens.previewing import Split

from .world import mailbox, world

SUBJECTS = ("Re: Berries", "apples", "[list] Cherries", "Dates")


async def test_a_folder_is_sorted_and_stays_so_and_others_do_not(tmp_path: Path) -> None:
    box = mailbox(SUBJECTS)
    async with world(tmp_path, box) as here:
        await here.press("O", "s")
        assert here.subjects == ["apples", "Re: Berries", "[list] Cherries", "Dates"]
        assert here.at == "Re: Berries"  # the cursor stays on its message
        await here.press("O", "s")
        assert here.subjects[0] == "Dates"
        await here.press("O", "f")
        assert here.subjects[0] == "Re: Berries"
        await here.press("O", "d", "O", "d")
        assert here.subjects == list(reversed(SUBJECTS))
        await here.press("g", "a")
        assert here.inbox.query_shown.order.by == "date" and not here.inbox.query_shown.order.turned
        await here.press("g", "i")
        assert here.subjects == list(reversed(SUBJECTS))
        here.app.write_state()
    async with world(tmp_path, box) as here:
        await here.until(lambda: here.subjects == list(reversed(SUBJECTS)))


async def test_what_is_unread_comes_first_and_nothing_jumps_while_one_reads(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS)) as here:
        await here.press("j", "j", "U", "O", "u")
        before = here.subjects
        assert before == ["Re: Berries", "apples", "[list] Cherries", "Dates"]
        await here.press("home", "I")
        await here.settled()
        assert here.subjects == before
        await here.press("g", "a", "g", "i")
        assert here.subjects == ["apples", "[list] Cherries", "Re: Berries", "Dates"]


async def test_the_list_is_denser_and_larger_where_one_wants_it(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS)) as here:
        split = here.inbox.query_one(Split)
        before = here.inbox.messages.size.width
        await here.press("O", "plus")
        await here.pilot.pause()
        assert here.inbox.messages.size.width > before - 24 and here.inbox.arrangement.share == 45
        await here.press("O", "l")
        assert here.inbox.messages.lines_a_row == 1
        await here.press("O", "l")
        assert here.inbox.messages.lines_a_row == 2
        border = here.inbox.messages.region.right
        await here.pilot.mouse_down(split, offset=(border - split.region.x, 5))
        await here.pilot.hover(split, offset=(split.size.width // 2, 5))
        await here.pilot.mouse_up(split, offset=(split.size.width // 2, 5))
        await here.until(lambda: here.inbox.arrangement.share == 50)
        await here.press("p")
        assert here.inbox.arrangement.preview == "right"
