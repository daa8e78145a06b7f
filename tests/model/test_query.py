"""What is typed into the search line is understood, and says itself back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.condition import Age, All, Condition, Day, Either, In, Not, Size, State, Term, Waiting
from tui_mail.model.errors import BadInput
from tui_mail.model.folder import FolderId
from tui_mail.model.query import Query, typed

WORDS = ["ann", "-ann", '"two words"', "from:ann", '-subject:"a b"', "is:unread", "-is:starred", "has:attachment"]
WORDS += [
    "in:Archive",
    'in:"My folder"',
    "before:2026-11-23",
    "after:2025",
    "http://x.org",
    "or",
    "(",
    ")",
    "-(",
    "older:2w",
    "newer:12h",
    "larger:5M",
    "smaller:1500",
    "filename:a.pdf",
    "list:python",
    "cc:bob",
    "f(x)",
    "会议",
    "body:",
    '"',
    "-",
    ":",
]


@given(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
def test_what_was_understood_can_be_typed_again(text: str) -> None:
    query, _ = typed(text)
    assert Query.parse(str(query)) == query


@given(st.text(alphabet='ab-()": or:fromis', max_size=30))
def test_parentheses_and_marks_in_any_order_say_themselves_back(text: str) -> None:
    query, _ = typed(text)
    assert Query.parse(str(query)) == query


@given(st.text(max_size=40))
def test_anything_typed_is_understood_or_gets_a_sentence(text: str) -> None:
    try:
        query = Query.parse(text)
    except BadInput as error:
        assert str(error).endswith(".")
    else:
        assert Query.parse(str(query)) == query


def test_a_minus_that_is_just_typed_changes_nothing_yet() -> None:
    assert typed("-")[0].is_plain
    assert typed("lunch -")[0] == typed("lunch")[0] and typed("lunch -x")[0] != typed("lunch")[0]
    assert typed("semi-")[0] != typed("semi")[0] and not typed('"-"')[0].is_plain


def test_fields_states_and_days_are_told_apart() -> None:
    query = Query.parse('from:ann is:unread -has:attachment "whole phrase" in:archive after:2026-11', FolderId(3))
    assert query.folder == 3
    assert query.parts == (
        Term("from", "ann"),
        State("unread"),
        Not(State("attachment")),
        Term("any", "whole phrase"),
        In("archive"),
        Day("after", dt.date(2026, 11, 1)),
    )
    assert query.terms == (Term("from", "ann"), Term("any", "whole phrase"))
    assert query.within == "archive"


def test_an_address_of_the_web_is_a_word_and_not_a_field() -> None:
    assert Query.parse("http://example.org/a").terms == (Term("any", "http://example.org/a"),)


def test_a_folder_alone_is_no_search() -> None:
    assert Query(FolderId(1)).is_plain
    assert not Query.parse("x").is_plain


@pytest.mark.parametrize("text", ["is:blue", "has:money", "before:yesterday", "after:2026-13"])
def test_a_wrong_word_is_named(text: str) -> None:
    with pytest.raises(BadInput, match=text.split(":")[1]):
        Query.parse(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a or b c", Either((Term("any", "a"), All((Term("any", "b"), Term("any", "c")))))),
        ("(a or b) c", All((Either((Term("any", "a"), Term("any", "b"))), Term("any", "c")))),
        ("-(a b)", Not(All((Term("any", "a"), Term("any", "b"))))),
        ("(from:ann)", Term("from", "ann")),
        ('"or"', Term("any", "or")),
        ("f(x) :)", All((Term("any", "f(x)"), Term("any", ":)")))),
        ("older:2w larger:5M", All((Age("older", 2, "w"), Size("larger", 5 << 20)))),
        ("larger:1.5k", Size("larger", 1536)),
        ("is:flagged has:file", All((State("starred"), State("attachment")))),
        ("is:waiting waiting:2w is:later", All((Waiting(), Waiting(2, "w"), State("later")))),
        ("--ann", Not(Term("any", "-ann"))),
    ],
)
def test_what_belongs_together_stays_together(text: str, wanted: Condition) -> None:
    assert Query.parse(text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "at", "words", "left"),
    [
        ("ann is:blue", (4, 11), "is: and has: know", "ann"),
        ("(ann", (0, 1), "never closed", "ann"),
        ("ann) bob", (3, 4), "", '"ann)" bob'),
        (") bob", (0, 1), "Nothing was opened", "bob"),
        ("ann or", (4, 6), "after it", "ann"),
        ("or ann", (0, 2), "before it", "ann"),
        ("ann or or bob", (4, 6), "after it", "ann or bob"),
        ("older:soon ann", (0, 10), "takes a span", "ann"),
        ("waiting:long ann", (0, 12), "takes a span", "ann"),
        ("larger:huge ann", (0, 11), "takes a size", "ann"),
    ],
)
def test_a_mistake_is_shown_where_it_stands_and_the_rest_is_looked_for(
    text: str, at: tuple[int, int], words: str, left: str
) -> None:
    query, mistakes = typed(text)
    assert str(query) == left
    if words:
        assert (mistakes[0].start, mistakes[0].end) == at
        assert words in mistakes[0].words
    else:
        assert not mistakes  # `ann)` is a word like any other


def test_a_whole_letter_pasted_into_the_search_line_is_cut_with_a_word() -> None:
    query, mistakes = typed("word " * 5000)
    assert len(query.parts) == 60
    assert len(mistakes) == 1


def test_a_thousand_parentheses_break_nothing() -> None:
    query, mistakes = typed("(" * 1000 + "ann")
    assert query.wanted == Term("any", "ann")
    assert mistakes


def test_narrowing_a_view_asks_nothing_twice() -> None:
    view = Query.parse("is:unread from:ann", FolderId(2))
    assert view.also(State("unread"), Term("any", "x")) == Query.parse("is:unread from:ann x", FolderId(2))
    assert view.without(State) == Query.parse("from:ann", FolderId(2))
