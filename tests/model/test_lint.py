"""What is said of a letter that may not be as it was meant; none of it stops anybody."""

from __future__ import annotations

import pytest

from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.lint import NOBODY, Acquaintance, lint, look_alike

FILE = Enclosure(path="/tmp/plan.pdf", name="plan.pdf", size=1000)
KNOWN = Acquaintance({"bob@example.org": 12, "dora@bank.example": 3}, frozenset({"ann@example.org"}))


def draft(body: str = "Hello", subject: str = "Lunch", to: str = "Bob <bob@example.org>", *files: Enclosure) -> Draft:
    return Draft(DraftId("d1"), "work", to=to, subject=subject, body=body, enclosures=files)


def said(letter: Draft, known: Acquaintance = NOBODY) -> list[str]:
    return [remark.text for remark in lint(letter, known)]


def test_a_letter_with_all_it_needs_is_not_talked_about() -> None:
    assert said(draft(), KNOWN) == []


def test_an_empty_subject_and_an_empty_text_are_told() -> None:
    assert said(draft("", "")) == ["There is no subject.", "There is no text."]
    assert said(draft("\n-- \nAnn")) == ["There is no text."]


@pytest.mark.parametrize(
    "text",
    ["I attached the plan.", "See the attachment", "im Anhang", "Ich habe es angehängt.", "ci-joint", "pièce jointe"],
)
def test_a_promised_file_that_is_missing_is_told(text: str) -> None:
    assert any("nothing is attached" in sentence for sentence in said(draft(text)))
    assert said(draft(text, "Lunch", "bob@example.org", FILE)) == []


def test_what_others_promised_is_their_business() -> None:
    assert said(draft("Thanks!\n\n> I attached the plan.\n\n-- \nAnn, attached to Bob")) == []


def test_what_the_server_would_not_take_is_told_first_and_once() -> None:
    letter = draft("Hi Carl", "", "Bob <bob@example.org>", Enclosure(path="/tmp/film.mp4", size=30_000_000))
    told = [remark.text for remark in lint(letter, largest=35_000_000)]
    assert told[0] == "The letter has about 41 MB; your server takes at most 35 MB." and "refuse" not in " ".join(told)
    assert "30 MB of attachments: many servers refuse that much." in said(letter)
    assert "30 MB of attachments: many servers refuse that much." in [r.text for r in lint(letter, largest=99_000_000)]
    passed_on = draft("Hi", "x", "bob@example.org", Enclosure(source=7, type="message/rfc822", size=4_000_000))
    assert not lint(passed_on, largest=4_100_000) and lint(passed_on, largest=3_900_000)[0].text == (
        "The letter has about 4.0 MB; your server takes at most 3.9 MB."
    )


def test_a_crowd_is_counted() -> None:
    assert said(draft(to=", ".join(f"p{number}@example.org" for number in range(30)))) == ["It goes to 30 people."]


def test_everybody_is_counted_once() -> None:
    twice = Draft(DraftId("d"), "work", to="Bob <bob@example.org>, ann@example.org", cc="BOB@example.org", bcc="")
    assert [one.email for one in twice.recipients] == ["BOB@example.org", "ann@example.org"]


def test_the_line_over_a_quote_is_no_text_of_ones_own() -> None:
    assert said(draft("\n\nOn Monday Bob wrote:\n> I attached it\n> yes\n")) == ["There is no text."]


@pytest.mark.parametrize(
    ("body", "to", "name"),
    [
        ("Hi Carl,\n\nsee you", "Bob <bob@example.org>", "Carl"),
        ("Dear Mr Smith,", "Bob Jones <bob@example.org>", "Smith"),
        ("Liebe Käthe,", "Bob <bob@example.org>", "Käthe"),
        ("Hi Bob,", "Bob <bob@example.org>", ""),
        ("Hi Bobby!", "bob@example.org", ""),
        ("Hello Dr. Jones,", "j.jones@example.org", ""),
        ("Sehr geehrte Frau Müller,", '"Müller, Eva" <e@example.org>', ""),
        ("Hallo Jurgen", "Jürgen <j@example.org>", ""),
        ("Hi all,", "Bob <bob@example.org>", ""),
        ("Hi there", "Bob <bob@example.org>", ""),
        ("Dear colleagues,", "Bob <bob@example.org>", ""),
        ("Hi Ann and Bob,", "Bob <bob@example.org>", ""),
        ("Hi\nwe meet Carl", "Bob <bob@example.org>", ""),
        ("hi again", "Bob <bob@example.org>", ""),
        ("Hi Carl,", "", ""),
        ("Hi Marysmith,", "mary.smith@example.org", ""),
        ("Hi Mary,", "marysmith@example.org", ""),
    ],
)
def test_a_greeting_that_meets_nobody_is_told(body: str, to: str, name: str) -> None:
    wanted = [f"“{name}” is not among the recipients."] if name else []
    assert said(draft(body, to=to)) == wanted


def test_a_stranger_is_told_and_a_double_by_name() -> None:
    assert said(draft(to="eve@example.net"), KNOWN) == ["Your first letter to eve@example.net."]
    assert said(draft(to="bob@exarnple.org"), KNOWN) == ["bob@exarnple.org is new to you, and nearly bob@example.org."]
    assert said(draft(to="ann@example.org"), KNOWN) == []
    assert said(draft(to="eve@example.net")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob@exarnple.org", "bob@example.org"),
        ("bob@examp1e.org", "bob@example.org"),
        ("bоb@example.org", "bob@example.org"),
        ("bob@exmaple.org", "bob@example.org"),
        ("bob@example.or", "bob@example.org"),
        ("bob@example.net", ""),
        ("rob@example.org", ""),
        ("dorra@bank.example", "dora@bank.example"),
        ("bob@example.org", ""),
    ],
)
def test_what_the_eye_mistakes_is_found(one: str, other: str) -> None:
    assert look_alike(one, KNOWN) == other


def test_an_answer_from_another_account_than_it_came_to_is_told() -> None:
    letter = Draft(DraftId("d"), "home", to="bob@example.org", subject="Re: x", body="Yes", came_to="work")
    assert said(letter) == ["The letter came to work; this answer leaves from home."]


def test_an_answer_to_a_whole_list_is_told() -> None:
    letter = Draft(
        DraftId("d"), "work", to="list@example.org", subject="Re: x", body="Yes", in_reply_to="<a@b>",
        list_post="list@example.org",
    )  # fmt: skip
    assert said(letter) == ["Everybody on the list list@example.org gets it."]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----\nMIIE",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
    ],
)
def test_a_secret_is_told(text: str) -> None:
    assert any("The text holds" in sentence for sentence in said(draft(f"Here it is\n{text}\n")))
    assert not any("The text holds" in sentence for sentence in said(draft("-----BEGIN PUBLIC KEY-----")))


def test_ten_thousand_known_people_and_a_long_letter_keep_no_key_waiting() -> None:
    known = Acquaintance({f"person{number}@example{number % 97}.org": number for number in range(10_000)})
    assert said(draft("word " * 200_000, to="person5@exampel5.org"), known)
