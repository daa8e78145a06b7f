"""The program is killed, the line is cut, the disk is odd: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.engine.world import Machine, draft, fill, folder, ids, letter, machine, on_server, one, subjects
from tui_mail.backend.contract import Capabilities
from tui_mail.backend.memory import FULL, PLAIN
from tui_mail.engine.books import Books
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import AuthFailed, BadInput, Offline, StorageFailed
from tui_mail.model.event import Connection, Failed
from tui_mail.model.folder import Role
from tui_mail.model.message import FLAGGED
from tui_mail.model.query import Query

COPY_ONLY = Capabilities(uidplus=True)


def recovered(mail: Mail) -> None:
    """Until the account is online again and everything was told."""
    for _ in range(20):
        mail.refresh()
        assert mail.settled()
        if mail.connection("work").state == "online" and not mail.owed().actions:
            mail.refresh()
            assert mail.settled()
            return
    raise AssertionError(f"still owed: {mail.owed()}, {mail.connection('work')}")


def test_an_archive_that_waited_offline_goes_out_once_after_kill(here: Machine, tmp_path: Path) -> None:
    fill(here.box, 3)
    mail = here.start()
    here.box.unplug()
    mail.archive(ids(mail)[:1])
    mail.star(ids(mail)[:1])
    assert mail.settled()
    survivor = here.dies(tmp_path / "corpse")
    here.close()
    here.box.plug()
    try:
        mail = survivor.start()
        assert on_server(here.box, "Archive") == ["mail 2"]
        assert here.box.messages("INBOX")[-1].flags == {FLAGGED}
        assert subjects(mail) == ["mail 1", "mail 0"] and mail.owed().actions == 0
        assert sum(line.startswith("move") for line in here.box.log) == 1
    finally:
        survivor.close()


@pytest.mark.parametrize("can", [FULL, COPY_ONLY, PLAIN], ids=["move", "copy", "poor"])
def test_a_move_whose_answer_was_lost_is_not_repeated(here: Machine, can: Capabilities) -> None:
    here.can = can
    fill(here.box, 3)
    mail = here.start()
    before = ids(mail)
    here.box.after("move", here.box.drop)
    mail.archive(before[:2])
    recovered(mail)
    assert sorted(on_server(here.box, "Archive")) == ["mail 1", "mail 2"]
    assert ids(mail, Role.ARCHIVE) == before[:2] and ids(mail) == before[2:]
    assert mail.owed().actions == 0 and not here.failures()


@pytest.mark.parametrize("can", [FULL, COPY_ONLY, PLAIN], ids=["move", "copy", "poor"])
def test_a_move_whose_answer_was_lost_is_not_repeated_by_what_was_done_meanwhile(
    here: Machine, can: Capabilities
) -> None:
    here.can = can
    fill(here.box, 3)
    mail = here.start()
    session = mail._accounts.session("work")

    def falls() -> None:
        session.owe()  # the person went on
        here.box.drop()

    here.box.after("move", falls)
    mail.archive(ids(mail)[:2])
    recovered(mail)
    assert sum(line.startswith("move") for line in here.box.log) == 1
    assert sorted(on_server(here.box, "Archive")) == ["mail 1", "mail 2"]


def test_a_move_that_never_reached_the_server_is_repeated(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.refuse("move", Offline("The line was cut."))
    mail.archive(ids(mail))
    recovered(mail)
    assert on_server(here.box, "Archive") == ["mail 0"] and not here.box.messages("INBOX")


@pytest.mark.parametrize(
    ("can", "verb"),
    [(can, verb) for can in (FULL, PLAIN) for verb in ("open", "store", "status", "move")] + [(PLAIN, "headers_from")],
    ids=lambda one: one if isinstance(one, str) else "rich" if one.move else "poor",
)
def test_killed_at_any_verb_of_a_move_it_ends_alike(
    here: Machine, tmp_path: Path, verb: str, can: Capabilities
) -> None:
    """The files are copied just after the server did the verb, before the answer came; the program dies there."""
    here.can = can
    fill(here.box, 3)
    mail = here.start()
    corpses: list[Machine] = []

    def dies() -> None:
        corpses.append(here.dies(tmp_path / "corpse"))
        here.box.unplug()

    here.box.after(verb, dies)
    here.box.hold()  # what was done is on the disk before the server hears the first of it
    mail.star(ids(mail)[:1])
    mail.archive(ids(mail)[:1])
    mail._writer.do(lambda books: None).result(timeout=20)
    here.box.release()
    assert mail.settled()
    here.close()
    here.box.plug()
    (survivor,) = corpses
    try:
        mail = survivor.start()
        recovered(mail)
        assert on_server(here.box, "Archive") == ["mail 2"]
        assert here.box.messages("Archive")[0].flags == {FLAGGED}
        assert subjects(mail) == ["mail 1", "mail 0"] and subjects(mail, Role.ARCHIVE) == ["mail 2"]
        assert mail.owed().actions == 0 and not survivor.failures()
    finally:
        survivor.close()


def test_a_deletion_for_good_whose_answer_was_lost_ends_alike(here: Machine) -> None:
    here.box.add("Trash", letter("gone"))
    mail = here.start()
    here.box.after("expunge", here.box.drop)
    mail.trash(ids(mail, Role.TRASH))
    recovered(mail)
    assert not here.box.messages("Trash")
    here.box.after("append", here.box.drop)
    mail.undo()
    recovered(mail)
    assert on_server(here.box, "Trash") == ["gone"] and subjects(mail, Role.TRASH) == ["gone"]


def test_what_was_written_down_but_not_believed_is_believed_at_the_next_start(here: Machine, tmp_path: Path) -> None:
    """Killed between the two files: work.db has the operation, mail.db is as it was before."""
    fill(here.box, 2)
    mail = here.start()
    mail.close()
    shutil.copytree(here.data, tmp_path / "before")
    here.box.unplug()
    mail = here.start()
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    survivor = here.dies(tmp_path / "corpse")
    here.close()
    for suffix in ("", "-wal", "-shm"):
        (survivor.data / f"mail.db{suffix}").unlink(missing_ok=True)
        if (old := tmp_path / "before" / f"mail.db{suffix}").exists():
            shutil.copy(old, survivor.data)
    try:
        mail = survivor.start()
        assert subjects(mail) == ["mail 0"] and mail.owed().actions == 1
        here.box.plug()
        mail.refresh()
        assert mail.settled()
        assert on_server(here.box, "Archive") == ["mail 1"]
    finally:
        survivor.close()


@pytest.mark.parametrize("damage", ["gone", "rubbish", "empty"])
def test_a_lost_index_is_rebuilt_and_what_was_owed_still_goes_out(here: Machine, damage: str) -> None:
    fill(here.box, 4)
    mail = here.start()
    before = ids(mail)
    here.box.unplug()
    mail.archive(before[:1])
    mail.star(before[1:2])
    assert mail.settled()
    mail.close()
    index = here.data / "mail.db"
    for suffix in ("-wal", "-shm"):
        (here.data / f"mail.db{suffix}").unlink(missing_ok=True)
    if damage == "gone":
        index.unlink()
    else:
        index.write_bytes(b"" if damage == "empty" else b"not a database at all" * 1000)
    here.box.plug()
    mail = here.start()
    mail.refresh()
    assert mail.settled()
    assert on_server(here.box, "Archive") == ["mail 3"]
    assert subjects(mail) == ["mail 2", "mail 1", "mail 0"]
    assert one(mail, ids(mail)[0]).is_starred
    assert not set(ids(mail)) & set(before)
    assert mail.undo() == "Starred 1 message"
    assert mail.settled() and not one(mail, ids(mail)[0]).is_starred


def test_a_newer_programs_file_is_left_alone(here: Machine) -> None:
    here.start()
    here.close()
    connection = sqlite3.connect(here.data / "work.db")
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StorageFailed, match="newer tui-mail"):
        here.start()


def test_files_are_nobody_elses(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    mail.read(ids(mail)[0]).result(timeout=20)
    assert here.data.stat().st_mode & 0o077 == 0
    assert not [path for path in here.data.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]


def test_a_second_program_reads_and_keeps_drafts_but_does_not_act(here: Machine) -> None:
    fill(here.box, 2)
    here.start()
    with machine(here.data, here.box) as second:
        mail = second.start()
        assert mail.read_only and len(ids(mail)) == 2
        with pytest.raises(BadInput, match="Another tui-mail"):
            mail.archive(ids(mail))
        mail.keep(draft())
        assert mail.settled()
    here.close()
    assert not here.start().read_only


def test_a_wrong_password_stops_and_the_right_one_goes_on(here: Machine) -> None:
    fill(here.box, 1)
    here.box.refuse("connect", AuthFailed("The server does not know that password."), times=1)
    mail = here.start()
    assert here.ears.wait(Connection, lambda event: event.state == "auth").why.startswith("The server does not")
    mail.refresh()
    assert mail.settled()
    assert sum(line.startswith("connect") for line in here.box.log) == 1
    mail.login("work", "secret")
    here.ears.wait(Connection, lambda event: event.state == "online")
    assert mail.settled() and len(ids(mail)) == 1


def test_offline_says_why_and_a_key_press_tries_at_once(here: Machine) -> None:
    here.box.unplug()
    mail = here.start()
    offline = here.ears.wait(Connection, lambda event: event.state == "offline")
    assert offline.why and offline.retry_at is not None and offline.retry_at > here.now
    fill(here.box, 1)
    here.box.plug()
    mail.refresh()
    assert mail.settled() and len(ids(mail)) == 1


def test_reading_offline_says_so_instead_of_waiting(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.unplug()
    with pytest.raises(Offline):
        mail.read(ids(mail)[0]).result(timeout=20)


def test_reading_what_is_held_needs_no_server(here: Machine) -> None:
    fill(here.box, 2)
    mail = here.start()
    first, second = ids(mail)
    mail.read(first).result(timeout=20)
    here.box.hold()
    asked = mail.read(second)
    assert mail.read(first).result(timeout=20).text.strip() == "Hello."
    assert not asked.done()
    here.box.release()
    asked.result(timeout=20)


def test_reading_over_a_line_that_was_cut_succeeds_on_the_next(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.drop()
    assert mail.read(ids(mail)[0]).result(timeout=20).subject == "mail 0"


def test_closing_while_the_server_stands_still_takes_no_time(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.hold()
    mail.archive(ids(mail))
    mail.keep(draft("half a th"))
    closed = threading.Thread(target=mail.close)
    closed.start()
    closed.join(2)
    assert not closed.is_alive()
    here.box.release()
    mail = here.start()
    assert [each.subject for each in mail.drafts()] == ["half a th"]
    assert on_server(here.box, "Archive") == ["mail 0"]


def test_a_full_disk_is_said_and_the_mail_stays_where_it_was(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    before = ids(mail)
    limit_pages(mail, full=True)
    while not here.ears.of(Failed):  # what is free inside the file is used up first
        mail.star(before)
        assert mail.settled()
    starred = one(mail, before[0]).is_starred
    mail.archive(before)
    assert mail.settled()
    assert isinstance(here.ears.of(Failed)[-1].error, StorageFailed) and "full" in here.failures()[-1]
    assert ids(mail) == before and one(mail, before[0]).is_starred == starred
    limit_pages(mail, full=False)
    mail.archive(before)
    assert mail.settled() and folder(mail, Role.ARCHIVE).total == 1


def limit_pages(mail: Mail, *, full: bool) -> None:
    """Lets work.db grow no more, or again."""

    def job(books: Books) -> None:
        (pages,) = books.work.connection.execute("PRAGMA page_count").fetchone()
        books.work.connection.execute(f"PRAGMA max_page_count={pages if full else 1 << 30}")

    mail._writer.do(job).result(timeout=20)


def test_what_went_with_a_folder_is_not_owed_for_ever(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 3, "Lists")
    mail = here.start()
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    first, second, _ = mail.listing(Query(lists.id))
    here.box.unplug()
    mail.star([first])
    mail.move([second], folder(mail, Role.ARCHIVE).id)
    del here.box.folders["Lists"]
    here.box.plug()
    for _ in range(2):
        mail.refresh()
        assert mail.settled()
    assert mail.owed().actions == 0
    assert any("Lists is gone" in words for words in here.failures())
    here.close()
    mail = here.start()
    assert mail.owed().actions == 0


def test_what_was_moved_out_of_a_folder_that_is_gone_is_shown_nowhere_until_it_is_there_again(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 3, "Lists")
    mail = here.start()
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    moved = list(mail.listing(Query(lists.id)))[1]
    here.box.unplug()
    mail.move([moved], folder(mail, Role.ARCHIVE).id)
    away = here.box.folders.pop("Lists")
    here.box.plug()
    for _ in range(2):
        mail.refresh()
        assert mail.settled(5)
    here.ears.wait(Failed, lambda event: "gone from the server with their folder" in str(event.error))
    assert subjects(mail, Role.ARCHIVE) == [] and folder(mail, Role.ARCHIVE).total == 0
    here.box.folders["Lists"] = away
    for _ in range(2):
        mail.refresh()
        assert mail.settled(5)
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    assert moved in mail.listing(Query(lists.id)) and len(mail.listing(Query(lists.id))) == 3


def test_what_was_moved_out_of_a_folder_that_was_renamed_meanwhile_is_told_all_the_same(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 3, "Lists")
    mail = here.start()
    (lists,) = [one for one in mail.folders() if one.name == "Lists"]
    here.box.unplug()
    mail.move(list(mail.listing(Query(lists.id)))[1:2], folder(mail, Role.ARCHIVE).id)
    here.box.rename_folder("Lists", "Mailing lists")
    here.box.plug()
    for _ in range(3):
        mail.refresh()
        assert mail.settled(5)
    assert subjects(mail, Role.ARCHIVE) == ["mail 1"] == on_server(here.box, "Archive")
