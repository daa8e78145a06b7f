"""What an older index lacks for the search, found in the letters that are here: Cc, mailing lists, names of files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui_mail.mime.facts import facts
from tui_mail.model.message import MessageId

from .arrivals import said_to
from .books import Books
from .desk import IDLE, Desk
from .schema import writing
from .search import split_cjk

_AT_ONCE = 20
_LOOKED_AT = 500
"""Rows of the table `late` in which letters that are here are sought at a time."""
_ABOVE_ALL = 1 << 62


class _Late(NamedTuple):
    id: MessageId
    has_files: bool


class _Found(NamedTuple):
    """The words of one letter, ready for the full text."""

    id: MessageId
    cc: str
    list_id: str
    files: str


def find_late_words(desk: Desk) -> None:
    """Goes through the letters of an account, the newest first; what is not here waits until it is fetched."""
    below = _ABOVE_ALL
    while below:
        some, below = desk.write(lambda books, below=below: _some(books, desk.account.key, below))  # type: ignore[misc]
        for start in range(0, len(some), _AT_ONCE):
            found = [one for late in desk.gently(some[start : start + _AT_ONCE]) if (one := _words_of(desk, late))]
            desk.write(lambda books, found=found: _keep(books, found))  # type: ignore[misc]
            desk.breathe(IDLE)
        desk.breathe(IDLE)  # of a large mailbox most may be known by their headers alone


def _some(books: Books, account: str, below: int) -> tuple[Sequence[_Late], int]:
    """Letters that are here among the next rows, and where these end; 0 behind the last."""
    rows = books.index.connection.execute(
        "SELECT one.message, message.attachment FROM"
        " (SELECT message FROM late WHERE message < ? ORDER BY message DESC LIMIT ?) AS one"
        " LEFT JOIN message ON id = one.message AND account = ? AND held",
        (below, _LOOKED_AT, account),
    ).fetchall()
    return [_Late(MessageId(id), bool(files)) for id, files in rows if files is not None], min(
        (id for id, _ in rows), default=0
    )


def _words_of(desk: Desk, late: _Late) -> _Found | None:
    raw = desk.write(lambda books: books.bodies.read(late.id))
    if raw is None:
        return None
    read = facts(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    names = [one.name for one in desk.parse(raw).attachments if one.name] if late.has_files else []
    return _Found(late.id, said_to(read.cc), read.list_id, " \n".join(names))


def _keep(books: Books, found: Sequence[_Found]) -> None:
    """What the index has already stays as it is."""
    execute = books.index.connection.execute
    with writing(books.index.connection):
        for one in found:
            if not execute("SELECT 1 FROM message WHERE id = ?", (one.id,)).fetchone():
                continue  # it went while its letter was read
            is_tied = execute("SELECT 1 FROM ties WHERE rowid = ?", (one.id,)).fetchone()
            if (one.cc or one.list_id) and not is_tied:
                values = (one.id, split_cjk(one.cc), split_cjk(one.list_id))
                execute("INSERT INTO ties(rowid, cc, list) VALUES(?,?,?)", values)
            if one.files and not execute("SELECT 1 FROM files WHERE rowid = ?", (one.id,)).fetchone():
                execute("INSERT INTO files(rowid, name) VALUES(?,?)", (one.id, split_cjk(one.files)))
            execute("DELETE FROM late WHERE message = ?", (one.id,))
