"""What the index knows of folders: their names, their marks of the sync, and what STATUS said last.

Only the writer thread uses it. Callers wrap what belongs together in `schema.writing`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_mail.backend.contract import RemoteFolder
from tui_mail.mime.clean import line
from tui_mail.model.folder import NOWHERE, FolderId, Role


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the sync needs to know of a folder."""

    id: FolderId
    account: str
    raw: bytes
    name: str
    role: Role | None
    uidvalidity: int | None
    uidnext: int
    modseq: int
    low: int | None
    placed: int
    flags_checked: float


_GONE = "(SELECT count(*) FROM withheld WHERE place = folder.id AND uid IS NOT NULL AND state IN ('asked', 'kept'))"
"""Rows of a folder that only this machine still has."""
_STATE = "SELECT id, account, raw, name, role, uidvalidity, uidnext, modseq, low, placed, flags_checked FROM folder"


class Folders:
    """Rows of the table `folder`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def state(self, id: FolderId) -> FolderState | None:
        row = self._connection.execute(f"{_STATE} WHERE id = ?", (id,)).fetchone()
        return _state(row) if row else None

    def states(self, account: str) -> list[FolderState]:
        """Those of an account that can be opened."""
        rows = self._connection.execute(f"{_STATE} WHERE account = ? AND selectable AND NOT gone", (account,))
        return [_state(row) for row in rows]

    def find(self, account: str, raw: bytes | None) -> FolderId | None:
        if raw is None:
            return NOWHERE
        row = self._connection.execute("SELECT id FROM folder WHERE account = ? AND raw = ?", (account, raw)).fetchone()
        return FolderId(row[0]) if row else None

    def raw_of(self, id: FolderId) -> bytes | None:
        row = self._connection.execute("SELECT raw FROM folder WHERE id = ?", (id,)).fetchone()
        return bytes(row[0]) if row else None

    def expect(self, account: str, raw: bytes) -> None:
        """A folder that the person's operations name, before the server has listed it."""
        self._connection.execute(
            "INSERT INTO folder(account, raw, name, delimiter) VALUES(?,?,?,'') ON CONFLICT DO NOTHING",
            (account, raw, line(raw.decode("ascii", "replace"))),
        )

    def learn(self, account: str, remote: Sequence[tuple[RemoteFolder, Role | None]]) -> bool:
        """Takes over what LIST said; those that are missing stay until `lose_folder`. True where a person sees it."""
        seen = False
        for folder, role in remote:
            name, mark = line(folder.name), role.value if role else None
            values = (name, folder.delimiter, mark, int(folder.selectable))
            found = self._connection.execute(
                "SELECT name, delimiter, role, selectable, gone FROM folder WHERE account = ? AND raw = ?",
                (account, folder.raw),
            ).fetchone()
            if found is None:
                self._connection.execute(
                    "INSERT INTO folder(name, delimiter, role, selectable, account, raw) VALUES(?,?,?,?,?,?)",
                    (*values, account, folder.raw),
                )
            elif found != (*values, 0):
                self._connection.execute(
                    "UPDATE folder SET name = ?, delimiter = ?, role = ?, selectable = ?, gone = 0"
                    " WHERE account = ? AND raw = ?",
                    (*values, account, folder.raw),
                )
            seen = seen or found != (*values, 0)
            seen = self._learn_counts(account, folder) or seen
        return seen

    def _learn_counts(self, account: str, folder: RemoteFolder) -> bool:
        """How much of the folder is not here, as far as STATUS says; nothing for a folder that is complete."""
        said = folder.status
        if said.messages is None:
            return False
        return bool(
            self._connection.execute(
                f"UPDATE folder SET beyond_total = max(0, ?1 - placed + {_GONE}),"
                " beyond_unread = max(0, ?2 - placed_unread) WHERE account = ?3 AND raw = ?4 AND coalesce(low, 0) != 1"
                f" AND (beyond_total != max(0, ?1 - placed + {_GONE})"
                " OR beyond_unread != max(0, ?2 - placed_unread))",
                (said.messages, said.unseen or 0, account, folder.raw),
            ).rowcount
        )

    def needs_pass(self, account: str, folder: RemoteFolder) -> bool:
        """Whether STATUS says anything that the last finished pass did not know."""
        row = self._connection.execute(
            "SELECT uidvalidity, low, said_uidnext, said_messages, said_unseen, said_modseq FROM folder"
            " WHERE account = ? AND raw = ?",
            (account, folder.raw),
        ).fetchone()
        said = folder.status
        if row is None or row[1] is None or said.messages is None or said.uidnext is None:
            return True
        if said.uidvalidity != row[0]:
            return True
        return (said.uidnext, said.messages, said.unseen, said.modseq) != tuple(row[2:])

    def stands_still(self, account: str, folder: RemoteFolder) -> bool:
        """Whether messages came or went since the last finished pass, and HIGHESTMODSEQ counts that as no change."""
        said = folder.status
        row = self._connection.execute(
            "SELECT said_uidnext, said_messages, said_modseq FROM folder WHERE account = ? AND raw = ?",
            (account, folder.raw),
        ).fetchone()
        if row is None or None in row or said.modseq != row[2]:
            return False
        return said.uidnext is not None and (said.uidnext, said.messages) != tuple(row[:2])

    def remember_status(self, id: FolderId, folder: RemoteFolder) -> None:
        """What STATUS said before a pass that is now finished: the next listing compares with it."""
        said = folder.status
        self._connection.execute(
            "UPDATE folder SET said_uidnext = ?, said_messages = ?, said_unseen = ?, said_modseq = ? WHERE id = ?",
            (said.uidnext, said.messages, said.unseen, said.modseq, id),
        )

    def advance(
        self, id: FolderId, *, uidnext: int | None = None, modseq: int | None = None, low: int | None = None
    ) -> None:
        """Moves the marks of a folder; called in the transaction that holds the rows which justify it (I3)."""
        self._connection.execute(
            "UPDATE folder SET uidnext = max(uidnext, coalesce(?, uidnext)), modseq = coalesce(?, modseq),"
            " low = coalesce(?, low) WHERE id = ?",
            (uidnext, modseq, low, id),
        )

    def set_beyond(self, id: FolderId, exists: int) -> None:
        """How many messages the server has that are not here."""
        self._connection.execute(
            f"UPDATE folder SET beyond_total = CASE low WHEN 1 THEN 0 ELSE max(0, ? - placed + {_GONE}) END,"
            " beyond_unread = CASE low WHEN 1 THEN 0 ELSE beyond_unread END WHERE id = ?",
            (exists, id),
        )

    def flags_were_checked(self, id: FolderId, when: float) -> None:
        self._connection.execute("UPDATE folder SET flags_checked = ? WHERE id = ?", (when, id))


def _state(row: tuple[Any, ...]) -> FolderState:
    id, account, raw, name, role, *rest = row
    return FolderState(id, account, bytes(raw), name, Role(role) if role else None, *rest)
