"""Writing: nothing typed is lost, nobody is surprised."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from tests.ui.program import Program, account, letter, program
from tui_mail.mime.mailto import from_mailto
from tui_mail.model.draft import Draft, DraftId
from tui_mail.ui.external import editor_file
from tui_mail.ui.screens.composing import Composing
from tui_mail.ui.screens.message import MessageScreen
from tui_mail.ui.screens.path_dialog import PathDialog
from tui_mail.ui.screens.review import Review
from tui_mail.ui.widgets.document_view import DocumentView
from tui_mail.ui.widgets.folder_tree import FolderTree


async def fill(here: Program, to: str = "bob@example.org", subject: str = "Lunch", body: str = "At noon?") -> None:
    """Types a whole letter; Tab goes over Cc and Bcc."""
    await here.press(*_keys(to), "tab", "tab", "tab", *_keys(subject), "tab", *_keys(body))


def _keys(text: str) -> list[str]:
    return [{" ": "space", "\n": "enter"}.get(char, char) for char in text]


async def test_the_first_key_is_kept_and_all_that_follow(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        pane = await here.write()
        await here.press("b")
        assert [draft.to for draft in here.mail.drafts()] == ["b"]
        await here.press(*"ob@example.org", "tab", "tab", "tab", *"Hi", "tab", *"text")
        draft = here.mail.drafts()[0]
        assert (draft.id, draft.to, draft.subject, draft.body) == (pane.draft.id, "bob@example.org", "Hi", "text")


async def test_a_composer_that_was_only_opened_leaves_nothing(tmp_path: Path) -> None:
    async with program(tmp_path, accounts=(account(signature="Ann"),)) as here:
        await here.write()
        await here.press("escape")
        assert here.pane is None and here.mail.drafts() == ()


async def test_escape_keeps_the_letter_and_says_so(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here)
        await here.press("escape")
        await here.shows("kept")
        assert here.pane is None and here.mail.drafts()[0].body == "At noon?"


async def test_a_wrong_address_is_named_when_the_field_is_left_and_never_in_the_way(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await here.press(*"bob@@example.org")
        assert "is not an address" not in here.text
        await here.press("tab")
        await here.shows("is not an address")
        await here.press("shift+tab", "backspace", *"g,ann@example.org")
        assert here.pane is not None and here.pane.draft.to == "bob@@example.org,ann@example.org"
        await here.press("ctrl+a", *["right"] * 4, "delete")
        await here.shows_no_more("is not an address")


async def test_review_names_everybody_and_enter_sends(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here, "Bob <bob@example.org>, carl@example.org")
        await here.press("ctrl+r")
        await here.until(lambda: isinstance(here.app.screen, Review))
        for words in ("Ann Example <ann@example.org>", "Bob <bob@example.org>", "carl@example.org", "Lunch", "2 words"):
            assert words in here.text
        await here.press("enter")
        await here.until(lambda: here.pane is None and len(here.mail.outbox()) == 1)
        await here.shows("goes out in")
        assert here.mail.outbox()[0].recipients == ("bob@example.org", "carl@example.org")
        assert here.mail.drafts() == ()


async def test_review_can_be_left_to_write_on(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here, subject="", body="I attached it")
        await here.press("ctrl+r")
        await here.shows("There is no subject.")
        assert "nothing is attached" in here.text
        await here.press("escape", *" now")
        assert here.pane is not None and here.pane.draft.body == "I attached it now"
        assert here.mail.outbox() == ()


async def test_a_letter_to_nobody_is_not_sent(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        pane = await here.write()
        await fill(here, to="")
        await here.press("ctrl+r")
        await here.shows("Who is it for?")
        assert pane.query_one("#to").has_focus and not isinstance(here.app.screen, Review)


async def test_a_letter_that_cannot_be_sent_stays_as_it_was(tmp_path: Path) -> None:
    gone = tmp_path / "plan.pdf"
    gone.write_bytes(b"x")
    async with program(tmp_path / "home") as here:
        pane = await here.write()
        await fill(here)
        pane.enclose(gone)
        gone.unlink()
        await here.press("ctrl+r", "enter")
        await here.until(lambda: not isinstance(here.app.screen, Review) and not pane.disabled)
        await here.press(*"!")
        assert here.pane is pane and here.mail.outbox() == ()
        assert here.mail.drafts()[0].body == "At noon?!"


async def test_undo_brings_a_letter_back_before_it_goes(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here)
        await here.press("ctrl+r", "enter")
        await here.shows("goes out in")
        await here.press("z")
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None and here.pane.body.text == "At noon?"
        assert here.mailbox.sent == []


async def test_discard_asks_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here)
        await here.press("ctrl+g")
        await here.shows("Discard this letter?")
        await here.press("d")
        await here.shows("was discarded")
        assert here.pane is None and here.mail.drafts() == ()
        await here.press("z")
        await here.until(lambda: here.pane is not None)
        assert here.mail.drafts()[0].body == "At noon?"


@pytest.mark.parametrize("key", ["b", "escape"])
async def test_discard_can_be_thought_better_of(tmp_path: Path, key: str) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here)
        await here.press("ctrl+g", key)
        assert here.pane is not None and here.mail.drafts()[0].body == "At noon?"


async def test_an_answer_goes_to_its_sender_and_quotes(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "Plan", "Shall we?"), accounts=(account(signature="Ann"),)) as here:
        screen = await here.open()
        await here.press("r")
        await here.until(lambda: here.pane is not None and here.pane.has_focus_within)
        pane = here.pane
        assert pane is not None and pane.body.has_focus
        await here.press(*"Yes")
        draft = pane.draft
        assert (draft.to, draft.subject) == ("Bob <bob@example.org>", "Re: Plan")
        assert draft.body.startswith("Yes\n") and "> Shall we?" in draft.body and draft.body.endswith("-- \nAnn")
        assert draft.in_reply_to == "<letter-1@example.org>" and draft.answers == screen.at


async def test_reply_to_all_and_forward(tmp_path: Path) -> None:
    raw = letter(1, "Plan", to="Ann <ann@example.org>, carl@example.org", extra=("Cc: dora@example.org",))
    async with program(tmp_path, raw) as here:
        await here.open()
        await here.press("R")
        await here.until(lambda: here.pane is not None)
        assert here.pane is not None
        assert here.pane.draft.to == "Bob <bob@example.org>, carl@example.org"
        assert here.pane.draft.cc == "dora@example.org"
        await here.press("escape", "f")
        await here.until(lambda: here.pane is not None and here.pane.draft.subject == "Fwd: Plan")
        assert here.pane is not None and here.pane.query_one("#to").has_focus


async def test_wide_the_letter_stays_readable_beside_its_answer(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "Plan", "Shall we?"), size=(120, 40)) as here:
        screen = await here.open()
        await here.press("r")
        await here.until(lambda: here.pane is not None and here.pane.has_focus_within)
        pane = here.pane
        assert pane is not None and pane.region.x > screen.reader.region.x >= 0
        assert not pane.region.overlaps(screen.reader.region)
        await here.press("f6")
        assert isinstance(here.app.focused, DocumentView)
        await here.press("f6")
        assert pane.has_focus_within


async def test_narrow_the_composer_lies_over_the_letter_and_f6_changes_them(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "Plan", "Shall we?")) as here:
        await here.open()
        await here.press("r")
        await here.shows("Re: Plan")
        assert "1 attachment" not in here.text and "From      Bob" not in here.text
        await here.press("f6")
        await here.shows("From      Bob <bob@example.org>")
        await here.press("f6")
        await here.shows("Re: Plan")


async def test_the_inbox_stays_usable_beside_or_under_a_letter(tmp_path: Path) -> None:
    for size in ((80, 24), (120, 40)):
        async with program(tmp_path / str(size[0]), letter(1), letter(2), size=size) as here:
            pane = await here.write()
            assert pane.region.width == (80 if size[0] == 80 else 60)
            await here.press(*"bob", "f6")
            assert not pane.has_focus_within
            await here.press("escape", "f6")
            while not pane.has_focus_within:
                await here.press("f6")
            await here.press("end", "!")
            assert pane.draft.to == "bob!"


async def test_the_folders_make_room_for_a_letter_and_come_back(tmp_path: Path) -> None:
    async with program(tmp_path, size=(100, 30)) as here:
        await here.write()
        await here.until(lambda: not here.app.screen.query_one(FolderTree).display)
        await here.press("escape")
        assert here.pane is None
        await here.until(lambda: here.app.screen.query_one(FolderTree).display)


async def test_keys_of_the_list_are_letters_in_the_composer(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), letter(2)) as here:
        await here.open()
        await here.press("c")
        await here.until(lambda: here.pane is not None and here.pane.has_focus_within)
        await here.press(*"edsuqz!", "delete", "ctrl+home", "J")
        assert len(here.ids()) == 2 and isinstance(here.app.screen, MessageScreen)


async def test_tab_stays_in_the_letter_also_beside_the_list(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1), size=(140, 40)) as here:
        pane = await here.write()
        for _ in range(12):
            await here.press("tab")
            assert pane.has_focus_within


async def test_another_account_brings_its_own_signature(tmp_path: Path) -> None:
    accounts = (account(signature="Ann at work"), account("home", signature="Annie"))
    async with program(tmp_path, accounts=accounts) as here:
        pane = await here.write()
        await here.press("shift+tab", "right")
        assert pane.draft.account == "home"
        assert pane.body.text == "\n\n-- \nAnnie"
        await here.press("right")
        assert pane.body.text == "\n\n-- \nAnn at work"


async def test_a_file_is_attached_seen_and_taken_away(tmp_path: Path) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"x" * 1234)
    async with program(tmp_path / "home") as here:
        pane = await here.write()
        await here.press("ctrl+t")
        await here.until(lambda: isinstance(here.app.screen, PathDialog))
        here.app.screen.query_one(Input).value = str(plan)
        await here.press("enter")
        await here.shows("plan.pdf  1 KB")
        enclosed = pane.draft.enclosures[0]
        assert (enclosed.path, enclosed.type, enclosed.size) == (str(plan), "application/pdf", 1234)
        assert here.mail.drafts()[0].enclosures == (enclosed,)
        pane.enclosures.focus()
        await here.press("down", "delete")
        assert here.mail.drafts()[0].enclosures == ()


async def test_a_big_paste_is_kept_whole(tmp_path: Path) -> None:
    text = "All work and no play.\n" * 10_000
    async with program(tmp_path) as here:
        pane = await here.write()
        pane.body.focus()
        here.app.post_message(events.Paste(text))
        await here.until(lambda: pane.draft.body == text)
        assert here.mail.drafts()[0].body == text


async def test_the_editors_text_comes_back(tmp_path: Path) -> None:
    async with program(tmp_path, editor="sh -c 'echo more >> \"$0\"'") as here:
        pane = await here.write()
        await fill(here, body="some")
        await here.press("ctrl+o")
        await here.until(lambda: pane.draft.body == "some\nmore")
        assert not editor_file(here.folder, pane.draft.id).exists()
        await here.press("ctrl+z")
        assert pane.body.text == "some"


async def test_an_editor_that_empties_the_file_asks(tmp_path: Path) -> None:
    async with program(tmp_path, editor="sh -c ': > \"$0\"'") as here:
        pane = await here.write()
        await fill(here, body="some")
        await here.press("ctrl+o")
        await here.shows("came back empty")
        await here.press("k")
        await here.until(lambda: pane.body.has_focus)
        assert pane.body.text == "some"


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("sh -c 'exit 3'", "ended with an error (3)"),
        ("sh -c 'rm \"$0\"'", "file is gone"),
        ("no-such-editor", "was not found"),
    ],
)
async def test_an_editor_that_fails_leaves_the_text_as_it_was(tmp_path: Path, editor: str, words: str) -> None:
    async with program(tmp_path, editor=editor, size=(120, 30)) as here:
        pane = await here.write()
        await fill(here, body="some")
        await here.press("ctrl+o")
        await here.shows(words)
        assert pane.body.text == "some" and here.mail.drafts()[0].body == "some"


async def test_what_an_editor_held_when_the_program_died_is_offered(tmp_path: Path) -> None:
    path = editor_file(tmp_path, "d1")
    path.parent.mkdir(parents=True)
    path.write_text("longer text\n")
    async with program(tmp_path) as here:
        inbox = here.app.screen
        assert isinstance(inbox, Composing)
        inbox.compose_letter(Draft(DraftId("d1"), "work", to="bob@example.org", subject="x", body="short"))
        await here.shows("An editor had this letter")
        await here.press("t")
        await here.until(lambda: here.pane is not None and here.pane.draft.body == "longer text\n")
        assert not path.exists()


def test_a_mail_link_fills_in_what_is_harmless_and_nothing_else() -> None:
    url = "mailto:bob%40example.org?subject=Hi%0D%0ABcc:%20x@evil.example&bcc=x@evil.example&attach=/etc/passwd"
    url += "&body=a%0Ab&cc=c%2Bd@e.org"
    draft = from_mailto(url, Draft(DraftId("d"), "work", body="\n\n-- \nAnn"))
    assert draft.to == "bob@example.org" and draft.cc == "c+d@e.org"
    assert "\n" not in draft.subject and "\r" not in draft.subject
    assert draft.bcc == "" and draft.enclosures == ()
    assert draft.body == "a\nb\n\n-- \nAnn"


async def test_a_notice_does_not_cover_how_a_letter_is_called_back(tmp_path: Path) -> None:
    async with program(tmp_path) as here:
        await here.write()
        await fill(here)
        here.app.notify("Something that happened meanwhile, told at some length beside what is done now.")
        await here.press("ctrl+enter")
        await here.until(lambda: len(here.mail.outbox()) == 1)
        await here.shows("“Lunch” goes out in 10 s.   z undoes")
        assert "Something that happened" in here.text
