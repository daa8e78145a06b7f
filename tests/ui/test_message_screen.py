"""Reading one letter after the other, and what is done with them."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

from textual.widgets import Input

from tests.ui.program import letter, program
from tui_mail.model.folder import Role
from tui_mail.model.message import FLAGGED
from tui_mail.ui.screens.inbox import InboxScreen
from tui_mail.ui.screens.message import MessageScreen
from tui_mail.ui.screens.save_dialog import SaveDialog
from tui_mail.ui.screens.source import SourceScreen

PDF = letter(
    1,
    "With a file",
    "--b",
    "Content-Type: text/plain",
    "",
    "see the file",
    "--b",
    'Content-Type: application/pdf; name="../../plan.pdf"',
    'Content-Disposition: attachment; filename="../../plan.pdf"',
    "Content-Transfer-Encoding: base64",
    "",
    "JVBERg==",
    "--b--",
    extra=("MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"),
)
THREE = (letter(1), letter(2), letter(3))


async def test_opening_a_letter_shows_it_and_marks_it_read(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        screen = await here.open()
        assert "This is letter 3." in here.text and "Inbox  1 of 3" in here.text
        await here.until(lambda: not here.row(screen.at).is_unread)
        assert [here.row(id).is_unread for id in here.ids()] == [False, True, True]


async def test_keys_go_from_letter_to_letter_and_stop_at_the_ends(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        await here.open()
        for keys, words in (("J", "letter 2"), ("right", "letter 1"), ("K", "letter 2"), ("left", "letter 3")):
            await here.press(keys)
            await here.shows(f"This is {words}.")
        await here.press("K")
        assert "newest" in here.text


async def test_going_back_leaves_the_list_at_the_letter_read_last(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MessageScreen))
        await here.press("J", "q")
        await here.until(lambda: not isinstance(here.app.screen, MessageScreen))
        assert isinstance(here.app.screen, InboxScreen)
        assert here.app.screen.chosen() == (here.ids()[1],)


async def test_archive_goes_on_to_the_next_older_letter(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        await here.open()
        await here.press("e")
        await here.shows("This is letter 2.")
        assert len(here.ids()) == 2 and "1 of 2" in here.text
        assert len(here.listing(Role.ARCHIVE)) == 1


async def test_after_the_oldest_comes_the_newer_one_and_after_the_last_the_list(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        await here.open(2)
        await here.press("d")
        await here.shows("This is letter 2.")
        await here.press("d")
        await here.shows("This is letter 3.")
        await here.press("d")
        await here.until(lambda: not isinstance(here.app.screen, MessageScreen))
        assert here.ids() == []


async def test_a_star_and_unread_are_seen_at_once_while_the_server_is_silent(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        await here.open()
        here.mailbox.hold()
        try:
            await here.press("s", "u")
            await here.shows("starred")
            await here.shows("unread")
        finally:
            here.mailbox.release()
        assert await asyncio.to_thread(here.mail.settled, 5)
        assert [FLAGGED in kept.flags for kept in here.mailbox.messages("INBOX")] == [False, False, True]


async def test_a_letter_that_is_gone_meanwhile_is_passed_over(tmp_path: Path) -> None:
    async with program(tmp_path, *THREE) as here:
        await here.open()
        here.mailbox.remove("INBOX", 2)
        here.mail.refresh()
        await here.until(lambda: len(here.ids()) == 2)
        await here.press("J")
        await here.shows("This is letter 1.")


async def test_offline_a_letter_that_is_not_here_says_so_and_comes_by_itself_later(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1)) as here:
        here.mailbox.unplug()
        here.app.push_screen(MessageScreen(here.listing(), here.ids()[0]))
        await here.until(lambda: "Not here yet" in here.text or "This is letter 1." in here.text)
        here.mailbox.plug()
        here.mail.refresh()
        await here.shows("This is letter 1.")


async def test_the_source_shows_every_line_and_no_control(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "Hi", "red \x1b[31m text")) as here:
        await here.open()
        await here.press("ctrl+o")
        await here.shows("Message-ID: <letter-1@example.org>")
        assert isinstance(here.app.screen, SourceScreen)
        assert "red ␛[31m text" in here.text and "\x1b" not in here.text
        await here.press("q")
        await here.shows("1 of 1")


async def test_an_attachment_is_saved_where_one_says_and_nowhere_else(tmp_path: Path) -> None:
    target = tmp_path / "in" / "here"
    target.mkdir(parents=True)
    (target / "plan.pdf").write_bytes(b"mine")
    async with program(tmp_path / "home", PDF) as here:
        await here.open()
        await here.press("S")
        await here.until(lambda: isinstance(here.app.screen, SaveDialog))
        here.app.screen.query_one(Input).value = str(target)
        await here.press("enter")
        await here.shows("Saved")
        assert (target / "plan.pdf").read_bytes() == b"mine"
        saved = target / "plan (2).pdf"
        assert saved.read_bytes() == b"%PDF" and stat.S_IMODE(saved.stat().st_mode) == 0o600
        assert sorted(path.name for path in (tmp_path / "in").rglob("*")) == ["here", "plan (2).pdf", "plan.pdf"]


async def test_saving_where_nothing_can_be_saved_is_told_in_the_dialog(tmp_path: Path) -> None:
    async with program(tmp_path, PDF) as here:
        await here.open()
        await here.press("S")
        await here.until(lambda: isinstance(here.app.screen, SaveDialog))
        here.app.screen.query_one(Input).value = str(tmp_path / "no" / "such" / "folder")
        await here.press("enter")
        await here.shows("does not exist")
        await here.press("escape")
        assert isinstance(here.app.screen, MessageScreen)


async def test_markup_in_a_subject_is_words(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "[/oops] [@click=app.quit]x[/]")) as here:
        await here.open()
        assert "[/oops] [@click=app.quit]x[/]" in here.text


async def test_links_are_listed_with_where_they_really_lead(tmp_path: Path) -> None:
    html = '<p><a href="https://evil.example/x">https://bank.example</a></p>'
    raw = letter(1, "Hi", html, extra=("MIME-Version: 1.0", "Content-Type: text/html"))
    async with program(tmp_path, raw) as here:
        await here.open()
        await here.press("F")
        await here.shows("Pick up what?")
        assert "https://bank.example  → https://evil.example/x" in here.text
        await here.press("a", "o")
        await here.shows("Open this address?")
        assert "It leads to evil.example" in here.text and "https://evil.example/x" in here.text
        await here.press("c")
        await here.shows("in the clipboard")
        assert here.app.clipboard == "https://evil.example/x"


BOTH = letter(
    1,
    "In both forms",
    "--b",
    "Content-Type: text/plain",
    "",
    "The text says that every word of it was meant as it was written, and it goes on for a while, so that nobody takes",
    "it for a stub that points at the page instead.",
    "",
    "On Monday Ann wrote:",
    *(f"> line {number} of what was said before" for number in range(20)),
    "--b",
    "Content-Type: text/html",
    "",
    "<p>The page says it <b>better</b>.</p>",
    "--b--",
    extra=("MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=b"),
)


async def test_h_goes_to_the_page_and_back_to_the_text_with_its_folds(tmp_path: Path) -> None:
    async with program(tmp_path, BOTH) as here:
        await here.open()
        assert "The text says" in here.text and "quoted lines" in here.text
        await here.press("H")
        await here.shows("The page says it better")
        await here.press("H")
        await here.shows("The text says")
        assert "quoted lines" in here.text
