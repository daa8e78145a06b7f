"""What is typed is kept, what is sent goes out once, and its copy is filed once."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import SETTINGS, WORK, Machine, draft, fill, folder, ids, machine, on_server, one
from tui_mail.backend.memory import FULL, MemoryStore
from tui_mail.backend.memory_sender import MemorySender
from tui_mail.config.settings import Compose
from tui_mail.engine import errand
from tui_mail.engine.writer import KEEP_WITHIN
from tui_mail.model.draft import DraftId, Enclosure
from tui_mail.model.errors import (
    AuthFailed,
    BadAddress,
    BadInput,
    RecipientsRefused,
    Refused,
    Uncertain,
)
from tui_mail.model.event import Failed, Owed, Sent
from tui_mail.model.folder import Role
from tui_mail.model.message import ANSWERED, FORWARDED


def test_what_was_typed_is_on_disk_within_300_ms(here: Machine, tmp_path: Path) -> None:
    mail = here.start()
    for end in range(1, 12):
        mail.keep(draft(body="Dear Bob, "[:end]))
    assert mail.drafts()[0].body == "Dear Bob, "
    written = threading.Event()
    mail._writer.later("after it", lambda books: written.set())
    assert KEEP_WITHIN < 0.3 and written.wait(20)
    survivor = here.dies(tmp_path / "corpse")
    try:
        (kept,) = survivor.start().drafts()
        assert kept.body == "Dear Bob, " and kept.changed > 0
    finally:
        survivor.close()


def test_a_discarded_draft_comes_back_with_its_last_letter(here: Machine) -> None:
    mail = here.start()
    mail.keep(draft(body="one"))
    mail.keep(draft(body="one, two"))
    mail.discard(DraftId("d1"))
    assert mail.drafts() == ()
    assert mail.settled() and mail.drafts() == ()
    mail.recover(DraftId("d1"))
    assert mail.settled()
    assert [each.body for each in mail.drafts()] == ["one, two"]


def test_one_of_three_drafts_is_changed_and_the_others_stay(here: Machine) -> None:
    mail = here.start()
    for number in range(3):
        mail.keep(draft(id=f"d{number}", body=str(number)))
    mail.keep(draft(id="d1", body="changed"))
    mail.discard(DraftId("d2"))
    assert mail.settled()
    mail.close()
    mail = here.start()
    assert [(each.id, each.body) for each in mail.drafts()] == [("d1", "changed"), ("d0", "0")]


def test_an_older_text_never_replaces_a_newer_one_when_the_clock_goes_back(here: Machine) -> None:
    mail = here.start()
    mail.keep(draft(body="first"))
    assert mail.settled()
    here.now -= 5000
    mail.keep(draft(body="second"))
    assert mail.settled()
    assert mail.drafts()[0].body == "second"


def test_a_letter_goes_out_once_and_its_copy_is_filed(here: Machine) -> None:
    mail = here.start()
    mail.keep(draft("Hi"))
    waiting = mail.send(draft("Hi")).result(timeout=20)
    assert waiting.recipients == ("bob@example.org",)
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled()
    (sent,) = here.box.sent
    assert on_server(here.box, "Sent") == ["Hi"]
    assert here.box.messages("Sent")[0].raw == sent.copy
    assert mail.outbox() == () and mail.drafts() == () and mail.owed() == Owed(0, 0)


def test_bcc_is_not_on_the_wire_but_in_the_copy(here: Machine) -> None:
    mail = here.start()
    mail.send(replace(draft(), bcc="eve@example.org")).result(timeout=20)
    assert mail.settled()
    (sent,) = here.box.sent
    assert "eve@example.org" in sent.recipients and b"eve@" not in sent.wire
    assert b"eve@example.org" in here.box.messages("Sent")[0].raw


def test_a_bad_address_leaves_the_draft_as_it_was(here: Machine) -> None:
    mail = here.start()
    mail.keep(draft(to="bob@@example"))
    with pytest.raises(BadAddress):
        mail.send(draft(to="bob@@example")).result(timeout=20)
    with pytest.raises(BadInput):
        mail.send(draft(to="")).result(timeout=20)
    assert mail.settled()
    assert [each.id for each in mail.drafts()] == ["d1"] and mail.outbox() == ()


def test_a_letter_sent_twice_in_a_hurry_goes_out_once(here: Machine) -> None:
    mail = here.start()
    here.box.hold()
    first, second = mail.send(draft()), mail.send(draft())
    first.result(timeout=20)
    with pytest.raises(Refused, match="already"):
        second.result(timeout=20)
    here.box.release()
    assert mail.settled()
    assert len(here.box.sent) == 1


def test_a_letter_is_called_back_while_it_waits(tmp_path: Path) -> None:
    with machine(tmp_path / "data", settings=replace(SETTINGS, compose=Compose(undo_send=10))) as here:
        mail = here.start()
        waiting = mail.send(draft("Hasty", body="Never mind.\n")).result(timeout=20)
        assert [each.state for each in mail.outbox()] == ["waiting"] and mail.owed().letters == 1
        back = mail.unsend(waiting.id).result(timeout=20)
        assert back.subject == "Hasty" and back.body == "Never mind.\n"
        assert mail.settled() and mail.outbox() == () and [each.id for each in mail.drafts()] == ["d1"]
        here.now += 60
        mail.keep(replace(back, body="Calmer."))
        assert mail.settled() and mail.drafts()[0].body == "Calmer." and not here.box.sent


def test_a_letter_on_its_way_cannot_be_called_back(here: Machine) -> None:
    mail = here.start()
    here.box.hold()
    waiting = mail.send(draft()).result(timeout=20)
    assert here.box.heard("send")
    with pytest.raises(Refused, match="on its way"):
        mail.unsend(waiting.id).result(timeout=20)


def test_killed_in_the_undo_window_the_letter_still_goes(tmp_path: Path) -> None:
    with machine(tmp_path / "data", settings=replace(SETTINGS, compose=Compose(undo_send=10))) as here:
        here.start().send(draft()).result(timeout=20)
        survivor = here.dies(tmp_path / "corpse")
        here.close()
        assert not here.box.sent
        survivor.now += 11
        try:
            assert survivor.start().settled()
            assert len(here.box.sent) == 1
        finally:
            survivor.close()


def test_killed_while_sending_it_is_unknown_and_only_the_person_sends_it_again(here: Machine, tmp_path: Path) -> None:
    mail = here.start()
    corpses: list[Machine] = []
    here.box.after("send", lambda: corpses.append(here.dies(tmp_path / "corpse")))
    mail.send(draft()).result(timeout=20)
    here.ears.wait(Sent)
    here.close()
    (survivor,) = corpses
    owner = survivor.data / "work.db"
    connection = sqlite3.connect(owner)
    connection.execute("UPDATE letter SET owner = '999999999@1'")  # the copy was made by a process that lives on
    connection.commit()
    connection.close()
    try:
        mail = survivor.start()
        assert mail.settled()
        (waiting,) = mail.outbox()
        assert waiting.state == "unknown" and "may have gone out" in waiting.why
        assert len(here.box.sent) == 1
        mail.retry(waiting.id)
        assert mail.settled()
        first, second = here.box.sent
        assert first == second and mail.outbox() == ()
    finally:
        survivor.close()


def test_a_lost_answer_to_the_last_dot_is_unknown(here: Machine) -> None:
    here.sender.uncertain = True
    mail = here.start()
    mail.send(draft()).result(timeout=20)
    assert isinstance(here.ears.wait(Failed).error, Uncertain)
    assert mail.settled()
    (waiting,) = mail.outbox()
    assert waiting.state == "unknown" and len(here.box.sent) == 1
    assert mail.edit_again(waiting.id).result(timeout=20).subject == "Hello"
    assert mail.outbox() == ()


def test_a_letter_of_unknown_fate_that_the_server_filed_was_sent(here: Machine) -> None:
    here.can = replace(FULL, saves_sent=True)
    here.sender = MemorySender(here.box, files_sent=True)
    here.sender.uncertain = True
    mail = here.start()
    mail.send(draft()).result(timeout=20)
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled()
    assert len(here.box.sent) == 1 and len(here.box.messages("Sent")) == 1 and mail.outbox() == ()


def test_refused_recipients_are_named_and_nothing_went_out(here: Machine) -> None:
    here.sender.refused = {"nobody@example.org": "No such user here"}
    mail = here.start()
    mail.send(draft(to="bob@example.org, nobody@example.org")).result(timeout=20)
    failed = here.ears.wait(Failed).error
    assert isinstance(failed, RecipientsRefused) and "nobody@example.org" in failed.refused
    assert mail.settled()
    (waiting,) = mail.outbox()
    assert waiting.state == "refused" and "nobody@example.org" in waiting.why and not here.box.sent
    here.sender.refused = {}
    mail.retry(waiting.id)
    assert mail.settled() and len(here.box.sent) == 1


def test_a_server_that_is_busy_is_tried_again_later(here: Machine) -> None:
    here.sender.refused = {"bob@example.org": "Greylisted"}
    here.sender.later = True
    mail = here.start()
    mail.send(draft()).result(timeout=20)
    here.ears.wait(Failed)
    assert mail.settled()
    (waiting,) = mail.outbox()
    assert waiting.state == "waiting" and waiting.due > here.now and waiting.why
    here.sender.refused = {}
    here.now = waiting.due + 1
    mail._accounts.look()
    here.ears.wait(Sent)
    assert mail.settled() and mail.outbox() == ()


def test_a_refused_login_is_not_repeated_until_one_succeeds(here: Machine) -> None:
    mail = here.start()
    here.box.refuse("send", AuthFailed("Wrong password."))
    mail.send(draft()).result(timeout=20)
    here.ears.wait(Failed, lambda event: isinstance(event.error, AuthFailed))
    assert mail.settled()
    (waiting,) = mail.outbox()
    assert waiting.state == "waiting" and waiting.due >= here.now + 3600
    here.box.drop()
    mail.refresh()
    here.ears.wait(Sent)
    assert mail.settled() and len(here.box.sent) == 1


def test_offline_a_letter_waits_and_goes_when_the_line_is_back(here: Machine) -> None:
    mail = here.start()
    here.box.unplug()
    mail.send(draft()).result(timeout=20)
    assert here.box.heard("send")
    assert mail.settled() and mail.outbox()[0].state == "waiting"
    here.box.plug()
    mail.refresh()
    here.ears.wait(Sent, lambda event: event.filed)
    assert len(here.box.sent) == 1 and on_server(here.box, "Sent") == ["Hello"]


def test_a_copy_that_the_server_refuses_is_kept_and_the_letter_not_sent_again(here: Machine, tmp_path: Path) -> None:
    mail = here.start()
    here.box.refuse("append", Refused("Over quota."))
    mail.send(draft()).result(timeout=20)
    assert "could not be filed" in str(here.ears.wait(Failed).error)
    assert mail.settled()
    assert [each.state for each in mail.outbox()] == ["sent"]
    survivor = here.dies(tmp_path / "corpse")
    here.close()
    try:
        mail = survivor.start()
        survivor.ears.wait(Sent, lambda event: event.filed)
        assert on_server(here.box, "Sent") == ["Hello"] and len(here.box.sent) == 1
        assert mail.settled() and mail.outbox() == ()
    finally:
        survivor.close()


def test_a_copy_whose_answer_was_lost_is_not_filed_twice(here: Machine) -> None:
    mail = here.start()
    here.box.after("append", here.box.drop)
    mail.send(draft()).result(timeout=20)
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled()
    assert on_server(here.box, "Sent") == ["Hello"]


def test_a_server_that_files_sent_mail_by_itself_gets_no_second_copy(here: Machine) -> None:
    here.sender = MemorySender(here.box, files_sent=True)
    mail = here.start()
    for number in range(2):
        mail.send(draft(id=f"d{number}")).result(timeout=20)
    assert mail.settled()
    assert on_server(here.box, "Sent") == ["Hello", "Hello"] and mail.outbox() == ()
    assert not [line for line in here.box.log if line.startswith("append")]


@pytest.mark.parametrize("forwards", [False, True])
def test_what_was_answered_is_marked_and_undo_passes_over_it(here: Machine, forwards: bool) -> None:
    fill(here.box, 1)
    mail = here.start()
    (id,) = ids(mail)
    mail.star([id])
    mail.send(replace(draft(), answers=id, forwards=forwards)).result(timeout=20)
    here.ears.wait(Sent, lambda event: event.filed)
    assert mail.settled()
    flag = FORWARDED if forwards else ANSWERED
    assert flag in one(mail, id).flags and flag in here.box.messages("INBOX")[0].flags
    assert mail.undo() == "Starred 1 message" and flag in one(mail, id).flags


def test_a_file_and_a_kept_mail_can_be_enclosed(here: Machine, tmp_path: Path) -> None:
    fill(here.box, 1)
    mail = here.start()
    (id,) = ids(mail)
    mail.raw(id).result(timeout=20)
    path = tmp_path / "plan.txt"
    path.write_text("the plan")
    enclosures = (
        Enclosure(path=str(path), name="plan.txt", type="text/plain", size=8),
        Enclosure(source=id, name="mail.eml", type="message/rfc822"),
    )
    mail.send(replace(draft(), enclosures=enclosures)).result(timeout=20)
    assert mail.settled()
    assert b"plan.txt" in here.box.sent[0].wire and b"mail-0.0@example.org" in here.box.sent[0].wire
    path.unlink()
    with pytest.raises(BadInput, match=r"plan\.txt"):
        mail.send(replace(draft(id="d2"), enclosures=enclosures)).result(timeout=20)
    assert [each.id for each in mail.drafts()] == ["d2"]


# --- from the shell


def run(here: Machine, subject: str = "From the shell") -> list[str]:
    told: list[str] = []
    errand.send(
        here.settings,
        here.data,
        WORK,
        draft(subject, id=subject),
        connect=lambda account: MemoryStore(here.box, here.can),
        carry=lambda account: here.sender,
        trace=lambda direction, text: told.append(f"{direction} {text}"),
        clock=lambda: here.now,
    )
    return told


def test_the_shell_sends_and_files_on_a_machine_without_a_program(here: Machine) -> None:
    here.can = replace(FULL, saves_sent=False)
    here.box.after("send", lambda: here.box.add("Trash", b"\r\n"))
    here.box.after("find", lambda: here.box.add("Sent", b"Subject: noise\r\n\r\n"))  # ends the wait for a copy
    assert any("RCPT TO:<bob@example.org>" in line for line in run(here))
    assert len(here.box.sent) == 1 and "From the shell" in on_server(here.box, "Sent")
    assert here.start().outbox() == ()


def test_the_shell_sends_beside_a_running_program(here: Machine) -> None:
    mail = here.start()
    mail.send(draft("learns that the server does not file")).result(timeout=20)
    assert mail.settled()
    run(here)
    mail.refresh(folder(mail, Role.SENT).id)
    assert mail.settled()
    assert len(here.box.sent) == 2 and len(here.box.messages("Sent")) == 2
    assert mail.outbox() == ()


def test_what_the_shell_could_not_send_is_not_sent_behind_its_back(here: Machine) -> None:
    here.sender.refused = {"bob@example.org": "no"}
    with pytest.raises(RecipientsRefused):
        run(here)
    here.sender.refused = {}
    mail = here.start()
    assert mail.settled() and not here.box.sent and mail.outbox() == () and mail.drafts() == ()


def test_the_shell_says_when_only_the_copy_is_missing_and_the_program_files_it(here: Machine) -> None:
    here.box.after("find", lambda: here.box.add("Sent", b"Subject: noise\r\n\r\n"))
    here.box.refuse("append", Refused("Over quota."))
    with pytest.raises(Refused, match="was sent"):
        run(here)
    mail = here.start()
    here.ears.wait(Sent, lambda event: event.filed)
    assert on_server(here.box, "Sent") == ["noise", "From the shell"] and len(here.box.sent) == 1
    assert mail.settled() and mail.outbox() == ()
