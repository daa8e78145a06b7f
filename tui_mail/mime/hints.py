"""Everything in a letter that one may want to pick up: links, addresses, files, dates, codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tui_mail.model.document import Document
from tui_mail.model.insight import Insight
from tui_mail.model.message import Attachment, Message

Kind = Literal["code", "link", "address", "file", "date"]
Verb = Literal["open", "copy", "write", "save", "preview", "pipe", "search"]
VERBS: dict[Kind, tuple[Verb, ...]] = {
    "code": ("copy",),
    "link": ("open", "copy"),
    "address": ("write", "copy", "search"),
    "file": ("open", "preview", "save", "pipe"),
    "date": ("search", "copy"),
}
"""What can be done with each, the usual first."""
_MOST = 600


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to pick up. `shown` is for eyes, `target` is what is meant: a URL, an address, an ISO day, a code."""

    kind: Kind
    shown: str
    target: str
    link: int = 0
    """The number of the link in the document."""
    attachment: Attachment | None = None


def hints(message: Message, document: Document, insight: Insight) -> tuple[Hint, ...]:
    """In the order in which one looks for them: codes, links, files, addresses, dates; each once."""
    found: dict[tuple[str, str], Hint] = {}
    for hint in (
        *(Hint("code", code, code) for code in insight.codes),
        *_links(document),
        *(Hint("file", one.name or "without a name", one.part, attachment=one) for one in message.attachments),
        *_people(message),
        *_dates(message.text or document.text),
    ):
        found.setdefault((hint.kind, hint.target), hint)
    return tuple(found.values())[:_MOST]


def _links(document: Document) -> Iterator[Hint]:
    words: dict[int, str] = {}
    for block in document.blocks:
        for run in (*block.runs, *(run for row in block.rows for cell in row for run in cell.runs)):
            if run.link:
                words[run.link] = words.get(run.link, "") + run.text
    for number, url in enumerate(document.links, 1):
        if url.startswith("mailto:"):
            yield Hint("address", url[7:].partition("?")[0], url[7:].partition("?")[0], number)
        else:
            yield Hint("link", re.sub(r"\[\d+\].*\Z", "", words.get(number, "")).strip(), url, number)


def _people(message: Message) -> Iterator[Hint]:
    for person in (message.sender, *message.reply_to, *message.to, *message.cc):
        if person.email:
            yield Hint("address", str(person), person.email)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = re.compile(
    r"\b(?:(\d{4})-(\d\d)-(\d\d)"
    rf"|(\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?{_MONTH},?\s(\d{{4}})"
    rf"|{_MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s(\d{{4}})"
    r"|(\d{1,2})\.(\d{1,2})\.(\d{4}))\b",
    re.I,
)
_MOST_TEXT = 100_000


def _dates(text: str) -> Iterator[Hint]:
    """Days that say their year; `3/4/2026` means two days to two people and is left alone."""
    for match in _DAY.finditer(text[:_MOST_TEXT]):
        one = match.groups()
        if one[0]:
            year, month, day = int(one[0]), int(one[1]), int(one[2])
        elif one[3]:
            year, month, day = int(one[5]), _MONTHS.index(one[4].lower()) + 1, int(one[3])
        elif one[6]:
            year, month, day = int(one[8]), _MONTHS.index(one[6].lower()) + 1, int(one[7])
        else:
            year, month, day = int(one[11]), int(one[10]), int(one[9])
        try:
            yield Hint("date", match[0], dt.date(year, month, day).isoformat())
        except ValueError:
            continue


def letters(count: int, alphabet: str = "asdfghjklqwertyuiopzxcvbnm") -> tuple[str, ...]:
    """A letter for each, two where one is not enough; none is the beginning of another."""
    if count <= len(alphabet):
        return tuple(alphabet[:count])
    return tuple(a + b for a in alphabet for b in alphabet)[:count]
