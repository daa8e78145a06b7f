"""A server of old that refuses to hear of a message that is gone, or takes another for it: nobody else is touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backend.desk import letter
from tests.backend.script import Script
from tests.backend.worlds import DemoWorld
from tests.servers import Demos
from tui_mail.backend.contract import Store
from tui_mail.demo.quirks import PLAIN
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.message import DELETED, FLAGGED

ME = "demo@example.org"


@pytest.fixture
def world(demo_server: Demos) -> DemoWorld:
    """Five letters in the inbox."""
    made = DemoWorld(demo_server(capabilities=PLAIN, quirks=["strict_uids"]))
    for number in range(5):
        made.add("INBOX", letter(f"letter {number}", ME))
    return made


@pytest.fixture
def store(world: DemoWorld) -> Iterator[Store]:
    """Which knows all five; then another program takes the third and the last away."""
    made = world.store()
    made.connect()
    made.open(b"INBOX")
    assert len(made.uids()) == 5
    for gone in (3, 5):
        world.remove("INBOX", gone)
    yield made
    made.close()


def test_what_is_meant_for_a_letter_that_is_gone_is_done_to_no_other(world: DemoWorld, store: Store) -> None:
    store.store([5], frozenset({FLAGGED}))
    store.expunge([5])
    store.move([5], b"Trash")
    store.copy([5], b"Archive")
    assert [(one.uid, one.flags) for one in world.held("INBOX")] == [
        (1, frozenset()),
        (2, frozenset()),
        (4, frozenset()),
    ]
    assert not world.held("Trash") and not world.held("Archive")


def test_the_others_of_a_set_are_filed_and_marked_all_the_same(world: DemoWorld, store: Store) -> None:
    store.store([1, 3], frozenset({FLAGGED}))
    store.move([2, 3, 4, 5], b"Archive")
    marks = {one.uid: one.flags for one in world.held("INBOX")}
    assert marks == {1: frozenset({FLAGGED}), 2: frozenset({DELETED}), 4: frozenset({DELETED})}
    assert len(world.held("Archive")) == 2


def test_a_letter_that_is_gone_is_missing_and_not_unreadable(store: Store) -> None:
    assert {one.uid: one.note for one in store.headers([1, 3, 5])} == {1: ""}
    assert sorted(store.identity([1, 2, 3])) == [1, 2]
    assert [uid for uid, _ in store.letters([3, 4, 5])] == [4]
    for gone in (3, 5):
        with pytest.raises(NotFound, match="not on the server any more"):
            store.fetch(gone)


def test_it_is_found_out_once(world: DemoWorld, store: Store) -> None:
    for _ in range(3):
        store.store([1], frozenset({FLAGGED}))
    assert len([line for line in world.server.log if "4294967294" in line]) == 1


def test_a_refusal_is_told_where_nobody_of_the_set_is_gone() -> None:
    answer = b"* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 6)\r\n* 3 FETCH (UID 7)\r\n%T OK done\r\n"
    with Script({b"UID STORE": b"%T BAD no\r\n", b"UID FETCH": answer}) as server:
        with pytest.raises(Refused, match="would not change 2 messages: no"):
            server.connected().store([5, 6], frozenset({FLAGGED}))
        assert len(server.asked(b"UID STORE")) == 1


def test_an_empty_answer_does_not_turn_a_refusal_into_a_deed() -> None:
    """The folder has three, so a list of nobody is no list."""
    with Script({b"UID STORE": b"%T NO no\r\n"}) as server, pytest.raises(Refused, match="would not change 1 message"):
        server.connected().store([5], frozenset({FLAGGED}))
