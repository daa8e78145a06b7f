"""Letters to read: from this machine or, where they are not here, from the session of their account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from tui_mail.backend.contract import Tell
from tui_mail.model.errors import NotFound
from tui_mail.model.message import MessageId, Summary

from . import fetch_partly
from .desk import Desk
from .fetch import fetch, heeding
from .fetch_partly import OnePart
from .outline import Outlined
from .reader import Reader
from .session import Session
from .windows import Windows

T = TypeVar("T")


class Shelf:
    """Answers with Futures; cancelling one stops what moves for it."""

    def __init__(
        self,
        reader: Reader,
        windows: Windows,
        *,
        rows: Callable[[Sequence[MessageId]], list[Summary | None]],
        session: Callable[[str], Session],
    ) -> None:
        self._reader = reader
        self._windows = windows
        self._rows = rows
        self._session = session

    def letter(self, id: MessageId) -> Future[bytes | Outlined]:
        """What is needed to read it: the whole mail, or, of a large one, its texts; from here if it was read before."""
        promise: Future[bytes | Outlined] = Future()
        held = self._reader.do(lambda: self._windows.raw(id) or self._windows.outline(id))
        held.add_done_callback(lambda done: self._go_on(id, done, lambda desk: fetch_partly.letter(desk, id), promise))
        return promise

    def raw(self, id: MessageId, tell: Tell | None = None) -> Future[bytes]:
        """The whole mail as received."""

        def job(desk: Desk) -> bytes:
            raw = fetch(desk, id, tell=heard)
            desk.flush()
            return raw

        future: Future[bytes] = Future()
        heard = None if tell is None else heeding(future, tell)
        return self._held_or(id, job, future)

    def part(self, id: MessageId, number: str, tell: Tell | None = None) -> Future[bytes | OnePart]:
        """What is needed for one part: itself decoded, or the whole mail."""
        future: Future[bytes | OnePart] = Future()
        heard = None if tell is None else heeding(future, tell)
        return self._held_or(id, lambda desk: fetch_partly.part(desk, id, number, heard), future)

    def _held_or(self, id: MessageId, job: Callable[[Desk], T], future: Future[T] | None = None) -> Future[T]:
        """What is held here, else what the job of the account's session answers."""
        promise: Future[T] = future or Future()
        held = self._reader.do(lambda: self._windows.raw(id))
        held.add_done_callback(lambda done: self._go_on(id, done, job, promise))
        return promise

    def _go_on(self, id: MessageId, held: Future[Any], job: Callable[[Desk], T], promise: Future[T]) -> None:
        """Runs on the reader's thread: what is not here is asked of the account's session."""
        if held.cancelled() or promise.cancelled():
            promise.cancel()
            return
        try:
            raw = held.result()
            source = None if raw is not None else self._asked(id, job)
        except Exception as error:  # noqa: BLE001  # the asker hears of it, whatever it is
            if promise.set_running_or_notify_cancel():
                promise.set_exception(error)
            return
        if source is None:
            if promise.set_running_or_notify_cancel():
                promise.set_result(raw)
            return
        promise.add_done_callback(lambda ended: ended.cancelled() and source.cancel())
        source.add_done_callback(lambda done: _hand_on(done, promise))

    def _asked(self, id: MessageId, job: Callable[[Desk], T]) -> Future[T]:
        row = self._rows([id])[0]
        if row is None:
            raise NotFound("The message is gone.")
        return self._session(row.account).ask(job)


def _hand_on(done: Future[T], promise: Future[T]) -> None:
    if done.cancelled():
        promise.cancel()
    elif promise.set_running_or_notify_cancel():
        error = done.exception()
        if error is not None:
            promise.set_exception(error)
        else:
            promise.set_result(done.result())
