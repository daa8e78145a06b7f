"""What was broken at a column is one paragraph again where the view is narrower; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.text import document
from tui_mail.ui.widgets.layout import lay_out
from tui_mail.ui.widgets.paragraph import paragraph

PROSE = """\
It is good for ten minutes. If you did not ask for it, somebody may have
typed your address by mistake; you need not do anything, and nothing
will happen."""

KEPT = {
    "long verses": """\
I celebrate myself, and sing myself, and what I assume
And what I assume you shall assume, for every atom of me
For every atom belonging to me as good belongs to you.
I loafe and invite my soul, I lean and loafe at my ease
Observing a spear of summer grass in the open field here.""",
    "verses without capitals": """\
and the river that we had crossed together in the early spring
was higher now than any of the old men could remember it
so we stood on the bank with our shoes in our hands and waited
for somebody with a boat, or a rope, or at least an opinion
about how these things are done by those who know the river""",
    "a query": """\
SELECT customer.name, customer.city, sum(invoice.amount) AS total
FROM customer JOIN invoice ON invoice.customer = customer.id
WHERE invoice.date > '2026-01-01' AND customer.country = 'AT'
GROUP BY customer.name, customer.city ORDER BY total DESC LIMIT 20""",
    "a query in small letters": """\
select customer.name, customer.city, sum(invoice.amount) as total
from customer join invoice on invoice.customer_id is customer.id
where invoice.date between date '2026-01-01' and date '2026-12-31'
group by customer.name, customer.city order by total desc limit 20""",
    "commands": """\
rsync -av --delete --exclude cache/ /home/ann/ backup:/srv/ann/home
tar czf /srv/backup/ann-2026-11-26.tar.gz --exclude cache /home/ann
find /srv/backup -name '*.tar.gz' -mtime +30 -print -delete -newer x""",
    "an address": """\
Institut für Informationssysteme, Technische Universität Wien,
Favoritenstraße 9-11, Stiege 2, 3. Stock, Zimmer HB 03 12, 1040 Wien
Telefon +43 1 58801 18401, Telefax +43 1 58801 918401, Sekretariat""",
    "a signature without its mark": """\
Best regards from the whole team of the department of acoustics
Dr. Maximilian Mustermann-Oberhuber, Head of Acoustics and Vibration
Example Engineering GmbH, Main Street 12, 4020 Linz, Austria, Europe
Phone +43 732 1234, max@example.org, www.example.org, FN 123456 a""",
    "a list": """\
two kilos of the small potatoes from the farmer at the corner
bread, but not the one with the seeds on it, the other one please
milk
something sweet for the children, they were good the whole week""",
    "a list with prices": """\
one pair of boots for the garden, rubber, green, size 42  39.90
one lamp for the workbench with a long arm and two bulbs 119.00
two boxes of screws, brass, countersunk, four by thirty mm 12.50""",
    "a list of long lines": """\
opening of the meeting by the chair and approval of the agenda
report of the treasurer about the year that has just ended here
election of the new board, for which three people have come forward
any other business, and where to have dinner afterwards together""",
    "questions": """\
Can you bring the ladder, or is it still at your brother's house?
Do we need the big table, or is the small one enough for us all?
Who tells Grandmother that we do not come before five o'clock?""",
    "sentences of a line each": """\
The shop opens at nine on Monday and closes at six every evening.
On Saturday it is open until noon, and on Sunday it stays closed.
Please ring the bell at the side door if the front one is locked.""",
    "a log": """\
started the importer with the new settings from the other machine
read the first file without any trouble and wrote it to the disk
read the second file, which had two lines that were no lines at all
stopped the importer, because the disk was full to the last block""",
}
"""Each line is as its writer meant it."""


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


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("quote", ["", "> "])
def test_lines_that_were_meant_stay_lines_however_long_they_are(text: str, quote: str) -> None:
    lines = [f"{quote}{line}" for line in text.split("\n")]
    assert shown("\n".join(lines), 50) == [piece for line in lines for piece in shown(line, 50)]


GERMAN = """\
Sehr geehrte Frau Müller,
vielen Dank für Ihre Anfrage vom letzten Mittwoch. Wir haben die
Unterlagen geprüft und können Ihnen die Räume im zweiten Stock zu den
besprochenen Bedingungen anbieten.
Der Vertrag geht Ihnen in den nächsten Tagen mit der Post zu; bitte
senden Sie ihn uns zurück.
Mit freundlichen Grüßen
Max Muster"""


def test_paragraphs_without_a_blank_line_between_them_and_a_greeting_stay_apart() -> None:
    blocks = document(GERMAN).blocks
    counts, at = [], 0
    while at < len(blocks):
        counts.append(paragraph(blocks, at, 50)[1])
        at += counts[-1]
    assert counts == [1, 3, 2, 1, 1]


TWO = "We meet at the old mill on Friday at noon, and bring the ladder\nwith you, please."
LONGER = "Everybody who comes has to sign in at the gate, and to wear a helmet too\nall the time."
WHOLE = "This program breaks no line at all; what belongs together is one line, be it as long as it may be in the end."


@pytest.mark.parametrize(
    ("others", "are_one"),
    [("", True), ("Well, it is late.", True), (LONGER, False), (WHOLE, False)],
    ids=["alone", "shorter", "longer", "whole"],
)
def test_two_lines_are_one_only_where_the_rest_of_the_letter_agrees(others: str, are_one: bool) -> None:
    blocks = document(f"{TWO}\n\n{others}").blocks
    assert paragraph(blocks, 0, 45)[1] == (2 if are_one else 1)


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
