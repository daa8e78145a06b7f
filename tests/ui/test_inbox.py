"""The inbox answers at once, stays on its message, and says what it did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandList
from textual.widgets import OptionList

from tui_mail.config.settings import Settings, Ui
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import AuthFailed, BadConfig, Offline
from tui_mail.ui.app import contexts
from tui_mail.ui.keys import KEYMAPS, bindings_of, keymap
from tui_mail.ui.screens.dialogs import LoginDialog, Question
from tui_mail.ui.screens.help import HelpScreen
from tui_mail.ui.screens.message import MessageScreen
from tui_mail.ui.screens.name_dialog import NameDialog
from tui_mail.ui.screens.outbox import OutboxScreen
from tui_mail.ui.screens.previewing import placed
from tui_mail.ui.screens.unfinished import DraftsScreen

from .world import LETTERS, WORK, deliver, mailbox, world


async def test_the_newest_letter_stands_first_and_the_unread_are_counted(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        assert here.subjects == list(LETTERS)
        assert here.words("#where") == "Inbox  2 unread of 5 messages"
        assert here.at == LETTERS[0]


async def test_archive_is_seen_before_the_server_knows(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.box.hold()
        await here.press("e")
        assert LETTERS[0] not in here.subjects
        assert here.at == LETTERS[1], "the cursor is on the next older one"
        assert here.note == "Archived 1 message.   z undoes"
        assert len(here.box.messages("INBOX")) == 5
        await here.press("z")
        assert here.subjects == list(LETTERS)
        assert here.note == "Undone: Archived 1 message."


async def test_what_was_archived_is_archived_on_the_server(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("e", "e")
        await here.settled()
        assert len(here.box.messages("Archive")) == 2
        await here.press("z", "z", "Z")
        await here.settled()
        assert len(here.box.messages("Archive")) == 1


async def test_without_a_network_everything_works_and_the_status_says_why(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.box.unplug()
        await here.press("e")
        assert LETTERS[0] not in here.subjects
        await here.until(
            lambda: "offline, " in here.words("StatusBar") and "1 action waiting" in here.words("StatusBar")
        )
        here.box.plug()
        await here.press("dollar_sign")
        await here.until(lambda: "● online" in here.words("StatusBar"))
        await here.settled()
        assert len(here.box.messages("Archive")) == 1


async def test_whoever_checks_mail_in_a_hotel_is_told_the_whole_reason_and_what_to_do(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        wall = "This network wants you to log in first: a web page answered instead of mail.example.org."
        here.box.refuse("connect", Offline(wall, remedy="Open a browser, log in to the network, then try again."), 9)
        here.box.drop()
        await here.press("dollar_sign")
        await here.until(lambda: here.note.startswith("This network wants you to log in first"))
        assert here.note.endswith("Open a browser, log in to the network, then try again.")


async def test_whoever_comes_back_to_the_terminal_has_the_server_asked(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.settled()
        here.mail._accounts.session("work").rounds._poll_at -= 20  # seconds that somebody was away
        here.box.log.clear()
        here.app.post_message(events.AppFocus())
        await here.until(lambda: "open INBOX" in here.box.log)


async def test_a_letter_is_called_back_before_older_actions_are_undone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("e")
        letter = Draft(DraftId("d1"), "work", to="bob@example.org", subject="Hi", body="x")
        here.app.letter_sent(here.mail.send(letter).result(20))
        assert here.note == "“Hi” goes out in 10 s.   z undoes"
        await here.press("s", "z")
        assert here.note.startswith("Undone: Starred")
        await here.press("z")
        await here.until(lambda: here.inbox.composer is not None)
        assert not here.mail.outbox()
        await here.press("escape", "z")
        assert here.subjects == list(LETTERS)


async def test_star_and_read_are_toggled_and_said(tmp_path: Path) -> None:
    async with world(tmp_path, mark_read_after=0) as here:
        await here.press("s")
        row = here.inbox.messages.current
        assert row is not None and row.is_starred
        await here.press("I")
        assert here.words("#where") == "Inbox  1 unread of 5 messages"
        await here.press("U", "u")
        assert "Inbox  1 unread" in here.words("#where")


async def test_new_mail_appears_without_a_key_and_the_cursor_stays(tmp_path: Path) -> None:
    box = mailbox()
    async with world(tmp_path, box):
        pass  # the first run, which gets to know the folders
    async with world(tmp_path, box) as here:
        await here.press("j")
        deliver(here.box, "Fresh")
        await here.until(lambda: "Fresh" in here.subjects)
        assert here.at == LETTERS[1]


async def test_a_search_narrows_the_list_and_esc_goes_back_to_the_same_letter(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("j")
        await here.press("slash")
        await here.type("receipt")
        await here.press("enter")
        assert here.subjects == [LETTERS[3]]
        assert here.inbox.messages.has_focus
        await here.press("escape")
        assert here.subjects == list(LETTERS)
        assert here.at == LETTERS[1]


async def test_a_search_that_cannot_be_meant_says_what_can(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("slash")
        await here.type("is:red")
        await here.press("enter")
        assert "is: and has: know unread" in here.note


async def test_tab_goes_to_the_next_unread_letter_and_on_into_the_next_folder(tmp_path: Path) -> None:
    box = mailbox()
    box.create("Lists")
    deliver(box, "From the list", folder="Lists")
    async with world(tmp_path, box, mark_read_after=0) as here:
        await here.until(lambda: any(folder.unread for folder in here.mail.folders() if folder.name == "Lists"))
        await here.press("tab")
        assert here.at == LETTERS[1]
        await here.press("tab")
        await here.until(lambda: here.at == "From the list")
        assert here.words("#where").startswith("Lists")


async def test_g_and_a_letter_go_to_a_folder(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("g", "x")
        assert here.words("#where").startswith("Trash")
        await here.press("g", "i")
        assert here.words("#where").startswith("Inbox")
        await here.press("s", "g", "s")
        assert here.words("#where") == "Starred  1 message"
        assert here.subjects == [LETTERS[0]]


async def test_a_key_that_leads_nowhere_says_so_and_does_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("g", "e")
        assert here.note == "g e does nothing."
        assert here.subjects == list(LETTERS)


async def test_after_a_pause_the_keys_that_may_follow_are_shown(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("g")
        await here.until(lambda: "i Inbox" in here.note)
        assert "x Trash" in here.note and "g First message" in here.note
        await here.press("escape")
        assert here.note == ""


@pytest.mark.parametrize(
    ("mode", "size", "where"),
    [
        ("auto", (96, 36), "right"),
        ("auto", (60, 20), "below"),
        ("auto", (60, 13), "off"),
        ("right", (70, 30), "right"),
        ("right", (50, 30), "below"),
        ("below", (200, 40), "below"),
        ("off", (200, 60), "off"),
    ],
)
def test_the_preview_stands_where_there_is_room(mode: str, size: tuple[int, int], where: str) -> None:
    assert placed(mode, *size) == where


async def test_p_cycles_the_preview_and_it_is_remembered(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("p", "p")
        assert here.note == "Preview: below."
        await here.press("q")
    async with world(tmp_path) as here:
        assert here.inbox.preview_mode == "below"


async def test_the_preview_marks_a_letter_read_after_a_while(tmp_path: Path) -> None:
    async with world(tmp_path, mark_read_after=0.05) as here:
        await here.until(lambda: "1 unread" in here.words("#where"))


async def test_passing_over_letters_marks_none_of_them_read(tmp_path: Path) -> None:
    async with world(tmp_path, mark_read_after=30) as here:
        await here.press("j", "j", "j", "k", "k", "k")
        assert "2 unread" in here.words("#where")


async def test_enter_reads_a_letter_and_q_comes_back_to_where_one_read_last(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("enter")
        assert isinstance(here.app.screen, MessageScreen)
        await here.press("J", "q")
        assert here.is_home
        assert here.at == LETTERS[1]


async def test_a_missing_archive_is_asked_for_once_and_made(tmp_path: Path) -> None:
    box = mailbox()
    box.remove_folder("Archive")
    async with world(tmp_path, box) as here:
        await here.press("e")
        await here.until(lambda: isinstance(here.app.screen, NameDialog))
        await here.press("enter")
        await here.until(lambda: LETTERS[0] not in here.subjects)
        await here.settled()
        assert len(box.messages("Archive")) == 1


async def test_a_server_that_wants_a_password_is_asked_about(tmp_path: Path) -> None:
    box = mailbox()
    box.refuse("connect", AuthFailed("mail.example.org does not accept the password."), times=2)
    async with world(tmp_path, box, filled=False) as here:
        await here.until(lambda: isinstance(here.app.screen, LoginDialog))
        await here.type("wrong")
        await here.press("enter")
        await here.until(lambda: box.heard("connect", 2, 0) and isinstance(here.app.screen, LoginDialog))
        await here.type("right")
        await here.press("enter")
        await here.until(lambda: here.subjects == list(LETTERS))


async def test_a_password_that_was_changed_outside_is_taken_when_mail_is_checked(tmp_path: Path) -> None:
    kept = tmp_path / "password"
    kept.write_text("expired")
    work = replace(WORK, password_command=("cat", str(kept)))
    settings = Settings({work.key: work}, ui=Ui(mark_read_after=0))
    box = mailbox()
    box.refuse("connect", AuthFailed("The password of ann@example.org has expired."), times=1)
    async with world(tmp_path, box, settings=settings, filled=False, typed="") as here:
        await here.until(lambda: isinstance(here.app.screen, LoginDialog))
        assert here.mail._credentials.password(work).reveal() == "expired"  # what a server would have been given
        await here.press("escape", "f5")
        await here.until(lambda: isinstance(here.app.screen, LoginDialog))
        assert box.heard("connect", 1, 0) and not box.heard("connect", 2, 0)
        kept.write_text("new")
        await here.press("escape", "f5")
        await here.until(lambda: here.subjects == list(LETTERS))


async def test_quitting_with_a_letter_in_the_outbox_asks_once(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(Draft(DraftId("d1"), "work", to="bob@example.org", subject="Hi", body="x")).result(20)
        await here.press("q")
        assert isinstance(here.app.screen, Question)
        await here.press("s")
        assert here.is_home
        await here.press("q", "q")
        assert here.app.return_code == 0


async def test_the_outbox_shows_what_waits_and_calls_it_back(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.send(Draft(DraftId("d1"), "work", to="bob@example.org", subject="Hi", body="x")).result(20)
        await here.press("g", "o")
        screen = here.app.screen
        assert isinstance(screen, OutboxScreen)
        await here.press("u")
        await here.until(lambda: not here.mail.outbox())
        assert [draft.subject for draft in here.mail.drafts()] == ["Hi"]


async def test_a_letter_that_was_being_written_is_offered_after_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.mail.keep(Draft(DraftId("d1"), "work", to="bob@example.org", subject="Half a thought", body="and"))
        await here.settled()
    async with world(tmp_path) as here:
        assert any("Half a thought" in toast for toast in here.toasts)
        await here.press("g", "d")
        assert isinstance(here.app.screen, DraftsScreen)
        await here.press("enter")
        await here.until(lambda: here.inbox.composer is not None)


async def test_help_lists_the_keys_of_the_place_and_narrows_down(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("question_mark")
        assert isinstance(here.app.screen, HelpScreen)
        assert "e  a" in here.words("#keys") and "Go to" in here.words("#keys")
        await here.type("archive")
        assert "Star:" not in here.words("#keys")
        await here.press("escape")
        assert here.is_home


async def test_a_page_key_that_is_quicker_than_the_palette_harms_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("ctrl+p")
        found = here.app.screen.query_one(CommandList)
        await here.until(lambda: found.option_count > 1)
        found.display = False  # as before it was laid out for the first time
        await here.pilot.pause()
        found._clear_caches()
        found.set_reactive(OptionList.highlighted, 1)
        await here.press("pagedown")
        await here.until(lambda: here.app.screen.id == "--command-palette")
        await here.press("escape")
        assert here.is_home


async def test_the_palette_does_what_the_key_does(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("ctrl+p")
        await here.type("archive")
        await here.until(lambda: bool(here.app.screen.query("CommandList").first().display))
        await here.press("enter")
        await here.until(lambda: LETTERS[0] not in here.subjects)


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (60, 16), (80, 24), (250, 80)])
async def test_no_size_breaks_anything(tmp_path: Path, size: tuple[int, int]) -> None:
    async with world(tmp_path, size=size) as here:
        await here.press("j", "f6", "f6", "slash", "x", "escape", "question_mark", "escape")
        await here.pilot.resize_terminal(80, 24)
        await here.press("c")
        await here.pilot.resize_terminal(*size)
        await here.press("escape")
        assert here.is_home


async def test_f6_goes_round_the_panes(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("f6")
        assert here.inbox.preview.view.has_focus
        await here.press("f6")
        assert here.inbox.folders.has_focus
        await here.press("shift+f6", "shift+f6")
        assert here.inbox.messages.has_focus


async def test_the_folders_open_with_the_list_keys(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("shift+f6", "j", "enter")
        assert here.inbox.messages.has_focus
        assert not here.words("#where").startswith("Inbox")


async def test_the_gmail_map_changes_keys_and_what_is_shown(tmp_path: Path) -> None:
    async with world(tmp_path, keymap="gmail") as here:
        await here.press("d")
        assert LETTERS[0] in here.subjects, "d means nothing there"
        await here.press("number_sign")
        assert LETTERS[0] not in here.subjects


async def test_the_mutt_map_goes_to_folders_with_c(tmp_path: Path) -> None:
    async with world(tmp_path, keymap="mutt") as here:
        await here.press("c", "x")
        assert here.words("#where").startswith("Trash")


def test_a_key_that_is_taken_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"“message\.archive” = “s”: s already means Star"):
        keymap("default", {"message.archive": "s"}, contexts())


@pytest.mark.parametrize("name", KEYMAPS)
def test_shipped_maps_name_actions_that_exist_and_share_no_key(name: str) -> None:
    known = {binding.id for context in contexts().values() for owner in context for binding in bindings_of(owner)}
    assert set(KEYMAPS[name]) <= known
    keymap(name, {id: keys for id, keys in keymap(name, {}, contexts()).keys.items()}, contexts())


def test_every_binding_says_what_it_does() -> None:
    for context in contexts().values():
        for owner in context:
            for binding in bindings_of(owner):
                assert binding.description and binding.tooltip, binding


async def test_an_unknown_theme_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="is not a theme"):
        async with world(tmp_path, theme="pink"):
            pass
