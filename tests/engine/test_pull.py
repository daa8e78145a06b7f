"""What other programs and the server do to the mailbox arrives here, and nothing of it costs a mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.world import SETTINGS, Machine, fill, folder, ids, letter, machine, on_server, one, rows, subjects
from tui_mail.backend.contract import Capabilities
from tui_mail.backend.memory import FULL, PLAIN, MemoryMailbox
from tui_mail.config.settings import Sync
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import Refused
from tui_mail.model.event import Arrived, Changed, Failed, Noticed
from tui_mail.model.folder import Role
from tui_mail.model.message import ANSWERED, FLAGGED, SEEN
from tui_mail.model.query import Query

QRESYNC = replace(FULL, qresync=True)
LADDER = pytest.mark.parametrize("can", [PLAIN, FULL, QRESYNC], ids=["plain", "condstore", "qresync"])


def looked(mail: Mail) -> None:
    mail.refresh()
    mail.refresh(folder(mail, Role.INBOX).id)
    assert mail.settled()


def test_the_newest_mail_is_there_first_and_the_past_follows(here: Machine) -> None:
    fill(here.box, 900)
    mail = here.start()
    assert subjects(mail)[0] == "mail 899" and len(ids(mail)) == 900
    fetched = [line for line in here.box.log if line.startswith(("newest", "headers"))]
    assert fetched[0] == "newest 60"
    assert fetched[1].startswith("headers 641,")
    assert folder(mail, Role.INBOX).held == 900


def test_a_folder_says_how_much_it_holds_before_all_of_it_is_here(here: Machine) -> None:
    fill(here.box, 500)
    here.box.after("newest", here.box.unplug)
    mail = here.start()
    inbox = folder(mail, Role.INBOX)
    assert (inbox.total, inbox.unread) == (500, 500)


@LADDER
def test_what_others_do_shows_up(here: Machine, can: Capabilities) -> None:
    here.can = can
    uids = fill(here.box, 6)
    mail = here.start()
    here.box.flag("INBOX", uids[0], {SEEN, "$Label1"})
    here.box.remove("INBOX", uids[1])
    here.box.move("INBOX", uids[2], "Archive")
    fill(here.box, 2, start=10)
    looked(mail)
    assert subjects(mail) == ["mail 11", "mail 10", "mail 5", "mail 4", "mail 3", "mail 0"]
    assert rows(mail)[-1].flags == {SEEN, "$Label1"}
    assert subjects(mail, Role.ARCHIVE) == ["mail 2"]
    assert folder(mail, Role.INBOX).unread == 5


@LADDER
def test_ours_and_theirs_survive_flag_by_flag(here: Machine, can: Capabilities) -> None:
    here.can = can
    (uid,) = fill(here.box, 1)
    here.box.flag("INBOX", uid, {ANSWERED})
    mail = here.start()
    (id,) = ids(mail)
    here.box.unplug()
    mail.star([id])
    here.box.flag("INBOX", uid, {SEEN}, {ANSWERED})
    here.box.plug()
    looked(mail)  # perhaps over the line that is just found to be cut: the next one looks again
    here.ears.wait(Changed, lambda event: one(mail, id).flags == {SEEN, FLAGGED}, timeout=30)
    assert mail.settled()
    assert here.box.messages("INBOX")[0].flags == {SEEN, FLAGGED}


@LADDER
def test_an_archived_mail_is_not_resurrected_by_a_look_at_the_inbox(here: Machine, can: Capabilities) -> None:
    here.can = can
    fill(here.box, 2)
    mail = here.start()
    here.box.refuse("move", Refused("Later.", permanent=False))
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    looked(mail)
    assert subjects(mail) == ["mail 0"] and subjects(mail, Role.ARCHIVE) == ["mail 1"]


def test_new_mail_in_the_inbox_is_told_once_and_old_mail_is_not(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    assert not here.ears.of(Arrived)
    here.box.add("INBOX", letter("news", 100))
    arrived = here.ears.wait(Arrived)
    assert [row.subject for row in arrived.rows] == ["news"]
    looked(mail)
    assert len(here.ears.of(Arrived)) == 1


def test_mail_that_was_read_elsewhere_is_no_news(here: Machine) -> None:
    mail = here.start()
    here.box.add("INBOX", letter("read already", 100), {SEEN})
    looked(mail)
    assert subjects(mail) == ["read already"] and not here.ears.of(Arrived)


@LADDER
def test_renumbered_folders_keep_their_rows_and_what_is_owed(here: Machine, can: Capabilities) -> None:
    here.can = can
    fill(here.box, 5)
    mail = here.start()
    before = ids(mail)
    here.box.unplug()
    mail.star(before[:1])
    mail.archive(before[1:2])
    here.box.renew("INBOX")
    here.box.plug()
    looked(mail)
    looked(mail)
    assert ids(mail) == [before[0], *before[2:]]
    assert ids(mail, Role.ARCHIVE) == before[1:2]
    assert on_server(here.box, "Archive") == ["mail 3"]
    assert [kept.flags for kept in here.box.messages("INBOX")][-1] == {FLAGGED}


def test_a_renamed_folder_keeps_its_rows(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 3, "Lists")
    mail = here.start()
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    before = list(mail.listing(Query(lists.id)))
    here.box.folders["Python"] = here.box.folders.pop("Lists")
    here.box.folders["Python"].name = "Python"
    for _ in range(3):
        looked(mail)
    assert not here.ears.of(Noticed)
    (python,) = [one for one in mail.folders() if one.name == "Python"]
    assert list(mail.listing(Query(python.id))) == before
    assert "Lists" not in [one.name for one in mail.folders()]


def test_a_folder_that_shows_itself_empty_once_loses_nothing(here: Machine) -> None:
    here.can = PLAIN
    fill(here.box, 60)
    mail = here.start()
    kept = dict(here.box.folder("INBOX").messages)
    here.box.folder("INBOX").messages.clear()

    def heal() -> None:
        here.box.folder("INBOX").messages.update(kept)

    here.box.after("identity", heal)
    looked(mail)
    assert len(ids(mail)) == 60


def test_a_folder_that_was_really_emptied_is_empty_here_too(here: Machine) -> None:
    uids = fill(here.box, 20)
    mail = here.start()
    here.box.remove("INBOX", *uids)
    looked(mail)
    assert ids(mail) == [] and folder(mail, Role.INBOX).total == 0


def test_a_hole_is_filled(here: Machine) -> None:
    fill(here.box, 5)
    mail = here.start()
    writer = mail._writer  # what an interrupted run of an older program may have left
    writer.do(lambda books: books.index.connection.execute("DELETE FROM message WHERE uid = 3")).result(timeout=20)
    here.box.add("INBOX", letter("nudge", 50))
    looked(mail)
    assert len(ids(mail)) == 6


def test_mail_that_looks_the_same_is_still_two_mails(here: Machine) -> None:
    for _ in range(3):
        here.box.add("INBOX", letter("same"), date=1)
    mail = here.start()
    assert len(ids(mail)) == 3
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    looked(mail)
    assert len(ids(mail)) == 2 and len(ids(mail, Role.ARCHIVE)) == 1


def test_a_mail_from_the_future_does_not_stand_on_top_for_ever(here: Machine) -> None:
    future = letter("from 2099").replace(b"Nov 2026", b"Nov 2099")
    here.box.add("INBOX", future, date=1_700_000_000)
    here.box.add("INBOX", letter("today", 5), date=1_795_400_000)
    assert subjects(here.start()) == ["today", "from 2099"]


def test_a_folder_with_a_header_from_hell_is_listed(here: Machine) -> None:
    here.box.add("INBOX", b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\nFrom: <\r\nSubject: =?x?b?//?=\r\n\r\nx")
    here.box.add("INBOX", b"\x00\xff\r\n\r\n")
    fill(here.box, 1)
    assert len(rows(here.start())) == 3


@pytest.mark.parametrize("verb", ["connect", "folders", "open", "newest", "uids", "headers"])
def test_the_first_look_cut_at_any_verb_ends_like_a_clean_one(tmp_path: Path, verb: str) -> None:
    box = MemoryMailbox()
    fill(box, 450)
    with machine(tmp_path / "clean", box) as clean:
        expected = [(row.subject, row.flags) for row in rows(clean.start())]
    with machine(tmp_path / "cut", box) as here:
        box.after(verb, box.drop, times=2)
        mail = here.start(settle=False)
        for _ in range(4):
            mail.refresh()
            assert mail.settled()
        assert [(row.subject, row.flags) for row in rows(mail)] == expected


def test_a_second_start_with_nothing_new_fetches_nothing(here: Machine) -> None:
    fill(here.box, 20)
    here.start()
    here.close()
    here.box.log.clear()
    here.start()
    assert not [line for line in here.box.log if line.startswith(("headers", "newest", "flags", "fetch"))]


def test_text_within_the_policy_is_here_before_it_is_asked_for(tmp_path: Path) -> None:
    with machine(tmp_path / "data", settings=replace(SETTINGS, sync=Sync(keep="all"))) as here:
        here.box.add("INBOX", letter("about tea", body="Darjeeling or 乌龙茶?\r\n"))
        mail = here.start()
        assert here.box.heard("fetch")
        (id,) = ids(mail)
        here.ears.wait(Changed, lambda event: one(mail, id).has_text)
        here.box.unplug()
        assert mail.read(id).result(timeout=20).text.startswith("Darjeeling")
        assert one(mail, id).snippet.startswith("Darjeeling or")


_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "flag", "remove", "move", "archive", "star", "read", "undo", "renew", "drop"]),
        st.integers(0, 30),
    ),
    max_size=14,
)


def _play(here: Machine, mail: Mail, change: str, number: int) -> None:
    messages = here.box.messages("INBOX")
    uid = messages[number % len(messages)].uid if messages else 0
    mine = ids(mail)
    chosen = mine[number % len(mine) : number % len(mine) + 2] if mine else []
    deeds: dict[str, Callable[[], object]] = {
        "add": lambda: fill(here.box, 2, start=100 + number),
        "flag": lambda: here.box.flag("INBOX", uid, {FLAGGED}),
        "remove": lambda: here.box.remove("INBOX", uid),
        "move": lambda: here.box.move("INBOX", uid, "Archive") if uid else 0,
        "archive": lambda: mail.archive(chosen),
        "star": lambda: mail.star(chosen),
        "read": lambda: mail.mark_read(chosen),
        "undo": mail.undo,
        "renew": lambda: here.box.renew("INBOX"),
        "drop": here.box.drop,
    }
    deeds[change]()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=_CHANGES, can=st.sampled_from([PLAIN, FULL, QRESYNC]))
def test_whatever_both_sides_do_they_agree_in_the_end(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int]], can: Capabilities
) -> None:
    with machine(tmp_path_factory.mktemp("world") / "data") as here:
        here.can = can
        fill(here.box, 8)
        mail = here.start()
        for change, number in changes:
            _play(here, mail, change, number)
        for _ in range(3):
            mail.refresh()
            for each in mail.folders():
                mail.refresh(each.id)
            assert mail.settled()
        assert mail.owed().actions == 0
        for role, name in ((Role.INBOX, "INBOX"), (Role.ARCHIVE, "Archive")):
            server = sorted(
                (subject, kept.flags)
                for subject, kept in zip(on_server(here.box, name), here.box.messages(name), strict=True)
                if "\\Deleted" not in kept.flags
            )
            assert sorted((row.subject, row.flags) for row in rows(mail, role)) == server
            assert folder(mail, role).total == len(server)
        assert not here.ears.of(Failed)
