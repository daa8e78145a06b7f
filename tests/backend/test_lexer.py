"""What servers write is read however they spell it, and nothing they write is fatal."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.backend.imap.lexer import Frame, ParseError, Status, Value, parse, status, untagged

words = st.text("abcXYZ019.-", min_size=1).map(str.encode).filter(lambda word: word.upper() != b"NIL")
values: st.SearchStrategy[Value] = st.recursive(
    st.one_of(st.none(), words, st.binary(max_size=8)), lambda inner: st.lists(inner, max_size=4), max_leaves=12
)


def written(value: Value, draw: st.DataObject) -> bytes:
    """The value in one of the spellings it may have."""
    if value is None:
        return draw.draw(st.sampled_from([b"NIL", b"nil"]))
    if isinstance(value, list):
        return b"(" + draw.draw(st.sampled_from([b" ", b"  "])).join(written(each, draw) for each in value) + b")"
    kinds = ["literal"]
    if value and value.isalnum() and value.upper() != b"NIL":
        kinds.append("atom")
    if not set(value) & {0, 10, 13}:
        kinds.append("quoted")
    kind = draw.draw(st.sampled_from(kinds))
    if kind == "atom":
        return value
    if kind == "quoted":
        return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return b"{%d}\r\n%s" % (len(value), value)


@given(values, st.data())
def test_every_spelling_of_a_value_reads_the_same(value: Value, data: st.DataObject) -> None:
    assert parse(written(value, data)) == [value]


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    try:
        parse(octets)
    except ParseError as error:
        assert len(str(error)) < 500


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b'(\\HasNoChildren) "/" INBOX\r\n', [[b"\\HasNoChildren"], b"/", b"INBOX"]),
        (b"() NIL nil\r\n", [[], None, None]),
        (b'"NIL" "a \\"b\\" \\\\"', [b"NIL", b'a "b" \\']),
        (b"BODY[HEADER.FIELDS (DATE FROM)]<0> x", [b"BODY[HEADER.FIELDS (DATE FROM)]<0>", b"x"]),
        (b"(\\Seen foo]bar [x)", [[b"\\Seen", b"foo]bar", b"[x"]]),
        (b"x[/] {3}\r\na)b {5+}\r\nhello", [b"x[/]", b"a)b", b"hello"]),
        (b"{5} a{5}", [b"{5}", b"a{5}"]),
    ],
)
def test_what_servers_really_write(wire: bytes, expected: list[Value]) -> None:
    assert parse(wire) == expected


@pytest.mark.parametrize("wire", [b"(", b")", b"(a))", b'"open', b"{9}\r\nshort", b"(" * 5000, b"(" * 600 + b")" * 600])
def test_what_cannot_be_meant_is_refused(wire: bytes) -> None:
    with pytest.raises(ParseError):
        parse(wire)


@pytest.mark.parametrize(
    "unit", [b"[", b"(", b")", b'"', b"\\", b"{", b"a[", b'"\\', b'""', b"{1}\r\n", b"~", b"[]", b"a "]
)
def test_a_megabyte_of_nonsense_takes_no_time(unit: bytes) -> None:
    begun = time.process_time()
    for octets in (unit * (1_000_000 // len(unit)), b"* 1 FETCH (" + unit * 100_000):
        try:
            parse(octets)
        except ParseError:
            continue
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"done", Status(b"", b"", b"done")),
        (b"", Status(b"", b"", b"")),
        (b"[READ-WRITE] done\r\n", Status(b"READ-WRITE", b"", b"done")),
        (b"[uidvalidity 7]", Status(b"UIDVALIDITY", b"7", b"")),
        (b"[COPYUID 7 1:3 4:6] ok", Status(b"COPYUID", b"7 1:3 4:6", b"ok")),
        (b"[PERMANENTFLAGS (\\Seen a]b \\*)] x] y", Status(b"PERMANENTFLAGS", b"(\\Seen a]b \\*)", b"x] y")),
        (b"[no end", Status(b"", b"", b"[no end")),
        (b"[ALERT ] hello", Status(b"ALERT", b"", b"hello")),
    ],
)
def test_response_codes_are_told_from_words(text: bytes, expected: Status) -> None:
    assert status(text) == expected


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        (b"* 12 FETCH (UID 1)\r\n", b"FETCH", 12),
        (b"* 0 exists\r\n", b"EXISTS", 0),
        (b"*  12   FETCH (UID 1)\r\n", b"FETCH", 12),
        (b"* OK\r\n", b"OK", None),
        (b"* BYE bye\r\n", b"BYE", None),
        (b"* X-FOO bar\r\n", b"X-FOO", None),
    ],
)
def test_responses_are_known_by_their_kind(line: bytes, kind: bytes, number: int | None) -> None:
    response = untagged(Frame((line,)))
    assert (response.kind, response.number) == (kind, number)


@pytest.mark.parametrize(
    "line",
    [b"* -1 EXPUNGE\r\n", b"* 99999999999999999999 EXISTS\r\n", b"* 4294967296 EXISTS\r\n", b"* \r\n", b"* (\r\n"],
)
def test_absurd_responses_are_refused(line: bytes) -> None:
    with pytest.raises(ParseError):
        untagged(Frame((line,)))
