"""How one message is drawn as a row: columns in terminal cells, marks, and dates that are short."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from tui_mail.model.gathered import ALONE, Knot
from tui_mail.model.hits import NO_HITS, Hits, spans
from tui_mail.model.message import FORWARDED, REPLY_LATER, Summary

TALL_BELOW = 56
"""Narrower lists give a message two lines."""
DEEPEST = 5
"""Steps to the right that a letter of a thread may go: deeper ones stay on the screen."""
ROOMY = 80
"""From here on there is room for the hour of yesterday's mail."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs beside a message, one cell each."""

    cursor: str = "▌"
    unread: str = "●"
    starred: str = "★"
    answered: str = "←"
    forwarded: str = "→"
    later: str = "↵"
    attachment: str = "+"
    chosen: str = "✓"
    account: str = "▎"
    folded: str = "▸"
    unfolded: str = "▾"
    branch: str = "└"


SIGNS = Marks()
PLAIN_MARKS = Marks(">", "N", "*", "r", "f", "l", "+", "x", "|", "+", "-", "`")
"""For terminals with few signs, the Linux console above all."""


@dataclass(frozen=True, slots=True)
class Look:
    """What drawing depends on besides the message itself."""

    width: int
    now: float
    styles: Mapping[str, Style]
    """`row`, `sender`, `mark`, `star`, `dim`, `hit`, already with the cursor's background where it stands there."""
    marks: Marks = SIGNS
    date_format: str = ""
    outgoing: bool = False
    """Whom it went to says more than who wrote it: Sent and Drafts."""
    cursor: bool = False
    chosen: bool = False
    hits: Hits = NO_HITS
    """What was looked for; it is marked in the style `hit`."""
    lines: int = 0
    """Lines of the row; 0 goes by the width."""
    back: float | None = None
    """When it comes back, where it was put off: shown in place of its date."""
    knot: Knot = ALONE
    """What the row is in its thread."""
    tint: Style | None = None
    """The colour of its account, where several are shown."""


def fit(text: str, width: int) -> str:
    """Exactly `width` cells, cut with an ellipsis."""
    if text.isascii():
        return text[: width - 1] + "…" if len(text) > width else text.ljust(width)
    if cell_len(text) > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return set_cell_size(text, width)


def short_date(when: int, now: float, form: str = "", *, brief: bool = False) -> str:
    """Today as `14:05`, this week as `Mon 14:05`, this year as `23 Nov`, else `Nov 2024`: at most 9 cells.

    `brief`: `14:05`, `Mon`, `23 Nov`, `Nov ’24`, at most 7. A `form` for strftime has the last word.
    """
    try:
        then, today = time.localtime(when), time.localtime(now)
    except (OverflowError, ValueError, OSError):
        return "?"  # a year that no calendar has
    if form:
        return time.strftime(form, then)
    if then[:3] == today[:3]:
        return f"{then.tm_hour:02}:{then.tm_min:02}"
    if 0 < now - when < 6 * 86400:
        return _DAYS[then.tm_wday] if brief else f"{_DAYS[then.tm_wday]} {then.tm_hour:02}:{then.tm_min:02}"
    if then.tm_year == today.tm_year or 0 < now - when < 200 * 86400:
        return f"{then.tm_mday} {_MONTHS[then.tm_mon - 1]}"
    return f"{_MONTHS[then.tm_mon - 1]} " + (f"’{then.tm_year % 100:02}" if brief else str(then.tm_year))


def correspondent(row: Summary, outgoing: bool) -> str:
    """The name a row stands under."""
    if not outgoing:
        return row.sender.short or "(no sender)"
    names = ", ".join(address.short for address in row.to[:4])
    return f"To {names}" if names else "(no recipients)"


def draw(row: Summary, look: Look) -> list[list[Segment]]:
    """The row's lines, each exactly `look.width` cells: one, or two where the list is narrow."""
    lines = look.lines or (2 if look.width < TALL_BELOW else 1)
    return _tall(row, look) if lines == 2 else _flat(row, look)


def words(row: Summary, width: int, now: float) -> str:
    """The row on one line without colours and columns, for a command that prints it."""
    styles = dict.fromkeys(("row", "sender", "mark", "star", "dim"), Style.null())
    segments = [segment for line in draw(row, Look(width, now, styles)) for segment in line]
    return " ".join("".join(segment.text for segment in segments).split())


