"""The one cleaner: nothing that passes it can do more than be read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.clean import clean, line, safe_file_name, safe_link

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ANYTHING = st.text(st.characters(exclude_categories=())) | st.text(
    "\x00\x1b\r\n\t\u200b\u200d\u202e\ud800\U000e0041a👩", max_size=20
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Grüße テスト 👍", "plain Grüße テスト 👍"),
        ("\x1b]52;c;AAAA\x07", "␛]52;c;AAAA␇"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb\u202cc", "a\ufffdb\ufffdc"),
        ("pay\u200b\u2060\ufeffpal in\u00advoice", "paypal invoice"),
        ("hi\U000e0069\U000e0067 end", "hi\ufffd end"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f!", "🏴!"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db", "ab"),
        ("z" + "\u0301" * 400, "z" + "\u0301" * 4),
        ("a\xa0b\u3000c", "a b  c"),
        ("\udcff", "\ufffd"),
        ("a\nb\tc\0", "a␊b c␀"),
    ],
)
def test_text_is_shown_for_what_it_is(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_lines_stay_lines_where_they_are_wanted_and_carriage_returns_rub_nothing_out() -> None:
    assert clean("a\r\nb\tc\rd\u2028e", lines=True) == "a\nb       c␍d\ne"
    assert line(" a\r\n\tb\u2028 c\x85 ") == "a b c\ufffd"


@given(ANYTHING)
def test_nothing_that_passes_can_command_a_terminal(text: str) -> None:
    for shown in (clean(text), line(text), clean(text, lines=True).replace("\n", "")):
        for char in shown:
            assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
            assert char not in BIDI
        shown.encode()
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\x.txt", "x.txt"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("~root", "root"),
        ("..", "attachment"),
        ("", "attachment"),
        ("a\x1b[31m\n.txt", "a_[31m_.txt"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("CON.txt", "_CON.txt"),
        ("name. ", "name"),
        ("caf\udce9.txt", "caf_.txt"),
        ("a/", "attachment"),
    ],
)
def test_a_file_name_is_only_a_name(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


@given(ANYTHING)
def test_any_name_can_be_made_in_a_folder(name: str) -> None:
    safe = safe_file_name(name)
    assert safe and safe[0] not in ".-~ " and "/" not in safe and "\\" not in safe and "\0" not in safe
    assert len(safe.encode()) <= 255
    assert safe_file_name(safe) == safe


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_file_name("ä" * 3000 + ".pdf").endswith("ä.pdf")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTPS://Example.org", "https://Example.org"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("https://user@evil.example:8080/", "https://user@evil.example:8080/"),
        ("http:\\\\evil.example", "http://evil.example"),
        ("mailto:a@b.example?subject=x y", "mailto:a@b.example?subject=x%20y"),
        ("java\nscript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("data:text/html,x", ""),
        ("-opt", ""),
        ("//evil.example", ""),
        ("https://", ""),
        ("https://evil.example/\x1b]8;;", "https://evil.example/%1B]8;;"),
        ("https://evil\u202e.example/", ""),
        ("https://example.org/" + "a" * 2000, ""),
    ],
)
def test_a_link_is_web_or_mail_or_nothing(url: str, safe: str) -> None:
    assert safe_link(url) == safe


@given(ANYTHING | ANYTHING.map("https://".__add__) | ANYTHING.map("mailto:".__add__))
def test_a_link_is_always_plain_ascii(url: str) -> None:
    safe = safe_link(url)
    assert safe.isascii() and (not safe or safe.isprintable()) and " " not in safe and len(safe) <= 2000
