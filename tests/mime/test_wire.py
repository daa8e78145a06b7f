"""Every kind of letter, read back from its octets by a parser that is not ours, against what the composer showed."""

from __future__ import annotations

import email
import email.message
import email.policy
import email.utils
import re
import socket
from dataclasses import dataclass, replace
from getpass import getuser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_mail.mime.build import build, build_draft
from tui_mail.mime.parse import parse, part
from tui_mail.mime.seven_bit import seven_bit
from tui_mail.model.address import Address, parse_list
from tui_mail.model.draft import Draft, DraftId, Enclosure, Outgoing

ANN = Address("Ann Example", "ann@example.org")
BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\x00")
PIXEL = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))
EIGHT = "Subject: ä\r\nFrom: bob@example.org\r\n\r\nGrüße\r\n.\r\n".encode()
FILES = {"plan.png": PIXEL, "report.pdf": bytes(range(256)) * 999, "mail.eml": EIGHT, "empty.txt": b""}


def file(name: str, kind: str) -> Enclosure:
    is_mail = kind == "message/rfc822"
    path = "" if is_mail else f"/home/{getuser()}/private/{name}"
    return Enclosure(path=path, source=7 if is_mail else 0, name=name, type=kind, size=len(FILES[name]))


PNG = file("plan.png", "image/png")
PDF = file("report.pdf", "application/pdf")
MAIL = file("mail.eml", "message/rfc822")
PLAIN = Draft(DraftId("d"), "work", to="Bob <bob@example.org>", subject="Lunch", body="At noon?\n")
KINDS = {
    "plain": PLAIN,
    "empty": replace(PLAIN, subject="", body=""),
    "foreign": replace(PLAIN, subject="Grüße " * 30, body="Grüße 漢字\n" * 9, to='"Müller, J" <j@bücher.example>'),
    "smtputf8": replace(PLAIN, to="jürgen@example.org"),
    "crowd": replace(PLAIN, to=", ".join(f'"P, {n}" <p{n}@example.org>' for n in range(120)), cc="c@example.org"),
    "hidden": replace(PLAIN, to="", bcc="eve@example.org, mallory@example.org"),
    "dots": replace(PLAIN, body="a\n.\nb\n..\n.hidden\n"),
    "long line": replace(PLAIN, body="x" * 5000),
    "odd ends": replace(PLAIN, body="a\r.\rb\n\r\nFrom here\n"),
    "files": replace(PLAIN, enclosures=(PDF, file("empty.txt", "text/plain"))),
    "forward": replace(PLAIN, enclosures=(MAIL,), forwards=True, answers=7),
    "markdown": replace(PLAIN, markdown=True, body="# Plan\n\n*soon* <script>x</script>\n\n|a|b|\n|-|-|\n|1|2|\n"),
    "pictures": replace(PLAIN, markdown=True, body="See ![the plan](plan.png)\n\n-- \nAnn", enclosures=(PNG, PDF)),
    "picture beside": replace(PLAIN, markdown=True, body="See it", enclosures=(PNG,)),
    "from elsewhere": replace(PLAIN, sender="Shop <shop@example.net>", reply_to="Office <office@example.net>"),
    "answer": replace(PLAIN, in_reply_to="<b@x>", references=("<a@x>", "<b@x>")),
}  # fmt: skip


def sent(draft: Draft) -> Outgoing:
    return build(draft, sender=ANN, now=1_700_000_000, load=lambda one: FILES[one.name])


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody else's program makes of it."""

    message: email.message.EmailMessage

    @classmethod
    def of(cls, wire: bytes) -> Read:
        message = email.message_from_bytes(wire, policy=email.policy.default)
        assert isinstance(message, email.message.EmailMessage)
        return cls(message)

    def people(self, name: str) -> list[str]:
        raw = email.message_from_bytes(bytes(self.message), policy=email.policy.compat32)
        return [one for _, one in email.utils.getaddresses([str(value) for value in raw.get_all(name, [])])]

    @property
    def leaves(self) -> list[email.message.EmailMessage]:
        return [one for one in self.message.walk() if not one.is_multipart()]


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_out_is_what_the_composer_showed(kind: str) -> None:
    draft = KINDS[kind]
    out = sent(draft)
    read = Read.of(out.wire)
    assert not BARE.search(out.wire) and max(map(len, out.wire.split(b"\r\n"))) <= 998
    names = [name.lower() for name in read.message.keys()]  # noqa: SIM118  # a message is no dictionary
    assert len(names) == len(set(names)) and "bcc" not in names
    shown = {one.key for field in (draft.to, draft.cc, draft.bcc) for one in parse_list(field)}
    assert len(out.recipients) == len(shown)
    if kind != "smtputf8":
        visible = [*read.people("To"), *read.people("Cc")] if draft.to else read.people("Cc")
        hidden = {one.key for one in parse_list(draft.bcc)}
        assert sorted(visible) == sorted(one for one in out.recipients if one not in hidden)
        assert str(read.message["Subject"] or "") == draft.subject.rstrip()
    text = next(one for one in read.leaves if one.get_content_type() == "text/plain")
    wanted = draft.body.replace("\r\n", "\n").replace("\r", "\n")
    assert parse(out.wire).text.rstrip("\n") == "\n".join(
        line if line == "-- " else line.rstrip() for line in wanted.split("\n")
    ).rstrip("\n")
    assert text.get_param("format") == "flowed"
    for enclosure in draft.enclosures:
        found = [one for one in read.message.walk() if one.get_filename() == enclosure.name]
        assert len(found) == 1
        if enclosure.type == "message/rfc822":
            assert EIGHT in out.wire
        else:
            assert found[0].get_payload(decode=True) == FILES[enclosure.name]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_this_machine_leaves(kind: str) -> None:
    wire = sent(KINDS[kind]).wire
    assert b"/private/" not in wire and b"/home/" not in wire
    assert socket.gethostname().encode() not in wire
    assert not {"user-agent", "x-mailer", "received"} & {name.lower() for name in Read.of(wire).message.keys()}  # noqa: SIM118
    domain = b"example.net" if "Shop" in KINDS[kind].sender else b"example.org"
    assert re.search(rb"\r\nMessage-ID: <[0-9a-f]{32}@" + domain + rb">\r\n", wire)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_of_seven_bits_gets_the_same_letter(kind: str) -> None:
    if kind == "smtputf8":
        return  # RFC 6531 section 3.1: whoever offers SMTPUTF8 offers 8BITMIME
    wire = sent(KINDS[kind]).wire
    narrow = seven_bit(wire)
    assert narrow.isascii() and not BARE.search(narrow)
    assert (narrow == wire) == wire.isascii() and seven_bit(narrow) == narrow
    before, after = parse(wire), parse(narrow)
    assert (after.subject, after.to, after.text) == (before.subject, before.to, before.text)
    for one, other in zip(before.attachments, after.attachments, strict=True):
        assert (one.part, one.name) == (other.part, other.name)
        assert part(wire, one.part) == part(narrow, other.part)


