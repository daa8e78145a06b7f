"""Dates, as the clocks of thirty years of mailers wrote them."""

from __future__ import annotations

import datetime as dt
import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_mail.mime.dates import parse_date

TEN = 1717408800  # Mon, 3 Jun 2024 10:00:00 UTC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Mon, 03 Jun 2024 10:00:00 +0000", TEN),
        ("Mon, 3 Jun 2024 12:00:00 +0200 (CEST)", TEN),
        ("Mon, 3 Jun 2024 12:00:00 +0200(CEST)", TEN),
        ("Mon, 3 Jun 2024 12:00:00 +0200 x", TEN),
        ("Mon, 03 Jun 2024 09:59:61 +0000", TEN - 1),
        ("3 Jun 2024 10:00 GMT", TEN),
        ("Mon,  3 Jun 2024  10:00:00  UT", TEN),
        ("Mon, 3 Jun 2024 02:00:00 PST", TEN),
        ("Mon, 3 Jun 2024 10:00:00", TEN),
        ("Mon, 3 Jun 2024 11:00:00 GMT+1", TEN),
        ("Mon, 3 Jun 2024 12:00:00 (CEST)", TEN),
        ("Mon, 3 Jun 2024 10:00:00 Z", TEN),
        ("Mon, 3 Jun 24 10:00:00 +0000", TEN),
        ("Mon, 3 Jun 124 10:00:00 +0000", TEN),
        ("Mon Jun  3 10:00:00 2024", TEN),
        ("Mon Jun  3 12:00:00 CEST 2024", TEN),
        ("Monday, June 3, 2024 10:00 AM", TEN),
        ("Mon, 3-Jun-2024 10:00:00 +0000", TEN),
        ("2024-06-03T12:00:00+02:00", TEN),
        ("2024-06-03 10:00:00.123Z", TEN),
        ("2024/06/03 10:00:00", TEN),
        ("Mon, 03 Jun 2024 10:00:00 +9959", TEN),
        ("Mon, 03 Jun 2024 10:00:00 +99999999999999999999", TEN),
        ("Mon, 3 Jun 2024 9:60:00 +0000", None),
        ("Mon, 31 Feb 2024 10:00:00 +0000", None),
        ("Mon, 00 Xxx 0000 00:00:00 +0000", None),
        ("Sun, 1 Jan 1950 00:00:00 +0000", -631152000),
        ("Sun, 1 Jan 1899 00:00:00 +0000", None),
        ("Mo, 3. Jun 2024 12:00:00 +0200", TEN),
        ("Do, 31. Okt 2024 10:00:00 +0000", TEN + 150 * 86400),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_date_is_a_moment(text: str, seconds: int | None) -> None:
    assert parse_date(text) == seconds


ZONES = st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@given(
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1), timezones=ZONES), st.sampled_from(["", " (here)"])
)
def test_a_date_as_most_write_it_is_read_in_any_zone(moment: dt.datetime, comment: str) -> None:
    moment = moment.replace(microsecond=0)
    assert parse_date(email.utils.format_datetime(moment) + comment) == int(moment.timestamp())


@given(st.text())
def test_no_text_breaks_a_date(text: str) -> None:
    parse_date(text)
    parse_date(f"Mon, 3 Jun 2024 {text}")
