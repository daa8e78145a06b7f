"""What every store does alike: memory, a Maildir, the demo server with its oddities, and a real Dovecot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backend.worlds import DemoWorld, DovecotWorld, Held, MaildirWorld, MemoryWorld, World
from tests.private_dovecot import Dovecot
from tests.servers import Demos
from tui_mail.backend.contract import Known, RemoteMessage, Store
from tui_mail.backend.memory import FULL, PLAIN
from tui_mail.config.settings import Security
from tui_mail.demo import quirks as demo
from tui_mail.model.errors import MailError, NotFound, Offline, Refused
from tui_mail.model.folder import Role
from tui_mail.model.message import DELETED, FLAGGED, SEEN

MEMORY = {
    "memory": FULL,
    "memory, qresync": replace(FULL, qresync=True),
    "memory, no move": replace(FULL, move=False),
    "memory, plain": PLAIN,
}
OFFERS = {
    "demo": demo.FULL,
    "demo, condstore": demo.CONDSTORE,
    "demo, basic": demo.BASIC,
    "demo, uidplus": demo.PLAIN | {"UIDPLUS"},
    "demo, plain": demo.PLAIN,
    "demo, modern": demo.MODERN,
    "demo, gmail": demo.GMAIL,
}
LIARS = {
    "liar, refuses": ("refuse_compress", "refuse_notify", "refuse_ids", "refuse_esearch", "refuse_list_status"),
    "liar, silent": ("deaf_notify", "one_thread", "empty_search"),
}
"""Servers that offer everything, and then it is not so."""
SECURITIES: dict[str, Security] = {"demo, tls": "tls", "demo, starttls": "starttls"}
QUIRKS = (
    "require_id",
    "refuse_idle",
    "split_writes",
    "no_uidplus",
    "saves_sent",
    "messagelimit=3",
    "permuted_copyuid",
    "uidnext_high",
    "uidnext_low",
    "no_uidnext",
    "lower_case_special_use",
    "xlist",
    "exists_flicker",
    "move_says_bad",
    "no_internal_date_zone",
    "literal_everything",
    "unsolicited_flags",
    "no_keywords",
)
STRICT = ("demo, strict",)
"""A server of old that knows no uid but those that are there, or takes another for it."""
DOVECOTS = ("dovecot", "dovecot, poor")
MAILDIRS = ("maildir, plus", "maildir, nested")
WORLDS = (*MEMORY, *MAILDIRS, *OFFERS, *LIARS, *QUIRKS, *STRICT, *DOVECOTS)
ENCRYPTED = (*SECURITIES, "dovecot, starttls")
"""What differs in how the connection begins: for the tests of that alone, a handshake each is dear."""
everywhere = pytest.mark.parametrize("world", [*WORLDS, *ENCRYPTED], indirect=True)


def letter(number: int, body: str = "Hello.", extra: str = "") -> bytes:
    lines = (
        "From: Ann <ann@example.org>",
        f"Subject: Letter {number}",
        f"Message-ID: <letter-{number}@example.org>",
        f"Date: Mon, 23 Nov 2026 10:{number % 60:02}:00 +0000",
    )
    return ("\r\n".join(lines) + "\r\n" + extra + "\r\n" + body + "\r\n").encode()


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = build(request.param, request)
    made.name = request.param
    yield made
    made.close()


def build(name: str, request: pytest.FixtureRequest) -> World:
    if name in MEMORY:
        return MemoryWorld(MEMORY[name])
    if name in MAILDIRS:
        place: Path = request.getfixturevalue("tmp_path")
        return MaildirWorld(place / "Mail", name.removeprefix("maildir, "))
    if name.startswith("dovecot"):
        server: Dovecot = request.getfixturevalue("poor_dovecot" if name == "dovecot, poor" else "dovecot")
        return DovecotWorld(server, server.account("starttls" if name == "dovecot, starttls" else "tls"))
    demos: Demos = request.getfixturevalue("demo_server")
    if name in OFFERS:
        return DemoWorld(demos(capabilities=OFFERS[name]))
    if name in LIARS:
        return DemoWorld(demos(capabilities=demo.MODERN, quirks=LIARS[name]))
    if name in STRICT:
        return DemoWorld(demos(capabilities=demo.PLAIN, quirks=["strict_uids"]))
    if name in SECURITIES:
        return DemoWorld(demos(security=SECURITIES[name]), SECURITIES[name])
    return DemoWorld(demos(quirks=[name]))


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    made = world.store()
    made.connect()
    yield made
    made.close()


def fill(world: World, count: int, folder: str = "INBOX") -> list[int]:
    return [world.add(folder, letter(number), date=1_700_000_000 + number) for number in range(1, count + 1)]


def raws(held: list[Held]) -> list[bytes]:
    return [one.raw for one in held]


def subject(message: RemoteMessage) -> bytes:
    return next(line for line in message.header.splitlines() if line.startswith(b"Subject:"))


# --- folders


@everywhere
def test_the_usual_folders_are_listed_with_what_they_are_for(store: Store) -> None:
    found = {folder.name: folder for folder in store.folders()}
    assert set(found) >= {"INBOX", "Archive", "Drafts", "Sent", "Junk", "Trash"}
    assert found["INBOX"].role == Role.INBOX
    assert all(folder.selectable for folder in found.values())
    roles = {folder.role: name for name, folder in found.items()}
    for role, name in {Role.SENT: "Sent", Role.TRASH: "Trash", Role.DRAFTS: "Drafts", Role.ARCHIVE: "Archive"}.items():
        assert roles[role] == name


def test_a_folder_with_any_name_can_be_made_used_and_made_again(world: World, store: Store) -> None:
    for name in ("Lists", "Entwürfe & Co", "日本語", 'say "hi" \\o', "{12} (a) [b]"):
        raw = store.create(name)
        assert store.create(name) == raw
        assert [folder.raw for folder in store.folders() if folder.name == name] == [raw]
        assert store.open(raw).exists == 0
        store.append(raw, letter(1))
        assert store.open(raw).exists == 1


def test_a_folder_below_another_can_be_made(store: Store) -> None:
    delimiter = next(folder.delimiter for folder in store.folders() if folder.name == "INBOX")
    name = delimiter.join(("Projects", "2026", "Größe"))
    assert store.open(store.create(name)).exists == 0


def test_status_counts_a_folder_that_is_not_open(world: World, store: Store) -> None:
    fill(world, 3, "Archive")
    world.flag("Archive", 2, {SEEN})
    store.open(b"INBOX")
    status = store.status(b"Archive")
    assert (status.messages, status.unseen) == (3, 2)
    assert status.uidvalidity == store.open(b"Archive").uidvalidity


def test_a_folder_that_is_gone_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.open(b"Nowhere")
    with pytest.raises(NotFound):
        store.uids()
    with pytest.raises(NotFound):
        store.status(b"Nowhere")
    assert store.open(b"INBOX").exists == 0


def test_opening_says_what_a_sync_builds_on(world: World, store: Store) -> None:
    fill(world, 4)
    first = store.open(b"INBOX")
    assert first.exists == 4
    assert first.uidvalidity > 0
    assert (first.modseq is not None) == store.capabilities.condstore
    world.flag("INBOX", 2, {FLAGGED})
    again = store.open(b"INBOX")
    assert again.uidvalidity == first.uidvalidity
    if again.modseq is not None and first.modseq is not None:
        assert again.modseq > first.modseq
    assert store.open(b"INBOX", read_only=True).read_only


# --- reading


def test_the_newest_are_the_last_by_number(world: World, store: Store) -> None:
    uids = fill(world, 8)
    world.remove("INBOX", uids[2])
    world.flag("INBOX", uids[7], {SEEN, FLAGGED})
    store.open(b"INBOX")
    found = {message.uid: message for message in store.newest(3)}
    assert sorted(found) == uids[5:]
    assert found[uids[7]].flags == {SEEN, FLAGGED}
    assert found[uids[5]].flags == frozenset()
    assert sorted(message.uid for message in store.newest(100)) == [*uids[:2], *uids[3:]]


def test_the_newest_of_an_empty_folder_are_none(store: Store) -> None:
    store.open(b"INBOX")
    assert store.newest(10) == []
    assert list(store.headers([1, 2])) == []
    assert list(store.headers_from(1)) == []
    assert store.uids() == set()
    assert store.flags(1) == {}
    assert store.count() in (0, -1)


def test_headers_tell_size_date_and_the_fields_of_a_row(world: World, store: Store) -> None:
    [uid] = fill(world, 1)
    store.open(b"INBOX")
    [message] = store.headers([uid])
    assert (message.uid, message.size) == (uid, len(letter(1)))
    assert message.internal_date == 1_700_000_001
    for line in letter(1).partition(b"\r\n\r\n")[0].splitlines():
        assert line in message.header.splitlines()


def test_headers_leave_out_what_is_gone(world: World, store: Store) -> None:
    uids = fill(world, 7)
    world.remove("INBOX", uids[3])
    store.open(b"INBOX")
    found = list(store.headers([uids[6], uids[0], uids[3], uids[5], 99]))
    assert sorted(message.uid for message in found) == [uids[0], uids[5], uids[6]]
    assert {subject(message) for message in found} == {b"Subject: Letter 1", b"Subject: Letter 6", b"Subject: Letter 7"}


def test_headers_of_many_messages_come_all(world: World, store: Store) -> None:
    is_slow = isinstance(world, DovecotWorld) or world.name == "split_writes"
    for number in range(20 if is_slow else 230):
        world.add("INBOX", b"Subject: %d\r\n\r\n" % number)
    store.open(b"INBOX")
    uids = sorted(store.uids())
    assert sorted(message.uid for message in store.headers(uids)) == uids
    assert sorted(message.uid for message in store.headers_from(uids[3])) == uids[3:]
    assert sorted(store.identity(uids)) == uids
    assert sorted(store.flags(1)) == uids


def test_headers_from_a_uid_never_bring_the_one_before(world: World, store: Store) -> None:
    uids = fill(world, 5)
    store.open(b"INBOX")
    assert sorted(message.uid for message in store.headers_from(uids[3])) == uids[3:]
    assert list(store.headers_from(uids[4] + 1)) == []


def test_uids_and_flags_of_a_stretch_are_complete(world: World, store: Store) -> None:
    uids = fill(world, 9)
    world.remove("INBOX", uids[4])
    world.flag("INBOX", uids[5], {SEEN})
    store.open(b"INBOX")
    assert store.uids() == {*uids} - {uids[4]}
    assert store.uids(uids[3], uids[5]) == {uids[3], uids[5]}
    assert store.uids(uids[8] + 1) == set()
    assert store.flags(uids[3], uids[5]) == {uids[3]: frozenset(), uids[5]: frozenset({SEEN})}
    assert set(store.flags(1)) == store.uids()
    assert store.flags(uids[8] + 1) == {}
    assert store.count(uids[3]) in (5, -1)


def test_only_what_changed_is_told_again(world: World, store: Store) -> None:
    uids = fill(world, 5)
    before = store.open(b"INBOX")
    if not store.capabilities.condstore:
        assert before.modseq is None
        return
    assert before.modseq is not None
    world.flag("INBOX", uids[1], {SEEN})
    world.flag("INBOX", uids[3], {FLAGGED})
    store.open(b"INBOX")
    assert store.changed_since(1, before.modseq) == {uids[1]: frozenset({SEEN}), uids[3]: frozenset({FLAGGED})}
    assert store.changed_since(uids[2], before.modseq) == {uids[3]: frozenset({FLAGGED})}
    latest = store.open(b"INBOX").modseq
    assert latest is not None
    assert store.changed_since(1, latest) == {}


def test_a_resync_that_claims_to_be_whole_is_whole(world: World, store: Store) -> None:
    uids = fill(world, 5)
    before = store.open(b"INBOX")
    world.flag("INBOX", uids[1], {SEEN})
    world.remove("INBOX", uids[2])
    store.close()
    store.connect()
    after = store.open(b"INBOX", Known(before.uidvalidity, uids[4] + 1, before.modseq or 0))
    assert after.exists == 4
    if after.resynced:
        assert set(after.vanished) == {uids[2]}
        assert dict(after.changed) == {uids[1]: frozenset({SEEN})}
    other = store.open(b"INBOX", Known(before.uidvalidity + 7, uids[4] + 1, before.modseq or 0))
    assert not other.vanished


ODD = {
    "plain": letter(1, "Body with * 1 FETCH (FLAGS (\\Seen))\r\nA1 OK done\r\n{12}\r\n"),
    "empty": b"",
    "no blank line": b"Subject: only a header",
    "no header": b"\r\nonly a body\r\n",
    "eight bit": b"Subject: gr\xfc\xdf\xff\r\nFrom: \xe4\xf6\r\n\r\n\x80\x81\xff\r\n",
    "large": letter(2, "line of a large letter\r\n" * 60_000),
    "long header": letter(3, extra="References: " + " ".join(f"<{n}@example.org>" for n in range(3000)) + "\r\n"),
    "literal look-alike": b'Subject: "{5}\r\nFrom: x {3}\r\n)\r\n\r\n)\r\n* BYE\r\n',
    "deep": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
}


@pytest.mark.parametrize("kind", ODD)
def test_a_message_comes_back_byte_for_byte_and_stays_unread(world: World, store: Store, kind: str) -> None:
    raw = ODD[kind]
    if isinstance(world, DovecotWorld):
        raw = raw or b"\r\n"  # it takes no empty message
    if world.name == "split_writes":
        raw = raw[:50_000]
    uid = world.add("INBOX", raw)
    store.open(b"INBOX")
    told: list[tuple[int, int]] = []
    assert store.fetch(uid, lambda done, size: told.append((done, size))) == raw
    assert told == sorted(told)
    [message] = store.headers([uid])
    assert (message.uid, message.size) == (uid, len(raw))
    assert store.flags(1) == {uid: frozenset()}


@everywhere
def test_a_message_that_is_gone_is_not_found(world: World, store: Store) -> None:
    uids = fill(world, 2)
    store.open(b"INBOX")
    world.remove("INBOX", uids[0])
    with pytest.raises(NotFound):
        store.fetch(uids[0])
    assert store.fetch(uids[1]) == letter(2)


def test_identity_tells_who_a_message_is(world: World, store: Store) -> None:
    uids = fill(world, 4)
    uids.append(world.add("INBOX", b"Subject: no id\r\n\r\nx\r\n"))
    uids.append(world.add("INBOX", b"Subject: folded\r\nMessage-ID:\r\n <folded@example.org>\r\n\r\nx\r\n"))
    store.open(b"INBOX")
    found = store.identity([*uids, 999])
    assert sorted(found) == uids
    assert found[uids[1]] == ("<letter-2@example.org>", len(letter(2)))
    assert found[uids[4]][0] == ""
    assert found[uids[5]][0] == "<folded@example.org>"


def test_a_letter_is_found_by_its_exact_id(world: World, store: Store) -> None:
    uids = fill(world, 4)
    uids.append(world.add("INBOX", letter(2)))
    store.open(b"INBOX")
    assert sorted(store.find("<letter-2@example.org>")) == [uids[1], uids[4]]
    assert store.find("<letter-2@example.org>", uids[2]) == [uids[4]]
    assert store.find("<letter@example.org>") == []
    assert store.find("<letter-2@example.org>", uids[4] + 1) == []


def test_a_crafted_id_does_nothing(world: World, store: Store) -> None:
    uids = fill(world, 2)
    store.open(b"INBOX")
    for crafted in ('<x">\r\n9 UID COPY 1:* Trash\r\n', "<\x00>", "", "*", '<"\\>', "<grün@例子>"):
        try:
            assert store.find(crafted) == []
        except MailError:
            pass  # a refusal is as good as finding nothing
    assert store.uids() == set(uids)
    assert world.held("Trash") == []


# --- changing


def test_flags_are_added_and_taken_and_the_others_stay(world: World, store: Store) -> None:
    uids = fill(world, 3)
    world.flag("INBOX", uids[0], {"\\Answered", SEEN})
    store.open(b"INBOX")
    store.store(uids[:2], frozenset({FLAGGED}), frozenset({SEEN}))
    assert [held.flags for held in world.held("INBOX")] == [
        frozenset({"\\Answered", FLAGGED}),
        frozenset({FLAGGED}),
        frozenset(),
    ]
    assert store.flags(1)[uids[0]] == {"\\Answered", FLAGGED}
    store.store(uids[:2], remove=frozenset({FLAGGED}))
    assert world.held("INBOX")[1].flags == frozenset()
    store.store([], frozenset({SEEN}))
    store.store(uids)


def test_marks_of_our_own_stay_where_the_server_keeps_them(world: World, store: Store) -> None:
    [uid] = fill(world, 1)
    keeps = store.open(b"INBOX").keywords
    store.store([uid], frozenset({"$Forwarded", SEEN}))
    [held] = world.held("INBOX")
    assert held.flags == ({"$Forwarded", SEEN} if keeps else {SEEN})


def test_flags_of_a_message_that_is_gone_trouble_nobody(world: World, store: Store) -> None:
    uids = fill(world, 2)
    store.open(b"INBOX")
    world.remove("INBOX", uids[0])
    store.store(uids, frozenset({SEEN}))
    assert [(held.uid, held.flags) for held in world.held("INBOX")] == [(uids[1], frozenset({SEEN}))]


def left(world: World, folder: str) -> list[int]:
    """Uids that are neither gone nor marked as deleted."""
    return [held.uid for held in world.held(folder) if DELETED not in held.flags]


def test_a_move_takes_flags_and_dates_along_and_nobody_else(world: World, store: Store) -> None:
    uids = fill(world, 6)
    world.flag("INBOX", uids[1], {SEEN, FLAGGED})
    world.flag("INBOX", uids[5], {DELETED})
    fill(world, 2, "Archive")
    store.open(b"INBOX")
    moved = store.move([uids[1], uids[3]], b"Archive")
    assert left(world, "INBOX") == [uids[0], uids[2], uids[4]]
    assert uids[5] in [held.uid for held in world.held("INBOX")]
    there = world.held("Archive")
    assert sorted(raws(there)[2:]) == sorted([letter(2), letter(4)])
    assert {held.raw: held.flags - {DELETED} for held in there}[letter(4)] == frozenset()
    assert [held.flags for held in there[2:] if held.raw == letter(2)] == [{SEEN, FLAGGED}]
    opened = store.open(b"Archive")
    assert {message.internal_date for message in store.headers([held.uid for held in there[2:]])} == {
        1_700_000_002,
        1_700_000_004,
    }
    if moved.pairs:
        assert moved.uidvalidity == opened.uidvalidity
        assert {uid for _, uid in moved.pairs} == {held.uid for held in there[2:]}
    if moved.pairs and world.name != "permuted_copyuid":  # the one lie that only the target itself can show
        by_uid = {held.uid: held.raw for held in there}
        assert {here: by_uid[uid] for here, uid in moved.pairs} == {uids[1]: letter(2), uids[3]: letter(4)}


def test_a_copy_leaves_the_original_and_takes_flags_and_dates_along(world: World, store: Store) -> None:
    uids = fill(world, 4)
    world.flag("INBOX", uids[1], {SEEN, FLAGGED})
    store.open(b"INBOX")
    world.remove("INBOX", uids[3])
    copied = store.copy([uids[1], uids[2], uids[3]], b"Archive")
    assert left(world, "INBOX") == uids[:3]
    there = world.held("Archive")
    assert sorted(raws(there)) == sorted([letter(2), letter(3)])
    assert [held.flags for held in there if held.raw == letter(2)] == [{SEEN, FLAGGED}]
    opened = store.open(b"Archive")
    assert {message.internal_date for message in store.headers([held.uid for held in there])} == {
        1_700_000_002,
        1_700_000_003,
    }
    if copied.pairs:
        assert copied.uidvalidity == opened.uidvalidity
        assert {uid for _, uid in copied.pairs} == {held.uid for held in there}


def test_a_copy_to_nowhere_is_refused_and_makes_nothing(world: World, store: Store) -> None:
    uids = fill(world, 2)
    store.open(b"INBOX")
    with pytest.raises(Refused):
        store.copy(uids, b"Nowhere")
    store.copy([], b"Archive")
    assert left(world, "INBOX") == uids and world.held("Archive") == []


def test_a_server_with_uidplus_says_where_a_moved_message_went(world: World, store: Store) -> None:
    [uid] = fill(world, 1)
    store.open(b"INBOX")
    moved = store.move([uid], b"Archive")
    if store.capabilities.uidplus and world.name != "no_uidplus":
        assert moved.pairs == ((uid, world.held("Archive")[0].uid),)


def test_moving_what_is_gone_moves_the_rest(world: World, store: Store) -> None:
    uids = fill(world, 3)
    store.open(b"INBOX")
    world.remove("INBOX", uids[0])
    store.move(uids[:2], b"Archive")
    assert raws(world.held("Archive")) == [letter(2)]
    assert left(world, "INBOX") == [uids[2]]
    store.move([uids[0]], b"Archive")
    store.move([], b"Archive")
    assert len(world.held("Archive")) == 1


def test_a_move_to_nowhere_changes_nothing(world: World, store: Store) -> None:
    uids = fill(world, 2)
    store.open(b"INBOX")
    with pytest.raises(Refused) as caught:
        store.move([uids[0]], b"Nowhere")
    assert caught.value.code == "TRYCREATE"
    assert left(world, "INBOX") == uids


def test_only_what_was_named_is_deleted_for_good(world: World, store: Store) -> None:
    uids = fill(world, 5)
    world.flag("INBOX", uids[4], {DELETED})
    store.open(b"INBOX")
    store.expunge([uids[1], uids[2]])
    assert left(world, "INBOX") == [uids[0], uids[3]]
    held = [one.uid for one in world.held("INBOX")]
    assert uids[4] in held
    if store.capabilities.uidplus:
        assert held == [uids[0], uids[3], uids[4]]
    store.expunge([uids[1]])
    store.expunge([])


def test_an_appended_letter_stands_there_as_it_was(world: World, store: Store) -> None:
    store.open(b"INBOX")
    uid = store.append(b"Sent", letter(1), frozenset({SEEN}), 1_600_000_000)
    [held] = world.held("Sent")
    assert (held.raw, held.flags) == (letter(1), frozenset({SEEN}))
    assert uid in (held.uid, None)
    assert store.uids() == set()
    store.open(b"Sent")
    assert next(store.headers([held.uid])).internal_date == 1_600_000_000
    store.append(b"Sent", ODD["eight bit"])
    store.append(b"Sent", ODD["large"])
    assert raws(world.held("Sent"))[1:] == [ODD["eight bit"], ODD["large"]]


def test_appending_to_the_open_folder_shows_there(world: World, store: Store) -> None:
    store.open(b"Drafts")
    store.append(b"Drafts", letter(1))
    store.noop()
    [uid] = store.uids()
    assert store.fetch(uid) == letter(1)


def test_appending_to_no_folder_says_that_one_can_be_made(store: Store) -> None:
    with pytest.raises(Refused) as caught:
        store.append(b"Nowhere", letter(1))
    assert caught.value.code == "TRYCREATE"
    assert store.open(b"INBOX").exists == 0


# --- news, and the end


def test_news_from_another_client_end_the_waiting(world: World, store: Store) -> None:
    for change in changes(world):
        store.open(b"INBOX")
        store.wait(0)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(store.wait, 20)
            change()
            assert waiting.result(timeout=20)


def changes(world: World) -> list[Callable[[], object]]:
    return [
        lambda: world.add("INBOX", letter(1)),
        lambda: world.add("INBOX", letter(2)),
        lambda: world.remove("INBOX", 1),
    ]


def test_news_that_came_before_the_waiting_are_heard(world: World, store: Store) -> None:
    store.open(b"INBOX")
    world.add("INBOX", letter(1))
    assert store.wait(20)
    store.open(b"INBOX")
    assert store.uids() == {1}


@everywhere
def test_waiting_ends_with_its_time_or_when_woken(store: Store) -> None:
    store.open(b"INBOX")
    assert not store.wait(0.02)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.wait, 60)
        store.wake()
        assert waiting.result(timeout=20) is False
    store.noop()
    assert store.uids() == set()


def test_closing_ends_the_waiting_at_once(store: Store) -> None:
    store.open(b"INBOX")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.wait, 60)
        store.close()
        assert isinstance(waiting.exception(timeout=20), Offline)


@everywhere
def test_a_closed_store_is_offline_until_it_connects_again(world: World, store: Store) -> None:
    fill(world, 1)
    store.open(b"INBOX")
    store.close()
    store.close()
    for verb in (store.folders, store.uids, store.noop, lambda: store.open(b"INBOX"), lambda: store.wait(0)):
        with pytest.raises(Offline):
            verb()
    store.connect()
    assert store.open(b"INBOX").exists == 1
    store.connect()
    assert store.open(b"INBOX").exists == 1


def test_a_store_that_never_connected_is_offline(world: World) -> None:
    store = world.store()
    with pytest.raises(Offline):
        store.folders()
    store.close()


def test_a_folder_opened_again_shows_what_happened_meanwhile(world: World, store: Store) -> None:
    uids = fill(world, 2)
    store.open(b"INBOX")
    world.remove("INBOX", uids[0])
    new = world.add("INBOX", letter(9))
    store.open(b"Archive")
    assert store.open(b"INBOX").exists == 2
    assert store.uids() == {uids[1], new}


def test_a_part_comes_as_it_stands_in_the_message(world: World, store: Store) -> None:
    body = "--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n--b--"
    uid = world.add("INBOX", letter(1, body, 'Content-Type: multipart/mixed; boundary="b"\r\n'))
    store.open(b"INBOX")
    assert store.part(uid, "2") == b"SGk="
    try:
        assert store.part(uid, "7") == b""  # Dovecot's way
    except NotFound:
        pass  # the others'
