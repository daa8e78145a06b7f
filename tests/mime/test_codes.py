"""One-time codes are found, and other numbers are not taken for them."""

from __future__ import annotations

import pytest

from tui_mail.mime.codes import codes


@pytest.mark.parametrize(
    ("subject", "text", "found"),
    [
        ("Your sign-in code", "Your code is 482913. It is good for ten minutes.", ("482913",)),
        ("482 913 is your code", "", ("482913",)),
        ("G-123456 is your verification code", "", ("G-123456",)),
        ("Anmeldung", "Ihr Bestätigungscode lautet: 0042", ("0042",)),
        ("Login", "Use the one-time passcode\n\n   K7P2QX\n\nto sign in.", ("K7P2QX",)),
        ("验证码", "您的验证码是 8842，五分钟内有效。", ("8842",)),
        ("code", "Your code: 555-123", ("555-123",)),
        ("Standards", "The code of RFC1341 is older than that of ISO-8859.", ()),
        ("Digest", "A token of thanks " + "x" * 60 + " 12345 " + "words " * 400, ()),
        ("Lunch", "At 1230 in room 4711?", ()),
        ("Invoice 20261123", "You pay 1,482.50 EUR by card ending 4711.", ()),
        ("Code review in 2026", "See https://git.example/1234567", ()),
        ("Promo code", "It saves you 1000 EUR", ()),
        ("Call us", "The code of conduct is here. " + "x " * 100 + "Phone +49 30 123456", ()),
    ],
)
def test_codes(subject: str, text: str, found: tuple[str, ...]) -> None:
    assert codes(subject, text) == found
