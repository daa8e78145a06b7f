"""Answers that were damaged on their way: a value, an error in a sentence, never a crash, a spin or a foreign mail."""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.backend.test_fetch import read
from tests.backend.test_lexer import values, written
from tests.demo.client import Imap
from tui_mail.backend.imap import opening
from tui_mail.backend.imap.connection import Connection
from tui_mail.backend.imap.filing import Filing
from tui_mail.backend.imap.lexer import Value, parse
from tui_mail.backend.imap.listing import list_folders
from tui_mail.backend.imap.opened import Opened
from tui_mail.backend.imap.quirks import Quirks
from tui_mail.backend.imap.reading import Reading
from tui_mail.backend.imap.session import Session
from tui_mail.backend.imap.wire import Limits, Wire
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.quirks import MODERN
from tui_mail.demo.server import Server
from tui_mail.engine.arrivals import arrival
from tui_mail.model.errors import MailError
from tui_mail.model.message import SEEN

UIDS = (1, 2, 3, 5)
"""What is asked for; 4 is there too, and never to be believed."""
CAN = frozenset({"ESEARCH", "UIDPLUS", "MOVE", "CONDSTORE", "LIST-STATUS", "LIST-EXTENDED", "SPECIAL-USE", "OBJECTID"})


def headers(opened: Opened) -> set[int]:
    found = list(Reading(opened).headers(UIDS))
    for message in found:
        arrival(message)
    return {message.uid for message in found}


VERBS: dict[str, tuple[str, Callable[[Opened], object]]] = {
    "headers": (
        "UID FETCH 1:3,5 (UID FLAGS INTERNALDATE RFC822.SIZE EMAILID THREADID BODYSTRUCTURE"
        " BODY.PEEK[HEADER.FIELDS (DATE FROM TO SUBJECT MESSAGE-ID)])",
        headers,
    ),
    "letters": ("UID FETCH 2 (UID BODY.PEEK[])", lambda opened: {uid for uid, _ in Reading(opened).letters((2,))}),
    "flags": ("UID FETCH 1:3 (UID FLAGS)", lambda opened: set(Reading(opened).flags(1, 3)) | {1}),
    "fetch": ("UID FETCH 2 (UID BODY.PEEK[])", lambda opened: Reading(opened).fetch(2, b"", None)),
    "uids": ("UID SEARCH RETURN (ALL) UID 1:3", lambda opened: Reading(opened).uids(1, 3)),
    "count": ("UID SEARCH RETURN (COUNT) UID 1:9", lambda opened: Reading(opened).count(1)),
    "identity": (
        "UID FETCH 1:3,5 (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])",
        lambda opened: set(Reading(opened).identity(UIDS)),
    ),
    "folders": (
        'LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ))',
        lambda opened: list_folders(opened.session, {}, None, set()),
    ),
    "store": (
        "UID STORE 1:2 +FLAGS (\\Seen)",
        lambda opened: Filing(opened).store((1, 2), frozenset({SEEN}), frozenset()),
    ),
    "move": ("UID MOVE 1 Archive", lambda opened: Filing(opened).move((1,), b"Archive")),
    "select": (
        "SELECT INBOX (CONDSTORE)",
        lambda opened: opening.selected(
            opened.connection, opened.connection.run(b"SELECT INBOX", wants=opening.WANTS), None, resyncs=False
        ),
    ),
}


@cache
def answers() -> dict[str, bytes]:
    """What the demo server says to each, `%T` for the tag."""
    mailbox = Mailbox()
    for number in range(1, 6):
        head = (
            f"From: Bob <b{number}@example.org>\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@example.org>\r\n"
        )
        mailbox.put((head + "\r\nText (with) {3}\r\n* 4 EXPUNGE\r\n").encode(), flags={SEEN} if number % 2 else ())
    found = {}
    with Server(mailbox, capabilities=MODERN) as server:
        for name, (command, _) in VERBS.items():
            with Imap(server.imap_port, "INBOX") as client:
                client.send(b"t " + command.encode() + b"\r\n")
                lines = []
                while not (line := client.line()).startswith(b"t "):
                    lines.append(line)
                found[name] = (b"".join(lines) + b"%T" + line[1:]).replace(b'(TAG "t")', b'(TAG "%T")')
    return found


