"""Which thread a message joins: kept message by message over all folders of an account, in any order of arrival."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

_MOST_MERGED = 20000
"""Threads larger than this are not merged any more: a forged reference must not cost a second of writing."""


class Kinship:
    """Union by Message-ID, In-Reply-To and References; loops and duplicate ids survive. Writer thread only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._last: int | None = None
        """The highest number of a thread; None until the first is asked for."""

    def join(self, account: str, ids: Sequence[str]) -> int:
        """The thread of a message that these ids tie together; threads that turn out to be one are made one."""
        execute = self._connection.execute
        known: dict[str, int] = {}
        for id in ids:
            row = execute("SELECT thread FROM kin WHERE account = ? AND message_id = ?", (account, id)).fetchone()
            if row is not None:
                known[id] = row[0]
        threads = sorted(set(known.values()))
        thread = threads[0] if threads else self._fresh()
        for other in threads[1:]:
            self._merge(other, thread)
        for id in ids:
            if id not in known:
                execute("INSERT INTO kin VALUES(?,?,?)", (account, id, thread))
        return thread

    def _fresh(self) -> int:
        """A number that no thread has; one of a transaction that fails is left out."""
        if self._last is None:
            row = self._connection.execute(
                "SELECT max(coalesce((SELECT max(thread) FROM message), 0), coalesce((SELECT max(thread) FROM kin), 0))"
            ).fetchone()
            self._last = int(row[0])
        self._last += 1
        return self._last

    def _merge(self, old: int, thread: int) -> None:
        (size,) = self._connection.execute("SELECT count(*) FROM message WHERE thread = ?", (old,)).fetchone()
        if size > _MOST_MERGED:
            return
        self._connection.execute("UPDATE message SET thread = ? WHERE thread = ?", (thread, old))
        self._connection.execute("UPDATE kin SET thread = ? WHERE thread = ?", (thread, old))
