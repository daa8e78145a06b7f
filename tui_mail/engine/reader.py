"""The thread that opens what is on this machine, so that neither the screen nor a network that stands still waits."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from tui_mail.model.errors import Cancelled

T = TypeVar("T")


def _nobody() -> None:
    """Nobody waits for the rest."""


class Reader:
    """Runs short jobs on the disk and on letters in their order, on one daemon thread."""

    def __init__(self, rested: Callable[[], None] = _nobody) -> None:
        """`rested` is called on the thread whenever nothing is left to do."""
        self._rested = rested
        self._queue: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="mail-reader", daemon=True)
        self._closing = False
        self._open = 0
        self._lock = threading.Lock()

    @property
    def is_idle(self) -> bool:
        return not self._open

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout: float) -> bool:
        """True when the thread has ended."""
        self._closing = True
        self._queue.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def do(self, job: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        if self._closing:
            future.set_exception(Cancelled("The program is closing."))
        else:
            self._put(job, future)
        return future

    def _put(self, job: Callable[[], Any], future: Future[Any]) -> None:
        with self._lock:
            self._open += 1
        self._queue.put((job, future))

    def then(self, first: Future[Any], job: Callable[[Any], T]) -> Future[T]:
        """The answer of `job` to what `first` answers; cancelling it cancels the first."""
        last: Future[T] = Future()

        def begun(done: Future[Any]) -> None:
            if done.cancelled():
                last.cancel()
                last.set_running_or_notify_cancel()
            elif (error := done.exception()) is not None:
                if last.set_running_or_notify_cancel():
                    last.set_exception(error)
            else:
                answer = done.result()
                self._put(lambda: job(answer), last)

        last.add_done_callback(lambda ended: ended.cancelled() and first.cancel())
        first.add_done_callback(begun)
        return last

    def _run(self) -> None:
        while (entry := self._queue.get()) is not None:
            self._do(*entry)
            with self._lock:
                self._open -= 1
            if self.is_idle:
                self._rested()

    def _do(self, job: Callable[[], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            answer = job()
        except Exception as error:  # noqa: BLE001  # a job's failure is its asker's, whatever it is
            future.set_exception(error)
        else:
            future.set_result(answer)
