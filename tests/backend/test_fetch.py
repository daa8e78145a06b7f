"""One message's facts, whatever order and spelling the server chose, and nothing at all where it is out of step."""

from __future__ import annotations

import datetime as dt
import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.backend.imap.fetch import Fetched, fetched, flags, in_one_stride, internal_date, written_date
from tui_mail.backend.imap.lexer import Frame, ParseError, Response, untagged
from tui_mail.backend.imap.reader import Reader
from tui_mail.backend.imap.structure import has_attachment

HEADER = b"Subject: hi\r\nFrom: a@example.org\r\n\r\n"
TEXT = b'("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 6 1 NIL NIL NIL NIL)'
PDF = (
    b'("application" "pdf" ("name" "x \\"1\\" (2).pdf") NIL NIL "base64" 6 NIL '
    b'("attachment" ("filename" "x.pdf")) NIL NIL)'
)
MIXED = b"(" + TEXT + PDF + b' "mixed" ("boundary" "b) BODY[") NIL NIL NIL)'
ITEMS = (
    b"UID 7",
    b"FLAGS (\\Seen \\Recent $Junk)",
    b'INTERNALDATE "17-Jul-1996 02:44:25 -0700"',
    b"RFC822.SIZE 4286",
    b"BODYSTRUCTURE " + MIXED,
    b"BODY[HEADER.FIELDS (SUBJECT FROM)] {%d}\r\n%s" % (len(HEADER), HEADER),
)
EXPECTED = Fetched(7, frozenset({"\\Seen", "$Junk"}), 837596665, 4286, None, MIXED, HEADER)


def read(wire: bytes) -> Fetched:
    reader = Reader()
    reader.feed(wire)
    frame = reader.next()
    assert frame is not None
    assert reader.is_between
    return fetched(untagged(frame))


@pytest.mark.parametrize("order", list(itertools.permutations(range(6)))[::7])
def test_items_come_in_any_order(order: tuple[int, ...]) -> None:
    assert read(b"* 3 FETCH (" + b" ".join(ITEMS[index] for index in order) + b")\r\n") == EXPECTED


@pytest.mark.parametrize(
    "extra",
    [
        b"MODSEQ (12)",
        b'ENVELOPE ("x" "say (hi" ((NIL NIL "a" "b")) NIL NIL NIL NIL NIL NIL {3}\r\na)b)',
        b"X-GM-LABELS (\\Inbox {4}\r\na(b\\)",
        b"X-GM-MSGID 123",
        b'EMAILID (M12) THREADID NIL PREVIEW "so (it goes"',
        b"PREVIEW {5}\r\n)\r\n(x",
        b'BINARY.SIZE[1] 12 SAVEDATE NIL X-ODD "a"',
    ],
)
def test_items_that_nobody_asked_for_are_passed_over(extra: bytes) -> None:
    for where in range(len(ITEMS) + 1):
        items = (*ITEMS[:where], extra, *ITEMS[where:])
        found = read(b"* 3 FETCH (" + b" ".join(items) + b")\r\n")
        found.modseq = None
        found.mail = found.thread = ""
        assert found == EXPECTED


def test_names_are_known_in_any_case_and_with_more_blanks() -> None:
    wire = b'* 3  fetch ( uid  7 flags (\\SEEN) rfc822.size 5  body[header] "a\\"b" )\r\n'
    assert read(wire) == Fetched(7, frozenset({"\\Seen"}), None, 5, None, b"", b'a"b')


@pytest.mark.parametrize("spelling", [b"{2}\r\nhi", b'"hi"'])
def test_a_text_may_be_quoted_or_counted(spelling: bytes) -> None:
    assert read(b"* 1 FETCH (UID 1 BODY[] " + spelling + b")\r\n").body == b"hi"


def test_what_a_server_does_not_know_of_a_message_or_names_oddly_costs_nothing_else() -> None:
    found = read(b"* 1 FETCH (UID 1 INTERNALDATE NIL RFC822.SIZE nil FLAGS (\\Seen) BODY.PEEK[HEADER] {2}\r\nhi)\r\n")
    assert found == Fetched(1, frozenset({"\\Seen"}), body=b"hi")
    assert read(b"* 1 FETCH (UID 1 RFC822 {2}\r\nhi)\r\n").body == b"hi"
    assert read(b"* 1 FETCH (UID 1 RFC822.SIZE 99999999999999999999)\r\n").size == (1 << 63) - 1


