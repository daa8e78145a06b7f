"""What is to be posted names no person and no machine but the servers."""

from __future__ import annotations

import pytest

from tui_mail.mime.masking import letterless, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("MAIL FROM:<ann.b+x@example.org> SIZE=12", "MAIL FROM:<‹address›> SIZE=12"),
        ("no login for grün@bücher.example.", "no login for ‹address›."),
        ("a1 LOGIN ann ****", "a1 LOGIN ‹user› ****"),
        ("Hello Ann, your annual report", "Hello ‹user›, your annual report"),
        ("250-mx at your service, [203.0.113.7]", "250-mx at your service, [‹ip›]"),
        ("ready for 2001:db8::17 now", "ready for ‹ip› now"),
        ("imap.example.org is 198.51.100.2", "imap.example.org is 198.51.100.2"),
        ("ESMTP Postfix 3.7.11, 2.1.0 Ok at 10:11:12", "ESMTP Postfix 3.7.11, 2.1.0 Ok at 10:11:12"),
        ("* OK [UIDNEXT 17] 4 EXISTS", "* OK [UIDNEXT 17] 4 EXISTS"),
    ],
)
def test_people_and_machines_are_struck_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert masked(text, users=["ann", "x"], machines={"198.51.100.2"}) == shown


def test_a_letter_in_a_dialogue_is_counted_and_not_shown_whatever_is_said_beside_it() -> None:
    said = [
        ("smtp", "→", "DATA"),
        ("smtp", "←", "354 go on"),
        ("smtp", "→", "Subject: secret"),
        ("imap", "←", "* 3 EXISTS"),
        ("smtp", "→", ""),
        ("imap", "→", "a7 NOOP"),
        ("smtp", "·", "… 70 more lines"),
        ("smtp", "←", "250 taken"),
        ("smtp", "→", "QUIT"),
    ]
    assert list(letterless(said)) == [
        ("→", "DATA"),
        ("←", "354 go on"),
        ("←", "* 3 EXISTS"),
        ("→", "a7 NOOP"),
        ("·", "(2 lines of a letter)"),
        ("←", "250 taken"),
        ("→", "QUIT"),
    ]
