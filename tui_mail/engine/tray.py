"""What is asked of an account's session, from any thread, until its own thread takes it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TypeVar

from tui_mail.backend.contract import Heard
from tui_mail.model.errors import Cancelled, MailError, Offline
from tui_mail.model.event import Connection

from .agenda import Agenda, Entry
from .desk import ASKED, HISTORY, IDLE, LEARN, Desk, Held
from .patience import Patience

T = TypeVar("T")
_SOONEST = 1.0
"""Seconds between two attempts to connect, whatever the person presses."""


class Stale(Offline):
    """The connection may be of another network, or of before a sleep: a new one is made, and nobody need hear of it."""


class Tray:
    """All that the session's thread shares with others, under one lock: what is asked, and how the connection stands,
    because what may be asked depends on that."""

    def __init__(self, account: str, patience: Patience, interrupt: Callable[[], None]) -> None:
        """`interrupt` ends the listening that the session's thread is in; any thread."""
        self.connection = Connection(account, "stopped")
        self.is_closing = False
        self._patience = patience
        self._interrupt = interrupt
        self._news = threading.Condition()
        self._agenda = Agenda()
        self._busy = 0
        self._hurry = False
        self._is_wished = False
        """The person wants something done: a line that dies over it is made anew at once, one time."""
        self._listens = False
        self._is_listening = False
        self._is_held = False
        self._is_stale = False

    # --- any thread

    def close(self) -> None:
        with self._news:
            self.is_closing = True
            self._nudge()

    @property
    def is_idle(self) -> bool:
        """Nothing is left that this connection could do now; what is kept for quiet hours does not count."""
        with self._news:
            if self.connection.state in ("auth", "stopped"):
                return True
            if self.connection.state == "offline":
                return not (self._hurry or self._agenda)
            return self.connection.state == "online" and self._agenda.top >= self._limit(IDLE) and not self._busy

    def ask(self, job: Callable[[Desk], T]) -> Future[T]:
        """Before everything else; an account that cannot be reached answers with its Offline at once."""
        future: Future[T] = Future()
        with self._news:
            if self.is_closing:
                future.set_exception(Cancelled("The program is closing."))
                return future
            if self.connection.state == "auth":
                future.set_exception(Offline(self.connection.why or "The account is not logged in."))
                return future
            self._agenda.ask(ASKED, job, future)
        self.hurry()
        return future

    def plan(self, priority: int, key: Hashable, job: Callable[[Desk], object]) -> None:
        """A job that nobody waits for; of an account that is offline it is planned anew with every connection."""
        with self._news:
            if self.is_closing or self.connection.state in ("auth", "stopped", "offline"):
                return
            self._agenda.plan(priority, key, job)
            self._nudge()

    def hurry(self) -> None:
        """The person wants something of it, a connection at once where there is none."""
        with self._news:
            self._hurry = self._is_wished = True
            self._nudge()

    def wish(self) -> None:
        """The person wants something of it, but not a connection for that alone."""
        with self._news:
            self._is_wished = True

    def login(self) -> None:
        """There is a password to try."""
        with self._news:
            if self.connection.state == "auth":
                self.connection = Connection(self.connection.account, "connecting")
            self._hurry = True
            self._nudge()

    def listen(self, is_alone: bool) -> None:
        """Whether the session has to listen while there is nothing to do."""
        with self._news:
            self._listens = is_alone
            self._nudge()

    @property
    def is_alone(self) -> bool:
        """There is no other connection that listens."""
        return self._listens

    def hold(self, *, is_held: bool) -> None:
        """Whether nothing old is taken for now."""
        with self._news:
            self._is_held = is_held
            self._nudge()

    def jolt(self) -> None:
        """The connection is to be made anew as soon as nothing is under way on it."""
        with self._news:
            self._is_stale = self.connection.state == "online"
            self._hurry = True
            self._nudge()

    def _nudge(self) -> None:
        """Wakes the thread, whatever it waits for. With the lock held."""
        self._news.notify_all()
        if self._is_listening:
            self._interrupt()

    def _limit(self, usual: int) -> int:
        """Jobs from this urgency on are not begun now."""
        return LEARN if self._patience.is_resting else min(HISTORY, usual) if self._is_held else usual

    # --- the session's thread: what is next

    def next(
        self,
        rested: Callable[[], None],
        pause: Callable[[], float],
        listen: Callable[[float], Heard | None],
        news: Callable[[Heard], None],
    ) -> Entry | None:
        """The most urgent entry, waited for; None when it is time to look around, which `pause` (seconds) knows.

        `rested` is called once where there is nothing to do. Raises Cancelled, Stale.
        """
        is_rested = False
        with self._news:
            while True:
                if self.is_closing:
                    raise Cancelled("The program is closing.")
                if self._is_stale:
                    self._is_stale = False
                    raise Stale("The connection is made anew.")
                self._hurry = False
                if self._agenda and self._agenda.top < self._limit(IDLE + 1 if is_rested else IDLE):
                    return self._take()
                if not is_rested:
                    is_rested = True
                    self._is_wished = False
                    self._unlocked(rested)
                    continue
                seconds = pause()
                if seconds <= 0:
                    return None
                self._pause(min(seconds, self._patience.rest or seconds), listen, news)

    def _pause(self, seconds: float, listen: Callable[[float], Heard | None], news: Callable[[Heard], None]) -> None:
        """Until something is planned or the time is over; where it is alone on the server, listening meanwhile."""
        if not self._listens:
            self._news.wait(seconds)
            return
        self._is_listening = True
        try:
            heard = self._unlocked(lambda: listen(seconds))
        finally:
            self._is_listening = False
        if heard is None:
            self._news.wait(seconds)
        elif heard != Heard():
            self._unlocked(lambda: news(heard))

    def _unlocked(self, job: Callable[[], T]) -> T:
        """Runs it with the lock given back meanwhile."""
        self._news.release()
        try:
            return job()
        finally:
            self._news.acquire()

    def _take(self) -> Entry:
        entry = self._agenda.take()
        self._busy += entry.priority < IDLE
        return entry

    def before(self, priority: int) -> Entry | None:
        """What is more urgent than a job of this priority, which pauses. Raises Cancelled, Held."""
        with self._news:
            if self.is_closing:
                raise Cancelled("The program is closing.")
            if self._is_held and priority >= HISTORY:
                raise Held
            return self._take() if self._agenda.top < priority else None

    def ended(self, entry: Entry) -> None:
        """A job that was taken is over, whatever came of it."""
        with self._news:
            self._busy -= entry.priority < IDLE

    def again(self, entry: Entry) -> None:
        """Somebody waits for a job over which the connection died: once more, on a new one."""
        with self._news:
            self._agenda.again(entry)
            self._hurry = True

    # --- the session's thread: how the connection stands

    def begin(self) -> None:
        """An attempt to connect: whoever hurries it from now on wants another one."""
        with self._news:
            self._hurry = False

    def stand(self, connection: Connection) -> bool:
        """How it stands from now on; False where that is no news."""
        with self._news:
            if connection == self.connection:
                return False
            self.connection = connection
            return True

    def wants_another(self) -> bool:
        """Whether a line that was there and died over something that the person wants is made anew at once; asked once
        a line."""
        with self._news:
            wanted = self._agenda.is_awaited or self._is_wished
            self._is_wished = False
            return wanted and self.connection.state == "online"

    def abandon(self, error: MailError) -> None:
        """Nobody waits for a connection that is not there."""
        with self._news:
            entries = self._agenda.clear()
        for entry in entries:
            if entry.future is not None and (entry.tries or entry.future.set_running_or_notify_cancel()):
                entry.future.set_exception(error)

    def wait(self, delay: float | None) -> None:
        """Until it is time, or the person does something; None: until there is a password to try."""
        begun = time.monotonic()
        with self._news:
            while not self.is_closing:
                waited = time.monotonic() - begun
                if delay is None:
                    if self.connection.state != "auth":
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