def _flat(row: Summary, look: Look) -> list[list[Segment]]:
    styles = look.styles
    date = _date(row, look)
    date_width = max(7 if look.width < ROOMY else 9, cell_len(date))
    who_width = max(14, min(26, look.width // 4))
    rest = max(4, look.width - 6 - who_width - 2 - 3 - date_width - 1)
    return [
        [
            *_signs(row, look),
            *_lit(fit(correspondent(row, look.outgoing), who_width), look.hits.people, "sender", look),
            Segment("  ", styles["row"]),
            *_words(row, rest, look),
            Segment(f" {look.marks.attachment if row.has_attachment else ' '} ", styles["dim"]),
            Segment(date.rjust(date_width) + " ", styles["dim"]),
        ]
    ]


def _tall(row: Summary, look: Look) -> list[list[Segment]]:
    styles = look.styles
    date = _date(row, look)
    signs = _signs(row, look)
    who_width = max(4, look.width - 6 - 3 - cell_len(date) - 1)
    bar = look.marks.cursor if look.cursor else " "
    return [
        [
            *signs,
            *_lit(fit(correspondent(row, look.outgoing), who_width), look.hits.people, "sender", look),
            Segment(f" {look.marks.attachment if row.has_attachment else ' '} ", styles["dim"]),
            Segment(date + " ", styles["dim"]),
        ],
        [
            Segment(bar + "     ", styles["mark"]),
            *_words(row, max(1, look.width - 7), look),
            Segment(" ", styles["row"]),
        ],
    ]


def coming_date(when: float, now: float) -> str:
    """Today as `18:00`, within six days as `Mon 08:00`, later as `23 Nov` or `Nov 2027`: at most 9 cells."""
    then, today = time.localtime(when), time.localtime(now)
    if then[:3] == today[:3]:
        return f"{then.tm_hour:02}:{then.tm_min:02}"
    if when - now < 6 * 86400:
        return f"{_DAYS[then.tm_wday]} {then.tm_hour:02}:{then.tm_min:02}"
    year = when - now > 200 * 86400
    return f"{_MONTHS[then.tm_mon - 1]} {then.tm_year}" if year else f"{then.tm_mday} {_MONTHS[then.tm_mon - 1]}"


def _date(row: Summary, look: Look) -> str:
    if look.back is not None:
        return coming_date(look.back, look.now)
    return short_date(row.date, look.now, look.date_format, brief=look.width < ROOMY)


def _signs(row: Summary, look: Look) -> list[Segment]:
    """Six cells: the cursor's bar, selected, unread, starred, to be answered, answered or forwarded, a blank."""
    marks = look.marks
    said = marks.answered if row.is_answered else marks.forwarded if FORWARDED in row.flags else " "
    answered = marks.later if REPLY_LATER in row.flags else said
    return [
        Segment(marks.cursor if look.cursor else " ", look.styles["mark"]),
        Segment(marks.chosen if look.chosen else " ", look.styles["mark"]),
        Segment(marks.unread if row.is_unread else " ", look.styles["mark"]),
        Segment(marks.starred if row.is_starred else " ", look.styles["star"]),
        Segment(answered, look.styles["dim"]),
        Segment(" ", look.styles["dim"]) if look.tint is None else Segment(look.marks.account, _tinted(look)),
    ]


def _tinted(look: Look) -> Style:
    """The colour of the account on the ground of its row."""
    return look.styles["dim"] + (look.tint or Style())


def _words(row: Summary, width: int, look: Look) -> list[Segment]:
    """The subject, else why it could not be read; and what the letter begins with where there is room left."""
    sign = _branch(look)
    if sign:
        return [Segment(sign, look.styles["dim"]), *_words(row, width - cell_len(sign), replace(look, knot=ALONE))]
    subject = row.subject or row.note or "(no subject)"
    taken = cell_len(subject)
    if taken + 8 > width or not row.snippet:
        return _lit(fit(subject, width), look.hits.subject, "row", look)
    snippet = fit("  " + row.snippet, width - taken)
    return _lit(subject, look.hits.subject, "row", look) + _lit(snippet, look.hits.text, "dim", look)


def _branch(look: Look) -> str:
    """In front of the subject: how many letters a thread has, or how deep the letter stands in one that is open."""
    knot, marks = look.knot, look.marks
    if knot.is_open and not knot.is_head:
        return f"{' ' * (2 * min(knot.depth, DEEPEST))}{marks.branch} "
    return f"{marks.unfolded if knot.is_open else marks.folded}{knot.count} " if knot.count > 1 else ""


def _lit(text: str, phrases: tuple[str, ...], part: str, look: Look) -> list[Segment]:
    """A text in the style of its part, with what was looked for marked in it."""
    style = look.styles[part]
    if not phrases:
        return [Segment(text, style)]
    pieces: list[Segment] = []
    at = 0
    for start, end in spans(text, phrases):
        if start > at:
            pieces.append(Segment(text[at:start], style))
        pieces.append(Segment(text[start:end], style + look.styles["hit"]))
        at = end
    if at < len(text):
        pieces.append(Segment(text[at:], style))
    return pieces
