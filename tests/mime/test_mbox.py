"""An mbox of whatever program comes apart into the letters that went in."""

from __future__ import annotations

import pytest

from tui_mail.mime.mbox import Posted, count, noted, split
from tui_mail.model.message import ANSWERED, FLAGGED, FORWARDED, SEEN, Flags

ONE = b"From bob@example.org Mon Nov 23 10:11:12 2026\nSubject: one\n\nHello.\n\n"


def taken(text: bytes) -> list[Posted]:
    lines = text.splitlines(keepends=True)
    found = list(split(lines))
    assert len(found) == count(lines)
    return found


def test_each_letter_comes_out_as_it_went_in() -> None:
    first, second = taken(ONE + ONE.replace(b"one", b"two"))
    assert (first.octets, second.octets) == (b"Subject: one\n\nHello.\n", b"Subject: two\n\nHello.\n")
    assert first.date == 1_795_428_672
    assert first.flags == frozenset()


def test_a_sentence_that_begins_with_from_begins_no_letter() -> None:
    [one] = taken(ONE + b"From here on we walk.\n\nFrom 10:30 we rest.\n\n>From me\n>>From you\n")
    assert one.octets.endswith(b"From here on we walk.\n\nFrom 10:30 we rest.\n\nFrom me\n>From you\n")


@pytest.mark.parametrize(
    "line",
    [
        b"From - Mon Nov 23 10:11:12 2026",
        b"From 1795428672@xxx Mon Nov 23 10:11:12 +0000 2026",
        b"From MAILER-DAEMON Mon Nov 23 10:11:12 UTC 2026",
        b"From a b@example.org  Mon Nov 23 10:11:12 2026",
    ],
)
def test_the_first_line_may_look_as_other_programs_write_it(line: bytes) -> None:
    [one] = taken(line + b"\nSubject: x\n\n")
    assert one.date == 1_795_428_672


@pytest.mark.parametrize(
    ("field", "flags"),
    [
        (b"Status: RO\nX-Status: AF", {SEEN, ANSWERED, FLAGGED}),
        (b"Status: O", set()),
        (b"X-Mozilla-Status: 1007", {SEEN, ANSWERED, FLAGGED, FORWARDED}),
        (b"X-Mozilla-Status: zz", set()),
        (b"X-Gmail-Labels: Inbox,Starred", {SEEN, FLAGGED}),
        (b"X-Gmail-Labels: Inbox,Unread", set()),
    ],
)
def test_what_other_programs_noted_is_understood(field: bytes, flags: Flags) -> None:
    [one] = taken(b"From x Mon Nov 23 10:11:12 2026\nSubject: x\n" + field + b"\n\nStatus: RO in the text\n")
    assert one.flags == flags


def test_what_was_thrown_away_in_thunderbird_is_told_apart() -> None:
    [one] = taken(b"From - Mon Nov 23 10:11:12 2026\nX-Mozilla-Status: 0009\nSubject: x\n\nGone.\n")
    assert one.is_expunged


def test_lines_of_windows_and_odd_bytes_are_kept() -> None:
    first, second = taken(ONE.replace(b"\n", b"\r\n").replace(b"Hello", b"\xff\x00") * 2)
    assert first.octets == second.octets == b"Subject: one\r\n\r\n\xff\x00.\r\n"


def test_a_date_that_no_calendar_has_is_the_letters_own() -> None:
    [one] = taken(b"From x Mon Nov 99 10:11:12 2026\nDate: Mon, 23 Nov 2026 10:11:12 +0000\n\nx\n")
    assert one.date == 1_795_428_672
    assert taken(b"") == taken(b"no mbox\n") == []


@pytest.mark.parametrize("flags", [set(), {SEEN}, {SEEN, ANSWERED, FLAGGED}, {FLAGGED}])
@pytest.mark.parametrize("letter", [b"Subject: one\n\nFrom me\n>From you\n", b"Subject: no text\n\n", b"\nno header\n"])
def test_what_is_known_of_a_letter_comes_back_and_leaves_no_trace_in_it(letter: bytes, flags: set[str]) -> None:
    head = ONE.splitlines(keepends=True)[0]
    [one] = taken(head + noted(letter, frozenset(flags)) + b"\n")
    assert (one.octets, one.flags) == (letter, frozenset(flags))


def test_what_another_program_noted_is_replaced() -> None:
    noted_twice = noted(b"Status: O\nSubject: one\nX-Status: F\n\nHello.\n", frozenset({SEEN}))
    assert noted_twice == b"Subject: one\nStatus: RO\n\nHello.\n"
