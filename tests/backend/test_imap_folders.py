"""Folders keep their names to the octet, and opening one believes only what is about it."""

from __future__ import annotations

import re

import pytest

from tests.backend.script import Peer, Script
from tui_mail.backend.contract import Known
from tui_mail.backend.imap.quirks import quirks
from tui_mail.backend.imap_store import ImapStore
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.folder import Role

NAMES = (
    b"INBOX",
    b"x[/]",
    b"&IC4-evil",
    b"&broken",
    b"../../x",
    b"007",
    b"NIL",
    b"a\tb",
    b'say "hi" \\ {5}',
    b"x" * 200,
    b"Entw\xc3\xbcrfe",
    b"a\r\nb",
    b"",
)


def test_every_folder_name_is_listed_and_sent_back_to_the_octet() -> None:
    lines = b"".join(b'* LIST () "/" {%d}\r\n%s\r\n' % (len(name), name) for name in NAMES)
    opened: list[bytes] = []

    def select(peer: Peer, command: bytes) -> bytes:
        text = command.partition(b" ")[2]
        match = re.fullmatch(rb'"(.*)"|\{\d+\+\}(.*)', text, re.S)
        assert match is not None
        opened.append(match[2] if match[1] is None else re.sub(rb"\\(.)", rb"\1", match[1]))
        return b"* 0 EXISTS\r\n%T OK done\r\n"

    with Script({b"LIST": lines + b"%T OK done\r\n", b"SELECT": select}) as server:
        store = server.store()
        store.connect()
        assert [folder.raw for folder in store.folders()] == list(NAMES)
        for name in NAMES:
            store.open(name)
    assert opened == list(NAMES)


@pytest.mark.parametrize("name", [b"007", b"NIL", b"nil", b'"NIL"', b"&-", b"a]b", b"[Gmail]/x"])
def test_a_name_that_looks_like_something_else_is_a_name(name: bytes) -> None:
    with Script({b"LIST": b'* LIST () "/" ' + name + b"\r\n%T OK done\r\n"}) as server:
        store = server.store()
        store.connect()
        [folder] = store.folders()
        assert folder.raw.upper() == name.strip(b'"').upper()


def test_a_listing_survives_what_makes_no_sense_and_what_comes_twice() -> None:
    answer = (
        b'* LIST (\\Noselect) "/" Lists\r\n* LIST (\r\n* LIST () NIL INBOX\r\n* LIST (\\Sent) "/" Sent\r\n'
        b'* LIST (\\HasNoChildren) "/" Sent\r\n* LIST () "/"\r\n* LIST () "/" inbox\r\n* LIST () "/" SENT\r\n'
    )
    with Script({b"LIST": answer + b"%T OK done\r\n"}) as server:
        store = server.store()
        store.connect()
        folders = store.folders()
    assert [(folder.raw, folder.role, folder.selectable) for folder in folders] == [
        (b"Lists", None, False),
        (b"INBOX", Role.INBOX, True),
        (b"Sent", Role.SENT, True),
        (b"SENT", None, True),
    ]


@pytest.mark.parametrize("others", [b'* LIST (\\Sent) "." Sent\r\n', b""])
def test_an_inbox_that_is_not_listed_is_there_all_the_same(others: bytes) -> None:
    answers = {b"LIST": others + b"%T OK done\r\n", b"STATUS": b"* STATUS INBOX (MESSAGES 3)\r\n%T OK done\r\n"}
    with Script(answers) as server:
        store = server.store()
        store.connect()
        inbox = store.folders()[0]
        assert (inbox.raw, inbox.role, inbox.status.messages) == (b"INBOX", Role.INBOX, 3)
    with Script(answers | {b"STATUS": b"%T NO [NONEXISTENT] none\r\n"}) as server:
        store = server.store()
        store.connect()
        assert not [folder for folder in store.folders() if folder.raw == b"INBOX"]


STATUS = b"(MESSAGES 3 UNSEEN 1 UIDNEXT 8 UIDVALIDITY 7)"


