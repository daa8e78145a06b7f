"""Bringing whole mails here: the one that is asked for, the ones around the cursor, the ones that the policy keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from tui_mail.backend.contract import Tell
from tui_mail.config.settings import Keep
from tui_mail.model.errors import Cancelled, NotFound, Refused, StorageFailed
from tui_mail.model.folder import FolderId, Role
from tui_mail.model.message import MessageId

from .books import Books
from .desk import IDLE, LEARN, NEAR, Desk, Restart
from .index import Touched
from .index_folders import FolderState
from .schema import writing
from .slices import slices

T = TypeVar("T")
_DAYS: dict[Keep, int | None] = {"30d": 30, "1y": 366, "all": None, "headers": 0}
_LARGEST = 2_000_000
"""Octets of a mail that is fetched unasked."""
_AT_ONCE = 40
_ON_THE_WAY = 4
"""Letters that are asked for in one flight: a line is never idle, and whoever waits need not wait for many."""
_ALL = 1 << 40
_NEVER_KEPT = (Role.JUNK,)


def blank() -> Refused:
    """Of a message that is not empty: GNU's imap4d gives one so while another program moves its file."""
    return Refused("The server gave this message without a word in it. Try again in a moment.", permanent=False)


def heeding(future: Future[Any], tell: Tell) -> Tell:
    """Tells on, and stops what moves once nobody waits for it any more."""

    def told(done: int, total: int) -> None:
        if future.cancelled():
            raise Cancelled("It was called off.")
        tell(done, total)

    return told


def fetch(desk: Desk, id: MessageId, *, keeping: bool = True, tell: Tell | None = None) -> bytes:
    """The whole mail: from here if it is held, else from the server, and then it is held (unless not `keeping`).

    Raises what `standing` raises.
    """
    held = desk.write(lambda books: books.bodies.read(id))
    if held is not None:
        return held
    raw = standing(desk, id, lambda uid: desk.store.fetch(uid, tell))
    if not raw and desk.write(lambda books: books.bodies.size_missing(id)):
        raise blank()
    if keeping:
        keep(desk, id, raw)
    return raw


def standing(desk: Desk, id: MessageId, job: Callable[[int], T]) -> T:
    """Does something with a message where it stands on the server.

    Raises NotFound where it is gone, a passing Refused while the server has not said where it put it.
    """
    place = desk.write(lambda books: books.index.place_of(id))
    if place is None:
        raise NotFound("The message is gone: another program deleted it.")
    folder, uid = place
    if uid is None:
        raise Refused("The message is just being moved. Try again in a moment.", permanent=False)
    state = desk.state(folder)
    try:
        desk.stand_in(state)
        return job(uid)
    except Restart as error:
        raise Refused("The server renumbered the folder. Try again in a moment.", permanent=False) from error
    except NotFound:
        desk.again(folder)
        raise
    except Cancelled as error:  # on this thread it would mean that the program closes
        raise Refused("It was called off.", permanent=False) from error


def keep(desk: Desk, id: MessageId, raw: bytes) -> None:
    """Puts a mail among those that are held; a full disk is no reason not to show it."""
    if not raw:
        return  # the server may have more of it the next time
    message = desk.parse(raw)
    put_down(desk, id, lambda books: books.bodies.write(id, raw, message))


def put_down(desk: Desk, id: MessageId, write: Callable[[Books], None]) -> None:
    """Has something of a mail written; what the disk would not take is not here the next time."""

    def job(books: Books) -> Touched:
        with writing(books.index.connection):
            write(books)
        spot = books.index.connection.execute("SELECT folder FROM message WHERE id = ?", (id,)).fetchone()
        return Touched(frozenset({spot[0]}), frozenset({id})) if spot else Touched()

    try:
        touched = desk.write(job)
    except StorageFailed:
        return
    desk.changed(touched)


def prefetch(desk: Desk, ids: Sequence[MessageId]) -> None:
    """The mails around the cursor, nearest first, as long as nothing more urgent comes."""
    for id in ids:
        _prefetch_one(desk, id)
        desk.breathe(LEARN)
    desk.flush()


def _prefetch_one(desk: Desk, id: MessageId) -> None:
    size = desk.write(lambda books: books.bodies.size_missing(id))
    if size is None or size > _LARGEST:
        return
    try:
        fetch(desk, id)
    except (NotFound, Refused):
        return  # nobody waits for it; the next look at the folder settles what became of it


def keep_newest(desk: Desk, folder: FolderId, policy: Keep) -> None:
    """The letters that are most likely to be opened: the newest of a folder, as far as the policy wants them here."""
    since = _since(policy, desk.clock())
    if since is None or desk.writer.is_ailing:
        return
    ids = desk.write(lambda books: books.bodies.missing(folder, since, _AT_ONCE, _LARGEST))
    keep_all(desk, desk.state(folder), ids, NEAR)
    desk.flush()


def keep_policy(desk: Desk, policy: Keep) -> None:
    """What the configuration wants to be held, folder by folder, newest first."""
    since = _since(policy, desk.clock())
    if since is None:
        return
    for folder in _in_order(desk.write(lambda books: books.folders.states(desk.account.key))):
        _keep_folder(desk, folder, since)
    desk.flush()


def missing(books: Books, folder: FolderId, policy: Keep, now: float) -> list[MessageId]:
    """What of a folder is to be held and is not, newest first."""
    since = _since(policy, now)
    return [] if since is None else books.bodies.missing(folder, since, _ALL, _LARGEST)


def _since(policy: Keep, now: float) -> int | None:
    """From when on letters are held; None: none are."""
    days = _DAYS[policy]
    if days == 0:
        return None
    return 0 if days is None else int(now) - days * 86400


def _keep_folder(desk: Desk, folder: FolderState, since: int) -> None:
    failed: set[MessageId] = set()
    while True:
        ids = desk.write(lambda books: books.bodies.missing(folder.id, since, _AT_ONCE + len(failed), _LARGEST))
        ids = [id for id in ids if id not in failed]
        if not ids or desk.writer.is_ailing:  # what cannot be kept is not fetched
            return
        failed.update(ids)  # whatever comes of it, each is tried once
        keep_all(desk, folder, ids, IDLE)


def _places(ids: Sequence[MessageId], books: Books) -> dict[MessageId, tuple[FolderId, int | None]]:
    return books.index.places(ids)


def keep_all(desk: Desk, folder: FolderState, ids: Sequence[MessageId], priority: int) -> list[int]:
    """Some at a time are on the way; in between whatever is more urgent runs. The octets of each that came."""
    came: list[int] = []
    for some in slices(ids, _ON_THE_WAY):
        places = desk.write(partial(_places, some))
        here = {uid: id for id, (place, uid) in places.items() if place == folder.id and uid is not None}
        try:
            desk.stand_in(folder)
            for uid, raw in desk.gently(desk.store.letters(list(here))):
                keep(desk, here[uid], raw)
                came.append(len(raw))
        except (NotFound, Refused, Restart):
            return came  # nobody waits for them; the next round of the policy sees what became of it
        desk.breathe(priority)
    return came


def _in_order(folders: Sequence[FolderState]) -> list[FolderState]:
    wanted = [folder for folder in folders if folder.role not in _NEVER_KEPT]
    return sorted(wanted, key=lambda one: (one.role is not Role.INBOX, one.role is None, one.name))
