"""What is on its way can be seen, put off, taken back and followed, and comes back when it was not delivered."""

from __future__ import annotations

import sqlite3
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import SETTINGS, WORK, Machine, draft, machine, on_server
from tui_mail.backend.memory import FULL, MemoryStore
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.settings import Compose
from tui_mail.engine import errand
from tui_mail.model.draft import DraftId
from tui_mail.model.errors import RecipientsRefused, Refused, Unsupported
from tui_mail.model.event import Bounced, Failed, OutboxChanged, Sending, Sent
from tui_mail.model.standing import standing

SLOW = replace(SETTINGS, compose=Compose(undo_send=10))


def test_the_servers_words_and_the_dialogue_stay_with_the_letter(here: Machine) -> None:
    mail = here.start()
    waiting = mail.send(draft("Hi")).result(timeout=20)
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled()
    (letter,) = mail.sent_lately()
    assert letter.id == waiting.id and letter.state == "done" and letter.sent_at == here.now
    assert letter.reply == "250 2.0.0 kept as 1"
    ((at, lines),) = mail.dialogues(letter.id)
    assert at == here.now and "→ RCPT TO:<bob@example.org>" in lines
    assert [event.done == event.total for event in here.ears.of(Sending)][-1]


def test_a_letter_that_was_called_off_in_time_is_still_a_draft_and_any_other_goes_out(here: Machine) -> None:
    mail = here.start()
    for number in range(12):
        letter = replace(draft(f"Letter {number}"), id=DraftId(f"d{number}"))
        promise = mail.send(letter, after=3600)
        if number % 3:
            wait((promise,), timeout=0.001 * number)
        is_off = promise.cancel()
        if not is_off:
            promise.result(timeout=20)
        assert mail.settled()
        assert (letter.id in [one.draft for one in mail.outbox()]) is not is_off
        assert (letter.id in [one.id for one in mail.drafts()]) is is_off


def test_only_the_last_tries_of_a_letter_are_kept(here: Machine) -> None:
    here.sender.refused, here.sender.later = {"bob@example.org": "451 Greylisted"}, True
    mail = here.start()
    waiting = mail.send(draft()).result(timeout=20)
    for _ in range(5):
        assert mail.settled()
        mail.retry(waiting.id)
    assert mail.settled()
    assert len(mail.dialogues(waiting.id)) == 3


def test_a_letter_goes_at_its_hour_and_not_before(here: Machine) -> None:
    mail = here.start()
    waiting = mail.send(draft(), after=3600).result(timeout=20)
    assert mail.settled() and not here.box.sent
    mail.reschedule(waiting.id, here.now + 7200).result(timeout=20)
    here.now += 3601
    mail._accounts.look()
    assert mail.settled() and not here.box.sent
    here.now += 3600
    mail._accounts.look()
    here.ears.wait(Sent)
    assert mail.settled() and len(here.box.sent) == 1
    with pytest.raises(Refused, match="on its way"):
        mail.reschedule(waiting.id, here.now + 10).result(timeout=20)


def test_a_letter_for_tomorrow_is_still_for_tomorrow_after_a_restart(here: Machine) -> None:
    mail = here.start()
    waiting = mail.send(draft(), after=86400).result(timeout=20)
    here.close()
    (again,) = here.start().outbox()
    assert again == waiting and not here.box.sent


def test_the_others_get_it_when_the_person_says_so(here: Machine) -> None:
    here.sender.refused = {"nobody@example.org": "550 No such user"}
    mail = here.start()
    mail.send(draft(to="bob@example.org, nobody@example.org")).result(timeout=20)
    here.ears.wait(Failed)
    assert mail.settled()
    (letter,) = mail.outbox()
    assert letter.refused == (("nobody@example.org", "550 No such user"),) and letter.others == ("bob@example.org",)
    mail.send_to_others(letter.id).result(timeout=20)
    here.ears.wait(Sent)
    assert mail.settled()
    (sent,) = here.box.sent
    assert sent.recipients == ("bob@example.org",) and b"nobody@example.org" in sent.wire
    (done,) = mail.sent_lately()
    assert done.refused == (("nobody@example.org", "550 No such user"),)


def test_where_everybody_was_refused_there_are_no_others(here: Machine) -> None:
    here.sender.refused = {"bob@example.org": "550 No such user"}
    mail = here.start()
    mail.send(draft()).result(timeout=20)
    assert isinstance(here.ears.wait(Failed).error, RecipientsRefused)
    assert mail.settled()
    (letter,) = mail.outbox()
    with pytest.raises(Refused, match="nobody left"):
        mail.send_to_others(letter.id).result(timeout=20)
    assert mail.settled() and not here.box.sent


