"""The past of a folder: fetched window by window, newest first, until the folder is complete."""

from __future__ import annotations

import time
from collections.abc import Sequence

from tui_mail.model.event import Progress
from tui_mail.model.folder import FolderId, spoken

from .arrivals import Arrival, arrival
from .books import Books
from .desk import Desk, Restart
from .index import Touched
from .index_folders import FolderState
from .schema import writing
from .slices import SLICE, WIDEST, WINDOW, slices

_BRISK = 0.3
"""Seconds that whoever asks for something may have to wait for a step into the past to end."""


def extend(desk: Desk, id: FolderId, priority: int) -> None:
    """Fetches what lies before the window of a folder, newest first, until it is complete."""
    folder = desk.state(id)
    if folder.low is None or folder.low <= 1:
        return
    selected = desk.open(folder)
    if selected.uidvalidity != folder.uidvalidity:
        desk.renumbered(id)
        return
    older = desk.older.get(id)
    if older is None:
        older = desk.older[id] = sorted(desk.store.uids(1, folder.low - 1))
    older = [uid for uid in older if uid < (folder.low or 1)]
    total = folder.placed + len(older)
    width = WINDOW
    try:
        while older:
            window, older = older[-width:], older[:-width]
            begun = time.monotonic()
            _take_window(desk, folder, window, is_last=not older)
            is_quick = time.monotonic() - begun < _BRISK
            width = min(WIDEST, 2 * width) if is_quick else max(WINDOW, width // 2)
            desk.tell(Progress(desk.account.key, f"syncing {spoken(folder.name)}", total - len(older), total))
            desk.pause(folder, selected.uidvalidity, priority)
    except Restart:
        desk.renumbered(id)
        return
    finally:
        desk.flush()
    desk.write(lambda books: _complete(books, folder))
    desk.again(id)


def _take_window(desk: Desk, folder: FolderState, window: list[int], *, is_last: bool) -> None:
    arrivals = sorted(
        (arrival(message) for message in desk.gently(desk.store.headers(window))), key=lambda one: -one.uid
    )
    pieces = list(slices(arrivals, SLICE)) or [[]]
    for number, piece in enumerate(pieces):
        low = 1 if is_last else window[0]
        mark = low if number == len(pieces) - 1 else None

        def job(books: Books, piece: Sequence[Arrival] = piece, mark: int | None = mark) -> Touched:
            with writing(books.index.connection):
                touched = books.index.place(folder, desk.gently(piece))
                books.folders.advance(folder.id, low=mark)
                return touched

        desk.changed(desk.write(job))


def _complete(books: Books, folder: FolderState) -> None:
    """The whole folder is here."""
    with writing(books.index.connection):
        books.folders.advance(folder.id, low=1)
        books.folders.set_beyond(folder.id, 0)