def test_all_folders_and_how_full_they_are_come_in_one_answer_where_that_is_offered() -> None:
    answer = (
        b'* LIST (\\sent) "/" Gesendet\r\n* STATUS Gesendet ' + STATUS + b'\r\n* LIST () "/" INBOX\r\n%T OK done\r\n'
    )
    with Script({b"LIST": answer}, capabilities=b"IMAP4rev1 LIST-EXTENDED LIST-STATUS SPECIAL-USE") as server:
        store = server.store()
        store.connect()
        sent, inbox = store.folders()
        assert (sent.role, sent.status.messages, sent.status.uidnext) == (Role.SENT, 3, 8)
        assert inbox.status.messages is None
        assert server.commands[-1].startswith(b'LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT')


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1", b"IMAP4rev1 LIST-STATUS"])
def test_else_each_folder_is_asked_but_not_the_one_that_is_open(capabilities: bytes) -> None:
    def listing(peer: Peer, command: bytes) -> bytes:
        if b"RETURN" in command:
            return b"%T BAD what\r\n"
        return b'* LIST () "/" INBOX\r\n* LIST (\\Noselect) "/" X\r\n* LIST () "/" A\r\n* LIST () "/" B\r\n%T OK\r\n'

    def status(peer: Peer, command: bytes) -> bytes:
        return b'* STATUS "A" ' + STATUS + b"\r\n%T OK done\r\n" if b"A" in command.split()[1] else b"%T NO no\r\n"

    with Script({b"LIST": listing, b"STATUS": status}, capabilities=capabilities) as server:
        found = {folder.name: folder.status.messages for folder in server.connected().folders()}
        assert found == {"INBOX": None, "X": None, "A": 3, "B": None}
        assert [command.split()[1] for command in server.asked(b"STATUS")] == [b'"A"', b'"B"']


def test_an_old_server_is_asked_for_its_marks_in_the_old_way() -> None:
    answer = b'* XLIST (\\Inbox) "/" INBOX\r\n* XLIST (\\AllMail) "/" All\r\n* XLIST (\\Spam) "/" S\r\n%T OK done\r\n'
    with Script({b"XLIST": answer}, capabilities=b"IMAP4rev1 XLIST") as server:
        store = server.store()
        store.connect()
        assert [folder.role for folder in store.folders()] == [Role.INBOX, Role.ALL, Role.JUNK]


def test_the_person_has_the_last_word_on_what_a_folder_is_for() -> None:
    answer = b'* LIST (\\Archive) "/" Old\r\n* LIST () "/" Keep\r\n* LIST () "/" "Deleted Items"\r\n%T OK done\r\n'
    with Script({b"LIST": answer}) as server:
        place = Server("localhost", server.port, "none")
        account = Account("test", "ann@example.org", place, place, folders={"archive": "Keep"})
        store = ImapStore(account, lambda: Secret("x"), timeout=5)
        store.connect()
        assert [folder.role for folder in store.folders()] == [None, Role.ARCHIVE, Role.TRASH]


