"""What goes out: read back from its octets by an independent parser and compared with what was typed."""

from __future__ import annotations

import email
import email.policy
import email.utils
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_mail.mime.build import build
from tui_mail.mime.parse import parse, part
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure, Outgoing
from tui_mail.model.errors import BadAddress, BadInput

ANN = Address("Ann Example", "ann@example.org")
BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\x00")


def nothing(enclosure: Enclosure) -> bytes:
    raise FileNotFoundError(2, "No such file or directory")


def sent(
    load: Callable[[Enclosure], bytes] = nothing,
    *,
    sender: str = "",
    to: str = "bob@example.org",
    cc: str = "",
    bcc: str = "",
    subject: str = "Hello",
    body: str = "Hi\n",
    enclosures: tuple[Enclosure, ...] = (),
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
) -> Outgoing:
    draft = Draft(
        DraftId("1"), "work", sender, to, cc, bcc, subject, body, enclosures, in_reply_to, references
    )  # fmt: skip
    return build(draft, sender=ANN, now=1_700_000_000, load=load)


def field_names(wire: bytes) -> list[str]:
    head = wire.split(b"\r\n\r\n", 1)[0]
    return [line.split(b":")[0].decode() for line in re.split(rb"\r\n(?![ \t])", head)]


def test_a_letter_has_exactly_the_fields_it_needs_and_says_nothing_of_this_machine() -> None:
    out = sent()
    assert field_names(out.wire) == [
        "Date",
        "From",
        "To",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", out.message_id)
    assert out.wire == out.copy


def test_nobody_sees_the_hidden_recipients_but_the_copy_in_sent() -> None:
    out = sent(bcc="Secret <secret@example.org>, bob@example.org")
    assert b"secret" not in out.wire.lower()
    assert b"\r\nBcc: Secret <secret@example.org>, bob@example.org\r\n" in out.copy
    assert out.recipients == ("bob@example.org", "secret@example.org")
    assert out.copy.replace(b"Bcc: Secret <secret@example.org>, bob@example.org\r\n", b"") == out.wire


def test_a_letter_to_hidden_recipients_only_names_nobody() -> None:
    out = sent(to="", bcc="secret@example.org")
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in out.wire
    assert out.recipients == ("secret@example.org",)


def test_a_newline_hidden_in_a_subject_makes_no_header_line() -> None:
    for subject in ("a =?utf-8?q?=0A?=Bcc: x@evil.example", "a\nBcc: x@evil.example", "a\r\n\r\nbody"):
        out = sent(subject=subject)
        assert "Bcc" not in field_names(out.wire)
        assert out.recipients == ("bob@example.org",)


@pytest.mark.parametrize(
    "to",
    [
        '"Smith, J <ceo@bank.example>," <j@evil.example>',
        '"Very Long \\"@\\" <attacker@bank.example>, ' + "x" * 80 + '" <j@evil.example>',
        '"=?utf-8?q?a?= <x@y.example>" <j@evil.example>',
        '"ann@example.org" <j@evil.example>',
        "Jürgen \u202e\u202c <j@evil.example>",
        "テスト" * 40 + " <j@evil.example>",
        "x " * 200 + "<j@evil.example>",
    ],
)
def test_a_name_never_becomes_a_recipient(to: str) -> None:
    out = sent(to=to)
    assert out.recipients == ("j@evil.example",)
    head = out.wire.split(b"\r\n\r\n", 1)[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    stored = email.message_from_bytes(out.wire, policy=email.policy.compat32)
    assert [one for _, one in email.utils.getaddresses([str(stored["To"])])] == ["j@evil.example"]


def test_a_wrong_address_is_named_with_its_field() -> None:
    with pytest.raises(BadAddress, match=r"^Cc: “bob@” is not an address"):
        sent(cc="ann@example.org, bob@")
    with pytest.raises(BadAddress, match=r"^To: “Bob” has no address"):
        sent(to="Bob")
    with pytest.raises(BadAddress, match=r"^To: a comma is missing at a@x.org \(in “a@x.org b@y.org”\)"):
        sent(to="a@x.org b@y.org")
    with pytest.raises(BadAddress, match=r"a comma is missing at x@y.example"):
        sent(to="Jürgen \u202e<x@y.example>\u202c <j@evil.example>")
    with pytest.raises(BadAddress, match="longer than mail allows"):
        sent(to=f"{'a' * 65}@example.org")
    with pytest.raises(BadAddress, match=r"^From: "):
        sent(sender="a@example.org, b@example.org")
    with pytest.raises(BadInput, match="no recipients"):
        sent(to="")


@pytest.mark.parametrize(
    "to", ["a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example> RCPT <x@y.example", "a\0@b.example"]
)
def test_an_address_that_holds_a_command_is_refused(to: str) -> None:
    try:
        out = sent(to=to)
    except BadAddress:
        return
    assert not any(re.search(r"[\s<>\0]", one) for one in out.recipients)


def test_international_addresses_go_in_punycode_and_ask_for_smtputf8_only_where_they_must() -> None:
    out = sent(to="ann@bücher.example")
    assert out.recipients == ("ann@xn--bcher-kva.example",)
    assert not out.utf8
    assert out.wire.isascii()
    assert sent(to="jürgen@example.org").utf8


@pytest.mark.parametrize(
    "body",
    [
        "a\n.\nb",
        "a\r.\rb",
        "\r\n.\r",
        "\n.\r\n",
        "nul \0 here",
        "x" * 3000,
        "no end",
        "Grüße\n",
        "テスト" * 500,
        "From me\n",
    ],
)
def test_any_body_arrives_as_it_was_written_in_lines_that_can_be_carried(body: str) -> None:
    out = sent(body=body)
    assert not BARE.search(out.wire)
    assert max(map(len, out.wire.split(b"\r\n"))) <= 998
    text = parse(out.wire).text
    wanted = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "␀").strip("\n")
    assert text.rstrip("\n") == wanted.rstrip()


def test_long_paragraphs_flow_and_quotes_keep_their_lines() -> None:
    body = "word " * 60 + "\n\n> quoted " + "q " * 60 + "\n>> deeper\n-- \nAnn"
    out = sent(body=body)
    assert max(map(len, out.wire.split(b"\r\n"))) <= 80
    assert parse(out.wire).text == "\n".join(line if line == "-- " else line.rstrip() for line in body.split("\n"))


def test_attachments_keep_name_and_octets() -> None:
    octets = bytes(range(256)) * 40
    for name in (
        "plain.pdf",
        'qu"ote.pdf',
        "ärger über €.pdf",
        "long " * 30 + ".pdf",
        "../../etc/passwd",
        "a\r\nBcc: x@y",
    ):
        out = sent(lambda _: octets, enclosures=(Enclosure(path="/home/ann/secret/" + name, name=name),))
        message = parse(out.wire)
        assert part(out.wire, message.attachments[0].part) == octets
        assert "secret" not in out.wire.decode("latin-1")
        assert "Bcc" not in field_names(out.wire)
        assert "/" not in message.attachments[0].name
    assert message.text == "Hi"


def test_a_name_of_foreign_letters_is_read_back_by_others() -> None:
    out = sent(lambda _: b"x", enclosures=(Enclosure(path="/tmp/x", name="Überweisung " * 8 + "€.pdf"),))
    stored = email.message_from_bytes(out.wire, policy=email.policy.default)
    assert isinstance(stored, email.message.EmailMessage)
    assert next(stored.iter_attachments()).get_filename() == "Überweisung " * 8 + "€.pdf"


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (b"Subject: x\r\n\r\n.\r\nhi\r\n", "message/rfc822"),
        ("Subject: ä\r\n\r\nhü\r\n".encode(), "message/rfc822"),
        (b"Subject: x\n\nbare\n", "application/octet-stream"),
        (b"Subject: x\r\n\r\n" + b"y" * 2000, "application/octet-stream"),
        (b"Subject: x\r\n\r\n\0", "application/octet-stream"),
    ],
)
def test_a_forwarded_message_keeps_every_octet(octets: bytes, kind: str) -> None:
    out = sent(lambda _: octets, enclosures=(Enclosure(source=7, name="x.eml", type="message/rfc822"),))
    attachment = parse(out.wire).attachments[0]
    assert attachment.type == kind
    assert part(out.wire, attachment.part) == octets
    assert not BARE.search(out.wire)


