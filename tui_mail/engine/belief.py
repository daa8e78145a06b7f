"""What the person believes, written into the index beside what the server said.

Only the writer thread uses it. Callers wrap what belongs together in `schema.writing`.
"""

from __future__ import annotations

import json
import sqlite3

from tui_mail.model.folder import FolderId
from tui_mail.model.operation import Operation, Route, Spot

from .flags import pack, unpack
from .overlay import believe
from .schema import UNTOLD


class Belief:
    """The columns `folder`, `flags` and `words` of the table `message`, and up to which operation they have come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def believe(self, operation: Operation) -> None:
        """Writes an operation into the belief; doing it twice changes nothing more."""
        for route in operation.routes:
            add, added_words = pack(route.added)
            drop, dropped_words = pack(route.removed)
            if added_words or dropped_words:
                self._take_words(route)
                continue
            self._connection.execute(
                "UPDATE message SET folder = CASE folder WHEN ?1 THEN ?2 ELSE folder END, flags = (flags | ?3) & ~?4"
                " WHERE id IN (SELECT value FROM json_each(?5))"
                " AND (folder = ?1 AND ?1 != ?2 OR flags != (flags | ?3) & ~?4)",
                (route.source, route.target, add, drop, json.dumps(route.ids)),
            )

    def _take_words(self, route: Route) -> None:
        """One by one: flags that are words are kept as a text."""
        for id in route.ids:
            row = self._connection.execute("SELECT folder, flags, words FROM message WHERE id = ?", (id,)).fetchone()
            if row is None:
                continue
            before = Spot(id, FolderId(row[0]), unpack(row[1], row[2]))
            after = believe(before, (route.step(id),))
            if after != before:
                self._connection.execute(
                    "UPDATE message SET folder = ?, flags = ?, words = ? WHERE id = ?",
                    (after.folder, *pack(after.flags), id),
                )

    def applied(self) -> int:
        """The last operation of work.db that stands in the belief."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = 'applied'").fetchone()
        return int(row[0]) if row else 0

    def set_applied(self, id: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES('applied', ?)", (id,))

    def owes(self, account: str | None = None) -> int:
        """How many rows differ from what the server was told."""
        where, values = (" AND account = ?", (account,)) if account else ("", ())
        row = self._connection.execute(f"SELECT count(*) FROM message WHERE {UNTOLD}{where}", values).fetchone()
        return int(row[0])
