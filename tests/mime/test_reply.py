"""Answers and forwards: who gets them, what they are called, what they quote."""

from __future__ import annotations

import pytest

from tui_mail.mime.parse import parse
from tui_mail.mime.reply import forward, forward_subject, new, reply, reply_subject
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure

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
