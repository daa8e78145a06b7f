"""One account's thread: it alone touches the account's connection, and works off what is asked of it by urgency."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
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

from .agenda import Entry
from .desk import LEARN, Desk, Held
from .patience import Patience
from .rounds import Rounds
from .tray import Stale, Tray
from .writer import Writer

T = TypeVar("T")


class Session:
    """Owns the thread and the store. Every method may be called from any thread."""

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
        self._patience = Patience()
        self._tray = Tray(account.key, self._patience, store.wake)
        self._heard = news
        self.hears_all = False
        """The server promised to tell of every folder on this connection, which is the only one."""
        self.rounds = Rounds(self._tray.plan, keep=keep, online=online, listed=listed, stale=self.jolt)
        """What it is to do of itself; nothing of it wakes an account that is offline."""
        self._desk = Desk(account, store, writer, tell, clock, self._breathe, self.rounds.refresh, parse=parse)
        self._thread = threading.Thread(target=self._run, name=f"mail-{account.key}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends it: the socket is cut, whoever waits gets Cancelled. Does not wait; `join` does."""
        self._tray.close()
        self._store.close()

    def join(self, timeout: float) -> bool:
        """True when the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # --- what is asked of it

    @property
    def connection(self) -> Connection:
        return self._tray.connection

    @property
    def is_idle(self) -> bool:
        """Nothing is left that this connection could do now; what is kept for quiet hours does not count."""
        return self._tray.is_idle

    def ask(self, job: Callable[[Desk], T]) -> Future[T]:
        """Runs before everything else; an account that cannot be reached answers with its Offline at once."""
        return self._tray.ask(job)

    def owe(self) -> None:
        """Something is owed to the server: it is told as soon as may be."""
        self.rounds.owe()
        self.wake()

    def wake(self) -> None:
        """Tries to connect now instead of when it is due."""
        self._tray.hurry()

    def check(self) -> None:
        """The person asks for all that is there. The only line that a server allows is not given up for that."""
        (self.rounds.refresh if self._tray.is_alone else self.rounds.check)()
        self.wake()

    def opened(self, folder: FolderId) -> None:
        """The person looks at this folder; an account that is offline is not tried for that."""
        self._tray.wish()
        self.rounds.opened(folder)

    def welcome(self) -> None:
        """The person is back: a line that may have died meanwhile is asked for news, one that is not there is tried."""
        self.rounds.welcome()
        self.wake()

    def login(self) -> None:
        """There is a password to try."""
        self._tray.login()

    def listen(self, is_alone: bool) -> None:
        """Whether this connection has to wait for news itself, because the server allows no second one."""
        self._tray.listen(is_alone)

    def hold(self, *, is_held: bool) -> None:
        """Whether nothing old is fetched for now: what is new, and what the person asks for, comes all the same."""
        self._tray.hold(is_held=is_held)

    def jolt(self) -> None:
        """The machine slept or moved, or this session is shown old things: the connection is made anew as soon as
        nothing is under way on it."""
        self._tray.jolt()

    def forgo_notify(self) -> None:
        """The server does not tell of other folders as it promised: a new line listens to the inbox alone."""
        self._store.forgo_notify()
        self.jolt()

    # --- the thread

    def _run(self) -> None:
        while not self._tray.is_closing:
            self._patience.begin()
            try:
                self._connect()
                self._serve()
            except Cancelled:
                break
            except Stale:
                self._patience.forgive()
                self._renew()
            except AuthFailed as error:
                self._fail(error, "auth")
                self._tray.wait(None)
            except (Offline, TlsFailed, Refused) as error:
                self._fall_back(error)
            except Exception as error:  # noqa: BLE001  # the thread's own border: a fault of ours must not end the mail
                self._tell(Failed(MailError(f"Something went wrong with {self.account.key}: {error!r}")))
                self._fall_back(Offline("An error in the program; it tries again."))
        self._tray.abandon(Cancelled("The program is closing."))
        self._say("stopped")

    def _connect(self) -> None:
        self._tray.begin()
        self._say("connecting")
        self.hears_all = False
        self._desk.forget()
        self._store.connect()
        if self._tray.is_closing:
            raise Cancelled("The program is closing.")
        self._patience.came_online()
        self.rounds.begin()
        self._say("online")  # after there is something to do: it is not at rest for a moment in between
        self.take_news()

    def _serve(self) -> None:
        while True:
            entry = self._tray.next(self._rested, self.rounds.pause, self._listen, self._heard)
            if entry is not None:
                self._do(entry)
            else:
                self.rounds.look(self._desk)

    def _listen(self, seconds: float) -> Heard | None:
        if self.hears_all or not self._store.capabilities.notify:
            return self.rounds.listen(self._desk, seconds)
        heard = self.rounds.listen(self._desk, 0)  # from here on it tells; what came until now is looked for
        if heard is not None and self._store.capabilities.notify:
            self.hears_all = True
            heard = replace(heard, listing=True)
        return heard

    def _breathe(self, priority: int) -> None:
        """Called by a long job between its chunks: runs everything that is more urgent than it."""
        while (entry := self._tray.before(priority)) is not None:
            self._do(entry)

    def _do(self, entry: Entry) -> None:
        try:
            self._attempt(entry)
        finally:
            self._tray.ended(entry)
            self.take_news()
            self._rested()

    def take_news(self) -> None:
        """Passes on what the server said until now. On the thread."""
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
            self._tray.plan(entry.priority, entry.key, entry.job)
        except MailError as error:
            self._failed(entry, error)
        except Exception as error:  # noqa: BLE001  # a job's failure is its asker's; the connection goes on
            self._failed(entry, MailError(f"Something went wrong: {error!r}"))
        else:
            if entry.priority >= LEARN and not self._patience.is_resting:
                self._patience.went_well()
                self._say("online")
            if future is not None:
                future.set_result(answer)

    def _lost(self, entry: Entry, error: MailError) -> None:
        """The connection died under it: who waits gets one more try on a new one."""
        if entry.future is None:
            return
        if entry.tries or self._tray.is_closing:
            entry.future.set_exception(error)
        else:
            self._tray.again(entry)

    def _failed(self, entry: Entry, error: MailError) -> None:
        if entry.future is not None:
            entry.future.set_exception(error)
            return
        if isinstance(error, Refused) and error.code in ("THROTTLED", "LIMIT"):
            self._say("online", retry_at=self._clock() + self._patience.slow_down())
        if not isinstance(error, StorageFailed):  # the writer tells that, once for all accounts
            self._tell(Failed(error, self.account.key))

    # --- when there is no connection

    def _renew(self) -> None:
        """The next connection is made at once; what is planned stays planned."""
        self._store.close()
        self._say("connecting")

    def _fall_back(self, error: MailError) -> None:
        self._store.close()
        if self._tray.wants_another():
            self._say("connecting")
            return
        delay = self._patience.failed()
        if delay is None:
            self._renew()
            return
        self._fail(error, "offline", self._clock() + delay)
        self._tray.wait(delay)

    def _fail(self, error: MailError, state: str, retry_at: float | None = None) -> None:
        self._store.close()
        self._say(state, str(error), retry_at, error.known if isinstance(error, Untrusted) else None)
        self._tray.abandon(error)
        self._rested()

    def _say(self, state: str, why: str = "", retry_at: float | None = None, doubt: str | None = None) -> None:
        connection = Connection(self.account.key, state, why, retry_at, doubt)
        if self._tray.stand(connection):
            self._tell(connection)
