"""The contract goes on: folders that get another name or are removed, and what the store itself can find."""

from __future__ import annotations

import pytest

from tests.backend.test_contract import letter, store, world  # noqa: F401  # the fixtures
from tests.backend.worlds import World
from tui_mail.backend.contract import Store
from tui_mail.backend.imap.searching import keys
from tui_mail.model.errors import MailError, NotFound, Refused, Unsupported
from tui_mail.model.query import Query

PLACES = ("memory", "maildir, plus", "maildir, nested", "demo", "demo, plain", "demo, modern", "dovecot")
places = pytest.mark.parametrize("world", PLACES, indirect=True)
NOW = 1_795_435_200
MIXED = (
    b"From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nCc: carol@example.org\r\nSubject: =?utf-8?q?K=C3=A4se?=\r\n"
    b"List-Id: <choir.example.net>\r\nMessage-ID: <mixed@example.org>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Darjeeling \xe5\x8c\x97\xe4\xba\xac\r\n"
)


@places
def test_a_folder_gets_another_name_with_all_that_is_in_it(world: World, store: Store) -> None:  # noqa: F811
    raw = store.create("Plans")
    store.append(raw, letter(1))
    store.open(raw)
    new = store.rename(raw, "Ideas & more")
    names = {folder.name for folder in store.folders()}
    assert "Ideas & more" in names and "Plans" not in names
    assert store.open(new).exists == 1
    with pytest.raises(MailError):
        store.rename(raw, "Elsewhere")


@places
def test_a_name_that_is_taken_is_refused(world: World, store: Store) -> None:  # noqa: F811
    raw = store.create("Plans")
    store.create("Taken")
    with pytest.raises(Refused):
        store.rename(raw, "Taken")
    assert store.open(raw).exists == 0


@places
def test_a_folder_is_removed_and_then_it_is_not_there(world: World, store: Store) -> None:  # noqa: F811
    raw = store.create("Plans")
    store.append(raw, letter(1))
    store.open(raw)
    store.delete(raw)
    assert "Plans" not in {folder.name for folder in store.folders()}
    with pytest.raises(NotFound):
        store.open(raw)


@places
def test_subscribing_is_done_or_said_to_be_impossible(world: World, store: Store) -> None:  # noqa: F811
    raw = store.create("Plans")
    try:
        store.subscribe(raw, False)
        store.subscribe(raw, True)
    except Unsupported as error:
        assert "Maildir" in str(error)


@places
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("subject:letter", {1, 2}),
        ("cc:carol or subject:letter", {1, 2, 3}),
        ("from:ann -subject:letter", {3}),
        ("is:starred", {2}),
        ("subject:käse", {3}),
        ("body:darjeeling list:choir", {3}),
        ("(subject:letter is:unread) or is:starred", {1, 2}),
        ("larger:100k", set()),
        ('subject:"x\\" ALL"', set()),
        ("before:2026-01", set()),
        ("after:2026-11-01 before:2026-12-01", {1, 2, 3}),
    ],
)
def test_what_the_store_finds(world: World, store: Store, text: str, found: set[int]) -> None:  # noqa: F811
    uids = [world.add("INBOX", letter(1)), world.add("INBOX", letter(2), ["\\Flagged"]), world.add("INBOX", MIXED)]
    store.open(b"INBOX")
    assert [uids.index(uid) + 1 for uid in store.search(Query.parse(text).wanted, NOW)] == sorted(found)


@pytest.mark.parametrize("world", ["search_lies"], indirect=True)
def test_a_server_that_finds_everything_is_not_believed(world: World, store: Store) -> None:  # noqa: F811
    world.add("INBOX", letter(1))
    for _ in range(2):
        store.open(b"INBOX")
        with pytest.raises(Unsupported, match="cannot be relied on"):
            store.search(Query.parse("nothing").wanted, NOW)


@pytest.mark.parametrize("world", ["liar, silent"], indirect=True)
def test_a_search_that_finds_nothing_says_no_more_than_that(world: World, store: Store) -> None:  # noqa: F811
    world.add("INBOX", letter(1))
    store.open(b"INBOX")
    assert store.search(Query.parse("letter").wanted, NOW) == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("from:ann subject:x", b'FROM "ann" SUBJECT "x"'),
        ("body:a or body:b or body:c", b'OR OR BODY "a" BODY "b" BODY "c"'),
        ("-(body:a body:b)", b'NOT NOT OR NOT BODY "a" NOT BODY "b"'),
        ("a", b'OR OR OR OR SUBJECT "a" FROM "a" TO "a" CC "a" BODY "a"'),
        ("to:ann", b'OR TO "ann" CC "ann"'),
        ("-has:attachment", b"ALL"),
        ("is:person is:unread", b"ALL UNSEEN"),
        ("older:1d", b"SENTBEFORE 24-Nov-2026"),
        ("subject:a\r\nbody:ALL", b'SUBJECT "a" BODY "ALL"'),
        ("subject:'\"*)(", b'SUBJECT "\' *)("'),
    ],
)
def test_a_condition_becomes_search_keys_and_nothing_else(text: str, asked: bytes) -> None:
    parts = keys(Query.parse(text).wanted, NOW)
    assert b" ".join(part for part in parts if isinstance(part, bytes)) == asked
