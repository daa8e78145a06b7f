"""A second copy is one step like any other: believed, written down, told to the server, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_mail.backend.memory import FULL, PLAIN
from tui_mail.model.errors import Refused
from tui_mail.model.event import Owed
from tui_mail.model.folder import Role
from tui_mail.model.message import FLAGGED, MessageId

from .world import Machine, fill, folder, ids, on_server, one, subjects


@pytest.fixture
def archive(here: Machine) -> str:
    fill(here.box, 3)
    return "Archive"


def test_copies_stand_in_the_folder_and_the_originals_where_they_were(here: Machine, archive: str) -> None:
    mail = here.start()
    assert mail.copy(ids(mail)[:2], folder(mail, Role.ARCHIVE).id) == "Copied 2 messages to Archive"
    assert mail.settled()
    assert on_server(here.box, archive) == ["mail 1", "mail 2"] and len(on_server(here.box, "INBOX")) == 3
    assert subjects(mail, Role.ARCHIVE) == ["mail 2", "mail 1"] and len(ids(mail)) == 3
    assert mail.owed() == Owed(0, 0)
    copies = [line for line in here.box.log if line.startswith("copy")]
    assert len(copies) == 1, "one command for both"


def test_a_copy_is_seen_before_the_server_has_made_it(here: Machine, archive: str) -> None:
    mail = here.start()
    here.box.hold()
    mail.copy(ids(mail)[:1], folder(mail, Role.ARCHIVE).id)
    here.ears.wait(Owed, lambda owed: owed.actions == 1)
    assert subjects(mail, Role.ARCHIVE) == ["mail 2"] and folder(mail, Role.ARCHIVE).unread == 1
    assert on_server(here.box, archive) == []
    here.box.release()
    assert mail.settled()
    assert on_server(here.box, archive) == ["mail 2"] and subjects(mail, Role.ARCHIVE) == ["mail 2"]


def test_undo_before_the_server_was_told_sends_nothing(here: Machine, archive: str) -> None:
    mail = here.start()
    here.box.unplug()
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    assert mail.undo() == "Copied 3 messages to Archive"
    assert ids(mail, Role.ARCHIVE) == []
    here.box.plug()
    mail.refresh()
    assert mail.settled()
    assert not [line for line in here.box.log if line.startswith("copy")]


def test_undo_takes_only_the_copies_away_and_redo_makes_them_again(here: Machine, archive: str) -> None:
    mail = here.start()
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    assert mail.settled()
    here.box.log.clear()
    mail.undo()
    assert mail.settled()
    assert on_server(here.box, archive) == [] and len(on_server(here.box, "INBOX")) == 3
    assert not [line for line in here.box.log if line.startswith("fetch")], "the originals are kept: nothing to save"
    mail.redo()
    assert mail.settled()
    assert len(on_server(here.box, archive)) == 3 and len(ids(mail, Role.ARCHIVE)) == 3


def test_an_undo_right_behind_it_undoes_the_copying_and_nothing_else(here: Machine, archive: str) -> None:
    mail = here.start()
    mail.star(ids(mail)[:1])
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    assert mail.undo() == "Copied 3 messages to Archive"
    assert mail.undo() == "Starred 1 message"


def test_a_copy_is_undone_in_the_next_run_too(here: Machine, archive: str) -> None:
    mail = here.start()
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    assert mail.settled()
    mail.close()
    mail = here.start()
    assert mail.undo() == "Copied 3 messages to Archive"
    assert mail.settled()
    assert on_server(here.box, archive) == [] and len(on_server(here.box, "INBOX")) == 3


def test_a_program_that_dies_with_copies_unmade_makes_them_once(here: Machine, archive: str, tmp_path: Path) -> None:
    mail = here.start()
    here.box.unplug()
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    here.ears.wait(Owed, lambda owed: owed.actions == 3)
    survivor = here.dies(tmp_path / "corpse")
    here.close()
    here.box.plug()
    mail = survivor.start()
    assert len(on_server(here.box, archive)) == 3 and len(ids(mail, Role.ARCHIVE)) == 3
    survivor.close()


@pytest.mark.parametrize("can", [FULL, PLAIN])
def test_a_copy_whose_answer_is_lost_is_not_made_twice(here: Machine, archive: str, can: object) -> None:
    here.can = can  # type: ignore[assignment]  # pytest hands it over as an object
    mail = here.start()
    here.box.after("copy", here.box.drop)
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    assert mail.settled()
    assert len(on_server(here.box, archive)) == 3 and len(ids(mail, Role.ARCHIVE)) == 3


def test_what_is_copied_and_then_archived_or_destroyed_is_copied_all_the_same(here: Machine, archive: str) -> None:
    mail = here.start()
    travel = mail.make_role("work", Role.JUNK, "Travel").result(20)
    first, second, _ = ids(mail)
    here.box.hold()
    mail.copy([first, second], travel.id)
    mail.archive([first])
    mail.trash([second])
    mail.trash([second])
    here.box.release()
    assert mail.settled()
    assert sorted(on_server(here.box, "Travel")) == ["mail 1", "mail 2"]
    assert on_server(here.box, archive) == ["mail 2"] and on_server(here.box, "Trash") == []


def test_a_copy_has_the_flags_of_its_original(here: Machine, archive: str) -> None:
    mail = here.start()
    newest = ids(mail)[0]
    here.box.hold()
    mail.star([newest])
    mail.copy([newest], folder(mail, Role.ARCHIVE).id)
    here.box.release()
    assert mail.settled()
    assert [kept.flags for kept in here.box.messages(archive)] == [{FLAGGED}]
    assert one(mail, ids(mail, Role.ARCHIVE)[0]).is_starred


def test_a_refused_copy_is_taken_back_and_told(here: Machine, archive: str) -> None:
    mail = here.start()
    here.box.refuse("copy", Refused("over quota", code="OVERQUOTA"))
    mail.copy(ids(mail), folder(mail, Role.ARCHIVE).id)
    assert mail.settled()
    assert ids(mail, Role.ARCHIVE) == [] and mail.owed() == Owed(0, 0)
    assert "over quota" in here.failures()[0]


def test_a_letter_that_is_held_is_read_in_its_copy_before_the_server_has_made_it(here: Machine, archive: str) -> None:
    mail = here.start()
    newest = ids(mail)[0]
    raw = mail.raw(newest).result(20)
    here.box.unplug()
    mail.copy([newest], folder(mail, Role.ARCHIVE).id)
    here.ears.wait(Owed, lambda owed: owed.actions == 1)
    assert mail.raw(ids(mail, Role.ARCHIVE)[0]).result(20) == raw


def test_copying_to_where_it_stands_is_nothing_to_do(here: Machine, archive: str) -> None:
    mail = here.start()
    assert mail.copy(ids(mail), folder(mail, Role.INBOX).id) == ""
    assert mail.copy([MessageId(1 << 40)], folder(mail, Role.ARCHIVE).id) == ""
    assert mail.undo() is None
