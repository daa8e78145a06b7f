"""Some people answer."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from tui_mail.demo.correspondents import Correspondents
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server
from tui_mail.demo.smtp import Envelope

NOW = 1_795_000_000.0


class Diary:
    """Remembers what is to be done later, and does it when told."""

    def __init__(self) -> None:
        self.entries: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.entries.append((seconds, act))

    def turn(self) -> None:
        entries, self.entries = self.entries, []
        for _, act in entries:
            act()


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def people(mailbox: Mailbox, diary: Diary) -> Correspondents:
    return Correspondents(mailbox, later=diary.later, clock=lambda: NOW)


def _letter(*recipients: str, subject: str = "Sunday") -> Envelope:
    raw = (
        f"From: Robin <demo@example.org>\r\nTo: {', '.join(recipients)}\r\nSubject: {subject}\r\n"
        "Message-ID: <one@example.org>\r\nReferences: <zero@example.org>\r\n\r\nShall I bring\r\nthe chairs?\r\n"
    )
    return Envelope("demo@example.org", recipients, raw.encode())


def _inbox(mailbox: Mailbox) -> list[EmailMessage]:
    return [
        email.message_from_bytes(mailbox.raw("INBOX", uid), policy=email.policy.default)
        for uid in mailbox.uids("INBOX")
    ]


def test_mother_answers_after_some_seconds_and_quotes(mailbox: Mailbox, diary: Diary, people: Correspondents) -> None:
    people.hear(_letter("margit@marlow.example"))
    assert 3 <= diary.entries[0][0] <= 6
    assert _inbox(mailbox) == []
    diary.turn()
    answer = _inbox(mailbox)[0]
    assert answer["From"].addresses[0].addr_spec == "margit@marlow.example"
    assert answer["Subject"] == "Re: Sunday"
    assert answer["In-Reply-To"] == "<one@example.org>"
    assert answer["References"].split() == ["<zero@example.org>", "<one@example.org>"]
    assert "> Shall I bring\n> the chairs?" in answer.get_content().replace("\r\n", "\n")


def test_everybody_has_a_voice_of_their_own(mailbox: Mailbox, diary: Diary, people: Correspondents) -> None:
    who = ["ines@halyard.example", "tomasz@halyard.example", "jonna@marlow.example", "hanako@example.net"]
    people.hear(_letter(*who, "benedikt@quayside-choir.example"))
    diary.turn()
    bodies = [answer.get_content().split("You wrote:")[0] for answer in _inbox(mailbox)]
    assert len(set(bodies)) == 5


def test_most_people_do_not_answer(mailbox: Mailbox, diary: Diary, people: Correspondents) -> None:
    people.hear(_letter("somebody@example.com", "no-reply@harbour-savings.example"))
    assert diary.entries == []


def test_what_is_answered_follows_from_the_letter(diary: Diary) -> None:
    told = []
    for _ in range(2):
        mailbox = Mailbox()
        Correspondents(mailbox, later=diary.later, clock=lambda: NOW).hear(_letter("ines@halyard.example"))
        diary.turn()
        told.append(mailbox.raw("INBOX", 1))
    assert told[0] == told[1]


def test_mail_to_nobody_comes_back(mailbox: Mailbox, diary: Diary, people: Correspondents) -> None:
    people.hear(_letter("nobody@example.org"))
    diary.turn()
    report = _inbox(mailbox)[0]
    assert report.get_content_type() == "multipart/report"
    assert "nobody@example.org" in str(report)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"Subject: =?x?Q?=?=\r\nContent-Type: ;;;\r\n\r\n\xff"])
def test_odd_letters_upset_nobody(mailbox: Mailbox, diary: Diary, people: Correspondents, raw: bytes) -> None:
    people.hear(Envelope("demo@example.org", ("ines@halyard.example",), raw))
    diary.turn()
    assert len(_inbox(mailbox)) == 1


def test_an_answer_comes_through_the_whole_server(mailbox: Mailbox, diary: Diary, people: Correspondents) -> None:
    with Server(mailbox, taken=people.hear) as server:
        with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="localhost", timeout=5) as carrier:
            carrier.login("demo@example.org", "demo")
            envelope = _letter("jonna@marlow.example")
            carrier.sendmail(envelope.sender, envelope.recipients, envelope.data)
        diary.turn()
        assert _inbox(mailbox)[0]["From"].addresses[0].display_name == "Jonna Marlow"
