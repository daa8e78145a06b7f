"""The rows of a listing, read page by page where they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary

Rows = Callable[[Sequence[MessageId]], Sequence[Summary | None]]
"""Reads a bounded window of rows; None where a message is gone."""

PAGE = 64
"""Rows read at once."""
PAGES_KEPT = 64


class RowPages:
    """Holds the pages that were looked at last."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._listing = Listing()
        self._pages: dict[int, Sequence[Summary | None]] = {}

    def take(self, listing: Listing) -> None:
        """Another listing: every row is read again."""
        self._listing = listing
        self._pages.clear()

    def row(self, index: int) -> Summary | None:
        """The row at an index; None outside the listing, or where the message is gone meanwhile."""
        if not 0 <= index < len(self._listing):
            return None
        number, place = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.pop(next(iter(self._pages)))
            page = self._pages[number] = self._rows(self._window(number))
        return page[place] if place < len(page) else None

    def forget(self, ids: Iterable[MessageId] = ()) -> None:
        """These rows look different (none named: all may): they are read again when they are asked for."""
        wanted = set(ids)
        for number in list(self._pages):
            if not wanted or not wanted.isdisjoint(self._window(number)):
                del self._pages[number]

    def _window(self, number: int) -> Sequence[MessageId]:
        return self._listing.window(number * PAGE, (number + 1) * PAGE)
