"""The durable file's operations, attempts and graves: committed before anything else believes them.

Writer thread only. Every method is one transaction of its own unless the caller is in one.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tui_mail.model.deed import Deed
from tui_mail.model.folder import NOWHERE, FolderId, Role
from tui_mail.model.message import Flags, MessageId
from tui_mail.model.operation import Operation, Route, Step

from .schema import writing

KEEP_GRAVES = 30 * 86400.0
_KEEP_OPERATIONS = 1000
"""Settled operations beyond these can no longer be undone."""
Resolve = Callable[[str, bytes | None], FolderId | None]
"""(account, raw name) → the folder of this index; None: not known here."""


@dataclass(frozen=True, slots=True)
class Known:
    """What names a message over indexes: the step keeps it beside the id."""

    account: str
    message_id: str
    size: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that must not be done twice, and whose answer has not been heard."""

    id: int
    account: str
    kind: str
    """`move` or `append`."""
    source: bytes | None
    uidvalidity: int
    target: bytes
    uidnext: int
    items: tuple[tuple[MessageId, int, str, int], ...]
    """(message, uid at the source, Message-ID, size)."""


@dataclass(frozen=True, slots=True)
class Journalled:
    """An operation as it stands in the journal."""

    id: int
    kind: str
    operation: Operation
    undone: int
    settled: bool


