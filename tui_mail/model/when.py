"""When somebody means by “tomorrow 9”, “monday” or “in 2 hours”: a phrase read against a clock and a zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from .errors import BadInput

MORNING, NOON, AFTERNOON, EVENING, NIGHT = (8, 0), (12, 0), (14, 0), (18, 0), (21, 0)
"""What a part of the day means; a day alone means its morning."""
_LATER = timedelta(hours=3)
_FURTHEST = timedelta(days=366 * 5)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "half an": 0.5}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_PARTS = {
    "morning": MORNING,
    "noon": NOON,
    "midday": NOON,
    "lunch": NOON,
    "afternoon": AFTERNOON,
    "evening": EVENING,
    "tonight": NIGHT,
    "night": NIGHT,
    "midnight": (0, 0),
}
_AMOUNT = re.compile(
    r"(?:in )?(half an|an?|one|two|three|four|five|six|\d{1,4}(?:[.,]5)?) ?"
    r"(m|min|mins|minutes?|h|hr|hrs|hours?|d|days?|w|weeks?|months?)"
)
_TIME = re.compile(r"(?:at )?(\d{1,2})(?:[:.h](\d{2}))? ?(am|pm|h|o'clock|uhr)?")
_EXAMPLES = "Try: tomorrow 9, monday, 18:30, in 2 hours, 24 dec."

Clock = tuple[int, int]


def when(words: str, now: float, zone: tzinfo | None = None) -> float:
    """The moment that a phrase means (seconds since 1970 UTC), always after `now`.

    `zone` is where the person is; None is this machine's own. A time alone is the next one; a day alone is its morning;
    a weekday is the next one after today; next DAY is that day of next week. Raises BadInput with examples.
    """
    text = " ".join(words.casefold().replace(",", " ").split())
    here = datetime.fromtimestamp(now, zone)
    found = _span(text, here) or _named(text, here)
    if found is None:
        shown = " ".join(words.split())[:60]
        raise BadInput(f"“{shown}” is not a time that can be understood.", remedy=_EXAMPLES)
    moment = found.timestamp()
    if moment <= now:
        raise BadInput(f"{spoken(moment, now, zone)} is past.", remedy=_EXAMPLES)
    if found - here > _FURTHEST:
        raise BadInput("That is more than five years away.", remedy=_EXAMPLES)
    return moment


def spoken(moment: float, now: float, zone: tzinfo | None = None) -> str:
    """A moment in few words: `today 18:30`, `tomorrow 08:00`, `Mon 30 Nov 08:00`, `1 Jan 2027 08:00`."""
    then, here = datetime.fromtimestamp(moment, zone), datetime.fromtimestamp(now, zone)
    clock = f"{then.hour:02}:{then.minute:02}"
    match (then.date() - here.date()).days:
        case 0:
            return f"today {clock}"
        case 1:
            return f"tomorrow {clock}"
        case -1:
            return f"yesterday {clock}"
    month = _MONTHS[then.month - 1][:3].capitalize()
    if then.year == here.year:
        return f"{_DAYS[then.weekday()][:3].capitalize()} {then.day} {month} {clock}"
    return f"{then.day} {month} {then.year} {clock}"


def _span(text: str, here: datetime) -> datetime | None:
    """`in 2 hours`, `30m`, `a week`: hours by the clock that runs, days by the calendar."""
    found = _AMOUNT.fullmatch(text)
    if text in ("later", "later today"):
        return _after(here, _LATER)
    if found is None:
        return None
    amount = _NUMBERS.get(found[1]) or float(found[1].replace(",", "."))
    unit = found[2]
    if unit.startswith("month"):
        return _months_on(here, int(amount))
    if unit[0] in "dw":
        return here + timedelta(days=amount) * (7 if unit[0] == "w" else 1)
    return _after(here, timedelta(hours=amount) if unit[0] == "h" else timedelta(minutes=amount))


def _after(here: datetime, span: timedelta) -> datetime:
    """So much real time later, also over the night in which the clocks are changed."""
    return datetime.fromtimestamp(here.timestamp() + span.total_seconds(), here.tzinfo)


def _months_on(here: datetime, count: int) -> datetime:
    """The same day so many months later; the last one of a month that is shorter."""
    whole = here.year * 12 + here.month - 1 + count
    for day in (here.day, 30, 29, 28):
        try:
            return here.replace(year=whole // 12, month=whole % 12 + 1, day=day)
        except ValueError:
            continue  # no such day in that month
    return here


def _named(text: str, here: datetime) -> datetime | None:
    """A day, a time, or both, in either order."""
    words = text.split()
    for cut in range(len(words), -1, -1):
        for day_words, time_words in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            clock = _clock(" ".join(time_words)) if time_words else None
            if time_words and clock is None:
                continue
            if not day_words:
                return _next(here, clock) if clock else None
            day = _day(" ".join(day_words), here.date())
            if day is not None:
                return _at(here, day, clock or _usual(day, here))
    return None


def _usual(day: date, here: datetime) -> Clock:
    """The morning; of today, what is left of it."""
    if day != here.date():
        return MORNING
    return next((part for part in (NOON, EVENING, NIGHT) if part > (here.hour, here.minute)), (23, 59))


def _at(here: datetime, day: date, clock: Clock) -> datetime:
    return datetime(day.year, day.month, day.day, *clock, tzinfo=here.tzinfo)


def _next(here: datetime, clock: Clock) -> datetime:
    today = _at(here, here.date(), clock)
    return today if today > here else _at(here, here.date() + timedelta(days=1), clock)


def _clock(text: str) -> Clock | None:
    """`9`, `9:30`, `9.30`, `9pm`, `at 18h`, `noon`, `this evening`."""
    part = text.removeprefix("at ").removeprefix("in the ").removeprefix("this ")
    if part in _PARTS:
        return _PARTS[part]
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str, today: date) -> date | None:
    """`today`, `tomorrow`, `mon`, `next friday`, `next week`, `weekend`, `2026-12-24`, `24 dec`, `dec 24`, `24.12.`"""
    text = text.removeprefix("on ")
    monday = today + timedelta(days=7 - today.weekday())
    fixed: dict[str, Callable[[], date]] = {
        "today": lambda: today,
        "tomorrow": lambda: today + timedelta(days=1),
        "tmrw": lambda: today + timedelta(days=1),
        "day after tomorrow": lambda: today + timedelta(days=2),
        "next week": lambda: monday,
        "next month": lambda: (today.replace(day=28) + timedelta(days=4)).replace(day=1),
        "next year": lambda: date(today.year + 1, 1, 1),
        "weekend": lambda: _weekday(5, today),
        "this weekend": lambda: _weekday(5, today),
        "next weekend": lambda: monday + timedelta(days=5),
    }
    if text in fixed:
        return fixed[text]()
    name = text.removeprefix("next ").removeprefix("this ")
    number = _index(name, _DAYS)
    if number is not None:
        return monday + timedelta(days=number) if text.startswith("next ") else _weekday(number, today)
    return _dated(text, today)


def _weekday(number: int, today: date) -> date:
    """The next one after today."""
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _index(name: str, names: tuple[str, ...]) -> int | None:
    """Which of the names a word of three letters or more begins."""
    if len(name) < 3:
        return None
    return next((at for at, one in enumerate(names) if one.startswith(name.removesuffix("."))), None)


def _dated(text: str, today: date) -> date | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _real(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4}))?", text):
        return _coming(int(found[1]), int(found[2]), found[3], today)
    if found := re.fullmatch(r"(\d{1,2})(?:\.|st|nd|rd|th)? (?:of )?([a-z]+\.?)(?: (\d{4}))?", text):
        day, name, year = found.groups()
    elif found := re.fullmatch(r"([a-z]+\.?) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?", text):
        name, day, year = found.groups()
    else:
        return None
    month = _index(name, _MONTHS)
    return None if month is None else _coming(int(day), month + 1, year, today)


def _coming(day: int, month: int, year: str | None, today: date) -> date | None:
    """That day of the year that is named, else of this one, else of the next one that has it."""
    if year:
        return _real(int(year), month, day)
    days = (_real(today.year + on, month, day) for on in range(5))
    return next((one for one in days if one is not None and one >= today), None)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # the 31st of February
