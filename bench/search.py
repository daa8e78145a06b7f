"""What search costs on 10,000 and 100,000 letters: index time a message, size, and each query as it is typed.

    python bench/search.py [SIZE …]

The letters are made here: some 120 words each, drawn from 30,000 by Zipf's law, as in real mail. "first" is until the
newest 200 hits are known, which is what the screen waits for at every key; "all" until every hit is: minima of three.
All times are CPU time, which on a machine at rest is the time. Where notmuch is installed it indexes the same letters
and answers the same words in the same run (`notmuch search --limit=200`, its start included).
"""

from __future__ import annotations

import bisect
import itertools
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tui_mail.backend.contract import RemoteFolder, RemoteMessage
from tui_mail.engine.arrivals import arrival
from tui_mail.engine.books import Books
from tui_mail.engine.overlay import Overlay
from tui_mail.engine.schema import writing
from tui_mail.engine.windows import Windows
from tui_mail.mime.parse import parse
from tui_mail.model.query import typed

SIZES = (10_000, 100_000)
NOW = 1_795_435_200
FOLDERS = ("INBOX", "Archive", "Lists", "Projects")
SLICE = 500
FIRST = 200
TYPED = (
    "meeting",
    "invoice from:bob",
    "subject:re",
    "is:unread budget",
    '"of the"',
    "xylozanthic",
    "会议",
    "a",
    "-the older:1y",
)
"""Typed letter by letter: a rare word, common ones, the commonest, two Chinese characters, fields, what must not be."""
ALONE = ("meeting", "invoice", "xylozanthic", "budget")
"""Words that notmuch is asked too."""


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    print("| letters | | parse + index, a letter | on disk | typed, first: p50 / p99 | all: p50 / p99 | a word |")
    print("|---|---|---|---|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            ours(Path(folder) / "ours", size)
            if shutil.which("notmuch"):
                theirs(Path(folder) / "theirs", size)


def ours(data: Path, size: int) -> None:
    data.mkdir()
    spent = index(data, size)
    octets = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    windows = Windows(data, Overlay(), lambda: ("work",), clock=lambda: NOW, patient=True)
    first, whole = [], []
    for text in TYPED:
        for end in range(1, len(text) + 1):
            query, _ = typed(text[:end])
            if not query.is_plain:
                first.append(seconds(lambda query=query: windows.listing(query, FIRST)))
                whole.append(seconds(lambda query=query: windows.listing(query)))
    alone = [seconds(lambda word=word: windows.listing(typed(word)[0], FIRST)) for word in ALONE]
    windows.close()
    print(
        f"| {size:,} | tui-mail | {spent / size * 1e6:.0f} µs | {octets / 1e6:.0f} MB | {spread(first)}"
        f" | {spread(whole)} | {statistics.median(alone) * 1e3:.1f} ms |",
        flush=True,
    )


def index(data: Path, size: int) -> float:
    """Everything from the octets to rows, kept letters and full text, written as the sync writes it."""
    books = Books.open(data)
    with writing(books.index.connection):
        books.folders.learn("work", [(RemoteFolder(name.encode(), name, "/"), None) for name in FOLDERS])
    states = books.folders.states("work")
    spent = 0.0
    series = letters(size)
    while piece := list(itertools.islice(series, SLICE)):
        begun = used()
        parsed = [(number, raw, parse(raw)) for number, raw in piece]
        with writing(books.index.connection):
            for place, state in enumerate(states):
                mine = [one for one in parsed if one[0] % len(states) == place]
                placed = books.index.place(state, (arrival(remote(number, raw)) for number, raw, _ in mine))
                for id, (_, raw, message) in zip(placed.born, mine, strict=True):
                    books.bodies.write(id, raw, message)
        spent += used() - begun
    books.close()
    return spent


def remote(number: int, raw: bytes) -> RemoteMessage:
    header = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    flags = frozenset({"\\Seen"} if number % 7 else ())
    return RemoteMessage(number + 1, flags, len(raw), NOW - number * 300, header)


def theirs(home: Path, size: int) -> None:
    """notmuch on the same letters, as files of a Maildir."""
    cur = home / "mail" / "cur"
    for each in ("cur", "new", "tmp"):
        (home / "mail" / each).mkdir(parents=True)
    for number, raw in letters(size):
        (cur / f"{NOW - number * 300}.{number}.bench:2,{'S' if number % 7 else ''}").write_bytes(
            raw.replace(b"\r\n", b"\n")
        )
    config = home / "config"
    config.write_text(
        f"[database]\npath={home}/mail\n[user]\nname=Ann\nprimary_email=ann@example.org\n[new]\ntags=unread;inbox;\n"
    )
    environment = {**os.environ, "HOME": str(home), "NOTMUCH_CONFIG": str(config)}

    def run(*order: str) -> None:
        subprocess.run(
            ["notmuch", *order], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    begun = used()
    run("new", "--quiet")
    spent = used() - begun
    octets = sum(path.stat().st_size for path in (home / "mail" / ".notmuch").rglob("*") if path.is_file())
    held = sum(path.stat().st_size for path in cur.iterdir())
    alone = [seconds(lambda word=word: run("search", f"--limit={FIRST}", word)) for word in ALONE]
    print(
        f"| {size:,} | notmuch | {spent / size * 1e6:.0f} µs | {octets / 1e6:.0f} MB + {held / 1e6:.0f} MB of mail"
        f" | – | – | {statistics.median(alone) * 1e3:.1f} ms |",
        flush=True,
    )


# ---- the letters


def letters(size: int) -> Iterator[tuple[int, bytes]]:
    """(number, octets), the newest first; the same ones every time."""
    dice = random.Random(7)
    words = vocabulary(dice)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(size):
        body = [words[bisect.bisect(weights, dice.random() * weights[-1])] for _ in range(60 + dice.randrange(120))]
        if number % 9973 == 11:
            body.append("xylozanthic 会议记录")
        lines = "\r\n".join(" ".join(body[at : at + 12]) for at in range(0, len(body), 12))
        subject = " ".join(words[bisect.bisect(weights, dice.random() * weights[-1])] for _ in range(5))
        sender = ("Bob", "Carol", "Dave", "Eve")[number % 4]
        when = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(NOW - number * 300))
        head = (
            f"From: {sender} <{sender.lower()}{number % 400}@example.net>\r\nTo: ann@example.org\r\n"
            f"Subject: {'Re: ' * (number % 3 == 0)}{subject}\r\nDate: {when}\r\n"
            f"Message-ID: <{number}@bench.example>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
        yield number, (head + lines + "\r\n").encode()


def vocabulary(dice: random.Random) -> list[str]:
    """30,000 words, the commonest first: a few real ones among made-up ones."""
    real = [
        "the",
        "of",
        "and",
        "to",
        "in",
        "for",
        "is",
        "on",
        "that",
        "with",
        "meeting",
        "invoice",
        "budget",
        "report",
        "please",
        "thanks",
        "regards",
        "project",
    ]
    pieces = [
        "an",
        "ber",
        "co",
        "da",
        "el",
        "fi",
        "go",
        "hu",
        "in",
        "jo",
        "ka",
        "lo",
        "me",
        "no",
        "or",
        "pa",
        "qui",
        "ra",
        "se",
        "ti",
        "un",
        "ve",
        "wi",
        "xa",
        "yo",
        "zu",
        "str",
        "pre",
        "con",
        "tion",
        "ment",
    ]
    made: dict[str, None] = dict.fromkeys(real)
    while len(made) < 30_000:
        made["".join(dice.choice(pieces) for _ in range(2 + dice.randrange(3)))] = None
    return list(made)


def seconds(job: Callable[[], object]) -> float:
    """CPU time, ours and that of programs we start; the least of three."""
    times = []
    for _ in range(3):
        begun = used()
        job()
        times.append(used() - begun)
    return min(times)


def used() -> float:
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1e3:.1f} / {ordered[int(len(ordered) * 0.99) - 1] * 1e3:.1f} ms"


if __name__ == "__main__":
    main()
