"""What was read in earlier letters is known again, however it comes back; what is new is never taken for it."""

from __future__ import annotations

from tui_mail.mime import text
from tui_mail.mime.novelty import known, read_before

FIRST = "Shall we meet on Friday at noon in the small room beside the lift?\n\nI bring the cake and the plans.\n"


def seen(letter: str, *earlier: str) -> list[str]:
    document = text.document(letter)
    places = read_before(document, {word for one in earlier for word in known(text.document(one))})
    return [block.text for at, block in enumerate(document.blocks) if at in places]


def test_a_quote_of_an_earlier_letter_is_known_and_the_answer_is_not() -> None:
    answer = "Yes, gladly.\n\nBob wrote:\n> Shall we meet on Friday at noon in the small room beside the lift?\n> \n"
    assert seen(answer + "> I bring the cake and the plans.\n", FIRST) == [
        "Shall we meet on Friday at noon in the small room beside the lift?",
        "",
        "I bring the cake and the plans.",
    ]


def test_a_quote_wrapped_anew_is_known() -> None:
    answer = "No.\n\n> > Shall we meet on Friday at noon in\n> > the small room beside the lift?\n"
    assert len(seen(answer, FIRST)) == 2


def test_a_copy_without_quote_marks_is_known_too() -> None:
    answer = "See below.\n\n-----Original Message-----\nFrom: Bob\n\n" + FIRST
    assert len(seen(answer, FIRST)) == 3


def test_a_changed_quote_is_new() -> None:
    assert seen("> Shall we meet on Monday at night in the large room beside the lake?\n", FIRST) == []


def test_the_first_letter_is_all_new() -> None:
    assert seen(FIRST) == []
    assert seen("Thanks!\n", "Thanks!\n") == []
