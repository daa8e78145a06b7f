"""Opening letters: real shapes, broken ones, and any octets at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_mail.mime.parse import parse, part
from tui_mail.model.address import Address
from tui_mail.model.errors import NotFound


def letter(head: str, body: str) -> bytes:
    return (head.strip() + "\n\n" + body).replace("\n", "\r\n").encode()


ALTERNATIVE = letter(
    """
From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>
To: Ann <ann@example.org>, "Doe, John" <john@example.org>
Subject: =?utf-8?b?8J+YgOODhuOCueOD?= =?utf-8?b?iA==?=
Date: Mon, 3 Jun 2024 10:00:00 +0200
Message-ID: <1@example.org>
Content-Type: multipart/mixed; boundary=out
""",
    """--out
Content-Type: multipart/alternative; boundary=in

--in
Content-Type: text/plain; charset=utf-8

Hello Ann
--in
Content-Type: text/html; charset=utf-8

<p>Hello <b>Ann</b></p>
--in--
--out
Content-Type: application/pdf
Content-Disposition: attachment; filename*0*=utf-8''%e2%82%ac; filename*1=".pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--out
Content-Type: text/plain

_______
list footer
--out--
""",
)


def test_a_letter_opens_with_its_people_its_words_and_its_files() -> None:
    message = parse(ALTERNATIVE)
    assert message.sender == Address("Jürgen", "j@example.org")
    assert message.to == (Address("Ann", "ann@example.org"), Address("Doe, John", "john@example.org"))
    assert message.subject == "😀テスト"
    assert message.date == 1717401600
    assert message.text == "Hello Ann\n\n_______\nlist footer"
    assert "<b>Ann</b>" in message.html
    assert [(one.part, one.name, one.size) for one in message.attachments] == [("2", "€.pdf", 5)]
    assert part(ALTERNATIVE, "2") == b"%PDF-"
    assert message.notes == ()


def test_a_part_that_is_not_there_is_said_so() -> None:
    with pytest.raises(NotFound):
        part(ALTERNATIVE, "7")


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_octets_open(raw: bytes) -> None:
    message = parse(raw)
    assert not any("could not be taken apart" in note for note in message.notes)
