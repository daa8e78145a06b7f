"""Which messages of the index belong together: copies of one mail, letters of one sender, of one thread."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from tui_mail.model.conversation import Kin, arrange
from tui_mail.model.message import MessageId

from .health import Guard
from .schema import reading
from .search import phrase

_STEP = 5000
"""Rows that are taken at once, so that whoever waits for the interpreter gets it in between."""
_PEOPLE = 6
"""Addresses that are offered where one begins to type somebody."""


class Kindred:
    """Reads on the connection of its Windows, under their lock. Any thread."""

    def __init__(self, connection: sqlite3.Connection, lock: Guard) -> None:
        self._connection = connection
        self._lock = lock

    # --- copies of one mail

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

    def id_of(self, message_id: str) -> MessageId | None:
        """The newest copy of a mail with this Message-ID."""
        with self._lock:
            row = self._connection.execute(
                "SELECT id FROM message WHERE message_id = ? AND folder != 0 ORDER BY id DESC LIMIT 1", (message_id,)
            ).fetchone()
        return MessageId(row[0]) if row else None

    # --- letters of one sender

    def people(self, begun: str) -> tuple[str, ...]:
        """Addresses of those who wrote of late and whose name or address has such a word, the most frequent first."""
        match = phrase(begun)
        if not match:
            return ()
        with self._lock:
            rows = self._connection.execute(
                "SELECT sender_email FROM message WHERE sender_email != '' AND id IN"
                " (SELECT rowid FROM heads WHERE heads MATCH ? ORDER BY rowid DESC LIMIT 500)",
                (f"sender : {match}",),
            ).fetchall()
        return tuple(email for email, _ in Counter(email.lower() for (email,) in rows).most_common(_PEOPLE))

    def alike(self, id: MessageId, by: str) -> frozenset[MessageId]:
        """Messages of the same sender or thread; the full text knows the sender's words, the row the whole address."""
        with self._lock:
            row = self._connection.execute("SELECT sender_email, thread FROM message WHERE id = ?", (id,)).fetchone()
            if row is None:
                return frozenset()
            sender, thread = row
            words = phrase(sender)
            if by == "thread":
                rows = self._connection.execute("SELECT id FROM message WHERE thread = ?", (thread,)).fetchall()
            elif words:
                rows = self._connection.execute(
                    "SELECT id FROM message WHERE id IN (SELECT rowid FROM heads WHERE heads MATCH ?)"
                    " AND lower(sender_email) = lower(?)",
                    (f"sender : {words}", sender),
                ).fetchall()
            else:
                rows = self._connection.execute("SELECT id FROM message WHERE sender_email = ?", (sender,)).fetchall()
        return frozenset(one for (one,) in rows)

    # --- letters of one thread

    def threads(self, ids: Iterable[MessageId]) -> array[int]:
        """Of each of these the number of its thread, in their order; one that is gone is a thread of its own."""
        found = array("q")
        asked = iter(ids)
        with self._lock, reading(self._connection):
            while piece := list(islice(asked, _STEP)):
                rows = self._connection.execute(
                    "SELECT coalesce(message.thread, -one.value) FROM json_each(?) AS one"
                    " LEFT JOIN message ON message.id = one.value ORDER BY one.key",
                    (json.dumps(piece),),
                )
                found.extend([thread for (thread,) in rows])
        return found

    def places(self, ids: Sequence[MessageId]) -> list[tuple[MessageId, int]]:
        """The letters of one thread in the order in which one reads them, each with its depth."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, message_id, parent, date FROM message WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).fetchall()
        kin = [Kin(message_id, (parent,) if parent else (), date) for _, message_id, parent, date in rows]
        return [(MessageId(rows[place.index][0]), place.depth) for place in arrange(kin)]
