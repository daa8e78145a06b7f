"""Rows of messages that could not be read when they came: asked for once more, and made anew where that helps."""

from __future__ import annotations

from collections.abc import Sequence

from tui_mail.model.folder import FolderId

from .arrivals import Arrival, arrival
from .books import Books
from .desk import Desk
from .index import Touched
from .index_folders import FolderState
from .schema import writing

_MOST = 25
"""So many of a folder are asked for at a time."""
_SOON, _SELDOM = 50.0, 3600.0
"""Seconds after which they are asked for again: the first time, and at last, with twice as many after each."""


def waiting(desk: Desk) -> frozenset[FolderId]:
    """Folders with such rows whose turn it is."""
    found = desk.write(lambda books: books.index.blank_folders())
    return frozenset(id for id in found if desk.clock() >= desk.reread_at.get(id, (0.0, _SOON))[0])


def reread(desk: Desk, folder: FolderState) -> None:
    """Of the folder that is open: a server that could not give a message at one time often can at another."""
    uids = desk.write(lambda books: books.index.blank_rows(folder.id, _MOST))
    if not uids:
        return
    due, pause = desk.reread_at.get(folder.id, (0.0, _SOON))
    if desk.clock() < due:
        return
    desk.reread_at[folder.id] = (desk.clock() + pause, min(2 * pause, _SELDOM))
    arrivals = [arrival(message) for message in desk.store.headers(uids)]
    readable = [one for one in arrivals if one.message_id or one.subject or one.sender.email]
    if readable:
        desk.changed(desk.write(lambda books: _replace(books, folder, readable)), at_once=True)


def _replace(books: Books, folder: FolderState, arrivals: Sequence[Arrival]) -> Touched:
    """Another row takes the place of each: nothing that stood in the old one was of the message."""
    with writing(books.index.connection):
        still = set(books.index.blank_rows(folder.id, _MOST))
        arrivals = [one for one in arrivals if one.uid in still]
        ids = list(books.index.ids_of(folder.id, [one.uid for one in arrivals]).values())
        touched = books.index.bury(folder.id, ids) | books.index.place(folder, arrivals)
    books.bodies.sweep()
    return touched
