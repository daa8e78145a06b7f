"""Answers and forwards: who gets them, what they are called, what they quote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tui_mail.mime.address_check import check
from tui_mail.mime.build import build
from tui_mail.mime.parse import parse
from tui_mail.mime.quote import attribution
from tui_mail.mime.reply import again, forward, new, reply, resumed
from tui_mail.mime.subjects import forward_subject, reply_subject
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.errors import MailError

OWN = (Address("Ann", "ann@example.org"), Address("Ann at work", "ann@work.example"))


def answer(head: str, body: str = "Hello\n", *, everyone: bool = False, to_list: bool = False) -> Draft:
    raw = f"{head.strip()}\nMessage-ID: <m@x>\nDate: Mon, 3 Jun 2024 10:00:00 +0000\n\n{body}".encode()
    return reply(
        parse(raw), id=DraftId("1"), account="a", own=OWN, everyone=everyone, signature="Ann", source=7, to_list=to_list
    )


@pytest.mark.parametrize(
    ("head", "everyone", "to", "cc"),
    [
        ("From: Bob <bob@x>\nTo: ann@example.org", False, "Bob <bob@x>", ""),
        ("From: bob@x\nReply-To: help@y\nTo: ann@example.org", False, "help@y", ""),
        ("From: bob@x\nReply-To: a@y\nReply-To: b@y\nTo: ann@example.org", False, "a@y, b@y", ""),
        ("From: bob@x\nTo: ann@example.org, carl@x\nCc: dee@x", False, "bob@x", ""),
        ("From: bob@x\nTo: ANN@Example.org, carl@x\nCc: dee@x, ann@work.example", True, "bob@x, carl@x", "dee@x"),
        ("From: bob@x\nTo: ann+tag@example.org\nCc: bob@x, dee@x, dee@x", True, "bob@x", "dee@x"),
        ("From: ann@example.org\nTo: carl@x\nCc: dee@x", False, "carl@x", ""),
        ("From: ann@example.org\nTo: carl@x\nCc: dee@x", True, "carl@x", "dee@x"),
        ("From: ann@example.org\nTo: ann@example.org", True, "ann@example.org", ""),
        ("From: bob@x\nTo: list@x\nMail-Followup-To: list@x, ann@example.org", True, "list@x", ""),
        ("From: bob@x\nTo: list@x\nMail-Followup-To: list@x", False, "bob@x", ""),
        ("From: bob@x\nTo: undisclosed-recipients:;", True, "bob@x", ""),
        ('From: "Smith, J <ceo@bank>," <j@x>\nTo: ann@example.org', False, '"Smith, J <ceo@bank>," <j@x>', ""),
    ],
)
def test_an_answer_goes_to_whom_it_should(head: str, everyone: bool, to: str, cc: str) -> None:
    draft = answer(head, everyone=everyone)
    assert (draft.to, draft.cc, draft.bcc) == (to, cc, "")


def test_an_answer_to_the_list_goes_to_the_list_alone() -> None:
    draft = answer("From: bob@x\nTo: list@x\nList-Post: <mailto:list@x>", to_list=True)
    assert (draft.to, draft.cc) == ("list@x", "")


def test_an_answer_comes_from_the_address_that_was_written_to() -> None:
    assert answer("From: bob@x\nTo: ann@work.example").sender == "Ann at work <ann@work.example>"
    assert answer("From: bob@x\nTo: ann@example.org, ann@work.example").sender == ""


@pytest.mark.parametrize(
    ("subject", "answered", "forwarded"),
    [
        ("x", "Re: x", "Fwd: x"),
        ("Re: x", "Re: x", "Fwd: Re: x"),
        ("RE: Aw: Sv: x", "Re: x", "Fwd: RE: Aw: Sv: x"),
        ("Antw: x", "Re: x", "Fwd: Antw: x"),
        ("Re[2]: x", "Re: x", "Fwd: Re[2]: x"),
        ("回复:答复: x", "Re: x", "Fwd: 回复:答复: x"),
        ("[list] Re: x", "Re: [list] x", "Fwd: [list] Re: x"),
        ("Re: [list] Re: x", "Re: [list] x", "Fwd: Re: [list] Re: x"),
        ("Fwd: x", "Re: Fwd: x", "Fwd: x"),
        ("WG: Fw: x", "Re: WG: Fw: x", "Fwd: x"),
        ("Regarding: x", "Re: Regarding: x", "Fwd: Regarding: x"),
        ("", "Re: ", "Fwd: "),
    ],
)
def test_prefixes_are_not_stacked(subject: str, answered: str, forwarded: str) -> None:
    assert (reply_subject(subject), forward_subject(subject)) == (answered, forwarded)


def test_an_answer_quotes_what_was_said_without_its_signature() -> None:
    draft = answer(
        "From: Bob <bob@x>\nTo: ann@example.org\nReferences: <a@x>", "one\n\n> two\n{0.__class__} %s\n-- \nBob\n"
    )
    assert draft.body.startswith("\n\nOn Mon, 03 Jun 2024 at ")
    assert draft.body.endswith("Bob wrote:\n> one\n>\n>> two\n> {0.__class__} %s\n\n-- \nAnn")
    assert (draft.in_reply_to, draft.references, draft.answers) == ("<m@x>", ("<a@x>", "<m@x>"), 7)


def test_html_alone_is_quoted_as_words() -> None:
    head = "From: bob@x\nTo: ann@example.org\nMIME-Version: 1.0\nContent-Type: text/html"
    draft = answer(head, "<p>See <a href='https://x.example/'>this</a></p><blockquote>old</blockquote>")
    assert "> See this\n>\n>> old\n" in draft.body


def test_a_long_chain_keeps_its_first_and_its_newest() -> None:
    ids = [f"<{number}@x>" for number in range(200)]
    draft = answer("From: bob@x\nReferences: " + " ".join(ids))
    assert len(draft.references) == 50
    assert draft.references[0] == "<0@x>"
    assert draft.references[-2:] == ("<199@x>", "<m@x>")


def test_a_forward_carries_the_text_and_every_file() -> None:
    raw = b"""From: Bob <bob@x>
