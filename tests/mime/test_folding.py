"""What stands behind one line at first, and what never does."""

from __future__ import annotations

from tui_mail.mime.folding import LONGEST_QUOTE, folded
from tui_mail.mime.html import document as html
from tui_mail.mime.text import document as text
from tui_mail.model.document import Document

LONG = "\n".join(f"> line {number}" for number in range(17))


def open_lines(found: Document) -> list[str]:
    """What is read before anything is opened."""
    return [block.text for block in found.blocks if not block.fold and block.kind != "gap"]


def test_a_long_quote_under_an_answer_is_folded_whole() -> None:
    found = folded(text(f"Yes.\n\nBob wrote:\n{LONG}\n\n-- \nAnn"))
    assert [fold.words for fold in found.folds] == ["17 quoted lines"]
    assert open_lines(found) == ["Yes.", "Bob wrote:", "--", "Ann"]


def test_what_an_answer_below_it_refers_to_stays_open() -> None:
    found = folded(text(f"Bob wrote:\n{LONG}\n\nThat is right.\n{LONG}\n\nAnd so is that."))
    assert [fold.words for fold in found.folds] == ["14 quoted lines", "14 quoted lines"]
    assert open_lines(found)[1:5] == ["line 14", "line 15", "line 16", "That is right."]


def test_a_short_quote_stays_open() -> None:
    assert not folded(text("Yes.\n" + "> a\n" * LONGEST_QUOTE)).folds


def test_a_letter_that_is_nothing_but_a_quote_stays_open() -> None:
    assert not folded(text(f"Bob wrote:\n{LONG}\n")).folds


def test_the_original_under_an_answer_is_folded_below_its_head() -> None:
    head = "-----Original Message-----\nFrom: Bob\nSent: Monday\nTo: Ann\nSubject: Knots\n\n"
    found = folded(text("Thanks!\n\n" + head + "words\n" * 40))
    assert [fold.words for fold in found.folds] == ["40 lines of the original message"]
    assert open_lines(found)[-1] == "Subject: Knots"
    page = "<p>Thanks!</p><div style='border-top:solid 1pt'><p><b>From:</b> Bob<br><b>Sent:</b> Monday<br>"
    page += "<b>Subject:</b> Knots</p></div>" + "<p>words</p>" * 40
    assert [fold.words for fold in folded(html(page)).folds] == ["40 lines of the original message"]


def test_a_forwarded_letter_with_no_word_of_its_own_stays_open() -> None:
    assert not folded(text("---------- Forwarded message ----------\nFrom: Bob\nDate: Monday\n\n" + "a\n" * 40)).folds


def test_what_is_forwarded_with_a_word_stays_open() -> None:
    letter = text("FYI\n\nFrom: Bob\nSent: Monday\nSubject: Knots\n\n" + "a\n" * 40)
    assert folded(letter, "RE: Knots").folds
    assert not folded(letter, "FW: Knots").folds


def test_armor_is_folded_between_its_marks() -> None:
    lines = "abc\n" * 20
    found = folded(text(f"a\n-----BEGIN PGP MESSAGE-----\n{lines}-----END PGP MESSAGE-----\nb"))
    assert [(fold.words, fold.why) for fold in found.folds] == [("20 lines of armor", "armor")]
    assert open_lines(found) == ["a", "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----", "b"]


def test_no_word_is_lost() -> None:
    found = text(f"Yes.\n\n{LONG}\n\nNo.\n{LONG}")
    assert folded(found).text == found.text
