"""Measures opening letters: taking apart, the first screenful, and the way through the other process.

python bench/render.py [FOLDER] [--letters N]      FOLDER holds letters as files; without it, letters are made up
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tui_mail.engine.workshop import DEADLINE, Workshop
from tui_mail.mime.parse import parse
from tui_mail.model.document import Document
from tui_mail.model.message import Message
from tui_mail.ui.widgets.layout import lay_out

HERE = Path(__file__).parent.parent
CORPUS = HERE.parent / "shared" / "corpus" / "messages"
SUFFIXES = frozenset({".ics", ".vcf", ".html", ".tnef", ".mbox"})
"""Files beside letters that are none."""
WIDTH, HEIGHT, AHEAD = 100, 40, 50
FIRST_SCREEN = 0.150
"""Seconds from the key to the first screenful of a large newsletter."""
NEWSLETTER = 300_000


def letters(folder: Path | None, count: int) -> list[bytes]:
    """So many letters: from the folder, each at most once a round, or made up."""
    if folder is None or not folder.is_dir():
        return [made_up(number) for number in range(count)]
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in SUFFIXES)
    random.Random(1).shuffle(paths)
    found = [path.read_bytes() for path in paths[:count]]
    return found + [made_up(number) for number in range(count - len(found))]


def made_up(number: int) -> bytes:
    """A reply, a newsletter or a letter with a file, in turn."""
    words = " ".join(random.Random(number).choices(("tide", "lamp", "Grüße", "harbour", "会議", "invoice"), k=120))
    head = f"From: Bob <bob@example.net>\nTo: ann@example.org\nSubject: Letter {number}\nMIME-Version: 1.0\n"
    if number % 3 == 0:
        return (head + f"Content-Type: text/plain; charset=utf-8\n\n{words}\n\n> {words}\n").encode()
    if number % 3 == 1:
        rows = (
            f"<table><tr><td><h2>News</h2><p>{words}</p><a href=https://example.org/{number}>More</a></td></tr></table>"
        )
        return (head + f"Content-Type: text/html; charset=utf-8\n\n{rows * 20}").encode()
    body = f"--x\n\n{words}\n--x\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n--x--\n"
    return (head + f"Content-Type: multipart/mixed; boundary=x\n\n{body}").encode()


def newsletter() -> bytes:
    """A page of nested tables, 300 KB of it."""
    item = (
        "<table width=600><tr><td style='padding:0 10px'><img src=https://example.org/a.png width=40 alt=Lamp></td>"
        "<td><h3 style='font-weight:bold;color:#333'>The tide lamp</h3><p style='font-size:14px'>It shines when the"
        " water is high, and <b>rests</b> when it is low. <a href='https://example.org/{0}'>Read more</a></p></td></tr>"
        "</table>"
    )
    page = ""
    number = 0
    while len(page) < NEWSLETTER:
        page += item.format(number)
        number += 1
    return f"Subject: News\nContent-Type: text/html; charset=utf-8\n\n<html><body>{page}</body></html>".encode()


def first_screen(document: Document) -> None:
    """Wraps what is wrapped before anything is drawn."""
    lines = 0
    for number, block in enumerate(document.blocks):
        lines += len(lay_out(block, number, WIDTH))
        if lines >= HEIGHT + AHEAD:
            return


def timed(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def until_begun(workshop: Workshop, raw: bytes) -> tuple[float, float]:
    """Seconds until the first screen of a letter is wrapped, and until all of it is here."""
    firsts: list[float] = []
    begin = time.perf_counter()

    def begun(beginning: Message) -> None:
        first_screen(beginning.document)
        firsts.append(time.perf_counter() - begin)

    workshop.parse(raw, begun)
    whole = time.perf_counter() - begin
    return (firsts or [whole])[0], whole


def told(name: str, seconds: Iterable[float], budget: float) -> bool:
    """Prints a line; whether nothing was over the budget."""
    found = sorted(seconds)
    cuts = statistics.quantiles(found, n=100, method="inclusive") if len(found) > 1 else found * 99
    figures = "   ".join(f"{label} {value * 1e3:8.2f} ms" for label, value in
                         (("p50", cuts[49]), ("p99", cuts[98]), ("max", found[-1])))  # fmt: skip
    over = sum(one > budget for one in found)
    print(f"{name:38}{figures}   budget {budget * 1e3:5.0f} ms, {over} over it")
    return not over


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--letters", type=int, default=1000)
    given = parser.parse_args()
    raws = letters(given.folder, given.letters)
    print(f"{len(raws)} letters, {sum(map(len, raws)) / 1e6:.1f} MB, the largest {max(map(len, raws)) / 1e6:.1f} MB")
    documents = [parse(raw).document for raw in raws]  # and everything is imported
    fine = told("take apart", [timed(lambda raw=raw: parse(raw)) for raw in raws], DEADLINE)
    fine &= told("wrap the first screen", [timed(lambda one=one: first_screen(one)) for one in documents], FIRST_SCREEN)
    workshop = Workshop()
    workshop.start()
    try:
        workshop.parse(raws[0])
        way = [timed(lambda raw=raw: first_screen(workshop.parse(raw).document)) for raw in raws]
        fine &= told("both, through the other process", way, DEADLINE)
        large = newsletter()
        rounds = [until_begun(workshop, large) for _ in range(20)]
        size = f"{len(large) // 1000} KB"
        fine &= told(f"a newsletter of {size}, first screen", [first for first, _ in rounds], FIRST_SCREEN)
        fine &= told(f"a newsletter of {size}, whole", [whole for _, whole in rounds], DEADLINE)
    finally:
        workshop.close()
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
