"""The index as it is written: what the server said of each copy of a message; where nothing is owed, belief follows.

Only the writer thread uses it. Callers wrap what belongs together in `schema.writing`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tui_mail.model.folder import NOWHERE, FolderId
from tui_mail.model.message import Flags, MessageId

from .arrivals import Arrival
from .flags import DELETED_BIT, SEEN_BIT, merge_packed, pack
from .index_folders import FolderState
from .kinship import Kinship
from .search import split_cjk

_CONTENT = (
    "account, sort, date, size, sender_name, sender_email, recipients, subject, message_id, thread, print, attachment,"
    " snippet, note, kind"
)
"""What a copy has in common with its original."""


KEEP_STRAYS = 30 * 86400.0
"""Seconds that the rows of a folder stay which its server does not have any more: servers in trouble say that too."""


_BLANK = (
    "note != '' AND uid IS NOT NULL AND message_id = '' AND subject = '' AND sender_email = ''"
    " AND folder = server_folder AND flags = server_flags AND words = server_words"
)


class Awaiting(IntEnum):
    """Why a row has no uid."""

    NOTHING = 0
    MOVED = 1
    """The server moved it and did not say where to: it is among the target's newcomers."""
    RENUMBERED = 2
    """UIDVALIDITY changed: it is found by content, at the latest when the folder is complete again."""
    FOLDER_GONE = 3
    """Its folder is gone: it may come back under another name."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a write changed, for whoever announces it."""

    folders: frozenset[FolderId] = frozenset()
    ids: frozenset[MessageId] = frozenset()
    born: tuple[MessageId, ...] = ()
    """Rows that are new."""

    def __or__(self, other: Touched) -> Touched:
        return Touched(self.folders | other.folders, self.ids | other.ids, self.born + other.born)


