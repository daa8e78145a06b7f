"""Every message is a row, whatever the server makes of it, and nobody else's data become its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.backend.script import Peer, Reply, Script
from tui_mail.backend.contract import RemoteMessage
from tui_mail.backend.imap.sets import expand
from tui_mail.model.errors import BadInput

HEADER = b"Subject: hi\r\n\r\n"


def told(uid: int, flags: bytes = b"", structure: bytes = b'("text" "plain" NIL NIL NIL "7bit" 1 1)') -> bytes:
    return (
        b'* %d FETCH (UID %d FLAGS (%s) INTERNALDATE "01-Jan-1970 00:00:09 +0000" RFC822.SIZE 99 BODYSTRUCTURE %s '
        b"BODY[HEADER.FIELDS (X)] {%d}\r\n%s)\r\n" % (uid - 4, uid, flags, structure, len(HEADER), HEADER)
    )


def uids_of(messages: Sequence[RemoteMessage] | Iterator[RemoteMessage]) -> list[int]:
    return [message.uid for message in messages]


def test_headers_tell_everything_a_row_needs() -> None:
    with Script({b"UID FETCH": told(5, b"\\Seen") + b"%T OK done\r\n"}) as server:
        [message] = server.connected().headers([5])
    expected = RemoteMessage(
        5, frozenset({"\\Seen"}), 99, 9, HEADER, b'("text" "plain" NIL NIL NIL "7bit" 1 1)', False, ""
    )
    assert message == expected


def test_data_without_a_uid_or_of_another_message_are_never_believed() -> None:
    answer = b"* 3 FETCH (FLAGS (\\Deleted))\r\n" + told(5) + b"* 2 FETCH (FLAGS (\\Seen))\r\n" + told(9, b"\\Deleted")
    with Script({b"UID FETCH": answer + told(6) + b"%T OK done\r\n"}) as server:
        store = server.connected()
        assert [(message.uid, message.flags) for message in store.headers([5, 6, 7])] == [
            (5, frozenset()),
            (6, frozenset()),
        ]
        assert store.wait(60) is True


def test_a_message_told_in_two_responses_is_one() -> None:
    parts = b"* 1 FETCH (UID 5 FLAGS (\\Seen) RFC822.SIZE 3)\r\n" + told(6) + b"* 1 FETCH (UID 5 BODY[] {1}\r\nx)\r\n"
    with Script({b"UID FETCH": parts + b"%T OK done\r\n"}) as server:
        found = {message.uid: message for message in server.connected().headers([5, 6])}
    assert (found[5].flags, found[5].size, found[5].header) == (frozenset({"\\Seen"}), 3, b"x")
    assert set(found) == {5, 6}


def stumbling(bad: bytes) -> Script:
    """A server that cannot tell 6 with its structure; asked plainly, it can."""

    def fetch(peer: Peer, command: bytes) -> bytes:
        uids = expand(command.split()[2])
        if b"BODYSTRUCTURE" in command:
            return b"".join(bad if uid == 6 else told(uid) for uid in uids) + b"%T OK done\r\n"
        return b"".join(told(uid).replace(b"BODYSTRUCTURE", b"X") for uid in uids) + b"%T OK done\r\n"

    return Script({b"UID FETCH": fetch})


@pytest.mark.parametrize(
    "bad",
    [
        b"* 2 FETCH (UID 6 BODYSTRUCTURE ((((\r\n",
        b"* 2 FETCH (UID 6 FLAGS NIL)\r\n",
        b"* 2 FETCH (UID 6)\r\n",
        b"* \r\n",
    ],
)
def test_a_message_that_the_server_stumbles_over_is_asked_for_plainly_and_says_so(bad: bytes) -> None:
    with stumbling(bad) as server:
        found = {message.uid: message for message in server.connected().headers([5, 6, 7])}
    assert set(found) == {5, 6, 7}
    assert (found[6].header, found[6].structure) == (HEADER, b"")
    assert found[6].note
    assert not found[5].note


def test_one_message_that_makes_the_server_fail_costs_no_other_and_is_still_a_row() -> None:
    def fetch(peer: Peer, command: bytes) -> bytes:
        uids = expand(command.split()[2])
        if 33 in uids:
            return b"%T NO [SERVERBUG] cannot\r\n"
        return b"".join(told(uid) for uid in uids) + b"%T OK done\r\n"

    with Script({b"UID FETCH": fetch}) as server:
        found = {message.uid: message for message in server.connected().headers(range(5, 105))}
    assert set(found) == set(range(5, 105))
    assert "cannot" in found[33].note
    assert not any(message.note for message in found.values() if message.uid > 60)


def test_messages_that_are_gone_are_missing_and_not_asked_for_again() -> None:
    with Script({b"UID FETCH": told(5) + b"%T OK done\r\n"}) as server:
        assert uids_of(server.connected().headers([5, 6, 7])) == [5]
        assert len(server.asked(b"UID FETCH")) == 1


def test_many_headers_are_asked_for_in_short_lines_in_the_wanted_order_and_several_at_a_time() -> None:
    waiting: list[bytes] = []

    def fetch(peer: Peer, command: bytes) -> bytes:
        waiting.append(command)
        return b"".join(told(uid) for uid in sorted(expand(command.split()[2]))) + b"%T OK done\r\n"

    wanted = list(range(9001, 1, -3))
    with Script({b"UID FETCH": fetch}) as server:
        found = uids_of(server.connected().headers(wanted))
    assert sorted(found, reverse=True) == wanted
    assert found[0] > 8400
    assert all(len(line) < 1300 for line in server.said)


def test_the_person_who_asks_in_between_is_answered_and_the_headers_go_on() -> None:
    def fetch(peer: Peer, command: bytes) -> bytes:
        if b"BODY.PEEK[]" in command:
            return b"* 9 FETCH (UID 5 BODY[] {4}\r\ntext)\r\n%T OK done\r\n"
        return b"".join(told(uid) for uid in expand(command.split()[2])) + b"%T OK done\r\n"

    with Script({b"UID FETCH": fetch}) as server:
        store = server.connected()
        headers = store.headers(range(5, 2005))
        first = [next(headers) for _ in range(10)]
        assert store.fetch(5) == b"text"
        assert len(uids_of(headers)) + len(first) == 2000


def test_headers_that_nobody_reads_to_the_end_leave_nothing_behind() -> None:
    def fetch(peer: Peer, command: bytes) -> bytes:
        return b"".join(told(uid) for uid in expand(command.split()[2])) + b"%T OK done\r\n"

    with Script({b"UID FETCH": fetch}) as server:
        store = server.connected()
        headers = store.headers(range(5, 2005))
        next(headers)
        del headers
        assert store.uids() == {5, 6, 7}
        stale = store.headers(range(5, 2005))
        next(stale)
        store.open(b"INBOX")
        with pytest.raises(BadInput, match="Another folder"):
            list(stale)


def test_the_newest_are_asked_for_by_number_and_nothing_of_an_empty_folder() -> None:
    with Script({b"FETCH": told(6) + told(7) + b"%T OK done\r\n"}) as server:
        assert uids_of(server.connected().newest(2)) == [6, 7]
        assert server.asked(b"FETCH")[0].startswith(b"FETCH 2:3 (UID ")
    with Script({b"SELECT": b"* 0 EXISTS\r\n%T OK done\r\n"}) as server:
        assert server.connected().newest(2) == []
        assert not server.asked(b"FETCH")


def test_a_newest_message_that_cannot_be_read_is_still_a_row() -> None:
    def fetch(peer: Peer, command: bytes) -> bytes:
        if command.endswith(b"(UID)"):
            return b"* 2 FETCH (UID 6)\r\n* 3 FETCH (UID 7)\r\n%T OK done\r\n"
        if command.startswith(b"UID"):
            return told(6) + b"%T OK done\r\n"
        return b"* 2 FETCH (UID 6 BODYSTRUCTURE (((\r\n" + told(7) + b"%T OK done\r\n"

    with Script({b"(UID )?FETCH": fetch}) as server:
        assert sorted(uids_of(server.connected().newest(2))) == [6, 7]


def test_a_server_that_counts_more_messages_than_it_has_is_asked_by_their_uids() -> None:
    def fetch(peer: Peer, command: bytes) -> bytes:
        if command.startswith(b"UID"):
            return b"".join(told(uid) for uid in expand(command.split()[2])) + b"%T OK done\r\n"
        return b"%T BAD no such number\r\n"

    select = b"* 9 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n%T OK in\r\n"
    search = b"* SEARCH 5 6 7\r\n%T OK done\r\n"
    uids = b"* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 6)\r\n* 3 FETCH (UID 7)\r\n%T OK done\r\n"
    answers: dict[bytes, Reply] = {
        rb"UID FETCH \S+ \(UID\)": uids,
        b"(UID )?FETCH": fetch,
        b"SELECT": select,
        b"UID SEARCH": search,
    }
    with Script(answers) as server:
        assert sorted(uids_of(server.connected().newest(2))) == [6, 7]
