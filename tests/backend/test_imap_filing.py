"""Mail goes where it was sent and nothing else changes, whatever the server offers and refuses."""

from __future__ import annotations

import pytest

from tests.backend.script import Peer, Script
from tui_mail.backend.contract import Moved
from tui_mail.backend.imap.sets import expand
from tui_mail.model.errors import Refused


def test_flags_are_changed_in_short_lines_and_gone_messages_trouble_nobody() -> None:
    with Script({b"UID STORE": b"%T NO [EXPUNGEISSUED] some are gone\r\n"}) as server:
        store = server.connected()
        store.store(range(5, 3005, 2), frozenset({"\\Seen", "$Junk"}), frozenset({"\\Flagged"}))
        stores = server.asked(b"UID STORE")
        assert stores[0].endswith(b"+FLAGS.SILENT ($Junk \\Seen)")
        assert stores[-1].endswith(b"-FLAGS.SILENT (\\Flagged)")
        assert all(len(line) < 1000 for line in stores)


def test_refused_flags_are_told() -> None:
    with Script({b"UID STORE": b"%T NO [NOPERM] no\r\n"}) as server, pytest.raises(Refused, match="may not do that"):
        server.connected().store([5], frozenset({"\\Seen"}))


COPYUID = b"[COPYUID 9 5:6 20:21]"


def test_a_move_tells_where_the_messages_went() -> None:
    for answer in (b"* OK " + COPYUID + b"\r\n* 1 EXPUNGE\r\n%T OK done\r\n", b"%T OK " + COPYUID + b" done\r\n"):
        with Script({b"UID MOVE": answer}) as server:
            assert server.connected().move([5, 6], b"Archive") == Moved(9, ((5, 20), (6, 21)))
            assert not server.asked(b"UID EXPUNGE")


def test_without_move_the_copy_is_confirmed_before_anything_is_removed() -> None:
    with Script({b"UID COPY": b"%T OK " + COPYUID + b" done\r\n"}, capabilities=b"IMAP4rev1 UIDPLUS") as server:
        assert server.connected().move([5, 6], b"Archive") == Moved(9, ((5, 20), (6, 21)))
        assert server.commands[-3:] == [
            b'UID COPY 5:6 "Archive"',
            b"UID STORE 5:6 +FLAGS.SILENT (\\Deleted)",
            b"UID EXPUNGE 5:6",
        ]
    with Script({b"UID COPY": b"%T NO [OVERQUOTA] full\r\n"}, capabilities=b"IMAP4rev1 UIDPLUS") as server:
        with pytest.raises(Refused, match="The server would not move 2 messages: the mailbox is full"):
            server.connected().move([5, 6], b"Archive")
        assert not server.asked(b"UID STORE")


def test_without_uidplus_nothing_is_ever_expunged() -> None:
    with Script(capabilities=b"IMAP4rev1") as server:
        store = server.connected()
        assert store.move([5, 6], b"Archive") == Moved()
        store.expunge([7])
        assert not any(b"EXPUNGE" in command for command in server.commands)


@pytest.mark.parametrize("answer", [b"BAD what", b"NO MOVE extension not supported"])
def test_a_server_that_offers_move_and_does_not_know_it_is_asked_once(answer: bytes) -> None:
    with Script({b"UID MOVE": b"%T " + answer + b"\r\n"}) as server:
        store = server.connected()
        store.move([5], b"Archive")
        store.move([6], b"Archive")
        assert len(server.asked(b"UID MOVE")) == 1
        assert len(server.asked(b"UID COPY")) == 2
        assert not store.capabilities.move


def test_a_refused_move_is_not_tried_another_way() -> None:
    with Script({b"UID MOVE": b"%T NO [TRYCREATE] no such folder\r\n"}) as server:
        with pytest.raises(Refused) as caught:
            server.connected().move([5], b"Archive")
        assert caught.value.code == "TRYCREATE"
        assert not server.asked(b"UID COPY")


