"""What can still be read of a damaged work.db, taken over by a new one; the damaged file is kept beside it."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path

from . import schema

SALVAGED = (
    "The file of your drafts and actions was damaged: {}, and are as they were. Look whether something is missing; the"
    " damaged file is kept beside it."
)
NOTHING_READ = (
    "The file of your drafts and actions was damaged, and nothing in it could be read: it is begun anew. Look for your"
    " drafts in the server's folder; the damaged file is kept beside it."
)
LOST = (
    "The file of your drafts and actions (work.db) was gone or empty: it is begun anew. Your mail is as it was; drafts"
    " and letters that waited are not here any more, but for those in the server's Drafts folder."
)
_MARK = "work.db.damaged"
"""An empty file that says so to the next start."""


def mark(data: Path) -> None:
    """Has the next start take over what can be read."""
    with contextlib.suppress(OSError):  # the next start finds the damage by itself, or not at all
        (data / _MARK).touch(mode=0o600)


def is_marked(data: Path) -> bool:
    return (data / _MARK).exists()


def is_lost(data: Path) -> bool:
    """The index is there and the durable file, which is always made before it, is not: something took it away."""
    return not _size(data / "work.db") and _size(data / "mail.db") > 0


def salvage(data: Path) -> str:
    """Begins work.db anew with every row that can be read; says so to the person, and what was taken over.

    Nobody may have the file open. Raises sqlite3.Error and OSError where the new file cannot be written.
    """
    was_lost = is_lost(data)
    path, aside = data / "work.db", _set_aside(data)
    fresh = schema.connect(path, durable=True)
    try:
        schema.prepare(fresh, schema.WORK, schema.WORK_STEPS, path.name)
        with schema.writing(fresh):
            kept = {table: _take_over(fresh, aside, table) for table in _tables(fresh)}
            _stay_ahead(fresh, data / "mail.db")
    finally:
        fresh.close()
    (data / _MARK).unlink(missing_ok=True)
    drafts, letters = _counted(kept.get("draft", 0), "draft"), _counted(kept.get("letter", 0), "letter")
    if was_lost:
        return LOST
    return SALVAGED.format(f"{drafts} and {letters} could be read") if any(kept.values()) else NOTHING_READ


def _set_aside(data: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):  # a closed database has no -wal and no -shm
            (data / f"work.db{suffix}").rename(data / f"work.db.damaged-{stamp}{suffix}")
    return data / f"work.db.damaged-{stamp}"


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rootpage"
    )
    return [name for (name,) in rows]


def _take_over(fresh: sqlite3.Connection, aside: Path, table: str) -> int:
    """How many rows of the table came over: from its beginning and from its end, up to the first that is broken."""
    before = fresh.total_changes
    for order in ("", " ORDER BY 1 DESC"):
        with contextlib.suppress(sqlite3.Error):  # what is broken ends this walk; the other one goes on from there
            _walk(fresh, aside, table, order)
    return fresh.total_changes - before


def _walk(fresh: sqlite3.Connection, aside: Path, table: str, order: str) -> None:
    old = sqlite3.connect(f"file:{aside}?mode=ro&immutable=0", uri=True)
    try:
        theirs = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
        columns = [row[1] for row in fresh.execute(f"PRAGMA table_info({table})") if row[1] in theirs]
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        for row in old.execute(f"SELECT {names} FROM {table}{order}"):
            fresh.execute(f"INSERT OR IGNORE INTO {table}({names}) VALUES({marks})", row)
    finally:
        old.close()


def _stay_ahead(fresh: sqlite3.Connection, index: Path) -> None:
    """New numbers must be higher than those that the index knows, whatever rows were lost."""
    known = {"generation": 0, "applied": 0}
    if index.exists():
        connection = sqlite3.connect(f"file:{index}?mode=ro", uri=True)
        with contextlib.suppress(sqlite3.Error):  # an index that is broken as well is made anew anyway
            known |= dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('generation', 'applied')"))
        connection.close()
    fresh.execute(
        "INSERT INTO meta VALUES('generation', ?1) ON CONFLICT(key) DO UPDATE SET value = max(value, ?1)",
        (known["generation"],),
    )
    if known["applied"]:
        fresh.execute(
            "INSERT OR IGNORE INTO operation(id, at, words, kind, undone, settled) VALUES(?, 0, '', 'own', -1, 1)",
            (known["applied"],),
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
