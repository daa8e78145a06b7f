"""Lists that the person leaves by one click: written down, undoable until its time has come, then asked once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from tui_mail.backend.web import Web
from tui_mail.mime.unsubscribe import BODY
from tui_mail.model.errors import MailError, Offline
from tui_mail.model.event import Event, Failed, Left, Noticed

from .books import Books
from .probe import alone
from .schema import writing
from .writer import Writer

_AGAIN = (60.0, 600.0, 3600.0)
"""Seconds until it is tried again where the list's server cannot be reached."""


@dataclass(frozen=True, slots=True)
class _Request:
    id: int
    url: str
    name: str
    due: float
    called_off: threading.Event = field(default_factory=threading.Event)


class Leaving:
    """Requests wait in `work.db`, each on a thread of its own that ends with it; a restart takes them up again."""

    def __init__(self, writer: Writer, web: Web, *, tell: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._writer = writer
        self._web = web
        self._tell = tell
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[int, _Request] = {}
        """What is not done with."""
        self._begun: set[int] = set()

    def load(self) -> None:
        """Takes up what an earlier run left; once, and only by the process that may write."""
        self._writer.do(_kept).add_done_callback(
            lambda done: self._begin(*(done.result() if not done.exception() else ()))
        )

    def close(self) -> None:
        """What waits stays written down for the next run."""
        for request in tuple(self._waiting.values()):
            request.called_off.set()

    def leave(self, url: str, name: str, delay: float) -> Future[int]:
        """Answers, once it is durable, with the number by which it can be called off."""
        due = self._clock() + delay
        made: Future[int] = Future()

        def written(done: Future[int]) -> None:
            if (error := done.exception()) is not None:
                made.set_exception(error)
                return
            self._begin(_Request(done.result(), url, name, due))
            made.set_result(done.result())

        self._writer.do(lambda books: _keep(books, url, name, due), urgent=True).add_done_callback(written)
        return made

    def call_off(self, id: int) -> bool:
        """False where it is too late."""
        with self._lock:
            request = None if id in self._begun else self._waiting.pop(id, None)
        if request is None:
            return False
        request.called_off.set()
        self._forget(id)
        return True

    def _begin(self, *requests: _Request) -> None:
        for request in requests:
            self._waiting[request.id] = request
            alone(lambda request=request: self._carry(request))  # type: ignore[misc]  # bound at once

    def _carry(self, request: _Request) -> None:
        """Waits for its time, then asks; a program that closes meanwhile leaves it written down."""
        if request.called_off.wait(max(0.0, request.due - self._clock())):
            return
        with self._lock:
            if request.id not in self._waiting:
                return
            self._begun.add(request.id)
        for again in (*_AGAIN, 0.0):
            try:
                self._web.post(request.url, BODY)
                self._tell(Left(request.name))
                break
            except Offline as error:
                if again == _AGAIN[0]:
                    self._tell(Noticed(f"{request.name} cannot be left yet: {error} It is tried again."))
                if not again:
                    self._failed(request, error)
                elif request.called_off.wait(again):
                    return
            except MailError as error:
                self._failed(request, error)
                break
        self._waiting.pop(request.id, None)
        self._forget(request.id)

    def _failed(self, request: _Request, error: MailError) -> None:
        self._tell(Failed(MailError(f"{request.name} was not left: {error}", remedy="Its page may help.")))

    def _forget(self, id: int) -> None:
        self._writer.do(lambda books: _drop(books, id), urgent=True)


def _keep(books: Books, url: str, name: str, due: float) -> int:
    with writing(books.letters.connection) as connection:
        row = connection.execute("INSERT INTO request(url, name, due) VALUES(?,?,?) RETURNING id", (url, name, due))
        return int(row.fetchone()[0])


def _drop(books: Books, id: int) -> None:
    with writing(books.letters.connection) as connection:
        connection.execute("DELETE FROM request WHERE id = ?", (id,))


def _kept(books: Books) -> tuple[_Request, ...]:
    rows = books.letters.connection.execute("SELECT id, url, name, due FROM request ORDER BY due").fetchall()
    return tuple(_Request(*row) for row in rows)
