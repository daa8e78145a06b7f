"""Drafts on the server and before this moment: one copy, the new one first, nothing of anybody overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.world import MORNING, Machine, draft, folder, ids, machine
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.engine.mail import Mail
from tui_mail.mime.parse import parse
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.errors import BadInput, Refused
from tui_mail.model.event import DraftChanged, Failed
from tui_mail.model.folder import Role


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    with machine(tmp_path / "data") as one:
        yield one


def up(mail: Mail, *drafts: Draft) -> None:
    """Writing pauses after these."""
    for one in drafts:
        mail.keep(one)
    assert mail.settled()
    mail.drafting.paused("work")
    assert mail.settled()


def there(box: MemoryMailbox) -> list[tuple[str, str]]:
    """Subject and text of what stands in the server's Drafts folder."""
    return [(one.subject, one.text) for one in (parse(kept.raw) for kept in box.messages("Drafts"))]


def by_another_program(subject: str, text: str, *, name: str = "<other@example.org>", extra: str = "") -> bytes:
    return (
        f"From: Ann Example <ann@example.org>\r\nTo: Bob <bob@example.org>\r\nBcc: eve@example.org\r\n"
        f"Subject: {subject}\r\nMessage-ID: {name}\r\n{extra}\r\n{text}\r\n"
    ).encode()


def test_a_pause_puts_the_draft_on_the_server_and_the_next_one_replaces_it(here: Machine) -> None:
    mail = here.start()
    up(mail, draft("Plan", body="first"))
    assert there(here.box) == [("Plan", "first")]
    kept = here.box.messages("Drafts")[0]
    assert {"\\Draft", "\\Seen"} <= set(kept.flags)
    up(mail)
    assert here.box.messages("Drafts")[0].uid == kept.uid
    up(mail, draft("Plan", body="second"))
    assert there(here.box) == [("Plan", "second")]


def test_the_old_copy_stays_until_the_new_one_was_seen(here: Machine) -> None:
    mail = here.start()
    up(mail, draft("Plan", body="first"))
    here.box.refuse("append", Refused("Over quota.", code="OVERQUOTA"))
    up(mail, draft("Plan", body="second"))
    assert there(here.box) == [("Plan", "first")]
    assert [one.body for one in mail.drafts()] == ["second"]
    assert any("Over quota" in words for words in here.failures())
    up(mail)
    assert there(here.box) == [("Plan", "second")]


def test_a_draft_that_the_server_will_not_take_keeps_no_other_from_it_and_is_said_to_be_safe(here: Machine) -> None:
    mail = here.start()
    here.box.refuse("append", Refused("Over quota.", code="OVERQUOTA"))
    up(mail, draft("Large", id="d1"), draft("Small", id="d2"))
    assert [subject for subject, _ in there(here.box)] in (["Large"], ["Small"])
    [words] = here.failures()
    assert "is kept on this machine alone: Over quota." in words


def test_a_draft_that_is_sent_or_discarded_leaves_the_server_and_others_stay(here: Machine) -> None:
    mail = here.start()
    up(mail, *(draft(f"Plan {number}", id=f"d{number}") for number in range(3)))
    assert len(there(here.box)) == 3
    mail.discard(DraftId("d1"))
    up(mail)
    assert [subject for subject, _ in there(here.box)] == ["Plan 0", "Plan 2"]
    mail.send(draft("Plan 0", id="d0")).result(timeout=20)
    assert mail.settled()
    mail.drafting.paused("work")
    assert mail.settled()
    assert [subject for subject, _ in there(here.box)] == ["Plan 2"]
    mail.recover(DraftId("d1"))
    up(mail)
    assert {subject for subject, _ in there(here.box)} == {"Plan 1", "Plan 2"}


