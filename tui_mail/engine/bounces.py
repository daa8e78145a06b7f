"""Letters that come back: reports among the newcomers, matched by Message-ID to what was sent from here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from tui_mail.mime import parse
from tui_mail.mime.report import report
from tui_mail.model.event import Bounced, Event, OutboxChanged
from tui_mail.model.message import MessageId, Summary

from .books import Books
from .reader import Reader
from .writer import Writer

_POSTMASTER = re.compile(r"mailer-?daemon|postmaster|mail-?delivery|no-?reply|bounce", re.I)
_RETURNED = re.compile(r"undeliver|delivery|returned|failure|unzustellbar|non remis|no entregado|rebut|退信", re.I)
_LARGEST = 2_000_000
"""Octets; a report that sends the whole letter back may be as large as that letter."""


class Bounces:
    """Reads what may be a report among the newcomers; anybody may write one, so it changes words and nothing else."""

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        raw: Callable[[MessageId], Future[bytes]],
        *,
        tell: Callable[[Event], None],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._raw = raw
        self._tell = tell

    def consider(self, rows: Sequence[Summary]) -> None:
        """Newcomers of an inbox, on any thread."""
        for row in rows:
            if looks_returned(row):
                self._reader.then(self._raw(row.id), self._read)

    def _read(self, raw: bytes) -> None:
        """Runs on the reader's thread."""
        found = report(raw, parse.parse(raw))
        if found is None or not found.has_failed or not found.message_id:
            return
        why = "; ".join(found.sentences)

        def job(books: Books) -> None:
            letter = books.letters.came_back(found.message_id, why)
            if letter is not None:
                self._tell(OutboxChanged())
                self._tell(Bounced(letter.id, letter.subject, why))

        self._writer.do(job)


def looks_returned(row: Summary) -> bool:
    """Whether it is worth reading as a report; by far most mail is not."""
    sender = f"{row.sender.name} {row.sender.email}"
    return row.size <= _LARGEST and bool(_POSTMASTER.search(sender) or _RETURNED.search(row.subject))