def test_a_server_that_offers_uidplus_and_does_not_know_it_only_marks() -> None:
    with Script({b"UID EXPUNGE": b"%T BAD what\r\n"}) as server:
        store = server.connected()
        store.expunge([5])
        store.expunge([6])
        assert len(server.asked(b"UID EXPUNGE")) == 1
        assert not store.capabilities.uidplus


@pytest.mark.parametrize(
    "code", [b"[COPYUID 9 5:6 20]", b"[COPYUID x 5 6]", b"[COPYUID]", b"[COPYUID 9 1:4294967295 1:4294967295]"]
)
def test_pairs_that_make_no_sense_are_not_believed(code: bytes) -> None:
    with Script({b"UID MOVE": b"%T OK " + code + b" done\r\n"}) as server:
        assert server.connected().move([5, 6], b"Archive").pairs == ()


def test_pairs_of_messages_that_were_not_moved_are_left_out() -> None:
    with Script({b"UID MOVE": b"%T OK [COPYUID 9 5:7 20:22] done\r\n"}) as server:
        assert server.connected().move([5, 6], b"Archive").pairs == ((5, 20), (6, 21))


def test_where_pairs_of_many_are_mixed_up_messages_move_one_by_one() -> None:
    def move(peer: Peer, command: bytes) -> bytes:
        uid = int(command.split()[2])
        return b"%%T OK [COPYUID 9 %d %d] done\r\n" % (uid, uid + 100)

    with Script(
        {b"UID MOVE": move, b"ID": b'* ID ("name" "Yahoo! IMAP")\r\n%T OK\r\n'}, capabilities=b"MOVE ID"
    ) as server:
        store = server.connected()
        assert store.move([5, 6], b"Archive") == Moved(9, ((5, 105), (6, 106)))


def test_a_move_of_nothing_says_nothing() -> None:
    with Script() as server:
        store = server.connected()
        before = len(server.commands)
        assert store.move([], b"Archive") == Moved()
        store.store([], frozenset({"\\Seen"}))
        store.expunge([])
        assert len(server.commands) == before


# --- putting mail there


def test_a_letter_goes_out_counted_with_flags_and_date_and_its_uid_comes_back() -> None:
    with Script({b"APPEND": b"%T OK [APPENDUID 9 77] done\r\n"}) as server:
        store = server.store()
        store.connect()
        assert store.append(b"Sent & more", b"a\r\n", frozenset({"\\Seen"}), 0) == 77
        assert server.commands[-1] == b'APPEND "Sent & more" (\\Seen) "01-Jan-1970 00:00:00 +0000" {3+}'
        assert server.literals == [b"a\r\n"]


@pytest.mark.parametrize(
    ("offered", "size", "mark"),
    [(b"", 5, b"{5}"), (b"LITERAL-", 5, b"{5+}"), (b"LITERAL-", 5000, b"{5000}"), (b"LITERAL+", 2 << 20, b"{2097152}")],
)
def test_a_letter_waits_for_the_servers_word_where_it_must_or_should(offered: bytes, size: int, mark: bytes) -> None:
    with Script(capabilities=b"IMAP4rev1 " + offered) as server:
        store = server.store()
        store.connect()
        assert store.append(b"Sent", b"x" * size) is None
        assert server.commands[-1].endswith(mark)
        assert server.literals == [b"x" * size]


def test_a_full_mailbox_says_so_before_a_large_letter_goes_up_the_line() -> None:
    with Script({b"APPEND": b"%T NO [OVERQUOTA] Quota exceeded\r\n"}, takes_literals=False) as server:
        store = server.store()
        store.connect()
        with pytest.raises(Refused, match="the mailbox is full") as caught:
            store.append(b"Sent", b"x" * (2 << 20))
        assert (caught.value.code, caught.value.detail) == ("OVERQUOTA", "Quota exceeded")
        store.noop()