def test_nil_is_not_an_empty_text() -> None:
    assert read(b"* 1 FETCH (UID 1 BODY[] NIL)\r\n").body is None
    assert read(b"* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n").body == b""
    assert read(b'* 1 FETCH (UID 1 BODY[] "")\r\n').body == b""


def test_a_structure_with_counted_names_is_kept_as_it_came() -> None:
    odd = b'("text" "plain" ("name" {7}\r\na)" (\r\n) NIL NIL "7bit" 6 1)'
    assert read(b"* 1 FETCH (BODYSTRUCTURE " + odd + b" UID 4)\r\n") == Fetched(4, structure=odd)


@pytest.mark.parametrize(
    "wire",
    [
        b"* 1 FETCH (UID 1 BODY[] {5}\r\nhello, world)\r\n",
        b"* 1 FETCH (UID 1 BODY[] {5}\r\nhello\r\n",
        b"* 1 FETCH (UID 1 FLAGS (\\Seen)\r\n",
        b"* 1 FETCH UID 1\r\n",
        b"* 1 FETCH (UID x)\r\n",
        b"* 1 FETCH (UID)\r\n",
        b"* 1 FETCH (UID 1) (UID 2)\r\n",
        b"* 1 FETCH (UID 1 FLAGS NIL)\r\n",
        b"* 1 FETCH (UID 1 BODYSTRUCTURE ((((((((((\r\n",
        b"* 1 FETCH (UID 1 BODYSTRUCTURE (" + b"(" * 5000 + b"\r\n",
        b'* 1 FETCH (UID 1 BODYSTRUCTURE ("open)\r\n',
    ],
)
def test_nothing_is_believed_of_a_response_that_is_out_of_step(wire: bytes) -> None:
    with pytest.raises(ParseError):
        read(wire)


@given(st.lists(st.sampled_from([*b'()[]{}"\\ \r\n5', *b"UID FLAGSNBODY.{3}"]), max_size=60))
def test_any_octets_are_read_or_refused(octets: list[int]) -> None:
    try:
        fetched(untagged(Frame((b"* 1 FETCH (" + bytes(octets) + b")\r\n",))))
    except ParseError:
        return


STRUCTURES = (TEXT, PDF, MIXED, b'("a" "x) BODY[" 5)', b"(NIL)", b"((NIL)(NIL))", b'("te5xt" "im4age" ("a\\1"))')
SUMMARY = (
    b'* 3 FETCH (UID 7 FLAGS (\\Seen $x) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286 '
    b"BODYSTRUCTURE %b BODY[HEADER.FIELDS (SUBJECT)] {2}\r\nhi)\r\n"
)


def test_a_summary_in_one_stride_and_step_by_step_are_the_same() -> None:
    for structure in STRUCTURES:
        response = responses(SUMMARY % structure)[0]
        message = fetched(response).message()
        assert message.structure == structure
        assert in_one_stride(response) in (message, None)
    assert in_one_stride(responses(SUMMARY % TEXT)[0]) is not None


@given(
    st.sampled_from(STRUCTURES),
    st.integers(2, 250),
    st.integers(0, 9),
    st.sampled_from(b'( ) " \\ 4 NIL [ ] { } -'.split()),
)
def test_whatever_is_read_in_one_stride_is_read_the_same_step_by_step(
    structure: bytes, at: int, length: int, piece: bytes
) -> None:
    wire = SUMMARY % structure
    for response in responses(wire[:at] + piece + wire[at + length :]):
        if response.kind == b"FETCH" and (message := in_one_stride(response)) is not None:
            assert message == fetched(response).message()


