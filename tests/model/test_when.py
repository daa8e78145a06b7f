"""A phrase means the moment that a person who says it means."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.model.errors import BadInput
from tui_mail.model.when import spoken, when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 10, 15, tzinfo=BERLIN)  # a Thursday

TABLE = [
    ("in 2 hours", "2026-11-26 12:15"),
    ("2h", "2026-11-26 12:15"),
    ("in 1.5 hours", "2026-11-26 11:45"),
    ("in half an hour", "2026-11-26 10:45"),
    ("30 min", "2026-11-26 10:45"),
    ("in an hour", "2026-11-26 11:15"),
    ("in 3 days", "2026-11-29 10:15"),
    ("1w", "2026-12-03 10:15"),
    ("in a month", "2026-12-26 10:15"),
    ("later today", "2026-11-26 13:15"),
    ("18:30", "2026-11-26 18:30"),
    ("at 9", "2026-11-27 09:00"),
    ("9.45", "2026-11-27 09:45"),
    ("7pm", "2026-11-26 19:00"),
    ("12am", "2026-11-27 00:00"),
    ("noon", "2026-11-26 12:00"),
    ("this evening", "2026-11-26 18:00"),
    ("tonight", "2026-11-26 21:00"),
    ("today", "2026-11-26 12:00"),
    ("today 17", "2026-11-26 17:00"),
    ("Tomorrow", "2026-11-27 08:00"),
    ("tomorrow 9", "2026-11-27 09:00"),
    ("9 tomorrow", "2026-11-27 09:00"),
    ("tomorrow at 9:30", "2026-11-27 09:30"),
    ("tomorrow evening", "2026-11-27 18:00"),
    ("tomorrow in the morning", "2026-11-27 08:00"),
    ("day after tomorrow", "2026-11-28 08:00"),
    ("monday", "2026-11-30 08:00"),
    ("mon 8am", "2026-11-30 08:00"),
    ("on Friday, 14:00", "2026-11-27 14:00"),
    ("thursday", "2026-12-03 08:00"),
    ("next friday", "2026-12-04 08:00"),
    ("next week", "2026-11-30 08:00"),
    ("weekend", "2026-11-28 08:00"),
    ("next month", "2026-12-01 08:00"),
    ("2026-12-24", "2026-12-24 08:00"),
    ("2026-12-24 18:00", "2026-12-24 18:00"),
    ("24 dec", "2026-12-24 08:00"),
    ("dec 24 18:00", "2026-12-24 18:00"),
    ("24th of December 9", "2026-12-24 09:00"),
    ("24.12.", "2026-12-24 08:00"),
    ("1.2.2027 7:15", "2027-02-01 07:15"),
    ("3 march", "2027-03-03 08:00"),
    ("29 feb", "2028-02-29 08:00"),
]


@pytest.mark.parametrize(("words", "meant"), TABLE)
def test_a_phrase_is_understood(words: str, meant: str) -> None:
    found = datetime.fromtimestamp(when(words, NOW.timestamp(), BERLIN), BERLIN)
    assert f"{found:%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    "words", ["", "soon", "yesterday", "25:00", "13pm", "31 february", "2020-01-01", "today 9", "in 9999 months", "m"]
)
def test_what_cannot_be_meant_is_said_with_examples(words: str) -> None:
    with pytest.raises(BadInput, match="tomorrow 9"):
        when(words, NOW.timestamp(), BERLIN)


def test_nine_in_the_morning_stays_nine_over_the_change_of_the_clocks() -> None:
    before = datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN).timestamp()
    assert when("tomorrow 9", before, BERLIN) - before == 25 * 3600
    assert when("in 24 hours", before, BERLIN) - before == 24 * 3600
    assert when("in 1 day", before, BERLIN) - before == 25 * 3600


def test_the_same_phrase_is_another_moment_in_another_zone() -> None:
    now = NOW.timestamp()
    assert when("tomorrow 9", now, ZoneInfo("Asia/Tokyo")) != when("tomorrow 9", now, BERLIN)


@given(st.text(max_size=40))
def test_no_phrase_breaks_it_and_none_means_the_past(words: str) -> None:
    try:
        assert when(words, NOW.timestamp(), BERLIN) > NOW.timestamp()
    except BadInput:
        pass  # the other way out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("18:30", "today 18:30"),
        ("tomorrow", "tomorrow 08:00"),
        ("monday", "Mon 30 Nov 08:00"),
        ("3 march", "3 Mar 2027 08:00"),
    ],
)
def test_a_moment_is_said_in_few_words(words: str, said: str) -> None:
    assert spoken(when(words, NOW.timestamp(), BERLIN), NOW.timestamp(), BERLIN) == said
