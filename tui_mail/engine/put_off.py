"""The durable file's tables of what was put off until its time, of muted threads and of rules that were made here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from tui_mail.model.folder import FolderId
from tui_mail.model.message import MessageId
from tui_mail.model.rule import Rule

from .schema import writing


class PutOff:
    """Tables of work.db. Writer thread only; to read, any connection to the file will do."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    # --- put off

    def keep(self, messages: Iterable[tuple[MessageId, bytes]], until: float) -> None:
        """(message, raw name of the folder it goes back to) of each; a newer time takes the place of the older."""
        with writing(self.connection):
            self.connection.executemany(
                "INSERT OR REPLACE INTO snooze(message, source, due) VALUES(?,?,?)",
                [(id, raw, until) for id, raw in messages],
            )

    def due(self, now: float) -> list[tuple[MessageId, bytes]]:
        """Messages whose time has come, the earliest first, and where they go back to."""
        rows = self.connection.execute("SELECT message, source FROM snooze WHERE due <= ? ORDER BY due", (now,))
        return [(MessageId(id), bytes(raw)) for id, raw in rows]

    def sources(self, ids: Iterable[MessageId]) -> dict[MessageId, bytes]:
        """The folders that these go back to, by their raw names."""
        rows = self.connection.execute(
            "SELECT message, source FROM snooze WHERE message IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {MessageId(id): bytes(raw) for id, raw in rows}

    def next_due(self) -> float | None:
        row = self.connection.execute("SELECT min(due) FROM snooze").fetchone()
        return None if row[0] is None else float(row[0])

    def until(self) -> dict[MessageId, float]:
        """When each comes back (seconds since 1970 UTC)."""
        return {MessageId(id): due for id, due in self.connection.execute("SELECT message, due FROM snooze")}

    def forget(self, ids: Iterable[MessageId]) -> None:
        with writing(self.connection):
            self.connection.executemany("DELETE FROM snooze WHERE message = ?", [(id,) for id in ids])

    # --- muted

    def mute(self, ids: Sequence[MessageId], operation: int) -> None:
        """The threads of these, by the Message-IDs that are in them; an operation that is undone takes it back."""
        with writing(self.connection):
            self.connection.execute(
                "INSERT OR REPLACE INTO muted(account, message_id, operation)"
                " SELECT kin.account, kin.message_id, ? FROM books.message AS one JOIN books.kin AS kin"
                " ON kin.account = one.account AND kin.thread = one.thread"
                " WHERE one.id IN (SELECT value FROM json_each(?))",
                (operation, json.dumps(list(ids))),
            )

    def unmute(self, ids: Sequence[MessageId]) -> None:
        with writing(self.connection):
            self.connection.execute(
                "DELETE FROM muted WHERE (account, message_id) IN"
                " (SELECT kin.account, kin.message_id FROM books.message AS one JOIN books.kin AS kin"
                " ON kin.account = one.account AND kin.thread = one.thread"
                " WHERE one.id IN (SELECT value FROM json_each(?)))",
                (json.dumps(list(ids)),),
            )

    def muted(self, kin: Iterable[tuple[MessageId, str, str]]) -> frozenset[MessageId]:
        """Those of (message, account, a Message-ID of its thread) whose thread is muted."""
        known = list(kin)
        rows = self.connection.execute(
            "SELECT account, message_id FROM muted LEFT JOIN operation ON operation.id = muted.operation"
            " WHERE message_id IN (SELECT value FROM json_each(?)) AND coalesce(operation.undone, 0) = 0",
            (json.dumps([message_id for _, _, message_id in known]),),
        )
        muted = set(rows)
        return frozenset(id for id, account, message_id in known if (account, message_id) in muted)

    # --- rules

    def rules(self) -> list[Rule]:
        """In the order in which they were made."""
        rows = self.connection.execute("SELECT name, query, actions, is_on FROM rule ORDER BY made, name")
        return [Rule(name, query, tuple(json.loads(actions)), is_on=bool(on)) for name, query, actions, on in rows]

    def keep_rule(self, rule: Rule, now: float) -> None:
        """A rule of the same name is replaced and keeps its place."""
        with writing(self.connection):
            self.connection.execute(
                "INSERT INTO rule(name, query, actions, is_on, made) VALUES(?,?,?,?,?) ON CONFLICT(name) DO UPDATE"
                " SET query = excluded.query, actions = excluded.actions, is_on = excluded.is_on",
                (rule.name, rule.query, json.dumps(rule.actions), int(rule.is_on), now),
            )

    def drop_rule(self, name: str) -> None:
        with writing(self.connection):
            self.connection.execute("DELETE FROM rule WHERE name = ?", (name,))


def back_to(messages: Iterable[tuple[MessageId, FolderId]]) -> dict[FolderId, list[MessageId]]:
    """Messages by the folder that they go back to."""
    found: dict[FolderId, list[MessageId]] = {}
    for id, folder in messages:
        found.setdefault(folder, []).append(id)
    return found
