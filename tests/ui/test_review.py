"""What is said before a letter goes."""

from __future__ import annotations

import pytest

from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.ui.screens.review import recipients, warnings

FILE = Enclosure(path="/tmp/plan.pdf", name="plan.pdf", size=1000)


def draft(body: str = "Hello", subject: str = "Lunch", to: str = "bob@example.org", *files: Enclosure) -> Draft:
    return Draft(DraftId("d1"), "work", to=to, subject=subject, body=body, enclosures=files)


def test_a_letter_with_all_it_needs_is_not_talked_about() -> None:
    assert warnings(draft()) == []


def test_an_empty_subject_and_an_empty_text_are_told() -> None:
    assert warnings(draft("", "")) == ["There is no subject.", "There is no text."]
    assert warnings(draft("\n-- \nAnn")) == ["There is no text."]


@pytest.mark.parametrize(
    "text",
    ["I attached the plan.", "See the attachment", "im Anhang", "Ich habe es angehängt.", "ci-joint", "pièce jointe"],
)
def test_a_promised_file_that_is_missing_is_told(text: str) -> None:
    assert any("nothing is attached" in sentence for sentence in warnings(draft(text)))
    assert warnings(draft(text, "Lunch", "bob@example.org", FILE)) == []


def test_what_others_promised_is_their_business() -> None:
    assert warnings(draft("Thanks!\n\n> I attached the plan.\n\n-- \nAnn, attached to Bob")) == []


def test_a_crowd_is_counted() -> None:
    many = ", ".join(f"p{number}@example.org" for number in range(30))
    assert warnings(draft(to=many)) == ["It goes to 30 people."]


def test_everybody_is_counted_once() -> None:
    twice = Draft(DraftId("d"), "work", to="Bob <bob@example.org>, ann@example.org", cc="BOB@example.org", bcc="")
    assert [one.email for one in recipients(twice)] == ["BOB@example.org", "ann@example.org"]


def test_the_line_over_a_quote_is_no_text_of_ones_own() -> None:
    assert warnings(draft("\n\nOn Monday Bob wrote:\n> I attached it\n> yes\n")) == ["There is no text."]
