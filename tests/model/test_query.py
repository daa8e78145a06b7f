"""What is typed into the search line is understood, and says itself back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.errors import BadInput
from tui_mail.model.folder import FolderId
from tui_mail.model.query import Query, Term

WORDS = ["ann", "-ann", '"two words"', "from:ann", '-subject:"a b"', "is:unread", "-is:starred", "has:attachment"]
WORDS += [
    "in:Archive",
    'in:"My folder"',
    "before:2026-11-23",
    "after:2025",
    "http://x.org",
    "会议",
    "body:",
    '"',
    "-",
    ":",
]


@given(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
def test_what_was_understood_can_be_typed_again(text: str) -> None:
    query = Query.parse(text)
    assert Query.parse(str(query)) == query


@given(st.text(max_size=40))
def test_anything_typed_is_understood_or_gets_a_sentence(text: str) -> None:
    try:
        query = Query.parse(text)
    except BadInput as error:
        assert str(error).endswith(".")
    else:
        assert Query.parse(str(query)) == query


def test_fields_states_and_days_are_told_apart() -> None:
    query = Query.parse('from:ann is:unread -has:attachment "whole phrase" in:archive after:2026-11', FolderId(3))
    assert query.folder == 3
    assert query.terms == (Term("from", "ann"), Term("any", "whole phrase"))
    assert query.states == {("unread", True), ("attachment", False)}
    assert query.within == "archive"
    assert query.after == dt.date(2026, 11, 1)


def test_an_address_of_the_web_is_a_word_and_not_a_field() -> None:
    assert Query.parse("http://example.org/a").terms == (Term("any", "http://example.org/a"),)


def test_a_folder_alone_is_no_search() -> None:
    assert Query(FolderId(1)).is_plain
    assert not Query.parse("x").is_plain


@pytest.mark.parametrize("text", ["is:blue", "has:money", "before:yesterday", "after:2026-13"])
def test_a_wrong_word_is_named(text: str) -> None:
    with pytest.raises(BadInput, match=text.split(":")[1]):
        Query.parse(text)
