"""What a person does is seen at once, survives, and reaches the server."""

from __future__ import annotations

import pytest

from tests.engine.world import Machine, fill, folder, ids, letter, on_server, one, subjects
from tui_mail.backend.memory import PLAIN
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.event import Changed, Failed, Owed
from tui_mail.model.folder import NOWHERE, Role
from tui_mail.model.message import FLAGGED, SEEN
from tui_mail.model.query import Query


def test_archive_is_seen_before_the_server_knows(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    newest = ids(mail)[0]
    here.box.hold()
    operation = mail.archive([newest])
    assert operation.words == "Archived 1 message"
    assert newest not in ids(mail)
    assert ids(mail, Role.ARCHIVE) == [newest]
    assert one(mail, newest).folder == folder(mail, Role.ARCHIVE).id
    assert folder(mail, Role.INBOX).total == 2 and folder(mail, Role.ARCHIVE).unread == 1
    assert len(here.box.messages("INBOX")) == 3
    here.box.release()
    assert mail.settled()
    assert on_server(here.box, "Archive") == ["mail 2"]
    assert ids(mail, Role.ARCHIVE) == [newest]
    assert mail.owed() == Owed(0, 0)


def test_a_star_is_seen_before_the_disk_has_it_and_counts_as_owed(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.hold()
    (id,) = ids(mail)
    mail.star([id])
    assert one(mail, id).is_starred
    assert list(mail.listing(Query.parse("is:starred"))) == [id]
    assert here.ears.wait(Owed).actions == 1
    here.box.release()
    assert mail.settled()
    assert here.box.messages("INBOX")[0].flags == {FLAGGED}


def test_undo_before_the_server_was_told_sends_nothing(here: Machine) -> None:
    fill(here.box, 2)
    mail = here.start()
    here.box.unplug()
    before = ids(mail)
    mail.archive(before)
    assert mail.undo() == "Archived 2 messages"
    assert ids(mail) == before
    here.box.plug()
    mail.refresh()
    assert mail.settled()
    assert not [line for line in here.box.log if line.startswith("move")]


def test_undo_after_the_server_was_told_moves_back(here: Machine) -> None:
    fill(here.box, 2)
    mail = here.start()
    before = ids(mail)
    mail.trash(before[:1])
    assert mail.settled() and on_server(here.box, "Trash") == ["mail 1"]
    mail.undo()
    assert mail.settled()
    assert on_server(here.box, "Trash") == [] and sorted(on_server(here.box, "INBOX")) == ["mail 0", "mail 1"]
    assert ids(mail) == before
    assert mail.redo() == "Moved 1 message to Trash"
    assert mail.settled() and on_server(here.box, "Trash") == ["mail 1"]


def test_undo_goes_many_levels_back_over_a_restart(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    newest, middle, _ = ids(mail)
    mail.star([newest])
    mail.archive([newest, middle])
    mail.mark_read([middle])
    assert mail.settled()
    mail.close()
    mail = here.start()
    assert mail.undo() == "Marked 1 message read"
    assert mail.undo() == "Archived 2 messages"
    assert mail.undo() == "Starred 1 message"
    assert mail.undo() is None
    assert mail.settled()
    assert len(ids(mail)) == 3 and not here.box.messages("Archive")
    assert all(not kept.flags for kept in here.box.messages("INBOX"))
    mail.close()
    assert here.start().redo() == "Starred 1 message"


def test_undo_takes_the_star_only_from_what_was_starred_by_it(here: Machine) -> None:
    here.box.add("INBOX", letter("old star"), {FLAGGED})
    fill(here.box, 1, start=5)
    mail = here.start()
    mail.star(ids(mail), True)
    mail.undo()
    assert mail.settled()
    assert [kept.flags for kept in here.box.messages("INBOX")] == [{FLAGGED}, frozenset()]


def test_a_refused_move_comes_back_with_the_reason(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    before = ids(mail)
    here.box.refuse("move", Refused("The mailbox is over quota."))
    mail.archive(before)
    failed = here.ears.wait(Failed)
    assert "over quota" in str(failed.error)
    assert mail.settled()
    assert ids(mail) == before and not ids(mail, Role.ARCHIVE)
    assert here.ears.wait(Changed, lambda event: before[0] in event.ids)
    assert mail.owed().actions == 0


def test_a_server_that_asks_to_come_back_later_is_owed_meanwhile(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    here.box.refuse("move", Refused("Try again later.", permanent=False))
    mail.archive(ids(mail))
    assert mail.settled()
    assert ids(mail) == [] and mail.owed().actions == 1 and not here.failures()


def test_deleting_in_trash_is_for_good_and_can_be_undone(here: Machine) -> None:
    here.box.add("Trash", letter("old news"), {SEEN})
    mail = here.start()
    (id,) = ids(mail, Role.TRASH)
    assert mail.trash([id]).words == "Deleted 1 message for good"
    assert ids(mail, Role.TRASH) == []
    assert mail.settled()
    assert not here.box.messages("Trash")
    assert mail.undo() == "Deleted 1 message for good"
    assert mail.settled()
    (back,) = here.box.messages("Trash")
    assert back.raw == letter("old news") and back.flags == {SEEN}
    assert ids(mail, Role.TRASH) == [id]


def test_raw_mail_is_kept_before_the_server_destroys_it(here: Machine) -> None:
    here.box.add("Trash", letter("gone"))
    mail = here.start()
    mail.trash(ids(mail, Role.TRASH))
    assert mail.settled()
    verbs = [line.split()[0] for line in here.box.log]
    assert verbs.index("fetch") < verbs.index("expunge")


def test_what_was_deleted_for_good_is_forgotten_after_thirty_days(here: Machine) -> None:
    here.box.add("Trash", letter("gone"))
    mail = here.start()
    (id,) = ids(mail, Role.TRASH)
    mail.trash([id])
    assert mail.settled()
    mail.close()
    here.now += 31 * 86400
    mail = here.start()
    assert mail.rows([id]) == [None]
    mail.undo()
    assert mail.settled() and not here.box.messages("Trash")


def test_spam_carries_its_mark_and_comes_back_without_it(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    (id,) = ids(mail)
    assert mail.spam([id]).words == "Marked 1 message as spam"
    assert mail.settled()
    assert here.box.messages("Junk")[0].flags == {"$Junk"}
    assert mail.spam([id]).words == "Marked 1 message as no spam"
    assert mail.settled()
    assert here.box.messages("INBOX")[0].flags == {"$NotJunk"}


def test_a_missing_archive_is_named_and_can_be_made(here: Machine) -> None:
    here.box.remove_folder("Archive")
    fill(here.box, 1)
    mail = here.start()
    with pytest.raises(NotFound, match="Archive"):
        mail.archive(ids(mail))
    made = mail.make_role("work", Role.ARCHIVE, "Put away").result(timeout=20)
    assert made.role is Role.ARCHIVE
    mail.archive(ids(mail))
    assert mail.settled()
    assert on_server(here.box, "Put away") == ["mail 0"]
    mail.close()
    mail = here.start()
    assert folder(mail, Role.ARCHIVE).name == "Put away"


def test_copies_of_one_mail_are_shown_once_and_read_together(here: Machine) -> None:
    here.box.create("All")
    for name in ("INBOX", "All"):
        here.box.add(name, letter("twice", 7))
    mail = here.start()
    found = list(mail.listing(Query.parse("twice")))
    assert len(found) == 1
    assert mail.mark_read(found).words == "Marked 1 message read"
    assert mail.settled()
    assert here.box.messages("INBOX")[0].flags == here.box.messages("All")[0].flags == {SEEN}


def test_two_quick_moves_of_one_mail_end_in_the_second_folder(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    (id,) = ids(mail)
    here.box.hold()
    mail.archive([id])
    mail.trash([id])
    assert ids(mail, Role.TRASH) == [id] and not ids(mail, Role.ARCHIVE)
    here.box.release()
    assert mail.settled()
    assert on_server(here.box, "Trash") == ["mail 0"] and not here.box.messages("Archive")


def test_a_move_while_the_first_is_on_its_way_arrives_too(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    (id,) = ids(mail)
    here.box.after("move", lambda: mail.trash([id]))
    mail.archive([id])
    assert mail.settled()
    assert on_server(here.box, "Trash") == ["mail 0"] and not here.box.messages("Archive")
    assert ids(mail, Role.TRASH) == [id]


def test_a_poor_server_without_move_and_expunge_ends_alike(here: Machine) -> None:
    here.can = PLAIN
    fill(here.box, 3)
    mail = here.start()
    (id, *_) = ids(mail)
    mail.archive([id])
    assert mail.settled()
    assert on_server(here.box, "Archive") == ["mail 2"]
    assert len(ids(mail)) == 2 and ids(mail, Role.ARCHIVE) == [id]
    mail.undo()
    mail.refresh()
    assert mail.settled()
    assert len(ids(mail)) == 3 and not ids(mail, Role.ARCHIVE)


def test_nothing_is_done_to_what_is_there_already(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    mail.mark_read(ids(mail), True)
    assert not mail.mark_read(ids(mail), True)
    assert not mail.move(ids(mail), folder(mail, Role.INBOX).id)
    assert mail.undo() == "Marked 1 message read" and mail.undo() is None


def test_deleted_for_good_stands_in_no_folder(here: Machine) -> None:
    here.box.add("Trash", letter("x"))
    mail = here.start()
    here.box.hold()
    operation = mail.trash(ids(mail, Role.TRASH))
    assert operation.destroys
    row = one(mail, operation.ids[0])
    assert row.folder == NOWHERE
    assert subjects(mail, Role.TRASH) == []


def test_undo_goes_back_to_what_the_person_did_and_not_to_what_was_read_meanwhile(here: Machine) -> None:
    fill(here.box, 2)
    mail = here.start()
    newest, older = ids(mail)
    mail.archive([newest])
    mail.seen([older])
    assert not one(mail, older).is_unread
    assert mail.undo() == "Archived 1 message"
    assert ids(mail) == [newest, older]
    assert mail.undo() is None
    assert mail.settled()
    mail = here.start()
    assert mail.undo() is None
    assert not one(mail, older).is_unread


def test_a_mark_on_what_was_just_deleted_for_good_is_no_trouble_to_anybody(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    (id,) = ids(mail)
    mail.trash([id])
    mail.trash([id])
    assert mail.settled()
    mail.seen([id])
    assert mail.settled()
    assert mail.owed() == Owed(0, 0)
    assert not here.ears.of(Failed)
