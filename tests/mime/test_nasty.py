"""Letters written carelessly or to hurt, each a few lines: what a reader sees of them all the same."""

from __future__ import annotations

import base64
import time

import pytest

from tui_mail.mime.parse import parse
from tui_mail.model.address import Address
from tui_mail.model.message import Message

HEAD = b"From: Bob <bob@example.org>\r\nSubject: subject\r\n"


def text(rest: bytes) -> str:
    """What is read of a letter with these last fields and this body."""
    return parse(HEAD + rest).document.text


def page(source: str) -> str:
    return text(b"Content-Type: text/html; charset=utf-8\r\n\r\n" + source.encode())


def encoded(body: bytes) -> str:
    return text(b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body)


def test_a_blank_before_the_colon_of_the_first_field_makes_no_postmark_of_it() -> None:
    message = parse(b"From : a@example.org\r\nSubject : spaced\r\n\r\nbody")
    assert (message.sender, message.subject) == (Address("", "a@example.org"), "spaced")
    assert parse(b"From bob Mon Nov 23 10:00:00 2026\r\n" + HEAD + b"\r\nbody").subject == "subject"


def test_lines_of_blanks_within_a_folded_field_do_not_end_the_header() -> None:
    message = parse(b"Subject: x\r\n \r\n\t\r\nTo: b@example.org\r\n\r\nbody")
    assert message.to == (Address("", "b@example.org"),)
    assert message.document.text == "body"


@pytest.mark.parametrize(
    ("field", "person"),
    [
        (b"<<a@example.org>>", Address("", "a@example.org")),
        (b"Bob <mailto:bob@example.org>", Address("Bob", "bob@example.org")),
    ],
)
def test_addresses_that_were_typed_wrong_are_the_ones_that_were_meant(field: bytes, person: Address) -> None:
    assert parse(b"From: " + field + b"\r\n\r\n").sender == person


def test_a_name_that_is_somebody_elses_address_does_not_stand_for_its_own() -> None:
    assert Address("ceo@bank.example", "x@evil.example").short == "x@evil.example"
    assert Address("Ceo <ceo@bank.example>", "x@evil.example").short == "x@evil.example"
    assert Address("Ann (ann@example.org)", "Ann@example.org").short == "Ann (ann@example.org)"
    assert Address("Ann @ work", "ann@example.org").short == "Ann @ work"


GRUSS = "Grüße aus Köln"


def test_base64_with_characters_that_do_not_belong_there_is_decoded() -> None:
    digits = base64.b64encode(GRUSS.encode())
    assert encoded(digits[:5] + b"*" + digits[5:8] + b"\r\n " + digits[8:11] + b"!" + digits[11:] + b"\r\n") == GRUSS


def test_base64_with_the_letters_of_addresses_is_decoded() -> None:
    assert encoded(base64.urlsafe_b64encode("??>>~~ÿÿ and the end".encode())) == "??>>~~ÿÿ and the end"


def test_a_list_footer_behind_base64_is_still_read() -> None:
    footer = b"_____________\r\nlist mailing list\r\nhttps://lists.example.org/\r\n"
    found = encoded(base64.encodebytes(GRUSS.encode()) + footer)
    assert GRUSS in found and "list mailing list" in found


def test_plain_text_that_says_to_be_base64_is_read_as_it_is() -> None:
    words = "This is not base64 at all, it is plain text."
    assert encoded(words.encode() + b"\r\nReally.") == words + "\nReally."


@pytest.mark.parametrize(
    "head",
    ["<meta charset='windows-1251'>", '<META http-equiv="Content-Type" content="text/html; charset=windows-1251">'],
)
def test_a_page_without_a_declared_charset_has_the_one_it_names_itself(head: str) -> None:
    source = f"<html><head>{head}</head><body>Привет мир</body></html>".encode("cp1251")
    assert text(b"Content-Type: text/html\r\n\r\n" + source) == "Привет мир"
    assert text(b"Content-Type: text/html; charset=utf-8\r\n\r\n<meta charset=windows-1251>" + GRUSS.encode()) == GRUSS


def test_a_page_that_names_utf7_is_not_read_so() -> None:
    source = b"<meta charset=utf-7>+ADw-script+AD4-alert+ADw-/script+AD4- \xff"
    assert "+ADw-script+AD4-alert" in text(b"Content-Type: text/html\r\n\r\n" + source)


def alternative(plain: str, source: str) -> Message:
    kinds = (("plain", plain), ("html", source))
    parts = "".join(f"--b\r\nContent-Type: text/{kind}\r\n\r\n{words}\r\n" for kind, words in kinds)
    return parse(HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + parts.encode() + b"--b--\r\n")


@pytest.mark.parametrize(
    "excuse", ["Your e-mail program does not support HTML messages", "Please view this in your web browser."]
)
def test_a_text_that_only_says_that_the_letter_is_html_does_not_win(excuse: str) -> None:
    assert alternative(excuse, "<p>See you at noon.</p>").document.text == "See you at noon."
    assert alternative("See you at noon, HTML is fine.", "<p>See you, HTML is fine.</p>").document.text.startswith(
        "See you at"
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='color:#ffffff'>no</p>",
        "<font color=white>no</font>",
        "<div style='color: #fefefe'><b>no</b></div>",
        "<span style='font:0/0 a'>no</span>",
        "<div style='transform:scale(0)'>no</div>",
        "<p style='color: rgb(255, 255,\n255)'>no</p>",
        "<p style='color: rgb(1,2,3); background-color: rgb(1, 2, 3)'>no</p>",
        "<style>#x, p.y { visibility: hidden }</style><p id=x>no</p><p class=y>no</p>",
    ],
)
def test_what_no_eye_sees_is_left_out(hidden: str) -> None:
    assert page(f"<p>one</p>{hidden}<p>two</p>").split() == ["one", "two"]


def test_a_letter_that_was_written_in_white_throughout_is_read() -> None:
    source = "<div style='color:#fff'><p>All of it<p style='font-size:0'>no</p><p>is here.</div>"
    assert page(source).split() == ["All", "of", "it", "is", "here."]


@pytest.mark.parametrize(
    "seen",
    [
        "<table bgcolor='#003366'><tr><td><font color='#ffffff'>yes</font></table>",
        "<div style='background:#123456'><p style='color:white'>yes</p></div>",
        "<style>td { background-color: navy }</style><table><tr><td style='color:#fff'>yes</table>",
        "<p style='color: rgb(34, 34, 34); background-color: rgb(255, 255, 255)'>yes</p>",
        "<p style='color: inherit; background-color: inherit'>yes</p>",
        "<p style='color: var(--a); background-color: var(--b)'>yes</p>",
        "<div style='color:white'><p style='color:#333'>yes</p></div>",
    ],
)
def test_white_letters_on_a_ground_of_their_own_are_read(seen: str) -> None:
    assert page(f"<p>one</p>{seen}").split() == ["one", "yes"]


@pytest.mark.parametrize("tag", ["div", "blockquote", "section", "ul"])
def test_sixty_thousand_levels_are_no_work(tag: str) -> None:
    begun = time.process_time()
    found = page("<p>start</p>" + f"<{tag}>" * 60_000 + "deep" + f"</{tag}>" * 60_000 + "<p>end</p>")
    assert [word for word in found.split() if word != ">"] == ["start", "deep", "end"]
    assert time.process_time() - begun < 2


def test_octets_that_only_a_wider_big5_knows_break_nothing() -> None:
    assert parse(b"Subject: \x88b\x89\xa1\r\n\r\n\x88b\x89\xa1").subject
