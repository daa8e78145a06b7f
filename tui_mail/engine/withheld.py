"""Rows that the server no longer shows and that stay here: more than a pull may take away without asking.

Only the writer thread uses it. Callers wrap what belongs together in `schema.writing`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from tui_mail.model.folder import FolderId
from tui_mail.model.message import MessageId

State = Literal["new", "asked", "kept", "allowed"]
"""`new`: perhaps moved to a folder that was not read yet. `asked`: the person is to say. `kept` and `allowed`: said."""
FEW = 20
"""So many rows may go without a word, whatever the size of their folder."""
SHARE = 20
"""One in so many may go without a word: 5 %."""


def is_too_much(count: int, whole: int) -> bool:
    """Whether so many of so many rows may not go before somebody was asked."""
    return count > FEW and count * SHARE > whole


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of rows that the server no longer shows."""

    dies: frozenset[MessageId] = frozenset()
    asks: int = 0
    """How many the person is to be asked about, as of now."""


class Withheld:
    """Rows of the table `withheld`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def judge(self, folder: FolderId, missing: Collection[MessageId], *, may_ask: bool, now: float) -> Verdict:
        """Which of these rows of the folder may die. Those that another folder has count as moved: nothing is lost.

        Without `may_ask` what is too much is only set aside, until the folders that it may have gone to were read.
        """
        known = self._states(folder)
        if not (missing or known):
            return Verdict()
        self._tidy(folder)
        decided = {id for id in missing if known.get(id) in ("asked", "kept")}
        allowed = {id for id in missing if known.get(id) == "allowed"}
        rest = set(missing) - decided - allowed
        whole = self._whole(folder)
        if is_too_much(len(rest), whole):
            moved = self._moved(rest)
            lost = rest - moved
            if is_too_much(len(lost), whole):
                self._set(folder, lost, "asked" if may_ask else "new", now)
                return Verdict(frozenset(moved | allowed), len(lost) if may_ask else 0)
        return Verdict(frozenset(rest | allowed))

    def is_undecided(self, folder: FolderId) -> bool:
        """Something was set aside that nobody was asked about yet."""
        row = self._connection.execute(
            "SELECT 1 FROM withheld WHERE place = ? AND state = 'new' LIMIT 1", (folder,)
        ).fetchone()
        return row is not None

    def decide(self, folder: FolderId, state: Literal["kept", "allowed"]) -> None:
        """What the person said of everything that is held back of a folder."""
        self._connection.execute("UPDATE withheld SET state = ? WHERE place = ? AND state != 'new'", (state, folder))

    def release(self, ids: Iterable[MessageId]) -> None:
        """The server shows these again."""
        self._connection.executemany("DELETE FROM withheld WHERE message = ?", [(id,) for id in ids])

    def held(self, ids: Collection[MessageId]) -> set[MessageId]:
        """Those of these that only this machine still has."""
        rows = self._connection.execute(
            "SELECT message FROM withheld WHERE state IN ('asked', 'kept')"
            " AND message IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {MessageId(id) for (id,) in rows}

    def _tidy(self, folder: FolderId) -> None:
        """Forgets rows that died, moved on, or were found again under another uid, and what was only set aside."""
        self._connection.execute(
            "DELETE FROM withheld WHERE place = ?1 AND (state = 'new' OR NOT EXISTS (SELECT 1 FROM message"
            " WHERE message.id = withheld.message AND message.uid IS withheld.uid AND message.server_folder = ?1))",
            (folder,),
        )

    def _states(self, folder: FolderId) -> dict[MessageId, State]:
        return dict(self._connection.execute("SELECT message, state FROM withheld WHERE place = ?", (folder,)))

    def _whole(self, folder: FolderId) -> int:
        """How many messages the folder has, as far as is known; those that are held back already do not count."""
        (whole,) = self._connection.execute(
            "SELECT (SELECT count(*) FROM message WHERE server_folder = ?1) + beyond_total"
            " - (SELECT count(*) FROM withheld WHERE place = ?1 AND state IN ('asked', 'kept'))"
            " FROM folder WHERE id = ?1",
            (folder,),
        ).fetchone()
        return int(whole)

    def _moved(self, ids: Collection[MessageId]) -> set[MessageId]:
        """Those of these whose mail stands in another folder of the account as well."""
        rows = self._connection.execute(
            "SELECT DISTINCT one.id FROM message AS one JOIN message AS twin ON twin.print = one.print"
            " AND twin.account = one.account AND twin.server_folder != one.server_folder AND twin.uid IS NOT NULL"
            " WHERE one.message_id != '' AND one.id IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM withheld WHERE message = twin.id)",
            (json.dumps(list(ids)),),
        )
        return {MessageId(id) for (id,) in rows}

    def _set(self, folder: FolderId, ids: Iterable[MessageId], state: State, now: float) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO withheld SELECT id, server_folder, uid, ?, ? FROM message"
            " WHERE id = ? AND server_folder = ?",
            [(state, now, id, folder) for id in ids],
        )
