"""Who is meant by a few letters."""

from __future__ import annotations

import time

import pytest

from tui_mail.model.contact import Contact, Directory, Suggestion, answers

NOW = 1_800_000_000.0
DAY = 86400.0
BOB = Contact("bob@example.org", "Bob Jones", letters=3, last=NOW - 2 * DAY)
BOBBY = Contact("bobby@example.net", "Bobby Tables", letters=40, last=NOW - 300 * DAY)
SMITH = Contact("j@example.com", 'Smith, "J"', nick="jay", groups=("Board", "Family"))
JUERGEN = Contact("jürgen@bücher.example", "Jürgen Müller", groups=("Board",), letters=1, last=NOW)
ALL = Directory((BOB, BOBBY, SMITH, JUERGEN))


def texts(typed: str, **how: object) -> list[str]:
    return [one.text for one in ALL.suggest(typed, NOW, **how)]  # type: ignore[arg-type]  # keywords as they come


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("jon", ["Bob Jones <bob@example.org>"]),
        ("example.net", ["Bobby Tables <bobby@example.net>"]),
        ("jay", ['"Smith, \\"J\\"" <j@example.com>']),
        ("jur", ["Jürgen Müller <jürgen@bücher.example>"]),
        ("BÜCHER", ["Jürgen Müller <jürgen@bücher.example>"]),
        ("bob jo", ["Bob Jones <bob@example.org>"]),
        ('"Smith', ['"Smith, \\"J\\"" <j@example.com>']),
        ("xyz", []),
        ("", []),
        ("  ", []),
    ],
)
def test_people_are_found_by_what_one_knows_of_them(typed: str, wanted: list[str]) -> None:
    assert texts(typed) == wanted


def test_who_is_written_to_often_and_lately_comes_first() -> None:
    assert texts("bob") == ["Bobby Tables <bobby@example.net>", "Bob Jones <bob@example.org>"]
    lately = Directory((BOB, Contact("bobby@example.net", "Bobby", letters=4, last=NOW - 900 * DAY)))
    assert next(iter(lately.suggest("bob", NOW))).shown == "Bob Jones"


def test_a_group_stands_for_its_people() -> None:
    found = ALL.suggest("boa", NOW)
    text = '"Smith, \\"J\\"" <j@example.com>, Jürgen Müller <jürgen@bücher.example>'
    assert found[0] == Suggestion(text, "Board", "group of 2")
    assert ALL.suggest("family", NOW)[0].about == "group of 1"


def test_who_stands_in_the_letter_is_not_offered_again() -> None:
    assert texts("bob", without=["bobby@example.net"]) == ["Bob Jones <bob@example.org>"]


def test_twenty_thousand_people_keep_no_key_waiting() -> None:
    crowd = Directory(tuple(Contact(f"person{n}@example{n % 99}.org", f"Person Number{n}") for n in range(20_000)))
    begun = time.perf_counter()
    assert len(crowd.suggest("number19", NOW)) == 10
    assert time.perf_counter() - begun < 0.25  # measured 4 ms; the bound catches only what is far off


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("2 found\nbob@x.org\tBob\twork\nann@x.org\tAnn", ["Bob <bob@x.org>", "Ann <ann@x.org>"]),
        ("bob@x.org\tBob\twork\n", ["Bob <bob@x.org>"]),
        ("Searching…\nno address\tBob\n", []),
        ("head\na@b, c@d\tBob\n<a@b>\tX\n", []),
        ('head\nbob@x.org\tJones, Bob\t\n', ['"Jones, Bob" <bob@x.org>']),
        ("", []),
    ],
)  # fmt: skip
def test_another_programs_address_book_is_understood(printed: str, wanted: list[str]) -> None:
    assert [one.text for one in answers(printed)] == wanted