def test_what_the_server_will_not_take_is_not_sent() -> None:
    with Script(capabilities=b"IMAP4rev1 APPENDLIMIT=10") as server:
        store = server.store()
        store.connect()
        with pytest.raises(Refused) as caught:
            store.append(b"Sent", b"x" * 11)
        assert caught.value.code == "TOOBIG"
        with pytest.raises(Refused, match="NUL"):
            store.append(b"Sent", b"a\0b")
        assert not server.asked(b"APPEND")
    with Script(capabilities=b"IMAP4rev1 BINARY LITERAL+") as server:
        store = server.store()
        store.connect()
        store.append(b"Sent", b"a\0b")
        assert server.commands[-1] == b'APPEND "Sent" ~{3}'


def test_a_move_goes_on_without_those_that_are_gone() -> None:
    def move(peer: Peer, command: bytes) -> bytes:
        if b"5:6" in command:
            return b"%T NO [EXPUNGEISSUED] some are gone\r\n"
        return b"%T OK [COPYUID 9 6 20] done\r\n"

    for verb, offered in ((b"UID MOVE", b"MOVE UIDPLUS"), (b"UID COPY", b"UIDPLUS")):
        with Script({verb: move, b"UID FETCH": b"* 1 FETCH (UID 6)\r\n%T OK\r\n"}, capabilities=offered) as server:
            assert server.connected().move([5, 6], b"Archive") == Moved(9, ((6, 20),))
        with Script({verb: move}, capabilities=offered) as server:
            assert server.connected().move([5, 6], b"Archive") == Moved()


@pytest.mark.parametrize("said", [b"[MESSAGELIMIT 2]", b"[MESSAGELIMIT]", b"[MESSAGELIMIT 900]"])
def test_a_limit_that_was_not_told_before_has_the_messages_moved_a_few_at_a_time(said: bytes) -> None:
    def move(peer: Peer, command: bytes) -> bytes:
        uids = expand(command.split()[2])
        if len(uids) > 2:
            return b"%T NO " + said + b" too many\r\n"
        return b"%T OK [COPYUID 9 " + command.split()[2] + b" " + command.split()[2] + b"] done\r\n"

    with Script({b"UID MOVE": move, b"UID COPY": move}) as server:
        store = server.connected()
        for verb in (store.move, store.copy):
            assert dict(verb([5, 6, 7, 9, 11], b"Archive").pairs) == {uid: uid for uid in (5, 6, 7, 9, 11)}


def test_what_a_limit_left_out_is_moved_next_and_a_limit_that_lets_nothing_through_is_told() -> None:
    def move(peer: Peer, command: bytes) -> bytes:
        uids = expand(command.split()[2])
        code = b"[MESSAGELIMIT 2 %d]" % uids[-2] if len(uids) > 2 else b""
        return b"%T OK " + code + b" done\r\n"

    with Script({b"UID MOVE": move}) as server:
        server.connected().move([5, 6, 7, 8, 9], b"Archive")
        assert [command.split()[2] for command in server.asked(b"UID MOVE")] == [b"5:9", b"5:7", b"5"]
    stuck = b"%T OK [MESSAGELIMIT 1 99] nothing\r\n"
    with Script({b"UID MOVE": stuck}) as server, pytest.raises(Refused, match="nothing with 2 messages"):
        server.connected().move([5, 6], b"Archive")


def test_no_command_names_more_messages_than_the_server_takes() -> None:
    with Script(capabilities=b"IMAP4rev1 UIDPLUS MESSAGELIMIT=100") as server:
        store = server.connected()
        store.store(range(5, 405), frozenset({"\\Seen"}))
        assert [len(expand(command.split()[2])) for command in server.asked(b"UID STORE")] == [100] * 4


def test_a_server_that_wants_a_list_of_marks_is_given_an_empty_one() -> None:
    def answer(peer: Peer, command: bytes) -> bytes:
        return b"%T OK done\r\n" if b" () " in command else b"%T BAD where is the list\r\n"

    with Script({b"APPEND": answer}) as server:
        server.connected().append(b"Archive", b"x\r\n\r\n")
        assert [command.split(b" ")[2] for command in server.asked(b"APPEND")] == [b"{5+}", b"()"]