@contextmanager
def hearing(octets: bytes) -> Iterator[Opened]:
    """A folder on a line that says just this to the first command, and ends."""
    ours, theirs = socket.socketpair()
    connection = Connection(Wire(ours, "mail.example.org", Limits(2)))
    connection.capabilities = CAN
    theirs.sendall(octets.replace(b"%T", connection._prefix + b"1"))
    theirs.shutdown(socket.SHUT_WR)
    opened = Opened(Session(connection, Quirks(), frozenset()), b"INBOX", 5, set())
    connection.heard = opened.hear
    try:
        yield opened
    finally:
        connection.wire.close()
        theirs.close()


def tried(verb: str, octets: bytes) -> object:
    """What the verb makes of it; an error that is no sentence, or more than half a second of the processor, fails."""
    with hearing(octets) as opened:
        begun = time.thread_time()
        try:
            return VERBS[verb][1](opened)
        except MailError as error:
            return error
        finally:
            assert time.thread_time() - begun < 0.5


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_recorded_is_understood(verb: str) -> None:
    assert not isinstance(tried(verb, answers()[verb]), MailError)


@pytest.mark.parametrize("verb", VERBS)
def test_an_answer_that_ends_anywhere_is_an_error_or_whole(verb: str) -> None:
    whole = answers()[verb]
    for end in range(0, len(whole), 1 + len(whole) // 300):
        assert isinstance(tried(verb, whole[:end]), MailError)


def damaged(octets: bytes, dice: random.Random) -> bytes:
    """A few octets or lines lost, doubled, swapped or made up."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(octets) + 1)
        to = min(len(octets), at + dice.choice((1, 1, 2, 8, 60)))
        lines = octets.splitlines(keepends=True)
        match dice.randrange(7):
            case 0:
                octets = octets[:at] + octets[to:]
            case 1:
                octets = octets[:to] + octets[at:]
            case 2:
                octets = octets[:at] + dice.randbytes(dice.randint(1, 6)) + octets[to:]
            case 3:
                octets = (
                    octets[:at]
                    + dice.choice((b"(", b")", b'"', b"{9}\r\n", b"\r\n", b"NIL", b"\0", b"* "))
                    + octets[at:]
                )
            case 4:
                dice.shuffle(lines)
                octets = b"".join(lines)
            case 5:
                octets = re.sub(
                    rb"\d+", lambda _: str(dice.choice((0, 4, 7, 1 << 40))).encode(), octets, count=dice.randint(1, 3)
                )
            case _:
                octets = b"".join(line for line in lines if dice.random() > 0.2)
    return octets


@pytest.mark.parametrize("verb", VERBS)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1 << 30))
def test_a_damaged_answer_is_a_value_or_a_sentence_and_never_anothers_mail(verb: str, seed: int) -> None:
    found = tried(verb, damaged(answers()[verb], random.Random(seed)))
    if isinstance(found, set):
        assert found <= set(UIDS)


def pieces(octets: bytes) -> list[bytes | tuple[bytes, bytes]]:
    """A response as IMAPClient has it from its line: what stands before a literal beside the literal."""
    found: list[bytes | tuple[bytes, bytes]] = []
    while counted := re.search(rb"\{(\d+)\}\r\n", octets):
        end = counted.end() + int(counted[1])
        found.append((octets[: counted.end() - 2], octets[counted.end() : end]))
        octets = octets[end:]
    return [*found, octets]


def plain(value: object) -> object:
    """A number is a number, whoever read it."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return int(value) if isinstance(value, bytes) and value.isdigit() else value


@given(values, st.data())
def test_another_client_reads_every_value_as_we_do(value: Value, data: st.DataObject) -> None:
    oracle = pytest.importorskip("imapclient.response_parser")
    octets = b"(" + written(value, data) + b")"
    assume(b"nil" not in octets)  # IMAPClient knows NIL in capitals only
    assert plain(oracle.parse_response(pieces(octets))) == plain(parse(octets))


@pytest.mark.parametrize("verb", ["headers", "letters", "flags", "identity"])
def test_another_client_reads_what_was_recorded_as_we_do(verb: str) -> None:
    oracle = pytest.importorskip("imapclient.response_parser")
    responses = re.split(rb"(?<=\)\r\n)(?=\* \d+ FETCH)", answers()[verb].partition(b"%T")[0])
    for response in responses:
        octets = response.removeprefix(b"* ").replace(b" FETCH", b"", 1).removesuffix(b"\r\n")
        [theirs] = oracle.parse_fetch_response(pieces(octets)).values()
        ours = read(response)
        assert set(map(str.encode, ours.flags or ())) == set(theirs.get(b"FLAGS", ()))
        assert ours.size == theirs.get(b"RFC822.SIZE")
        assert ours.body == next((text for name, text in theirs.items() if name.startswith(b"BODY[")), None)
