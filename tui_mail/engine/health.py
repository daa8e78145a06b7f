"""What can be wrong with the two files on the disk: known by SQLite's own numbers, noted, and put into sentences."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType

from tui_mail.model.errors import IndexDamaged, MailError, StorageFailed

from . import salvage, schema
from .probe import alone

_MARK = "mail.db.damaged"
"""An empty file that says so to the next start."""
REBUILT = (
    "The index of your mail was damaged, so it is made anew from the server. Drafts, the outbox and what you did are"
    " as they were; the damaged file is kept beside it."
)
_UNREADABLE = (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)
"""A file that was cut short under us (its -wal above all), or whose disk gives it out no more."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether a file's own content is wrong or cannot be read any more, not its lock, its room or our question."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or code in _UNREADABLE


def mark(data: Path) -> None:
    """Has the next start make the index anew."""
    with contextlib.suppress(OSError):  # a disk that takes not even that: the next start finds the damage by itself
        (data / _MARK).touch(mode=0o600)


def is_marked(data: Path) -> bool:
    return (data / _MARK).exists()


def unmark(data: Path) -> None:
    (data / _MARK).unlink(missing_ok=True)


def index_damaged(detail: str = "") -> IndexDamaged:
    return IndexDamaged(
        "The index of your mail is damaged.",
        remedy="It is made anew from the server; drafts, outbox and what you did are not touched.",
        detail=detail,
    )


def work_damaged(data: Path, detail: str) -> StorageFailed:
    return StorageFailed(
        f"The file of your drafts and actions is damaged: {data / 'work.db'}.",
        remedy="End tui-mail and start it again: what can be read of it is taken over then.",
        detail=detail,
    )


def storage_failed(error: sqlite3.Error) -> StorageFailed:
    """The sentence for a file that could not be written."""
    code = getattr(error, "sqlite_errorcode", 0)
    if is_full(error):
        return disk_full()
    if code & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageFailed(
            "The mail folder cannot be written.", remedy="Check who may write there, and its disk.", detail=str(error)
        )
    return StorageFailed(f"The mail folder could not be written: {error}.")


def is_full(error: sqlite3.Error) -> bool:
    """There was no room: for what was written, or for the memory that programs share beside a file."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_FULL or code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


def disk_full() -> StorageFailed:
    return StorageFailed(
        "The disk is full: nothing more can be saved.",
        remedy="Make room: what you typed is on the screen and is saved then.",
    )


def of_the_disk(error: OSError, doing: str) -> StorageFailed:
    """The sentence for a file of its own (`doing`: what could not be done) that could not be written."""
    if error.errno in _FULL:
        return disk_full()
    return StorageFailed(f"{doing}: {error.strerror}.")


class Guard:
    """A lock for whoever reads the index: damage that is met under it is noted, and told as IndexDamaged."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        if isinstance(error, sqlite3.Error) and is_damage(error):
            mark(self._data)
            raise index_damaged(str(error)) from error


def complaint(path: Path) -> str:
    """What SQLite finds wrong in a whole file, read on a connection of its own; empty where it is sound."""
    try:
        with contextlib.closing(schema.connect(path, durable=False, query_only=True)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error) if is_damage(error) else ""
    return "" if found == "ok" else str(found)


def blame(data: Path, error: sqlite3.Error) -> StorageFailed:
    """Which of the two files is the damaged one; the index is marked to be made anew.

    It is also blamed where neither shows anything any more: to make it anew costs time, and nothing else.
    """
    if complaint(data / "mail.db") or not complaint(data / "work.db"):
        mark(data)
        return index_damaged(str(error))
    salvage.mark(data)
    return work_damaged(data, str(error))


def examine(data: Path, tell: Callable[[MailError], None]) -> Future[None]:
    """After an end that was none: reads both files through, on a thread of its own; says what is wrong."""

    def job() -> None:
        if why := complaint(data / "work.db"):
            salvage.mark(data)
            tell(work_damaged(data, why))
        if why := complaint(data / "mail.db"):
            mark(data)
            tell(index_damaged(why))

    return alone(job)
