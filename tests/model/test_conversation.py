"""A conversation is read in order, whatever its letters say of each other."""

from __future__ import annotations

import json
import mailbox
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tui_mail.mime import header
from tui_mail.mime.facts import date_of
from tui_mail.model.conversation import Kin, arrange

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


def order(*letters: Kin) -> list[tuple[str, int]]:
    return [(letters[place.index].message_id, place.depth) for place in arrange(letters)]


def test_answers_stand_under_what_they_answer_and_brothers_by_age() -> None:
    assert order(
        Kin("c", ("a",), 3), Kin("a", (), 1), Kin("b", ("a",), 2), Kin("d", ("a", "b"), 4), Kin("x", (), 0)
    ) == [("x", 0), ("a", 0), ("b", 1), ("d", 2), ("c", 1)]


def test_what_is_not_here_is_passed_over() -> None:
    assert order(Kin("a", (), 1), Kin("c", ("a", "gone"), 2)) == [("a", 0), ("c", 1)]


@pytest.mark.parametrize(
    "letters",
    [
        (Kin("a", ("a",)),),
        (Kin("a", ("b",), 1), Kin("b", ("a",), 2)),
        (Kin("a", ("c",), 1), Kin("b", ("a",), 2), Kin("c", ("b",), 3)),
        (Kin("a", (), 1), Kin("a", ("a",), 2), Kin("", (), 3), Kin("", ("a",), 4)),
    ],
)
def test_loops_and_doubles_lose_nobody(letters: tuple[Kin, ...]) -> None:
    assert sorted(place.index for place in arrange(letters)) == list(range(len(letters)))


def test_thousands_of_levels_take_no_time_and_no_recursion() -> None:
    chain = [Kin(str(n), tuple(str(m) for m in range(max(0, n - 3), n)), n) for n in range(20_000)]
    began = time.process_time()
    assert arrange(chain)[-1].depth == 19_999
    assert arrange(list(reversed(chain)))[-1].depth == 19_999
    assert time.process_time() - began < 2


ids = some.sampled_from(["a", "b", "c", "d", "e", ""])


@given(some.lists(some.builds(Kin, ids, some.lists(ids, max_size=4).map(tuple), some.integers(0, 5)), max_size=12))
@settings(deadline=None)
def test_every_letter_is_there_once_and_under_a_parent_that_stands_before_it(letters: list[Kin]) -> None:
    places = arrange(letters)
    assert sorted(place.index for place in places) == list(range(len(letters)))
    depths = {place.index: place.depth for place in places}
    for number, place in enumerate(places):
        assert (place.parent is None) == (place.depth == 0)
        if place.parent is not None:
            assert depths[place.parent] == place.depth - 1
            assert place.parent in [one.index for one in places[:number]]


# --- beside another implementation


def kin(raw: bytes) -> Kin:
    found: dict[str, bytes] = {}
    for name, value in header.fields(header.split(raw)[0]):
        found.setdefault(name.lower(), value)
    own = header.message_ids(found.get("message-id", b""))
    answers = header.message_ids(found.get("in-reply-to", b""))
    parents = header.message_ids(found.get("references", b""))
    parents = (*parents, *(one for one in answers[:1] if one not in parents[-1:]))
    return Kin(own[0] if own else "", parents, date_of(found.get("date", b""), b"") or 0)


def letters_of(source: Path) -> list[bytes]:
    if source.is_dir():
        return [path.read_bytes() for path in sorted(source.rglob("*")) if path.is_file()]
    box = mailbox.mbox(source, create=False)
    return [box.get_bytes(key) for key in box.iterkeys()]


def parents_of(nodes: list[Any], parent: str, found: dict[str, str]) -> None:
    stack = [(node, parent) for node in nodes]
    while stack:
        (id, _, answers), above = stack.pop()
        found[re.sub(r"\s", "", id)] = above
        stack += [(node, re.sub(r"\s", "", id)) for node in answers]


REWRITTEN = 9
"""Letters of one thread whose archive rewrote the ids of In-Reply-To but not those of References: nothing answers to
the rewritten names, so notmuch hangs most of these under the first letter; here they stand under the nearest that
References name, which is what their writers answered in seven of the nine."""


@pytest.mark.parametrize(
    ("name", "differing"),
    [("list-uboot-stm32", 0), ("notmuch-lkml", REWRITTEN), ("synthetic-open-deep", 0), ("synthetic-open-loops", 0)],
)
def test_threads_are_those_of_notmuch(name: str, differing: int) -> None:
    told = CORPUS / "expected" / "threads" / f"{name}.json"
    if not told.exists():
        pytest.skip("the collected threads are not beside the project")
    reference = json.loads(told.read_text())
    letters = [kin(raw) for raw in letters_of(CORPUS / "messages" / reference["source"])]
    theirs: dict[str, str] = {}
    for thread in reference["threads"]:
        parents_of(thread, "", theirs)
    ours = {
        letters[place.index].message_id.strip("<>"): ""
        if place.parent is None
        else letters[place.parent].message_id.strip("<>")
        for place in arrange(letters)
    }
    assert ours.keys() == theirs.keys()
    assert sum(ours[id] != parent for id, parent in theirs.items()) == differing
