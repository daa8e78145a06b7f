"""What opening a folder of 1,000, 10,000 and 100,000 messages costs: all ids in order, and the rows of one screen.

    python bench/list.py [RUNS]

The yardstick in the same run is the plain select of the same ids and columns from the same file. Minima of all runs.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tui_mail.backend.contract import RemoteFolder, RemoteMessage
from tui_mail.engine.arrivals import arrival
from tui_mail.engine.books import Books
from tui_mail.engine.overlay import Overlay
from tui_mail.engine.rows import ROW
from tui_mail.engine.schema import writing
from tui_mail.engine.windows import Windows
from tui_mail.model.folder import FolderId
from tui_mail.model.query import Query

SIZES = (1_000, 10_000, 100_000)
SCREEN = 40
NOW = 1_795_435_200


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        folders = fill(Path(folder))
        windows = Windows(Path(folder), Overlay(), lambda: ("work",))
        plain = sqlite3.connect(Path(folder) / "mail.db")
        print("messages    ours   plain select   ratio")
        for size, id in zip(SIZES, folders, strict=True):
            ours, bare = [], []
            for _ in range(runs):
                bare.append(seconds(partial(select, plain, id)))
                ours.append(seconds(partial(screen, windows, id)))
            print(f"{size:8,} {min(ours) * 1000:6.1f} ms    {min(bare) * 1000:6.1f} ms  {min(ours) / min(bare):6.2f}")
        windows.close()


def screen(windows: Windows, folder: FolderId) -> None:
    windows.rows(windows.listing(Query(folder)).window(0, SCREEN))


def select(plain: sqlite3.Connection, folder: FolderId) -> None:
    where = "FROM message WHERE folder = ? AND flags & 8 = 0 ORDER BY sort DESC, id DESC"
    plain.execute(f"SELECT id {where}", (folder,)).fetchall()
    plain.execute(f"SELECT {ROW} {where} LIMIT {SCREEN}", (folder,)).fetchall()


def seconds(job: Callable[[], None]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def fill(data: Path) -> list[FolderId]:
    """A store with a folder of each size, written as the sync writes it."""
    books = Books.open(data)
    names = [f"Folder{size}" for size in SIZES]
    with writing(books.index.connection):
        books.folders.learn("work", [(RemoteFolder(name.encode(), name, "/"), None) for name in names])
    found = []
    for size, name in zip(SIZES, names, strict=True):
        state = next(one for one in books.folders.states("work") if one.raw == name.encode())
        found.append(state.id)
        with writing(books.index.connection):
            books.index.place(state, (arrival(message) for message in messages(size)))
    books.close()
    return found


def messages(size: int) -> Iterator[RemoteMessage]:
    for uid in range(1, size + 1):
        header = (
            f"From: Bob {uid % 97} <bob{uid % 97}@example.net>\r\nTo: ann@example.org\r\nSubject: Letter {uid}\r\n"
            f"Message-ID: <{size}.{uid}@example.net>\r\n\r\n"
        )
        yield RemoteMessage(uid, frozenset({"\\Seen"} if uid % 5 else ()), 2000, NOW - uid * 60, header.encode())


if __name__ == "__main__":
    main()
