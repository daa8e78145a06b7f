"""A Maildir beside other programs: they deliver, rename and remove at any time, and lay folders out as they like."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event

import pytest

from tests.backend.worlds import MaildirWorld
from tui_mail.backend.maildir import letters
from tui_mail.backend.maildir_store import MaildirStore
from tui_mail.model.errors import BadInput, NotFound, Offline
from tui_mail.model.folder import Role
from tui_mail.model.message import FLAGGED, FORWARDED, SEEN

LETTER = b"Subject: One\nMessage-ID: <one@example.org>\n\nHello.\n"


@pytest.fixture
def world(tmp_path: Path) -> MaildirWorld:
    return MaildirWorld(tmp_path / "Mail")


@pytest.fixture
def store(world: MaildirWorld) -> Iterator[MaildirStore]:
    made = MaildirStore(world.root, world.root.parent / "maildir.db", poll=0.02)
    made.connect()
    yield made
    made.close()


def put(path: Path, name: str | bytes, raw: bytes = LETTER) -> None:
    with open(os.path.join(os.fsencode(path), os.fsencode(name)), "wb") as file:
        file.write(raw)


def files(path: Path) -> list[str]:
    return sorted(f"{which}/{name}" for which in ("cur", "new") for name in os.listdir(path / which))


def settled(path: Path) -> None:
    """Its last change is long ago: the next one shows in its time stamp."""
    for which in ("cur", "new"):
        os.utime(path / which, (1_700_000_000, 1_700_000_000))


def begin(path: Path) -> Path:
    for each in ("cur", "new", "tmp"):
        (path / each).mkdir(parents=True)
    return path


# --- other programs


def test_new_mail_goes_to_cur_when_its_folder_is_opened_and_keeps_its_number(
    world: MaildirWorld, store: MaildirStore
) -> None:
    put(world.root, "new/1.a.host")
    store.open(b"INBOX", read_only=True)
    before = store.uids()
    assert files(world.root) == ["new/1.a.host"]
    store.open(b"INBOX")
    assert (files(world.root), store.uids()) == (["cur/1.a.host:2,"], before)


def test_a_mail_keeps_its_number_whatever_it_is_renamed_to(world: MaildirWorld, store: MaildirStore) -> None:
    put(world.root, "cur/1.a.host:2,")
    store.open(b"INBOX")
    [uid] = store.uids()
    for info in ("S", "FS", "", "RSab"):
        old = world.root / files(world.root)[0]
        old.rename(world.root / "cur" / f"1.a.host:2,{info}")
        assert store.uids() == {uid}
    assert store.fetch(uid).startswith(b"Subject: One\r\n")


def test_letters_of_other_programs_stay_in_the_name(world: MaildirWorld, store: MaildirStore) -> None:
    put(world.root, "cur/1.a.host:2,Sbx")
    store.open(b"INBOX")
    store.store([1], frozenset({FLAGGED}), frozenset({SEEN}))
    assert files(world.root) == ["cur/1.a.host:2,Fbx"]
    store.store([1], frozenset({FORWARDED}))
    assert files(world.root) == ["cur/1.a.host:2,FPbx"]


def test_a_mail_that_was_renamed_meanwhile_is_read_and_marked_under_its_new_name(
    world: MaildirWorld, store: MaildirStore
) -> None:
    put(world.root, "cur/1.a.host:2,")
    store.open(b"INBOX")
    store.uids()
    (world.root / "cur/1.a.host:2,").rename(world.root / "cur/1.a.host:2,F")
    assert store.fetch(1)
    (world.root / "cur/1.a.host:2,F").rename(world.root / "cur/1.a.host:2,R")
    store.store([1], frozenset({SEEN}))
    assert files(world.root) == ["cur/1.a.host:2,RS"]


def test_two_files_of_one_name_are_two_mails_and_neither_overwrites_the_other(
    world: MaildirWorld, store: MaildirStore
) -> None:
    put(world.root, "cur/1.a.host:2,", b"Subject: a\n\n")
    store.open(b"INBOX")
    put(world.root, "cur/1.a.host:2,S", b"Subject: b\n\n")
    assert store.uids() == {1, 2}
    store.store([1, 2], frozenset({SEEN}))
    store.store([1, 2], frozenset({FLAGGED}))
    assert {store.fetch(uid) for uid in store.uids()} == {b"Subject: a\r\n\r\n", b"Subject: b\r\n\r\n"}
    assert set(store.flags(1).values()) == {frozenset({SEEN, FLAGGED})}


def test_names_of_any_bytes_are_read_and_renamed(world: MaildirWorld, store: MaildirStore) -> None:
    odd = b"cur/1.\xff\xfe \xc3 name\n\x01.host:2,"
    put(world.root, odd)
    put(world.root, b"cur/no info at all")
    put(world.root, b"cur/1.weird:1,x")
    store.open(b"INBOX")
    assert len(store.uids()) == 3
    store.store(sorted(store.uids()), frozenset({SEEN}))
    assert set(store.flags(1).values()) == {frozenset({SEEN})}
    assert all(store.fetch(uid).startswith(b"Subject: One") for uid in store.uids())


def test_hidden_and_half_written_files_are_no_mail(world: MaildirWorld, store: MaildirStore) -> None:
    put(world.root, "cur/.nfs0001")
    put(world.root, "tmp/1.half.host")
    assert store.open(b"INBOX").exists == 0


def test_a_file_that_cannot_be_read_is_a_row_that_says_so(world: MaildirWorld, store: MaildirStore) -> None:
    (world.root / "cur/1.a.host:2,").mkdir()
    store.open(b"INBOX")
    [message] = store.headers([1])
    assert "could not be read" in message.note


def test_mail_that_another_program_delivers_ends_the_waiting(world: MaildirWorld, store: MaildirStore) -> None:
    store.open(b"INBOX")
    for name in ("new/1.a.host", "new/2.b.host"):
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(store.wait, 20)
            put(world.root, name)
            assert waiting.result(timeout=20)


def test_mail_that_is_sorted_into_another_folder_is_heard_of_by_its_name(
    world: MaildirWorld, store: MaildirStore
) -> None:
    settled(world.path("Archive"))
    store.open(b"INBOX")
    put(world.path("Archive"), "new/1.a.host")
    assert store.wait(20)
    assert store.heard().folders == {b"Archive"}
    begin(world.root / ".Lists.new")
    assert store.wait(20)
    assert store.heard().listing
    assert not store.heard().listing


def test_what_we_file_ourselves_is_no_news(world: MaildirWorld, store: MaildirStore) -> None:
    put(world.root, "cur/1.a.host:2,S")
    store.open(b"INBOX")
    store.move([1], b"Archive")
    store.append(b"Sent", LETTER)
    assert not store.wait(0.2)


def test_what_we_change_ourselves_is_no_news_to_us_but_to_our_other_half(
    world: MaildirWorld, store: MaildirStore
) -> None:
    put(world.root, "cur/1.a.host:2,")
    watch = MaildirStore(world.root, world.root.parent / "maildir.db")
    watch.connect()
    for one in (store, watch):
        one.open(b"INBOX")
    store.store([1], frozenset({SEEN}))
    assert not store.wait(0)
    assert watch.wait(0)


def test_mail_met_together_is_numbered_as_it_came(world: MaildirWorld, store: MaildirStore) -> None:
    for name, when in (("cur/9.b.host:2,", 3), ("cur/10.a.host:2,", 3), ("cur/11.a.host,U=9:2,S", 1), ("new/5.z", 2)):
        put(world.root, name)
        os.utime(world.root / name, (when, when))
    for name in ("cur/8.x,U=12:2,", "cur/8.y,U=2:2,"):
        put(world.root, name)
        os.utime(world.root / name, (4, 4))
    store.open(b"INBOX", read_only=True)
    kept = sorted((message.internal_date, message.uid) for message in store.newest(99))
    assert [uid for _, uid in kept] == [1, 2, 3, 4, 5, 6]


def test_a_moved_mail_leaves_the_number_of_mbsync_behind(world: MaildirWorld, store: MaildirStore) -> None:
    put(world.root, "cur/1.a.host,U=77:2,S")
    store.open(b"INBOX")
    store.move([1], b"Archive")
    [name] = files(world.root / ".Archive")
    assert name.endswith(":2,S") and ",U=" not in name and "1.a.host" not in name


def test_no_number_is_lost_while_another_program_renames_without_a_pause(
    world: MaildirWorld, store: MaildirStore
) -> None:
    """Thousands of renames a second: what a folder shows of itself is never all of it at one moment."""
    infos = dict.fromkeys(range(400), "")
    for number in infos:
        put(world.root, f"cur/{number}.host:2,", b"Subject: %d\n\n" % number)
    store.open(b"INBOX")
    wanted = {uid: store.fetch(uid) for uid in store.uids()}
    is_enough = Event()

    def rename() -> int:
        dice, count = Random(1), 0
        while not is_enough.is_set():
            number = dice.randrange(400)
            info = "".join(sorted(set(dice.choices("FRS", k=2))))
            path = world.root / "cur" / f"{number}.host:2,{infos[number]}"
            path.rename(path.with_name(f"{number}.host:2,{info}"))
            infos[number] = info
            count += 1
        return count

    with ThreadPoolExecutor(1) as pool:
        renaming = pool.submit(rename)
        try:
            for uid in range(1, 61):
                assert store.uids() == set(wanted)
                assert store.fetch(uid) == wanted[uid]
        finally:
            is_enough.set()
        assert renaming.result() > 60


# --- line ends


def test_files_are_written_with_plain_line_ends_and_travel_with_the_wires(
    world: MaildirWorld, store: MaildirStore
) -> None:
    store.append(b"Archive", b"Subject: x\r\n\r\nHello.\r\n")
    [name] = files(world.root / ".Archive")
    assert (world.root / ".Archive" / name).read_bytes() == b"Subject: x\n\nHello.\n"
    store.open(b"Archive")
    assert store.fetch(1) == b"Subject: x\r\n\r\nHello.\r\n"


@pytest.mark.parametrize("wire", [b"a\r\nb\nc\r\n", b"a\rb\r\n", b"\r\n\n\r\n", b"", b"\r\r\n\n"])
def test_octets_that_plain_line_ends_would_lose_are_kept(wire: bytes) -> None:
    assert letters.as_wire(letters.as_file(wire)) == wire


# --- where folders are


def names(store: MaildirStore) -> dict[str, Role | None]:
    return {folder.name: folder.role for folder in store.folders()}


def test_maildir_plus_plus_folders_are_read_with_their_dots(world: MaildirWorld, store: MaildirStore) -> None:
    begin(world.root / ".Lists.tui")
    begin(world.root / ".Entw&APw-rfe")
    begin(world.root / "old" / "2019")
    found = names(store)
    assert {"INBOX", "Lists.tui", "Entwürfe", "old/2019"} <= set(found)
    assert store.open(b"/old/2019").exists == 0
    store.create("Lists.tui.alt")
    assert (world.root / ".Lists.tui.alt/maildirfolder").exists()


def test_folders_within_folders_are_read_whatever_their_names_bytes(tmp_path: Path) -> None:
    root = tmp_path / "Mail"
    for name in ("Inbox", "work/Sent", "work/2026", "Größe"):
        begin(root / name)
    os.makedirs(os.path.join(os.fsencode(root), b"odd\xff", b"cur"))
    os.makedirs(os.path.join(os.fsencode(root), b"odd\xff", b"new"))
    os.makedirs(os.path.join(os.fsencode(root), b"odd\xff", b"tmp"))
    (root / ".notmuch" / "xapian").mkdir(parents=True)
    store = MaildirStore(root, tmp_path / "maildir.db")
    store.connect()
    found = {folder.name: folder for folder in store.folders()}
    assert set(found) == {"Inbox", "work", "work/Sent", "work/2026", "Größe", "odd�"}
    assert found["Inbox"].role is Role.INBOX
    assert not found["work"].selectable
    store.append(found["odd�"].raw, LETTER)
    assert store.status(found["odd�"].raw).messages == 1


def test_no_name_leads_out_of_the_maildir(world: MaildirWorld, store: MaildirStore) -> None:
    for name in ("../x", "a/../../x", "x\0y", "", "/etc"):
        with pytest.raises(BadInput):
            store.create(name)
    for raw in (b"/../../etc", b"..", b"a\0", b"/"):
        with pytest.raises(NotFound):
            store.open(raw)


# --- what must not be taken for an empty mailbox


def test_a_disk_that_is_not_mounted_is_offline_and_comes_back_with_its_numbers(
    world: MaildirWorld, store: MaildirStore
) -> None:
    put(world.root, "cur/1.a.host:2,")
    before = store.open(b"INBOX")
    away = world.root.rename(world.root.parent / "away")
    for verb in (store.folders, store.uids, lambda: store.open(b"INBOX"), store.connect):
        with pytest.raises(Offline):
            verb()
    world.root.mkdir()  # the mount point
    with pytest.raises(Offline):
        store.connect()
    world.root.rmdir()
    away.rename(world.root)
    store.connect()
    assert store.open(b"INBOX").uidvalidity == before.uidvalidity
    assert store.uids() == {1}


def test_one_folder_that_is_gone_is_not_found_while_the_others_are_there(
    world: MaildirWorld, store: MaildirStore
) -> None:
    store.open(b"Archive")
    shutil.rmtree(world.root / ".Archive")
    with pytest.raises(NotFound):
        store.uids()
    assert "Archive" not in names(store)
    assert store.open(b"INBOX").exists == 0


def test_a_list_of_numbers_that_is_broken_is_begun_anew_under_another_validity(world: MaildirWorld) -> None:
    list = world.root.parent / "maildir.db"
    store = MaildirStore(world.root, list)
    store.connect()
    before = store.open(b"INBOX").uidvalidity
    store.connect()  # closes the file behind it
    for each in (list, list.with_name("maildir.db-wal"), list.with_name("maildir.db-shm")):
        each.unlink(missing_ok=True)
    list.write_bytes(b"this is no database, " * 400)
    store = MaildirStore(world.root, list)
    store.connect()
    assert store.open(b"INBOX").uidvalidity != 0
    assert list.with_name("maildir.db.broken").exists()
    assert before  # another second, another number; the index compares it with its own


def test_a_look_at_a_folder_that_rests_does_not_list_it_again(world: MaildirWorld, store: MaildirStore) -> None:
    put(world.root, "cur/1.a.host:2,")
    settled(world.root)
    store.open(b"INBOX")
    put(world.root, "cur/2.b.host:2,")
    settled(world.root)  # nobody can tell from outside: so it was not listed
    assert store.uids() == {1}