To: ann@example.org
Subject: Plan
Content-Type: multipart/mixed; boundary=b

--b

text
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename=plan.pdf

%PDF
--b--
"""
    draft = forward(parse(raw), id=DraftId("1"), account="a", signature="", source=7)
    assert draft.subject == "Fwd: Plan"
    assert "From: Bob <bob@x>\nSubject: Plan\nTo: ann@example.org\n\ntext" in draft.body
    assert draft.enclosures == (Enclosure(source=7, part="2", name="plan.pdf", type="application/pdf", size=4),)
    assert (draft.to, draft.answers, draft.forwards, draft.in_reply_to) == ("", 7, True, "")
    whole = forward(parse(raw), id=DraftId("1"), account="a", signature="", source=7, attached=True)
    assert whole.enclosures == (Enclosure(source=7, name="Plan.eml", type="message/rfc822"),)


def test_a_new_letter_holds_the_signature_and_nothing_else() -> None:
    assert new(DraftId("1"), "a", "Ann\nExample") == Draft(DraftId("1"), "a", body="\n\n-- \nAnn\nExample")
    assert new(DraftId("1"), "a", "").is_empty


@pytest.mark.parametrize(
    ("head", "everyone", "to", "cc"),
    [
        # Reply-To
        ("From: bob@x\nReply-To:\nTo: ann@example.org", False, "bob@x", ""),
        ("From: bob@x\nReply-To: bob@x\nTo: ann@example.org", True, "bob@x", ""),
        ("From: bob@x\nReply-To: help@y\nTo: ann@example.org, carl@x", True, "help@y, carl@x", ""),
        ("From: bob@x\nReply-To: Team: a@y, b@y;\nTo: ann@example.org", False, "a@y, b@y", ""),
        ("From: bob@x\nReply-To: not an address\nTo: ann@example.org", False, "bob@x", ""),
        ("From: bob@x\nMail-Reply-To: me@y\nReply-To: list@z\nTo: ann@example.org", False, "me@y", ""),
        # lists
        ("From: bob@x\nTo: list@x\nList-Post: <mailto:list@x>", False, "bob@x", ""),
        ("From: bob@x\nTo: list@x\nCc: dee@x\nList-Post: <mailto:list@x>", True, "bob@x, list@x", "dee@x"),
        ("From: bob@x\nTo: list@x\nReply-To: list@x", False, "list@x", ""),
        ("From: bob@x\nTo: list@x\nMail-Followup-To: list@x, bob@x", True, "list@x, bob@x", ""),
        ("From: bob@x\nTo: list@x\nMail-Followup-To: ann@example.org", True, "bob@x", ""),
        # own addresses and aliases
        ("From: bob@x\nTo: Ann <ann@work.example>\nCc: ann@example.org", True, "bob@x", ""),
        ("From: bob@x\nTo: ANN+shop@WORK.example\nCc: dee@x", True, "bob@x", "dee@x"),
        ("From: ann+x@example.org\nTo: carl@x", False, "carl@x", ""),
        ("From: ann@work.example\nTo: carl@x, ann@example.org\nCc: dee@x", True, "carl@x", "dee@x"),
        ("From: ann@example.org\nReply-To: ann@work.example\nTo: carl@x", False, "carl@x", ""),
        ("From: ann@example.org\nTo: ann@work.example\nCc: dee@x", True, "dee@x", ""),
        ("From: joann@example.org\nTo: ann@example.org", True, "joann@example.org", ""),
        # nobody and nonsense
        ("To: carl@x", False, "", ""),
        ("From: <>\nTo: carl@x", False, "", ""),
        ("From: bob@x\nSender: carl@x\nTo: ann@example.org", False, "bob@x", ""),
        ("From: bob@x\nTo: BOB@X\nCc: bob@x", True, "bob@x", ""),
        ("From: bob@x\nTo: ann@example.org\nBcc: eve@x", True, "bob@x", ""),
        ('From: "bob@x" <eve@y>\nTo: ann@example.org', False, '"bob@x" <eve@y>', ""),
        ("From: =?utf-8?q?J=C3=BCrgen=2C_M?= <j@x>\nTo: ann@example.org", False, '"Jürgen, M" <j@x>', ""),
        ("From: jürgen@bücher.example\nTo: ann@example.org", False, "jürgen@bücher.example", ""),
        ("From: bob@x, carl@x\nTo: ann@example.org", False, "bob@x", ""),
    ],
)
def test_who_gets_an_answer(head: str, everyone: bool, to: str, cc: str) -> None:
    draft = answer(head, everyone=everyone)
    assert (draft.to, draft.cc, draft.bcc) == (to, cc, "")


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("From: bob@x\nTo: ann@example.org", ""),
        ("From: bob@x\nTo: ann@work.example", "Ann at work <ann@work.example>"),
        ("From: bob@x\nTo: list@x\nDelivered-To: ann@work.example", "Ann at work <ann@work.example>"),
        ("From: bob@x\nTo: list@x\nX-Original-To: ann@work.example\nDelivered-To: ann@example.org", ""),
        ("From: bob@x\nTo: ann@example.org\nDelivered-To: ann@work.example", ""),
        ("From: bob@x\nTo: Shop customer <ann+shop@example.org>", "Ann <ann+shop@example.org>"),
        ("From: bob@x\nTo: ann@example.org, ann+shop@example.org", ""),
        ("From: ann@work.example\nTo: carl@x", "Ann at work <ann@work.example>"),
        ("From: bob@x\nTo: undisclosed-recipients:;", ""),
        ("From: bob@x\nTo: ann@other.example", ""),
    ],
)
def test_an_answer_is_written_from_the_address_that_was_written_to(head: str, sender: str) -> None:
    assert answer(head).sender == sender


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("", "On Mon, 03 Jun 2024 at "),
        ("en_GB.UTF-8", "On Mon, 03 Jun 2024 at "),
        ("de_AT.UTF-8", "Am 03.06.2024 um "),
        ("fr", "Le 03/06/2024 à "),
        ("nn_NO", "Den 03.06.2024 kl. "),
        ("zh-CN", "2024-06-03 "),
        ("C.UTF-8", "On Mon, 03 Jun 2024 at "),
        ("xx", "On Mon, 03 Jun 2024 at "),
    ],
)
def test_the_line_above_a_quote_speaks_the_writers_language(language: str, line: str) -> None:
    assert attribution(parse(b"From: {date} <b@x>\nDate: Mon, 3 Jun 2024 10:00:00 +0000\n\nx"), language).startswith(
        line
    )
    assert "{date}" in attribution(parse(b"From: {date} <b@x>\n\nx"), language)


def test_what_was_selected_is_quoted_and_nothing_else() -> None:
    raw = b"From: bob@x\nTo: ann@example.org\n\none\ntwo\nthree\n"
    draft = reply(
        parse(raw), id=DraftId("1"), account="a", own=OWN, everyone=False, signature="Ann", source=7, only="\ntwo\n"
    )
    assert draft.body == "\n\nbob@x wrote:\n> two\n\n-- \nAnn"


def test_an_answer_to_all_of_a_list_remembers_the_list() -> None:
    head = "From: bob@x\nTo: list@x\nList-Post: <mailto:list@x>"
    assert answer(head, everyone=True).list_post == "list@x"
    assert answer(head).list_post == answer(head, to_list=True).list_post == ""
    assert answer(head).came_to == "a"


def test_a_sent_letter_begins_a_new_one() -> None:
    raw = b"""From: Ann at work <ann@work.example>
