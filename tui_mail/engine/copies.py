"""Which messages are second copies, and of which first ones; durable, until the server has made them for good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from tui_mail.model.message import MessageId

from .schema import writing


class Copies:
    """A table of work.db. Writer thread only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def expect(self, pairs: Iterable[tuple[MessageId, MessageId]]) -> None:
        """(copy, original) of each that is to be made."""
        self._connection.executemany("INSERT INTO copy VALUES(?,?)", pairs)

    def origins(self, ids: Sequence[MessageId]) -> dict[MessageId, MessageId]:
        """The originals of those that are copies."""
        return dict(
            self._connection.execute(
                "SELECT message, origin FROM copy WHERE message IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).fetchall()
        )

    def trim(self) -> list[MessageId]:
        """Forgets those that nothing can be undone of any more; returns them."""
        with writing(self._connection):
            rows = self._connection.execute(
                "DELETE FROM copy WHERE message NOT IN (SELECT message FROM step) RETURNING message"
            ).fetchall()
        return [MessageId(id) for (id,) in rows]
