"""Which folders the server has, which of them have news, and which are gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui_mail.backend.contract import RemoteFolder
from tui_mail.model.errors import MailError, NotFound, Refused
from tui_mail.model.event import Failed, FoldersChanged, Noticed
from tui_mail.model.folder import FolderId, Role
from tui_mail.model.operation import count

from . import pull_blank, roles
from .books import Books
from .desk import Desk
from .index import Touched
from .index_folders import FolderState
from .pull import ALL_FLAGS_EVERY
from .schema import writing


def learn_folders(
    desk: Desk,
    watched: FolderId | None,
    listed: Callable[[Sequence[RemoteFolder]], None] = lambda remote: None,
    left_out: Callable[[FolderId], None] = lambda id: None,
) -> dict[FolderId, RemoteFolder]:
    """Takes over the list of folders; those to look at now, the most wanted first, as STATUS had them.

    `listed` is given the whole list; `left_out` is called for each known folder that it lacks and that does open.
    """
    remote = desk.store.folders()
    listed(remote)
    chosen = desk.write(lambda books: books.work.choices(desk.account.key))
    parts = roles.assign(remote, chosen | dict(desk.account.folders))

    def job(books: Books) -> tuple[bool, list[FolderState]]:
        with writing(books.index.connection):
            pairs = [(folder, parts.get(folder.raw)) for folder in remote]
            return books.folders.learn(desk.account.key, pairs), books.folders.states(desk.account.key)

    changed, states = desk.write(job)
    by_raw = {folder.raw: folder for folder in remote}
    lost = [state for state in states if state.raw not in by_raw]
    if remote:  # an answer without any folder is not one
        for state in lost:
            changed = _lose(desk, state, left_out) or changed
    present = [state for state in states if state.raw in by_raw]
    desk.inboxes = frozenset(state.id for state in present if state.role is Role.INBOX)
    if changed:
        desk.tell(FoldersChanged(desk.account.key))
    now, blank = desk.clock(), pull_blank.waiting(desk)
    if not desk.stands_still:
        desk.stands_still = desk.write(
            lambda books: any(books.folders.stands_still(desk.account.key, one) for one in remote)
        )

    def is_due(state: FolderState) -> bool:
        if state.id == watched or state.role is Role.INBOX:
            return True  # what is looked at shows stars and flags too, which no count tells of
        return state.id in blank or _has_news(desk, state, by_raw[state.raw]) or _is_stale(desk, state, now)

    due = [state for state in present if is_due(state)]
    due.sort(key=lambda one: (one.id != watched, one.role is not Role.INBOX, *_urgency(one, by_raw[one.raw])))
    return {state.id: by_raw[state.raw] for state in due}


def find_inbox(desk: Desk) -> FolderId | None:
    """The inbox as it is known from another day; None where the folders were never listed."""
    states = desk.write(lambda books: books.folders.states(desk.account.key))
    found = next((state.id for state in states if state.role is Role.INBOX), None)
    if found is not None:
        desk.inboxes = frozenset({found})
    return found


def give_up_lost(desk: Desk) -> None:
    """What was moved out of folders that are gone, and is in no other folder either, is shown nowhere any more; what
    went with such a folder is told, once."""

    def job(books: Books) -> tuple[Touched, dict[str, int]] | None:
        if not books.ledger.is_whole(desk.account.key):
            return None
        with writing(books.index.connection):
            return books.ledger.give_up_lost(desk.account.key), books.ledger.gone_with(desk.lost)

    answer = desk.write(job)
    if answer is None:
        return
    touched, gone = answer
    desk.lost.clear()
    if gone:
        desk.tell(Noticed(_gone_words(gone), desk.account.key))
    if not touched.ids:
        return
    desk.changed(touched, at_once=True)
    text = f"What you did with {count(len(touched.ids), 'message')} is undone: gone from the server with their folder."
    desk.tell(Failed(MailError(text, remedy="They are there again when it is."), desk.account.key))


def _gone_words(gone: Mapping[str, int]) -> str:
    """`gone`: how many messages went with which folder."""
    first, *others = gone
    more = f" and {count(len(others), 'other folder')}" if others else ""
    return (
        f"{first}{more} {'are' if others else 'is'} gone from the server, with {count(sum(gone.values()))}. What was"
        " fetched of them stays on this machine for 30 days, in case they come back."
    )


def _urgency(state: FolderState, remote: RemoteFolder) -> tuple[bool, bool, bool, str]:
    """Where something is unread first, then what was here before (so it changed lately), then by its part and name."""
    return not remote.status.unseen, state.low is None, state.role is None, state.name


def _has_news(desk: Desk, state: FolderState, remote: RemoteFolder) -> bool:
    return desk.write(lambda books: books.folders.needs_pass(state.account, remote))


def _is_stale(desk: Desk, state: FolderState, now: float) -> bool:
    """A star set elsewhere shows in no count: without CONDSTORE all flags are compared now and then."""
    return (desk.stands_still or not desk.store.capabilities.condstore) and now - state.flags_checked > ALL_FLAGS_EVERY


def _lose(desk: Desk, state: FolderState, left_out: Callable[[FolderId], None]) -> bool:
    """A folder that LIST leaves out is gone when SELECT says so too; what is owed there stays on disk."""
    try:
        desk.open(state)
        left_out(state.id)
        return False
    except NotFound:
        desk.lost.add(state.id)  # confirmed
    except Refused:
        return False

    now = desk.clock()

    def job(books: Books) -> int:
        with writing(books.index.connection):
            books.index.lose_folder(state.id, now)
            row = books.index.connection.execute(
                "SELECT count(*) FROM message WHERE server_folder = ? AND folder != server_folder", (state.id,)
            ).fetchone()
        return int(row[0])

    parked = desk.write(job)
    if parked:
        text = f"{state.name} is gone from the server; {count(parked, 'action')} on its messages cannot be told."
        desk.tell(Failed(MailError(text, remedy="They wait until it is there again."), desk.account.key))
    return True