def responses(wire: bytes) -> list[Response]:
    """Those that can be told from one another."""
    reader = Reader()
    reader.feed(wire)
    found = []
    while (frame := reader.next()) is not None:
        with suppress(ParseError):
            found.append(untagged(frame))
    return found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"17-Jul-1996 02:44:25 -0700", 837596665),
        (b" 1-Jan-1970 00:00:00 +0000", 0),
        (b"01-jan-1970 01:00:00 +0100", 0),
        (b"29-Feb-2024 12:00:00", 1709208000),
        (b"30-Feb-2024 12:00:00 +0000", None),
        (b"17-Foo-1996 02:44:25 -0700", None),
        (b"1 Jan 99999999999 0:0", None),
        (b"", None),
    ],
)
def test_dates_of_the_server(text: bytes, seconds: int | None) -> None:
    assert internal_date(text) == seconds


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1)))
def test_a_date_comes_back_as_it_was_sent(moment: dt.datetime) -> None:
    when = int(moment.replace(tzinfo=dt.UTC).timestamp())
    assert internal_date(written_date(when).strip(b'"')) == when


def test_flags_of_gmail_and_of_others_are_read() -> None:
    assert flags(b"\\SEEN $forwarded foo]bar \\recent na\xc3\xafve") == {"\\Seen", "$Forwarded", "foo]bar", "naïve"}


IMAGE = b'("image" "png" ("name" "x.png") %s NIL "base64" 6 NIL ("inline" ("filename" "x.png")) NIL NIL)'
SIGNATURE = (
    b'("application" "pgp-signature" ("name" "signature.asc") NIL NIL "7bit" 6 NIL '
    b'("attachment" ("filename" "signature.asc")) NIL NIL)'
)
ATTACHED_MAIL = b'("message" "rfc822" NIL NIL NIL "7bit" 99 ("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL) ' + TEXT + b" 4)"


@pytest.mark.parametrize(
    ("structure", "is_there"),
    [
        (b"", False),
        (TEXT, False),
        (PDF, True),
        (MIXED, True),
        (b"(" + TEXT + TEXT + b' "alternative" NIL NIL NIL)', False),
        (b"(" + TEXT + SIGNATURE + b' "signed" NIL NIL NIL)', False),
        (b"((" + TEXT + PDF + b' "mixed")' + SIGNATURE + b' "signed" NIL NIL NIL)', True),
        (b"(" + TEXT + IMAGE % b'"<cid@x>"' + b' "related" NIL NIL NIL)', False),
        (b"(" + TEXT + IMAGE % b"NIL" + b' "mixed" NIL NIL NIL)', True),
        (b"(" + TEXT + ATTACHED_MAIL + b' "mixed")', True),
        (b'("text" "calendar" ("method" "REQUEST" "name" "application") NIL NIL "7bit" 6 1)', False),
        (b'("text" "plain" NIL NIL NIL "7bit" 6 1 NIL ("inline" ("filename" "notes.txt")) NIL NIL)', True),
        (b'("text" "plain" NIL NIL NIL "7bit" 6 1 NIL ("inline" ("x" "filename")) NIL NIL)', False),
        (b'("application" "octet-stream" NIL NIL NIL "base64" 6)', True),
        (b'("message" "delivery-status" NIL NIL NIL "7bit" 9)', False),
        (b"(((((", False),
        (b"NIL", False),
        (b"(" * 400 + PDF + b' "mixed")' * 400, True),
    ],
)
def test_the_paper_clip_stands_where_something_can_be_saved(structure: bytes, is_there: bool) -> None:
    assert has_attachment(structure) is is_there


def test_another_client_reads_the_same() -> None:
    oracle = pytest.importorskip("imapclient.response_parser")
    head, _, tail = b" ".join(ITEMS[index] for index in (0, 1, 3, 5)).partition(HEADER)
    found = oracle.parse_fetch_response([(b"3 (" + head.rstrip(), HEADER), tail + b")"])[7]
    ours = read(b"* 3 FETCH (" + head + HEADER + tail + b")\r\n")
    assert ours.size == found[b"RFC822.SIZE"]
    assert ours.body == found[b"BODY[HEADER.FIELDS (SUBJECT FROM)]"]
    assert set(ours.flags or ()) == {flag.decode() for flag in found[b"FLAGS"]} - {"\\Recent"}