def test_a_file_that_is_gone_or_changed_stops_the_letter() -> None:
    with pytest.raises(BadInput, match=r"“a\.pdf” cannot be attached"):
        sent(enclosures=(Enclosure(path="/tmp/a.pdf"),))
    with pytest.raises(BadInput, match="has changed"):
        sent(lambda _: b"12345", enclosures=(Enclosure(path="/tmp/a.pdf", size=4),))


def test_an_answer_names_what_it_answers_and_nothing_else_gets_into_those_fields() -> None:
    out = sent(in_reply_to="<b@x>", references=("<a@x>", "<b@x>", "no id", "<evil@x>\r\nBcc: y@z"))
    message = parse(out.wire)
    assert message.in_reply_to == ("<b@x>",)
    assert message.references == ("<a@x>", "<b@x>")
    assert "In-Reply-To" not in field_names(sent(in_reply_to="<a>\r\nBcc: x@y").wire)


NAMES = st.text(max_size=80)


@given(name=NAMES, subject=st.text(max_size=200), body=st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_is_what_is_read(name: str, subject: str, body: str) -> None:
    written = Address(name, "bob@example.org")
    out = sent(to=str(written), subject=subject, body=body)
    message = parse(out.copy)
    assert [one.email for one in message.to] == ["bob@example.org"]
    assert out.recipients == ("bob@example.org",)
    assert message.subject == out.subject
    assert not BARE.search(out.wire)
    assert field_names(out.wire)[:3] == ["Date", "From", "To"]
    assert "Bcc" not in field_names(out.wire)
