"""Raw mail kept on this machine, and its words in the full text."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from pathlib import Path

from tui_mail.model.folder import FolderId
from tui_mail.model.message import Message, MessageId

from .health import of_the_disk
from .outline import Outlined, unpacked
from .search import split_cjk

_IN_DATABASE = 128 * 1024
"""Compressed octets up to which a letter stays in the database; larger ones are files of their own."""
_MOST_TEXT = 400_000
"""Characters of one letter that can be searched."""
_SNIPPET = 180


class Bodies:
    """Raw letters: written on the writer thread, read from any thread with that thread's own connection."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def read(self, id: MessageId) -> bytes | None:
        """The whole mail as received, or None where it is not held here (or its file was taken away)."""
        row = self._connection.execute("SELECT raw, path FROM body WHERE message = ?", (id,)).fetchone()
        if row is None:
            return None
        raw, path = row
        try:
            return zlib.decompress(raw if path is None else (self._folder / path).read_bytes())
        except (OSError, zlib.error):
            return None  # it is asked for again: the server has it

    def outline(self, id: MessageId) -> Outlined | None:
        """A large letter that was read, without what is attached to it; None where there is none here."""
        row = self._connection.execute("SELECT packed FROM outline WHERE message = ?", (id,)).fetchone()
        return None if row is None else unpacked(row[0])

    def keep_outline(self, id: MessageId, one: Outlined, message: Message) -> None:
        """Keeps it and makes its words searchable; the whole mail is still not held. Raises StorageFailed."""
        is_searchable = self._is_searchable(id)
        if is_searchable is None:
            return
        if not is_searchable:
            self._index(id, message)
        self._connection.execute("INSERT OR REPLACE INTO outline VALUES(?,?)", (id, one.packed()))

    def _is_searchable(self, id: MessageId) -> bool | None:
        """Whether its words are in the full text; None where the message is gone."""
        row = self._connection.execute(
            "SELECT held OR EXISTS (SELECT 1 FROM outline WHERE message = id) FROM message WHERE id = ?", (id,)
        ).fetchone()
        return None if row is None else bool(row[0])

    def _index(self, id: MessageId, message: Message) -> None:
        """Its words into the full text, and its first ones into its row."""
        text = message.document.text[:_MOST_TEXT]
        self._connection.execute("INSERT INTO texts(rowid, body) VALUES(?,?)", (id, split_cjk(text)))
        if names := " \n".join(one.name for one in message.attachments if one.name):
            self._connection.execute("INSERT INTO files(rowid, name) VALUES(?,?)", (id, split_cjk(names)))
        self._connection.execute(
            "UPDATE message SET snippet = ?, attachment = ? WHERE id = ?",
            (snippet(text), int(any(not one.inline for one in message.attachments)), id),
        )

    def write(self, id: MessageId, raw: bytes, message: Message) -> None:
        """Keeps the mail, makes its words searchable and its row complete. Raises StorageFailed."""
        is_searchable = self._is_searchable(id)
        if is_searchable is None:
            return
        packed = zlib.compress(raw, 6)
        path = None
        if len(packed) > _IN_DATABASE:
            path = self._file(id, packed)
        self._connection.execute(
            "INSERT OR REPLACE INTO body VALUES(?,?,?,?)", (id, None if path else packed, path, len(raw))
        )
        if not is_searchable:
            self._index(id, message)
        self._connection.execute("UPDATE message SET held = 1 WHERE id = ?", (id,))
        self._connection.execute("DELETE FROM outline WHERE message = ?", (id,))

    def _file(self, id: MessageId, packed: bytes) -> str:
        name = f"{int(id) % 256:02x}/{int(id):x}.z"
        target = self._folder / name
        part = target.with_suffix(".part")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            with open(handle, "wb") as file:
                file.write(packed)
            part.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):  # what could not be written may not be there either
                part.unlink()
            raise of_the_disk(error, "The message could not be kept on this machine") from error
        return name

    def sweep(self) -> None:
        """Removes the files of messages that are gone; after the transaction in which they went."""
        paths = self._connection.execute("SELECT path FROM dropped").fetchall()
        for (path,) in paths:
            with contextlib.suppress(OSError):  # what cannot be removed is tried again with the next
                (self._folder / path).unlink(missing_ok=True)
                self._connection.execute("DELETE FROM dropped WHERE path = ?", (path,))

    def size_missing(self, id: MessageId) -> int | None:
        """The size on the server of a mail that is not held here; None where it is held, or gone."""
        row = self._connection.execute(
            "SELECT size FROM message WHERE id = ? AND NOT held AND uid IS NOT NULL", (id,)
        ).fetchone()
        return int(row[0]) if row else None

    def missing(self, folder: FolderId, since: int, most: int, largest: int) -> list[MessageId]:
        """Messages of the folder from `since` on whose text is not here, newest first."""
        rows = self._connection.execute(
            "SELECT id FROM message WHERE folder = ? AND flags & 8 = 0 AND sort >= ? AND NOT held"
            " AND uid IS NOT NULL AND size <= ? ORDER BY sort DESC LIMIT ?",
            (folder, since, largest, most),
        )
        return [MessageId(row[0]) for row in rows]


def snippet(text: str) -> str:
    """The first words that are not quoted, on one line."""
    words: list[str] = []
    length = 0
    for line in text.splitlines():
        if line.startswith(">") or not line.strip() or line == "-" * 10:
            continue
        if line.rstrip() == "--":
            break
        for word in line.split():
            words.append(word)
            length += len(word) + 1
        if length >= _SNIPPET:
            break
    return " ".join(words)[:_SNIPPET]
