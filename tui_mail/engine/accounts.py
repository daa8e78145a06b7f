"""The half of the engine that is connected: a session and a watch an account, and the outbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from tui_mail.backend.contract import Heard, RemoteFolder, Sender, Store
from tui_mail.config.settings import Account, Keep
from tui_mail.model.errors import BadInput
from tui_mail.model.event import Connection, Event, Noticed
from tui_mail.model.folder import FolderId
from tui_mail.model.message import Message

from .actions import Actions
from .hearing import Hearing
from .outbox import Outbox
from .pulse import Pulse
from .session import Session
from .watch import Watch
from .windows import Windows
from .writer import Writer


class Accounts:
    """Owns the threads that speak with servers. A program that may only read has none of them."""

    def __init__(
        self,
        writer: Writer,
        windows: Windows,
        *,
        tell: Callable[[Event], None],
        clock: Callable[[], float],
        rested: Callable[[], None],
        passing: Callable[[str], None],
        parse: Callable[[bytes], Message],
    ) -> None:
        self._writer = writer
        self._windows = windows
        self._tell = tell
        self._clock = clock
        self._rested = rested
        self._passing = passing
        self._parse = parse
        self._sessions: dict[str, Session] = {}
        self._watches: dict[str, Watch] = {}
        self._hearings: dict[str, Hearing] = {}
        self._outbox: Outbox | None = None
        self.is_held = False
        self._pulse = Pulse(self._jolted)
        self._alerts: set[tuple[str, str]] = set()
        """What servers wanted to be read and was told: many repeat it at every login, on every connection."""

    def start(
        self,
        accounts: Mapping[str, Account],
        actions: Actions,
        *,
        connect: Callable[[Account], Store],
        carry: Callable[[Account], Sender],
        keep: Keep,
        grace: float,
    ) -> None:
        """Starts every thread; nothing here waits for a server."""
        for account in accounts.values():
            self._add(account, connect, keep)
        self._outbox = Outbox(
            {key: _sender(carry, account) for key, account in accounts.items()},
            self._sessions,
            self._writer,
            actions,
            self._windows,
            tell=self._tell,
            clock=self._clock,
            grace=grace,
            rested=self._rested,
            passing=self._passing,
        )
        for thread in self._threads():
            thread.start()

    def _add(self, account: Account, connect: Callable[[Account], Store], keep: Keep) -> None:
        key = account.key
        self._hearings[key] = Hearing()
        self._sessions[key] = Session(
            account,
            connect(account),
            self._writer,
            tell=self._heard,
            clock=self._clock,
            keep=keep,
            rested=self._rested,
            online=lambda: self._came_online(key),
            parse=self._parse,
            news=lambda heard: self._news(key, heard),
            listed=lambda remote: self._listed(key, remote),
        )
        self._watches[key] = Watch(
            key,
            connect(account),
            raw=lambda: self._inbox_name(key),
            news=lambda heard: self._news(key, heard),
            alone=self._sessions[key].listen,
        )

    def close(self, deadline: float) -> bool:
        """Cuts the sockets and waits for the threads until `deadline` (monotonic); True when all of them ended."""
        threads = self._threads()
        for thread in threads:
            thread.close()
        return all([thread.join(max(0.0, deadline - time.monotonic())) for thread in threads])

    def _threads(self) -> list[Session | Watch | Outbox | Pulse]:
        outbox = [self._outbox] if self._outbox is not None else []
        return [*self._watches.values(), *self._sessions.values(), *outbox, self._pulse]

    # --- what the door passes on

    @property
    def is_idle(self) -> bool:
        """No server that can be reached has anything to hear or to tell."""
        outbox = self._outbox is None or self._outbox.is_idle
        return outbox and all(session.is_idle for session in self._sessions.values())

    def connection(self, account: str) -> Connection:
        session = self._sessions.get(account)
        return session.connection if session else Connection(account, "stopped")

    def session(self, account: str) -> Session:
        """Raises BadInput where this program has none."""
        session = self._sessions.get(account)
        if session is None:
            raise BadInput(f"{account} is not connected here: another tui-mail has this mail open.")
        return session

    def of(self, folder: FolderId | None) -> list[Session]:
        """The session of a folder's account; all of them for None."""
        if folder is None:
            return list(self._sessions.values())
        account = self._windows.folder_accounts().get(folder, "")
        return [self._sessions[account]] if account in self._sessions else []

    def hold(self, *, is_held: bool) -> None:
        """Nothing old is fetched while it is held."""
        self.is_held = is_held
        for session in self._sessions.values():
            session.hold(is_held=is_held)

    def owe(self, accounts: set[str]) -> None:
        """These accounts' servers are owed something."""
        for account in accounts & self._sessions.keys():
            self._sessions[account].owe()

    def look(self) -> None:
        """The outbox may have something to do."""
        if self._outbox is not None:
            self._outbox.look()

    def file_again(self, letter: int) -> None:
        """As the outbox says."""
        if self._outbox is not None:
            self._outbox.file_again(letter)

    # --- on the threads

    def _heard(self, event: Event) -> None:
        """What sessions tell: one without a connection has its watch give up its own."""
        if isinstance(event, Connection) and event.state != "online":
            self._watches[event.account].forbid()
        self._tell(event)

    def _came_online(self, account: str) -> None:
        self._watches[account].allow()
        self._writer.do(lambda books: books.letters.hurry(account, self._clock()))
        self.look()

    def _inbox_name(self, account: str) -> bytes | None:
        inbox = self._windows.inbox(account)
        return inbox.raw if inbox else None

    def _news(self, account: str, heard: Heard) -> None:
        """Has the folders looked at that the server spoke of, and the person told what it wants them to read."""
        session = self._sessions[account]
        self._hearings[account].told(heard)
        for words in heard.words:
            if (account, words) not in self._alerts:
                self._alerts.add((account, words))
                self._tell(Noticed(f"The server of {account} says: {words}", account))
        if (heard.words or heard.own) and not (heard.folders or heard.listing):
            return
        folders = {folder.raw: folder.id for folder in self._windows.folders(account)}
        inbox = self._windows.inbox(account)
        named = heard.folders or ({inbox.raw} if inbox is not None else set())
        for raw in named & folders.keys():
            session.rounds.refresh(folders[raw])
        if heard.listing or named - folders.keys():
            session.rounds.refresh()

    def _listed(self, account: str, remote: Sequence[RemoteFolder]) -> None:
        """How the folders stand says whether a server that promised to tell of them does, and whether it shows the
        session what it told the watch of."""
        watch, session = self._watches[account], self._sessions[account]
        session.take_news()
        if lacking := self._hearings[account].lacking(remote):
            (session.rounds.refresh if lacking == 1 else session.rounds.distrust)()
        if watch.hears_all and self._hearings[account].is_deaf_to(remote):
            watch.distrust()
        elif session.hears_all and self._hearings[account].is_deaf_to(remote, is_asked=True):
            session.forgo_notify()

    def _jolted(self) -> None:
        """The machine slept, or is in another network now."""
        for session in self._sessions.values():
            session.jolt()


def _sender(carry: Callable[[Account], Sender], account: Account) -> Callable[[], Sender]:
    return lambda: carry(account)
