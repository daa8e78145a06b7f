"""What makes a letter doubtful is said, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui_mail.mime import domains, links, trust, unsubscribe
from tui_mail.mime.authentication import confirmed, denied, verdicts
from tui_mail.mime.parse import parse
from tui_mail.model.insight import Familiar
from tui_mail.model.message import Message

HOME = Familiar(own=frozenset({"ann@example.org"}), domains=frozenset({"example.org", "paypal.example"}))


def mail(*head: str, body: str = "Hello.", html: bool = False) -> Message:
    kind = "text/html" if html else "text/plain"
    lines = [*head, "To: ann@example.org", "MIME-Version: 1.0", f"Content-Type: {kind}; charset=utf-8", "", body]
    return parse("\r\n".join(lines).encode())


def told(message: Message, familiar: Familiar = HOME) -> list[str]:
    return [f"{one.weight}: {one.words}" for one in trust.concerns(message, familiar)]


def test_an_ordinary_letter_is_not_remarked_upon() -> None:
    assert told(mail("From: Bob <bob@example.org>")) == []


def test_the_first_mail_from_an_address_is_said_but_not_of_oneself() -> None:
    first = replace(HOME, is_first=True)
    assert told(mail("From: Bob <bob@example.net>"), first) == ["note: first mail from this address"]
    assert told(mail("From: Ann <ann@example.org>"), first) == []


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        ('"ceo@bank.example" <eve@evil.example>', "the name says ceo@bank.example, the address is eve@evil.example"),
        ("Bank <x@раураl.example>", "раураl.example (xn--l-7sba6dbr.example) only looks like paypal.example"),
        ("Bank <x@paypa1.example>", "paypa1.example only looks like paypal.example"),
        ("Bank <x@mail.payapl.example>", "mail.payapl.example only looks like paypal.example"),
        ("Bank <x@harb\u043eur.example>", "harb\u043eur.example (xn--harbur-zqf.example) mixes alphabets"),
        ("Bank <x@xn--harbur-zqf.example>", "harb\u043eur.example (xn--harbur-zqf.example) mixes alphabets"),
    ],
)
def test_a_sender_that_is_not_what_it_seems_is_an_alarm(sender: str, words: str) -> None:
    (found,) = told(mail(f"From: {sender}"))
    assert found.startswith(f"alarm: {words}")


@pytest.mark.parametrize(
    "sender",
    [
        '"bob@example.org" <bob@example.org>',
        "Bob <bob@mail.example.org>",
        "Bob <bob@examples.net>",
        "Shop <shop@paypal.example>",
    ],
)
def test_honest_senders_raise_no_alarm(sender: str) -> None:
    assert told(mail(f"From: {sender}")) == []


def test_a_foreign_domain_is_shown_as_it_travels_too() -> None:
    assert told(mail("From: Jürgen <j@bücher.example>")) == [
        "note: the domain is bücher.example (xn--bcher-kva.example)"
    ]
    assert told(mail("From: 田中 <t@例え.example>"))[0].startswith("note: the domain is 例え.example (xn--")


def test_an_answer_that_goes_to_another_house_is_an_alarm_unless_a_list_says_so() -> None:
    elsewhere = ("From: Bob <bob@example.org>", "Reply-To: eve@evil.example")
    assert told(mail(*elsewhere)) == ["alarm: answers go elsewhere, to eve@evil.example"]
    assert told(mail("From: Bob <bob@example.org>", "Reply-To: desk@help.example.org")) == []
    listed = ("From: Bob <bob@example.org>", "Reply-To: l@lists.example", "List-Id: <l.lists.example>")
    assert told(mail(*listed, "List-Post: <mailto:l@lists.example>")) == []


@pytest.mark.parametrize(
    ("shown", "target", "is_lie"),
    [
        ("https://bank.example/login", "https://evil.example/x", True),
        ("www.bank.example", "https://bank.example.evil.example/", True),
        ("bank.example", "https://login.bank.example/", False),
        ("Click here", "https://evil.example/", False),
        ("Version 2.0 is out", "https://evil.example/", False),
        ("info@bank.example", "mailto:eve@evil.example", False),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/a", False),
    ],
)
def test_a_link_whose_words_name_another_host_is_found(shown: str, target: str, is_lie: bool) -> None:
    message = mail("From: Bob <bob@example.org>", body=f'<p>Hi <a href="{target}">{shown}</a></p>', html=True)
    assert bool(links.mismatched(message.document)) == is_lie
    assert any("leads to" in words for words in told(message)) == is_lie


SERVER = replace(HOME, servers=("mx.example.org",))
RESULTS = (
    "Authentication-Results: {}; spf={} smtp.mailfrom=bob@bank.example; dkim={} header.d=bank.example;"
    " dmarc={} header.from=bank.example"
)


@pytest.mark.parametrize(
    ("server", "spf", "dkim", "dmarc", "good", "bad"),
    [
        ("mx.example.org", "pass", "pass", "pass", "DMARC", ""),
        ("mx.example.org 1", "fail", "pass", "none", "DKIM", ""),
        ("mx.example.org", "pass", "none", "none", "SPF", ""),
        ("mx.example.org", "fail", "fail", "fail", "", "DMARC"),
        ("mx.example.org", "softfail", "none", "none", "", "SPF"),
        ("mx.evil.example", "pass", "pass", "pass", "", ""),
        ("mx.evil.example", "fail", "fail", "fail", "", ""),
    ],
)
def test_only_the_own_server_is_believed(server: str, spf: str, dkim: str, dmarc: str, good: str, bad: str) -> None:
    message = mail(RESULTS.format(server, spf, dkim, dmarc), "From: Bob <bob@bank.example>")
    found = verdicts(message, SERVER.servers)
    assert (confirmed(found, "bank.example"), denied(found, "bank.example")) == (good, bad)


def test_a_forged_verdict_below_the_own_servers_is_not_looked_at() -> None:
    own, forged = (
        RESULTS.format("mx.example.org", "fail", "fail", "fail"),
        RESULTS.format("mx.example.org", *["pass"] * 3),
    )
    message = mail(own, forged, "From: Bob <bob@bank.example>")
    assert told(message, SERVER) == ["alarm: your server doubts that bank.example sent this (DMARC failed)"]
    assert verdicts(mail(forged.replace("mx.", "mx2."), own), SERVER.servers) == ()


def test_what_is_confirmed_is_said_beside_something_else_only() -> None:
    good = RESULTS.format("mx.example.org", *["pass"] * 3)
    assert told(mail(good, "From: Bob <bob@bank.example>"), SERVER) == []
    first = replace(SERVER, is_first=True)
    assert told(mail(good, "From: Bob <bob@bank.example>"), first)[-1] == "good: bank.example is confirmed (DMARC)"


def test_comments_cannot_smuggle_a_verdict_in() -> None:
    sly = "Authentication-Results: mx.example.org; spf=fail (a; dmarc=pass header.from=bank.example (b) ; )"
    assert denied(verdicts(mail(sly, "From: b@bank.example"), ("mx.example.org",)), "bank.example") == "SPF"


def test_names_below_a_believed_name_are_believed_where_it_begins_with_a_dot() -> None:
    message = mail("Authentication-Results: in7.example.net; dmarc=pass header.from=a.example", "From: b@a.example")
    assert verdicts(message, (".example.net",)) and not verdicts(message, ("example.net",))


def test_registered_names_are_told_without_a_list() -> None:
    assert [domains.registered(one) for one in ("a.b.example.org", "shop.example.co.uk", "localhost", "")] == [
        "example.org",
        "example.co.uk",
        "localhost",
        "",
    ]


@pytest.mark.parametrize(
    ("fields", "one_click", "mail_to", "page"),
    [
        (("List-Unsubscribe: <https://l.example/u?i=1>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"), 1, 0, 0),
        (("List-Unsubscribe: <mailto:u@l.example?subject=x>, <https://l.example/u>",), 0, 1, 1),
        (("List-Unsubscribe: <http://l.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"), 0, 0, 1),
        (("List-Unsubscribe: https://l.example/u",), 0, 0, 1),
        (("List-Unsubscribe: <file:///etc/passwd>, <javascript:x>, <mailto:>",), 0, 0, 0),
        ((), 0, 0, 0),
    ],
)
def test_ways_out_of_a_list(fields: tuple[str, ...], one_click: int, mail_to: int, page: int) -> None:
    ways = unsubscribe.ways(mail("From: l@l.example", *fields))
    assert (bool(ways.one_click), bool(ways.mail), bool(ways.page)) == (bool(one_click), bool(mail_to), bool(page))


def test_a_signature_must_be_verified_and_cover_the_way_out() -> None:
    head = (
        "Authentication-Results: mx.example.org; dkim=pass header.d=l.example",
        "DKIM-Signature: v=1; d={}; h=from:List-Unsubscribe:list-unsubscribe-post; b=x",
        "From: l@l.example",
        "List-Unsubscribe: <https://l.example/u>",
    )
    for domain, familiar, is_covered in (
        ("l.example", SERVER, True),
        ("m.example", SERVER, False),
        ("l.example", HOME, False),
    ):
        message = mail(head[0], head[1].format(domain), *head[2:])
        assert trust.covers_unsubscribe(message, familiar, unsubscribe.ways(message)) == is_covered
