"""Two piles: what is to be answered later, and what was sent and waits for an answer."""

from __future__ import annotations

from tests.engine.world import Machine, fill, ids, letter, subjects
from tui_mail.engine.mail import Mail
from tui_mail.model.event import Owed
from tui_mail.model.message import REPLY_LATER
from tui_mail.model.query import Query


def found(mail: Mail, text: str) -> list[str]:
    rows = mail.rows(list(mail.listing(Query.parse(text))))
    return [row.subject for row in rows if row is not None]


def test_a_letter_to_be_answered_later_is_marked_on_the_server_and_that_is_undone(here: Machine) -> None:
    fill(here.box, 3)
    mail = here.start()
    assert mail.reply_later(ids(mail)[1:2]).words == "1 message to be answered later"
    assert found(mail, "is:later") == ["mail 1"]
    assert mail.settled(5)
    assert [REPLY_LATER in kept.flags for kept in here.box.messages("INBOX")] == [False, True, False]
    mail.undo()
    assert found(mail, "is:later") == []
    assert mail.settled(5) and not any(REPLY_LATER in kept.flags for kept in here.box.messages("INBOX"))


def test_what_another_program_wants_answered_is_known_here(here: Machine) -> None:
    fill(here.box, 2)
    here.box.add("INBOX", letter("asked elsewhere", 9), (REPLY_LATER,))
    mail = here.start()
    assert found(mail, "is:later in:inbox") == ["asked elsewhere"]


def test_what_was_sent_waits_until_somebody_answers_in_its_thread(here: Machine) -> None:
    here.box.add("Sent", letter("old question", 10))
    here.box.add("Sent", letter("answered question", 20))
    here.box.add("Sent", letter("asked again", 30))
    here.box.add("INBOX", letter("answer", 40, extra="In-Reply-To: <answered-question.20@example.org>\r\n"))
    again = "In-Reply-To: <asked-again.30@example.org>\r\n"
    here.box.add("Sent", letter("still asking", 50, extra=again))
    mail = here.start()
    assert found(mail, "waiting:3d") == ["still asking", "old question"]
    assert found(mail, "is:waiting -subject:still") == ["old question"]
    assert found(mail, "waiting:40d") == []
    assert "old question" not in found(mail, "waiting:3d in:inbox")


def test_an_action_on_hundreds_is_one_undo_and_counts_down_while_the_server_is_told(here: Machine) -> None:
    fill(here.box, 650)
    mail = here.start()
    everything = ids(mail)
    here.box.hold()
    assert len(mail.archive(everything)) == 650 and subjects(mail) == []
    here.box.release()
    assert mail.settled(10)
    told = [event.actions for event in here.ears.of(Owed)]
    assert [number for number in (450, 250, 50) if number in told] == [450, 250, 50], told
    assert len(here.box.messages("Archive")) == 650 and not here.box.messages("INBOX")
    mail.undo()
    assert ids(mail) == everything
    assert mail.settled(10) and len(here.box.messages("INBOX")) == 650
