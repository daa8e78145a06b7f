"""What a list says is complete or it is not believed, and a message is whole or it is not one."""

from __future__ import annotations

import pytest

from tests.backend.script import Peer, Script
from tui_mail.backend.imap.sets import expand
from tui_mail.model.errors import NotFound, Offline, Refused

SEARCH_NOTHING = b"* SEARCH\r\n%T OK done\r\n"
UIDS_5_6_7 = b"* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 6)\r\n* 3 FETCH (UID 7)\r\n%T OK done\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        SEARCH_NOTHING,
        b"%T OK done\r\n",
        b"* SEARCH 5\r\n%T OK done\r\n",
        b"%T NO no\r\n",
        b"* SEARCH x\r\n%T OK done\r\n",
    ],
)
def test_a_search_that_does_not_agree_with_the_count_is_checked_another_way(answer: bytes) -> None:
    with Script({b"UID SEARCH": answer, b"UID FETCH": UIDS_5_6_7}) as server:
        assert server.connected().uids() == {5, 6, 7}


def test_an_empty_answer_is_not_an_empty_mailbox() -> None:
    with Script({b"UID SEARCH": SEARCH_NOTHING}) as server:
        store = server.connected()
        with pytest.raises(Refused, match="nothing was concluded") as caught:
            store.uids()
        assert not caught.value.permanent
        with pytest.raises(Refused, match="nothing was concluded"):
            store.flags(1)


def test_an_answer_that_cannot_be_read_in_full_is_no_answer() -> None:
    answer = b"* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 6 FLAGS (\r\n%T OK done\r\n"
    with Script({b"UID FETCH": answer}) as server:
        store = server.connected()
        with pytest.raises(Refused):
            store.flags(1)
        with pytest.raises(Refused):
            store.flags(2, 9)
        with pytest.raises(Refused):
            store.changed_since(1, 5)
        with pytest.raises(Refused):
            store.identity([5, 6])


@pytest.mark.parametrize("said", [b"UID ALL 5:7", b"UID ALL 7,5:6", b"UID COUNT 3 ALL 5:7"])
def test_short_searches_are_used_where_they_are_offered(said: bytes) -> None:
    answer = b'* ESEARCH (TAG "x") UID ALL 9\r\n* ESEARCH (TAG "%T") ' + said + b"\r\n%T OK done\r\n"
    with Script({b"UID SEARCH": answer}, capabilities=b"IMAP4rev1 ESEARCH") as server:
        assert server.connected().uids() == {5, 6, 7}
        assert server.asked(b"UID SEARCH") == [b"UID SEARCH RETURN (ALL) ALL"]


def test_a_server_that_offers_short_searches_and_refuses_them_is_asked_the_long_way() -> None:
    def search(peer: Peer, command: bytes) -> bytes:
        return b"%T BAD what\r\n" if b"RETURN" in command else b"* SEARCH 7 6 5\r\n%T OK done\r\n"

    with Script({b"UID SEARCH": search}, capabilities=b"IMAP4rev1 ESEARCH") as server:
        store = server.connected()
        assert store.uids() == {5, 6, 7}
        assert store.count() == -1


def test_counting_costs_one_short_answer_or_is_left_to_the_uids() -> None:
    answer = b'* ESEARCH (TAG "%T") UID COUNT 2\r\n%T OK done\r\n'
    with Script({b"UID SEARCH": answer}, capabilities=b"IMAP4rev1 ESEARCH") as server:
        assert server.connected().count(6) == 2
    with Script() as server:
        assert server.connected().count(6) == -1


def test_a_list_that_grows_while_it_is_asked_for_is_asked_for_again() -> None:
    search = b"* 4 EXISTS\r\n* SEARCH 5 6 7\r\n%T OK done\r\n"
    with Script({b"UID SEARCH": search, b"UID FETCH": b"* 4 FETCH (UID 8)\r\n" + UIDS_5_6_7}) as server:
        assert server.connected().uids() == {5, 6, 7, 8}


def limited(peer: Peer, command: bytes) -> bytes:
    """Tells three messages at most, the highest first (RFC 9738)."""
    uids = [uid for uid in expand(command.split()[2], below=60) if uid >= 50][-3:]
    said = b"".join(b"* 1 FETCH (UID %d FLAGS ())\r\n" % uid for uid in uids)
    rest = uids and uids[0] > 50
    return said + (b"%%T OK [MESSAGELIMIT 3 %d] more\r\n" % uids[0] if rest else b"%T OK done\r\n")


