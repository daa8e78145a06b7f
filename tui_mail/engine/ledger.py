"""What the server is owed, read from the index and settled there: the debts of its two columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tui_mail.model.folder import NOWHERE, FolderId
from tui_mail.model.message import Flags, MessageId

from .flags import pack, unpack
from .index import Awaiting, Touched
from .schema import OWED

_MOST = 5000
"""Debts taken at a time: what comes after is looked at once these are paid."""


@dataclass(frozen=True, slots=True)
class Debt:
    """One row where the belief differs from what the server said."""

    id: MessageId
    server_folder: FolderId
    uid: int | None
    server_flags: Flags
    folder: FolderId
    flags: Flags
    message_id: str
    size: int

    @property
    def added(self) -> Flags:
        return self.flags - self.server_flags

    @property
    def removed(self) -> Flags:
        return self.server_flags - self.flags


class Ledger:
    """Debts of the index. Writer thread only; every settling is one transaction of the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def debts(self, account: str) -> list[Debt]:
        """What can be paid now: rows whose place on the server is known, or that are nowhere there."""
        rows = self._connection.execute(
            "SELECT id, server_folder, uid, server_flags, server_words, folder, flags, words, message_id, size"
            f" FROM message WHERE account = ? AND {OWED} AND (uid IS NOT NULL OR server_folder = 0) LIMIT {_MOST}",
            (account,),
        )
        return [
            Debt(
                *(MessageId(id), FolderId(place), uid, unpack(bits, words), FolderId(folder)),
                *(unpack(believed, believed_words), message_id, size),
            )
            for id, place, uid, bits, words, folder, believed, believed_words, message_id, size in rows
        ]

    def still_owed(self, ids: Iterable[MessageId]) -> set[MessageId]:
        """Which of these rows owe anything."""
        rows = self._connection.execute(
            f"SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?)) AND {OWED}",
            (json.dumps(list(ids)),),
        )
        return {MessageId(id) for (id,) in rows}

    def told_flags(self, ids: Iterable[MessageId], added: Flags, removed: Flags) -> None:
        """The server took these flags; what the person changed meanwhile is a new debt by itself."""
        for id in ids:
            row = self._connection.execute(
                "SELECT server_flags, server_words FROM message WHERE id = ?", (id,)
            ).fetchone()
            if row is not None:
                flags = (unpack(*row) | added) - removed
                self._connection.execute(
                    "UPDATE message SET server_flags = ?, server_words = ? WHERE id = ?", (*pack(flags), id)
                )

    def told_place(self, places: Mapping[MessageId, int | None], target: FolderId) -> None:
        """The server has these messages in the target now; None where it did not say under which uid."""
        for id, uid in places.items():
            if uid is not None:
                self._unseat(target, uid, id)
            self._connection.execute(
                "UPDATE message SET server_folder = ?, uid = ?, awaiting = ? WHERE id = ?",
                (target, uid, Awaiting.NOTHING if uid is not None else Awaiting.MOVED, id),
            )

    def told_copies(
        self, places: Mapping[MessageId, int | None], target: FolderId, origins: Mapping[MessageId, MessageId]
    ) -> None:
        """The server has made these; each has the flags that its original had there."""
        self.told_place(places, target)
        self._connection.executemany(
            "UPDATE message SET (server_flags, server_words) ="
            " (SELECT server_flags, server_words FROM message AS origin WHERE origin.id = ?) WHERE id = ?",
            [(origins[id], id) for id in places],
        )

    def _unseat(self, target: FolderId, uid: int, id: MessageId) -> None:
        """A pull was faster and made a row of its own for the moved message: ours is the one that stays."""
        self._connection.execute(
            "DELETE FROM message WHERE server_folder = ? AND uid = ? AND id != ?", (target, uid, id)
        )

    def told_nowhere(self, ids: Iterable[MessageId]) -> None:
        """The server has destroyed these; the rows stay as long as their raw mail is kept for undo."""
        self._connection.executemany(
            "UPDATE message SET server_folder = 0, uid = NULL, awaiting = 0 WHERE id = ?", [(id,) for id in ids]
        )

    def mistook(self, ids: Iterable[MessageId]) -> None:
        """What the server has under their uids is not what they say: both are looked for at the next pull."""
        self._connection.executemany(
            "UPDATE message SET uid = NULL, awaiting = ? WHERE id = ?", [(Awaiting.RENUMBERED, id) for id in ids]
        )

    def is_whole(self, account: str) -> bool:
        """Every folder that is there is here whole: what has turned up nowhere will not."""
        unseen = "SELECT 1 FROM folder WHERE account = ? AND selectable AND NOT gone AND coalesce(low, 0) != 1 LIMIT 1"
        return self._connection.execute(unseen, (account,)).fetchone() is None

    def gone_with(self, folders: Collection[FolderId]) -> dict[str, int]:
        """Of these folders those that are gone, with how many messages that turned up nowhere."""
        rows = self._connection.execute(
            "SELECT name, count(*) FROM folder JOIN message ON server_folder = folder.id WHERE gone"
            " AND uid IS NULL AND awaiting = ? AND folder.id IN (SELECT value FROM json_each(?)) GROUP BY folder.id",
            (Awaiting.FOLDER_GONE, json.dumps(list(folders))),
        )
        return dict(rows)

    def give_up_lost(self, account: str) -> Touched:
        """Moves out of folders that are gone, where the account is whole: the letters turned up nowhere, so they wait
        with the rest of their folder instead of standing where the person wanted them.
        """
        rows = self._connection.execute(
            "SELECT id FROM message WHERE account = ? AND uid IS NULL AND awaiting = ? AND folder != server_folder"
            f" AND folder != {NOWHERE}",
            (account, Awaiting.FOLDER_GONE),
        ).fetchall()
        return self.revert([MessageId(id) for (id,) in rows]) if rows else Touched()

    def revert(self, ids: Iterable[MessageId]) -> Touched:
        """The server refused: the belief goes back to what it said."""
        folders: set[FolderId] = set()
        reverted = list(ids)
        for id in reverted:
            row = self._connection.execute("SELECT server_folder, folder FROM message WHERE id = ?", (id,)).fetchone()
            if row is not None:
                folders |= {FolderId(row[0]), FolderId(row[1])}
        self._connection.executemany(
            "UPDATE message SET folder = server_folder, flags = server_flags, words = server_words WHERE id = ?",
            [(id,) for id in reverted],
        )
        return Touched(frozenset(folders - {NOWHERE}), frozenset(reverted))
