"""Folders made, renamed, removed and brought back, with their mail and what is still owed on it."""

from __future__ import annotations

import pytest

from tests.engine.world import Machine, fill, folder, on_server
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import BadInput, MailError, Offline, Refused
from tui_mail.model.folder import Folder, Role
from tui_mail.model.query import Query


def named(mail: Mail, name: str) -> Folder:
    found = next((one for one in mail.folders() if one.name == name), None)
    assert found is not None, [one.name for one in mail.folders()]
    return found


@pytest.fixture
def plans(here: Machine) -> Machine:
    here.box.create("Plans")
    here.box.create("Plans/2026")
    fill(here.box, 2, "Plans")
    fill(here.box, 1, "Plans/2026", start=5)
    return here


def test_a_new_folder_is_there_at_once(here: Machine) -> None:
    mail = here.start()
    id = mail.shelves.make("work", "Ideas").result(20)
    assert named(mail, "Ideas").id == id and "Ideas" in here.box.folders


def test_a_folder_keeps_its_mail_and_its_own_folders_under_another_name(plans: Machine) -> None:
    mail = plans.start()
    before, below = named(mail, "Plans"), named(mail, "Plans/2026")
    change = mail.shelves.rename(before, "Ideas").result(20)
    assert (change.before, change.after, change.id) == ("Plans", "Ideas", before.id)
    assert mail.settled()
    assert named(mail, "Ideas").id == before.id and named(mail, "Ideas/2026").id == below.id
    assert len(mail.listing(Query(before.id))) == 2 and len(mail.listing(Query(below.id))) == 1
    assert mail.shelves.turn_back(change).result(20).after == "Plans"
    assert mail.settled() and named(mail, "Plans/2026").id == below.id and set(plans.box.folders) >= {"Plans"}


def test_what_was_done_there_before_is_still_undone_and_told(plans: Machine) -> None:
    mail = plans.start()
    there = named(mail, "Plans")
    mail.archive(list(mail.listing(Query(there.id)))[:1])
    assert mail.settled()
    mail.shelves.rename(there, "Ideas").result(20)
    assert mail.undo() and mail.settled()
    assert len(on_server(plans.box, "Ideas")) == 2 and not on_server(plans.box, "Archive")


def test_a_removed_folder_stands_in_trash_and_comes_back(plans: Machine) -> None:
    mail = plans.start()
    change = mail.shelves.remove(named(mail, "Plans")).result(20)
    assert "Trash/Plans" in plans.box.folders and "2 messages" in change.words
    assert mail.settled() and mail.shelves.is_in_trash(named(mail, "Trash/Plans"))
    mail.shelves.turn_back(change).result(20)
    assert mail.settled() and len(mail.listing(Query(named(mail, "Plans").id))) == 2


def test_a_second_folder_of_that_name_finds_room_in_trash(plans: Machine) -> None:
    plans.box.create("Trash/Plans")
    mail = plans.start()
    assert mail.shelves.remove(named(mail, "Plans")).result(20).after == "Trash/Plans 2"


def test_what_is_removed_from_trash_is_gone(plans: Machine) -> None:
    mail = plans.start()
    change = mail.shelves.remove(named(mail, "Plans")).result(20)
    assert mail.settled()
    mail.shelves.destroy(named(mail, "Trash/Plans")).result(20)
    assert mail.settled()
    assert "Trash/Plans" not in plans.box.folders and mail.folder(change.id) is None
    with pytest.raises(MailError):
        mail.shelves.turn_back(change).result(20)


def test_a_name_that_is_taken_is_refused_and_nothing_changes(plans: Machine) -> None:
    mail = plans.start()
    with pytest.raises(Refused):
        mail.shelves.rename(named(mail, "Plans"), "Archive").result(20)
    assert mail.settled() and named(mail, "Plans").total == 2


def test_the_inbox_and_trash_keep_their_names(here: Machine) -> None:
    mail = here.start()
    for role in (Role.INBOX, Role.TRASH):
        with pytest.raises(BadInput):
            mail.shelves.rename(folder(mail, role), "Other")
        with pytest.raises(BadInput):
            mail.shelves.remove(folder(mail, role))


def test_without_a_line_it_is_said_at_once(plans: Machine) -> None:
    mail = plans.start()
    there = named(mail, "Plans")
    plans.box.unplug()
    with pytest.raises(Offline):
        mail.shelves.rename(there, "Ideas").result(20)
    assert named(mail, "Plans").id == there.id
