"""What a server finds in its own search: rows that are not here yet are fetched, and the hits told by our ids."""

from __future__ import annotations

from collections.abc import Mapping

from tui_mail.model.condition import Condition
from tui_mail.model.errors import NotFound
from tui_mail.model.folder import FolderId
from tui_mail.model.message import MessageId

from .arrivals import Arrival, arrival
from .books import Books
from .desk import LEARN, Desk, Restart
from .index import Touched
from .index_folders import FolderState
from .schema import writing

MOST = 200
"""Hits of one folder that are taken over, the newest."""


def find(desk: Desk, asked: Mapping[FolderId, Condition], now: float) -> tuple[MessageId, ...]:
    """What the server finds in these folders, each with what is asked there. Raises Unsupported, Offline."""
    found: list[MessageId] = []
    for id, condition in asked.items():
        try:
            found += _find_in(desk, desk.state(id), condition, now)
        except (Restart, NotFound):
            continue  # renumbered, or gone: the sync looks after it
        desk.breathe(LEARN)
    desk.flush()
    return tuple(found)


def _find_in(desk: Desk, folder: FolderState, condition: Condition, now: float) -> list[MessageId]:
    if folder.uidvalidity is None:
        return []
    desk.stand_in(folder)
    uids = desk.store.search(condition, now)[-MOST:]
    known = desk.write(lambda books: books.index.ids_of(folder.id, uids))
    missing = [uid for uid in uids if uid not in known]
    if missing:
        arrivals = [arrival(message) for message in desk.gently(desk.store.headers(missing))]
        desk.changed(desk.write(lambda books: _take(books, folder, arrivals)))
        known = desk.write(lambda books: books.index.ids_of(folder.id, uids))
    return list(known.values())


def _take(books: Books, folder: FolderState, arrivals: list[Arrival]) -> Touched:
    """Rows before the window of the folder; its history meets them there again, and leaves them as they are."""
    with writing(books.index.connection):
        return books.index.place(folder, arrivals)
