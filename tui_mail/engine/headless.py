"""Everything of an account told, learned and fetched without a screen, folder by folder, and counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui_mail.backend.contract import RemoteFolder
from tui_mail.config.settings import Account, Keep
from tui_mail.model.errors import MailError, NotFound, Refused
from tui_mail.model.event import Progress
from tui_mail.model.folder import Folder, FolderId
from tui_mail.model.message import MessageId

from .attempts import resolve_attempts
from .books import Books
from .desk import IDLE, Desk
from .fetch import keep_all
from .folders import learn_folders
from .push import push
from .visit import Visit

_AT_ONCE = 40
"""Letters between two words of progress."""
Rows = dict[MessageId, tuple[int, str]]
"""Of a folder, as the server has it: message → its flags and words."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a sync of one folder came to."""

    account: str
    folder: str
    total: int
    """Messages that are here now."""
    new: int
    changed: int
    """Whose flags another client changed."""
    gone: int
    texts: int
    """Letters fetched."""
    octets: int
    """Of those letters."""
    seconds: float
    trouble: MailError | None = None
    """Why the server would not give it all."""


def sync(visit: Visit, account: Account, wanted: Callable[[Folder], bool], policy: Keep) -> Iterator[Figures]:
    """What was done offline is told first; then each folder that is wanted, the most wanted first.

    The visit must be neither offline nor shared. Raises Offline, AuthFailed, TlsFailed; what was learned stays.
    """
    desk = visit.desk(account)
    resolve_attempts(desk)
    push(desk)
    said = learn_folders(desk, None)
    order = {id: place for place, id in enumerate(said)}
    folders = [one for one in visit.windows.folders(account.key) if one.selectable and wanted(one)]
    for folder in sorted(folders, key=lambda one: order.get(one.id, len(order))):
        yield _one(visit, desk, folder, said.get(folder.id), policy)


def _one(visit: Visit, desk: Desk, folder: Folder, said: RemoteFolder | None, policy: Keep) -> Figures:
    began = time.monotonic()
    before = _rows(desk, folder.id)
    texts = octets = 0
    trouble: MailError | None = None
    try:
        visit.bring(desk, folder.id, said)
        texts, octets = _texts(visit, desk, folder, policy)
    except (Refused, NotFound) as error:
        trouble = error
    after = _rows(desk, folder.id) if said is not None or texts else before
    return Figures(
        desk.account.key,
        folder.name,
        total=len(after),
        new=len(after.keys() - before.keys()),
        changed=sum(1 for id, flags in after.items() if before.get(id, flags) != flags),
        gone=len(before.keys() - after.keys()),
        texts=texts,
        octets=octets,
        seconds=time.monotonic() - began,
        trouble=trouble,
    )


def _texts(visit: Visit, desk: Desk, folder: Folder, policy: Keep) -> tuple[int, int]:
    """How many letters were fetched, and their octets; what the server would not give is left to the next sync."""
    count = octets = 0
    ids = visit.missing(desk, folder.id, policy)
    for start in range(0, len(ids), _AT_ONCE):
        came = keep_all(desk, desk.state(folder.id), ids[start : start + _AT_ONCE], IDLE)
        count += len(came)
        octets += sum(came)
        desk.tell(
            Progress(desk.account.key, f"{folder.name}: fetching text", min(start + _AT_ONCE, len(ids)), len(ids))
        )
    return count, octets


def _rows(desk: Desk, folder: FolderId) -> Rows:
    def job(books: Books) -> Rows:
        found = books.index.connection.execute(
            "SELECT id, server_flags, server_words FROM message WHERE server_folder = ?", (folder,)
        )
        return {MessageId(id): (flags, words) for id, flags, words in found}

    return desk.write(job)
