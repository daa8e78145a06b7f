"""Opening letters: real shapes, broken ones, and any octets at all."""

from __future__ import annotations

import base64

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


def test_a_text_that_is_mostly_addresses_gives_way_to_the_page_it_was_made_from() -> None:
    links = "".join(
        f"Offer {n} of this week <https://shop.example/click?campaign=42&offer={n}&u=ann>\n" for n in range(9)
    )
    page = "".join(f"<p><a href='https://shop.example/{n}'>Offer {n} of this week</a></p>" for n in range(9))
    raw = letter(
        "Subject: Offers\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=a",
        f"--a\nContent-Type: text/plain\n\n{links}--a\nContent-Type: text/html\n\n{page}\n--a--\n",
    )
    assert parse(raw).document.blocks[0].text == "Offer 0 of this week[1]"


def test_a_header_without_a_free_line_keeps_its_body() -> None:
    assert parse(b"Subject: x\nFrom: a@b.example\nthis is the text\nand more").text == "this is the text\nand more"
    assert parse(b"Subject: x\n \nthe text\n\nmore").text == "the text\n\nmore"
    assert parse(b"Subject: x\n \n folded\nTo: a@b\n\ntext").subject == "x folded"


def test_a_file_within_the_text_can_be_saved() -> None:
    raw = b"Subject: x\n\nHere:\n\nbegin 644 a.txt\n#86)C\n`\nend\n\nBye\n"
    message = parse(raw)
    assert message.text == "Here:\n\n[a.txt: see the attachments]\n\nBye"
    assert [(one.name, one.size, one.part) for one in message.attachments] == [("a.txt", 3, "1:1")]
    assert part(raw, "1:1") == b"abc"
    with pytest.raises(NotFound):
        part(raw, "1:2")
    assert parse(b"Subject: x\n\nbegin 644 things anew\nyes\n").attachments == ()


def test_base64_that_is_none_is_shown_as_it_is() -> None:
    raw = (
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
        + b"plain words of a careless program here\n" * 4
    )
    message = parse(raw)
    assert message.text.startswith("plain words")
    assert message.notes == ("A text of this message is damaged. Its encoding is not what it says.",)


def test_a_text_with_a_file_name_is_read_and_can_be_saved() -> None:
    raw = letter(
        "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a",
        "--a\nContent-Type: text/plain; name=notes.txt\n\nwords\n--a--\n",
    )
    message = parse(raw)
    assert message.text == "words"
    assert [(one.name, one.inline) for one in message.attachments] == [("notes.txt", True)]


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Привет, как дела?", "koi8_r"),
        ("Привет, как дела?", "cp1251"),
        ("邮件传输失败！", "gb18030"),
        ("郵件傳輸失敗，請重試", "big5hkscs"),
        ("안녕하세요 반갑습니다", "cp949"),
        ("こんにちは、元気ですか", "cp932"),
        ("Příliš žluťoučký kůň", "iso8859_2"),
        ("zażółć gęślą jaźń", "cp1250"),
        ("Où êtes-vous ? São Paulo, Größe", "cp1252"),
        ("été", "cp1252"),
    ],
)
def test_a_charset_that_nobody_names_is_recognised(text: str, charset: str) -> None:
    assert parse(b"Subject: x\n\n" + text.encode(charset)).text == text
    assert parse(b"Subject: " + text.encode(charset) + b"\n\n").subject == text


def test_a_label_that_lies_about_utf8_is_not_believed() -> None:
    raw = "Content-Type: text/plain; charset=iso-8859-1\n\nGrüße 你好".encode()
    assert parse(raw).text == "Grüße 你好"


def test_a_clear_footer_behind_base64_is_kept() -> None:
    words = "Grüße vom Schiff und an alle, die dort noch liegen".encode()
    footer = b"You get this because you asked for it once upon a time\n"
    head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    message = parse(head + base64.encodebytes(words) + b"\n" + footer)
    assert message.text == words.decode() + "\n\n" + footer.decode().strip()
