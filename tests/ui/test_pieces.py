"""However input is cut on its way, a sequence is one key, a paste is one paste, and Escape is not waited for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.ui.terminal.pieces import Pasted, Pieces

UP, CLICK = "\x1b[A", "\x1b[<0;12;3M"


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def fed(*reads: str) -> tuple[str, list[str]]:
    """The keys, and what was pasted, of reads that follow each other at once."""
    pieces = Pieces(clock=lambda: 100.0)
    found = [piece for read in reads for piece in pieces.feed(read)]
    return "".join(one for one in found if isinstance(one, str)), [one.text for one in found if isinstance(one, Pasted)]


def test_a_paste_is_one_piece_wherever_it_is_cut() -> None:
    whole = "j" + paste("des#\rE! q\x1b[A") + UP + paste("x") + CLICK + "k"
    for first in range(len(whole)):
        for second in range(first, len(whole)):
            reads = whole[:first], whole[first:second], whole[second:]
            assert fed(*reads) == (f"j{UP}{CLICK}k", ["des#\rE! q\x1b[A", "x"]), reads


@given(st.text(alphabet="\x1b[201~<;MAde", max_size=40), st.lists(st.integers(0, 40), max_size=4))
def test_cuts_change_nothing(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    reads = [text[start:end] for start, end in pairwise(places)]
    assert fed(*reads) == fed(text)


@pytest.mark.parametrize("key", ["\x1b", "\x1b[", "\x1b[1;5"])
def test_what_nothing_follows_is_given_up_soon_and_escape_at_once(key: str) -> None:
    pieces = Pieces()
    assert [*pieces.feed("a" + key)] == ["a"]
    assert pieces.wait is not None and (pieces.wait < 0.03) is (key == "\x1b")
    assert pieces.give_up() == key and pieces.wait is None


@pytest.mark.parametrize("rest", ["[A", "[<0;12;3M", "[200~des#\x1b[201~"])
def test_the_rest_of_a_sequence_whose_first_octet_came_much_earlier_is_no_typing(rest: str) -> None:
    now = 100.0
    pieces = Pieces(clock=lambda: now)
    assert [*pieces.feed("\x1b")] == [] and pieces.give_up() == "\x1b"
    now += 0.4
    assert [*pieces.feed(rest)] == ([Pasted("des#")] if "200~" in rest else [f"\x1b{rest}"])
    assert [*pieces.feed("\x1b")] == [] and pieces.give_up() == "\x1b"
    now += 5
    assert [*pieces.feed(rest[:2])] == [rest[:2]]


def test_escape_and_a_bracket_that_are_typed_are_two_keys() -> None:
    pieces = Pieces(clock=lambda: 100.0)
    assert [*pieces.feed("\x1b")] == [] and pieces.give_up() == "\x1b"
    assert [*pieces.feed("[")] == ["["] and [*pieces.feed("d")] == ["d"]


def test_a_paste_whose_end_is_late_is_waited_for() -> None:
    pieces = Pieces()
    assert [*pieces.feed("\x1b[200~des")] == [] and pieces.wait is None
    assert [*pieces.feed("#\x1b")] == [] and pieces.wait is None and pieces.give_up() == ""
    assert [*pieces.feed("[201~j")] == [Pasted("des#"), "j"]
