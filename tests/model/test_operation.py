"""What a person does can be taken back exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.folder import NOWHERE, FolderId
from tui_mail.model.message import FLAGGED, JUNK, SEEN, MessageId
from tui_mail.model.operation import Operation, Spot, count, mark, move, move_by_account

FLAGS = st.frozensets(st.sampled_from([SEEN, FLAGGED, JUNK, "\\Answered", "work"]))
FOLDERS = st.integers(0, 4).map(FolderId)
SPOTS = st.lists(
    st.builds(Spot, st.integers(1, 50).map(MessageId), FOLDERS, FLAGS), max_size=8, unique_by=lambda spot: spot.id
)


@given(SPOTS, FLAGS, FLAGS)
def test_undoing_a_mark_gives_every_flag_back_as_it_was(
    spots: list[Spot], add: frozenset[str], drop: frozenset[str]
) -> None:
    done = mark(spots, "Marked", add - drop, drop)
    for spot in spots:
        assert done.inverse().effect(done.effect(spot)) == spot


@given(SPOTS, FOLDERS, FLAGS)
def test_undoing_a_move_puts_every_message_back_with_its_flags(
    spots: list[Spot], target: FolderId, add: frozenset[str]
) -> None:
    done = move(spots, target, "Moved", add)
    for spot in spots:
        after = done.effect(spot)
        assert after.folder == target
        assert done.inverse().effect(after) == spot


@given(SPOTS, FOLDERS, FOLDERS)
def test_a_folder_knows_what_leaves_it_unless_something_comes(
    spots: list[Spot], target: FolderId, folder: FolderId
) -> None:
    done = move(spots, target, "Moved")
    gone, coming = done.leaves(folder), done.inverse().leaves(folder)
    inside = frozenset(spot.id for spot in spots if spot.folder == folder)
    if folder != target:
        assert gone == inside and coming == (None if inside else frozenset())
    else:
        assert gone == (None if done else frozenset())


@given(SPOTS, FOLDERS, FLAGS)
def test_redo_is_the_inverse_of_undo(spots: list[Spot], target: FolderId, add: frozenset[str]) -> None:
    done = move(spots, target, "Moved", add)
    assert done.inverse().inverse() == done


def test_starring_what_is_starred_already_is_nothing_to_do_and_undo_leaves_it_starred() -> None:
    starred = Spot(MessageId(1), FolderId(1), frozenset({FLAGGED}))
    plain = Spot(MessageId(2), FolderId(1), frozenset())
    done = mark([starred, plain], "Starred", add=[FLAGGED])
    assert done.ids == (plain.id,)
    assert done.inverse().effect(starred) == starred
    assert not mark([starred], "Starred", add=[FLAGGED])


def test_the_toast_counts_what_really_changed() -> None:
    spots = [Spot(MessageId(n), FolderId(n % 2), frozenset()) for n in range(1, 4)]
    assert move(spots, FolderId(1), "Archived").words == "Archived 1 message"
    assert count(12403) == "12,403 messages"


def test_one_operation_reaches_over_accounts_and_leaves_folders_it_does_not_know() -> None:
    spots = [Spot(MessageId(n), FolderId(n), frozenset()) for n in (1, 2, 3)]
    done = move_by_account(spots, {FolderId(1): FolderId(7), FolderId(2): FolderId(8)}, "Archived")
    assert [(step.id, step.target) for step in done.steps] == [(1, 7), (2, 8)]


def test_deleting_for_good_says_so() -> None:
    spots = [Spot(MessageId(1), FolderId(1), frozenset())]
    assert move(spots, NOWHERE, "Deleted").destroys
    assert not Operation((), "nothing").destroys
