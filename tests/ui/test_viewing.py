"""Views over folders: saved searches by number, tabs over the inbox, all inboxes with each account's colour."""

from __future__ import annotations

from pathlib import Path

from tui_mail.config.settings import Settings, Ui, View
from tui_mail.model.folder import Role
from tui_mail.model.query import Query
from tui_mail.ui.widgets.folder_tree import Saved
from tui_mail.ui.widgets.tab_line import Tab, TabLine

from .program import account, letter, program
from .world import WORK, World, mailbox, world

SUBJECTS = ("Lunch on Friday?", "Quarterly numbers", "Lunch again", "Nothing")
LIST = b"List-Id: Choir <choir.example.net>\r\n"


def settings(**views: str) -> Settings:
    shown = {name: View(name, query) for name, query in views.items()}
    return Settings({WORK.key: WORK}, ui=Ui(mark_read_after=0), views=shown)


async def test_a_configured_view_stands_among_the_folders_with_its_unread_count(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS), settings=settings(Lunch="subject:lunch", Mine="from:bob")) as here:
        await here.until(
            lambda: any(one.place == Saved("Lunch") and one.count == 1 for one in here.inbox.folders.lines)
        )
        await here.press("1")
        await here.until(lambda: here.subjects == ["Lunch on Friday?", "Lunch again"])
        assert here.inbox.place == Saved("Lunch") and "Lunch" in here.words("#where")
        await here.press("2")
        await here.until(lambda: "Lunch again" not in here.subjects)
        await here.press("3")
        assert here.inbox.place == Saved("Mine")


async def test_what_is_to_be_answered_later_is_a_pile_among_the_folders(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS)) as here:
        await here.press("j", "t")
        assert here.note.startswith("1 message to be answered later")
        await here.until(lambda: any(one.place == "later" and one.count == 1 for one in here.inbox.folders.lines))
        here.inbox.action_go_view("later")
        await here.until(lambda: here.subjects == [SUBJECTS[1]])
        assert "Reply later" in here.words("#where")
        await here.press("t")
        await here.until(lambda: here.subjects == [])
        await here.press("z")
        await here.until(lambda: here.subjects == [SUBJECTS[1]])


async def test_a_search_is_kept_as_a_view_and_still_there_the_next_time(tmp_path: Path) -> None:
    box = mailbox(SUBJECTS)
    async with world(tmp_path, box) as here:
        await here.press("slash")
        await here.type("lunch")
        await here.until(lambda: len(here.subjects) == 2)
        await here.press("enter")
        here.inbox.action_keep_view()
        await here.until(lambda: not here.is_home)
        await here.type("Eating")
        await here.press("enter")
        await here.until(lambda: here.inbox.place == Saved("Eating"))
        await here.settled()
        here.app.write_state()
    async with world(tmp_path, box, filled=False) as here:
        await here.until(lambda: "Eating" in here.inbox.views)
        assert here.inbox.views["Eating"] == Query.parse("lunch")
        await here.until(lambda: here.inbox.place == Saved("Eating") and len(here.subjects) == 2)
        here.inbox.action_drop_view()
        assert not here.inbox.views and here.inbox.place != Saved("Eating")
        await here.settled()


def shown_tabs(here: World) -> list[Tab]:
    return list(here.inbox.query_one(TabLine).tabs)


async def test_the_inbox_falls_into_people_lists_and_notifications(tmp_path: Path) -> None:
    box = mailbox(("From Bob",))
    box.add("INBOX", LIST + b"From: Eve <eve@example.org>\r\nSubject: Rehearsal\r\nMessage-ID: <l@x>\r\n\r\nhi\r\n")
    box.add("INBOX", b"From: <no-reply@shop.example>\r\nSubject: Your order\r\nMessage-ID: <n@x>\r\n\r\nhi\r\n")
    async with world(tmp_path, box, split_inbox=True) as here:
        await here.until(lambda: Tab("Lists", 1) in shown_tabs(here))
        assert [tab.name for tab in shown_tabs(here)] == ["All", "People", "Lists", "Notifications"]
        await here.press("greater_than_sign")
        assert here.subjects == ["From Bob"]
        await here.press("greater_than_sign")
        assert here.subjects == ["Rehearsal"]
        await here.press("e")
        assert here.subjects == []
        await here.press("greater_than_sign", "greater_than_sign")
        await here.until(lambda: sorted(here.subjects) == ["From Bob", "Your order"])
        await here.press("g", "a")
        assert not here.inbox.query_one(TabLine).display


async def test_all_inboxes_are_one_list_and_each_letter_goes_where_it_belongs(tmp_path: Path) -> None:
    async with program(tmp_path, letter(1, "At work"), accounts=[account(), account("home")], size=(120, 40)) as here:
        homes = here.boxes["home"]
        homes.add("INBOX", letter(2, "At home", to="ann@home.example"))
        here.mail.refresh()
        await here.shows("All inboxes")
        await here.press("g", "u")
        await here.shows("At home")
        await here.shows("At work")
        inbox = here.app.screen_stack[0]
        assert inbox.place == "inboxes" and inbox.messages.tints == {"work": 0, "home": 1}  # type: ignore[attr-defined]
        await here.shows("ann@home.example")  # the title says whose the message under the cursor is
        await here.press("e")
        await here.shows_no_more("At home")
        archive = here.mail.role("home", Role.ARCHIVE)
        assert archive is not None and len(here.mail.listing(Query(archive.id))) == 1
