"""Addresses as people type them and as machines mangle them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.address import Address, overlooked, parse_list, parse_one, split_list, without


@pytest.mark.parametrize(
    ("typed", "name", "email"),
    [
        ("a@b", "", "a@b"),
        ("<a@b>", "", "a@b"),
        ("Ann Example <a@b>", "Ann Example", "a@b"),
        ('"Example, Ann" <a@b>', "Example, Ann", "a@b"),
        ('"Ann \\"The\\" Ex" <a@b>', 'Ann "The" Ex', "a@b"),
        ("a@b (Ann (the) Example)", "Ann (the) Example", "a@b"),
        ("Ann Example a@b", "Ann Example", "a@b"),
        ("Ann Example (work) <a@b>", "Ann Example", "a@b"),
        ("(Ann) <a@b>", "Ann", "a@b"),
        ('"odd local"@example.org', "", '"odd local"@example.org'),
        ('Ann <"odd, local"@example.org>', "Ann", '"odd, local"@example.org'),
        ("Ann <@route,@other:a@b>", "Ann", "a@b"),
        ("ann @ example . org", "", "ann@example.org"),
        ("Ann <a@b", "Ann", "a@b"),
        ("Ann <x <a@b>", "Ann", "a@b"),
        ("mailto:a@b", "", "a@b"),
        ("Ann", "Ann", ""),
        ('"Ann', '" Ann', ""),
        ("<", "", ""),
        ("", "", ""),
    ],
)
def test_one_mailbox_is_understood(typed: str, name: str, email: str) -> None:
    assert parse_one(typed) == Address(name, email)


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("(ceo@bank.example) mallory@evil.example (ceo@bank.example <ceo@bank.example>)", ["mallory@evil.example"]),
        ("alice@a)bob@b <m@evil.example>", ["m@evil.example"]),
        ('"ceo@bank.example, x" <m@evil.example>', ["m@evil.example"]),
        ("<ceo@bank.example> <m@evil.example>", ["m@evil.example"]),
        ("g:;, h: a@b;, <", ["a@b"]),
        ("undisclosed-recipients:;", []),
        ("Team: a@b, C <c@d>;, e@f", ["a@b", "c@d", "e@f"]),
        ("a@b; c@d", ["a@b", "c@d"]),
        ("a@b,,c@d,", ["a@b", "c@d"]),
    ],
)
def test_a_list_names_the_mailboxes_that_a_server_would_reach(text: str, emails: list[str]) -> None:
    assert [one.email for one in parse_list(text)] == emails


def test_a_pasted_column_is_a_list_and_wrong_pieces_stay_to_be_mended() -> None:
    assert split_list("a@b\nAnn <c@d>\n") == ["a@b", "Ann <c@d>"]
    assert split_list('Ann, "Doe, J" <j@d>; (a, b) x@y') == ["Ann", '"Doe, J" <j@d>', "(a, b) x@y"]


def test_own_and_doubled_addresses_are_left_out_whatever_their_case() -> None:
    ann, bob = Address("Ann", "Ann@Example.org"), Address("Bob", "bob@example.org")
    assert without([ann, bob, Address("", "BOB@example.org")], [Address("", "ann@example.org")]) == (bob,)


@pytest.mark.parametrize(
    "text", ["(" * 20_000, '"\\' * 20_000, "<" * 20_000, "a@b," * 20_000, ":" * 20_000, '<"' * 20_000]
)
def test_no_text_takes_long(text: str) -> None:
    before = time.monotonic()
    parse_list(text)
    assert time.monotonic() - before < 1


@given(st.text())
def test_no_text_breaks_the_list(text: str) -> None:
    parse_list(text)
    split_list(text)


@given(st.text(min_size=1).filter(lambda name: name == " ".join(name.split())))
def test_a_written_address_is_read_back(name: str) -> None:
    address = Address(name, "a@example.org")
    assert parse_list(str(address)) == (address,)


@pytest.mark.parametrize(
    ("piece", "other"),
    [
        ("a@x.org b@y.org", "a@x.org"),
        ("a@x.org aa@x.org", "a@x.org"),
        ("Bob <bob@x.org> <eve@y.org>", "bob@x.org"),
        ("Bob <bob@x.org> Eve <eve@y.org>", "bob@x.org"),
        ("eve@y.org <bob@x.org>", "eve@y.org"),
        ("BOB@x.org <bob@x.org>", ""),
        ('"eve@y.org" <bob@x.org>', ""),
        ("bob@x.org (eve@y.org)", ""),
        ('"a b"@x.org', ""),
        ('"a@y.org b"@x.org', ""),
        ("Ann <@route,@other:a@b.org>", ""),
        ("ann @ example . org", ""),
        ("Bob at home", ""),
    ],
)
def test_nobody_is_overlooked_because_a_comma_is_missing(piece: str, other: str) -> None:
    assert overlooked(piece) == other


@pytest.mark.parametrize("unit", ["=?", '\\"', "(", "a@", '"', "a.", "<"])
def test_a_name_without_end_is_looked_through_at_once(unit: str) -> None:
    begun = time.process_time()
    overlooked('"' * (unit == '\\"') + unit * 50_000 + " <a@example.org>")
    assert time.process_time() - begun < 1


def test_a_tag_does_not_make_it_another_mailbox() -> None:
    ann = Address("Ann", "ann@example.org")
    assert Address("", "Ann+lists@Example.org").is_one_of([ann]) and ann.is_one_of([ann])
    assert not Address("Ann", "ann@example.net").is_one_of([ann]) and not ann.is_one_of([])
