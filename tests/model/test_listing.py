"""The cursor stays with its message whatever comes and goes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId

IDS = st.lists(st.integers(1, 10**12), unique=True, max_size=30)


@given(IDS, st.data())
def test_the_cursor_follows_the_message_when_mail_arrives(ids: list[int], data: st.DataObject) -> None:
    if not ids:
        return
    row = data.draw(st.integers(0, len(ids) - 1))
    new = Listing([10**13, *ids])
    assert new[new.follow(MessageId(ids[row]), Listing(ids), row)] == ids[row]


def test_the_cursor_goes_to_the_next_older_message_when_its_own_is_gone() -> None:
    old = Listing([9, 8, 7, 6])
    assert Listing([9, 7, 6]).follow(MessageId(8), old, 1) == 1
    assert Listing([9, 6]).follow(MessageId(8), old, 1) == 1
    assert Listing([9]).follow(MessageId(8), old, 1) == 0
    assert Listing([]).follow(MessageId(8), old, 1) == 0


@given(IDS, st.integers(-5, 40), st.integers(-5, 40))
def test_a_window_never_reaches_beyond_the_list(ids: list[int], start: int, stop: int) -> None:
    window = Listing(ids).window(start, stop)
    assert list(window) == ids[max(0, start) : max(0, stop)]


@given(st.lists(st.integers(-5, 2000), unique=True), st.frozensets(st.integers(-5, 2000)))
def test_what_goes_leaves_the_others_in_their_order(ids: list[int], gone: frozenset[int]) -> None:
    left = Listing(ids).without(frozenset(MessageId(id) for id in gone))
    assert list(left) == [id for id in ids if id not in gone]
    assert all(left.index_of(MessageId(id)) is None for id in gone)
    assert [left.index_of(id) for id in left] == list(range(len(left)))


def test_a_million_rows_cost_eight_octets_each() -> None:
    listing = Listing(range(1_000_000))
    assert len(listing) == 1_000_000
    assert listing.index_of(MessageId(999_999)) == 999_999
    assert listing.index_of(MessageId(-1)) is None
