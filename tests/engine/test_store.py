"""One store on one disk: shared by two programs, damaged, full, and left by a program that died; nothing is lost."""

from __future__ import annotations

import os
import random
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine.test_survival import limit_pages
from tests.engine.world import Machine, draft, fill, folder, ids, letter, machine, on_server, subjects
from tui_mail.engine import health, salvage
from tui_mail.engine.books import Books
from tui_mail.engine.mail import Mail
from tui_mail.engine.overlay import Overlay
from tui_mail.engine.windows import Windows
from tui_mail.model.errors import IndexDamaged, StorageFailed
from tui_mail.model.event import Changed, Connection, Failed, Noticed, Unsaved
from tui_mail.model.folder import Role
from tui_mail.model.query import Query


@contextmanager
def small_disk(octets: int) -> Iterator[None]:
    """No file of this process can grow beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def checkpointed(mail: Mail) -> None:
    """Everything stands in the files themselves."""

    def job(books: Books) -> None:
        for connection in (books.index.connection, books.work.connection):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    mail._writer.do(job).result(timeout=20)


def break_pages(path: Path, dice: random.Random, count: int = 6) -> None:
    """Overwrites pages in the middle of a file."""
    content = bytearray(path.read_bytes())
    for _ in range(count):
        at = dice.randrange(1, len(content) // 4096) * 4096
        content[at : at + 4096] = dice.randbytes(4096)
    path.write_bytes(content)


# --- two programs


def test_a_second_program_shows_what_the_first_one_changes(here: Machine) -> None:
    fill(here.box, 2)
    first = here.start()
    with machine(here.data, here.box) as beside:
        mail = beside.start()
        first.archive(ids(first)[:1])
        assert first.settled()
        mail.attend()
        beside.ears.wait(Changed)
        assert subjects(mail) == ["mail 0"] and mail.read_only


def test_a_second_program_takes_over_when_the_first_one_ends(here: Machine) -> None:
    fill(here.box, 2)
    here.start()
    with machine(here.data, here.box) as beside:
        mail = beside.start()
        mail.attend()
        assert mail.settled() and mail.read_only
        here.close()
        mail.attend()
        told = beside.ears.wait(Noticed)
        assert "this one keeps the mail now" in told.text and not mail.read_only
        beside.ears.wait(Connection, lambda event: event.state == "online")
        mail.archive(ids(mail)[:1])
        assert mail.settled() and on_server(here.box, "Archive") == ["mail 1"]
        assert mail.undo() and mail.settled()
        assert len(ids(mail)) == 2


@pytest.mark.parametrize(("version", "who"), [(99, "a newer"), (1, "an older")])
@pytest.mark.parametrize("name", ["work.db", "mail.db"])
def test_a_second_program_of_another_version_changes_nothing_and_says_what_to_do(
    here: Machine, name: str, version: int, who: str
) -> None:
    here.start()
    connection = sqlite3.connect(here.data / name)
    (before,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version={version}")
    with machine(here.data, here.box) as beside, pytest.raises(StorageFailed, match=f"open in {who} tui-mail"):
        beside.start()
    assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    assert not list(here.data.glob("*.version-*"))
    connection.execute(f"PRAGMA user_version={before}")
    connection.close()


# --- damage


def test_after_an_end_that_was_none_the_files_are_examined_and_damage_is_told(here: Machine, tmp_path: Path) -> None:
    fill(here.box, 200)
    mail = here.start()
    checkpointed(mail)
    survivor = here.dies(tmp_path / "corpse")
    here.close()
    break_pages(survivor.data / "mail.db", random.Random(1))
    survivor.start(settle=False)
    survivor.ears.wait(Failed, lambda event: isinstance(event.error, IndexDamaged))
    survivor.close()
    mail = survivor.start()
    assert "made anew" in survivor.ears.wait(Noticed).text
    assert len(ids(mail)) == 200 and not health.is_marked(survivor.data)
    assert list(survivor.data.glob("mail.db.damaged-*"))
    survivor.close()


def test_an_end_in_good_order_needs_no_examination(here: Machine) -> None:
    here.start()
    here.close()
    assert (here.data / "lock").read_bytes() == b""
    mail = here.start()
    assert not mail._lock.was_left


@pytest.mark.parametrize("seed", range(6))
def test_whatever_part_of_the_index_breaks_it_is_rebuilt_and_nothing_of_the_persons_own_is_lost(
    here: Machine, seed: int
) -> None:
    dice = random.Random(seed)
    fill(here.box, 150)
    mail = here.start()
    here.box.unplug()
    mail.archive(ids(mail)[:1])
    mail.keep(draft("half a thought"))
    assert mail.settled()
    checkpointed(mail)
    here.close()
    for suffix in ("-wal", "-shm"):
        (here.data / f"mail.db{suffix}").unlink(missing_ok=True)
    break_pages(here.data / "mail.db", dice, count=dice.randint(1, 40))
    (here.data / "lock").write_text("4711\n")  # as a program leaves it that dies
    here.box.plug()
    mail = here.start(settle=False)
    assert mail._examined is not None
    mail._examined.result(timeout=20)
    if here.ears.of(Failed):  # told while it runs: the screens begin again
        here.close()
        mail = here.start(settle=False)
    assert mail.settled() and len(ids(mail)) == 149
    assert [one.subject for one in mail.drafts()] == ["half a thought"]
    mail.refresh()
    assert mail.settled()
    assert on_server(here.box, "Archive") == ["mail 149"] and subjects(mail, Role.ARCHIVE) == ["mail 149"]


def test_damage_that_is_met_while_reading_is_named_and_noted_for_the_next_start(here: Machine) -> None:
    fill(here.box, 300)
    mail = here.start()
    inbox = folder(mail, Role.INBOX).id
    checkpointed(mail)
    here.close()
    connection = sqlite3.connect(here.data / "mail.db")
    pages = connection.execute("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'message' AND rootpage").fetchall()
    connection.close()
    with (here.data / "mail.db").open("r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
    windows = Windows(here.data, Overlay(), lambda: ("work",))
    with pytest.raises(IndexDamaged, match="made anew"):
        windows.listing(Query(inbox))
    windows.close()
    assert health.is_marked(here.data)


@pytest.mark.parametrize("left", [0, 8192])
def test_an_index_that_is_cut_short_while_the_program_runs_is_named_whoever_meets_it_first(
    here: Machine, left: int
) -> None:
    fill(here.box, 50)
    mail = here.start()
    shown = ids(mail)
    mail.archive(shown[:1])
    mail.keep(draft("half a thought"))
    assert mail.settled()
    for name, size in (("mail.db", left), ("mail.db-wal", 0)):
        os.truncate(here.data / name, size)
    with pytest.raises(IndexDamaged, match="made anew"):
        mail.rows(shown)
    fill(here.box, 1, start=77)
    mail.refresh()
    here.ears.wait(Failed, lambda event: isinstance(event.error, IndexDamaged))
    assert not salvage.is_marked(here.data)
    here.close()
    mail = here.start()
    assert subjects(mail, Role.ARCHIVE) == ["mail 49"] and len(ids(mail)) == 50
    assert [one.subject for one in mail.drafts()] == ["half a thought"]


# --- a disk that is full


def test_a_draft_that_the_full_disk_would_not_take_is_saved_when_there_is_room(here: Machine) -> None:
    mail = here.start()
    limit_pages(mail, full=True)
    long = "x" * 400_000
    mail.keep(draft("typed", body=long))
    assert "disk is full" in here.ears.wait(Unsaved).why
    assert "on the screen" in here.failures()[-1]
    assert [one.body for one in mail.drafts()] == [long]
    mail._writer.hurry()
    mail._writer.do(lambda books: None).result(timeout=20)
    assert len(here.failures()) == 1
    limit_pages(mail, full=False)
    mail._writer.hurry()
    here.ears.wait(Unsaved, lambda event: not event.why)
    here.close()
    assert [one.body for one in here.start().drafts()] == [long]


def test_what_is_typed_while_the_disk_is_full_is_tried_once_more_at_the_end(here: Machine) -> None:
    mail = here.start()
    limit_pages(mail, full=True)
    mail.keep(draft("typed", body="x" * 400_000))
    here.ears.wait(Unsaved)
    limit_pages(mail, full=False)
    here.close()
    assert [one.subject for one in here.start().drafts()] == ["typed"]


def test_a_sync_on_a_full_disk_says_it_once_keeps_what_it_has_and_goes_on_later(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    checkpointed(mail)
    with small_disk(200 * 1024):  # less than the writer tries before it believes that there is room again
        for number in range(400):
            here.box.add("INBOX", letter(f"news {number}", 100 + number, body="x" * 1000))
        for _ in range(3):
            mail.refresh()
            assert mail.settled()
        assert len(here.failures()) == 1 and "disk is full" in here.failures()[0]
        assert len(ids(mail)) >= 3
    mail._writer.hurry()
    here.ears.wait(Unsaved, lambda event: not event.why)
    mail.refresh()
    assert mail.settled()
    assert len(ids(mail)) == 403


def test_a_letter_too_large_for_the_disk_is_shown_all_the_same(here: Machine) -> None:
    dice = random.Random(0)
    body = "".join(f"{dice.getrandbits(256):064x}\r\n" for _ in range(12_000))
    here.box.add("INBOX", letter("large", body=body))
    mail = here.start()
    with small_disk(256 * 1024):
        assert mail.read(ids(mail)[0]).result(timeout=20).subject == "large"
    assert not list((here.data / "letters").rglob("*.part"))


def test_a_full_disk_at_the_start_is_a_sentence_and_no_reason_to_throw_the_index_away(here: Machine) -> None:
    fill(here.box, 3)
    here.start()
    here.close()
    with small_disk(0), pytest.raises(StorageFailed):
        here.start()
    assert not list(here.data.glob("*.damaged*"))
    assert len(ids(here.start())) == 3


# --- the durable file itself


@pytest.mark.parametrize("seed", range(5))
def test_of_a_damaged_durable_file_is_taken_over_what_can_be_read_and_the_program_starts(
    here: Machine, seed: int
) -> None:
    fill(here.box, 4)
    mail = here.start()
    for number in range(30):
        mail.keep(draft(f"letter {number}", id=f"d{number:02}", body="x" * 3000))
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    checkpointed(mail)
    here.close()
    for suffix in ("-wal", "-shm"):
        (here.data / f"work.db{suffix}").unlink(missing_ok=True)
    break_pages(here.data / "work.db", random.Random(seed), count=3)
    (here.data / "lock").write_text("4711\n")
    mail = here.start(settle=False)
    if mail._examined is not None:
        mail._examined.result(timeout=20)
    if here.ears.of(Failed):
        here.close()
        mail = here.start(settle=False)
    assert mail.settled()
    told = [event.text for event in here.ears.of(Noticed)]
    assert any("could be read" in text for text in told), told
    assert list(here.data.glob("work.db.damaged-*"))
    assert len(ids(mail)) == 3 and len(ids(mail, Role.ARCHIVE)) == 1
    mail.archive(ids(mail)[:1])
    mail.keep(draft("new", id="new"))
    assert mail.settled() and len(ids(mail, Role.ARCHIVE)) == 2
    assert "new" in [one.subject for one in mail.drafts()]


def test_a_durable_file_that_is_rubbish_does_not_keep_anybody_from_their_mail(here: Machine) -> None:
    fill(here.box, 4)
    mail = here.start()
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    here.close()
    (here.data / "work.db").write_bytes(b"not a database at all" * 1000)
    mail = here.start()
    assert "nothing in it could be read" in here.ears.wait(Noticed).text
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    assert len(ids(mail)) == 2 and len(on_server(here.box, "Archive")) == 2


@pytest.mark.parametrize("is_there", [True, False])
def test_a_durable_file_that_is_empty_or_gone_is_told_and_never_passed_over(here: Machine, is_there: bool) -> None:
    fill(here.box, 4)
    mail = here.start()
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    here.close()
    for suffix in ("", "-wal", "-shm"):
        (here.data / f"work.db{suffix}").unlink(missing_ok=True)
    if is_there:
        (here.data / "work.db").touch()
    mail = here.start()
    assert "was gone or empty" in here.ears.wait(Noticed).text
    mail.archive(ids(mail)[:1])
    assert mail.settled()
    assert len(ids(mail)) == 2 and len(on_server(here.box, "Archive")) == 2
    here.close()
    assert not here.start().owed().actions and not here.ears.of(Noticed)


def test_a_disk_that_can_only_be_read_is_a_sentence(here: Machine) -> None:
    here.data.mkdir()
    (here.data / "lock").mkdir()  # nothing can be opened for writing there, as on such a disk
    with pytest.raises(StorageFailed, match="cannot be written"):
        here.start()
