"""Who writes: a person, a list, or a program."""

from __future__ import annotations

import pytest

from tui_mail.model.address import Address
from tui_mail.model.kind import Kind, kind


@pytest.mark.parametrize(
    ("email", "list_id", "is_from"),
    [
        ("ann@example.org", "", Kind.PERSON),
        ("information.desk@example.org", "", Kind.PERSON),
        ("reply@example.org", "", Kind.PERSON),
        ("ann@example.org", "choir.example.net", Kind.LIST),
        ("no-reply@shop.example", "", Kind.NOTIFICATION),
        ("noreply+abc123@shop.example", "", Kind.NOTIFICATION),
        ("notifications@git.example", "", Kind.NOTIFICATION),
        ("shop-newsletter@example.org", "", Kind.NOTIFICATION),
        ("MAILER-DAEMON@mx.example", "", Kind.NOTIFICATION),
        ("", "", Kind.PERSON),
        ("x" * 100_000, "", Kind.PERSON),
    ],
)
def test_who_writes_is_told_from_the_header(email: str, list_id: str, is_from: Kind) -> None:
    assert kind(Address("", email), list_id) is is_from