class Work:
    """Operations, attempts and graves of work.db."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def next_generation(self) -> int:
        """A number no index had before: ids of one index never mean something in the next."""
        with writing(self.connection):
            row = self.connection.execute(
                "INSERT INTO meta VALUES('generation', 1)"
                " ON CONFLICT(key) DO UPDATE SET value = value + 1 RETURNING value"
            ).fetchone()
        return int(row[0])

    def note(self, key: str) -> bool | None:
        """Something small that was learned, or None."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return bool(row[0]) if row else None

    def keep_note(self, key: str, value: bool) -> None:
        with writing(self.connection):
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (key, int(value)))

    def limit(self, account: str) -> int | None:
        """Octets that a letter may have at the account's server, as it said last; None: not heard yet."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (f"limit {account}",)).fetchone()
        return int(row[0]) if row else None

    def keep_limit(self, account: str, octets: int) -> None:
        if self.limit(account) != octets:
            with writing(self.connection):
                self.connection.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (f"limit {account}", octets))

    def choose(self, account: str, role: Role, name: str) -> None:
        """The person made or chose a folder for a role."""
        with writing(self.connection):
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (f"role {account} {role.value}", name))

    def choices(self, account: str) -> dict[str, str]:
        """Role → name of the folders chosen for them."""
        start = f"role {account} "
        rows = self.connection.execute("SELECT key, value FROM meta WHERE substr(key, 1, ?) = ?", (len(start), start))
        return {key[len(start) :]: name for key, name in rows}

    # --- operations

    def last_operation(self) -> int:
        row = self.connection.execute("SELECT max(id) FROM operation").fetchone()
        return int(row[0] or 0)

    def record(
        self, id: int, operation: Operation, kind: str, at: float, raw: Callable[[FolderId], bytes | None]
    ) -> None:
        """Writes an operation down, with what names its messages over indexes (`Books` has attached the index).

        A new one of the person's ends what could be redone.
        """
        position = 0
        with writing(self.connection):
            if kind == "person":
                self.connection.execute("UPDATE operation SET undone = -1 WHERE undone > 0")
            self.connection.execute(
                "INSERT OR REPLACE INTO operation(id, at, words, kind) VALUES(?,?,?,?)", (id, at, operation.words, kind)
            )
            for route in operation.routes:
                self.connection.execute(
                    "INSERT INTO step SELECT ?, ? + one.key, one.value, coalesce(account, ''),"
                    " coalesce(message_id, ''), coalesce(size, 0), ?, ?, ?, ?"
                    " FROM json_each(?) AS one LEFT JOIN books.message ON message.id = one.value",
                    (
                        *(id, position, raw(route.source), raw(route.target)),
                        *(" ".join(sorted(route.added)), " ".join(sorted(route.removed)), json.dumps(route.ids)),
                    ),
                )
                position += len(route.ids)

    def mark_undone(self, id: int, by: int) -> None:
        """`by` is the id of the undo, or 0 for a redo."""
        with writing(self.connection):
            self.connection.execute("UPDATE operation SET undone = ? WHERE id = ?", (by, id))

    def operations(self, where: str, values: Sequence[object], resolve: Resolve) -> list[Journalled]:
        """Operations in their order; steps whose folder this index does not know are left out."""
        found = []
        rows = self.connection.execute(
            f"SELECT id, kind, words, undone, settled FROM operation WHERE {where} ORDER BY id", values
        ).fetchall()
        for id, kind, words, undone, settled in rows:
            found.append(Journalled(id, kind, Operation(self._routes(id, resolve), words), undone, bool(settled)))
        return found

    def _routes(self, id: int, resolve: Resolve) -> tuple[Route, ...]:
        routes = []
        for account, source, target, added, removed, ids in self.connection.execute(
            "SELECT account, source, target, added, removed, json_group_array(message) FROM step WHERE operation = ?"
            " GROUP BY account, source, target, added, removed ORDER BY min(position)",
            (id,),
        ):
            here, there = resolve(account, source), resolve(account, target)
            if here is not None and there is not None:
                flags = frozenset(added.split()), frozenset(removed.split())
                routes.append(Route(tuple(json.loads(ids)), here, there, *flags))
        return tuple(routes)

    def steps_of(self, message: MessageId, resolve: Resolve) -> list[tuple[Step, bool]]:
        """What was done to one message, and whether the server knows."""
        found = []
        for account, source, target, added, removed, settled in self.connection.execute(
            "SELECT account, source, target, added, removed, settled FROM step JOIN operation ON id = operation"
            " WHERE message = ? ORDER BY id, position",
            (message,),
        ):
            here, there = resolve(account, source), resolve(account, target)
            if here is not None and there is not None:
                flags = frozenset(added.split()), frozenset(removed.split())
                found.append((Step(message, here, there, *flags), bool(settled)))
        return found

    def since(self, id: int, resolve: Resolve) -> list[Journalled]:
        """What was written down after operation `id`: an index that stopped there has to catch up."""
        return self.operations("id > ?", (id,), resolve)

    def undoable(self) -> list[tuple[int, int]]:
        """(id, undone) of what a person can still undo (undone = 0) or redo (undone > 0), oldest first."""
        return self.connection.execute(
            "SELECT id, undone FROM operation WHERE kind = 'person' AND undone >= 0"
            f" AND id > (SELECT max(id) FROM operation) - {_KEEP_OPERATIONS} ORDER BY id"
        ).fetchall()

    def history(self, newest: int) -> list[Deed]:
        """What was done, the newest first; undoing is told by what was undone, reading is not told."""
        last = self.last_operation()
        rows = self.connection.execute(
            "SELECT id, at, words, kind, undone, (SELECT max(position) + 1 FROM step WHERE operation = id)"
            " FROM operation WHERE kind IN ('person', 'program') ORDER BY id DESC LIMIT ?",
            (newest,),
        ).fetchall()
        return [
            Deed(id, at, words, kind == "program", bool(undone), count or 0, id > last - _KEEP_OPERATIONS)
            for id, at, words, kind, undone, count in rows
        ]

    def operation(self, id: int, resolve: Resolve) -> Operation | None:
        """One of them, read when it is wanted: a large one has a row for every message."""
        return next((entry.operation for entry in self.operations("id = ?", (id,), resolve)), None)

    def unsettled(self) -> list[tuple[int, tuple[MessageId, ...]]]:
        """Operations that the server may not know of, with their messages."""
        rows = self.connection.execute(
            "SELECT id, (SELECT json_group_array(message) FROM step WHERE operation = id) FROM operation"
            " WHERE settled = 0"
        )
        return [(id, tuple(json.loads(messages))) for id, messages in rows]

    def settle(self, ids: Iterable[int]) -> None:
        with writing(self.connection):
            self.connection.executemany("UPDATE operation SET settled = 1 WHERE id = ?", [(id,) for id in ids])

    def looking(self, oldest: int) -> list[tuple[MessageId, Known]]:
        """Messages, and what names them, of steps made under an older index: ids below `oldest` mean nothing now."""
        rows = self.connection.execute(
            "SELECT DISTINCT message, step.account, message_id, size FROM step JOIN operation ON id = operation"
            f" WHERE message < ? AND (settled = 0 OR id > (SELECT max(id) FROM operation) - {_KEEP_OPERATIONS})",
            (oldest,),
        )
        return [(MessageId(message), Known(*named)) for message, *named in rows]

    def folders(self) -> list[tuple[str, bytes]]:
        """(account, raw name) of every folder that an operation names."""
        rows = self.connection.execute(
            "SELECT account, source FROM step WHERE source IS NOT NULL"
            " UNION SELECT account, target FROM step WHERE target IS NOT NULL"
        )
        return [(account, bytes(raw)) for account, raw in rows if account]

    def rename_message(self, old: MessageId, new: MessageId) -> None:
        """The message of an older index was found again."""
        with writing(self.connection):
            self.connection.execute("UPDATE step SET message = ? WHERE message = ?", (new, old))
            self.connection.execute("UPDATE OR IGNORE grave SET message = ? WHERE message = ?", (new, old))
            self.connection.execute("UPDATE OR IGNORE snooze SET message = ? WHERE message = ?", (new, old))

    # --- attempts

    def attempt(self, attempt: Attempt, at: float) -> int:
        """Recorded before the bytes go out; returns its id."""
        with writing(self.connection):
            cursor = self.connection.execute(
                "INSERT INTO attempt(account, kind, source, uidvalidity, target, uidnext, items, at)"
                " VALUES(?,?,?,?,?,?,?,?)",
                (
                    *(attempt.account, attempt.kind, attempt.source, attempt.uidvalidity, attempt.target),
                    *(attempt.uidnext, json.dumps(attempt.items), at),
                ),
            )
        return int(cursor.lastrowid or 0)

    def attempts(self, account: str) -> list[Attempt]:
        rows = self.connection.execute(
            "SELECT id, account, kind, source, uidvalidity, target, uidnext, items FROM attempt WHERE account = ?"
            " ORDER BY id",
            (account,),
        )
        return [_attempt(row) for row in rows]

    def forget_attempt(self, id: int) -> None:
        with writing(self.connection):
            self.connection.execute("DELETE FROM attempt WHERE id = ?", (id,))

    # --- what was deleted for good

    def bury(self, id: MessageId, known: Known, folder: bytes, date: int, flags: Flags, raw: bytes, at: float) -> None:
        """Keeps the raw mail for 30 days; committed before the server is told to destroy it."""
        with writing(self.connection):
            self.connection.execute(
                "INSERT OR REPLACE INTO grave VALUES(?,?,?,?,?,?,?,?,?)",
                (
                    *(id, known.account, folder, known.message_id, known.size, date, " ".join(sorted(flags))),
                    *(zlib.compress(raw, 6), at),
                ),
            )

    def exhume(self, id: MessageId) -> tuple[bytes, int] | None:
        """(raw mail, when the server had taken it), or None where nothing is kept."""
        row = self.connection.execute("SELECT raw, date FROM grave WHERE message = ?", (id,)).fetchone()
        return (zlib.decompress(row[0]), int(row[1])) if row else None

    def clear_graves(self, now: float) -> list[MessageId]:
        """Ends what is older than 30 days; returns whose."""
        with writing(self.connection):
            rows = self.connection.execute(
                "DELETE FROM grave WHERE at < ? RETURNING message", (now - KEEP_GRAVES,)
            ).fetchall()
        return [MessageId(row[0]) for row in rows]

    def trim(self) -> None:
        """Forgets settled operations that are too old to undo."""
        with writing(self.connection):
            self.connection.execute(
                "DELETE FROM operation WHERE settled AND id < (SELECT max(id) FROM operation) - ?",
                (2 * _KEEP_OPERATIONS,),
            )


def _attempt(row: tuple[Any, ...]) -> Attempt:
    id, account, kind, source, uidvalidity, target, uidnext, items = row
    return Attempt(id, account, kind, source, uidvalidity, target, uidnext, tuple(map(tuple, json.loads(items))))


def raw_or_nowhere(lookup: Callable[[FolderId], bytes | None]) -> Callable[[FolderId], bytes | None]:
    """The raw name of a folder, None for nowhere."""
    return lambda id: None if id == NOWHERE else lookup(id)
