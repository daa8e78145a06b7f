"""What the headers of 20,000 messages cost this program in processor time, from the line to the rows of the store.

    python bench/sync.py [MESSAGES [RUNS]]

The server is the demo's, in a process of its own; only this process's thread is counted. The yardsticks in the same
run are the standard library's: imaplib reading the same answers unparsed, and its header parser over the same blocks
with nothing decoded. Minima of all runs, microseconds a message.
"""

from __future__ import annotations

import email.parser
import imaplib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tui_mail.backend.contract import RemoteFolder, RemoteMessage
from tui_mail.backend.imap.fetch import SUMMARY
from tui_mail.backend.imap.sets import windows
from tui_mail.backend.imap_store import ImapStore
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server
from tui_mail.demo.process import Child
from tui_mail.engine.arrivals import Arrival, arrival
from tui_mail.engine.books import Books
from tui_mail.engine.schema import writing
from tui_mail.engine.slices import SLICE, slices

_WINDOW = 200


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with Child(messages=count) as server:
        here = Server("127.0.0.1", server.imap_port, "none")
        store = ImapStore(Account("demo", "demo@example.org", here, here), lambda: Secret("demo"))
        store.connect()
        store.open(b"INBOX")
        uids = sorted(store.uids(), reverse=True)
        messages: list[RemoteMessage] = []
        arrivals: list[Arrival] = []

        def read() -> None:
            messages[:] = store.headers(uids)

        def decode() -> None:
            arrivals[:] = [arrival(message) for message in messages]

        def plain() -> None:
            for message in messages:
                email.parser.BytesHeaderParser().parsebytes(message.header)

        figures = {
            "imaplib, the same answers unparsed": least(runs, lambda: fetch_plainly(server.imap_port, uids)),
            "ours: read, flags, dates, structure": least(runs, read),
            "ours: header fields decoded": least(runs, decode),
            "email.parser, nothing decoded": least(runs, plain),
            "ours: rows, threads and words stored": least(runs, lambda: put(arrivals)),
            "ours: flags alone": least(runs, lambda: store.flags(1)),
        }
        store.close()
    for name, seconds in figures.items():
        print(f"{name:38} {seconds / len(uids) * 1e6:6.1f} µs")
    ours = figures["ours: read, flags, dates, structure"] + figures["ours: header fields decoded"]
    theirs = figures["imaplib, the same answers unparsed"] + figures["email.parser, nothing decoded"]
    print(f"\nread and decoded: {ours / len(uids) * 1e6:.1f} µs a message, {ours / theirs:.2f} of the yardsticks")


def least(runs: int, job: Callable[[], object]) -> float:
    """Processor seconds of this thread."""
    found = []
    for _ in range(runs):
        begun = time.thread_time()
        job()
        found.append(time.thread_time() - begun)
    return min(found)


def fetch_plainly(port: int, uids: Sequence[int]) -> None:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("demo@example.org", "demo")
    client.select("INBOX", readonly=True)
    for text, _ in windows(uids, _WINDOW):
        client.uid("FETCH", text, SUMMARY.decode())
    client.logout()


def put(arrivals: Sequence[Arrival]) -> None:
    """As the sync does it, slice by slice, into a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        books = Books.open(Path(folder))
        with writing(books.index.connection):
            books.folders.learn("demo", [(RemoteFolder(b"INBOX", "INBOX", "/"), None)])
        state = books.folders.states("demo")[0]
        for piece in slices(arrivals, SLICE):
            with writing(books.index.connection):
                books.index.place(state, piece)
        books.close()


if __name__ == "__main__":
    main()
