"""What is read on the caller's own thread: bounded windows of the index with the overlay applied."""

from __future__ import annotations

import json
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tui_mail.model.draft import Draft, Waiting
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.operation import Spot, Step
from tui_mail.model.query import Query

from . import schema
from .bodies import Bodies
from .flags import DELETED_BIT, SEEN_BIT, pack, unpack
from .letters import Letters
from .overlay import Overlay, believe
from .rows import ROW, summary
from .search import Plan, Words, plan

_ORDER = {
    role: place
    for place, role in enumerate(
        (
            Role.INBOX,
            Role.DRAFTS,
            Role.SENT,
            Role.ARCHIVE,
            Role.ALL,
            Role.FLAGGED,
            Role.IMPORTANT,
            Role.JUNK,
            Role.TRASH,
        )
    )
}
Steps = dict[MessageId, list[Step]]
_FEW = 4000
"""Hits of a search up to which each is looked up by its id; more are picked out of their folders in order."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What the full text said: ids that must be in (None: any), and ids that must not."""

    must: set[int] | None
    must_not: set[int]

    @property
    def is_all(self) -> bool:
        return self.must is None and not self.must_not

    def holds(self, id: int) -> bool:
        return (self.must is None or id in self.must) and id not in self.must_not


class Windows:
    """One connection to the index that only reads. Any thread; callers wait for each other, never for the writer."""

    def __init__(self, data: Path, overlay: Overlay, accounts: Callable[[], Sequence[str]]) -> None:
        self._lock = threading.Lock()
        self._connection = schema.connect(data / "mail.db", durable=False, query_only=True)
        self._overlay = overlay
        self._accounts = accounts
        self._bodies = Bodies(self._connection, data / "letters")
        self._letters = Letters(schema.connect(data / "work.db", durable=False, query_only=True))

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._letters.connection.close()

    @contextmanager
    def _moment(self) -> Iterator[None]:
        """Several reads of one and the same state: the writer may commit between two of them.

        The overlay is asked before: a step that is in both counts once, one that is in neither would be lost.
        """
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    # --- folders

    def folders(self, account: str | None = None) -> tuple[Folder, ...]:
        """Inbox first, then roles, then by name; accounts in the order of the configuration."""
        steps = self._overlay.steps()
        with self._moment():
            found = self._folders()
            shifts = self._shifts(steps) if steps else {}
        order = {key: place for place, key in enumerate(self._accounts())}
        chosen = [
            replace(folder, total=folder.total + shifts[folder.id][0], unread=folder.unread + shifts[folder.id][1])
            if folder.id in shifts
            else folder
            for folder in found
            if folder.account in order and account in (None, folder.account)
        ]
        chosen.sort(key=lambda one: (order[one.account], _place(one), one.name.casefold()))
        return tuple(chosen)

    def folder(self, id: FolderId) -> Folder | None:
        return next((folder for folder in self.folders() if folder.id == id), None)

    def inbox(self, account: str) -> Folder | None:
        return next((folder for folder in self.folders(account) if folder.role is Role.INBOX), None)

    def folder_accounts(self) -> dict[FolderId, str]:
        """Whose each folder is."""
        with self._lock:
            rows = self._connection.execute("SELECT id, account FROM folder WHERE NOT gone").fetchall()
        return {FolderId(id): account for id, account in rows}

    def accounts_of(self, folders: Iterable[FolderId]) -> set[str]:
        own = self.folder_accounts()
        return {own[folder] for folder in folders if folder in own}

    def _folders(self) -> list[Folder]:
        rows = self._connection.execute(
            "SELECT id, account, name, raw, delimiter, role, selectable, total + beyond_total, unread + beyond_unread,"
            " CASE WHEN low IS NOT NULL THEN placed END FROM folder WHERE NOT gone"
        )
        return [
            Folder(
                *(FolderId(id), account, name, bytes(raw), delimiter, Role(role) if role else None),
                *(bool(selectable), total, unread, held),
            )
            for id, account, name, raw, delimiter, role, selectable, total, unread, held in rows
        ]

    def _shifts(self, steps: Steps) -> dict[FolderId, tuple[int, int]]:
        """How the pending operations change (total, unread) of folders."""
        shifts: dict[FolderId, tuple[int, int]] = {}
        for spot in self._spots(steps):
            after = believe(spot, steps[spot.id])
            for one, sign in ((spot, -1), (after, 1)):
                bits = pack(one.flags)[0]
                total, unread = shifts.get(one.folder, (0, 0))
                is_shown = not bits & DELETED_BIT
                unread += sign * (is_shown and not bits & SEEN_BIT)
                shifts[one.folder] = total + sign * is_shown, unread
        return shifts

    def _spots(self, ids: Iterable[MessageId]) -> list[Spot]:
        rows = self._connection.execute(
            "SELECT id, folder, flags, words FROM message WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return [Spot(MessageId(id), FolderId(folder), unpack(bits, words)) for id, folder, bits, words in rows]

    def spots(self, ids: Sequence[MessageId]) -> list[Spot]:
        """Where these messages stand as believed, in the order asked; those that are gone are left out."""
        steps = self._overlay.steps()
        with self._lock:
            found = {spot.id: spot for spot in self._spots(ids)}
        return [believe(found[id], steps.get(id, ())) for id in ids if id in found]

    # --- rows

    def rows(self, ids: Sequence[MessageId]) -> list[Summary | None]:
        """The rows in the order asked; None where a message is gone."""
        steps = self._overlay.steps()
        with self._lock:
            found = self._connection.execute(
                f"SELECT {ROW} FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
            ).fetchall()
        rows = {row[0]: summary(row, steps.get(row[0], ())) for row in found}
        return [rows.get(id) for id in ids]

    def twins(self, ids: Sequence[MessageId]) -> list[MessageId]:
        """Other copies of the same mails in the same account, as Gmail's labels make them."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT DISTINCT twin.id FROM message AS one JOIN message AS twin"
                " ON twin.print = one.print AND twin.account = one.account AND twin.folder != one.folder"
                " WHERE one.id IN (SELECT value FROM json_each(?)) AND one.message_id != '' AND twin.folder != 0",
                (json.dumps(list(ids)),),
            ).fetchall()
        asked = set(ids)
        return [MessageId(id) for (id,) in rows if id not in asked]

    # --- listings

    def listing(self, query: Query) -> Listing:
        """The ids of a view, newest first; a mail that stands in several of its folders is there once."""
        steps = self._overlay.steps()
        with self._moment():
            wanted = plan(query, self._folders())
            if not wanted.folders:
                return Listing()
            matched = self._matched(wanted.words)
            ids = self._ordered(wanted, matched)
            if steps:
                ids = self._patched(ids, wanted, matched, steps)
        return Listing(ids)

    def _matched(self, words: Sequence[Words]) -> Matched:
        """What the full text says of the terms: who must be in, who must not."""
        must: set[int] | None = None
        must_not: set[int] = set()
        for term in words:
            found = set(self._ids(term.sql.replace("rowid", "rowid AS id"), term.values))
            if term.negated:
                must_not |= found
            else:
                must = found if must is None else must & found
        return Matched(must, must_not)

    def _ordered(self, wanted: Plan, matched: Matched) -> array[int]:
        where, values = wanted.where()
        if matched.must is not None and len(matched.must) <= _FEW:
            where += " AND id IN (SELECT value FROM json_each(?))"
            where = where.replace("folder ", "+folder ", 1)  # few ids: each is looked up, no folder is walked
            values = (*values, json.dumps(list(matched.must)))
        if len(wanted.folders) == 1:
            ids = self._ids(f"SELECT id FROM message WHERE {where} ORDER BY sort DESC, id DESC", values)
        else:
            rows = self._connection.execute(
                f"SELECT id, print FROM message WHERE {where} ORDER BY sort DESC, id DESC", values
            )
            ids = _once([row for row in rows.fetchall() if matched.holds(row[0])])
        return ids if matched.is_all else array("q", filter(matched.holds, ids))

    def _ids(self, sql: str, values: Sequence[object]) -> array[int]:
        """One column as an array; one JSON text from SQLite costs two thirds of a tuple a row."""
        (text,) = self._connection.execute(f"SELECT json_group_array(id) FROM ({sql})", values).fetchone()
        return array("q", json.loads(text))

    def _patched(self, ids: array[int], wanted: Plan, matched: Matched, steps: Steps) -> array[int]:
        """The listing as it will be once the pending operations are written."""
        content = f" AND {wanted.content}" if wanted.content else ""
        rows = self._connection.execute(
            f"SELECT id, folder, flags, words, sort FROM message WHERE id IN (SELECT value FROM json_each(?)){content}",
            (json.dumps(list(steps)), *wanted.values),
        ).fetchall()
        coming: dict[int, int] = {}
        leaving: set[int] = set()
        for id, folder, bits, words, sort in rows:
            after = believe(Spot(id, FolderId(folder), unpack(bits, words)), steps[id])
            holds = wanted.holds(after.folder, pack(after.flags)[0]) and matched.holds(id)
            if holds and not wanted.holds(folder, bits):
                coming[id] = sort
            elif not holds:
                leaving.add(id)
        if leaving:
            ids = array("q", [id for id in ids if id not in leaving])
        return self._inserted(ids, coming) if coming else ids

    def _inserted(self, ids: array[int], coming: dict[int, int]) -> array[int]:
        """A binary search over the listing for each row that comes in; it asks for a few `sort` values only."""
        ids = array("q", ids)
        for id, sort in sorted(coming.items(), key=lambda item: (item[1], item[0])):
            low, high = 0, len(ids)
            while low < high:
                middle = (low + high) // 2
                row = self._connection.execute("SELECT sort FROM message WHERE id = ?", (ids[middle],)).fetchone()
                if row is not None and (row[0], ids[middle]) > (sort, id):
                    low = middle + 1
                else:
                    high = middle
            ids.insert(low, id)
        return ids

    # --- letters

    def raw(self, id: MessageId) -> bytes | None:
        """The whole mail where it is held here."""
        with self._lock:
            return self._bodies.read(id)

    def without_text(self, folders: Iterable[FolderId]) -> int:
        """How many messages of these folders are known by their headers alone."""
        with self._lock:
            (count,) = self._connection.execute(
                "SELECT count(*) FROM message WHERE NOT held AND flags & 8 = 0"
                " AND folder IN (SELECT value FROM json_each(?))",
                (json.dumps(list(folders)),),
            ).fetchone()
        return int(count)

    def id_of(self, message_id: str) -> MessageId | None:
        """The newest copy of a mail with this Message-ID."""
        with self._lock:
            row = self._connection.execute(
                "SELECT id FROM message WHERE message_id = ? AND folder != 0 ORDER BY id DESC LIMIT 1", (message_id,)
            ).fetchone()
        return MessageId(row[0]) if row else None

    def open_drafts(self) -> list[tuple[Draft, str]]:
        """Drafts as they are on disk with the process that holds each, newest first."""
        with self._lock:
            return self._letters.open_drafts()

    def waiting(self) -> tuple[Waiting, ...]:
        with self._lock:
            return tuple(self._letters.waiting())

    def letters_owed(self) -> int:
        with self._lock:
            return self._letters.counts()

    def owes(self) -> int:
        with self._lock:
            (count,) = self._connection.execute(f"SELECT count(*) FROM message WHERE {schema.OWED}").fetchone()
        return int(count)


def _once(rows: Sequence[tuple[int, int]]) -> array[int]:
    seen: set[int] = set()
    ids = array("q")
    for id, print in rows:
        if print not in seen:
            seen.add(print)
            ids.append(id)
    return ids


def _place(folder: Folder) -> int:
    return _ORDER.get(folder.role, len(_ORDER)) if folder.role else len(_ORDER)
