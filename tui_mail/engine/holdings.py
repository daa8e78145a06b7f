"""How much of each folder is on this machine, and what a pull held back of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from tui_mail.model.folder import Completeness, FolderId, Gap, spoken
from tui_mail.model.listing import Listing

from .health import Guard
from .schema import reading


class Holdings:
    """Reads on the connection of its Windows, under their lock. Any thread."""

    def __init__(self, connection: sqlite3.Connection, lock: Guard) -> None:
        self._connection = connection
        self._lock = lock

    def completeness(self, folder: FolderId) -> Completeness:
        """How much of it is here; walks over its rows: a tenth of a second for 100,000."""
        with self._lock, reading(self._connection):
            here, with_text, unreadable, looked_for, held_back = self._connection.execute(
                "WITH one AS (SELECT uid, held, note, id IN"
                " (SELECT message FROM withheld WHERE state IN ('asked', 'kept')) AS gone FROM message"
                " WHERE server_folder = ?) SELECT count(*) FILTER (WHERE uid IS NOT NULL AND NOT gone),"
                " count(*) FILTER (WHERE held AND NOT gone), count(*) FILTER (WHERE note != ''),"
                " count(*) FILTER (WHERE uid IS NULL AND NOT gone),"
                " count(*) FILTER (WHERE gone) FROM one",
                (folder,),
            ).fetchone()
            row = self._connection.execute("SELECT beyond_total FROM folder WHERE id = ?", (folder,)).fetchone()
        return Completeness(here + (row[0] if row else 0), here, with_text, unreadable, held_back, looked_for)

    def without_text(self, folders: Iterable[FolderId]) -> int:
        """How many messages of these folders are known by their headers alone."""
        with self._lock:
            (count,) = self._connection.execute(
                "SELECT count(*) FROM message WHERE NOT held AND flags & 8 = 0"
                " AND folder IN (SELECT value FROM json_each(?))",
                (json.dumps(list(folders)),),
            ).fetchone()
        return int(count)

    def gaps(self) -> tuple[Gap, ...]:
        """What is held back, folder by folder; what is to be decided first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, account, name, count(*), total + beyond_total, max(state = 'asked') AS open FROM withheld"
                " JOIN folder ON id = place WHERE state IN ('asked', 'kept') AND NOT gone"
                " GROUP BY id ORDER BY open DESC, name"
            ).fetchall()
        return tuple(
            Gap(FolderId(id), account, spoken(name), gone, whole, bool(is_open))
            for id, account, name, gone, whole, is_open in rows
        )

    def held_back(self, folder: FolderId) -> Listing:
        """The messages of a gap, newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id FROM message WHERE id IN (SELECT message FROM withheld WHERE place = ?"
                " AND state IN ('asked', 'kept')) ORDER BY sort DESC, id DESC",
                (folder,),
            ).fetchall()
        return Listing(id for (id,) in rows)
