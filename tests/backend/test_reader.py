"""However the network cuts it, the same responses come out, and memory follows what came, not what was announced."""

from __future__ import annotations

import itertools
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.backend.imap.lexer import Frame
from tui_mail.backend.imap.reader import OutOfStep, Reader

TRANSCRIPT = (
    b"* OK [CAPABILITY IMAP4rev1] hello {5}\r\n"
    b"\r\n"
    b'* LIST () "/" {8}\r\na\r\nb {3} x\r\n'
    b"* 1 FETCH (UID 5 BODY[] {25}\r\n)\r\n* 5 EXPUNGE\r\nA1 OK x\r\n BODY[1] ~{0}\r\n FLAGS ())\r\n"
    b"\n"
    b"A1 NO [OVERQUOTA] full {9}\r\n"
    b"+ {3}\r\n"
    b"* SEARCH 1 2 3\n"
    b"* 2 FETCH (UID 6 BODY[] {4}\r\n)\r\n*)\r\n"
    b"* 3 FETCH (UID 7 BODY[] {2}\r\n{2 FLAGS ())\r\n"
    b"* 4 FETCH (UID 8)\r\n"
    b"* 5 FETCH (UID 9 BODY[] {4}\r\n\r\n\r\n)\r\n"
)
FRAMES = [
    Frame((b"* OK [CAPABILITY IMAP4rev1] hello {5}\r\n",)),
    Frame((b'* LIST () "/" {8}\r\n', b" x\r\n"), (b"a\r\nb {3}",)),
    Frame(
        (b"* 1 FETCH (UID 5 BODY[] {25}\r\n", b" BODY[1] ~{0}\r\n", b" FLAGS ())\r\n"),
        (b")\r\n* 5 EXPUNGE\r\nA1 OK x\r\n", b""),
    ),
    Frame((b"A1 NO [OVERQUOTA] full {9}\r\n",)),
    Frame((b"+ {3}\r\n",)),
    Frame((b"* SEARCH 1 2 3\n",)),
    Frame((b"* 2 FETCH (UID 6 BODY[] {4}\r\n", b")\r\n"), (b")\r\n*",)),
    Frame((b"* 3 FETCH (UID 7 BODY[] {2}\r\n", b" FLAGS ())\r\n"), (b"{2",)),
    Frame((b"* 4 FETCH (UID 8)\r\n",)),
    Frame((b"* 5 FETCH (UID 9 BODY[] {4}\r\n", b")\r\n"), (b"\r\n\r\n",)),
]


def read(pieces: list[bytes], reader: Reader | None = None) -> list[Frame]:
    reader = reader or Reader()
    found = []
    for piece in pieces:
        reader.feed(piece)
        while (frame := reader.next()) is not None:
            found.append(frame)
    return found


@pytest.mark.parametrize("spill", [1 << 20, 5])
def test_a_transcript_cut_anywhere_reads_the_same(spill: int) -> None:
    for cut in range(len(TRANSCRIPT) + 1):
        assert read([TRANSCRIPT[:cut], TRANSCRIPT[cut:]], Reader(spill=spill)) == FRAMES, cut


@given(st.lists(st.integers(0, len(TRANSCRIPT))), st.sampled_from([1, 5, 1000]))
def test_a_transcript_cut_in_many_places_reads_the_same(cuts: list[int], spill: int) -> None:
    edges = [0, *sorted(cuts), len(TRANSCRIPT)]
    pieces = [TRANSCRIPT[low:high] for low, high in itertools.pairwise(edges)]
    assert read(pieces, Reader(spill=spill)) == FRAMES


def test_a_transcript_in_single_octets_reads_the_same() -> None:
    assert read([bytes([octet]) for octet in TRANSCRIPT]) == FRAMES


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=10))
def test_any_octets_are_read_the_same_in_any_pieces(pieces: list[bytes]) -> None:
    try:
        whole = read([b"".join(pieces)])
    except OutOfStep:
        return
    assert read(pieces) == whole


def test_half_a_response_is_no_response() -> None:
    reader = Reader()
    reader.feed(b"* 1 FETCH (BODY[] {10}\r\nabc")
    assert reader.next() is None
    assert reader.progress == (3, 10)
    assert not reader.is_between
    reader.feed(b"defghij")
    assert reader.next() is None
    reader.feed(b")\r\n")
    assert reader.next() == Frame((b"* 1 FETCH (BODY[] {10}\r\n", b")\r\n"), (b"abcdefghij",))
    assert reader.is_between
    assert reader.progress is None


@pytest.mark.parametrize(
    "octets",
    [
        b"* 1 FETCH (BODY[] {2000000000}\r\n",
        b"* 1 FETCH (BODY[] {99999999999999999999}\r\n",
        b"* " + b"x" * 5000,
        b"* X {1}\r\na" + b"y" * 5000,
        b"* X" + b" {900}\r\n" + b"z" * 900 + b" {900}\r\n",
    ],
)
def test_what_is_too_long_is_given_up(octets: bytes) -> None:
    with pytest.raises(OutOfStep):
        read([octets], Reader(longest_line=4000, longest_literal=1000))


def test_an_announcement_alone_takes_no_memory() -> None:
    tracemalloc.start()
    reader = Reader()
    reader.feed(b"* 1 FETCH (UID 1 BODY[] {250000000}\r\nonly a little")
    assert reader.next() is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    reader.drop()
    assert peak < 1 << 20


def test_a_large_text_is_held_once() -> None:
    text = random.Random(1).randbytes(8 << 20)
    reader = Reader()
    tracemalloc.start()
    reader.feed(b"* 1 FETCH (BODY[] {%d}\r\n" % len(text))
    for start in range(0, len(text), 1 << 16):
        reader.feed(text[start : start + (1 << 16)])
        assert reader.next() is None
    reader.feed(b")\r\n")
    frame = reader.next()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert frame is not None
    assert frame.literals == (text,)
    assert peak < len(text) * 1.2


def test_many_responses_leave_nothing_behind() -> None:
    reader = Reader()
    tracemalloc.start()
    for _ in range(200):
        reader.feed(b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n" * 500)
        while reader.next() is not None:
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20
