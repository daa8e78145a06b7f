"""What may have happened before the connection was lost: looked at before anything is repeated."""

from __future__ import annotations

from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.message import MessageId

from .arrivals import is_same
from .books import Books
from .desk import Desk
from .index_folders import FolderState
from .schema import writing
from .work import Attempt

_CHUNK = 200


def resolve_attempts(desk: Desk) -> None:
    """Looks at the targets of moves whose answer was never heard, before anything is repeated."""
    for attempt in desk.write(lambda books: books.work.attempts(desk.account.key)):
        _resolve(desk, attempt)


def _folder(desk: Desk, raw: bytes | None) -> FolderState | None:
    id = desk.write(lambda books: books.folders.find(desk.account.key, raw))
    return desk.write(lambda books: books.folders.state(id)) if id else None


def _resolve(desk: Desk, attempt: Attempt) -> None:
    there = _folder(desk, attempt.target)
    if there is not None:
        _look(desk, attempt, there)
    desk.write(lambda books: books.work.forget_attempt(attempt.id))


def _look(desk: Desk, attempt: Attempt, there: FolderState) -> None:
    """Finds each message of the attempt in the target; what arrived is settled, and removed at the source by name."""
    try:
        desk.open(there)
    except (NotFound, Refused):
        return  # nothing can have arrived in a folder that is not there
    arrived = _match(desk, attempt, there)
    if not arrived:
        return
    if attempt.source is not None:
        _finish_source(desk, attempt, arrived)

    def job(books: Books) -> None:
        with writing(books.index.connection):
            for id, uid in arrived.items():
                books.ledger.told_place({id: uid}, there.id)

    desk.write(job)
    desk.again(there.id)


def _match(desk: Desk, attempt: Attempt, there: FolderState) -> dict[MessageId, int]:
    """The uids in the open target under which messages of the attempt have come, each used once."""
    uids = sorted(desk.store.uids(attempt.uidnext))
    names: dict[int, tuple[str, int]] = {}
    for start in range(0, len(uids), _CHUNK):
        names |= desk.store.identity(uids[start : start + _CHUNK])
    taken = set(desk.write(lambda books: books.index.uids(there.id, attempt.uidnext)))  # rows of other messages
    arrived: dict[MessageId, int] = {}
    for id, _, message_id, size in attempt.items:
        for uid, found in names.items():
            if uid not in taken and is_same(found, message_id, size):
                arrived[id] = uid
                taken.add(uid)
                break
    return arrived


def _finish_source(desk: Desk, attempt: Attempt, arrived: dict[MessageId, int]) -> None:
    """A COPY that arrived but was never removed here: removed now, by uid and only while the numbering holds."""
    here = _folder(desk, attempt.source)
    if here is None:
        return
    try:
        selected = desk.open(here)
    except (NotFound, Refused):
        return
    if selected.uidvalidity != attempt.uidvalidity:
        return
    wanted = {uid: (message_id, size) for id, uid, message_id, size in attempt.items if id in arrived}
    left = [uid for uid, found in desk.store.identity(list(wanted)).items() if is_same(found, *wanted[uid])]
    if left:
        desk.store.expunge(left)
