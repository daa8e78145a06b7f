"""Dates of mail, right and wrong ones, as seconds since 1970 UTC."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FOREIGN = {
    "ene": 1, "gen": 1, "fev": 2, "mrz": 3, "abr": 4, "avr": 4, "mai": 5, "mag": 5, "giu": 6, "lug": 7, "ago": 8,
    "set": 9, "okt": 10, "ott": 10, "out": 10, "dez": 12, "dic": 12,
}  # fmt: skip
"""What programs that ask the system for names write."""
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)} | _FOREIGN
_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d\d? [A-Z][a-z]{2} \d{4}) (\d\d):(\d\d)(?::(\d\d))?"
    r" ([+-]\d{4}|GMT|UTC)(?![\w:+-])"
)
_DAY_NAME = re.compile(r"^\s*[^\W\d_]{2,12}\.?,?\s*(?=\d)", re.A)
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d+)?\s*([AaPp]\.?[Mm]\b)?")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[\s\-./,]*([A-Za-z]{3})[a-z]*\.?[\s\-./,]*('?\d{2,4})(?!\d)")
_MONTH_FIRST = re.compile(
    r"([A-Za-z]{3})[a-z]*\.?[\s\-./]+(\d{1,2})(?:st|nd|rd|th)?[\s,\-./]+(?:.*?[\s,])??(\d{4})(?!\d)", re.S
)
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{2,4})(?!\d)")
_OFFSET = re.compile(r"(?:GMT|UTC?|Z)?\s*([+\-−])\s?(\d{1,2}):?(\d{2})?(?!\d)", re.I)
_COMMENT = re.compile(r"\([^()]*\)?")
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120,
    "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "msd": 240, "ist": 330, "hkt": 480, "sgt": 480,
    "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
_EPOCH = date(1970, 1, 1).toordinal()
_EARLIEST = (date(1900, 1, 1).toordinal() - _EPOCH) * 86400


def parse_date(text: str) -> int | None:
    """Seconds since 1970 UTC of whatever people write in a Date field; None where it is none, or before 1900.

    A zone that cannot be is read as UTC. Negative before 1970, when nobody sent mail: for showing only.
    """
    usual = text.partition(" (")[0]
    dawn, minute, second = _dawn(usual[:-14], usual[-5:]), _minute(usual[-14:-8]), _SECONDS.get(usual[-8:-5])
    if dawn is not None and minute is not None and second is not None:
        return seconds if (seconds := dawn + minute + second) >= _EARLIEST else None
    match = _USUAL.match(text)
    if match is not None and (midnight := _midnight(match[1], match[5])) is not None:
        hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
        if hour <= 24 and minute <= 59:
            seconds = midnight + hour * 3600 + minute * 60 + min(second, 59)
            return seconds if seconds >= _EARLIEST else None
    return _any(text[:300])


_SECONDS = {f"{second:02} ": min(second, 59) for second in range(100)}
_DAWN = re.compile(r"(?:[A-Za-z]{3}, ?)?(\d\d? [A-Z][a-z]{2} \d{4}) \Z")
_ZONE = re.compile(r"[+-]\d{4}\Z")
_MINUTE = re.compile(r"(\d\d):(\d\d):\Z")


@lru_cache(maxsize=4096)
def _dawn(day: str, zone: str) -> int | None:
    """When `Mon, 3 Jun 2024 ` begins in `+0200`; None where they are written otherwise, or that day never was."""
    match = _DAWN.match(day)
    return _midnight(match[1], zone) if match is not None and _ZONE.match(zone) else None


@lru_cache(maxsize=2048)
def _minute(text: str) -> int | None:
    """The seconds of a day until `10:30:`; None for what is no time."""
    match = _MINUTE.match(text)
    hour, minute = (int(match[1]), int(match[2])) if match is not None else (99, 99)
    return hour * 3600 + minute * 60 if hour <= 24 and minute <= 59 else None


@lru_cache(maxsize=4096)
def _midnight(day: str, zone: str) -> int | None:
    """When a day (`3 Jun 2024`) begins in a zone (`+0200`); None for a day that never was."""
    number, name, year = day.split()
    month = _MONTHS.get(name.lower())
    offset = int(zone[1:3]) * 60 + int(zone[3:]) if zone[0] in "+-" else 0
    try:
        days = date(int(year), month or 0, int(number)).toordinal() - _EPOCH
    except ValueError:
        return None
    return days * 86400 - (offset if offset < 1440 else 0) * (-60 if zone[0] == "-" else 60)


def _seconds(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: int) -> int | None:
    """`offset` in minutes east of Greenwich."""
    if hour > 24 or minute > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    if not -1440 < offset < 1440:
        offset = 0
    seconds = days * 86400 + hour * 3600 + minute * 60 + min(second, 59) - offset * 60
    return seconds if seconds >= _EARLIEST else None


def _any(text: str) -> int | None:
    comments = " ".join(_COMMENT.findall(text))
    text = _COMMENT.sub(" ", text)
    if (day := _day(text)) is None:
        return None
    (year, month, number), rest = day
    hour = minute = second = 0
    if (time := _TIME.search(rest)) is not None:
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if time[4]:
            hour = hour % 12 + (12 if time[4][0] in "Pp" else 0)
        rest = rest[: time.start()] + " " + rest[time.end() :]
    offset = _offset(rest)
    if offset is None:
        offset = _offset(comments.replace("(", " ").replace(")", " ")) or 0
    return _seconds(year, month, number, hour, minute, second, offset)


def _day(text: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day, and the text without them."""
    if (match := _ISO.search(text)) is not None:
        found = int(match[1]), int(match[2]), int(match[3])
        return found, text[: match.start()] + " " + text[match.end() :].lstrip("T")
    for match in _DAY_FIRST.finditer(_DAY_NAME.sub("", text)):
        if (month := _MONTHS.get(match[2].lower())) is not None:
            rest = match.string[: match.start()] + " " + match.string[match.end() :]
            return (_year(match[3]), month, int(match[1])), rest
    for match in _MONTH_FIRST.finditer(text):
        if (month := _MONTHS.get(match[1].lower())) is not None:
            rest = text[match.end(2) : match.start(3)] + " " + text[match.end() :]
            return (int(match[3]), month, int(match[2])), rest
    if (match := _NUMBERS.search(text)) is not None:
        first, second = int(match[1]), int(match[2])
        day, month = (second, first) if second > 12 else (first, second)
        return (_year(match[3]), month, day), text[: match.start()] + " " + text[match.end() :]
    return None


def _year(text: str) -> int:
    """RFC 5322 section 4.3: two digits below 50 are this century, other two and all three digit years add 1900."""
    digits = text.lstrip("'")
    year = int(digits)
    if len(digits) <= 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _offset(text: str) -> int | None:
    """Minutes east of Greenwich, or None where no zone is named."""
    if (match := _OFFSET.search(text)) is not None:
        digits = match[2] + (match[3] or "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        return (hours * 60 + minutes) * (1 if match[1] == "+" else -1)
    return next((_ZONES[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _ZONES), None)
