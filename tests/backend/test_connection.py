"""Nobody slips in a command, nobody hangs for ever, nobody spins, and the end may come from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.backend.script import Peer, Script
from tui_mail.backend.imap.command import Literal, checked, flag_list, string
from tui_mail.backend.imap_store import ImapStore
from tui_mail.model.errors import BadInput, Cancelled, MailError, Offline

EVIL = ("a\r\nX COPY 1:* Trash", "a\nb", "a\rb", "a\0b")


# --- one writer


@pytest.mark.parametrize("text", EVIL)
def test_the_writer_refuses_what_would_begin_another_command(text: str) -> None:
    with pytest.raises(BadInput):
        checked(text.encode())
    with pytest.raises(BadInput):
        flag_list({text})


@given(st.binary())
def test_a_string_is_quoted_soundly_or_counted(octets: bytes) -> None:
    said = string(octets)
    if isinstance(said, Literal):
        assert said.octets == octets
    else:
        assert checked(said)[1:-1].replace(b'\\"', b'"').replace(b"\\\\", b"\\") == octets or b"\\" in octets
        assert len(said) < 1000


@pytest.mark.parametrize("flag", ["", "a b", "(x)", "\\*", 'a"b', "{1}", "naïve", "a]b"])
def test_what_is_no_flag_is_refused_before_anything_is_sent(flag: str) -> None:
    with Script() as server:
        store = server.connected()
        before = len(server.said)
        with pytest.raises(BadInput):
            store.store([5], frozenset({flag}))
        store.noop()
        assert [line.partition(b" ")[2] for line in server.said[before:]] == [b"NOOP"]


@pytest.mark.parametrize("text", EVIL)
def test_a_crafted_name_or_id_is_one_argument_and_no_command(text: str) -> None:
    with Script() as server:
        store = server.connected()
        for verb in (lambda: store.open(text.encode()), lambda: store.create(text), lambda: store.find(text)):
            try:
                verb()
            except MailError:
                continue
    assert not any(b"COPY" in line.partition(b" ")[0] or line.startswith(b"X ") for line in server.said)


def test_a_number_that_is_no_uid_is_refused() -> None:
    with Script() as server:
        store = server.connected()
        for uid in (0, -1, 1 << 32):
            with pytest.raises(BadInput):
                store.fetch(uid)


# --- nobody hangs, nobody spins


def test_a_server_that_falls_silent_is_given_up_and_never_used_again() -> None:
    with Script({b"NOOP": b""}) as server:
        store = server.connected(timeout=0.2)
        for _ in range(2):
            with pytest.raises(Offline, match="has not answered"):
                store.noop()
        assert sum(line.endswith(b"NOOP") for line in server.said) == 1


def test_a_line_that_was_forgotten_while_it_rested_is_noticed_long_before_the_question_may_be_given_up() -> None:
    forgets = threading.Event()

    def forget(peer: Peer, command: bytes) -> bytes:
        return b"" if forgets.is_set() else b"%T OK done\r\n"

    with Script({b"NOOP": forget}) as server:
        store = server.store(timeout=600, rest=0, sign=0.2)
        store.connect()
        forgets.set()
        with pytest.raises(Offline, match="has not answered"):
            store.open(b"INBOX")
        assert not server.asked(b"SELECT"), "a sign comes first"


def test_a_line_that_gives_a_sign_has_all_the_time_for_its_answer() -> None:
    def slow(peer: Peer, command: bytes) -> bytes:
        threading.Event().wait(0.4)
        return b"* SEARCH 5 6 7\r\n%T OK done\r\n"

    with Script({b"UID SEARCH": slow}) as server:
        store = server.store(timeout=20, rest=0, sign=0.2)
        store.connect()
        store.open(b"INBOX")
        assert store.uids() == {5, 6, 7}


def test_a_server_that_forgot_who_waits_in_idle_is_given_up_as_soon_as_it_is_asked_for_more() -> None:
    def idle(peer: Peer, command: bytes) -> bytes:
        peer.send(b"+ idling\r\n")
        peer.line()
        return b""

    with Script({b"IDLE": idle}) as server:
        store = server.store(timeout=600, rest=0, sign=0.2)
        store.connect()
        store.open(b"INBOX")
        store.wake()
        with pytest.raises(Offline, match="has not answered"):
            store.wait(60)


def test_a_slow_answer_that_goes_on_is_waited_for() -> None:
    def drip(peer: Peer, command: bytes) -> bytes:
        pause = threading.Event()
        for octet in b"* OK still at it\r\n":
            peer.send(bytes([octet]))
            pause.wait(0.03)
        return b"%T OK done\r\n"

    with Script({b"NOOP": drip}) as server:
        server.connected(timeout=0.3).noop()


@pytest.mark.parametrize("said", [b"", b"* 1 FETCH (UID 5 BODY[] {100}\r\nonly a little", b"* 1 FET"])
def test_a_line_that_is_cut_anywhere_is_offline_and_half_a_message_is_none(said: bytes) -> None:
    def cut(peer: Peer, command: bytes) -> None:
        peer.send(said)

    with Script({b"UID FETCH": cut}) as server, pytest.raises(Offline, match="was lost"):
        server.connected().fetch(5)


def test_an_endless_flood_is_ended() -> None:
    def flood(peer: Peer, command: bytes) -> None:
        while True:
            peer.send(b"* 1 EXISTS\r\n" * 10_000)

    with Script({b"NOOP": flood}) as server, pytest.raises(Offline, match="without end"):
        server.connected().noop()


@pytest.mark.parametrize(
    "nonsense", [b"hello\r\n", b"X1 OK done\r\n", b"%T MAYBE\r\n", b"* 1 FETCH (UID 5 BODY[] {2000000000}\r\n"]
)
def test_a_server_that_is_out_of_step_is_left(nonsense: bytes) -> None:
    with Script({b"NOOP": nonsense}) as server:
        store = server.connected()
        with pytest.raises(Offline):
            store.noop()
        with pytest.raises(Offline):
            store.uids()


@pytest.mark.parametrize(
    "odd",
    [
        b"* 16777217 FETCH (UID 1 FLAGS ())\r\n",
        b"* 0 FETCH (UID 0)\r\n",
        b"* -1 EXPUNGE\r\n",
        b"* 99999999999999999999 EXISTS\r\n",
        b"* 1 FETCH " + b"(" * 5000 + b"\r\n",
        b"* XFOO bar {3}\r\nabc baz\r\n",
        b"* NO [ALERT] hm\r\n",
        b"* OK\r\n",
        b"*  3   EXISTS\r\n",
        b"\r\n",
        b"* VANISHED x\r\n",
        b"* LIST (\r\n",
        b"+ what?\r\n",
    ],
)
def test_odd_words_between_answers_trouble_nobody(odd: bytes) -> None:
    with Script({b"NOOP": odd + b"%T OK done\r\n"}) as server:
        store = server.connected()
        store.noop()
        store.noop()
        assert store.uids() == {5, 6, 7}


def test_an_ok_without_words_is_enough() -> None:
    with Script({b"NOOP": b"%T OK\r\n"}) as server:
        server.connected().noop()


# --- the end and the alarm clock from other threads


def blocked(store: ImapStore, verb: Callable[[], object], begun: threading.Event) -> BaseException | None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(verb)
        assert begun.wait(20)
        store.close()
        return running.exception(timeout=20)


@pytest.mark.parametrize("hangs", [b"NOOP", b"UID SEARCH", b"IDLE", b"APPEND"])
def test_closing_frees_whoever_waits_on_the_network(hangs: bytes) -> None:
    begun = threading.Event()

    def hang(peer: Peer, command: bytes) -> bytes:
        begun.set()
        return b"+ idling\r\n" if hangs == b"IDLE" else b""

    with Script({hangs: hang}) as server:
        store = server.connected(timeout=60)
        verbs: dict[bytes, Callable[[], object]] = {
            b"NOOP": store.noop,
            b"UID SEARCH": store.uids,
            b"IDLE": lambda: store.wait(60),
            b"APPEND": lambda: store.append(b"INBOX", b"x" * 100),
        }
        assert isinstance(blocked(store, verbs[hangs], begun), Offline)


def test_closing_frees_whoever_cannot_get_the_words_out() -> None:
    begun, over = threading.Event(), threading.Event()

    def deaf(peer: Peer, command: bytes) -> bytes:
        peer.send(b"+ go on\r\n")
        begun.set()
        over.wait(5)
        return b""

    with Script({b"APPEND": deaf}, takes_literals=False) as server:
        store = server.connected(timeout=60)
        error = blocked(store, lambda: store.append(b"INBOX", b"x" * (20 << 20)), begun)
        over.set()
    assert isinstance(error, Offline)


def test_closing_twice_or_before_connecting_is_fine() -> None:
    with Script() as server:
        store = server.store()
        store.close()
        store.wake()
        store.connect()
        store.close()
        store.close()
        store.wake()
        with pytest.raises(Offline):
            store.noop()
        store.connect()
        store.noop()


def test_a_wake_up_ends_the_waiting_and_nothing_else() -> None:
    begun = threading.Event()

    def idle(peer: Peer, command: bytes) -> bytes:
        peer.send(b"+ idling\r\n")
        begun.set()
        assert peer.line() == b"DONE"
        return b"%T OK done\r\n"

    with Script({b"IDLE": idle}) as server:
        store = server.connected()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(store.wait, 60)
            assert begun.wait(20)
            store.wake()
            assert waiting.result(timeout=20) is False
        store.noop()


def test_a_wake_up_that_comes_too_early_is_not_lost() -> None:
    with Script() as server:
        store = server.connected()
        store.wake()
        assert store.wait(60) is False


# --- idling


def test_news_in_idle_come_at_once_and_a_burst_is_one() -> None:
    def idle(peer: Peer, command: bytes) -> bytes:
        peer.send(b"+ idling\r\n* OK Still here\r\n* 4 EXISTS\r\n* 1 RECENT\r\n* 5 EXISTS\r\n")
        assert peer.line() == b"DONE"
        return b"%T OK done\r\n"

    with Script({b"IDLE": idle}) as server:
        store = server.connected()
        assert store.wait(60) is True
        store.noop()
        assert sum(line.endswith(b"IDLE") for line in server.said) == 1


@pytest.mark.parametrize(
    "news", [b"* 4 EXISTS\r\n", b"* 2 EXPUNGE\r\n", b"* VANISHED 5\r\n", b"* 1 FETCH (FLAGS (\\Seen))\r\n"]
)
def test_every_change_is_news(news: bytes) -> None:
    with Script({b"NOOP": news + b"%T OK done\r\n"}, capabilities=b"IMAP4rev1") as server:
        store = server.connected()
        store.noop()
        assert store.wait(60) is True


@pytest.mark.parametrize("still", [b"* OK Still here\r\n", b"* 3 EXISTS\r\n", b"* XFOO\r\n", b"* 0 RECENT\r\n"])
def test_what_changes_nothing_is_no_news(still: bytes) -> None:
    with Script({b"NOOP": still + b"%T OK done\r\n"}) as server:
        store = server.connected()
        store.noop()
        assert store.wait(0.01) is False


def test_a_server_that_refuses_idle_is_asked_once_and_polled_then() -> None:
    polls = iter([b"%T OK\r\n", b"* 4 EXISTS\r\n%T OK\r\n"])
    with Script({b"IDLE": b"%T NO not here\r\n", b"NOOP": lambda peer, command: next(polls)}) as server:
        store = server.connected(poll=0.05)
        assert store.wait(20) is True
        assert not store.capabilities.idle
        assert [line.partition(b" ")[2] for line in server.said[-3:]] == [b"IDLE", b"NOOP", b"NOOP"]


def test_a_server_that_ends_idle_by_itself_again_and_again_is_polled_then() -> None:
    with Script({b"IDLE": b"+ idling\r\n%T OK over\r\n", b"NOOP": b"* 4 EXISTS\r\n%T OK\r\n"}) as server:
        store = server.connected(poll=0.01)
        assert store.wait(20) is True
        assert sum(line.endswith(b"IDLE") for line in server.said) == 3


def test_idle_begins_anew_before_a_line_can_die_unseen() -> None:
    with Script() as server:
        store = server.connected(idle=0.02)
        assert store.wait(0.1) is False
        assert sum(line.endswith(b"IDLE") for line in server.said) >= 2


def test_a_line_that_dies_while_idling_is_noticed_at_the_end_of_the_idle() -> None:
    def dead(peer: Peer, command: bytes) -> bytes:
        peer.send(b"+ idling\r\n")
        peer.line()
        return b""

    with Script({b"IDLE": dead}) as server, pytest.raises(Offline, match="has not answered"):
        server.connected(timeout=0.2, idle=0.05).wait(60)


def test_a_server_that_hangs_up_while_idling_is_offline_at_once_and_costs_nothing() -> None:
    def leave(peer: Peer, command: bytes) -> None:
        peer.send(b"+ idling\r\n")

    with Script({b"IDLE": leave}) as server:
        store = server.connected()
        begun = time.process_time()
        for _ in range(3):
            with pytest.raises(Offline):
                store.wait(60)
        assert time.process_time() - begun < 1


# --- long texts


def test_a_long_text_tells_how_far_it_is_and_can_be_called_off() -> None:
    body = b"x" * 3_000_000
    with Script(
        {b"UID FETCH": b"* 1 FETCH (UID 5 BODY[] {%d}\r\n%s)\r\n%%T OK done\r\n" % (len(body), body)}
    ) as server:
        store = server.connected()
        told: list[tuple[int, int]] = []
        assert store.fetch(5, lambda done, total: told.append((done, total))) == body
        assert told == sorted(told)
        assert told[-1] == (len(body), len(body))

        def stop(done: int, total: int) -> None:
            raise Cancelled("Not wanted any more.")

        with pytest.raises(Cancelled):
            store.fetch(5, stop)
        assert store.uids() == {5, 6, 7}


def test_a_very_long_text_that_is_called_off_is_not_read_to_its_end() -> None:
    def endless(peer: Peer, command: bytes) -> None:
        peer.send(b"* 1 FETCH (UID 5 BODY[] {200000000}\r\n")
        while True:
            peer.send(b"x" * 65536)

    def stop(done: int, total: int) -> None:
        raise Cancelled("Not wanted any more.")

    with Script({b"UID FETCH": endless}) as server:
        store = server.connected()
        with pytest.raises(Cancelled):
            store.fetch(5, stop)
        with pytest.raises(Offline):
            store.noop()
