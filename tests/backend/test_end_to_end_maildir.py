"""A morning on a Maildir, with another program that delivers into it and reads in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.desk import Desk, letter
from tests.backend.worlds import MaildirWorld
from tests.engine.world import Ears, draft, ids, subjects
from tui_mail.cli import wiring
from tui_mail.config.credentials import Credentials
from tui_mail.config.settings import Account, Compose, Settings
from tui_mail.engine.mail import Mail
from tui_mail.model.event import Failed
from tui_mail.model.folder import Role
from tui_mail.model.message import SEEN
from tui_mail.model.query import Query

Start = Callable[[], Desk]


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> MaildirWorld:
    return MaildirWorld(tmp_path / "Mail", getattr(request, "param", "plus"))


@pytest.fixture
def start(world: MaildirWorld, tmp_path: Path) -> Iterator[Start]:
    running: list[Mail] = []

    def begin() -> Desk:
        account = Account("work", "ann@example.org", maildir=world.root)
        ears = Ears()
        mail = wiring.mail(
            Settings({"work": account}, compose=Compose(undo_send=0)), tmp_path / "data", Credentials(ask=True)
        )
        mail.start(ears.listen)
        running.append(mail)
        desk = Desk(mail, ears, account, world)
        desk.until(lambda: mail.role("work", Role.INBOX), "the first look")
        return desk

    yield begin
    for mail in running:
        mail.close()


def put(world: MaildirWorld, name: str, number: int) -> None:
    (world.path("INBOX") / name).write_bytes(letter(f"Plan {number}", "ann@example.org").replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("world", ["plus", "nested"], indirect=True)
def test_a_morning_with_another_program_in_the_same_maildir(world: MaildirWorld, start: Start) -> None:
    for number in range(3):
        put(world, f"new/{number}.a.host", number)
    desk = start()
    mail = desk.mail
    desk.until(lambda: len(ids(mail)) == 3, "all of it on the screen")
    by_subject = dict(zip(subjects(mail), ids(mail), strict=True))

    mail.mark_read([by_subject["Plan 0"]])
    mail.archive([by_subject["Plan 0"], by_subject["Plan 1"]])
    desk.until(lambda: len(desk.there("Archive")) == 2, "archived in the files")
    assert [SEEN in held.flags for held in desk.other.held("Archive") if b"Plan 0" in held.raw] == [True]
    assert mail.undo()
    desk.until(lambda: len(desk.there("INBOX")) == 3, "undone in the files")

    put(world, "new/9.b.host", 9)
    desk.until(lambda: "Plan 9" in subjects(mail), "a delivery without a key")
    old = next(path for path in (world.path("INBOX") / "cur").iterdir() if path.name.startswith("2.a.host"))
    old.rename(old.with_name("2.a.host:2,FS"))
    put(world, "new/10.c.host", 10)
    desk.until(lambda: any(row and row.is_starred for row in mail.rows(ids(mail))), "a star that was set elsewhere")
    (world.path("INBOX") / "cur/2.a.host:2,FS").unlink()
    put(world, "new/11.d.host", 11)
    desk.until(lambda: "Plan 2" not in subjects(mail), "what was removed elsewhere")
    assert mail.settled()
    assert sorted(subjects(mail)) == ["Plan 0", "Plan 1", "Plan 10", "Plan 11", "Plan 9"]
    assert not desk.ears.of(Failed)


def test_what_is_deleted_for_good_is_gone_from_the_files_and_comes_back(world: MaildirWorld, start: Start) -> None:
    put(world, "cur/1.a.host:2,S", 1)
    desk = start()
    mail = desk.mail
    desk.until(lambda: ids(mail), "on the screen")
    mail.trash(ids(mail))
    desk.until(lambda: desk.there("Trash"), "in the trash there")
    trash = mail.role("work", Role.TRASH)
    assert trash is not None
    mail.trash(list(mail.listing(Query(trash.id))))  # there, for good
    desk.until(lambda: not desk.there("Trash"), "gone there")
    assert mail.undo()
    desk.until(lambda: desk.there("Trash"), "back there")


def test_a_letter_of_an_account_that_cannot_send_is_refused_with_what_to_do(start: Start) -> None:
    desk = start()
    desk.mail.send(draft(), after=0).result(timeout=20)
    desk.until(lambda: any("has no server that sends" in str(one.error) for one in desk.ears.of(Failed)), "told")


def test_the_next_start_finds_everything_where_it_was(world: MaildirWorld, start: Start) -> None:
    put(world, "cur/1.a.host:2,S", 1)
    first = start()
    first.until(lambda: ids(first.mail), "on the screen")
    before = ids(first.mail)
    first.mail.close()
    put(world, "new/2.b.host", 2)
    again = start()
    again.until(lambda: len(ids(again.mail)) == 2, "with the new one")
    assert before[0] in ids(again.mail)
