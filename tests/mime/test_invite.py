"""Invitations are told, and answered as the standard has it."""

from __future__ import annotations

import datetime as dt

import pytest

from tui_mail.mime.invite import invites, reply
from tui_mail.model.address import Address
from tui_mail.model.insight import Invite


def calendar(*lines: str, method: str = "REQUEST") -> bytes:
    every = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", "UID:1@x.example", *lines]
    return ("\r\n".join([*every, "END:VEVENT", "END:VCALENDAR"]) + "\r\n").encode()


def one(*lines: str, method: str = "REQUEST") -> Invite:
    (found,) = invites(calendar(*lines, method=method), "1.2")
    return found


def test_what_when_where_and_who_are_told() -> None:
    found = one(
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        "DURATION:PT90M",
        "SUMMARY:Plans\\, and cake",
        "LOCATION:Room 4",
        "ORGANIZER;CN=Bob:mailto:bob@x.example",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ann:MAILTO:ann@x.example",
        "ATTENDEE:mailto:carol@x.example",
        "SEQUENCE:3",
    )
    assert found.title == "Plans, and cake" and found.place == "Room 4" and found.sequence == 3
    assert isinstance(found.start, dt.datetime) and found.start.isoformat() == "2026-12-01T10:00:00+01:00"
    assert isinstance(found.end, dt.datetime) and found.end - found.start == dt.timedelta(minutes=90)
    assert found.organizer == Address("Bob", "bob@x.example")
    assert [(who.person.email, who.answer) for who in found.attendees] == [
        ("ann@x.example", "ACCEPTED"),
        ("carol@x.example", "NEEDS-ACTION"),
    ]
    assert found.wants_answer and found.part == "1.2"


def test_a_whole_day_and_a_cancelled_one() -> None:
    found = one("DTSTART;VALUE=DATE:20261224", "SUMMARY:Eve", method="CANCEL")
    assert found.start == dt.date(2026, 12, 24) and found.is_cancelled and not found.wants_answer


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10", "every week on Mon, Wed, 10 times"),
        ("FREQ=DAILY;INTERVAL=2;UNTIL=20261224", "every 2 days until 24 Dec 2026"),
        ("FREQ=SECONDLY;COUNT=99999999999999999999", "by rules of its own"),
        ("FREQ=SECONDLY;COUNT=2147483647", "every second, 2,147,483,647 times"),
    ],
)
def test_repetitions_are_told_and_never_worked_out(rule: str, words: str) -> None:
    assert one("DTSTART:20261201T100000Z", f"RRULE:{rule}").repeats == words


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"no calendar",
        b"BEGIN:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 3000,
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261340T990000\nEND:VEVENT\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=No/Where:20260101T000000\nDURATION:P999999999D\nEND:VEVENT\nEND:VCALENDAR",
        b"\xff\xfeBEGIN:VCALENDAR\x00\n",
    ],
)
def test_what_is_no_calendar_is_no_invitation_and_no_fault(octets: bytes) -> None:
    assert all(isinstance(found, Invite) for found in invites(octets))


def test_controls_in_a_title_are_marks() -> None:
    assert one("DTSTART:20261201T100000Z", "SUMMARY:a\x1b[31mb\u202e").title == "a␛[31mb\ufffd"


def test_the_answer_is_a_reply_of_the_one_who_answers() -> None:
    octets = calendar(
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        "SEQUENCE:2",
        "SUMMARY:Plans",
        "ORGANIZER;CN=Bob:mailto:bob@x.example",
        "ATTENDEE:mailto:ann@x.example",
        "ATTENDEE:mailto:carol@x.example",
        "DESCRIPTION:secret words of others",
    )
    (asked,) = invites(octets)
    text = reply(octets, asked, Address('Ann "A"', "ann@x.example"), "TENTATIVE", 1_795_435_200)
    lines = text.split("\r\n")
    assert "METHOD:REPLY" in lines and "UID:1@x.example" in lines and "SEQUENCE:2" in lines
    assert "DTSTART:20261201T090000Z" in lines and "DTSTAMP:20261123T120000Z" in lines
    assert "secret" not in text and "carol" not in text and "\n" not in text.replace("\r\n", "")
    (told,) = invites(text.encode())
    assert told.method == "REPLY" and told.organizer == asked.organizer
    assert [(who.person.email, who.answer) for who in told.attendees] == [("ann@x.example", "TENTATIVE")]


def test_an_answer_to_nobody_is_refused() -> None:
    octets = calendar("DTSTART:20261201T100000Z")
    with pytest.raises(ValueError):
        reply(octets, invites(octets)[0], Address("", "ann@x.example"), "ACCEPTED", 0)
