"""A store of any size for the benchmarks: written as the sync writes it, and multiplied where it is to be huge."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_mail.backend.contract import RemoteFolder, RemoteMessage
from tui_mail.engine.arrivals import arrival
from tui_mail.engine.books import Books
from tui_mail.engine.schema import writing
from tui_mail.model.folder import FolderId

NOW = 1_795_435_200
WRITTEN = 10_000
"""Messages of a folder that go through the sync's own door; larger folders are these again and again."""
_COPIED = (
    "account, server_folder, server_flags, server_words, folder, flags, words, size, sender_name, sender_email,"
    " recipients, subject, attachment, snippet, held, note, kind"
)


def fill(data: Path, sizes: Sequence[int], account: str = "work") -> dict[int, FolderId]:
    """A store with an inbox and a folder of each size."""
    books = Books.open(data)
    found = {}
    names = {0: "INBOX", **{size: f"Folder{size}" for size in sizes}}
    with writing(books.index.connection):
        books.folders.learn(account, [(RemoteFolder(name.encode(), name, "/"), None) for name in names.values()])
    for size, name in names.items():
        state = next(one for one in books.folders.states(account) if one.raw == name.encode())
        with writing(books.index.connection):
            books.index.place(state, (arrival(message) for message in messages(min(size, WRITTEN), size)))
            if size > WRITTEN:
                _multiply(books.index.connection, state.id, size)
        found[size] = state.id
    books.index.connection.execute("UPDATE message SET fresh = 0 WHERE fresh != 0")
    books.close()
    return found


def _multiply(connection: sqlite3.Connection, folder: FolderId, size: int) -> None:
    """The rows that are there once more and again, each older and in a thread of its own."""
    connection.execute(
        f"WITH RECURSIVE again(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM again WHERE n < ?1)"
        f" INSERT INTO message(uid, sort, date, message_id, thread, print, {_COPIED})"
        f" SELECT uid + n * ?2, sort - n * ?2 * 60, date - n * ?2 * 60, '<' || n || '.' || id || '@example.net>',"
        f" thread + n * 10000000, print + n, {_COPIED} FROM again CROSS JOIN message"
        f" WHERE server_folder = ?3 AND uid <= ?2",
        (size // WRITTEN - 1, WRITTEN, folder),
    )
    connection.execute(
        "UPDATE folder SET total = (SELECT count(*) FROM message WHERE folder = ?1), placed = total,"
        " unread = (SELECT count(*) FROM message WHERE folder = ?1 AND flags & 9 = 0) WHERE id = ?1",
        (folder,),
    )


def messages(size: int, mark: int, *, since: int = 1) -> Iterator[RemoteMessage]:
    """Every third answers the one before it."""
    for uid in range(since, since + size):
        answered = f"In-Reply-To: <{mark}.{uid - 1}@example.net>\r\n" if uid % 3 == 0 else ""
        header = (
            f"From: Bob {uid % 97} <bob{uid % 97}@example.net>\r\nTo: ann@example.org\r\nSubject: Letter {uid}\r\n"
            f"Message-ID: <{mark}.{uid}@example.net>\r\n{answered}\r\n"
        )
        yield RemoteMessage(uid, frozenset({"\\Seen"} if uid % 5 else ()), 2000, NOW - uid * 60, header.encode())