To: Bob <bob@x>
Cc: carl@x
Bcc: eve@x
Subject: Re: Plan
In-Reply-To: <a@x>
References: <a@x>
Message-ID: <m@x>
Content-Type: multipart/mixed; boundary=b

--b

text
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename=plan.pdf

%PDF
--b--
"""
    message = parse(raw)
    draft = again(message, id=DraftId("1"), account="a", own=OWN, source=7)
    assert (draft.to, draft.cc, draft.bcc, draft.subject) == ("Bob <bob@x>", "carl@x", "eve@x", "Re: Plan")
    assert (draft.body, draft.sender) == ("text", "Ann at work <ann@work.example>")
    assert draft.enclosures == (Enclosure(source=7, part="2", name="plan.pdf", type="application/pdf", size=4),)
    assert (draft.in_reply_to, draft.references, draft.answers) == ("", (), 0)
    unfinished = resumed(message, id=DraftId("1"), account="a", own=OWN, source=7)
    assert (unfinished.in_reply_to, unfinished.references) == ("<a@x>", ("<a@x>",))


HOSTILE = Path(__file__).parents[3] / "shared" / "hostile"


@pytest.mark.skipif(not (HOSTILE / "index.json").exists(), reason="the hostile letters are not here")
def test_answers_to_hostile_letters_go_where_the_screen_said_and_bring_no_field_along() -> None:
    own = (Address("Alice", "alice@example.org"),)
    index = json.loads((HOSTILE / "index.json").read_text())["files"]
    asked = {one["file"]: one.get("checks", {}) for one in index}
    for path in sorted(HOSTILE.glob("*.eml")):
        raw = path.read_bytes()
        message, checks = parse(raw), asked.get(path.name, {})
        plain = {"id": DraftId("1"), "account": "a", "signature": "", "source": 1}
        drafts = [
            reply(message, own=own, everyone=False, **plain),  # type: ignore[arg-type]  # the same words four times
            reply(message, own=own, everyone=True, **plain),  # type: ignore[arg-type]
            replace(forward(message, **plain), to="bob@example.org", enclosures=()),  # type: ignore[arg-type]
            replace(forward(message, attached=True, **plain), to="bob@example.org"),  # type: ignore[arg-type]
        ]
        for number, draft in enumerate(drafts):
            try:
                out = build(draft, sender=own[0], now=1_700_000_000, load=lambda one, raw=raw: raw)  # type: ignore[misc]
            except MailError:
                assert "reply_to" not in checks or number == 1
                continue
            head = out.wire.split(b"\r\n\r\n", 1)[0]
            names = [line.split(b":")[0].decode().lower() for line in re.split(rb"\r\n(?![ \t])", head)]
            assert len(names) == len(set(names)), path.name
            assert not {one.lower() for one in checks.get("reply_no_header", ())} & set(names), path.name
            assert [one.lower() for one in out.recipients] == [check(one.email).lower() for one in draft.recipients], (
                path.name
            )
            if number == 0 and "reply_to" in checks:
                assert list(out.recipients) == checks["reply_to"]
