"""Lines of a width: nothing too wide, nothing lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_mail.model.document import Block, Cell, Run
from tui_mail.ui.widgets.layout import lay_out, measure, table, wrap

WORDS = st.text(st.sampled_from("aBc  .,漢字。「」（）한글عربيةé👩\u200d👩😀☺\ufe0f—…ー"), max_size=60) | st.text(
    st.characters(exclude_categories=["Cc", "Cs"]), max_size=40
)
RUNS = st.lists(
    st.builds(Run, WORDS, st.frozensets(st.sampled_from(["bold", "dim", "italic"])), st.integers(0, 3)), max_size=6
).map(tuple)
CELLS = st.builds(Cell, RUNS, st.booleans(), st.booleans())
ROWS = st.lists(st.lists(CELLS, max_size=5).map(tuple), max_size=4).map(tuple)
BLOCKS = st.builds(
    Block,
    st.sampled_from(["text", "heading", "pre", "table", "rule", "gap", "signature", "note", "added", "armor", "entry"]),
    RUNS,
    st.integers(0, 40),
    WORDS,
    WORDS,
    st.integers(0, 6),
    ROWS,
)


def texts(lines: list[list[Run]]) -> list[str]:
    return ["".join(run.text for run in line) for line in lines]


def words(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=400, deadline=None)
@given(BLOCKS, st.integers(8, 120))
def test_no_line_is_ever_wider_than_the_view(block: Block, width: int) -> None:
    for line in lay_out(block, 0, width):
        assert line.width <= width, (line, line.width)


@settings(max_examples=400, deadline=None)
@given(RUNS, st.integers(2, 80))
def test_every_letter_of_a_paragraph_is_seen(runs: tuple[Run, ...], width: int) -> None:
    lines = wrap(runs, width)
    assert words("".join(texts(lines))) == words("".join(run.text for run in runs))
    assert all(measure(line) <= width for line in lines)


def test_a_joiner_that_joins_nothing_makes_no_line_wider_than_the_view() -> None:
    assert [measure(line) for line in wrap([Run("\u200d\u200d👩B")], 2)] == [2, 1]


def test_a_paragraph_breaks_at_blanks() -> None:
    assert texts(wrap([Run("the quick brown fox")], 10)) == ["the quick", "brown fox"]


def test_a_link_ends_with_its_last_letter_also_where_the_line_is_broken() -> None:
    lines = wrap((Run("Jonna Marlow", link=1), Run("  23 Nov, about the folding chairs")), 24)
    assert [run.text for run in lines[0]] == ["Jonna Marlow", "  23 Nov,"]


def test_a_word_that_changes_its_look_in_the_middle_stays_one_word() -> None:
    runs = [Run("see un"), Run("break", frozenset({"bold"})), Run("able things")]
    assert texts(wrap(runs, 12)) == ["see", "unbreakable", "things"]


def test_chinese_breaks_between_characters_and_not_before_a_full_stop() -> None:
    assert texts(wrap([Run("今天天氣很好。我們走")], 12)) == ["今天天氣很", "好。我們走"]


def test_a_long_link_is_cut_and_not_lost() -> None:
    url = "https://example.org/" + "a" * 50
    assert "".join(texts(wrap([Run(url)], 20))) == url


def test_what_takes_no_cells_is_not_lost_before_a_long_word() -> None:
    assert texts(wrap([Run("\u200d B글")], 2)) == ["\u200dB", "글"]


def test_the_first_indent_of_a_line_is_kept() -> None:
    assert texts(wrap([Run("    if x: return y")], 12)) == ["    if x:", "return y"]


def test_an_entry_of_an_overview_never_takes_a_second_line() -> None:
    block = Block("entry", (Run("Ines Duarte", link=1), Run("  20 Nov  This is the best sentence")), first="▸ ")
    assert [line.text for line in lay_out(block, 0, 30)] == ["▸ Ines Duarte  20 Nov  This i…"]
    assert [line.text for line in lay_out(block, 0, 60)] == ["▸ Ines Duarte  20 Nov  This is the best sentence"]


def test_code_is_cut_where_the_line_is_full_and_not_hidden() -> None:
    lines = lay_out(Block("pre", (Run("a  b" * 6),)), 0, 10)
    assert "".join(line.text for line in lines) == "a  b" * 6


def test_bullets_hang() -> None:
    lines = lay_out(Block("text", (Run("one two three four"),), first="• ", rest="  "), 0, 12)
    assert [line.text for line in lines] == ["• one two", "  three four"]


def test_a_table_stands_in_a_box() -> None:
    head = (Cell((Run("What"),), heading=True), Cell((Run("Price"),), heading=True, right=True))
    row = (Cell((Run("Tea"),)), Cell((Run("2"),), right=True))
    assert texts(table((head, row), 40)) == [
        "┌──────┬───────┐",
        "│ What │ Price │",
        "├──────┼───────┤",
        "│ Tea  │     2 │",
        "└──────┴───────┘",
    ]


def test_a_table_that_cannot_fit_is_told_cell_by_cell() -> None:
    head = tuple(Cell((Run(f"H{n}"),), heading=True) for n in range(9))
    row = tuple(Cell((Run(f"value {n}"),)) for n in range(9))
    lines = texts(table((head, row), 30))
    assert lines[0] == "H0: value 0" and lines[-1] == "H8: value 8"


def test_columns_of_wide_characters_stay_in_line() -> None:
    rows = tuple((Cell((Run(text),)), Cell((Run("x"),))) for text in ("漢字", "abc", "😀 emoji"))
    assert len({cell_len(text) for text in texts(table(rows, 40))}) == 1
