"""The durable file's contacts: written by the person, learned from what was sent, each letter counted once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from tui_mail.model.address import Address
from tui_mail.model.contact import Contact

from .arrivals import unpack_addresses
from .kept_drafts import unpack_draft
from .schema import writing

_SLICE = 200
"""Sent messages that are learned from in one go."""
_LEARNED = "contacts learned up to"
"""Under which name the id of the last message that was learned from is kept."""


class AddressBook:
    """Contacts of work.db. Writer thread only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.create_function("letter_print", 1, _print, deterministic=True)

    def all(self) -> list[Contact]:
        """Those that are not taken out, by address."""
        rows = self.connection.execute(
            "SELECT email, name, nick, groups, note, letters, last, edited FROM contact WHERE NOT hidden ORDER BY key"
        )
        return [
            Contact(email, name, nick, tuple(json.loads(groups)), note, letters, last, bool(edited))
            for email, name, nick, groups, note, letters, last, edited in rows
        ]

    def put(self, contacts: Sequence[Contact], *, instead_of: str = "") -> int:
        """Writes what the person says of these; counts of letters stay. Returns how many there were."""
        with writing(self.connection):
            if instead_of:
                self.remove([instead_of])
            for one in contacts:
                self.connection.execute(
                    "INSERT INTO contact(key, email, name, nick, groups, note, letters, last, edited)"
                    " VALUES(?,?,?,?,?,?,?,?,1) ON CONFLICT(key) DO UPDATE SET email = excluded.email,"
                    " name = excluded.name, nick = excluded.nick, groups = excluded.groups, note = excluded.note,"
                    " edited = 1, hidden = 0",
                    (one.key, one.email, one.name, one.nick, json.dumps(one.groups), one.note, one.letters, one.last),
                )
        return len(contacts)

    def remove(self, keys: Iterable[str]) -> None:
        """Out of sight: it is not offered again until a letter goes there."""
        with writing(self.connection):
            self.connection.executemany("UPDATE contact SET hidden = 1, edited = 0 WHERE key = ?", [(k,) for k in keys])

    def learn(self, people: Iterable[Address], message_id: str, at: float, *, own: frozenset[str]) -> bool:
        """Counts one letter for each of these, unless it was counted before. A name is only filled in."""
        with writing(self.connection):
            fresh = self.connection.execute("INSERT OR IGNORE INTO learned VALUES(?)", (_print(message_id),)).rowcount
            if not fresh:
                return False
            for one in people:
                if not one.email or one.key in own:
                    continue
                self.connection.execute(
                    "INSERT INTO contact(key, email, name, letters, last) VALUES(?1,?2,?3,1,?4)"
                    " ON CONFLICT(key) DO UPDATE SET letters = letters + 1, last = max(last, ?4),"
                    " hidden = hidden AND last >= ?4,"
                    " name = CASE WHEN NOT edited AND ?3 != '' AND (name = '' OR ?4 >= last) THEN ?3 ELSE name END",
                    (one.key, one.email, one.name, at),
                )
        return True

    def learn_letters(self, own: frozenset[str]) -> bool:
        """From letters that went out from here; True where there was something new."""
        rows = self.connection.execute(
            "SELECT letter.message_id, draft.fields, letter.sent_at FROM letter JOIN draft ON draft.id = letter.draft"
            " WHERE letter.state IN ('sent', 'done') AND letter_print(letter.message_id) NOT IN learned"
        ).fetchall()
        for message_id, fields, at in rows:
            self.learn(unpack_draft(fields).recipients, message_id, at, own=own)
        return bool(rows)

    def learn_sent(self, index: sqlite3.Connection, own: frozenset[str]) -> tuple[bool, bool]:
        """From the next messages of the Sent folders: whether there was something new, and whether more is left."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (_LEARNED,)).fetchone()
        rows = index.execute(
            "SELECT id, recipients, message_id, date FROM message WHERE id > ?"
            " AND folder IN (SELECT id FROM folder WHERE role = 'sent') ORDER BY id LIMIT ?",
            (row[0] if row else 0, _SLICE),
        ).fetchall()
        new = False
        with writing(self.connection):
            for id, recipients, message_id, date in rows:
                people = unpack_addresses(recipients)
                new |= self.learn(people, message_id or f"message {id}", float(date), own=own)
            if rows:
                self.connection.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (_LEARNED, rows[-1][0]))
        return new, len(rows) == _SLICE


def _print(message_id: str) -> int:
    """64 bits that stand for a letter."""
    digest = blake2b(message_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
