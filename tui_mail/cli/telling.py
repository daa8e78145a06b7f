"""A message of the list as an object and as a row."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Mapping, Sequence

from tui_mail.mime.clean import line
from tui_mail.mime.parse import parse
from tui_mail.model.message import Summary

from . import printing
from .columns import Column, table
from .looking import Look


def when(seconds: float) -> str:
    """ISO 8601 with the zone here."""
    return moment(seconds).isoformat(timespec="seconds")


def moment(seconds: float) -> dt.datetime:
    """Clipped to what a calendar can say."""
    try:
        return dt.datetime.fromtimestamp(seconds).astimezone()
    except (OverflowError, ValueError, OSError):
        edge = dt.datetime.min if seconds < 0 else dt.datetime.max.replace(microsecond=0)
        return edge.replace(tzinfo=dt.UTC)


def attachments(look: Look, row: Summary) -> list[str] | None:
    """Names; None where there are some whose names are not known here."""
    if not row.has_attachment:
        return []
    raw = look.visit.windows.raw(row.id)
    return None if raw is None else [one.name for one in parse(raw).attachments]


def as_object(look: Look, row: Summary, folders: Mapping[int, str]) -> dict[str, object]:
    """What `--json` gives of a message."""
    return {
        "id": row.id,
        "account": row.account,
        "folder": folders.get(row.folder, ""),
        "date": when(row.date),
        "from": str(row.sender),
        "to": [str(one) for one in row.to],
        "subject": row.subject,
        "flags": sorted(map(line, row.flags)),
        "size": row.size,
        "attachments": attachments(look, row),
    }


def print_rows(look: Look, rows: Sequence[Summary]) -> None:
    """Aligned; as wide as the terminal, or as long as it takes where there is none."""
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    folders = look.folder_names()
    is_short = 0 < room < 100
    names = [attachments(look, row) for row in rows]
    several = len({row.account for row in rows}) > 1
    places = not room or len({row.folder for row in rows}) > 1
    columns = [
        Column("", [_marks(row) for row in rows], 4),
        Column("ID", [str(row.id) for row in rows], 19, right=True),
        Column("DATE", [_short(row.date) if is_short else when(row.date) for row in rows], 25),
        Column("ACCOUNT", [row.account if several else "" for row in rows], 8, 2),
        Column("FOLDER", [folders.get(row.folder, "") if places else "" for row in rows], 8, 3),
        Column("FROM", [str(row.sender) if not room else row.sender.short for row in rows], 14),
        Column("TO", [", ".join(str(one) if not room else one.short for one in row.to) for row in rows], 12, 4),
        Column("SUBJECT", [row.subject for row in rows], 32, weight=3),
        Column("SIZE", [size(row.size) for row in rows], 7, 1, right=True),
        Column("ATTACHMENTS", ["?" if found is None else ", ".join(found) for found in names], 11, 5),
    ]
    for text in table(columns, room):
        printing.say(text)


def _marks(row: Summary) -> str:
    signs = (("N", row.is_unread), ("*", row.is_starred), ("r", row.is_answered), ("@", row.has_attachment))
    return "".join(sign if holds else "-" for sign, holds in signs)


def _short(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%d %H:%M")


def size(octets: int) -> str:
    """In four characters or so: `812`, `3.4k`, `12M`."""
    if octets < 1000:
        return str(octets)
    value = float(octets)
    for unit in "kMG":
        value /= 1000
        if value < 1000 or unit == "G":
            return f"{value:.1f}{unit}" if value < 10 else f"{value:.0f}{unit}"
    raise AssertionError("the last unit takes everything")
