"""The rows of a list: quick for ordinary headers, and the same as the careful way for all others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime import header
from tui_mail.mime.facts import Facts, facts
from tui_mail.model.address import Address

ORDINARY = b"""Date: Mon, 03 Jun 2024 10:00:00 +0000\r
From: Ann Example <ann@example.org>\r
To: "Doe, Bob" <bob@example.net>, carl@example.com\r
Cc: Dee <dee@example.org>\r
Subject: Lunch\r
Message-ID: <3@example.org>\r
In-Reply-To: <2@example.org>\r
References: <1@example.org>\r
 <2@example.org>\r
List-Id: A list <list.example.org>\r
\r
"""


def test_an_ordinary_header_gives_its_row() -> None:
    assert facts(ORDINARY) == Facts(
        sender=Address("Ann Example", "ann@example.org"),
        to=(Address("Doe, Bob", "bob@example.net"), Address("", "carl@example.com")),
        cc=(Address("Dee", "dee@example.org"),),
        subject="Lunch",
        date=1717408800,
        message_id="<3@example.org>",
        in_reply_to=("<2@example.org>",),
        references=("<1@example.org>", "<2@example.org>"),
        list_id="list.example.org",
    )


def test_an_empty_header_is_a_row_all_the_same() -> None:
    nobody = Address("", "")
    assert facts(b"") == Facts(nobody, (), (), "", None, "", (), (), "")


def test_a_message_without_a_date_is_as_old_as_its_last_hop() -> None:
    received = b"Received: from a by b;\r\n Mon, 3 Jun 2024 10:00:00 +0000\r\nReceived: from c by a; 1 Jan 2020\r\n"
    assert facts(b"Date: nonsense\r\n" + received).date == 1717408800


@pytest.mark.parametrize(
    "block",
    [
        ORDINARY.replace(b"\r\n", b"\n"),
        ORDINARY.replace(b"\r\n", b"\r"),
        ORDINARY.replace(b":", b" :", 1),
        b"\r\n" + ORDINARY,
        b"no field\r\n" + ORDINARY,
        ORDINARY + b"From: x@y\r\n",
    ],
)
def test_a_broken_header_gives_the_same_row(block: bytes) -> None:
    assert facts(block) == facts(ORDINARY)


WORDS = b"""Ann| |<a@b.example>|,|"Doe, J"|(x)|=?utf-8?q?=C3=A4?=|a@b|:|;|\xe4|'|<"""
PIECES = st.sampled_from(WORDS.split(b"|"))


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_the_short_way_and_the_careful_way_name_the_same_people(raw: bytes) -> None:
    raw = raw.strip()
    quick = facts(b"To: " + raw + b"\r\n\r\n").to
    assert quick == header.addresses(raw)


NAMES = st.sampled_from(b"From TO cc Subject Message-Id References List-ID Date Received Sender X-Odd".split())
VALUES = st.sampled_from(
    [b"", b"a <a@b.example>", b"\x0b<1@x> \r\n\t<2@x>\x0c", b"\xe4\r\n \r\n x", b"=?utf-8?q?=C3=A4?=", b"a\rb\r",
     b"a\nb", b"a;\tMon, 3 Jun 2024 12:00:00 +0200 (CEST)", b"Mon, 3 Jun 2024 12:00:60 +0200"]
)  # fmt: skip
LINES = st.builds(b"%b: %b\r\n".__mod__, st.tuples(NAMES, VALUES))


@given(st.lists(LINES, max_size=8).map(b"".join))
def test_the_short_way_and_the_careful_way_tell_the_same(block: bytes) -> None:
    """A line that is no field leads to the careful way."""
    assert facts(block + b"\r\n") == facts(block + b"no field\r\n\r\n")


@given(st.binary())
def test_no_octets_break_a_row(block: bytes) -> None:
    facts(block)
    facts(b"From: " + block + b"\r\nSubject: " + block + b"\r\nDate: " + block)
