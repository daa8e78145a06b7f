"""A line that breaks anywhere, or a server that says no to anything, is never taken for an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.servers import Demos, demo_account
from tui_mail.backend.contract import Known, Store
from tui_mail.backend.imap_store import ImapStore
from tui_mail.config.credentials import Secret
from tui_mail.demo.server import Server
from tui_mail.model.errors import MailError, Offline
from tui_mail.model.message import FLAGGED, SEEN

T = TypeVar("T")
READS: dict[str, Callable[[Store], object]] = {
    "folders": lambda store: [(folder.raw, folder.role) for folder in store.folders()],
    "status": lambda store: store.status(b"Archive"),
    "open": lambda store: store.open(b"INBOX"),
    "resync": lambda store: store.open(b"INBOX", Known(1001, 5, 2)),
    "newest": lambda store: sorted(message.uid for message in store.newest(3)),
    "headers": lambda store: sorted((message.uid, message.header, message.flags) for message in store.headers([1, 3])),
    "headers_from": lambda store: sorted(message.uid for message in store.headers_from(2)),
    "uids": lambda store: store.uids(),
    "flags": lambda store: store.flags(1),
    "changed_since": lambda store: store.changed_since(1, 1),
    "fetch": lambda store: store.fetch(2),
    "identity": lambda store: store.identity([1, 2, 3]),
    "find": lambda store: store.find("<2@example.org>"),
}
CHANGES: dict[str, Callable[[Store], object]] = {
    "store": lambda store: store.store([1, 2], frozenset({SEEN}), frozenset({FLAGGED})),
    "move": lambda store: store.move([1, 2], b"Archive"),
    "expunge": lambda store: store.expunge([1, 2]),
    "append": lambda store: store.append(b"Sent", b"Subject: x\r\n\r\nx\r\n"),
    "create": lambda store: store.create("New"),
    "wait": lambda store: store.wait(0.01),
    "noop": lambda store: store.noop(),
}


def filled(demos: Demos) -> Server:
    server = demos()
    for number in range(1, 5):
        raw = f"From: a@example.org\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@example.org>\r\n\r\nText.\r\n"
        server.mailbox.put(raw.encode(), flags={FLAGGED} if number == 2 else ())
    return server


def opened(server: Server) -> ImapStore:
    store = ImapStore(demo_account(server), lambda: Secret("demo"), timeout=5)
    store.connect()
    store.open(b"INBOX")
    return store


def outcome(action: Callable[[], T]) -> T | MailError:
    try:
        return action()
    except MailError as error:
        return error


@pytest.mark.parametrize("verb", READS)
def test_a_line_cut_anywhere_gives_the_whole_answer_or_none(demo_server: Demos, verb: str) -> None:
    server = filled(demo_server)
    store = opened(server)
    whole = READS[verb](store)
    store.close()
    octets = 0
    got: object = None
    while got != whole:
        store = opened(server)
        server.cut(octets=octets)
        got = outcome(lambda store=store: READS[verb](store))  # type: ignore[misc]  # mypy does not infer defaults
        server.faults.clear()
        assert got == whole or isinstance(got, Offline), f"cut after {octets} octets: {got!r}"
        with_line = outcome(store.noop)
        assert isinstance(with_line, Offline) or got == whole
        store.close()
        octets += 17
    assert octets > 17


@pytest.mark.parametrize("verb", ["store", "move", "expunge", "append", "create"])
def test_a_change_whose_answer_is_cut_off_is_never_called_done(demo_server: Demos, verb: str) -> None:
    for octets in range(0, 60, 4):
        server = filled(demo_server)
        store = opened(server)
        server.cut(octets=octets)
        got = outcome(lambda store=store: CHANGES[verb](store))  # type: ignore[misc]  # as above
        held = [name for name in ("INBOX", "Archive", "Sent") for _ in server.mailbox.uids(name)]
        if isinstance(got, MailError):
            assert isinstance(got, Offline)
        elif verb == "move":
            assert held == ["INBOX", "INBOX", "Archive", "Archive"]
        elif verb == "expunge":
            assert held == ["INBOX", "INBOX"]
        elif verb == "append":
            assert held.count("Sent") == 1
        store.close()
        server.stop()


@pytest.mark.parametrize("reply", ["NO Not now", "BAD What?", "NO [UNAVAILABLE] Later", "NO [NOPERM] Never", "NO"])
@pytest.mark.parametrize("verb", [*READS, *CHANGES])
def test_a_no_is_a_sentence_and_the_line_goes_on(demo_server: Demos, verb: str, reply: str) -> None:
    if (verb, reply) == ("headers", "NO [UNAVAILABLE] Later"):
        return
    server = filled(demo_server)
    store = opened(server)
    server.refuse(r"^(?!LOGOUT)", reply, times=None)
    got: Any = outcome(lambda: (READS | CHANGES)[verb](store))
    if verb == "headers" and "UNAVAILABLE" not in reply:
        assert [header for _, header, _ in got] == [b"", b""]  # rows that say that they could not be read
    elif verb not in ("wait", "noop"):
        assert isinstance(got, MailError)
        assert str(got)
    server.faults.clear()
    if isinstance(got, Offline):
        store.connect()
    assert store.open(b"INBOX").exists == 4
    assert store.uids() == {1, 2, 3, 4}


@pytest.mark.parametrize("verb", [*READS, *CHANGES])
def test_a_silent_server_is_given_up(demo_server: Demos, verb: str) -> None:
    server = filled(demo_server)
    store = ImapStore(demo_account(server), lambda: Secret("demo"), timeout=0.1)
    store.connect()
    store.open(b"INBOX")
    server.hold()
    assert isinstance(outcome(lambda: (READS | CHANGES)[verb](store)), Offline)
    server.release()
    store.connect()
    assert store.open(b"INBOX").uidvalidity


@pytest.mark.parametrize("verb", [*READS, *CHANGES])
def test_a_goodbye_in_the_middle_says_so(demo_server: Demos, verb: str) -> None:
    server = filled(demo_server)
    store = opened(server)
    server.bye("Back at noon")
    got = outcome(lambda: (READS | CHANGES)[verb](store))
    assert isinstance(got, Offline)
