"""A BODYSTRUCTURE is read as the tree that it describes, and nothing in one is a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tui_mail.backend.imap.layout import layout

TEXT = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)'
NAMED = b'("attachment" ("FILENAME" "a.pdf"))'
PDF = b'("APPLICATION" "PDF" ("NAME" "a\\"b.pdf") "<x@y>" NIL "BASE64" 7800 NIL ' + NAMED + b" NIL NIL)"
INNER = (
    b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 300 ("d" "s" NIL NIL NIL NIL NIL NIL NIL "<i>") '
    + TEXT
    + b" 9 NIL NIL NIL NIL)"
)


def test_a_tree_with_its_numbers_types_and_names() -> None:
    root = layout(
        b"(("
        + TEXT
        + TEXT.replace(b"PLAIN", b"HTML")
        + b' "ALTERNATIVE")'
        + PDF
        + INNER
        + b' "MIXED" ("BOUNDARY" "b"))'
    )
    assert root is not None and root.type == "multipart/mixed" and root.parameters == ((b"BOUNDARY", b"b"),)
    assert [(leaf.number, leaf.type, leaf.size) for leaf in root.leaves()] == [
        ("1.1", "text/plain", 12),
        ("1.2", "text/html", 12),
        ("2", "application/pdf", 7800),
        ("3", "message/rfc822", 300),
    ]
    pdf = root.children[1]
    assert (pdf.disposition, pdf.names, pdf.content_id) == (b"attachment", ((b"FILENAME", b"a.pdf"),), b"<x@y>")
    assert pdf.parameters == ((b"NAME", b'a"b.pdf'),) and pdf.decoded_size == 5700


def test_a_letter_of_one_part() -> None:
    root = layout(TEXT)
    assert root is not None and root.number == "1" and root.encoding == b"7BIT"


@pytest.mark.parametrize("words", [b"", b"NIL", b"()", b"(((((", b'("TEXT")', b"(" * 40 + TEXT + b")" * 40, b"(()())"])
def test_what_cannot_be_read_is_none(words: bytes) -> None:
    assert layout(words) is None


@given(some.text('()" NIL{}1\r\nTEXT', max_size=60))
def test_no_words_are_a_fault(words: str) -> None:
    layout(words.encode())
