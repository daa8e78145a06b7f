"""What is read on the caller's own thread: bounded windows of the index with the overlay applied."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

from tui_mail.model.condition import Condition
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.listing import Listing
from tui_mail.model.message import SEEN, MessageId, Summary
from tui_mail.model.operation import Group
from tui_mail.model.query import Query

from . import schema
from .bodies import Bodies
from .durable import Durable
from .flags import pack, unpack
from .health import Guard
from .holdings import Holdings
from .kindred import Kindred
from .letters import Letters
from .listings import Listings, without
from .outline import Outlined
from .overlay import Overlay, Pending, believe_all, leaving, shifted, steps, touched
from .rows import ROW, summary
from .search import NOTHING, plan

_ORDER = {
    role: place
    for place, role in enumerate(
        (
            Role.INBOX,
            Role.DRAFTS,
            Role.SENT,
            Role.ARCHIVE,
            Role.SNOOZED,
            Role.ALL,
            Role.FLAGGED,
            Role.IMPORTANT,
            Role.JUNK,
            Role.TRASH,
        )
    )
}


class Windows(Durable):
    """One connection to the index that only reads. Any thread; callers wait for each other, never for the writer."""

    def __init__(
        self,
        data: Path,
        overlay: Overlay,
        accounts: Callable[[], Sequence[str]],
        *,
        clock: Callable[[], float] = time.time,
        patient: bool = False,
        cache: int = schema.CACHE,
    ) -> None:
        """`patient`: on a thread that others should not notice, whatever it reads. `cache`: see `schema.connect`."""
        self._lock = Guard(data)
        self._connection = schema.connect(data / "mail.db", durable=False, query_only=True, cache=cache)
        self._overlay = overlay
        self._accounts = accounts
        self._clock = clock
        self._listings = Listings(self._connection, self._groups, patient=patient)
        self.kindred = Kindred(self._connection, self._lock)
        self.holdings = Holdings(self._connection, self._lock)
        self._bodies = Bodies(self._connection, data / "letters")
        self._letters = Letters(schema.connect(data / "work.db", durable=False, query_only=True))

    def interrupt(self) -> None:
        """Ends what another thread reads here at this moment; it gets sqlite3.OperationalError."""
        with suppress(sqlite3.ProgrammingError):  # closed already: nothing is read
            self._connection.interrupt()

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._letters.connection.close()

    # --- folders

    def folders(self, account: str | None = None) -> tuple[Folder, ...]:
        """Inbox first, then roles, then by name; accounts in the order of the configuration."""
        pending = self._overlay.pending()
        with self._lock, schema.reading(self._connection):
            found = self._folders()
            shifts = self._shifts(self._unwritten(pending))
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

    def _unwritten(self, pending: Iterable[Pending]) -> tuple[Pending, ...]:
        """Those that the index does not hold yet: it says up to which operation it has come."""
        pending = tuple(pending)
        if not pending:
            return pending
        row = self._connection.execute("SELECT value FROM meta WHERE key = 'applied'").fetchone()
        return tuple(one for one in pending if one.key > (row[0] if row else 0))

    def _shifts(self, pending: Sequence[Pending]) -> dict[FolderId, tuple[int, int]]:
        """How the pending operations change (total, unread) of folders, each counted once."""
        sums: dict[FolderId, tuple[int, int]] = {}
        for key in dict.fromkeys(one.key for one in pending):
            shifts = self._overlay.shifts(key)
            if shifts is None:
                mine = [one for one in pending if one.key == key]
                shifts = shifted(self._groups(touched(mine)), mine)
                self._overlay.counted(key, shifts)
            for folder, (total, unread) in shifts.items():
                before = sums.get(folder, (0, 0))
                sums[folder] = before[0] + total, before[1] + unread
        return sums

    def _groups(self, ids: Collection[MessageId]) -> list[Group]:
        """Where these messages stand in the index, those that are alike together: 100,000 are a tenth of a second."""
        rows = self._connection.execute(
            "SELECT folder, flags, words, json_group_array(id) FROM message"
            " WHERE id IN (SELECT value FROM json_each(?)) GROUP BY folder, flags, words",
            (json.dumps(list(ids)),),
        )
        return [
            Group(tuple(json.loads(text)), FolderId(folder), unpack(bits, words)) for folder, bits, words, text in rows
        ]

    def groups(self, ids: Collection[MessageId]) -> list[Group]:
        """Where these messages stand as believed; those that are gone are left out."""
        pending = self._overlay.pending()
        with self._lock, schema.reading(self._connection):
            found = self._groups(ids)
            pending = self._unwritten(pending)
        return [after for group in found for after in believe_all(group, pending)]

    def unread_among(self, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """Those of these that are not read, with what is not written down yet."""
        unread = [group.ids for group in self.groups(ids) if SEEN not in group.flags]
        return frozenset(chain.from_iterable(unread))

    def accounts_with(self, ids: Collection[MessageId]) -> set[str]:
        """Whose messages these are."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT DISTINCT account FROM message WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).fetchall()
        return {account for (account,) in rows}

    def roles(self, account: str) -> dict[Role, Folder]:
        """The folders that play a part; their counts are those of the index."""
        with self._lock:
            found = self._folders()
        return {one.role: one for one in found if one.role is not None and one.account == account}

    # --- rows

    def rows(self, ids: Sequence[MessageId]) -> list[Summary | None]:
        """The rows in the order asked; None where a message is gone."""
        pending = self._overlay.pending()
        with self._lock:
            found = self._connection.execute(
                f"SELECT {ROW} FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
            ).fetchall()
        coming = steps(pending, ids)
        rows = {row[0]: summary(row, coming.get(row[0], ())) for row in found}
        return [rows.get(id) for id in ids]

    # --- listings

    def listing(self, query: Query, newest: int | None = None, found: Collection[MessageId] = ()) -> Listing:
        """The ids of a view, newest first, at least the `newest` of them (None: all); a mail that stands in several of
        its folders is there once. What was `found` by others is in it too."""
        pending = self._overlay.pending()
        with self._lock, schema.reading(self._connection):
            wanted = plan(query, self._folders(), self._clock())
            if not wanted.asked:
                return Listing()
            pending = self._unwritten(pending)
            gone = leaving(pending, query.folder) if query.is_plain and query.folder is not None else None
            if gone is not None:  # a folder that only gives: nothing more need be asked
                return Listing(without(self._listings.stored(wanted, newest=newest and newest + len(gone)), gone))
            return Listing(self._listings.of(wanted, pending, newest, found))

    def beyond(self, query: Query) -> dict[str, dict[FolderId, Condition]]:
        """Account → folders of it where the server may know of more, with what is asked in each.

        Of a folder that is wholly here, only the text may be missing: it is asked where text is looked for.
        """
        folders = self.folders()
        wanted = plan(query, folders, self._clock())
        reads_text = any(term.where in ("any", "body", "filename") for term in query.terms)
        found: dict[str, dict[FolderId, Condition]] = {}
        if query.is_plain:
            return found
        for folder in folders:
            if (condition := wanted.asked.get(folder.id)) is None or not folder.selectable:
                continue
            is_whole = folder.held is not None and folder.held >= folder.total
            if not is_whole or (reads_text and self.holdings.without_text([folder.id])):
                found.setdefault(folder.account, {})[folder.id] = condition
        return found

    def holding(self, query: Query, ids: Collection[MessageId]) -> tuple[MessageId, ...]:
        """Those of these that a server found whose row says nothing against the query; words are its affair."""
        wanted = plan(query, self.folders(), self._clock())
        groups = self.groups(ids)
        with self._lock, schema.reading(self._connection):
            return tuple(id for group in groups for id in self._listings.confirmed(wanted, group))

    def leaving(self, query: Query, ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these that a view cannot hold any more, whatever they say: where they stand and their flags tell."""
        wanted = plan(query, self.folders(), self._clock())
        gone = [group for group in self.groups(ids) if wanted.left(group.folder, pack(group.flags)[0]) == NOTHING]
        return frozenset(id for group in gone for id in group.ids)

    def among(self, query: Query, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """Those of these few that the query asks for, as the index has them."""
        with self._lock, schema.reading(self._connection):
            wanted = plan(query, self._folders(), self._clock())
            if not wanted.asked or not ids:
                return frozenset()
            where = wanted.where(json.dumps(list(ids)))
            rows = self._connection.execute(f"SELECT id FROM message WHERE {where.text}", where.values).fetchall()
        return frozenset(MessageId(id) for (id,) in rows)

    # --- letters

    def raw(self, id: MessageId) -> bytes | None:
        """The whole mail where it is held here, be it with another copy of it."""
        with self._lock:
            raw = self._bodies.read(id)
            if raw is not None:
                return raw
            twin = self._connection.execute(
                "SELECT twin.id FROM message AS one JOIN message AS twin"
                " ON twin.print = one.print AND twin.account = one.account"
                " WHERE one.id = ? AND one.message_id != '' AND twin.held LIMIT 1",
                (id,),
            ).fetchone()
            return self._bodies.read(MessageId(twin[0])) if twin else None

    def outline(self, id: MessageId) -> Outlined | None:
        """A large letter that was read, without what is attached to it."""
        with self._lock:
            return self._bodies.outline(id)

    def owes(self) -> int:
        with self._lock:
            (count,) = self._connection.execute(f"SELECT count(*) FROM message WHERE {schema.UNTOLD}").fetchone()
        return int(count)


def _place(folder: Folder) -> int:
    return _ORDER.get(folder.role, len(_ORDER)) if folder.role else len(_ORDER)
