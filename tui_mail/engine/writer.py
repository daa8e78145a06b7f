"""The one thread that writes: the person's operations first, the sync in slices between them."""

from __future__ import annotations

import heapq
import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from tui_mail.model.errors import Cancelled, MailError, StorageFailed

from .books import Books

T = TypeVar("T")
Job = Callable[[Books], T]
KEEP_WITHIN = 0.2
"""Seconds until what came by `later` is on its way to the disk."""
_URGENT, _COMMON = 0, 1


class Writer:
    """Runs jobs on the books one by one, on one daemon thread; every job's answer is a Future.

    A job is short (a slice of a sync is at most 20 ms), because the person's next operation waits behind it.
    """

    def __init__(
        self, data: Path, rested: Callable[[], None], failed: Callable[[MailError], None], *, read_only: bool = False
    ) -> None:
        """`rested` is called whenever all is written, `failed` for what nobody waits for; both on the thread."""
        self._data = data
        self._read_only = read_only
        self._rested = rested
        self._failed = failed
        self._news = threading.Condition()
        self._queue: list[tuple[int, int, Job[Any], Future[Any]]] = []
        self._turns = itertools.count()
        self._later: dict[Hashable, tuple[float, Job[Any]]] = {}
        self._busy = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="mail-writer", daemon=True)
        self._opened: Future[None] = Future()

    def start(self) -> None:
        """Opens both files; raises StorageFailed where that cannot be."""
        self._thread.start()
        self._opened.result()

    def close(self, timeout: float) -> None:
        """Writes what is waiting, then ends."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def do(self, job: Job[T], *, urgent: bool = False) -> Future[T]:
        """Runs the job in its turn; the Future carries its answer or its error, a StorageFailed for the disk's."""
        future: Future[T] = Future()
        with self._news:
            if self._closing:
                future.set_exception(Cancelled("The program is closing."))
                return future
            entry = (_URGENT if urgent else _COMMON, next(self._turns), job, future)
            heapq.heappush(self._queue, entry)
            self._news.notify_all()
        return future

    def later(self, key: Hashable, job: Job[Any]) -> None:
        """Runs the job within KEEP_WITHIN; a newer one of the same key takes its place, not its time."""
        with self._news:
            due = self._later[key][0] if key in self._later else time.monotonic() + KEEP_WITHIN
            self._later[key] = due, job
            self._news.notify_all()

    def forget(self, key: Hashable) -> None:
        """Drops what `later` took under this key, because something newer is written at once."""
        with self._news:
            self._later.pop(key, None)

    @property
    def is_idle(self) -> bool:
        with self._news:
            return not (self._queue or self._later or self._busy)

    def hurry(self) -> None:
        """What came by `later` is written now."""
        with self._news:
            self._later = {key: (0.0, job) for key, (_, job) in self._later.items()}
            self._news.notify_all()

    # --- the thread

    def _run(self) -> None:
        try:
            books = Books.open(self._data, read_only=self._read_only)
        except MailError as error:
            self._opened.set_exception(error)
            return
        except Exception as error:  # noqa: BLE001  # whoever starts the program is told, whatever it is
            self._opened.set_exception(StorageFailed(f"The mail folder cannot be opened: {error}."))
            return
        self._opened.set_result(None)
        try:
            while (entry := self._next()) is not None:
                self._work(books, *entry)
        finally:
            books.close()

    def _next(self) -> tuple[Job[Any], Future[Any]] | None:
        with self._news:
            self._busy = False
            rested = False
            while True:
                now = time.monotonic()
                for key, (due, job) in list(self._later.items()):
                    if due <= now or self._closing:
                        del self._later[key]
                        heapq.heappush(self._queue, (_URGENT, next(self._turns), job, self._unasked()))
                if self._queue:
                    _, _, job, future = heapq.heappop(self._queue)
                    self._busy = True
                    return job, future
                if self._closing:
                    return None
                if not rested and not self._later:
                    rested = True
                    self._news.release()
                    try:
                        self._rested()
                    finally:
                        self._news.acquire()
                    continue
                self._news.wait(min((due for due, _ in self._later.values()), default=now + 3600) - now)
                rested = False

    def _unasked(self) -> Future[Any]:
        future: Future[Any] = Future()
        future.add_done_callback(self._report)
        return future

    def _report(self, future: Future[Any]) -> None:
        error = future.exception()
        if error is not None:
            self._failed(error if isinstance(error, MailError) else StorageFailed(f"Not saved: {error}."))

    def _work(self, books: Books, job: Job[Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            answer = job(books)
        except MailError as error:
            future.set_exception(error)
        except sqlite3.Error as error:
            if "malformed" in str(error):
                (self._data / "mail.db.damaged").touch(mode=0o600)  # the next start rebuilds the index
            future.set_exception(_storage(error))
        except Exception as error:  # noqa: BLE001  # a job's failure is its asker's, the writer goes on
            future.set_exception(error)
        else:
            future.set_result(answer)


def _storage(error: sqlite3.Error) -> StorageFailed:
    text = str(error)
    if "full" in text:
        return StorageFailed("The disk is full: nothing more could be saved.", remedy="Make room; nothing was lost.")
    return StorageFailed(f"The mail folder could not be written: {text}.")
