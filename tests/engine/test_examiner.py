"""What is known of a letter comes from what is on this machine: earlier letters, own answers, other invitations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.world import MORNING, SETTINGS, Machine, ids, letter, machine, one
from tui_mail.backend.memory_mailbox import MemoryMailbox
from tui_mail.config.settings import Settings, Sync
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import NotFound
from tui_mail.model.event import Begun, Changed
from tui_mail.model.folder import Role
from tui_mail.model.insight import Insight
from tui_mail.model.message import MessageId

ALL = Settings(SETTINGS.accounts, compose=SETTINGS.compose, sync=Sync(keep="all"))
BOB_TO_ANN = b"From: Bob <bob@example.org>\r\nTo: Ann <ann@example.org>"


def box(*letters: bytes, sent: tuple[bytes, ...] = ()) -> MemoryMailbox:
    made = MemoryMailbox()
    for number, raw in enumerate(letters):
        made.add("INBOX", raw, date=MORNING + number)
    for raw in sent:
        made.add("Sent", raw, date=MORNING)
    return made


def started(here: Machine) -> Mail:
    """The program, once every letter, the sent ones too, and every text is here."""
    mail = here.start()
    wanted = len(here.box.messages("Sent"))
    if wanted:
        here.ears.wait(Changed, lambda _: len(ids(mail, Role.SENT)) == wanted)
        assert mail.settled()
    every = [*ids(mail), *ids(mail, Role.SENT)]
    for id in every:
        mail.read(id).result(20)
    assert mail.settled()
    assert all(row is not None and row.has_text for row in mail.rows(every))
    return mail


def insight(mail: Mail, id: MessageId) -> Insight:
    return mail.examiner.insight(one(mail, id), mail.read(id).result(20)).result(20)


def words(found: Insight) -> str:
    return " | ".join(concern.words for concern in found.concerns)


def test_only_the_first_letter_of_somebody_is_said_to_be_the_first(tmp_path: Path) -> None:
    with machine(tmp_path, box(letter("one", 1), letter("two", 2)), settings=ALL) as here:
        mail = started(here)
        two, first = ids(mail)
        assert words(insight(mail, first)) == "first mail from this address"
        assert words(insight(mail, two)) == ""


def test_somebody_one_wrote_to_is_no_stranger(tmp_path: Path) -> None:
    own = letter("hello", 0).replace(
        b"From: Bob <bob@example.org>\r\nTo: Ann <ann@example.org>", b"To: bob@example.org"
    )
    with machine(tmp_path, box(letter("one", 1), sent=(own,)), settings=ALL) as here:
        mail = started(here)
        assert words(insight(mail, ids(mail)[0])) == ""


def test_the_domains_one_writes_to_are_guarded(tmp_path: Path) -> None:
    own = letter("hi", 0).replace(b"To: Ann <ann@example.org>", b"To: Desk <desk@paypal.example>")
    fake = letter("pay", 1).replace(b"bob@example.org", b"desk@paypa1.example")
    with machine(tmp_path, box(fake, sent=(own,)), settings=ALL) as here:
        mail = started(here)
        assert "paypa1.example only looks like paypal.example" in words(insight(mail, ids(mail)[0]))


def thread() -> tuple[bytes, bytes, bytes]:
    first = letter("Plan", 1, body="Shall we meet on Friday at noon in the small room?\r\n")
    own = letter("Re: Plan", 2, body="Yes, with pleasure, and I bring cake for everybody.\r\n")
    own = own.replace(
        b"From: Bob <bob@example.org>\r\nTo: Ann <ann@example.org>", b"From: ann@example.org\r\nTo: bob@example.org"
    )
    last = letter(
        "Re: Plan",
        3,
        body="Fine!\r\n\r\n> Yes, with pleasure, and I bring cake for everybody.\r\n"
        ">> Shall we meet on Friday at noon in the small room?\r\n",
        extra="References: <Plan.1@example.org> <Re:-Plan.2@example.org>\r\n",
    )
    return first, own.replace(b"\r\n\r\n", b"\r\nIn-Reply-To: <Plan.1@example.org>\r\n\r\n", 1), last


def test_a_conversation_has_the_own_answers_in_their_place(tmp_path: Path) -> None:
    first, own, last = thread()
    with machine(tmp_path, box(first, last, sent=(own,)), settings=ALL) as here:
        mail = started(here)
        found = insight(mail, ids(mail)[0])
        assert [(turn.depth, turn.is_own) for turn in found.turns] == [(0, False), (1, True), (2, False)]


def test_an_own_letter_that_came_back_from_a_list_is_told_once(tmp_path: Path) -> None:
    first, own, last = thread()
    back = b"Received: from lists.example.net by mx.example.org; Mon, 23 Nov 2026 11:02:30 +0000\r\n" + own
    with machine(tmp_path, box(first, back, last, sent=(own,)), settings=ALL) as here:
        mail = started(here)
        last_id, back_id, _ = ids(mail)
        assert [turn.depth for turn in insight(mail, last_id).turns] == [0, 1, 2]
        turns = insight(mail, back_id).turns
        assert len(turns) == 3 and back_id in [turn.id for turn in turns]


def test_what_stands_in_earlier_letters_is_known(tmp_path: Path) -> None:
    first, own, last = thread()
    with machine(tmp_path, box(first, last, sent=(own,)), settings=ALL) as here:
        mail = started(here)
        id = ids(mail)[0]
        blocks = mail.read(id).result(20).document.blocks
        known = [blocks[at].text for at in sorted(insight(mail, id).read_before)]
        assert known == [
            "Yes, with pleasure, and I bring cake for everybody.",
            "Shall we meet on Friday at noon in the small room?",
        ]


def test_what_stands_in_an_earlier_letter_is_known_as_soon_as_that_is_here(tmp_path: Path) -> None:
    first, _own, last = thread()
    with machine(tmp_path, box(first, last)) as here:
        mail = here.start()
        id, before = ids(mail)
        assert not insight(mail, id).read_before
        mail.read(before).result(20)
        assert mail.settled()
        assert insight(mail, id).read_before


def event(title: str, number: int, start: str, *, method: str = "REQUEST", answer: str = "NEEDS-ACTION") -> bytes:
    lines = (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{title}\r\nDTSTART:{start}\r\nDURATION:PT1H\r\n"
        f"SUMMARY:{title}\r\nORGANIZER:mailto:bob@example.org\r\nATTENDEE;PARTSTAT={answer}:mailto:ann@example.org\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return letter(
        title, number, body=lines, extra=f"MIME-Version: 1.0\r\nContent-Type: text/calendar; method={method}\r\n"
    )


def test_an_invitation_knows_what_else_is_at_its_time_and_what_was_answered(tmp_path: Path) -> None:
    letters = (
        event("Tea", 1, "20261201T103000Z"),
        event("Other day", 2, "20261202T103000Z"),
        event("Declined", 3, "20261201T100000Z"),
        event("Plan", 4, "20261201T100000Z"),
    )
    sent = (
        event("Plan", 5, "20261201T100000Z", method="REPLY", answer="ACCEPTED"),
        event("Declined", 6, "20261201T100000Z", method="REPLY", answer="DECLINED"),
    )
    with machine(tmp_path, box(*letters, sent=sent), settings=ALL) as here:
        mail = started(here)
        found = insight(mail, ids(mail)[0])
        assert [one.title for one in found.invites] == ["Plan"]
        assert [one.title for one in found.conflicts] == ["Tea"]
        assert found.answered == "ACCEPTED"


def test_the_newest_code_is_found_and_yesterdays_is_not(tmp_path: Path) -> None:
    old = letter("Your code is 111111", 1)
    new = letter("Sign in", 80_000, body="Your verification code:\r\n\r\n482913\r\n")
    with machine(tmp_path, box(old, new), settings=ALL) as here:
        mail = started(here)
        here.now = one(mail, ids(mail)[0]).date + 60.0
        code = mail.examiner.newest_code().result(20)
        assert (code.code, code.sender) == ("482913", "Bob")
        here.now += 90_000
        with pytest.raises(NotFound):
            mail.examiner.newest_code().result(20)


def test_a_bounce_knows_the_letter_it_is_about(tmp_path: Path) -> None:
    own = letter("hello", 0)
    report = letter(
        "Undelivered",
        1,
        body="--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Final-Recipient: rfc822; no@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <hello.0@example.org>\r\n--b--\r\n",
        extra="MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n",
    )
    with machine(tmp_path, box(report, sent=(own,)), settings=ALL) as here:
        mail = started(here)
        told = insight(mail, ids(mail)[0]).report
        assert told is not None and told.about is not None
        assert one(mail, told.about).subject == "hello"


def test_the_first_screens_of_a_large_page_are_told_before_the_letter_is_whole(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td><h3>Lamp {number}</h3><p>It shines.</p></td></tr>" for number in range(3000))
    page = f"Subject: News\r\nContent-Type: text/html\r\n\r\n<table>{rows}</table>\r\n"
    with machine(tmp_path, box(page.encode())) as here:
        mail = started(here)
        (id,) = ids(mail)
        whole = mail.read(id).result(20)
        begun = here.ears.wait(Begun)
        assert begun.id == id
        assert "Lamp 50" in begun.beginning.document.text and "Lamp 2999" in whole.document.text
