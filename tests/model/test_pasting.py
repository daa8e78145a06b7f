"""Lists of people as they are found in the world, pasted into an address field."""

from __future__ import annotations

import pytest

from tui_mail.model.pasting import pasted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ann@x.org, bob@x.org", "ann@x.org, bob@x.org"),
        ("ann@x.org;bob@x.org;", "ann@x.org, bob@x.org"),
        ("ann@x.org\nbob@x.org,\r\n\n  carl@x.org;\n", "ann@x.org, bob@x.org, carl@x.org"),
        ("ann@x.org bob@x.org", "ann@x.org, bob@x.org"),
        ("Ann Example\tann@x.org\nBob\tbob@x.org", "Ann Example <ann@x.org>, Bob <bob@x.org>"),
        ("Ann\tExample\tann@x.org\t0123", "Ann Example <ann@x.org>"),
        ('"Example, Ann" <ann@x.org>; Bob <bob@x.org>', '"Example, Ann" <ann@x.org>, Bob <bob@x.org>'),
        ("To: Ann <ann@x.org>\nCc: bob@x.org", "Ann <ann@x.org>, bob@x.org"),
        ("- ann@x.org\n- Bob <bob@x.org>\n1. carl@x.org", "ann@x.org, Bob <bob@x.org>, carl@x.org"),
        ("mailto:ann%40x.org?subject=Hi&bcc=eve@x.org", "ann@x.org"),
        ("Team: ann@x.org, bob@x.org;", "ann@x.org, bob@x.org"),
        ("ann@x.org (Ann)", "Ann <ann@x.org>"),
        ("ann@x.org, ANN@X.ORG", "ANN@X.ORG"),
        ("Bob", "Bob"),
        ("Jürgen <jürgen@bücher.example>", "Jürgen <jürgen@bücher.example>"),
        ("", ""),
        ("\n\n", ""),
        ('"Long\nname" <ann@x.org>', "Long name <ann@x.org>"),
    ],
)
def test_any_list_is_understood(text: str, wanted: str) -> None:
    assert pasted(text) == wanted