def test_markdown_goes_out_as_text_and_as_a_page_and_its_tags_are_words() -> None:
    read = Read.of(sent(KINDS["markdown"]).wire)
    assert read.message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in read.leaves] == ["text/plain", "text/html"]
    page = read.leaves[1].get_content()
    assert "<h1>Plan</h1>" in page and "<em>soon</em>" in page and "<td>1</td>" in page
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_picture_that_the_text_names_stands_in_it_and_other_files_beside_it() -> None:
    read = Read.of(sent(KINDS["pictures"]).wire)
    page, picture, pdf = read.leaves[1:]
    assert read.message.get_content_type() == "multipart/mixed"
    assert f'src="cid:{str(picture["Content-ID"]).strip("<>")}"' in page.get_content()
    assert (picture.get_content_disposition(), pdf.get_content_disposition()) == ("inline", "attachment")
    assert "-- <br>" in page.get_content()
    beside = Read.of(sent(KINDS["picture beside"]).wire)
    assert beside.leaves[-1].get_content_disposition() == "attachment"


@pytest.mark.parametrize("source", ["https://spy.example/x.png", "file:///etc/passwd", "../../etc/passwd", "other.png"])
def test_a_picture_from_elsewhere_is_a_word_and_is_never_fetched(source: str) -> None:
    out = sent(replace(PLAIN, markdown=True, body=f"![look]({source})", enclosures=(PNG,)))
    page = Read.of(out.wire).leaves[1].get_content()
    assert "<img" not in page and "look" in page


def test_what_links_cannot_be_is_no_link() -> None:
    out = sent(replace(PLAIN, markdown=True, body="[x](javascript:alert(1)) [y](https://example.org/)"))
    page = Read.of(out.wire).leaves[1].get_content()
    assert 'href="https://example.org/"' in page and 'href="javascript' not in page


@given(body=st.text(max_size=300), subject=st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_markdown_makes_a_letter_that_can_be_carried(body: str, subject: str) -> None:
    out = sent(replace(PLAIN, markdown=True, body=body, subject=subject))
    assert not BARE.search(out.wire) and max(map(len, out.wire.split(b"\r\n"))) <= 998
    assert Read.of(out.wire).message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unfinished_letter_keeps_all_of_it_on_the_server(kind: str) -> None:
    draft = KINDS[kind]
    raw = build_draft(
        draft, sender=ANN, message_id="<d1@example.org>", now=1_700_000_000, load=lambda one: FILES[one.name]
    )
    message = parse(raw)
    assert not BARE.search(raw)
    assert message.subject == draft.subject.strip() and message.message_id == "<d1@example.org>"
    assert [one.key for one in message.bcc] == [one.key for one in parse_list(draft.bcc)]
    assert [one.key for one in message.to] == [one.key for one in parse_list(draft.to)]
    assert {one.name for one in draft.enclosures} <= {one.name for one in message.attachments}


def test_a_letter_with_half_an_address_is_kept_as_it_is() -> None:
    draft = replace(PLAIN, to="Bob, carl@", cc="x@@y", subject="half")
    raw = build_draft(draft, sender=ANN, message_id="<d1@example.org>", now=1_700_000_000, load=lambda one: b"")
    assert b"\r\nTo: Bob" in raw and parse(raw).subject == "half" and parse(raw).text == "At noon?"
