"""The date forms of IMAP: INTERNALDATE, APPEND's date-time, SEARCH's day."""

from __future__ import annotations

import calendar
import re
import time

from .syntax import Bad

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DATE_TIME = re.compile(r"[ 0-3]?\d-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\Z")
_DAY = re.compile(r"([0-3]?\d)-([A-Za-z]{3})-(\d{4})\Z")


def internal_date(when: int, zone: str = " +0000") -> bytes:
    """`"23-Nov-2026 20:27:01 +0000"`; strftime would speak the user's language."""
    at = time.gmtime(when)
    day = f"{at.tm_mday:2}-{_MONTHS[at.tm_mon - 1]}-{at.tm_year:04}"
    return f'"{day} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}{zone}"'.encode()


def date_time(octets: bytes) -> int:
    """Seconds since 1970 UTC of APPEND's date-time. Raises Bad."""
    text = octets.decode("ascii", "replace")
    found = _DATE_TIME.match(text)
    if found is None or found[1] not in _MONTHS:
        raise Bad("Date-time expected")
    offset = (int(found[7]) * 60 + int(found[8])) * 60 * (-1 if found[6] == "-" else 1)
    clock = (int(found[3]), int(found[4]), int(found[5]))
    day = int(text.partition("-")[0])
    return calendar.timegm((int(found[2]), _MONTHS.index(found[1]) + 1, day, *clock)) - offset


def day(octets: bytes) -> int:
    """The first second of SEARCH's day, UTC. Raises Bad."""
    found = _DAY.match(octets.decode("ascii", "replace"))
    if found is None or found[2].capitalize() not in _MONTHS:
        raise Bad("Date expected")
    return calendar.timegm((int(found[3]), _MONTHS.index(found[2].capitalize()) + 1, int(found[1]), 0, 0, 0))
