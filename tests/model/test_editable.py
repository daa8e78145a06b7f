"""A whole letter in an editor, and what comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.editable import read, written
from tui_mail.model.errors import BadInput

LETTER = Draft(DraftId("d"), "work", to="Bob <bob@x.org>", subject="Lunch", body="At noon?\n\nAnn")


def test_a_letter_is_shown_with_its_lines_and_read_back() -> None:
    text = written(LETTER)
    assert text == "To: Bob <bob@x.org>\nCc:\nBcc:\nSubject: Lunch\n\nAt noon?\n\nAnn"
    assert read(text, LETTER) == LETTER
    changed = read("subject: Dinner\nTo: a@x.org,\n  b@x.org\n\nAt eight.\n", LETTER)
    assert (changed.subject, changed.to, changed.body) == ("Dinner", "a@x.org, b@x.org", "At eight.\n")


def test_a_line_that_was_taken_away_leaves_its_field_as_it_was() -> None:
    assert read("\nOnly text", LETTER).to == "Bob <bob@x.org>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("To: a@x.org\nHello there\n\nx", r"Line 2 \(“Hello there”\)"),
        ("X-Evil: 1\n\nx", "Line 1"),
        ("To: a@x.org\nTo: b@x.org\n\nx", "twice"),
        (" folded: first\n\nx", "Line 1"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(text, LETTER)


lines = st.text(st.characters(exclude_characters="\r\n", exclude_categories=("C", "Z")), max_size=30)


@given(to=lines, subject=lines, body=st.text(max_size=100))
def test_nothing_is_lost_on_the_way(to: str, subject: str, body: str) -> None:
    letter = Draft(DraftId("d"), "work", to=to, subject=subject, body=body)
    assert read(written(letter), letter) == letter
