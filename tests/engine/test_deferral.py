"""Put off and back again, muted threads, rules on arrival: once a message, over restarts, and all of it undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import MORNING, SETTINGS, Machine, fill, ids, letter, machine, on_server, one, subjects
from tui_mail.config.settings import Sync, WrittenRule
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import BadInput, NotFound
from tui_mail.model.event import Noticed
from tui_mail.model.folder import Role
from tui_mail.model.rule import Rule


def snoozing(here: Machine, count: int = 3) -> Mail:
    here.box.create("Snoozed")
    fill(here.box, count)
    return here.start()


def arrives(here: Machine, mail: Mail, raw: bytes) -> None:
    here.box.add("INBOX", raw, date=int(here.now))
    mail.refresh()
    assert mail.settled()


def test_what_is_put_off_leaves_the_inbox_and_comes_back_on_top_and_unread(here: Machine) -> None:
    mail = snoozing(here)
    oldest = ids(mail)[-1]
    mail.mark_read([oldest])
    assert mail.snooze([oldest], here.now + 3600, "18:00").words == "Put off 1 message until 18:00"
    assert subjects(mail) == ["mail 2", "mail 1"]
    assert mail.settled() and on_server(here.box, "Snoozed") == ["mail 0"]
    assert mail.put_off() == {oldest: here.now + 3600}
    here.now += 3601
    mail.refresh()
    mail._alarm.look()
    assert mail.settled()
    assert subjects(mail) == ["mail 0", "mail 2", "mail 1"]
    assert one(mail, oldest).is_unread and mail.put_off() == {}
    assert sorted(on_server(here.box, "INBOX")) == ["mail 0", "mail 1", "mail 2"]
    assert "“mail 0” is back." in [event.text for event in here.ears.of(Noticed)]


def test_what_was_put_off_comes_back_also_when_the_program_was_closed_and_the_clock_jumped(here: Machine) -> None:
    mail = snoozing(here)
    mail.snooze(ids(mail)[:1], here.now + 3600, "18:00")
    assert mail.settled()
    here.close()
    here.now += 40 * 86400
    mail = here.start()
    mail.refresh()
    assert mail.settled()
    assert subjects(mail)[0] == "mail 2" and on_server(here.box, "Snoozed") == []


def test_putting_off_is_undone_and_done_again_like_everything(here: Machine) -> None:
    mail = snoozing(here)
    first = ids(mail)[0]
    mail.snooze([first], here.now + 3600, "18:00")
    assert mail.settled() and mail.undo() == "Put off 1 message until 18:00"
    assert mail.settled() and subjects(mail)[0] == "mail 2" and on_server(here.box, "Snoozed") == []
    mail.redo()
    assert mail.settled() and on_server(here.box, "Snoozed") == ["mail 2"]
    here.now += 3601
    mail._alarm.look()
    assert mail.settled() and subjects(mail)[0] == "mail 2"


def test_what_the_person_took_elsewhere_meanwhile_stays_there(here: Machine) -> None:
    mail = snoozing(here)
    first = ids(mail)[0]
    mail.snooze([first], here.now + 3600, "18:00")
    mail.archive([first])
    here.now += 3601
    mail._alarm.look()
    assert mail.settled()
    assert subjects(mail, Role.ARCHIVE) == ["mail 2"] and mail.put_off() == {}


def test_putting_off_again_only_changes_the_time(here: Machine) -> None:
    mail = snoozing(here)
    first = ids(mail)[0]
    mail.snooze([first], here.now + 3600, "18:00")
    assert not mail.snooze([first], here.now + 7200, "19:00")
    assert mail.settled() and mail.put_off() == {first: here.now + 7200}
    here.now += 7201
    mail._alarm.look()
    assert mail.settled() and subjects(mail)[0] == "mail 2"


def test_a_past_time_and_a_missing_folder_are_said(here: Machine) -> None:
    fill(here.box, 1)
    mail = here.start()
    with pytest.raises(BadInput, match="past"):
        mail.snooze(ids(mail), here.now - 1, "yesterday")
    with pytest.raises(NotFound, match="snoozed"):
        mail.snooze(ids(mail), here.now + 60, "soon")


def test_new_mail_of_a_muted_thread_is_archived_and_no_other(here: Machine) -> None:
    here.box.add("INBOX", letter("noise"), date=MORNING)
    mail = here.start()
    first = ids(mail)[0]
    assert mail.mute([first]).words == "Muted the thread, archived 1 message"
    assert mail.settled() and mail.muted([first]) == {first}
    arrives(here, mail, letter("Re: noise", 5, extra="In-Reply-To: <noise.0@example.org>\r\n"))
    arrives(here, mail, letter("signal", 6))
    assert subjects(mail) == ["signal"] and sorted(on_server(here.box, "Archive")) == ["Re: noise", "noise"]
    assert [deed.words for deed in mail.history() if deed.by_program] == ["Archived 1 message of a muted thread"]


def test_muting_ends_with_its_key_or_with_its_undo(here: Machine) -> None:
    here.box.add("INBOX", letter("noise"), date=MORNING)
    mail = here.start()
    first = ids(mail)[0]
    mail.mute([first])
    assert mail.settled() and mail.undo()
    assert mail.settled() and not mail.muted([first])
    mail.mute([first])
    assert mail.settled() and mail.mute([first]).words.startswith("No longer muted")
    assert mail.settled() and not mail.muted([first])
    arrives(here, mail, letter("Re: noise", 5, extra="In-Reply-To: <noise.0@example.org>\r\n"))
    assert subjects(mail) == ["Re: noise"]


def test_a_rule_acts_once_on_each_message_that_comes_and_on_none_that_is_here(tmp_path: Path) -> None:
    written = WrittenRule("receipts", "subject:receipt", ("read", "archive"))
    settings = replace(SETTINGS, rules={"receipts": written})
    with machine(tmp_path / "data", settings=settings) as here:
        here.box.add("INBOX", letter("receipt old"), date=MORNING)
        mail = here.start()
        arrives(here, mail, letter("receipt new", 5))
        arrives(here, mail, letter("other", 6))
        assert subjects(mail) == ["other", "receipt old"]
        archived = ids(mail, Role.ARCHIVE)
        assert not one(mail, archived[0]).is_unread
        deed = mail.history()[0]
        assert deed.words == "Rule “receipts” filed 1 message" and deed.by_program and deed.can_turn
        assert mail.turn_one(deed.id, undo=True)
        assert mail.settled() and "receipt new" in subjects(mail)
        mail.refresh()
        assert mail.settled() and "receipt new" in subjects(mail), "the person took it back: it stays"
        here.close()
        mail = here.start()
        assert "receipt new" in subjects(mail)


def test_a_rule_over_the_text_waits_for_the_text_and_acts_once(tmp_path: Path) -> None:
    settings = replace(SETTINGS, sync=Sync(keep="all"), rules={"loud": WrittenRule("loud", "body:lottery", ("trash",))})
    with machine(tmp_path / "data", settings=settings) as here:
        mail = here.start()
        arrives(here, mail, letter("win", 5, body="You won the lottery.\r\n"))
        arrives(here, mail, letter("calm", 6))
        assert subjects(mail) == ["calm"] and subjects(mail, Role.TRASH) == ["win"]


def test_a_rule_that_was_made_here_is_kept_tried_and_dropped(here: Machine) -> None:
    here.box.create("Lists")
    fill(here.box, 3)
    mail = here.start()
    rule = Rule("numbers", "subject:mail", ("move Lists", "star"))
    assert len(mail.matching(rule).result(20)) == 3, "a dry run"
    assert len(ids(mail)) == 3
    mail.keep_rule(rule).result(20)
    assert mail.rules() == (rule,)
    arrives(here, mail, letter("mail 9", 9))
    assert subjects(mail) == ["mail 2", "mail 1", "mail 0"] and on_server(here.box, "Lists") == ["mail 9"]
    assert mail.apply(rule, ids(mail)).words == "Rule “numbers” filed 3 messages"
    assert mail.settled() and len(on_server(here.box, "Lists")) == 4
    assert mail.undo() and mail.settled() and len(ids(mail)) == 3
    mail.drop_rule("numbers").result(20)
    assert mail.rules() == ()


@pytest.mark.parametrize(
    ("query", "actions", "words"),
    [
        ("", ("archive",), "every message"),
        ("from:ann", (), "does nothing"),
        ("from:ann", ("explode",), "none of"),
        ("from:ann", ("move",), "none of"),
        ("before:never", ("archive",), "cannot be read"),
    ],
)
def test_a_rule_that_cannot_be_meant_says_why(here: Machine, query: str, actions: tuple[str, ...], words: str) -> None:
    mail = here.start()
    with pytest.raises(BadInput, match=words):
        mail.keep_rule(Rule("odd", query, actions))


def test_one_old_deed_is_taken_back_and_the_younger_ones_stay(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    three = ids(mail)
    for id in three:
        mail.archive([id])
    assert mail.settled()
    here.close()
    mail = here.start()
    deeds = mail.history()
    assert [deed.words for deed in deeds] == ["Archived 1 message"] * 3
    assert mail.turn_one(deeds[1].id, undo=True) == "Archived 1 message"
    assert mail.settled() and subjects(mail) == ["mail 1"]
    assert [deed.undone for deed in mail.history()] == [False, True, False]
    assert mail.turn_one(deeds[1].id, undo=False)
    assert mail.settled() and subjects(mail) == []
    assert mail.undo() and mail.undo() and mail.undo() and mail.undo() is None
    assert mail.settled() and len(ids(mail)) == 3
