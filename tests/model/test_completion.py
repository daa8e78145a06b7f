"""What Tab makes of half a word in the search line."""

from __future__ import annotations

import pytest

from tui_mail.model.completion import begun, choices, completed

NAMES = {"in": ["inbox", "Lists/python", "My archive", "archive"], "account": ["work", "home"]}


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("fr", ["from:"]),
        ("ann su", ["subject:"]),
        ("is:un", ["unread"]),
        ("-is:s", ["starred"]),
        ("(has:", ["attachment"]),
        ("in:arch", ["archive", '"My archive"']),
        ('in:"my a', ['"My archive"']),
        ("in:py", ["Lists/python"]),
        ("account:w", ["work"]),
        ("from:an", ["ann@example.org", '"ann lee"']),
        ("before:20", []),
        ("http:x", None),
        ("ann ", None),
        ("is:red", []),
    ],
)
def test_what_may_follow_is_offered(text: str, offered: list[str] | None) -> None:
    word = begun(text, len(text))
    assert (word and choices(word, NAMES, ("ann@example.org", "ann lee"))) == offered


def test_the_word_at_the_cursor_is_completed_and_the_rest_stays() -> None:
    text = "in:arch from:ann"
    word = begun(text, 7)
    assert word is not None
    assert completed(text, word, '"My archive"') == ('in:"My archive" from:ann', 15)
    key = begun("fr", 2)
    assert key is not None and completed("fr", key, "from:") == ("from:", 5)
    state = begun("(is:un)", 6)
    assert state is not None and completed("(is:un)", state, "unread") == ("(is:unread)", 10)
