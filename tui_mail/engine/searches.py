"""Searches that are answered behind the screen's back: a newer question ends the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from typing import TypeVar

from tui_mail.model.condition import Condition
from tui_mail.model.errors import Cancelled
from tui_mail.model.folder import FolderId
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.query import Query

from .reader import Reader
from .windows import Windows

T = TypeVar("T")
Beyond = Mapping[str, Mapping[FolderId, Condition]]
"""Account → folder → what its server is asked there."""


class Searches:
    """One thread and one connection that nobody else waits for."""

    def __init__(self, windows: Windows, rested: Callable[[], None]) -> None:
        """`windows` belongs to it alone. `rested` is called on the thread whenever nothing is left to do."""
        self._windows = windows
        self._reader = Reader(rested)

    @property
    def is_idle(self) -> bool:
        return self._reader.is_idle

    def start(self) -> None:
        self._reader.start()

    def close(self, timeout: float) -> None:
        self._windows.interrupt()
        if self._reader.close(timeout):
            self._windows.close()

    def ask(self, query: Query, newest: int | None = None, found: Collection[MessageId] = ()) -> Future[Listing]:
        """Cancelled where a newer question came before the answer. `found`: elsewhere, they are in it as well."""
        self._windows.interrupt()
        return self._do(lambda: self._windows.listing(query, newest, found))

    def beyond(self, query: Query) -> Future[Beyond]:
        """Where servers may know more: it looks through whole folders for what is missing, so not on the screen's
        time."""
        return self._do(lambda: self._windows.beyond(query))

    def joined(self, query: Query, found: Collection[MessageId]) -> Future[Listing]:
        """The whole answer once more, with what a server found and what no row speaks against."""

        return self._do(lambda: self._windows.listing(query, None, self._windows.holding(query, found)))

    def people(self, begun: str) -> Future[tuple[str, ...]]:
        """Addresses of senders; asked behind the search of the same key, it does not end that."""
        return self._do(lambda: self._windows.kindred.people(begun))

    def _do(self, job: Callable[[], T]) -> Future[T]:
        """Whatever it asks the index: a newer question may end it."""

        def uninterrupted() -> T:
            try:
                return job()
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                raise Cancelled("Something else is looked for now.") from error

        return self._reader.do(uninterrupted)
