"""Fills a mailbox with the demo's world: about 300 letters, the same ones every time, dated relative to `now`."""

from __future__ import annotations

import html
from collections.abc import Iterator

from .bulk import bulk
from .compose import Mail, build
from .library import Desk, Entry, entries
from .mailbox import Mailbox
from .newsletter import STYLES, page, plain
from .oddities import hostile, seeded_bounce

_FILES = (
    "company.txt",
    "projects.txt",
    "family.txt",
    "choir.txt",
    "allotment.txt",
    "terminal.txt",
    "friends.txt",
    "services.txt",
    "today.txt",
    "newsletters.txt",
    "archive.txt",
    "junk.txt",
)
_YEAR = 365 * 86_400


def letters(owner: str, now: float) -> list[Mail]:
    """Every letter, oldest first."""
    desk = Desk(owner, now)
    found = [_dressed(desk, entry) for name in _FILES for entry in entries(name)]
    found += [seeded_bounce(owner, now), *hostile(owner, now)]
    return sorted(found, key=lambda mail: (mail.date, mail.key))


def _dressed(desk: Desk, entry: Entry) -> Mail:
    """The letter of an entry; newsletters get their HTML."""
    mail = desk.letter(entry)
    if "html" in entry.head:
        style = STYLES[entry.head["html"]]
        source = entry.text
        mail.html = page(source, style, entry.key, mail.subject)
        mail.text = plain(source)
        mail.headers += (
            ("List-Unsubscribe", f"<https://www.{style.domain}/leave?who=demo>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )
    elif "inline" in entry.head:
        mail.html = _with_pictures(mail)
    return mail


def _with_pictures(mail: Mail) -> str:
    """The text as HTML, with the pictures below it."""
    paragraphs = "".join(f"<p>{html.escape(block)}</p>\n" for block in mail.text.strip().split("\n\n"))
    pictures = "".join(f'<p><img src="cid:{file.cid}" alt="{file.name}"></p>\n' for file in mail.files if file.cid)
    return f"<html><body>\n{paragraphs}{pictures}</body></html>\n"


def seed(mailbox: Mailbox, now: float) -> None:
    """Files every letter in its folder, in the order in which they came."""
    with mailbox.lock:
        for mail in letters(mailbox.owner, now):
            mailbox.put(build(mail), mail.folder, mail.flags, mail.date)


def fill(mailbox: Mailbox, now: float, messages: int = 0) -> None:
    """The seeded letters and, before them in time, as many generated ones as make `messages` in all."""
    with mailbox.lock:
        if (missing := messages - _seeded()) > 0:
            bulk(mailbox, missing, now - _YEAR)
        seed(mailbox, now)


def _seeded() -> int:
    return sum(1 for _ in _entries()) + 3


def _entries() -> Iterator[Entry]:
    for name in _FILES:
        yield from entries(name)
