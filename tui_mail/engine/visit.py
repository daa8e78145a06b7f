"""A look at the mail from the shell: the program's own files brought up to date, nothing told to the server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_mail.backend.contract import RemoteFolder, Store
from tui_mail.config.settings import Account, Keep
from tui_mail.model.errors import MailError, NotFound, Refused, StorageFailed
from tui_mail.model.event import Event, Progress
from tui_mail.model.folder import Folder, FolderId
from tui_mail.model.message import MessageId

from .desk import HISTORY, Desk
from .fetch import fetch, missing
from .folders import learn_folders
from .lock import Lock
from .overlay import Overlay
from .pull import pull
from .pull_history import extend
from .windows import Windows
from .writer import Writer

_TURNS = 4
"""Passes over a folder that changes while it is read."""


class Visit:
    """One process's look, on the caller's own thread; `windows` is what it reads with.

    While the program runs it keeps the store (`is_shared`): then nothing is asked of the server but letters that are
    not held. Silence of a server ends a question after the store's own 30 seconds; what was learned until then stays.
    """

    def __init__(
        self,
        windows: Windows,
        writer: Writer | None,
        connect: Callable[[Account], Store],
        clock: Callable[[], float],
        tell: Callable[[Event], None],
        *,
        is_shared: bool,
    ) -> None:
        """Without a writer it is offline."""
        self.windows = windows
        self.is_shared = is_shared
        self._writer = writer
        self._connect = connect
        self._clock = clock
        self._tell = tell
        self._desks: dict[str, Desk] = {}
        self._again: set[FolderId] = set()

    @property
    def is_offline(self) -> bool:
        return self._writer is None

    def close(self) -> None:
        for desk in self._desks.values():
            desk.store.close()

    # --- what is new

    def look(self, account: Account, wanted: Callable[[Folder], bool], *, enough: int | None) -> None:
        """Brings folders up to date: their newest `enough` messages at least, all of them for None.

        One folder that the server refuses does not keep the others from being read; its error is raised at the end.
        Does nothing where offline or shared. Raises Offline, AuthFailed, TlsFailed, Refused, NotFound.
        """
        if self.is_offline or self.is_shared:
            return
        desk = self.desk(account)
        said = learn_folders(desk, None)
        trouble: MailError | None = None
        for folder in self.windows.folders(account.key):
            if not (folder.selectable and wanted(folder)):
                continue
            try:
                self.bring(desk, folder.id, said.get(folder.id), enough=enough)
            except (Refused, NotFound) as error:
                trouble = trouble or error
        if trouble is not None:
            raise trouble

    def bring(self, desk: Desk, id: FolderId, said: RemoteFolder | None, *, enough: int | None = None) -> None:
        """One folder up to date. `said` is what STATUS had of it, None where nothing is new there."""
        if said is not None:
            self._pull(desk, id)
            self._remember(desk, id, said)
        self._reach_back(desk, id, enough)

    @staticmethod
    def _remember(desk: Desk, id: FolderId, remote: RemoteFolder) -> None:
        desk.write(lambda books: books.folders.remember_status(id, remote))

    def _pull(self, desk: Desk, id: FolderId) -> None:
        for _ in range(_TURNS):
            self._again.discard(id)
            pull(desk, id, may_ask=True)
            if id not in self._again:
                return

    def _reach_back(self, desk: Desk, id: FolderId, enough: int | None) -> None:
        """The past of the folder, where what is here is not enough."""
        for _ in range(_TURNS):
            folder = self.windows.folder(id)
            if folder is None or self._is_whole(desk, id):
                return
            if enough is not None and (folder.held or 0) >= enough:
                return
            self._again.discard(id)
            extend(desk, id, HISTORY)
            if id in self._again:  # it is complete, or was renumbered: in both cases it is looked at once more
                self._pull(desk, id)

    @staticmethod
    def _is_whole(desk: Desk, id: FolderId) -> bool:
        return desk.state(id).low == 1

    def keep_text(self, account: Account, wanted: Callable[[Folder], bool], policy: Keep) -> None:
        """Fetches the letters that the configuration wants to be held here, so that their text can be searched."""
        if self.is_offline or self.is_shared:
            return
        desk = self.desk(account)
        ids = [
            id
            for folder in self.windows.folders(account.key)
            if folder.selectable and wanted(folder)
            for id in self.missing(desk, folder.id, policy)
        ]
        for done, id in enumerate(ids):
            try:
                fetch(desk, id)
            except (NotFound, Refused):
                pass  # gone meanwhile, or the server will not give it out: the rest can be searched
            self._tell(Progress(account.key, "fetching text", done + 1, len(ids)))

    def missing(self, desk: Desk, folder: FolderId, policy: Keep) -> list[MessageId]:
        """Letters of a folder that the configuration wants to be held here and that are not."""
        return desk.write(lambda books: missing(books, folder, policy, self._clock()))

    # --- letters

    def raw(self, account: Account, id: MessageId) -> bytes:
        """The whole mail: from here if it is held, else from the server. Raises NotFound, Offline, Refused."""
        held = self.windows.raw(id)
        if held is not None:
            return held
        if self.is_offline:
            raise NotFound(f"The text of message {id} is not stored here.", remedy="Without --offline it is fetched.")
        return fetch(self.desk(account), id, keeping=not self.is_shared)

    def desk(self, account: Account) -> Desk:
        """The account's connection, made when it is first needed."""
        if account.key not in self._desks:
            if self._writer is None:
                raise StorageFailed("This look is offline.")
            store = self._connect(account)
            store.connect()
            self._desks[account.key] = Desk(
                account, store, self._writer, self._tell, self._clock, _nothing_else, self._again.add
            )
        return self._desks[account.key]


@contextmanager
def visit(
    data: Path,
    accounts: Iterable[str],
    *,
    connect: Callable[[Account], Store],
    clock: Callable[[], float],
    tell: Callable[[Event], None],
    offline: bool,
) -> Iterator[Visit]:
    """Opens the files in `data`; `accounts` are the configured ones in their order.

    `offline` takes no lock and writes nothing. Raises StorageFailed where the files cannot be used, also later;
    NotFound where it is to be offline and nothing was ever stored.
    """
    if offline and not (data / "mail.db").exists():
        raise NotFound("No mail is stored here yet.", remedy="Without --offline it is fetched.")
    lock = None if offline else _lock(data)
    is_shared = lock is not None and not lock.take()
    writer = None if offline else Writer(data, _rested, _unheard, read_only=is_shared)
    keys = tuple(accounts)
    try:
        if writer is not None:
            writer.start()
        one = Visit(Windows(data, Overlay(), lambda: keys), writer, connect, clock, tell, is_shared=is_shared)
        try:
            yield one
        finally:
            one.close()
    except sqlite3.Error as error:
        raise StorageFailed(f"The mail stored in {data} cannot be used: {error}.") from error
    finally:
        if writer is not None:
            writer.close(5)
        if lock is not None:
            lock.drop()


def _lock(data: Path) -> Lock:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "lock").touch(mode=0o600)
    except OSError as error:
        raise StorageFailed(f"{data} cannot be written: {error.strerror}.") from error
    return Lock(data)


def _nothing_else(priority: int) -> None:
    """Nothing is more urgent here than what was asked for."""


def _rested() -> None:
    """Nobody waits for rest."""


def _unheard(error: MailError) -> None:
    """Every job here is waited for, and its error raised there."""
