"""What was broken at a column is one paragraph again where the view is narrower; everything else stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.text import document
from tui_mail.ui.widgets.layout import lay_out
from tui_mail.ui.widgets.paragraph import paragraph

PROSE = """\
It is good for ten minutes. If you did not ask for it, somebody may have
typed your address by mistake; you need not do anything, and nothing
will happen."""


def shown(text: str, width: int) -> list[str]:
    """The lines of a letter in a view of so many cells."""
    blocks = document(text).blocks
    lines, at = [], 0
    while at < len(blocks):
        block, count = paragraph(blocks, at, width)
        lines += ["> " * line.quote + line.text for line in lay_out(block, at, width)]
        at += count
    return lines


def test_a_paragraph_that_was_broken_wider_than_the_view_is_broken_once() -> None:
    assert shown(PROSE, 57) == [
        "It is good for ten minutes. If you did not ask for it,",
        "somebody may have typed your address by mistake; you need",
        "not do anything, and nothing will happen.",
    ]


def test_where_there_is_room_every_line_stays_as_it_was_written() -> None:
    assert shown(PROSE, 72) == PROSE.split("\n")


def test_quoted_paragraphs_are_put_together_too_and_never_with_others() -> None:
    quoted = "\n".join(f"> {line}" for line in PROSE.split("\n"))
    lines = shown(f"{quoted}\nNo, nobody did.", 59)
    assert lines[2:] == ["> not do anything, and nothing will happen.", "No, nobody did."]


def test_the_lines_of_a_log_of_a_server_s_answers_and_of_a_program_stay_apart() -> None:
    for text in (
        "Nov 26 10:09:44 host sshd[123]: Failed password for root from there\nNov 26 10:09:47 host sshd[124]: Ended",
        "554 joem@example.com... aliasing or forwarding loop broken (11 deep)\n550 joem@example.com... User unknown",
        "f362e2c The blanks in the date of a small preview hold for good\na8176dd What a command was asked to do",
        "answer = compute_the_answer(first_value, second_value, third, 4)\nother = compute_the_other(first_value)",
    ):
        first, second = text.split("\n")
        assert shown(text, 57) == [*shown(first, 57), *shown(second, 57)], text


def test_lists_addresses_fields_and_verses_keep_their_lines() -> None:
    for text in (
        "- the first of the things that were said about it in the long hall\n- the second",
        "1. the first of the things that were said about it in the long hall\n2. the second",
        "From: Ann Example <ann@example.org>\nSubject: what was said about it in the long hall of it\nTo: Bob",
        "for (one = first; one != last; one = next(one)) { tell(one, of, it);\n}",
        "https://example.org/a/very/long/address/that/nobody/reads/aloud/to/anybody\nis the place",
        "O my Luve is like a red, red rose\nThat’s newly sprung in June;\nO my Luve is like the melody\nThat’s sweet",
        "and these were all the words that anybody ever said of it:\nnothing",
    ):
        kept = [line for line in shown(text, 40) if line in text.split("\n")]
        assert text.rsplit("\n", 1)[1] in kept, text


@given(st.text(alphabet="ab> -.\n漢", max_size=600), st.integers(8, 120))
def test_no_letter_is_lost_or_comes_twice(text: str, width: int) -> None:
    blocks = document(text).blocks
    at, seen = 0, 0
    words: list[str] = []
    while at < len(blocks):
        block, count = paragraph(blocks, at, width)
        words += block.text.split()
        at, seen = at + count, seen + count
    assert seen == len(blocks) and words == [word for block in blocks for word in block.text.split()]