def test_written_offline_it_stands_there_once_when_there_is_a_connection(here: Machine) -> None:
    here.box.unplug()
    mail = here.start(settle=False)
    mail.keep(draft("Plan", body="first"))
    mail.drafting.paused("work")
    mail.keep(draft("Plan", body="second"))
    mail.drafting.paused("work")
    here.box.plug()
    mail.refresh()
    assert mail.settled()
    mail.drafting.paused("work")
    assert mail.settled()
    assert there(here.box) == [("Plan", "second")]


def test_died_between_the_upload_and_its_answer_there_is_one_copy_in_the_end(here: Machine, tmp_path: Path) -> None:
    mail = here.start()
    up(mail, draft("Plan", body="first"))
    mail.keep(draft("Plan", body="second"))
    assert mail.settled()
    here.box.after("append", here.box.drop)
    mail.drafting.paused("work")
    assert mail.settled()
    mail.refresh()
    assert mail.settled()
    up(mail)
    assert there(here.box) == [("Plan", "second")]


def changed(here: Machine) -> DraftChanged:
    return here.ears.wait(DraftChanged)


def replace_there(here: Machine, raw: bytes) -> None:
    """Another program puts its version there and takes ours away."""
    for kept in here.box.messages("Drafts"):
        here.box.remove("Drafts", kept.uid)
    if raw:
        here.box.add("Drafts", raw, flags={"\\Draft"}, date=MORNING)


@pytest.mark.parametrize(
    ("choice", "bodies", "local"),
    [("mine", {"mine"}, "mine"), ("theirs", {"theirs"}, "theirs"), ("both", {"mine", "theirs"}, "mine")],
)
def test_what_another_program_wrote_is_a_choice(here: Machine, choice: str, bodies: set[str], local: str) -> None:
    mail = here.start()
    up(mail, draft("Plan", body="first"))
    replace_there(here, by_another_program("Plan", "theirs"))
    mine = draft("Plan", body="mine")
    up(mail, mine)
    event = changed(here)
    assert event.theirs is not None and event.theirs.body == "theirs" and event.theirs.bcc == "eve@example.org"
    assert there(here.box) == [("Plan", "theirs")]
    up(mail, replace(mine, body="mine "))
    assert there(here.box) == [("Plan", "theirs")], "nothing is touched before the person decided"
    after = mail.drafting.settle(mine, choice)
    assert after.body == local and after.id == mine.id
    up(mail)
    assert {text for _, text in there(here.box)} == bodies
    assert mail.drafts()[0].body.strip() == local
    assert "mine" in [version.body for version in mail.drafting.versions(mine.id)]
    up(mail, replace(after, body="and on"))
    assert "and on" in {text for _, text in there(here.box)}


def test_a_draft_that_went_away_there_is_a_choice_too(here: Machine) -> None:
    mail = here.start()
    up(mail, draft("Plan", body="first"))
    replace_there(here, b"")
    mail.drafting.opened(draft("Plan", body="first"))
    assert mail.settled()
    assert changed(here).theirs is None
    mail.drafting.settle(draft("Plan", body="first"), "mine")
    up(mail)
    assert there(here.box) == [("Plan", "first")]


def test_what_changed_there_under_the_same_name_is_seen_by_its_size(here: Machine) -> None:
    mail = here.start()
    up(mail, draft("Plan", body="first"))
    name = parse(here.box.messages("Drafts")[0].raw).message_id
    replace_there(here, by_another_program("Plan", "theirs", name=name))
    up(mail, draft("Plan", body="mine"))
    event = changed(here)
    assert event.theirs is not None and event.theirs.body == "theirs"
    mail.drafting.settle(draft("Plan", body="mine"), "mine")
    up(mail)
    assert there(here.box) == [("Plan", "mine")]


