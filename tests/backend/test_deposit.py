"""Letters brought into a folder: each whole and once, over lost lines and refusals."""

from __future__ import annotations

import pytest

from tui_mail.backend.deposit import Outcome, deposit
from tui_mail.backend.memory import MemoryMailbox, MemoryStore
from tui_mail.mime.mbox import Posted
from tui_mail.model.errors import Offline, Refused
from tui_mail.model.message import DELETED, FLAGGED, SEEN


def letter(number: int, *, named: bool = True) -> Posted:
    head = f"Message-ID: <{number}@example.org>\r\n" if named else ""
    return Posted(f"Subject: {number}\r\n{head}\r\nHello.\r\n".encode(), frozenset({SEEN}), 1_700_000_000 + number)


LETTERS = [letter(number, named=number % 3 != 0) for number in range(12)]


@pytest.fixture
def box() -> MemoryMailbox:
    return MemoryMailbox()


def bring(box: MemoryMailbox, letters: list[Posted] | None = None) -> Outcome:
    store = MemoryStore(box)
    store.connect()
    outcome = Outcome()
    deposit(store, b"Archive", LETTERS if letters is None else letters, outcome, lambda: None)
    return outcome


def there(box: MemoryMailbox) -> list[bytes]:
    return [kept.raw for kept in box.messages("Archive")]


def test_every_letter_arrives_with_its_flags_and_its_age(box: MemoryMailbox) -> None:
    assert bring(box).new == 12
    assert there(box) == [one.octets for one in LETTERS]
    assert {(kept.flags, kept.date) for kept in box.messages("Archive")} == {(one.flags, one.date) for one in LETTERS}


def test_a_second_run_brings_nothing_and_a_longer_one_the_rest(box: MemoryMailbox) -> None:
    bring(box, LETTERS[:7])
    outcome = bring(box)
    assert (outcome.new, outcome.there) == (5, 7)
    assert bring(box).new == 0
    assert len(there(box)) == 12


def test_a_letter_that_stands_twice_in_the_file_is_brought_once(box: MemoryMailbox) -> None:
    assert bring(box, [*LETTERS, *LETTERS]).there == 12
    assert len(there(box)) == 12


def test_one_message_id_with_two_texts_is_two_letters(box: MemoryMailbox) -> None:
    other = Posted(LETTERS[1].octets + b"-- \r\nthe list\r\n", frozenset(), 0)
    assert bring(box, [LETTERS[1], other]).new == 2


def test_a_line_that_breaks_before_or_after_a_letter_arrived_neither_loses_nor_doubles_it(box: MemoryMailbox) -> None:
    lost = [3, 4, 8]
    for _ in range(12):
        box.after("append", lambda: box.drop() if len(there(box)) in lost else None)
    box.refuse("append", Offline("The connection was lost."), times=1)
    outcome = bring(box)
    assert outcome.new == 12
    assert sorted(there(box)) == sorted(one.octets for one in LETTERS)


def test_a_line_that_stays_broken_says_so_and_the_next_run_goes_on(box: MemoryMailbox) -> None:
    bring(box, LETTERS[:2])
    box.refuse("append", Offline("The connection was lost."), times=3)
    with pytest.raises(Offline):
        bring(box)
    assert bring(box).new == 10


def test_a_refused_letter_is_counted_and_a_full_mailbox_ends_it(box: MemoryMailbox) -> None:
    box.refuse("append", Refused("Too large."))
    outcome = bring(box)
    assert (outcome.new, len(outcome.refused)) == (11, 1)
    box.quota = 1
    with pytest.raises(Refused):
        bring(box, [letter(99)])


def test_nothing_arrives_marked_as_deleted_and_what_was_thrown_away_stays_out(box: MemoryMailbox) -> None:
    one, two = LETTERS[0].octets, LETTERS[1].octets
    outcome = bring(box, [Posted(one, frozenset({DELETED, FLAGGED}), 0), Posted(two, frozenset(), 0, is_expunged=True)])
    assert (outcome.new, outcome.expunged) == (1, 1)
    assert [kept.flags for kept in box.messages("Archive")] == [{FLAGGED}]
