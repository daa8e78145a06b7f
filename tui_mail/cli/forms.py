"""The forms in which mail leaves: JSON, mbox, Maildir, and one file a message."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui_mail.mime import mbox
from tui_mail.mime.clean import safe_file_name
from tui_mail.mime.parse import parse
from tui_mail.model.message import ANSWERED, DELETED, DRAFT, FLAGGED, FORWARDED, SEEN, Summary

from . import printing, telling
from .read import body

Letters = Iterable[tuple[Summary, bytes]]
Write = Callable[[Path, Letters], int]
"""Writes into the file or folder that is there already, empty; how many it wrote."""
_LETTERS = ((DRAFT, "D"), (FLAGGED, "F"), (FORWARDED, "P"), (ANSWERED, "R"), (SEEN, "S"), (DELETED, "T"))
"""Maildir's info letters, in the order that it wants."""


@dataclass(frozen=True, slots=True)
class Form:
    """One `--format`."""

    write: Write
    is_folder: bool
    newest_first: bool


def _json(path: Path, letters: Letters) -> int:
    count = 0
    with path.open("wb") as file:
        for count, (row, raw) in enumerate(letters, 1):
            file.write(b"[\n" if count == 1 else b",\n")
            file.write(printing.as_json(as_object(row, raw)).encode())
        file.write(b"\n]\n" if count else b"[]\n")
    return count


def as_object(row: Summary, raw: bytes) -> dict[str, object]:
    """The keys that older scripts wrote and read."""
    message = parse(raw)
    return {
        "From": str(message.sender),
        "To": [str(one) for one in message.to],
        "Subject": message.subject,
        "Date": telling.when(row.date),
        "Body": body(message),
        "Attachments": [one.name for one in message.attachments],
    }


def _mbox(path: Path, letters: Letters) -> int:
    """RFC 4155 with lines quoted reversibly (mboxrd); what is read, starred and answered in Status, as mutt does."""
    count = 0
    with path.open("wb") as file:
        for row, raw in letters:
            who = re.sub(r"[^!-~]", "", row.sender.email) or "MAILER-DAEMON"
            file.write(f"From {who} {time.asctime(_utc(row.date))}\n".encode())
            file.write(mbox.noted(raw.replace(b"\r\n", b"\n"), row.flags) + b"\n")
            count += 1
    return count


def _utc(seconds: int) -> time.struct_time:
    try:
        return time.gmtime(seconds)
    except (OverflowError, ValueError, OSError):
        return time.gmtime(0)


def _maildir(path: Path, letters: Letters) -> int:
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(mode=0o700)
    count = 0
    for row, raw in letters:
        info = "".join(letter for flag, letter in _LETTERS if flag in row.flags)
        name = f"{max(0, row.date)}.M{row.id}.tui-mail:2,{info}"
        _file(path / "cur" / name, raw.replace(b"\r\n", b"\n"), row)
        count += 1
    return count


def _eml(path: Path, letters: Letters) -> int:
    count = 0
    for row, raw in letters:
        stamp = telling.moment(row.date).strftime("%Y%m%d-%H%M%S")
        name = safe_file_name(f"{stamp} {row.subject[:60].replace('/', '-')}", "message")
        _file(path / f"{name} {row.id}.eml", raw, row)
        count += 1
    return count


def _file(path: Path, octets: bytes, row: Summary) -> None:
    """For its owner alone, as old as the message."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with open(handle, "wb") as file:
        file.write(octets)
    seconds = min(max(0, row.date), 1 << 33)  # beyond that some file systems refuse
    os.utime(path, (seconds, seconds))


FORMS: Mapping[str, Form] = {
    "json": Form(_json, is_folder=False, newest_first=True),
    "mbox": Form(_mbox, is_folder=False, newest_first=False),
    "eml": Form(_eml, is_folder=True, newest_first=True),
    "maildir": Form(_maildir, is_folder=True, newest_first=False),
}
