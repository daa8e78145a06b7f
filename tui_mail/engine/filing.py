"""The copy in Sent: put there once, by us or by the server, whichever the evidence says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from tui_mail.backend.contract import Store
from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.folder import Role
from tui_mail.model.message import SEEN

from . import roles
from .desk import Desk
from .letters import Letter


def sent_folder(store: Store, chosen: Mapping[str, str]) -> bytes:
    """The raw name of the Sent folder; made where there is none."""
    folders = store.folders()
    parts = roles.assign(folders, chosen)
    for raw, role in parts.items():
        if role is Role.SENT:
            return raw
    return store.create("Sent")


def file_copy(desk: Desk, letter: Letter, *, only_look: bool = False) -> bool:
    """Sees to it that Sent holds the letter; True when it does. Runs on the account's session.

    Raises Refused where the server will not take it (`detail` says why; the row stays, and it is tried again later),
    Offline.
    """
    try:
        chosen = desk.write(lambda books: books.work.choices(desk.account.key))
        raw = sent_folder(desk.store, chosen | dict(desk.account.folders))
        id = desk.write(lambda books: books.folders.find(desk.account.key, raw))
        done = file_in(
            *(desk.store, raw, letter.outgoing),
            since=letter.since_uid,
            before_append=None if only_look else lambda: desk.write(lambda books: books.letters.will_append(letter.id)),
        )
    finally:
        desk.leave()
    if done is Filed.NOT_THERE:
        return False
    if not letter.appends:  # what is found before we ever put one there was put by the server
        desk.write(lambda books: books.work.keep_note(saves_sent(desk.account.key), done is Filed.FOUND))
    if id is not None:
        desk.again(id)
    return True


def saves_sent(account: str) -> str:
    """Under which name it is kept whether the account's server is known to file sent mail by itself."""
    return f"saves_sent {account}"


class Filed(Enum):
    """How the copy came to be in Sent."""

    FOUND = 1
    APPENDED = 2
    NOT_THERE = 3
    """Only looked for."""


def file_in(
    store: Store, raw: bytes, letter: Outgoing, *, since: int, before_append: Callable[[], object] | None
) -> Filed:
    """Looks for our Message-ID before it puts a copy there. None: only looks. A server that says that it files sent
    mail by itself is left to it."""
    store.open(raw)
    if store.find(letter.message_id, max(1, since)):
        return Filed.FOUND
    if before_append is None:
        return Filed.NOT_THERE
    if store.capabilities.saves_sent:
        return Filed.FOUND  # it may take its time; a copy of ours would be the second
    before_append()
    try:
        store.append(raw, letter.copy, frozenset({SEEN}))
    except Refused as error:
        raise Refused(
            f"“{letter.subject}” was sent, but its copy could not be filed: {error.text}",
            remedy="It is kept here and tried again.",
            detail=error.text,
            permanent=error.permanent,
        ) from error
    return Filed.APPENDED


def mark_before(store: Store, raw: bytes) -> int:
    """Sent's UIDNEXT before the letter goes out: a copy of it has this uid or a higher one."""
    try:
        return store.status(raw).uidnext or 1
    except (NotFound, Refused):
        return 1
