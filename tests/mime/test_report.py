"""A bounce is a sentence: who was not reached, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_mail.mime.parse import parse
from tui_mail.mime.report import report
from tui_mail.model.insight import Report

LETTERS = Path(__file__).parents[1] / "letters"


def bounce(*groups: str, returned: str = "Message-ID: <sent@example.org>\nSubject: Hi") -> bytes:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example.org", *groups))
    text = (
        "From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n"
    )
    return text.encode()


def read(raw: bytes) -> Report | None:
    return report(raw, parse(raw))


@pytest.mark.parametrize(
    ("group", "sentence", "has_failed"),
    [
        (
            "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no",
            "a@b.example was not reached: there is no such mailbox (“550 no”)",
            True,
        ),
        (
            "Final-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.2.2",
            "a@b.example was not reached: the mailbox is full",
            True,
        ),
        (
            "Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.4.1",
            "a@b.example is not reached yet; the server goes on trying: the server does not answer",
            False,
        ),
        ("Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0", "a@b.example was reached", False),
        ("Original-Recipient: rfc822; a@b.example\nAction: failed", "a@b.example was not reached", True),
    ],
)
def test_each_recipient_is_a_sentence(group: str, sentence: str, has_failed: bool) -> None:
    assert read(bounce(group)) == Report((sentence,), "<sent@example.org>", has_failed)


def test_a_crowd_of_failures_is_counted() -> None:
    groups = [f"Final-Recipient: rfc822; a{number}@b.example\nAction: failed" for number in range(30)]
    found = read(bounce(*groups))
    assert found is not None and len(found.sentences) == 11 and found.sentences[-1] == "and 20 more"


def test_the_projects_own_bounce_is_read() -> None:
    found = read((LETTERS / "bounce.eml").read_bytes())
    assert found is not None and found.sentences == ("nobody@example.net was not reached: there is no such mailbox",)


def test_a_receipt_says_what_was_done() -> None:
    raw = (
        b"From: bob@example.net\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        b"--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\n"
        b"Final-Recipient: rfc822; bob@example.net\nOriginal-Message-ID: <1@example.org>\n"
        b"Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )
    assert read(raw) == Report(("bob@example.net opened your letter",), "<1@example.org>")


def test_a_bounce_without_a_report_part_is_known_by_its_field() -> None:
    raw = b"From: mailer-daemon@example.org\nX-Failed-Recipients: a@b.example\n\nSorry\n"
    assert read(raw) == Report(("a@b.example was not reached",), "", True)


def test_an_ordinary_letter_is_no_report() -> None:
    assert read(b"From: a@b.example\n\nI was not reached.\n") is None
