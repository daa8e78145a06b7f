"""Header fields: what people see of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.header import addresses, decode, fields, message_ids, split
from tui_mail.model.address import Address


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?= aus Wien", "Grüße aus Wien"),
        (b"=?utf-8?b?8J+YgOODhuOCueOD?= =?utf-8?b?iA==?=", "😀テスト"),
        (b"=?UTF-8?B?w?= =?utf-8?B?6k=?=", "é"),
        (b"=?iso-8859-1?Q?a?=\r\n =?iso-8859-1?Q?_b?= c", "a b c"),
        (b"=?iso-8859-1?Q?a?= b =?iso-8859-1?Q?c?=", "a b c"),
        (b"x=?utf-8?q?y?=z", "xyz"),
        (b"=?iso-8859-1?Q?=93quoted=94_=80?=", "“quoted” €"),
        (b"=?gb2312?B?xOO6w4FA?=", "你好丂"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8*en?q?lang?=", "lang"),
        (b"=?utf-8?q?how are you??=", "how are you?"),
        (b"=?x-unknown?q?caf=C3=A9?=", "café"),
        (b"=?zlib?b?eJwDAAAAAAE=?= end", "=?zlib?b?eJwDAAAAAAE=?= end"),
        (b"=?utf-8?q?never ends", "=?utf-8?q?never ends"),
        (b"caf\xe9 raw", "café raw"),
        ("café raw".encode(), "café raw"),
        (b"=?utf-8?q?=1B[31m?=", "␛[31m"),
        (b"=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?q?=E2=80=AEgnp.exe?=", "\ufffdgnp.exe"),
        (b"  two\t blanks ", "two blanks"),
    ],
)
def test_a_field_is_read_as_its_writer_meant_it(raw: bytes, shown: str) -> None:
    assert decode(raw) == shown


def test_bad_lines_are_passed_over_and_the_rest_is_kept() -> None:
    block = b"From: a@b\r\nthis is no field\r\nSubject: x\r\n folded\r\n\tmore\r\nBad Name: y\r\nX-Last : z\r\n"
    assert fields(block) == [("From", b"a@b"), ("Subject", b"x folded\tmore"), ("X-Last", b"z")]


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"\r\n\r\nSubject: x\r\n\r\nbody", b"body"),
        (b"From ann Mon Jun  3 10:00:00 2024\nSubject: x\n\nbody", b"body"),
        (b"Subject: x\rTo: a@b\r\rbody", b"body"),
        (b"no header at all\r\n\r\nbody", b"no header at all\r\n\r\nbody"),
        (b"Subject: x", b""),
        (b"", b""),
    ],
)
def test_the_body_begins_where_it_does(raw: bytes, body: bytes) -> None:
    assert split(raw)[1] == body


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        (b"=?utf-8?q?Smith=2C_J_=3Cceo=40bank=2Eexample=3E=2C?= <j@x.y>", [("Smith, J <ceo@bank.example>,", "j@x.y")]),
        (b'"=?utf-8?b?Y2VvIiA8Y2VvQGJhbmsuZXhhbXBsZT4=?=" <m@x.y>', [('ceo" <ceo@bank.example>', "m@x.y")]),
        (b"=?utf-8?q?a?= <=?utf-8?q?ceo=40bank=0A?=@x.y>", [("a", "=?utf-8?q?ceo=40bank=0A?=@x.y")]),
        ("Jürgen <j@x.y>, Ann <a@x.y>".encode("latin-1"), [("Jürgen", "j@x.y"), ("Ann", "a@x.y")]),
        ("P <s@pay\u200bpal.example>".encode(), [("P", "s@pay\ufffdpal.example")]),
        (b"a@x.y (Ann)", [("Ann", "a@x.y")]),
        (b"Doe, John <j@x.y>, Ann <a@x.y>", [("Doe, John", "j@x.y"), ("Ann", "a@x.y")]),
        (b"ceo@bank.example, John <j@x.y>", [("", "ceo@bank.example"), ("John", "j@x.y")]),
    ],
)
def test_people_are_the_ones_that_were_written(raw: bytes, people: list[tuple[str, str]]) -> None:
    assert addresses(raw) == tuple(Address(*one) for one in people)


def test_message_ids_are_fit_to_be_sent_back() -> None:
    assert message_ids(b"<a@b>\r\n <c@d> <a@b> (x) <e f@g>") == ("<a@b>", "<c@d>", "<ef@g>")
    assert message_ids(b"naked@id.example") == ("<naked@id.example>",)
    assert message_ids(b"<") == message_ids(b"your mail of Monday") == ()
    assert message_ids("<ü@b> <x\0@y>".encode()) == ()


@pytest.mark.parametrize(
    "raw",
    [b"=?a?q?" * 10_000, b"=?utf-8?b?QQ?= " * 5_000, b"=" * 60_000, b"=?utf-8?q?" + b"?=" * 20_000, b"=?" * 30_000],
)
def test_no_field_takes_long(raw: bytes) -> None:
    before = time.process_time()
    decode(raw)
    assert time.process_time() - before < 1


@given(st.binary())
def test_no_octets_break_a_field(raw: bytes) -> None:
    assert "\n" not in decode(raw)
    decode(b"=?utf-8?q?" + raw + b"?=").encode()
    addresses(raw)
    message_ids(raw)
    fields(raw)