def test_a_new_folder_is_made_inside_the_namespace_and_subscribed() -> None:
    replies = {b"NAMESPACE": b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n%T OK done\r\n'}
    with Script({**replies}, capabilities=b"IMAP4rev1 NAMESPACE") as server:
        store = server.store()
        store.connect()
        assert store.create("Entwürfe") == b"INBOX.Entw&APw-rfe"
        assert store.create("INBOX.x") == b"INBOX.x"
        assert b'SUBSCRIBE "INBOX.Entw&APw-rfe"' in server.commands


@pytest.mark.parametrize("answer", [b"%T NO [ALREADYEXISTS] there\r\n", b"%T NO there\r\n"])
def test_a_folder_that_exists_already_is_fine(answer: bytes) -> None:
    with Script({b"CREATE": answer, b"LIST": b'* LIST () "/" A\r\n%T OK done\r\n'}) as server:
        store = server.store()
        store.connect()
        assert store.create("A") == b"A"


def test_a_folder_that_the_server_will_not_make_is_told() -> None:
    with Script({b"CREATE": b"%T NO [CANNOT] not here\r\n"}) as server:
        store = server.store()
        store.connect()
        with pytest.raises(Refused, match="would not make the folder “B”: not here"):
            store.create("B")


@pytest.mark.parametrize(
    "answer", [b"NO [NONEXISTENT] gone", b"NO Mailbox doesn't exist: A", b"NO Unknown Mailbox: A", b"NO"]
)
def test_a_folder_that_is_gone_is_not_found_and_nothing_is_open_then(answer: bytes) -> None:
    with Script({b'SELECT "A"|STATUS': b"%T " + answer + b"\r\n"}) as server:
        store = server.connected()
        with pytest.raises(NotFound):
            store.open(b"A")
        with pytest.raises(NotFound, match="No folder is open"):
            store.uids()
        with pytest.raises(NotFound):
            store.status(b"A")


# --- opening


def test_what_was_said_of_the_folder_before_is_not_said_of_this_one() -> None:
    answer = (
        b"* 9 EXISTS\r\n* OK [UIDNEXT 99] old\r\n* OK [CLOSED] that was the old one\r\n* 2 EXISTS\r\n"
        b"* OK [UIDVALIDITY 5]\r\n* OK [PERMANENTFLAGS (\\Seen)] few\r\n* OK [NOMODSEQ] none\r\n%T OK [READ-ONLY]\r\n"
    )
    with Script({b"EXAMINE": answer}) as server:
        store = server.store()
        store.connect()
        selected = store.open(b"INBOX", read_only=True)
    assert (selected.uidvalidity, selected.uidnext, selected.exists, selected.modseq) == (5, None, 2, None)
    assert selected.read_only
    assert not selected.keywords


RESYNC = b"IMAP4rev1 ENABLE CONDSTORE QRESYNC"
ENABLED = b"* ENABLED QRESYNC\r\n%T OK\r\n"


@pytest.mark.parametrize(
    ("extra", "known", "is_whole", "vanished"),
    [
        (b"* VANISHED (EARLIER) 1:2,4,90:4294967295\r\n", Known(7, 8, 40), True, (1, 2, 4)),
        (b"", Known(7, 8, 40), True, ()),
        (b"* VANISHED (EARLIER) nonsense\r\n", Known(7, 8, 40), False, ()),
        (b"* VANISHED (EARLIER) 1:2\r\n", Known(6, 8, 40), False, ()),
        (b"* VANISHED (EARLIER) 1:2\r\n* OK [NOMODSEQ] no\r\n", Known(7, 8, 40), False, ()),
    ],
)
def test_a_difference_counts_only_as_a_whole(
    extra: bytes, known: Known, is_whole: bool, vanished: tuple[int, ...]
) -> None:
    select = (
        b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [HIGHESTMODSEQ 50] h\r\n* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n"
    )
    with Script({b"ENABLE": ENABLED, b"SELECT": select + extra + b"%T OK in\r\n"}, capabilities=RESYNC) as server:
        store = server.store()
        store.connect()
        selected = store.open(b"INBOX", known)
        assert server.commands[-1] == b'SELECT "INBOX" (QRESYNC (%d 40))' % known.uidvalidity
    assert (selected.resynced, selected.vanished) == (is_whole, vanished)
    assert selected.changed == (((5, frozenset({"\\Seen"})),) if is_whole else ())


@pytest.mark.parametrize(("said", "modseq"), [(b"9223372036854775807", (1 << 63) - 1), (b"18446744073709551615", None)])
def test_a_count_of_changes_beyond_reason_is_none(said: bytes, modseq: int | None) -> None:
    select = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [HIGHESTMODSEQ " + said + b"] h\r\n%T OK in\r\n"
    with Script({b"SELECT": select}) as server:
        store = server.store()
        store.connect()
        assert store.open(b"INBOX").modseq == modseq


def test_a_server_that_counts_its_messages_too_late_is_waited_for() -> None:
    answers = {b"SELECT": b"* OK [UIDVALIDITY 7] v\r\n%T OK in\r\n", b"NOOP": b"* 3 EXISTS\r\n%T OK done\r\n"}
    with Script(answers) as server:
        store = server.store()
        store.connect()
        assert store.open(b"INBOX").exists == 3


def test_a_server_that_offers_resync_and_does_not_know_it_is_opened_plainly() -> None:
    def select(peer: Peer, command: bytes) -> bytes:
        return b"%T BAD what\r\n" if b"(" in command else b"* 0 EXISTS\r\n%T OK in\r\n"

    with Script({b"ENABLE": ENABLED, b"SELECT": select}, capabilities=RESYNC) as server:
        store = server.store()
        store.connect()
        assert not store.open(b"INBOX", Known(7, 8, 40)).resynced
        store.open(b"INBOX", Known(7, 8, 40))
        assert len(server.asked(b"SELECT")) == 3


# --- who is who


@pytest.mark.parametrize(
    ("host", "saves", "mixes", "lies"),
    [
        ("imap.gmail.com", True, False, False),
        ("outlook.office365.com", True, False, False),
        ("imap.mail.yahoo.com", False, True, False),
        ("imap.mail.yahoo.co.jp", False, True, False),
        ("imap.qq.com", False, False, True),
        ("imap.example.org", False, False, False),
        ("notgmail.com", False, False, False),
        ("imap.gmail.com.evil.example", False, False, False),
    ],
)
def test_servers_are_known_by_their_host(host: str, saves: bool, mixes: bool, lies: bool) -> None:
    found = quirks(host)
    assert (found.saves_sent, found.mixes_pairs, found.search_lies) == (saves, mixes, lies)


def test_servers_are_known_by_what_only_they_can() -> None:
    assert quirks("mail.company.example", "", frozenset({"X-GM-EXT-1"})).saves_sent
    assert quirks("imap.mail.me.com").without == {"QRESYNC"}


def test_servers_are_known_by_what_they_call_themselves() -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1] Courier-IMAP ready. See COPYING\r\n"
    with Script(greeting=greeting) as server:
        assert server.connected().capabilities.lines == 2
    with Script(
        {rb"ID": b'* ID ("name" "gluon" "vendor" "Proton AG")\r\n%T OK done\r\n'}, capabilities=b"ID"
    ) as server:
        assert server.connected().capabilities.saves_sent
