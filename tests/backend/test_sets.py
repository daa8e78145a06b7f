"""Sets of uids say exactly what they should, in lines that every server takes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.backend.imap.lexer import ParseError
from tui_mail.backend.imap.sets import HIGHEST, compress, expand, windows

uid_sets = st.sets(st.one_of(st.integers(1, 60), st.integers(1, HIGHEST)), max_size=300)


@given(uid_sets)
def test_a_set_holds_exactly_its_uids(uids: set[int]) -> None:
    text = compress(uids)
    assert (expand(text.encode()) if text else []) == sorted(uids)


@given(uid_sets)
def test_no_two_parts_of_a_set_touch(uids: set[int]) -> None:
    ranges = [tuple(map(int, part.split(":"))) for part in compress(uids).split(",") if part]
    assert all(before[-1] + 1 < after[0] for before, after in itertools.pairwise(ranges))


@given(uid_sets, st.integers(1, 50), st.integers(30, 900))
def test_windows_hold_everything_once_in_order_and_stay_short(uids: set[int], count: int, octets: int) -> None:
    wanted = list(uids)
    found = list(windows(wanted, count, octets))
    assert [uid for _, window in found for uid in window] == wanted
    assert all(len(window) <= count and len(text) <= octets for text, window in found)
    assert all(expand(text.encode()) == sorted(window) for text, window in found)


def test_a_set_is_read_in_the_order_it_is_written() -> None:
    assert expand(b"7,3:5,9:8") == [7, 3, 4, 5, 8, 9]


def test_uids_that_are_too_new_are_left_out() -> None:
    assert expand(b"1:4294967295", below=4) == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [b"", b"x", b"1:", b":1", b"1,,2", b"0", b"-1", b"1:*", b"1:4294967295", b"4294967296", b"1:4000000,1:4000000"],
)
def test_what_is_no_set_or_an_absurd_one_is_refused(text: bytes) -> None:
    with pytest.raises(ParseError):
        expand(text)
