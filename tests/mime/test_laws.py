"""What holds for every letter there may be: it opens, in time, and nothing that could act on a terminal is shown."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mime.hostile import render
from tui_mail.engine.workshop import DEADLINE
from tui_mail.mime.parse import parse
from tui_mail.model.message import Message

LETTERS = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "letters").glob("*.eml"))]
ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e001f]"
)
"""Controls, bidi controls and surrogates; a line end is none."""
PIECES = st.sampled_from(
    [b"\x1b[31m", b"\xe2\x80\xae", b"=?utf-8?b?", b"?=", b"<", b">", b'"', b"(", b"\r", b"\n\n", b"\x00", b"\xff\xfe",
     b"&#27;", b"<table>", b"<a href=", b"--x", b"Content-Type: multipart/mixed; boundary=x\n", b"begin 644 x\n",
     b"charset=utf-16", b"charset=utf-7", b"+2AA-", b"format=flowed", b"-----BEGIN PGP MESSAGE-----\n",
     b"@@ -1 +1 @@\n",     b"\xed\xa0\x80", b"\x9b31m", b"%1B", b";", b"=1B]52", b"\x1b$B"]
)  # fmt: skip


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """A letter of ours with a few places overwritten, doubled or cut out."""
    raw = draw(st.sampled_from(LETTERS))
    for _ in range(draw(st.integers(1, 6))):
        at, length = draw(st.integers(0, len(raw))), draw(st.integers(0, 40))
        piece = draw(PIECES | st.binary(max_size=8) | st.just(raw[at : at + length]))
        raw = raw[:at] + piece + raw[at + length :]
    return raw


def shown(message: Message) -> Iterator[str]:
    """Every text of a letter that a widget may draw."""
    yield from (message.subject, message.text, message.list_id, message.list_post, *message.notes)
    for name, value in message.headers:
        yield from (name, value)
    for person in (message.sender, *message.authors, *message.reply_to, *message.to, *message.cc, *message.bcc):
        yield from (person.name, person.email)
    for one in message.attachments:
        yield from (one.name, one.type, one.damage, one.content_id)
    document = message.document
    yield from (*document.links, *document.notes, *(fold.words for fold in document.folds))
    for block in document.blocks:
        yield from (block.first, block.rest, *(run.text for run in block.runs))
        yield from (run.text for row in block.rows for cell in row for run in cell.runs)


@given(bent() | st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_letter_opens_in_time_and_nothing_of_it_acts(raw: bytes) -> None:
    before = time.process_time()
    message = parse(raw)
    assert time.process_time() - before < DEADLINE
    assert not any("could not be taken apart" in note for note in message.notes)
    acting = [text for text in shown(message) if ACTING.search(text)]
    assert acting == []


@given(bent())
@settings(max_examples=60, deadline=None)
def test_whatever_is_rendered_can_be_printed(raw: bytes) -> None:
    found = render(raw)
    for part in ("list", "headers", "text"):
        text = found[part]
        assert isinstance(text, str)
        assert not ACTING.search(text), ACTING.search(text)


HEAD = b"From: Mallory <mallory@evil.example>\nTo: ann@example.org\nSubject: much\nMIME-Version: 1.0\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
TEXT = HEAD + b"Content-Type: text/plain\n\n"
MUCH = {
    "tags": HTML + b"<div><b><table><tr><td><ul><li>" * 700 + b"deep words",
    "comments in html": HTML + b"<!--" * 15_000,
    "columns": HTML + b"<table border=1><tr><th colspan=100000000>x</th></tr><tr><td>y</td><td>z</td></tr></table>",
    "rules of style": HTML + b"<style>" + b".a{display:none}" * 60_000 + b"</style>x",
    "attributes": HTML + b"<div " + b"a1=1 " * 50_000 + b">x</div>",
    "quote marks": TEXT + b">" * 400 + b" x\n" + (b"> " * 4000 + b"x\n") * 20,
    "beginnings": TEXT + b"begin 644 x\n" * 50_000,
    "armor": TEXT + b"-----BEGIN PGP MESSAGE-----\n" * 20_000 + b"-----END PGP MESSAGE-----\n",
    "hunks": TEXT + b"@@ -1 +1 @@\n-a\n+b\n" * 8_000,
    "originals": TEXT + b"Hi\n" + b"From: a\nSent: b\n" * 8_000,
    "marks on a letter": TEXT + b"a" + "\u0301".encode() * 50_000,
    "fields": HEAD + b"".join(b"X-%d: y\n" % number for number in range(20_000)) + b"\nx",
    "odd lines": HEAD + b"no field here\n" * 20_000 + b"\nx",
    "blank lines": HEAD + b" \nA: b\n" * 20_000 + b"x",
    "parentheses": HEAD.replace(b"Mallory", b"(" * 20_000) + b"\nx",
    "encoded words": HEAD.replace(b"much", b"=?utf-8?q?=41?= " * 20_000) + b"\nx",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"\n\nx",
    "boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 100_000,
    "messages": HEAD + b"\n" + b"Content-Type: message/rfc822\n\n" * 2000 + b"x",
    "references": HEAD + b"References: " + b"<a@b> " * 50_000 + b"\n\nx",
    "flowed lines": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b">> word \n" * 50_000,
}


@pytest.mark.parametrize("raw", MUCH.values(), ids=MUCH.keys())
def test_too_much_of_anything_is_bounded(raw: bytes) -> None:
    before = time.process_time()
    parse(raw)
    assert time.process_time() - before < DEADLINE
