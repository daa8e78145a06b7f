"""What a job of an account's session works with: the store, the books, and a voice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from tui_mail.backend.contract import Known, Selected, Store
from tui_mail.config.settings import Account
from tui_mail.mime.parse import parse
from tui_mail.model.errors import NotFound
from tui_mail.model.event import Changed, Event, FoldersChanged
from tui_mail.model.folder import NOWHERE, FolderId
from tui_mail.model.message import Message, MessageId

from .books import Books
from .index import Touched
from .index_folders import FolderState
from .writer import Writer

T = TypeVar("T")
ASKED, TELL, LEARN, NEAR, HISTORY, OLD, IDLE = range(7)
"""What goes first on a connection: somebody waits, the server is told, we learn what is new, the newest letters of the
folder that is looked at, the past of that folder, the past of the others, the letters that nobody asked for yet."""
_OFTEN = 3
"""Looks that found other numbers each time: the next one has time, there is no end to it."""
_TOGETHER = 0.3
"""Seconds over which the slices of a long sync are told as one change."""


class Held(Exception):
    """The person wants nothing old to be fetched now: the job ends here, and goes on from here another time."""


class Restart(Exception):
    """The folder changed its numbering under a job: what the job learned means nothing, it starts again."""


@dataclass(slots=True)
class Desk:
    """Belongs to one session thread; the jobs that run there are called with it."""

    account: Account
    store: Store
    writer: Writer
    tell: Callable[[Event], None]
    """Takes an event to whoever listens; from any thread."""
    clock: Callable[[], float]
    breathe: Callable[[int], None]
    """Runs what is more urgent than this priority; raises Cancelled where the session is to end."""
    again: Callable[[FolderId], None]
    """Has this folder looked at soon."""
    inboxes: frozenset[FolderId] = frozenset()
    parse: Callable[[bytes], Message] = parse
    """Takes a letter apart."""
    older: dict[FolderId, list[int]] = field(default_factory=dict)
    """Uids below the window of a folder, rising: asked once a connection, what is gone of them is simply missing."""
    visited: set[FolderId] = field(default_factory=set)
    """Folders that were read on this connection."""
    stands_still: bool = False
    """The server's HIGHESTMODSEQ does not count every change: nothing can be concluded from one that is the same."""
    renumberings: dict[FolderId, int] = field(default_factory=dict)
    """How often in a row a folder was found to have other numbers, on this connection."""
    reread_at: dict[FolderId, tuple[float, float]] = field(default_factory=dict)
    """When messages that could not be read are asked for again, and how long after that."""
    lost: set[FolderId] = field(default_factory=set)
    """Folders that the server has no more, while it is not known whether their messages turn up elsewhere."""
    _open: tuple[bytes, int] | None = None
    _folders: set[FolderId] = field(default_factory=set)
    _ids: set[MessageId] = field(default_factory=set)
    _told: float = 0.0

    # --- the folder that is open

    def open(self, folder: FolderState, known: Known | None = None) -> Selected:
        """Selects the folder. Raises NotFound where the server has none of that name."""
        self._open = None
        selected = self.store.open(folder.raw, known)
        self._open = folder.raw, selected.uidvalidity
        return selected

    def leave(self) -> None:
        """Another folder was opened behind our back: a job that goes on opens its own again."""
        self._open = None

    def stand_in(self, folder: FolderState) -> None:
        """Makes sure that the folder is open with the numbering that the index knows. Raises NotFound, Restart."""
        if self._open != (folder.raw, folder.uidvalidity) and self.open(folder).uidvalidity != folder.uidvalidity:
            self.renumbered(folder.id)
            raise Restart

    def renumbered(self, id: FolderId) -> None:
        """The folder has other numbers than the index knows: it is looked at soon, unless it has them at every look."""
        if self.renumberings.get(id, 0) < _OFTEN:
            self.again(id)

    def pause(self, folder: FolderState, uidvalidity: int, priority: int) -> None:
        """Between two chunks of a long job: more urgent work runs, then the folder is open as before."""
        self.breathe(priority)
        if self._open != (folder.raw, uidvalidity) and self.open(folder).uidvalidity != uidvalidity:
            raise Restart

    def forget(self) -> None:
        """The connection is new: nothing is open, nothing of the old one holds."""
        self._open = None
        self.older.clear()
        self.visited.clear()
        self.reread_at.clear()
        self.renumberings.clear()

    # --- the books

    def write(self, job: Callable[[Books], T]) -> T:
        """Runs on the writer thread and waits for it."""
        return self.writer.do(job).result()

    def state(self, id: FolderId) -> FolderState:
        """Raises NotFound for a folder that is not in the index any more."""
        state = self.write(lambda books: books.folders.state(id))
        if state is None:
            raise NotFound("The folder is gone.")
        return state

    def gently(self, items: Iterable[T]) -> Iterator[T]:
        """One by one, with room between two of them for a key that is pressed; on either thread."""
        return self.writer.hush.between(items)

    # --- the voice

    def changed(self, touched: Touched, *, at_once: bool = False) -> None:
        """Tells that rows changed, several slices together."""
        self._folders |= touched.folders - {NOWHERE}
        self._ids |= touched.ids
        if at_once or time.monotonic() - self._told > _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Tells what was kept back."""
        if not self._folders:
            return
        folders, ids = frozenset(self._folders), frozenset(self._ids)
        self._folders.clear()
        self._ids.clear()
        self._told = time.monotonic()
        self.tell(Changed(folders, ids))
        self.tell(FoldersChanged(self.account.key))