@dataclass(slots=True)
class Index:
    """Writes to mail.db."""

    connection: sqlite3.Connection
    expected: Callable[[MessageId, FolderState, Arrival], None] | None = None
    """Told of each new row while steps of an older index still look for their message."""
    _kinship: Kinship = field(init=False)

    def __post_init__(self) -> None:
        self._kinship = Kinship(self.connection)

    # --- folders

    def lose_folder(self, id: FolderId, when: float) -> Touched:
        """The server confirmed that it has no such folder: its rows wait to be found under another name, or there."""
        self.connection.execute(
            "UPDATE folder SET gone = ?, uidvalidity = NULL, uidnext = 1, modseq = 0, low = NULL, beyond_total = 0,"
            " beyond_unread = 0 WHERE id = ?",
            (max(1, int(when)), id),
        )
        self._unplace(id, Awaiting.FOLDER_GONE)
        return Touched(frozenset({id}))

    def renumber(self, id: FolderId, uidvalidity: int) -> Touched:
        """A new UIDVALIDITY: no uid means anything any more; the rows, and what is owed on them, stay."""
        self._unplace(id, Awaiting.RENUMBERED)
        self.connection.execute(
            "UPDATE folder SET uidvalidity = ?, uidnext = 1, modseq = 0, low = NULL WHERE id = ?", (uidvalidity, id)
        )
        return Touched(frozenset({id}))

    def _unplace(self, id: FolderId, why: Awaiting) -> None:
        self.connection.execute(
            "UPDATE message SET uid = NULL, awaiting = ? WHERE server_folder = ? AND uid IS NOT NULL", (why, id)
        )
        self.connection.execute("UPDATE withheld SET uid = NULL WHERE place = ?", (id,))  # what was said of them holds

    # --- what the server has

    def place(self, folder: FolderState, arrivals: Iterable[Arrival]) -> Touched:
        """Takes over these messages of the folder: known ones get their flags, lost ones are found, others are born."""
        execute = self.connection.execute
        unplaced = bool(
            execute("SELECT 1 FROM message WHERE account = ? AND uid IS NULL LIMIT 1", (folder.account,)).fetchone()
        )
        touched: set[MessageId] = set()
        born: list[MessageId] = []
        unread = hidden = 0
        for one in arrivals:
            row = execute(
                "SELECT id, server_flags, server_words, flags, words FROM message WHERE server_folder = ? AND uid = ?",
                (folder.id, one.uid),
            ).fetchone()
            if row is not None:
                if self._merge(row, one.flags):
                    touched.add(MessageId(row[0]))
            elif unplaced and (found := self._adopt(folder, one)) is not None:
                touched.add(found)
            else:
                born.append(self._insert(folder, one))
                unread += not one.flags[0] & (SEEN_BIT | DELETED_BIT)
                hidden += bool(one.flags[0] & DELETED_BIT)
        if born:  # counted once a slice: a trigger for every birth costs half as much again as the row itself
            execute(
                "UPDATE folder SET total = total + ?1 - ?3, unread = unread + ?2, placed = placed + ?1,"
                " placed_unread = placed_unread + ?2, beyond_total = max(0, beyond_total - ?1),"
                " beyond_unread = max(0, beyond_unread - ?2) WHERE id = ?4",
                (len(born), unread, hidden, folder.id),
            )
        return Touched(frozenset({folder.id}), frozenset(touched), tuple(born))

    def _adopt(self, folder: FolderState, one: Arrival) -> MessageId | None:
        """The row that waits for just this message, here or in a folder that is gone.

        Its print goes first. It is another one where the server's own names for mails are believed no more, or since
        now: then what the mail itself says is enough.
        """
        row = self._waiting_for(folder, "print = ?", one.print) or (
            self._waiting_for(folder, "message_id = ? AND size = ? AND date = ?", one.message_id, one.size, one.date)
            if one.message_id
            else None
        )
        if row is None:
            return None
        self.connection.execute(
            "UPDATE message SET uid = ?, server_folder = ?, awaiting = 0, print = ?,"
            " folder = CASE WHEN folder = server_folder THEN ? ELSE folder END WHERE id = ?",
            (one.uid, folder.id, one.print, folder.id, row[0]),
        )
        self._merge(row, one.flags)
        return MessageId(row[0])

    def _waiting_for(self, folder: FolderState, said: str, *values: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self.connection.execute(
            "SELECT id, server_flags, server_words, flags, words FROM message"
            f" WHERE account = ? AND {said} AND uid IS NULL AND (server_folder = ? OR awaiting = ?)"
            " ORDER BY server_folder = ? DESC LIMIT 1",
            (folder.account, *values, folder.id, Awaiting.FOLDER_GONE, folder.id),
        ).fetchone()
        return found

    def _insert(self, folder: FolderState, one: Arrival) -> MessageId:
        thread = self._kinship.join(folder.account, one.kin)
        bits, words = one.flags
        cursor = self.connection.execute(
            "INSERT INTO message(account, server_folder, uid, server_flags, server_words, folder, flags, words, sort,"
            " date, size, sender_name, sender_email, recipients, subject, message_id, thread, print, attachment, note,"
            " kind, parent) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(folder.account, folder.id, one.uid, bits, words, folder.id, bits, words, one.sort, one.date),
                *(one.size, one.sender.name, one.sender.email, one.recipients, one.subject, one.message_id, thread),
                *(one.print, int(one.attachment), one.note, int(one.kind), one.parent),
            ),
        )
        id = MessageId(cursor.lastrowid or 0)
        self._index_words([(id, one.subject, f"{one.sender.name} {one.sender.email}", one.recipients)])
        if one.cc or one.list_id:
            self.connection.execute(
                "INSERT INTO ties(rowid, cc, list) VALUES(?,?,?)", (id, split_cjk(one.cc), split_cjk(one.list_id))
            )
        if self.expected is not None:
            self.expected(id, folder, one)
        return id

    def clone(self, ids: Sequence[MessageId]) -> list[tuple[MessageId, MessageId]]:
        """Rows for second copies, which stand nowhere yet; (the new, the old) of each."""
        values = (json.dumps(ids),)
        wanted = "WHERE id IN (SELECT value FROM json_each(?)) AND folder != 0 ORDER BY id"
        old = self.connection.execute(f"SELECT id FROM message {wanted}", values).fetchall()
        new = self.connection.execute(
            f"INSERT INTO message(server_folder, folder, server_flags, server_words, flags, words, {_CONTENT})"
            f" SELECT 0, 0, flags, words, flags, words, {_CONTENT} FROM message {wanted} RETURNING id",
            values,
        ).fetchall()
        pairs = [(MessageId(one), MessageId(other)) for (one,), (other,) in zip(sorted(new), old, strict=True)]
        texts = self.connection.execute(
            "SELECT id, subject, sender_name || ' ' || sender_email, recipients FROM message WHERE id BETWEEN ? AND ?",
            (pairs[0][0], pairs[-1][0]) if pairs else (0, -1),
        ).fetchall()
        self._index_words(texts)
        return pairs

    def _index_words(self, rows: Iterable[tuple[int, str, str, str]]) -> None:
        """Makes (id, subject, sender, recipients) found by the full text."""
        self.connection.executemany(
            "INSERT INTO heads(rowid, subject, sender, recipients) VALUES(?,?,?,?)",
            (
                (id, split_cjk(subject), split_cjk(sender), split_cjk(to.replace("\x1f", " ").replace("\x1e", " ")))
                for id, subject, sender, to in rows
            ),
        )

    def _merge(self, row: Sequence[Any], new: tuple[int, str]) -> bool:
        """Lets the belief follow the server flag by flag; `row` is id and both columns. True where anything changed."""
        id, bits, words, believed, believed_words = row
        if (bits, words) == new:
            return False
        belief = merge_packed(new, (bits, words), (believed, believed_words))
        self.connection.execute(
            "UPDATE message SET server_flags = ?, server_words = ?, flags = ?, words = ? WHERE id = ?",
            (*new, *belief, id),
        )
        return True

    def take_flags(self, id: FolderId, flags: Iterable[tuple[int, Flags]]) -> Touched:
        """Flags of known messages as the server has them now; unknown uids are none of ours yet."""
        touched: set[MessageId] = set()
        for uid, new in flags:
            row = self.connection.execute(
                "SELECT id, server_flags, server_words, flags, words FROM message WHERE server_folder = ? AND uid = ?",
                (id, uid),
            ).fetchone()
            if row is not None and self._merge(row, pack(new)):
                touched.add(MessageId(row[0]))
        return Touched(frozenset({id}) if touched else frozenset(), frozenset(touched))

    def ids_of(self, id: FolderId, uids: Iterable[int]) -> dict[int, MessageId]:
        """The rows of these uids, as far as they are here."""
        rows = self.connection.execute(
            "SELECT uid, id FROM message WHERE server_folder = ? AND uid IN (SELECT value FROM json_each(?))",
            (id, json.dumps(list(uids))),
        )
        return {uid: MessageId(row) for uid, row in rows}

    def uids(self, id: FolderId, low: int, high: int | None = None) -> list[int]:
        """Uids of rows in [low, high], rising; what is held back is known to be gone from the server."""
        rows = self.connection.execute(
            "SELECT uid FROM message WHERE server_folder = ? AND uid IS NOT NULL AND uid BETWEEN ? AND ?"
            " AND id NOT IN (SELECT message FROM withheld WHERE state IN ('asked', 'kept')) ORDER BY uid",
            (id, low, high if high is not None else 1 << 33),
        )
        return [uid for (uid,) in rows]

    def blank_rows(self, id: FolderId, most: int) -> list[int]:
        """Uids of the newest rows with nothing in them, because the server could not give their message.

        What the person just does to one waits until the server was told.
        """
        rows = self.connection.execute(
            f"SELECT uid FROM message WHERE server_folder = ? AND {_BLANK} ORDER BY uid DESC LIMIT ?", (id, most)
        )
        return [uid for (uid,) in rows]

    def blank_folders(self) -> set[FolderId]:
        """Folders that hold such rows."""
        rows = self.connection.execute(f"SELECT DISTINCT server_folder FROM message WHERE {_BLANK}")
        return {FolderId(id) for (id,) in rows}

    def newest_names(self, id: FolderId, most: int) -> dict[int, tuple[str, int]]:
        """(Message-ID, size) by uid of the rows of the folder that came last."""
        rows = self.connection.execute(
            "SELECT uid, message_id, size FROM message WHERE server_folder = ? AND uid IS NOT NULL"
            " ORDER BY uid DESC LIMIT ?",
            (id, most),
        )
        return {uid: (message_id, size) for uid, message_id, size in rows}

    def waiting_still(self, id: FolderId, reasons: Sequence[Awaiting], ids: Iterable[MessageId]) -> list[MessageId]:
        """Those of these rows that still wait in the folder for one of these reasons, although all of it was seen."""
        marks = ",".join(str(int(reason)) for reason in reasons)
        rows = self.connection.execute(
            f"SELECT id FROM message WHERE server_folder = ? AND uid IS NULL AND awaiting IN ({marks})"
            " AND id IN (SELECT value FROM json_each(?))",
            (id, json.dumps(list(ids))),
        )
        return [MessageId(row[0]) for row in rows]

    def bury(self, id: FolderId, ids: Iterable[MessageId]) -> Touched:
        """These are confirmed to be gone from this folder of the server: their rows die, if they did not move on."""
        rows = self.connection.execute(
            "SELECT id, folder FROM message WHERE server_folder = ? AND id IN (SELECT value FROM json_each(?))",
            (id, json.dumps(list(ids))),
        ).fetchall()
        return self._kill(id, rows)

    def place_of(self, id: MessageId) -> tuple[FolderId, int | None] | None:
        """(folder, uid) on the server; the uid is None while it is looked for; None for a message that is gone."""
        row = self.connection.execute("SELECT server_folder, uid FROM message WHERE id = ?", (id,)).fetchone()
        return (FolderId(row[0]), row[1]) if row else None

    def places(self, ids: Sequence[MessageId]) -> dict[MessageId, tuple[FolderId, int | None]]:
        """`place_of` many."""
        rows = self.connection.execute(
            "SELECT id, server_folder, uid FROM message WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        return {MessageId(id): (FolderId(folder), uid) for id, folder, uid in rows}

    def waiting(self, id: FolderId) -> list[MessageId]:
        """Rows of the folder whose uid is not known."""
        rows = self.connection.execute("SELECT id FROM message WHERE server_folder = ? AND uid IS NULL", (id,))
        return [MessageId(row[0]) for row in rows]

    def bury_strays(self, now: float) -> None:
        """Rows of folders that are gone for long and turned up nowhere.

        Those that the person moved out of there stay: they are seen in another folder, and may yet be found.
        """
        self.connection.execute(
            "DELETE FROM message WHERE uid IS NULL AND awaiting = ? AND folder = server_folder"
            " AND server_folder NOT IN (SELECT id FROM folder WHERE gone > ?)",
            (Awaiting.FOLDER_GONE, now - KEEP_STRAYS),
        )

    def kill(self, ids: Iterable[MessageId]) -> Touched:
        """Rows whose message is known to be nowhere any more."""
        rows = self.connection.execute(
            "SELECT id, folder FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        ).fetchall()
        return self._kill(NOWHERE, rows)

    def kill_nowhere(self, ids: Iterable[MessageId]) -> None:
        """Rows of copies that were taken back, once nothing can bring them again."""
        self.connection.execute(
            "DELETE FROM message WHERE folder = 0 AND server_folder = 0 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )

    def _kill(self, id: FolderId, rows: Sequence[tuple[int, int]]) -> Touched:
        self.connection.executemany("DELETE FROM message WHERE id = ?", [(row[0],) for row in rows])
        folders = {FolderId(folder) for _, folder in rows} | {id}
        return Touched(frozenset(folders) if rows else frozenset(), frozenset(MessageId(row[0]) for row in rows))

    # --- what has just come

    def keep_fresh(self, ids: Iterable[MessageId], stage: int) -> None:
        """The rules have not seen these yet (1), or only without their text (2), or are done with them (0)."""
        self.connection.executemany("UPDATE message SET fresh = ? WHERE id = ?", [(stage, id) for id in ids])

    def fresh(self) -> dict[MessageId, tuple[int, bool]]:
        """What the rules are not done with: how far they are, and whether the text is here."""
        rows = self.connection.execute("SELECT id, fresh, held FROM message WHERE fresh != 0 ORDER BY id")
        return {MessageId(id): (stage, bool(held)) for id, stage, held in rows}

    def accounts(self, ids: Iterable[MessageId]) -> dict[MessageId, str]:
        """Whose each of these is."""
        rows = self.connection.execute(
            "SELECT id, account FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return {MessageId(id): account for id, account in rows}

    def surface(self, ids: Iterable[MessageId], at: float) -> None:
        """Sorts them as if they had just come."""
        self.connection.executemany("UPDATE message SET sort = ? WHERE id = ?", [(int(at), id) for id in ids])
