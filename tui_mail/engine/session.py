"""One account's thread: it alone touches the account's connection, and works off what is asked of it by urgency."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from tui_mail.backend.contract import Heard, RemoteFolder, Store
from tui_mail.config.settings import Account, Keep
from tui_mail.mime.parse import parse as parse_here
from tui_mail.model.errors import (
    AuthFailed,
    Cancelled,
    MailError,
    Offline,
    Refused,
    StorageFailed,
    TlsFailed,
    Untrusted,
)
from tui_mail.model.event import Connection, Event, Failed
from tui_mail.model.folder import FolderId
from tui_mail.model.message import Message

from .agenda import Agenda, Entry
from .desk import ASKED, HISTORY, IDLE, LEARN, Desk, Held
from .patience import Patience
from .rounds import Rounds
from .writer import Writer

T = TypeVar("T")
_SOONEST = 1.0
"""Seconds between two attempts to connect, whatever the person presses."""


class _Stale(Offline):
    """The connection may be of another network, or of before a sleep: a new one is made, and nobody need hear of it."""


class Session:
    """Owns the thread, the store and the queue. Every method may be called from any thread."""

    def __init__(
        self,
        account: Account,
        store: Store,
        writer: Writer,
        *,
        tell: Callable[[Event], None],
        clock: Callable[[], float],
        keep: Keep,
        rested: Callable[[], None],
        online: Callable[[], None],
        parse: Callable[[bytes], Message] = parse_here,
        news: Callable[[Heard], None] = lambda heard: None,
        listed: Callable[[Sequence[RemoteFolder]], None] = lambda remote: None,
    ) -> None:
        """On the thread: `rested` whenever there is nothing left to do, `online` once a login, the folders known.

        `news` is told what the server said while this connection had to `listen`, `listed` how its folders stand.
        """
        self.account = account
        self._store = store
        self._tell = tell
        self._clock = clock
        self._rested = rested
        self._news = threading.Condition()
        self._agenda = Agenda()
        self._busy = 0
        self._closing = False
        self._hurry = False
        self._is_wished = False
        """The person wants something done: a line that dies over it is made anew at once, one time."""
        self._connection = Connection(account.key, "stopped")
        self._patience = Patience()
        self._listens = False
        self._is_listening = False
        self._is_held = False
        self._is_stale = False
        self._heard = news
        self.rounds = Rounds(self._enqueue, keep=keep, online=online, listed=listed, stale=self.jolt)
        """What it is to do of itself; nothing of it wakes an account that is offline."""
        self._desk = Desk(account, store, writer, tell, clock, self._breathe, self.rounds.refresh, parse=parse)
        self._thread = threading.Thread(target=self._run, name=f"mail-{account.key}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends it: the socket is cut, whoever waits gets Cancelled. Does not wait; `join` does."""
        with self._news:
            self._closing = True
            self._nudge()
        self._store.close()

    def join(self, timeout: float) -> bool:
        """True when the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # --- what is asked of it

    @property
    def connection(self) -> Connection:
        return self._connection

    @property
    def is_idle(self) -> bool:
        """Nothing is left that this connection could do now; what is kept for quiet hours does not count."""
        with self._news:
            if self._connection.state in ("auth", "stopped"):
                return True
            if self._connection.state == "offline":
                return not (self._hurry or self._agenda)
            return self._connection.state == "online" and self._agenda.top >= self._limit(IDLE) and not self._busy

    def ask(self, job: Callable[[Desk], T]) -> Future[T]:
        """Runs before everything else; an account that cannot be reached answers with its Offline at once."""
        future: Future[T] = Future()
        with self._news:
            if self._closing:
                future.set_exception(Cancelled("The program is closing."))
                return future
            if self._connection.state == "auth":
                future.set_exception(Offline(self._connection.why or "The account is not logged in."))
                return future
            self._agenda.ask(ASKED, job, future)
        self.wake()
        return future

    def owe(self) -> None:
        """Something is owed to the server: it is told as soon as may be."""
        self.rounds.owe()
        self.wake()

    def wake(self) -> None:
        """Tries to connect now instead of when it is due."""
        with self._news:
            self._hurry = self._is_wished = True
            self._nudge()

    def opened(self, folder: FolderId) -> None:
        """The person looks at this folder; an account that is offline is not tried for that."""
        with self._news:
            self._is_wished = True
        self.rounds.opened(folder)

    def welcome(self) -> None:
        """The person is back: a line that may have died meanwhile is asked for news, one that is not there is tried."""
        self.rounds.welcome()
        self.wake()

    def login(self) -> None:
        """There is a password to try."""
        with self._news:
            if self._connection.state == "auth":
                self._connection = Connection(self.account.key, "connecting")
            self._hurry = True
            self._nudge()

    def listen(self, is_alone: bool) -> None:
        """Whether this connection has to wait for news itself, because the server allows no second one."""
        with self._news:
            self._listens = is_alone
            self._nudge()

    def hold(self, *, is_held: bool) -> None:
        """Whether nothing old is fetched for now: what is new, and what the person asks for, comes all the same."""
        with self._news:
            self._is_held = is_held
            self._nudge()

    def jolt(self) -> None:
        """The machine slept or moved, or this session is shown old things: the connection is made anew as soon as
        nothing is under way on it."""
        with self._news:
            self._is_stale = self._connection.state == "online"
            self._hurry = True
            self._nudge()

    def _nudge(self) -> None:
        """Wakes the thread, whatever it waits for. With the lock held."""
        self._news.notify_all()
        if self._is_listening:
            self._store.wake()

    def _enqueue(self, priority: int, key: Hashable, job: Callable[[Desk], object]) -> None:
        with self._news:
            if self._closing or self._connection.state in ("auth", "stopped", "offline"):
                return  # whatever is learned or told is planned anew with every connection
            self._agenda.plan(priority, key, job)
            self._nudge()

    # --- the thread

    def _run(self) -> None:
        while not self._closing:
            self._patience.begin()
            try:
                self._connect()
                self._serve()
            except Cancelled:
                break
            except _Stale:
                self._patience.forgive()
                self._renew()
            except AuthFailed as error:
                self._fail(error, "auth")
                self._wait(None)
            except (Offline, TlsFailed, Refused) as error:
                self._fall_back(error)
            except Exception as error:  # noqa: BLE001  # the thread's own border: a fault of ours must not end the mail
                self._tell(Failed(MailError(f"Something went wrong with {self.account.key}: {error!r}")))
                self._fall_back(Offline("An error in the program; it tries again."))
        self._abandon(Cancelled("The program is closing."))
        self._say("stopped")

    def _connect(self) -> None:
        with self._news:
            self._hurry = False
        self._say("connecting")
        self._desk.forget()
        self._store.connect()
        if self._closing:
            raise Cancelled("The program is closing.")
        self._patience.came_online()
        self.rounds.begin()
        self._say("online")  # after there is something to do: it is not at rest for a moment in between
        self._take_news()

    def _serve(self) -> None:
        while True:
            entry = self._next()
            if entry is not None:
                self._do(entry)
            else:
                self.rounds.look(self._desk)

    def _next(self) -> Entry | None:
        """The most urgent entry; None when it is time to look around."""
        rested = False
        with self._news:
            while True:
                if self._closing:
                    raise Cancelled("The program is closing.")
                if self._is_stale:
                    self._is_stale = False
                    raise _Stale("The connection is made anew.")
                self._hurry = False
                if self._agenda and self._agenda.top < self._limit(IDLE + 1 if rested else IDLE):
                    return self._take()
                if not rested:
                    rested = True
                    self._is_wished = False
                    self._unlocked(self._rested)
                    continue
                pause = self.rounds.pause()
                if pause <= 0:
                    return None
                self._pause(min(pause, self._patience.rest or pause))

    def _pause(self, seconds: float) -> None:
        """Until something is planned or the time is over; where it is alone on the server, listening meanwhile."""
        if not self._listens:
            self._news.wait(seconds)
            return
        self._is_listening = True
        try:
            heard = self._unlocked(lambda: self.rounds.listen(self._desk, seconds))
        finally:
            self._is_listening = False
        if heard is None:
            self._news.wait(seconds)
        elif heard != Heard():
            self._unlocked(lambda: self._heard(heard))

    def _unlocked(self, job: Callable[[], T]) -> T:
        """Runs it with the lock given back meanwhile."""
        self._news.release()
        try:
            return job()
        finally:
            self._news.acquire()

    def _limit(self, usual: int) -> int:
        """Jobs from this urgency on are not begun now."""
        return LEARN if self._patience.is_resting else min(HISTORY, usual) if self._is_held else usual

    def _take(self) -> Entry:
        entry = self._agenda.take()
        self._busy += entry.priority < IDLE
        return entry

    def _breathe(self, priority: int) -> None:
        """Called by a long job between its chunks: runs everything that is more urgent than it."""
        while True:
            with self._news:
                if self._closing:
                    raise Cancelled("The program is closing.")
                if self._is_held and priority >= HISTORY:
                    raise Held
                if self._agenda.top >= priority:
                    return
                entry = self._take()
            self._do(entry)

    def _do(self, entry: Entry) -> None:
        try:
            self._attempt(entry)
        finally:
            with self._news:
                self._busy -= entry.priority < IDLE
            self._take_news()
            self._rested()

    def _take_news(self) -> None:
        if (heard := self._store.heard()) != Heard():
            self._heard(heard)

    def _attempt(self, entry: Entry) -> None:
        future = entry.future
        if future is not None and not entry.tries and not future.set_running_or_notify_cancel():
            return
        try:
            answer = entry.job(self._desk)
        except (Offline, Cancelled) as error:
            self._lost(entry, error)
            raise
        except Held:
            self._enqueue(entry.priority, entry.key, entry.job)
        except MailError as error:
            self._failed(entry, error)
        except Exception as error:  # noqa: BLE001  # a job's failure is its asker's; the connection goes on
            self._failed(entry, MailError(f"Something went wrong: {error!r}"))
        else:
            if entry.priority >= LEARN:
                self._patience.went_well()
            if future is not None:
                future.set_result(answer)

    def _lost(self, entry: Entry, error: MailError) -> None:
        """The connection died under it: who waits gets one more try on a new one."""
        if entry.future is None:
            return
        if entry.tries or self._closing:
            entry.future.set_exception(error)
            return
        with self._news:
            self._agenda.again(entry)
            self._hurry = True

    def _failed(self, entry: Entry, error: MailError) -> None:
        if entry.future is not None:
            entry.future.set_exception(error)
            return
        if isinstance(error, Refused) and error.code in ("THROTTLED", "LIMIT"):
            self._patience.slow_down()
        if not isinstance(error, StorageFailed):  # the writer tells that, once for all accounts
            self._tell(Failed(error, self.account.key))

    # --- when there is no connection

    def _renew(self) -> None:
        """The next connection is made at once; what is planned stays planned."""
        self._store.close()
        self._say("connecting")

    def _fall_back(self, error: MailError) -> None:
        self._store.close()
        with self._news:
            wanted = self._agenda.is_awaited or self._is_wished
            again = wanted and self._connection.state == "online"
            self._is_wished = False
        if again:  # a line that was there: once more, at once
            self._say("connecting")
            return
        delay = self._patience.failed()
        if delay is None:
            self._renew()
            return
        self._fail(error, "offline", self._clock() + delay)
        self._wait(delay)

    def _fail(self, error: MailError, state: str, retry_at: float | None = None) -> None:
        self._store.close()
        self._say(state, str(error), retry_at, error.known if isinstance(error, Untrusted) else None)
        self._abandon(error)
        self._rested()

    def _abandon(self, error: MailError) -> None:
        """Nobody waits for a connection that is not there."""
        with self._news:
            entries = self._agenda.clear()
        for entry in entries:
            if entry.future is not None and (entry.tries or entry.future.set_running_or_notify_cancel()):
                entry.future.set_exception(error)

    def _wait(self, delay: float | None) -> None:
        """Until it is time, or the person does something; None: until there is a password to try."""
        begun = time.monotonic()
        with self._news:
            while not self._closing:
                waited = time.monotonic() - begun
                if delay is None:
                    if self._connection.state != "auth":
                        return
                    self._news.wait(3600)
                elif waited >= delay:
                    return
                elif self._hurry or self._agenda:
                    if waited >= _SOONEST or self._patience.tries <= 1:
                        return
                    self._news.wait(_SOONEST - waited)
                else:
                    self._news.wait(delay - waited)

    def _say(self, state: str, why: str = "", retry_at: float | None = None, doubt: str | None = None) -> None:
        connection = Connection(self.account.key, state, why, retry_at, doubt)
        with self._news:
            if connection == self._connection:
                return
            self._connection = connection
        self._tell(connection)
