"""Servers that say one number too few or too many, and other programs that are quicker: nothing is missed or kept."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backend import desk as desks
from tests.backend.desk import Desk, letter
from tests.backend.worlds import DemoWorld, done
from tests.engine.world import folder, ids, subjects
from tests.servers import Demos, demo_account
from tui_mail.backend.contract import Heard, RemoteFolder
from tui_mail.config.credentials import Secret
from tui_mail.demo.quirks import BASIC, CONDSTORE, FULL, MODERN, PLAIN
from tui_mail.engine.hearing import Hearing
from tui_mail.model.event import Arrived, Connection, Failed, Noticed
from tui_mail.model.folder import Role

ME = "demo@example.org"
LADDER = pytest.mark.parametrize(
    "offers", [PLAIN, BASIC, CONDSTORE, FULL], ids=["plain", "basic", "condstore", "qresync"]
)


@contextmanager
def running(
    servers: Demos,
    data: Path,
    offers: Iterable[str],
    quirks: Iterable[str] = (),
    subjects: tuple[str, str] = ("first", "second"),
) -> Iterator[Desk]:
    """With two letters in the inbox, both seen here."""
    server = servers(capabilities=offers, quirks=quirks)
    world = DemoWorld(server)
    for subject in subjects:
        world.add("INBOX", letter(subject, ME))
    with desks.running(data, demo_account(server, key="work"), Secret("demo"), world) as desk:
        desk.until(lambda: desk.mail.role("work", Role.INBOX) and len(ids(desk.mail)) == 2, "the first sync")
        assert desk.mail.settled()
        yield desk


def looked(desk: Desk) -> None:
    desk.mail.refresh()
    assert desk.mail.settled()
    desk.mail.refresh(folder(desk.mail, Role.INBOX).id)
    assert desk.mail.settled()


@LADDER
def test_a_letter_that_we_archived_and_another_program_took_away_is_gone(
    demo_server: Demos, tmp_path: Path, offers: frozenset[str]
) -> None:
    with running(demo_server, tmp_path / "data", offers) as desk:
        desk.mail.archive(ids(desk.mail)[:1])
        assert desk.mail.settled()
        [there] = desk.other.held("Archive")
        desk.other.remove("Archive", there.uid)
        looked(desk)
        assert subjects(desk.mail, Role.ARCHIVE) == []


@LADDER
@pytest.mark.parametrize("lie", ["uidnext_high", "uidnext_low"])
def test_new_mail_is_seen_and_told_whatever_number_the_server_names(
    demo_server: Demos, tmp_path: Path, offers: frozenset[str], lie: str
) -> None:
    """One goes as one comes, so that counting does not show it."""
    with running(demo_server, tmp_path / "data", offers, [lie]) as desk:
        desk.other.remove("INBOX", desk.other.held("INBOX")[0].uid)
        desk.other.add("INBOX", letter("third", ME))
        looked(desk)
        assert sorted(subjects(desk.mail)) == ["second", "third"]
        if lie == "uidnext_low":
            told = [row.subject for event in desk.ears.of(Arrived) for row in event.rows]
            assert told == ["third"]


def test_a_moved_letter_is_known_again_where_the_server_turns_out_to_call_every_letter_the_same(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", MODERN, ["one_thread"], ("alpha", "gamma")) as desk:
        moved = ids(desk.mail)
        desk.other.add("Archive", letter("of another length, by which that is noticed", ME))
        desk.mail.archive(moved)
        assert desk.mail.settled()
        assert set(moved) < set(ids(desk.mail, Role.ARCHIVE)) and len(ids(desk.mail, Role.ARCHIVE)) == 3
        desk.mail.undo()
        assert desk.mail.settled()
        assert sorted(desk.there("INBOX")) == [b"alpha", b"gamma"] and set(ids(desk.mail)) == set(moved)


# --- a server that shows a connection the folders of another time


@contextmanager
def somebody(desk: Desk) -> Iterator[imaplib.IMAP4]:
    """Another program with a connection of its own."""
    client = imaplib.IMAP4("127.0.0.1", desk.account.imap.port, timeout=10)
    client.login(ME, "demo")
    try:
        yield client
    finally:
        client.logout()


def names(desk: Desk) -> set[str]:
    return {one.name for one in desk.mail.folders()}


def test_a_folder_that_is_listed_and_does_not_open_has_the_others_looked_up_on_another_line(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["old_list"]) as desk, somebody(desk) as other:
        done(other.create("Trips"))
        done(other.rename("Archive", "Cellar"))
        desk.mail.opened(folder(desk.mail, Role.ARCHIVE).id)
        desk.until(lambda: {"Trips", "Cellar"} <= names(desk), "the folders as they are")
        assert "offline" not in [event.state for event in desk.ears.of(Connection)]


def test_a_folder_of_our_own_that_is_not_listed_has_the_others_looked_up_on_another_line(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["old_list"]) as desk, somebody(desk) as other:
        done(other.create("Trips"))
        desk.mail.shelves.make("work", "Plans").result(20)
        desk.mail.refresh()
        desk.until(lambda: {"Trips", "Plans"} <= names(desk), "the folders as they are")


def test_a_folder_that_was_told_of_and_is_not_listed_is_looked_up_on_another_line(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", MODERN, ["old_list"]) as desk, somebody(desk) as other:
        done(other.create("Trips"))
        desk.other.add("Trips", letter("tickets", ME))
        desk.until(lambda: "Trips" in names(desk), "the folders as they are")


def test_a_folder_that_an_old_connection_is_not_shown_is_there_when_the_person_checks_mail(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["old_list"]) as desk, somebody(desk) as other:
        done(other.create("Trips"))
        looked(desk)
        assert "Trips" not in names(desk) and lines(desk) == 1
        later(desk)[0] = time.monotonic() + 60
        desk.mail.refresh()
        desk.until(lambda: "Trips" in names(desk), "the folders as they are")
        assert "offline" not in [event.state for event in desk.ears.of(Connection)]


def test_a_list_that_stays_wrong_has_the_line_made_anew_once(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data", FULL) as desk:
        rounds = desk.mail._accounts.session("work").rounds
        rounds.distrust()
        desk.until(lambda: lines(desk) == 2, "another line")
        rounds.distrust()
        looked(desk)
        assert lines(desk) == 2


@LADDER
def test_a_letter_that_a_server_gave_without_a_word_is_read_at_the_next_look(
    demo_server: Demos, tmp_path: Path, offers: frozenset[str]
) -> None:
    with running(demo_server, tmp_path / "data", offers, ["empty_first=3"]) as desk:
        looked(desk)
        assert sorted(subjects(desk.mail)) == ["first", "second"]


def test_a_row_that_says_nothing_of_its_letter_is_not_deleted_in_its_name(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["empty_first=1000"]) as desk:
        looked(desk)  # it was asked for again, and will not be soon
        [blank] = [row.id for row in desk.mail.rows(ids(desk.mail)) if row is not None and not row.subject]
        assert isinstance(desk.other, DemoWorld)
        desk.other.server.quirks.end("empty_first")
        desk.mail.trash([blank])
        desk.mail.trash([blank])  # for good
        assert desk.mail.settled()
        looked(desk)
        assert sorted(subjects(desk.mail)) == ["first", "second"]
        assert sorted(desk.there("INBOX")) == [b"first", b"second"]
        [failed] = desk.ears.of(Failed)
        assert "1 message not deleted: the server has something else under their numbers." in str(failed.error)


def test_a_letter_is_not_deleted_while_the_server_says_that_nothing_is_in_it(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["empty_first=1000"]) as desk:
        looked(desk)
        [blank] = [row.id for row in desk.mail.rows(ids(desk.mail)) if row is not None and not row.subject]
        desk.mail.trash([blank])
        desk.mail.trash([blank])
        assert desk.mail.settled()
        assert sorted(desk.there("INBOX")) == [b"first", b"second"]
        assert len(ids(desk.mail)) == 2
        [failed] = desk.ears.of(Failed)
        assert "1 message put back. The server says that nothing is in it" in str(failed.error)


def test_a_folder_that_no_list_shows_and_that_opens_has_the_line_made_anew_once_and_is_read_all_the_same(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["hides_folders"]) as desk, somebody(desk) as other:
        now = later(desk)
        done(other.unsubscribe("Archive"))
        for number in range(4):
            desk.other.add("Archive", letter(f"hidden {number}", ME))
            due(desk)
            desk.until(lambda: f"hidden {number}" in subjects(desk.mail, Role.ARCHIVE), "what came there")  # noqa: B023
            assert desk.mail.settled()
            now[0] += 700
        assert lines(desk) == 2
        done(other.subscribe("Archive"))
        due(desk)
        assert desk.mail.settled()
        done(other.unsubscribe("Archive"))
        due(desk)
        desk.until(lambda: lines(desk) == 3, "another line, since it was listed meanwhile")


def test_a_folder_that_is_listed_and_never_opens_has_the_line_made_anew_once(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL) as desk:
        now = later(desk)
        assert isinstance(desk.other, DemoWorld)
        desk.other.server.refuse('SELECT "?Archive', "NO [NONEXISTENT] It is there and is not", times=None)
        for _ in range(6):
            desk.other.add("Archive", letter(f"out of reach {now[0]}", ME))
            due(desk)
            assert desk.mail.settled()
            now[0] += 700
        desk.until(lambda: desk.mail.connection("work").state == "online", "the line")
        assert lines(desk) == 2


def test_a_folder_that_is_told_of_again_and_again_and_that_no_list_shows_is_looked_for_once() -> None:
    hearing = Hearing()
    there = [RemoteFolder(b"INBOX", "INBOX", "/")]
    found = []
    for _ in range(6):
        hearing.told(Heard(frozenset({b"Secret"})))
        found.append(hearing.lacking(there))
    assert found == [1, 2, 0, 0, 0, 0]


def test_a_server_that_says_of_messages_that_they_are_gone_and_shows_them_loses_none(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["false_vanish"], ("first", "second")) as desk:
        for subject in ("third", "fourth", "fifth"):
            desk.other.add("INBOX", letter(subject, ME))
        looked(desk)
        desk.other.remove("INBOX", 4)
        looked(desk)
        assert sorted(subjects(desk.mail)) == ["fifth", "first", "second", "third"]


def test_a_server_that_gives_new_numbers_at_every_look_does_not_keep_the_program_busy(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", FULL, ["renumbers"]) as desk:
        assert isinstance(desk.other, DemoWorld)
        for _ in range(3):
            looked(desk)
        desk.mail.archive(ids(desk.mail)[:1])
        looked(desk)
        assert len(list(desk.other.server.log)) < 300
        told = [event.text for event in desk.ears.of(Noticed) if "new numbers" in event.text]
        assert len(told) <= 2
        assert len(subjects(desk.mail)) == 1 and len(desk.there("INBOX")) == 2, "what is done there waits"


@pytest.mark.parametrize("offers", [CONDSTORE, FULL], ids=["condstore", "qresync"])
def test_a_star_that_a_server_counts_as_no_change_is_seen_at_a_later_look(
    demo_server: Demos, tmp_path: Path, offers: frozenset[str]
) -> None:
    with running(demo_server, tmp_path / "data", offers, ["still_modseq"]) as desk:
        uid = desk.other.add("Archive", letter("filed", ME))
        looked(desk)
        [filed] = ids(desk.mail, Role.ARCHIVE)
        desk.other.flag("Archive", uid, ["\\Flagged"])
        desk.mail._accounts.session("work")._desk.clock = lambda: time.time() + 1300
        looked(desk)
        [row] = desk.mail.rows([filed])
        assert row is not None and row.is_starred


def test_a_server_that_counts_messages_and_shows_none_is_said_to(demo_server: Demos, tmp_path: Path) -> None:
    server = demo_server(capabilities=FULL)
    world = DemoWorld(server)
    world.add("INBOX", letter("first", ME))
    server.refuse("FETCH", "OK That is all", times=None)
    with desks.running(tmp_path / "data", demo_account(server, key="work"), Secret("demo"), world) as desk:
        told = desk.ears.wait(Failed).error
        assert "counts 1 message in Inbox and shows none" in str(told)
        server.faults.clear()
        looked(desk)
        assert subjects(desk.mail) == ["first"]


def later(desk: Desk) -> list[float]:
    """The clock of the rounds, which only the test moves."""
    now = [10_000.0]
    desk.mail._accounts.session("work").rounds._clock = lambda: now[0]
    return now


def due(desk: Desk) -> None:
    """It is time to look at all folders: nobody pressed a key for that, which would have another line made."""
    session = desk.mail._accounts.session("work")
    session.rounds.refresh()
    session.wake()


def lines(desk: Desk) -> int:
    """How often a line was made until now."""
    return len([event for event in desk.ears.of(Connection) if event.state == "online"])


def replaced(desk: Desk) -> None:
    """Another program takes the second letter away, and the server gives its number to a third."""
    [_, second] = desk.other.held("INBOX")
    desk.other.remove("INBOX", second.uid)
    assert isinstance(desk.other, DemoWorld)
    desk.other.server.mailbox.folders["INBOX"].uidnext = second.uid
    assert desk.other.add("INBOX", letter("third", ME)) == second.uid


def test_a_letter_under_the_number_of_one_that_was_removed_is_seen(demo_server: Demos, tmp_path: Path) -> None:
    with running(demo_server, tmp_path / "data", PLAIN) as desk:
        replaced(desk)
        looked(desk)
        assert sorted(subjects(desk.mail)) == ["first", "third"]


def test_what_was_meant_for_a_letter_is_not_done_to_the_next_one_of_its_number(
    demo_server: Demos, tmp_path: Path
) -> None:
    with running(demo_server, tmp_path / "data", PLAIN) as desk:
        [second] = [row.id for row in desk.mail.rows(ids(desk.mail)) if row is not None and row.subject == "second"]
        replaced(desk)
        desk.mail.archive([second])
        assert desk.mail.settled()
        looked(desk)
        assert sorted(desk.there("INBOX")) == [b"first", b"third"] and not desk.there("Archive")
        assert sorted(subjects(desk.mail)) == ["first", "third"]