def report(message_id: str, *, who: str = "bob@example.org") -> bytes:
    """What a mail server writes when it gives up on a letter."""
    return (
        "From: Mail Delivery Subsystem <MAILER-DAEMON@example.org>\r\nTo: ann@example.org\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn@example.org>\r\n"
        "Date: 27 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nI am sorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; {who}\r\nAction: failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Hi\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_letter_that_comes_back_is_matched_to_what_was_sent(here: Machine) -> None:
    mail = here.start()
    mail.send(draft("Hi")).result(timeout=20)
    here.ears.wait(Sent, lambda event: event.filed)
    here.box.add("INBOX", report("<stranger@example.net>"))
    here.box.add("INBOX", report(here.box.sent[0].message_id))
    mail.refresh()
    told = here.ears.wait(Bounced)
    assert told.subject == "Hi" and "there is no such mailbox" in told.why
    assert mail.settled() and len(here.ears.of(Bounced)) == 1
    (letter,) = mail.outbox()
    assert letter.state == "bounced" and "bob@example.org" in letter.why and not mail.sent_lately()
    mail.acknowledge(letter.id)
    assert mail.settled()
    assert mail.outbox() == () and "bob@example.org" in mail.sent_lately()[0].why


def test_killed_before_the_last_dot_nothing_was_sent_and_it_goes_by_itself(here: Machine, tmp_path: Path) -> None:
    here.box.unplug()
    here.settings = SLOW
    mail = here.start()
    waiting = mail.send(draft()).result(timeout=20)
    survivor = here.dies(tmp_path / "corpse")
    here.close()
    survivor.now += 11
    orphaned(survivor.data, waiting.id, handed=0)
    here.box.plug()
    try:
        mail = survivor.start()
        survivor.ears.wait(Sent, lambda event: event.filed)
        assert len(here.box.sent) == 1
    finally:
        survivor.close()


def orphaned(data: Path, letter: int, *, handed: int) -> None:
    """The letter was being sent by a process that is gone."""
    connection = sqlite3.connect(data / "work.db")
    with connection:
        connection.execute(
            "UPDATE letter SET state = 'sending', owner = '999999999@1', handed = ? WHERE id = ?", (handed, letter)
        )
    connection.close()


def test_a_command_that_was_killed_sends_nothing_behind_ones_back(here: Machine) -> None:
    mail = here.start()
    waiting = mail.send(draft(), after=60).result(timeout=20)
    here.close()
    orphaned(here.data, waiting.id, handed=-1)
    mail = here.start()
    (letter,) = mail.outbox()
    assert letter.state == "refused" and "nothing was sent" in letter.why and not here.box.sent


def test_a_letter_of_unknown_fate_is_looked_for_after_a_restart(here: Machine) -> None:
    here.can = replace(FULL, saves_sent=True)
    here.sender = MemorySender(here.box, files_sent=True)
    mail = here.start()
    waiting = mail.send(draft(), after=60).result(timeout=20)
    letter = mail._writer.do(lambda books: books.letters.letter(waiting.id)).result()
    assert letter is not None
    here.close()
    orphaned(here.data, waiting.id, handed=1)
    here.box.add("Sent", letter.outgoing.copy)
    mail = here.start()
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled() and mail.outbox() == () and not here.box.sent


# --- in the background


def carry_on(here: Machine, patience: float = 30) -> tuple[int, list[str]]:
    told: list[str] = []
    count = errand.carry_on(
        here.settings,
        here.data,
        connect=lambda account: MemoryStore(here.box, here.can),
        carry=lambda account: here.sender,
        clock=lambda: here.now,
        patience=patience,
        told=told.append,
    )
    return count, told


@pytest.fixture
def left(tmp_path: Path) -> Machine:
    """Somebody quit while two letters could still be called back, and a third is for tomorrow."""
    with machine(tmp_path / "data", settings=SLOW) as one:
        one.can = replace(FULL, saves_sent=True)
        one.sender = MemorySender(one.box, files_sent=True)
        mail = one.start()
        for number in range(2):
            mail.send(draft(f"Letter {number}", id=f"d{number}")).result(timeout=20)
        mail.send(draft("Tomorrow", id="d3"), after=86400).result(timeout=20)
        one.close()
        return one


def test_letters_are_carried_without_a_screen_and_filed(left: Machine) -> None:
    left.now += 11
    assert carry_on(left) == (2, ["Letter 0: sent", "Letter 1: sent"])
    assert len(left.box.sent) == len(left.box.messages("Sent")) == 2
    mail = left.start()
    assert [letter.subject for letter in mail.outbox()] == ["Tomorrow"]
    assert {letter.subject for letter in mail.sent_lately()} == {"Letter 0", "Letter 1"}
    assert all(mail.dialogues(letter.id) for letter in mail.sent_lately())
    left.close()


def test_what_could_not_be_carried_waits_with_the_reason(left: Machine) -> None:
    left.now += 11
    left.sender.refused = {"bob@example.org": "550 no"}
    count, told = carry_on(left, patience=0)
    assert count == 0 and len(told) == 2
    mail = left.start()
    assert [letter.state for letter in mail.outbox()] == ["refused", "refused", "waiting"]
    left.close()


def test_a_letter_that_another_process_carries_is_left_to_it(left: Machine) -> None:
    left.now += 11
    mail = left.start()
    assert mail.settled() and len(left.box.sent) == 2
    assert carry_on(left) == (0, [])
    left.close()


def test_how_large_a_letter_may_be_is_learned_from_every_answer_and_outlives_the_program(here: Machine) -> None:
    here.sender.largest = 3000
    mail = here.start()
    assert mail.limits.of("work") == 0 and not mail.limits.is_known("work")
    mail.send(draft(body="x" * 60 + "\n" * 3000)).result(timeout=20)
    assert isinstance(here.ears.wait(Failed).error, Unsupported)
    assert mail.settled() and mail.limits.of("work") == 3000
    here.close()
    mail = here.start()
    assert mail.limits.of("work") == 3000 and mail.limits.of("nowhere") == 0
    here.sender.largest = 9000
    assert mail.limits.ask("work").result(timeout=20) == 9000
    here.close()
    here.settings = replace(here.settings, accounts={"work": replace(WORK, largest_letter=4000)})
    assert here.start().limits.of("work") == 4000


def test_a_copy_that_a_full_mailbox_refuses_is_said_kept_and_filed_when_there_is_room(here: Machine) -> None:
    mail = here.start()
    here.box.quota = 0
    waiting = mail.send(draft("Hi")).result(timeout=20)
    assert "“Hi” was sent, but its copy could not be filed" in str(here.ears.wait(Failed).error)
    assert mail.settled()
    (letter,) = mail.outbox()
    assert letter.state == "sent" and letter.why == "The server would not take the message: the mailbox is full."
    assert "taken: 250 2.0.0 kept as 1; its copy is still to be filed: The server would" in standing(letter, here.now)
    mail.retry(waiting.id)
    assert mail.settled() and len(here.failures()) == 2, "who asks again is answered again"
    here.close()
    mail = here.start()
    assert mail.outbox()[0].state == "sent" and len(here.box.sent) == 1
    here.box.quota = None
    mail.retry(waiting.id)
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled() and not mail.outbox()
    assert on_server(here.box, "Sent") == ["Hi"] and len(here.box.sent) == 1


def test_a_clock_that_is_set_back_holds_up_no_letter_but_those_for_later(tmp_path: Path) -> None:
    with machine(tmp_path / "data", settings=SLOW) as here:
        mail = here.start()
        mail.send(draft("now", id="a")).result(timeout=20)
        later = mail.send(draft("later", id="b"), after=7200).result(timeout=20)
        here.now -= 3600
        mail._accounts.look()
        assert mail.settled()
        first, second = mail.outbox()
        assert (first.subject, first.due) == ("now", here.now + 10) and second == later
        here.now += 11
        mail._accounts.look()
        here.ears.wait(Sent, lambda event: event.filed)
        assert [one.subject for one in here.box.sent] == ["now"]


def test_a_clock_that_jumps_ahead_sends_what_was_for_later_once(here: Machine) -> None:
    mail = here.start()
    mail.send(draft("later"), after=7200).result(timeout=20)
    here.now += 86400
    mail._accounts.look()
    here.ears.wait(Sent, lambda event: event.filed)
    here.now -= 86400
    mail._accounts.look()
    assert mail.settled() and len(here.box.sent) == 1 and not mail.outbox()


def test_a_letter_that_was_on_its_way_when_the_screens_began_again_goes_once(here: Machine) -> None:
    mail = here.start()
    here.box.hold()
    mail.send(draft("once")).result(timeout=20)
    here.ears.wait(OutboxChanged, lambda event: mail.outbox()[0].state == "sending")
    mail.close()
    again = here.start(settle=False)
    here.box.release()
    here.ears.wait(Sent, lambda event: event.filed)
    assert again.settled()
    assert on_server(here.box, "Sent") == ["once"] and len(here.box.sent) == 1 and not again.outbox()
