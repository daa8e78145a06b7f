"""What the index knows of the people and conversations around one letter; read on the reader's thread."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tui_mail.model.folder import Role
from tui_mail.model.message import Message, MessageId, Summary

from . import schema
from .arrivals import unpack_addresses
from .bodies import Bodies
from .health import Guard
from .rows import ROW, summary
from .search import phrase

_MOST_LETTERS = 2000
"""Sent letters that are looked at for the domains one writes to."""
_FRESH = 600.0
"""Seconds for which these domains are remembered."""
_LONGEST_THREAD = 200
_MOST_CALENDARS = 300


class Acquaintance:
    """One connection to the index that only reads."""

    def __init__(self, data: Path, own: Callable[[], Sequence[str]]) -> None:
        """`own`: the person's addresses, lower case."""
        self._connection = schema.connect(data / "mail.db", durable=False, query_only=True)
        self._bodies = Bodies(self._connection, data / "letters")
        self._own = own
        self._lock = Guard(data)
        self._domains: frozenset[str] = frozenset()
        self._asked_at = -_FRESH

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def own(self) -> frozenset[str]:
        return frozenset(self._own())

    def is_first(self, id: MessageId, message: Message) -> bool:
        """Whether no earlier letter of this sender is here, and none was written to them."""
        words = phrase(message.sender.email)
        if not words:
            return False
        with self._lock:
            earlier = self._connection.execute(
                "SELECT 1 FROM message AS one JOIN message AS other"
                " ON other.id IN (SELECT rowid FROM heads WHERE heads MATCH ?) AND other.print != one.print"
                " AND other.sort <= one.sort AND lower(other.sender_email) = lower(one.sender_email)"
                " WHERE one.id = ? LIMIT 1",
                (f"sender : {words}", id),
            ).fetchone()
            return earlier is None and not self._was_written_to(words)

    def _was_written_to(self, words: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM message JOIN folder ON folder.id = message.folder AND folder.role = ?"
            " WHERE message.id IN (SELECT rowid FROM heads WHERE heads MATCH ?) LIMIT 1",
            (Role.SENT.value, f"recipients : {words}"),
        ).fetchone()
        return found is not None

    def domains(self) -> frozenset[str]:
        """Those that the person writes to, and the own ones."""
        with self._lock:
            if time.monotonic() - self._asked_at > _FRESH:
                rows = self._connection.execute(
                    "SELECT recipients FROM message WHERE folder IN (SELECT id FROM folder WHERE role = ?)"
                    " ORDER BY sort DESC LIMIT ?",
                    (Role.SENT.value, _MOST_LETTERS),
                )
                people = [one for (packed,) in rows for one in unpack_addresses(packed)]
                self._domains = frozenset(one.domain for one in people if one.domain)
                self._asked_at = time.monotonic()
        return self._domains | {address.rpartition("@")[2] for address in self._own()}

    def thread(self, id: MessageId) -> list[Summary]:
        """The conversation of a letter, each mail once, oldest first; Trash and Junk are left out."""
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {ROW}, print FROM message WHERE thread = (SELECT thread FROM message WHERE id = ?)"
                " AND (id = ? OR folder IN (SELECT id FROM folder WHERE NOT gone"
                " AND coalesce(role, '') NOT IN (?, ?, ?))) AND flags & 8 = 0"
                " ORDER BY id != ?, sort DESC LIMIT ?",
                (id, id, Role.TRASH.value, Role.JUNK.value, Role.DRAFTS.value, id, _LONGEST_THREAD),
            ).fetchall()
        once = {row[-1]: row[:-1] for row in reversed(rows)}  # the first stays: the letter itself, not its copy
        letters = [summary(row, ()) for row in once.values()]
        found = {_letter(one): one for one in sorted(letters, key=lambda one: one.id == id)}  # it stays here too
        return sorted(found.values(), key=lambda row: (row.date, row.id))

    def raw(self, id: MessageId) -> bytes | None:
        """The mail where it is held here."""
        with self._lock:
            return self._bodies.read(id)

    def calendars(self, since: int) -> Iterator[tuple[MessageId, Callable[[], bytes | None]]]:
        """Letters with something attached that are held here, newest first, with their octets to be asked for."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id FROM message WHERE attachment = 1 AND held AND sort >= ? AND flags & 8 = 0 AND folder IN"
                " (SELECT id FROM folder WHERE NOT gone AND coalesce(role, '') NOT IN (?, ?))"
                " ORDER BY sort DESC LIMIT ?",
                (since, Role.TRASH.value, Role.JUNK.value, _MOST_CALENDARS),
            ).fetchall()
        for (id,) in rows:
            yield MessageId(id), lambda id=id: self.raw(MessageId(id))  # type: ignore[misc]  # bound at once

    def newest(self, since: int, most: int) -> list[Summary]:
        """What came into the inboxes, newest first."""
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {ROW} FROM message WHERE flags & 8 = 0 AND sort >= ? AND folder IN"
                " (SELECT id FROM folder WHERE role = ? AND NOT gone) ORDER BY sort DESC, id DESC LIMIT ?",
                (since, Role.INBOX.value, most),
            ).fetchall()
        return [summary(row, ()) for row in rows]

    def id_of(self, message_id: str) -> MessageId | None:
        """The newest copy of a mail with this Message-ID."""
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(
                "SELECT id FROM message WHERE message_id = ? AND folder != 0 ORDER BY id DESC LIMIT 1", (message_id,)
            ).fetchone()
        return MessageId(row[0]) if row else None


def _letter(row: Summary) -> tuple[object, ...]:
    """What one's own letter in Sent shares with the one that came back from a list or to oneself, on a longer way."""
    return (row.message_id, row.sender.key, row.subject, row.date) if row.message_id else (row.id,)
