"""`tui-mail render`: letters that lie about as files, shown as the reader would show them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_mail.mime.clean import line
from tui_mail.mime.parse import parse
from tui_mail.model.address import Address

from . import printing, rendering, telling
from .wanted import Render

_LARGEST = 256 * 1024 * 1024
"""Octets of a file that are read: no server carries a larger letter."""
_WIDEST = 100
"""Cells of a line where no width is asked for; longer ones are hard to read."""


def run(order: Render) -> int:
    """1 where a file could not be read."""
    all_read = True
    now = time.time()
    for path in _files(order.paths):
        raw, why = _read(path)
        all_read = all_read and not why
        if order.json:
            found = unreadable(path, why) if why else _safely(path, raw, now, order.width)
            printing.give((printing.as_json(found) + "\n").encode())
        else:
            printing.say(f"==> {line(os.fsdecode(path))} <==")
            for text in [why] if why else _told(raw, order.width):
                printing.say(text)
    return 0 if all_read else 1


def _safely(path: Path, raw: bytes, now: float, width: int) -> dict[str, object]:
    try:
        return as_object(path, raw, now, width)
    except Exception as error:  # noqa: BLE001  # the border of one letter: the other files are to be shown
        return unreadable(path, f"This letter could not be shown ({type(error).__name__}).")


def as_object(path: Path, raw: bytes, now: float, width: int = 0) -> dict[str, object]:
    """What `--json` gives of a letter; lines are broken only where there is a `width`."""
    message = parse(raw)
    authors = message.authors or ((message.sender,) if str(message.sender) else ())
    return {
        "file": os.fsdecode(path),
        "subject": message.subject,
        "from": _people(authors),
        "to": _people(message.to),
        "cc": _people(message.cc),
        "date": _moment(message.date),
        "list": rendering.entry(message, size=len(raw), now=now, width=width),
        "headers": "\n".join(f"{name}: {value}" for name, value in message.headers),
        "text": "\n".join(rendering.lines(message.document, width)),
        "links": [list(link) for link in rendering.links(message.document)],
        "attachments": [{"name": one.name, "type": one.type, "size": one.size} for one in message.attachments],
        "notes": rendering.notes(raw, message),
    }


def unreadable(path: Path, why: str) -> dict[str, object]:
    """The same of a file that could not be read: a note says why."""
    nothing: dict[str, object] = {name: [] for name in ("from", "to", "cc", "links", "attachments")}
    words: dict[str, object] = dict.fromkeys(("subject", "list", "headers", "text"), "")
    return {"file": os.fsdecode(path), **words, **nothing, "date": None, "notes": [why]}


def _told(raw: bytes, width: int) -> Iterator[str]:
    message = parse(raw)
    if not width:
        width = min(_WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDEST
    yield from rendering.page(raw, message, width)
    targets = rendering.links(message.document)
    if targets:
        yield ""
        yield from (f"[{number}] {target}" for number, (_, target) in enumerate(targets, 1))
    if message.attachments:
        yield ""
    for one in message.attachments:
        damage = f": {one.damage}" if one.damage else ""
        yield f"Attachment: {line(one.name)} ({one.type}, {telling.size(one.size)}){damage}"
    yield ""


def _people(people: Sequence[Address]) -> list[dict[str, str]]:
    return [{"name": one.name, "email": one.email} for one in people]


def _moment(date: int | None) -> str | None:
    """ISO 8601, in UTC: the same wherever it is asked; None where no calendar has that day."""
    try:
        return None if date is None else dt.datetime.fromtimestamp(date, dt.UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return None


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as named; of folders every file within, by name, but no hidden ones."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _read(path: Path) -> tuple[bytes, str]:
    """The octets of a file, or why it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b"", "This is no file."
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        return b"", f"This file cannot be read: {getattr(error, 'strerror', None) or error}."
    return (raw, "") if len(raw) <= _LARGEST else (b"", "This file is too large to be a letter.")
