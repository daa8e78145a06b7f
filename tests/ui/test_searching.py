"""Looking for mail on the screen: at every key, with the word completed, and the hits marked."""

from __future__ import annotations

from pathlib import Path

from tui_mail.config.settings import Settings, Sync, Ui
from tui_mail.ui.screens.message import MessageScreen
from tui_mail.ui.widgets.search_bar import SearchInput

from .world import WORK, mailbox, world

SUBJECTS = ("Lunch on Friday?", "Quarterly numbers", "Lunch again", "会议の議事録", "Nothing")


async def test_every_key_narrows_the_list_and_the_hits_are_marked(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS)) as here:
        await here.press("slash")
        await here.type("lun")
        await here.until(lambda: here.subjects == ["Lunch on Friday?", "Lunch again"])
        assert here.inbox.messages.hits.subject == ("lun",)
        assert "2 messages" in here.words("#found")
        await here.type("c or quart")
        await here.until(lambda: len(here.subjects) == 3)
        await here.press("escape")
        assert here.subjects == list(SUBJECTS) and not here.inbox.messages.hits


async def test_filtering_stays_in_the_list_that_is_shown(tmp_path: Path) -> None:
    box = mailbox(SUBJECTS)
    async with world(tmp_path, box) as here:
        await here.press("s", "j", "s", "g", "s")
        await here.until(lambda: len(here.subjects) == 2)
        await here.press("backslash")
        await here.type("lunch")
        await here.until(lambda: here.subjects == ["Lunch on Friday?"])
        await here.press("escape")
        await here.until(lambda: len(here.subjects) == 2)
        assert here.inbox.place == "starred"


async def test_tab_completes_and_goes_through_the_choices(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("slash")
        await here.type("fr")
        assert "from:" in here.note
        await here.press("tab")
        await here.type("car")
        await here.until(lambda: "carol@example.org" in here.note)
        await here.press("tab")
        await here.until(lambda: here.subjects == ["Quarterly numbers"])
        assert here.inbox.searching.words == "from:carol@example.org "
        await here.type("is:")
        await here.press("tab", "tab")
        assert here.inbox.searching.words == "from:carol@example.org is:read "


async def test_a_mistake_is_marked_only_once_it_cannot_become_right(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.press("slash")
        box = here.inbox.query_one(SearchInput)
        await here.type("lunch is:unr")
        assert not box._marks.mistakes
        await here.type("x")
        await here.until(lambda: "know unread" in here.note)
        assert [(one.start, one.end) for one in box._marks.mistakes] == [(6, 13)]
        await here.until(lambda: here.subjects == ["Lunch on Friday?"])


async def test_n_goes_from_hit_to_hit_in_the_list_and_in_the_letter(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS), size=(80, 24)) as here:
        await here.press("slash")
        await here.type("lunch")
        await here.until(lambda: len(here.subjects) == 2)
        await here.press("enter", "n")
        assert here.at == "Lunch again"
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, MessageScreen))
        screen = here.app.screen
        assert isinstance(screen, MessageScreen) and screen.reader.view.phrases == ("lunch",)
        await here.press("q", "escape", "escape")
        await here.until(lambda: len(here.subjects) == 5)
        await here.press("home", "n")
        await here.until(lambda: here.at == "Lunch again")
        await here.press("n")
        await here.until(lambda: "No further hit" in here.note)


async def test_what_only_the_server_knows_joins_the_list_and_is_said_to_come_from_there(tmp_path: Path) -> None:
    kept = Settings({WORK.key: WORK}, ui=Ui(mark_read_after=0, preview="off"), sync=Sync(keep="headers"))
    async with world(tmp_path, mailbox(SUBJECTS), settings=kept, size=(120, 40)) as here:
        await here.press("slash")
        await here.type('"see you"')
        await here.until(lambda: len(here.subjects) == 5)
        await here.until(lambda: " from mail.example.org" in here.words("#found"))
        await here.press("enter", "e")  # what was done does not drive the others away
        await here.settled()
        assert len(here.subjects) == 5


async def test_what_is_archived_from_a_search_leaves_at_once(tmp_path: Path) -> None:
    async with world(tmp_path, mailbox(SUBJECTS)) as here:
        await here.press("slash")
        await here.type("in:inbox lunch")
        await here.until(lambda: len(here.subjects) == 2)
        await here.press("enter", "e")
        assert here.subjects == ["Lunch again"]
        await here.press("z")
        await here.until(lambda: len(here.subjects) == 2)
