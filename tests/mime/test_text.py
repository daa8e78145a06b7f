"""Plain text as it is laid out: quotes, signature, links, and shapes that must keep."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.flowed import flow, unflow
from tui_mail.mime.text import document
from tui_mail.model.document import Run


def test_quotes_signature_and_gaps_are_told_apart() -> None:
    blocks = document("Hi\n\n> one\n>> two\n> > three\n\n-- \nAnn\n> not a quote").blocks
    assert [(one.kind, one.quote, one.text) for one in blocks] == [
        ("text", 0, "Hi"),
        ("gap", 0, ""),
        ("text", 1, "one"),
        ("text", 2, "two"),
        ("text", 2, "three"),
        ("gap", 0, ""),
        ("signature", 0, "--"),
        ("signature", 0, "Ann"),
        ("signature", 0, "> not a quote"),
    ]


def test_addresses_in_the_text_can_be_followed() -> None:
    found = document("See https://example.org/a_(b), or (www.example.org). Mail ann@example.org!")
    assert found.links == ("https://example.org/a_(b)", "http://www.example.org", "mailto:ann@example.org")
    assert found.blocks[0].runs[1] == Run("https://example.org/a_(b)", link=1)
    assert found.blocks[0].text == "See https://example.org/a_(b), or (www.example.org). Mail ann@example.org!"


def test_tables_and_code_keep_their_shape() -> None:
    kinds = [one.kind for one in document("name    price\n    code()\nplain words").blocks]
    assert kinds == ["pre", "pre", "text"]


PATCH = """See:

diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@ def f
 one
-two
+due

- not a part of it
--\x20
2.40
"""


def test_a_patch_is_coloured_as_far_as_its_head_counts() -> None:
    kinds = [(one.kind, one.text) for one in document(PATCH).blocks if one.kind != "gap"]
    assert kinds == [
        ("text", "See:"),
        ("hunk", "diff --git a/a.py b/a.py"),
        ("hunk", "--- a/a.py"),
        ("hunk", "+++ b/a.py"),
        ("hunk", "@@ -1,3 +1,3 @@ def f"),
        ("pre", " one"),
        ("removed", "-two"),
        ("added", "+due"),
        ("text", "- not a part of it"),
        ("signature", "--"),
        ("signature", "2.40"),
    ]


def test_armor_is_told_from_words() -> None:
    text = "a\n-----BEGIN PGP MESSAGE-----\n\nabc=\n-----END PGP MESSAGE-----\nb\n-----BEGIN PGP MESSAGE-----\nc"
    assert [one.kind for one in document(text).blocks] == ["text", *["armor"] * 4, "text", "armor", "text"]


@pytest.mark.parametrize("line", ["--", "_" * 47])
def test_a_footer_is_no_rule_in_the_middle(line: str) -> None:
    assert document(f"a\n{line}\nb").blocks[-1].kind == "signature"
    assert document(f"a\n{line}\n" + "b\n" * 30).blocks[-1].kind == "text"


def test_a_letter_quoted_below_the_signature_is_a_quote() -> None:
    blocks = document("Yes.\n-- \nAnn\n\nOn Monday Bob wrote:\n> Really?").blocks
    assert [(one.kind, one.quote) for one in blocks if one.kind != "gap"] == [
        ("text", 0),
        ("signature", 0),
        ("signature", 0),
        ("text", 0),
        ("text", 1),
    ]


def test_numbers_go_on_where_an_earlier_part_ended() -> None:
    assert document("http://b.example", links=("http://a.example",)).links == ("http://a.example", "http://b.example")


def test_soft_line_ends_are_joined_within_one_depth_only() -> None:
    flowed = "a long \nline\n> quoted \n> more\n>> deep \nnot joined\n-- \nsig \nnature\n  stuffed"
    assert unflow(flowed) == "a long line\n> quoted more\n>> deep \nnot joined\n-- \nsig nature\n stuffed"
    assert unflow("ab \ncd", delsp=True) == "abcd"


WORDS = st.text("ab >-.F\n", max_size=300)


@given(WORDS)
def test_what_flows_out_flows_back(text: str) -> None:
    wanted = [line if line == "-- " else line.rstrip(" ") for line in text.split("\n")]
    back = unflow(flow(text)).split("\n")
    assert [_normal(line) for line in back] == [_normal(line) for line in wanted]


def _normal(line: str) -> str:
    """Quote marks as `>> `, whatever blank stood behind them."""
    if line == "-- ":
        return line
    bare = line.lstrip(">")
    marks = ">" * (len(line) - len(bare))
    return f"{marks} {bare.removeprefix(' ')}".rstrip() if marks else line.rstrip()


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN X MESSAGE-----\n" * 20_000,
        "@@ -1,9999999 +1,9999999 @@\n" * 20_000,
        "x" * 90_000,
        "http://" * 10_000,
        "a.b@" * 20_000,
        "> " * 20_000,
        "www." * 20_000,
        "http://" + ")" * 50_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    before = time.process_time()
    document(text)
    assert time.process_time() - before < 1


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    shown = document(text).text
    assert sorted("".join(shown.split()).replace(">", "")) == sorted(
        "".join(document(shown).text.split()).replace(">", "")
    )
