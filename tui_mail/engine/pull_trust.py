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
    is_lower = selected.uidnext is not None and selected.uidnext < folder.uidnext
    if folder.low is None or not (is_lower or is_doubtful(desk)):
        return True
    names = desk.write(lambda books: books.index.newest_names(folder.id, _SAMPLE))
    found = desk.store.identity(list(names))
    here = [uid for uid in names.keys() & found.keys() if names[uid][1] and found[uid][1]]  # not what came blank
    return all(is_same(found[uid], *names[uid]) for uid in here)


def is_doubtful(desk: Desk) -> bool:
    """Whether a server can so little that it may give the number of a removed message to the next one.

    Those that were written for tests do (go-imap's in memory), under one UIDVALIDITY and with no sign of it.
    """
    offered = desk.store.capabilities
    return not (offered.uidplus or offered.condstore)
