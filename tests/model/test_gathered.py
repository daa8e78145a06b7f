"""A view by threads holds the same messages as the flat one, whatever is opened, folded and taken away."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.gathered import Gathered
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId


def places(ids: Sequence[MessageId]) -> list[tuple[MessageId, int]]:
    return [(id, depth) for depth, id in enumerate(reversed(ids))]


def view() -> Gathered:
    """Newest first: thread 7 has 50, 30, 10; thread 8 has 40; thread 9 has 20, 5."""
    return Gathered.of(Listing([50, 40, 30, 20, 10, 5]), [7, 8, 7, 9, 7, 9])


def rows(listing: Listing) -> list[int]:
    return [int(id) for id in listing]


def test_a_thread_has_one_row_its_newest_letter_and_knows_its_letters() -> None:
    shown = view()
    assert rows(shown) == [50, 40, 20]
    assert [shown.knot(row).count for row in range(3)] == [3, 1, 2]
    assert shown.members(MessageId(50)) == (50, 30, 10) and shown.members(MessageId(40)) == (40,)
    assert shown.whole([MessageId(40), MessageId(50)]) == (50, 30, 10, 40)
    assert shown.whole([MessageId(30), MessageId(40)]) == (40, 30), "one that is folded away is itself"
    assert shown.everything == {50, 40, 30, 20, 10, 5}
    assert shown.index_of(MessageId(10)) == 0 and shown.index_of(MessageId(5)) == 2


def test_an_open_thread_shows_its_letters_in_order_and_folds_again() -> None:
    shown = view().unfold(MessageId(20), places)
    assert rows(shown) == [50, 40, 5, 20]
    assert [(shown.knot(row).depth, shown.knot(row).is_head) for row in (2, 3)] == [(0, True), (1, False)]
    assert shown.members(MessageId(20)) == (20,) and shown.thread_of(MessageId(20)) == (20, 5)
    assert shown.unfold(MessageId(40), places) is shown, "one letter alone has nothing to open"
    assert rows(shown.fold(MessageId(5))) == rows(view())
    assert len(shown.opened) == 1


def test_when_the_newest_letter_goes_the_next_one_leads_the_thread() -> None:
    shown = view().without(frozenset({MessageId(50)}))
    assert rows(shown) == [30, 40, 20] and shown.knot(0).count == 2
    assert rows(shown.without(frozenset({MessageId(30), MessageId(10)}))) == [40, 20]
    assert rows(view().without(frozenset({MessageId(10)}))) == [50, 40, 20]
    opened = view().unfold(MessageId(50), places).without(frozenset({MessageId(30)}))
    assert rows(opened) == [10, 50, 40, 20]


@given(
    st.lists(st.integers(1, 6), max_size=30),
    st.lists(st.tuples(st.sampled_from(["open", "fold", "take", "take many"]), st.integers(0, 29)), max_size=12),
)
def test_nothing_is_lost_and_nothing_is_there_twice(threads: list[int], steps: list[tuple[str, int]]) -> None:
    ids = [MessageId(1000 - place) for place in range(len(threads))]
    shown, left = Gathered.of(Listing(ids), threads), set(ids)
    for step, place in steps:
        if not ids:
            break
        id = ids[place % len(ids)]
        if step == "open":
            shown = shown.unfold(id, places)
        elif step == "fold":
            shown = shown.fold(id)
        else:
            gone = frozenset(ids[place % len(ids) :: 3] if step == "take many" else [id])
            shown, left = shown.without(gone), left - gone
    assert shown.everything == left
    covered = [one for id in shown for one in shown.members(id)]
    assert len(covered) == len(set(covered)) and set(covered) == left
    assert all(shown.index_of(id) is not None for id in left)
    assert sum(shown.knot(row).is_head for row in range(len(shown))) <= len(set(threads))
