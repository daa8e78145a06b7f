"""What a list of 1,000 to 1,000,000 messages costs: opening, keys with and without a sync beside them, memory, octets.

    python bench/list.py [MOST]

MOST is the largest size (1,000,000 where it is left out). The program runs in a pseudo-terminal of 160×48 on a store
that was made before; a key is timed from the write to the terminal to the first octet that comes back. `work` is what
the program's main thread computes for a `j`, which other programs do not lengthen. Yardsticks of the same run are a
program that only echoes (what the machine takes by itself) and the plain select of the same ids. The sync is a second
account whose folder of 200,000 messages is fetched from the demo server while the keys are pressed.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from store import fill
from typist import COLUMNS, ROWS, Sized, Timed, echo, on

from tui_mail.demo.process import Child
from tui_mail.engine.overlay import Overlay
from tui_mail.engine.windows import Windows
from tui_mail.model.folder import FolderId
from tui_mail.model.gathered import Gathered
from tui_mail.model.listing import Listing
from tui_mail.model.query import Query

SIZES = (1_000, 10_000, 100_000, 1_000_000)
NEW = 100
RUNS = 5
FETCHED = 200_000
CONFIG = """
[accounts.work]
address = "ann@example.org"
imap = { host = "127.0.0.1", port = 9, security = "none" }
smtp = { host = "127.0.0.1", port = 9, security = "none" }
password_command = ["echo", "nobody listens there"]
"""
BESIDE = """
[accounts.demo]
address = "demo@example.org"
imap = {{ host = "127.0.0.1", port = {imap}, security = "none" }}
smtp = {{ host = "127.0.0.1", port = {smtp}, security = "none" }}
password_command = ["echo", "demo"]
"""
DOWN, UP, PAGE_DOWN, PAGE_UP, HOME = b"\x1b[<65;80;20M", b"\x1b[<64;80;20M", b"\x1b[6~", b"\x1b[5~", b"\x1b[H"
CLICKS = [b"\x1b[<0;60;%dM\x1b[<0;60;%dm" % (row, row) for row in (9, 23, 37)]
KEYS: dict[str, tuple[list[bytes | Sized], int]] = {
    "j": ([b"j"], 200),
    "page": ([PAGE_DOWN] * 9 + [PAGE_UP] * 9, 90),
    "wheel": ([DOWN] * 9 + [UP] * 9, 90),
    "jump": ([b"G", HOME], 40),
    "click": ([*CLICKS], 60),
    "resize": ([(COLUMNS - 20, ROWS - 4), (COLUMNS, ROWS)], 20),
}
"""What is pressed in turn, and how often."""


def main() -> None:
    most = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else SIZES[-1]
    sizes = [size for size in SIZES if size <= most]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "data").mkdir()
        (home / "config.toml").write_text(CONFIG)
        folders = fill(home / "data", sizes)
        store(home, {size: folders[size] for size in sizes})
        print("\nkey to paint in ms, half of them and all but one of a hundred: p50 p99")
        print(f"{'':21}{''.join(f'{name:>14}' for name in KEYS)}{'work':>14}{'octets a move':>15}{'memory':>9}")
        print(f"a program that echoes{_figures(echo(200))}")
        for size in sizes:
            for threads in (False, True):
                keys(home, size, threads=threads)
        with Child(messages=FETCHED) as server:
            with (home / "config.toml").open("a") as config:
                config.write(BESIDE.format(imap=server.imap_port, smtp=server.smtp_port))
            keys(home, sizes[-1], threads=False, beside=True)


# ---- what the store takes


def store(home: Path, folders: dict[int, FolderId]) -> None:
    windows = Windows(home / "data", Overlay(), lambda: ("work",))
    plain = sqlite3.connect(home / "data" / "mail.db")
    print(" messages      open   plain select  ratio   by threads   100 new   octets a row: ids, threads")
    for size, id in folders.items():
        listing = windows.listing(Query(id))
        gathered = Gathered.of(listing, windows.kindred.threads(listing))
        bare = best(partial(select, plain, id))
        ours = best(lambda id=id: windows.rows(windows.listing(Query(id)).window(0, 40)))  # type: ignore[misc]
        by_threads = best(lambda listing=listing: Gathered.of(listing, windows.kindred.threads(listing)))  # type: ignore[misc]
        moved = best(partial(insert, listing, size))
        print(
            f"{size:9,} {ours * 1000:6.1f} ms   {bare * 1000:8.1f} ms {ours / bare:6.2f}   {by_threads * 1000:7.1f} ms"
            f" {moved * 1000:6.2f} ms   {listing.octets / size:.1f}, {gathered.octets / size:.1f}"
        )
    windows.close()


def select(plain: sqlite3.Connection, folder: FolderId) -> None:
    where = "FROM message WHERE folder = ? AND flags & 8 = 0 ORDER BY sort DESC, id DESC"
    plain.execute(f"SELECT id {where}", (folder,)).fetchall()


def insert(listing: Listing, size: int) -> None:
    """A hundred on top of it while the cursor stands in the middle; raises where it would not stay on its message."""
    at = size // 2
    newer = Listing([*range(10**12, 10**12 + NEW), *listing])
    if newer.follow(listing[at], listing, at) != at + NEW:
        raise SystemExit("The cursor did not stay on its message.")


def best(job: Callable[[], object]) -> float:
    return min(seconds(job) for _ in range(RUNS))


def seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


# ---- what a key takes


def keys(home: Path, size: int, *, threads: bool, beside: bool = False) -> None:
    state = f'folder = "work/Folder{size}"\nthreads = "{"on" if threads else ""}"\n'
    (home / "state.toml").write_text(state)
    with on(home / "config.toml") as typist:
        typist.until(b"Bob")
        typist.quiet(1.0, 4.0)
        fetched = rows_of(home, "demo")
        move = typist.pressed([b"j", b"k"], 20)
        found = {name: typist.pressed(pressed, times) for name, (pressed, times) in KEYS.items()}
        fetched = rows_of(home, "demo") - fetched
        label = f"{size:9,} {'threads' if threads else 'flat':7}" + (" + sync" if beside else "")
        figures = "".join(_figures(timed) for timed in found.values())
        figures += f"{found['j'].work * 1000:>8.1f}{found['j'].most_work * 1000:>6.1f}"
        print(f"{label:21}{figures}{move.octets:>15,}{typist.resident() / 1e6:>6.0f} MB")
        if beside:
            print(f"{'':21}{fetched:,} messages were fetched and written meanwhile")


def _figures(timed: Timed) -> str:
    return f"{timed.half * 1000:>8.1f}{timed.all_but_one * 1000:>6.1f}"


def rows_of(home: Path, account: str) -> int:
    with sqlite3.connect(home / "data" / "mail.db") as plain:
        return int(plain.execute("SELECT total(placed) FROM folder WHERE account = ?", (account,)).fetchone()[0])


if __name__ == "__main__":
    main()