def test_an_answer_that_stops_early_is_asked_for_to_its_end() -> None:
    select = b"* 10 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n%T OK done\r\n"
    with Script({b"UID FETCH": limited, b"SELECT": select, b"UID SEARCH": b"%T NO\r\n"}) as server:
        store = server.connected()
        assert set(store.flags(1)) == set(range(50, 60))
        assert store.uids() == set(range(50, 60))


def test_a_limit_that_never_moves_ends() -> None:
    answer = b"* 1 FETCH (UID 5 FLAGS ())\r\n%T OK [MESSAGELIMIT 1 4294967295] more\r\n"
    with Script({b"UID FETCH": answer}) as server, pytest.raises(Refused):
        server.connected().flags(4294967290)


# --- whole messages


@pytest.mark.parametrize(
    "answer",
    [
        b"%T OK done\r\n",
        b"* 1 FETCH (UID 5 BODY[] NIL)\r\n%T OK done\r\n",
        b"* 1 FETCH (UID 9 BODY[] {1}\r\nx)\r\n%T OK done\r\n",
        b"* 1 FETCH (BODY[] {1}\r\nx)\r\n%T OK done\r\n",
        b"* 1 FETCH (UID 5 FLAGS ())\r\n%T OK done\r\n",
        b"%T NO [EXPUNGEISSUED] gone\r\n",
    ],
)
def test_a_message_that_is_not_given_is_not_an_empty_message(answer: bytes) -> None:
    with Script({b"UID FETCH": answer}) as server, pytest.raises(NotFound):
        server.connected().fetch(5)


def test_a_message_that_is_there_and_not_given_is_not_said_to_be_gone() -> None:
    answer = b"* 1 FETCH (UID 5 BODY[] NIL)\r\n%T OK done\r\n"
    with Script({b"UID FETCH": answer}) as server, pytest.raises(NotFound, match="does not give it"):
        server.connected().fetch(5)


def test_an_empty_message_is_one() -> None:
    with Script({b"UID FETCH": b"* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n%T OK done\r\n"}) as server:
        assert server.connected().fetch(5) == b""


@pytest.mark.parametrize("short_by", [1, 2, 7, 20])
def test_a_server_that_miscounts_never_makes_mail_into_commands(short_by: int) -> None:
    body = b"hello)\r\n* 5 EXPUNGE\r\n* 1 FETCH (UID 5 FLAGS (\\Deleted))\r\nA003 OK done\r\nbye"
    answer = b"* 1 FETCH (UID 5 BODY[] {%d}\r\n%s)\r\n%%T OK done\r\n" % (len(body) - short_by, body)
    with Script({b"UID FETCH": answer}) as server:
        store = server.connected()
        with pytest.raises(Offline):
            store.fetch(5)


def test_a_refused_message_says_why() -> None:
    with Script({b"UID FETCH": b"%T NO [UNAVAILABLE] disk\r\n"}) as server, pytest.raises(Refused) as caught:
        server.connected().fetch(5)
    assert not caught.value.permanent
    assert caught.value.code == "UNAVAILABLE"


def test_a_message_is_found_by_its_exact_id_without_any_search() -> None:
    ids = (b"Message-ID: <a@x>", b"MESSAGE-id:\r\n <b@x> ", b"Message-ID: <b@x>y", b"X: <b@x>")
    said = b"".join(
        b"* 1 FETCH (UID %d RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s\r\n\r\n)\r\n"
        % (uid, len(text) + 4, text)
        for uid, text in enumerate(ids, 5)
    )
    with Script({b"UID FETCH": said + b"%T OK done\r\n"}) as server:
        store = server.connected()
        assert 6 in store.find("<b@x>")
        assert 5 not in store.find("<b@x>")
        assert 8 not in store.find("<b@x>")
        assert store.identity([5])[5] == ("<a@x>", 5)
        assert not server.asked(b"UID SEARCH")


def test_a_server_that_counts_more_than_it_shows_is_believed_when_it_says_the_same_twice() -> None:
    two = b"* 1 FETCH (UID 5)\r\n* 3 FETCH (UID 7)\r\n%T OK done\r\n"
    with Script({b"UID SEARCH": b"%T NO no\r\n", b"UID FETCH": two}) as server:
        assert server.connected().uids() == {5, 7}