def test_a_letter_that_another_program_began_is_written_on_here_with_its_files(here: Machine) -> None:
    mixed = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nIn-Reply-To: <q@x>\r\n"
    text = "--b\r\n\r\nhalf a thought\r\n--b\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\n\1\2\3\r\n--b--"
    here.box.add("Drafts", by_another_program("Begun there", text, extra=mixed), flags={"\\Draft"}, date=MORNING)
    mail = here.start()
    (id,) = ids(mail, Role.DRAFTS)
    found = mail.resume(id).result(timeout=20)
    assert (found.subject, found.body, found.bcc, found.in_reply_to) == (
        "Begun there", "half a thought", "eve@example.org", "<q@x>",
    )  # fmt: skip
    assert Path(found.enclosures[0].path).read_bytes() == b"\1\2\3"
    assert Path(found.enclosures[0].path).stat().st_mode & 0o777 == 0o600
    assert mail.resume(id).result(timeout=20).id == found.id
    up(mail, replace(found, body="a whole thought"))
    (kept,) = here.box.messages("Drafts")
    message = parse(kept.raw)
    assert message.text == "a whole thought" and message.attachments[0].name == "a.bin"
    mail.send(replace(found, body="a whole thought")).result(timeout=20)
    assert mail.settled()
    mail.drafting.paused("work")
    assert mail.settled() and not here.box.messages("Drafts")
    assert b"\1\2\3" in here.box.sent[0].wire or b"AQID" in here.box.sent[0].wire


@pytest.mark.parametrize(
    "head",
    [
        "From: Bob <bob@example.org>\r\n",
        "Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0000\r\nFrom: Ann <ann@example.org>\r\n",
    ],
)
def test_a_letter_that_somebody_sent_stays_as_it_is_when_it_is_written_on_from_drafts(here: Machine, head: str) -> None:
    raw = f"{head}To: ann@example.org\r\nSubject: Filed there\r\nMessage-ID: <s@example.org>\r\n\r\nHello.\r\n".encode()
    here.box.add("Drafts", raw, date=MORNING)
    mail = here.start()
    (id,) = ids(mail, Role.DRAFTS)
    found = mail.resume(id).result(timeout=20)
    up(mail, replace(found, body="Something else"))
    mail.send(replace(found, to="carol@example.org", body="Something else")).result(timeout=20)
    assert mail.settled()
    mail.drafting.paused("work")
    assert mail.settled()
    assert [kept.raw for kept in here.box.messages("Drafts")] == [raw]


def test_an_empty_letter_and_an_account_without_the_folder_leave_nothing_there(here: Machine) -> None:
    mail = here.start()
    up(mail, Draft(DraftId("e"), "work"))
    assert there(here.box) == []
    assert folder(mail, Role.DRAFTS)


def test_older_texts_are_kept_by_the_minute_and_before_much_is_deleted(here: Machine) -> None:
    mail = here.start()
    long = "word " * 200
    for number, body in enumerate(["a", "ab", long, "", "new"]):
        here.now += 10
        mail.keep(draft(body=body))
        assert mail.settled()
        assert number >= 0
    assert [one.body for one in mail.drafting.versions(DraftId("d1"))] == [long, "a"]
    here.now += 61
    mail.keep(draft(body="newer"))
    assert mail.settled()
    assert mail.drafting.versions(DraftId("d1"))[0].body == "new"


def test_what_is_no_file_stops_the_letter_and_hangs_nothing(here: Machine, tmp_path: Path) -> None:
    pipe, gone, odd = tmp_path / "pipe", tmp_path / "gone", tmp_path / os.fsdecode(b"caf\xe9.txt")
    os.mkfifo(pipe)
    odd.write_bytes(b"coffee")
    mail = here.start()
    for path, words in ((pipe, "not a file"), (gone, "cannot be read"), (Path("/dev/zero"), "not a file")):
        letter = replace(draft(), enclosures=(Enclosure(path=str(path), name="x"),))
        mail.keep(letter)
        with pytest.raises(BadInput, match=words):
            mail.send(letter).result(timeout=20)
    letter = replace(draft(), enclosures=(Enclosure(path=str(odd), name="caf\ufffd.txt", size=6),))
    mail.keep(letter)
    assert mail.settled() and mail.drafts()[0].enclosures[0].path == str(odd)
    mail.send(letter).result(timeout=20)
    assert mail.settled() and len(here.box.sent) == 1
    assert not here.ears.of(Failed)
