"""Our own list of uids: which file of which folder has which number, kept beside the index, never in the Maildir."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tui_mail.model.errors import StorageFailed
from tui_mail.model.message import SEEN, Flags

from . import letters

_PATIENCE = 30.0
"""Seconds that another process of ours may take for one change."""
_VERSION = 1
_TABLES = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE IF NOT EXISTS folder(
  id INTEGER PRIMARY KEY AUTOINCREMENT, root BLOB NOT NULL, raw BLOB NOT NULL,
  validity INT NOT NULL, uidnext INT NOT NULL DEFAULT 1, modseq INT NOT NULL DEFAULT 1,
  stamp TEXT NOT NULL DEFAULT '',               -- how cur/ and new/ looked when these rows agreed with them
  messages INT NOT NULL DEFAULT 0, unseen INT NOT NULL DEFAULT 0,
  UNIQUE(root, raw));
CREATE TABLE IF NOT EXISTS message(
  folder INT NOT NULL, uid INT NOT NULL,
  name BLOB NOT NULL,                           -- cur/… or new/…
  seen INT NOT NULL,                            -- what the name says of that, to be counted
  keywords TEXT NOT NULL DEFAULT '',            -- marks that no letter of a file name stands for
  modseq INT NOT NULL,
  PRIMARY KEY(folder, uid)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the list says of a folder."""

    id: int
    validity: int
    uidnext: int
    modseq: int
    stamp: str
    messages: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One message of the list."""

    uid: int
    name: bytes
    keywords: str

    @property
    def flags(self) -> Flags:
        return letters.flags(self.name) | frozenset(self.keywords.split())


class Register:
    """One connection to the list, for one store. A list that cannot be read is moved aside and begun anew: folders
    get another UIDVALIDITY then, and the index finds its mail again by content. Raises StorageFailed."""

    def __init__(self, path: Path, root: bytes) -> None:
        self._path = path
        self._root = root
        with _border(path):
            try:
                self._base = _open(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise  # locked, or no room: nothing is wrong with the file
                os.replace(path, path.with_name(path.name + ".broken"))
                self._base = _open(path)

    def close(self) -> None:
        self._base.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One change, whole or not at all; processes of ours come one after the other, files included."""
        if self._base.in_transaction:
            yield
            return
        with _border(self._path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    # --- folders

    def numbering(self, raw: bytes) -> Numbering | None:
        with _border(self._path):
            row = self._base.execute(
                "SELECT id, validity, uidnext, modseq, stamp, messages, unseen FROM folder WHERE root = ? AND raw = ?",
                (self._root, raw),
            ).fetchone()
        return Numbering(*row) if row else None

    def begin(self, raw: bytes) -> Numbering:
        """A folder that was never seen; inside `writing`."""
        newest = self._base.execute("SELECT coalesce(max(validity), 0) FROM folder").fetchone()[0]
        self._base.execute(
            "INSERT INTO folder(root, raw, validity) VALUES (?, ?, ?)",
            (self._root, raw, max(int(time.time()), newest + 1) % (1 << 32)),
        )
        made = self.numbering(raw)
        if made is None:
            raise StorageFailed(f"{self._path} does not keep what is written to it.")
        return made

    def settle(self, folder: int, stamp: str, *, changed: bool) -> None:
        """Counts anew and notes how the folder looked; inside `writing`."""
        self._base.execute(
            "UPDATE folder SET stamp = ?1, modseq = modseq + ?2, "
            "messages = (SELECT count(*) FROM message WHERE folder = ?3), "
            "unseen = (SELECT count(*) FROM message WHERE folder = ?3 AND NOT seen) WHERE id = ?3",
            (stamp, changed, folder),
        )

    def touch(self, folder: int) -> None:
        """Something changed: the next look compares with the files, and counts; inside `writing`."""
        self._base.execute("UPDATE folder SET stamp = '', modseq = modseq + 1 WHERE id = ?", (folder,))

    # --- messages

    def names(self, folder: int) -> dict[bytes, int]:
        """Name → uid of all of them."""
        with _border(self._path):
            return dict(self._base.execute("SELECT name, uid FROM message WHERE folder = ?", (folder,)))

    def between(self, folder: int, low: int, high: int | None = None, *, since: int = 0) -> list[Kept]:
        """With low <= uid <= high, rising; those that changed after modseq `since` only."""
        with _border(self._path):
            rows = self._base.execute(
                "SELECT uid, name, keywords FROM message WHERE folder = ? AND uid BETWEEN ? AND ? AND modseq > ? "
                "ORDER BY uid",
                (folder, low, 1 << 40 if high is None else high, since),
            )
            return [Kept(*row) for row in rows]

    def newest(self, folder: int, count: int) -> list[Kept]:
        with _border(self._path):
            rows = self._base.execute(
                "SELECT uid, name, keywords FROM message WHERE folder = ? ORDER BY uid DESC LIMIT ?", (folder, count)
            )
            return [Kept(*row) for row in rows]

    def count(self, folder: int, low: int) -> int:
        with _border(self._path):
            row = self._base.execute("SELECT count(*) FROM message WHERE folder = ? AND uid >= ?", (folder, low))
            return int(row.fetchone()[0])

    def one(self, folder: int, uid: int) -> Kept | None:
        found = self.between(folder, uid, uid)
        return found[0] if found else None

    def add(self, folder: int, names: Iterable[bytes], words: str = "") -> list[int]:
        """Numbers new messages in this order; inside `writing`."""
        uidnext, modseq = self._base.execute("SELECT uidnext, modseq FROM folder WHERE id = ?", (folder,)).fetchone()
        rows = [(folder, uid, name, _is_seen(name), words, modseq + 1) for uid, name in enumerate(names, uidnext)]
        self._base.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._base.execute("UPDATE folder SET uidnext = uidnext + ? WHERE id = ?", (len(rows), folder))
        return [row[1] for row in rows]

    def rename(self, folder: int, uid: int, name: bytes, words: str | None = None, *, told: bool = True) -> None:
        """Another name, and with `told` a change that is to be heard of; inside `writing`."""
        self._base.execute(
            "UPDATE message SET name = ?1, seen = ?6, keywords = coalesce(?2, keywords), modseq = CASE WHEN ?3 THEN "
            "(SELECT modseq + 1 FROM folder WHERE id = ?4) ELSE modseq END WHERE folder = ?4 AND uid = ?5",
            (name, words, told, folder, uid, _is_seen(name)),
        )

    def drop(self, folder: int, uids: Iterable[int]) -> None:
        """Inside `writing`."""
        self._base.executemany("DELETE FROM message WHERE folder = ? AND uid = ?", [(folder, uid) for uid in uids])


@contextmanager
def _border(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageFailed(f"The list of this Maildir's messages, {path}, cannot be used: {error}.") from error


def _is_seen(name: bytes) -> bool:
    return SEEN in letters.flags(name)


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StorageFailed(f"{path} cannot be written: {error.strerror}.") from error
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute(
        "PRAGMA synchronous=FULL"
    )  # a uid that was given must never be given again, not even after a power cut
    is_new = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if not is_new and base.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
        base.close()
        raise sqlite3.DatabaseError("it was written by another version")
    base.executescript(_TABLES)
    return base
