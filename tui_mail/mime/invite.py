"""Invitations (RFC 5545, 5546): what a calendar part asks for, and the answer to it; nothing is run or fetched."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tui_mail.model.address import Address
from tui_mail.model.insight import Attendee, Invite, Partstat

from .clean import clean, line, token

LARGEST = 150_000
"""Octets of a calendar that are looked at."""
MOST = 20
"""Events of one part that are shown."""
_ANSWERS: tuple[Partstat, ...] = ("NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED")
_EVERY = {
    "SECONDLY": ("second", "seconds"),
    "MINUTELY": ("minute", "minutes"),
    "HOURLY": ("hour", "hours"),
    "DAILY": ("day", "days"),
    "WEEKLY": ("week", "weeks"),
    "MONTHLY": ("month", "months"),
    "YEARLY": ("year", "years"),
}
_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_MOST_ATTENDEES = 500


def invites(octets: bytes, part: str = "") -> tuple[Invite, ...]:
    """The events of a calendar part; none where it cannot be read. Repetitions are told, never worked out."""
    calendar = _calendar(octets)
    if calendar is None:
        return ()
    method = line(str(calendar.get("METHOD", ""))).upper()
    return tuple(_invite(event, method, part) for event in calendar.walk("VEVENT")[:MOST])


def _calendar(octets: bytes) -> Any:  # Any: icalendar's values are loosely typed
    """The parsed calendar, or None. The library is imported here: it costs 0.15 s, and few letters need it."""
    if b"BEGIN:VCALENDAR" not in octets[:LARGEST].upper():
        return None
    import icalendar

    try:
        return icalendar.Calendar.from_ical(octets[:LARGEST])
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, OverflowError, RecursionError):
        return None  # what the library raises on what is no calendar; the part can still be saved


def _invite(event: Any, method: str, part: str) -> Invite:
    recurrence = _time(event.get("RECURRENCE-ID"))
    start, end = _time(event.get("DTSTART")), _time(event.get("DTEND"))
    duration = _asked(event.get("DURATION"), "dt")
    if end is None and start is not None and isinstance(duration, dt.timedelta):
        try:
            end = start + duration
        except OverflowError:
            end = None
    return Invite(
        id=line(str(event.get("UID", "")))[:500] + (f" {recurrence.isoformat()}" if recurrence else ""),
        method=method,
        title=line(str(event.get("SUMMARY", "")))[:500] or "(no title)",
        start=start,
        end=end,
        place=line(str(event.get("LOCATION", "")))[:500],
        words=clean(str(event.get("DESCRIPTION", "")), lines=True).strip()[:2000],
        organizer=_person(event.get("ORGANIZER")),
        attendees=tuple(_attendee(one) for one in _listed(event.get("ATTENDEE"))[:_MOST_ATTENDEES]),
        repeats=_repeats(event.get("RRULE")),
        sequence=_number(event.get("SEQUENCE")),
        is_cancelled=method == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED",
        part=part,
    )


def _asked(value: Any, name: str) -> Any:
    """An attribute of a value; None where it has none, or the library could not read the value."""
    try:
        return getattr(value, name, None)
    except ValueError:
        return None


def _time(value: Any) -> dt.datetime | dt.date | None:
    found = _asked(value, "dt")
    return found if isinstance(found, dt.date) else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _number(value: Any) -> int:
    try:
        return max(0, min(int(value or 0), 2**31 - 1))
    except (TypeError, ValueError, OverflowError):
        return 0


def _person(value: Any) -> Address | None:
    if value is None or isinstance(value, list):
        return None
    email = re.sub(r"\Amailto:", "", str(value).strip(), flags=re.I)
    name = line(str(getattr(value, "params", {}).get("CN", "")))
    return Address(name, token(email)[:500]) if "@" in email else None


def _attendee(value: Any) -> Attendee:
    said = str(getattr(value, "params", {}).get("PARTSTAT", "")).upper()
    answer: Partstat = next((one for one in _ANSWERS if one == said), "NEEDS-ACTION")
    return Attendee(_person(value) or Address(line(str(value))[:200], ""), answer)


def _repeats(rule: Any) -> str:
    """`every 2 weeks on Mon, Wed until 24 Dec 2026`. A rule that repeats by the second is said to, and that is all."""
    if rule is None or _asked(rule, "get") is None:
        return "" if rule is None else "by rules of its own"
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    one, many = _EVERY.get(frequency, ("", ""))
    if not one:
        return ""
    interval = _number((rule.get("INTERVAL") or [1])[0])
    words = f"every {one}" if interval <= 1 else f"every {interval} {many}"
    days = [_DAYS.get(str(day)[-2:].upper(), "") for day in _listed(rule.get("BYDAY"))]
    if any(days):
        words += " on " + ", ".join(day for day in days if day)
    until = (_listed(rule.get("UNTIL")) or [None])[0]
    if isinstance(until, dt.date):
        return f"{words} until {until.day} {until:%b} {until.year}"
    times = _number((_listed(rule.get("COUNT")) or [0])[0])
    return f"{words}, {times:,} times" if times else words


def reply(octets: bytes, invite: Invite, attendee: Address, answer: Partstat, now: float) -> str:
    """The iTIP REPLY (RFC 5546 section 3.2.3): the organizer's own event, one attendee, one answer; CRLF, folded.

    Raises ValueError where the invitation cannot be read or names no organizer.
    """
    calendar = _calendar(octets)
    asked = (
        None
        if calendar is None
        else next(
            (one for one in calendar.walk("VEVENT")[:MOST] if _invite(one, invite.method, invite.part).id == invite.id),
            None,
        )
    )
    if asked is None or invite.organizer is None:
        raise ValueError("no organizer")
    import icalendar

    event = icalendar.Event()
    event.add("UID", line(str(asked.get("UID", ""))))
    event.add("DTSTAMP", dt.datetime.fromtimestamp(now, dt.UTC).replace(microsecond=0))
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if (when := _time(asked.get(name))) is not None:
            event.add(name, _universal(when))
    event.add("SEQUENCE", invite.sequence)
    event.add("SUMMARY", invite.title)
    event.add("ORGANIZER", _calendar_address(invite.organizer))
    mine = _calendar_address(attendee)
    mine.params["PARTSTAT"] = answer
    event.add("ATTENDEE", mine)
    answered = icalendar.Calendar()
    answered.add("PRODID", "-//tui-mail//EN")
    answered.add("VERSION", "2.0")
    answered.add("METHOD", "REPLY")
    answered.add_component(event)
    text: str = answered.to_ical().decode()
    return text


def _universal(when: dt.datetime | dt.date) -> dt.datetime | dt.date:
    """In UTC, so that no description of a zone need go along."""
    return when.astimezone(dt.UTC) if isinstance(when, dt.datetime) and when.tzinfo else when


def _calendar_address(person: Address) -> Any:
    import icalendar

    address = icalendar.vCalAddress(f"mailto:{person.email}")
    if person.name:
        address.params["CN"] = line(person.name).replace('"', "'")
    return address
