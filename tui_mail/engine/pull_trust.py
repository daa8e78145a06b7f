"""Whether the numbers of a folder still mean what they meant, where its server gives reason to doubt it."""

from __future__ import annotations

from tui_mail.backend.contract import Selected

from .arrivals import is_same
from .desk import Desk
from .index_folders import FolderState

_SAMPLE = 20
"""Newest rows that are compared with what the server has under their uids."""


def keeps_its_numbers(desk: Desk, folder: FolderState, selected: Selected) -> bool:
    """Whether the uids that are known of the folder, which is open, are those of the same messages still.

    Under one UIDVALIDITY a UIDNEXT never goes down: where it did (a backup was put back), uids may be used again, so
    the newest rows must still be what they were. Without a UIDVALIDITY they hold for one connection.
    """
    if selected.uidvalidity != folder.uidvalidity or (not selected.uidvalidity and folder.id not in desk.visited):
        return False
    if folder.low is None or selected.uidnext is None or selected.uidnext >= folder.uidnext:
        return True
    names = desk.write(lambda books: books.index.newest_names(folder.id, _SAMPLE))
    found = desk.store.identity(list(names))
    return all(is_same(found[uid], *names[uid]) for uid in names.keys() & found.keys())
