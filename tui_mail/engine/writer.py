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

from tui_mail.model.errors import Cancelled, IndexDamaged, MailError, StorageFailed

from . import health
from .aside import Aside
from .books import Books
from .hush import Hush

T = TypeVar("T")
Job = Callable[[Books], T]
KEEP_WITHIN = 0.2
"""Seconds until what came by `later` is on its way to the disk."""
AGAIN = 3.0
"""Seconds until what the disk would not take is tried again."""
_PROBE = 256 * 1024
"""Octets that the disk must take before it is believed to have room again."""
_URGENT, _COMMON = 0, 1
_TRY = "the disk is tried"


class Writer:
    """Runs jobs on the books one by one, on one daemon thread; every job's answer is a Future.

    A job is short (a slice of a sync is at most 20 ms), because the person's next operation waits behind it.
    """

    def __init__(
        self,
        data: Path,
        rested: Callable[[], None],
        failed: Callable[[MailError], None],
        *,
        unsaved: Callable[[StorageFailed | None], None] = lambda _: None,
        read_only: bool = False,
    ) -> None:
        """All on the thread: `rested` whenever all is written, `failed` for what nobody waits for, `unsaved` when the
        disk takes no more (once, however much fails), and with None when it does again."""
        self.hush = Hush()
        """What everybody heeds who works behind the screens."""
        self._data = data
        self._read_only = read_only
        self._rested = rested
        self._failed = failed
        self._unsaved = unsaved
        self._ailing = False
        """The disk takes no more: what came by `later` is tried again until it does."""
        self._again: dict[Hashable, Job[Any]] = {}
        self._again_at = 0.0
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

    @property
    def aside(self) -> Aside | None:
        """After `start`: what became of an index that could not be used; None where there was none."""
        return self._books.aside

    @property
    def salvaged(self) -> str:
        """After `start`: what was taken over from a durable file that was damaged, in half a sentence, or empty."""
        return self._books.salvaged

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
            self._again.pop(key, None)
            self._news.notify_all()

    def forget(self, key: Hashable) -> None:
        """Drops what `later` took under this key, because something newer is written at once."""
        with self._news:
            self._later.pop(key, None)
            self._again.pop(key, None)

    def reopen(self) -> Future[bool]:
        """Takes the files for writing, where another process had them until now; True where the index had to be made
        anew, so that nobody's window on it shows anything. Raises StorageFailed, and all is as before."""

        def job(books: Books) -> bool:
            self._books = Books.open(self._data)
            books.close()
            return self._books.aside is not None

        return self.do(job, urgent=True)

    @property
    def is_ailing(self) -> bool:
        """The disk takes no more."""
        return self._ailing

    @property
    def is_idle(self) -> bool:
        with self._news:
            return not (self._queue or self._later or self._busy)

    def hurry(self) -> None:
        """What came by `later` is written now, and what the disk would not take is tried again."""
        with self._news:
            self._again_at = 0.0
            self._news.notify_all()
        self.hasten()

    def hasten(self) -> None:
        """What came by `later` is written now."""
        with self._news:
            if self._later:
                self._later = {key: (0.0, job) for key, (_, job) in self._later.items()}
                self._news.notify_all()

    # --- the thread

    def _run(self) -> None:
        try:
            self._books = Books.open(self._data, read_only=self._read_only)
        except MailError as error:
            self._opened.set_exception(error)
            return
        except OSError as error:
            self._opened.set_exception(health.of_the_disk(error, f"{error.filename or self._data} cannot be opened"))
            return
        except Exception as error:  # noqa: BLE001  # whoever starts the program is told, whatever it is
            is_full = isinstance(error, sqlite3.Error) and health.is_full(error)
            said = health.disk_full() if is_full else StorageFailed(f"The mail folder cannot be opened: {error}.")
            self._opened.set_exception(said)
            return
        self._opened.set_result(None)
        try:
            while (entry := self._next()) is not None:
                self._work(*entry)
        finally:
            self._books.close()

    def _next(self) -> tuple[Job[Any], Future[Any]] | None:
        with self._news:
            self._busy = False
            rested = False
            while True:
                now = time.monotonic()
                self._take_up(now)
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
                dues = [due for due, _ in self._later.values()] + ([self._again_at] if self._again else [])
                self._news.wait(max(0.0, min(dues, default=now + 3600) - now))
                rested = False

    def _take_up(self, now: float) -> None:
        """What came by `later` and is due; at the end of the program all of it, what failed before included."""
        due = {key: job for key, (at, job) in self._later.items() if at <= now or self._closing}
        if self._again and (self._again_at <= now or self._closing):
            due |= self._again
            self._again = {}
        for key, job in due.items():
            self._later.pop(key, None)
            heapq.heappush(self._queue, (_URGENT, next(self._turns), job, self._unasked(key, job)))

    def _unasked(self, key: Hashable, job: Job[Any]) -> Future[Any]:
        future: Future[Any] = Future()
        future.add_done_callback(lambda done: self._report(done, key, job))
        return future

    def _report(self, done: Future[Any], key: Hashable, job: Job[Any]) -> None:
        """What failed is told; what the disk would not take is tried again, unless something newer came."""
        error = done.exception()
        if isinstance(error, StorageFailed) and not isinstance(error, IndexDamaged):
            with self._news:
                if not self._closing and key not in self._later:
                    self._again[key] = job
        elif error is not None:
            self._failed(error if isinstance(error, MailError) else StorageFailed(f"Not saved: {error}."))

    def _work(self, job: Job[Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            answer = job(self._books)
        except StorageFailed as error:
            self._suffer(error)
            future.set_exception(error)
        except MailError as error:
            future.set_exception(error)
        except sqlite3.Error as error:
            failed = health.blame(self._data, error) if health.is_damage(error) else health.storage_failed(error)
            self._suffer(failed)
            future.set_exception(failed)
        except Exception as error:  # noqa: BLE001  # a job's failure is its asker's, the writer goes on
            future.set_exception(error)
        else:
            future.set_result(answer)

    def _suffer(self, error: StorageFailed) -> None:
        """The disk takes no more: told once, and tried with a probe until it does."""
        if isinstance(error, IndexDamaged):
            self._failed(error)
            return
        with self._news:
            if not self._again:
                self._again_at = time.monotonic() + AGAIN
            self._again[_TRY] = self._recover
            began, self._ailing = not self._ailing, True
        if began:
            self._unsaved(error)

    def _recover(self, books: Books) -> None:
        """Raises what the disk says; where it says nothing, all is well again."""
        books.try_disk(_PROBE)
        self._ailing = False
        self._unsaved(None)
