"""What can be picked up in a letter is found once, and nothing else is."""

from __future__ import annotations

import pytest

from tui_mail.mime.hints import hints, letters
from tui_mail.mime.parse import parse
from tui_mail.model.insight import Insight


def found(body: str, *, html: bool = False, codes: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    kind = "text/html" if html else "text/plain"
    raw = f"From: Bob <bob@example.org>\nTo: ann@example.org\nMIME-Version: 1.0\nContent-Type: {kind}\n\n{body}\n"
    message = parse(raw.encode())
    return [(hint.kind, hint.target) for hint in hints(message, message.document, Insight(codes=codes))]


PEOPLE = [("address", "bob@example.org"), ("address", "ann@example.org")]


def test_everything_is_found_once() -> None:
    body = "See https://a.example/x and https://a.example/x, ask carol@b.example before 2026-12-24."
    assert found(body, codes=("4711",)) == [
        ("code", "4711"),
        ("link", "https://a.example/x"),
        ("address", "carol@b.example"),
        *PEOPLE,
        ("date", "2026-12-24"),
    ]


def test_links_of_html_are_shown_with_their_words_and_lead_where_they_lead() -> None:
    raw = b"From: b@e.org\nContent-Type: text/html\n\n<a href='https://evil.example/'>https://bank.example</a>"
    message = parse(raw)
    (link, _) = hints(message, message.document, Insight())
    assert (link.shown, link.target, link.link) == ("https://bank.example", "https://evil.example/", 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 24 December 2026 we", "2026-12-24"),
        ("on the 3rd of March, 2027", "2027-03-03"),
        ("December 24th, 2026", "2026-12-24"),
        ("am 24.12.2026 um", "2026-12-24"),
        ("version 2026-13-44", ""),
        ("on 3/4/2026", ""),
        ("tomorrow", ""),
    ],
)
def test_days_are_found_where_they_say_their_year(text: str, day: str) -> None:
    assert [target for kind, target in found(text) if kind == "date"] == ([day] if day else [])


def test_no_letters_are_the_beginning_of_others() -> None:
    for count in (1, 26, 27, 400, 676):
        made = letters(count)
        assert len(set(made)) == count and len({len(one) for one in made}) == 1
