"""What comes first: the newest screenful, what is asked for, the newest letters; the past comes last and waits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import SETTINGS, Machine, fill, folder, ids, letter, machine, subjects
from tui_mail.config.settings import Sync
from tui_mail.model.event import Arrived, Changed, Progress
from tui_mail.model.folder import Role


def test_folders_with_something_unread_are_read_before_the_others(here: Machine) -> None:
    for name in ("Alpha", "Zulu"):
        here.box.create(name)
        here.box.add(name, letter(name), {"\\Seen"} if name == "Alpha" else ())
    here.start()
    opened = [line.split()[1] for line in here.box.log if line.startswith("open ")]
    assert opened.index("INBOX") < opened.index("Zulu") < opened.index("Alpha")


def test_the_newest_letters_are_here_before_the_past_of_the_folder(tmp_path: Path) -> None:
    with machine(tmp_path / "data", settings=replace(SETTINGS, sync=Sync(keep="all"))) as here:
        fill(here.box, 300)
        here.start()
        log = [line.split()[0] for line in here.box.log]
        assert log.index("newest") < log.index("fetch") < log.index("headers")
        assert log[: log.index("headers")].count("fetch") == 40


def test_old_mail_can_be_paused_and_goes_on_where_it_was(here: Machine) -> None:
    fill(here.box, 900)
    here.box.hold()
    mail = here.start(settle=False)
    mail.hold(is_held=True)
    here.box.release()
    here.ears.wait(Changed)
    assert mail.settled()
    assert len(ids(mail)) == 60
    here.box.add("INBOX", letter("news", 2000))
    mail.refresh(folder(mail, Role.INBOX).id)
    assert mail.settled()
    assert subjects(mail)[0] == "news"
    here.box.log.clear()
    mail.hold(is_held=False)
    here.ears.wait(Progress, lambda event: event.done == event.total)
    assert mail.settled()
    assert len(ids(mail)) == 901
    assert here.box.log[0] != "newest 60"


def test_a_pause_in_the_middle_ends_at_the_next_step(here: Machine) -> None:
    fill(here.box, 900)
    here.box.hold()
    mail = here.start(settle=False)
    here.box.after("headers", lambda: mail.hold(is_held=True))
    here.box.release()
    here.ears.wait(Progress)
    assert mail.settled()
    assert len(ids(mail)) == 260
    mail.hold(is_held=False)
    here.ears.wait(Progress, lambda event: event.done == event.total)
    assert mail.settled() and len(ids(mail)) == 900


@pytest.mark.parametrize("is_held", [False, True])
def test_what_the_person_opens_comes_although_old_mail_is_paused(here: Machine, is_held: bool) -> None:
    fill(here.box, 2)
    mail = here.start()
    mail.hold(is_held=is_held)
    assert mail.read(ids(mail)[0]).result(timeout=20).subject == "mail 1"


def test_the_inbox_is_looked_at_before_all_folders_are_listed_once_it_is_known(here: Machine) -> None:
    fill(here.box, 3)
    here.start()
    here.close()
    here.box.log.clear()
    here.box.add("INBOX", letter("over night", 100))
    mail = here.start()
    steps = [line for line in here.box.log if line.startswith(("folders", "open INBOX"))]
    assert steps[:2] == ["open INBOX", "folders"]
    assert steps.count("open INBOX") <= 3  # the session's, and the watch's with the look that follows it
    assert subjects(mail)[0] == "over night"
    assert [row.subject for event in here.ears.of(Arrived) for row in event.rows] == ["over night"]
