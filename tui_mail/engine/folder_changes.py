"""Folders made, renamed and removed: done by the server first, then in the index and in the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from tui_mail.model.errors import BadInput, NotFound, Refused
from tui_mail.model.event import FoldersChanged
from tui_mail.model.folder import Folder, FolderChange, FolderId, Role
from tui_mail.model.operation import count

from .accounts import Accounts
from .books import Books
from .desk import Desk
from .schema import writing
from .windows import Windows

T = TypeVar("T")
FIXED = (Role.INBOX, Role.ALL, Role.FLAGGED, Role.IMPORTANT, Role.TRASH)
"""Folders that keep their name: the server's own, and the one that the others are removed to."""


class FolderChanges:
    """Each is a question to the account's session; Offline where that has no connection."""

    def __init__(self, windows: Windows, accounts: Accounts) -> None:
        self._windows = windows
        self._accounts = accounts

    def make(self, account: str, name: str) -> Future[FolderId]:
        """A new folder by its whole name, subscribed."""
        return self._ask(account, partial(_make, name=name))

    def rename(self, folder: Folder, name: str) -> Future[FolderChange]:
        """Another whole name for a folder and what stands below it."""
        if folder.role in FIXED:
            raise BadInput(f"{folder.leaf} keeps its name: mail programs and the server know it by that.")
        words = f"Renamed “{folder.name}” to “{name}”"
        return self._ask(folder.account, partial(_rename, folder=folder, name=name, words=words))

    def remove(self, folder: Folder) -> Future[FolderChange]:
        """Into Trash with all that is in it, so that it can be had back. NotFound where the account has no Trash."""
        if folder.role in FIXED:
            raise BadInput(f"{folder.leaf} cannot be removed.")
        trash = self._windows.roles(folder.account).get(Role.TRASH)
        if trash is None:
            raise NotFound(f"{folder.account} has no Trash that the folder could be moved to.")
        taken = {one.name for one in self._windows.folders(folder.account)}
        name = f"{trash.name}{trash.delimiter or '/'}{folder.leaf}"
        number = 2
        while name in taken:
            name, number = f"{trash.name}{trash.delimiter or '/'}{folder.leaf} {number}", number + 1
        words = f"Moved the folder “{folder.name}” to Trash, with {count(folder.total)}"
        return self._ask(folder.account, partial(_rename, folder=folder, name=name, words=words))

    def is_in_trash(self, folder: Folder) -> bool:
        """It was removed before: what is removed now is gone."""
        trash = self._windows.roles(folder.account).get(Role.TRASH)
        return trash is not None and folder.name.startswith(trash.name + (trash.delimiter or "/"))

    def destroy(self, folder: Folder) -> Future[None]:
        """For good, with all that is in it."""
        return self._ask(folder.account, partial(_destroy, folder=folder))

    def turn_back(self, change: FolderChange) -> Future[FolderChange]:
        """The old name again. NotFound where the folder is gone meanwhile."""
        folder = self._windows.folder(change.id)
        if folder is None:
            raise NotFound(f"The folder “{change.after}” is gone.")
        words = f"“{change.before}” is where it was"
        return self._ask(folder.account, partial(_rename, folder=folder, name=change.before, words=words))

    def subscribe(self, folder: Folder, on: bool) -> Future[None]:
        """Whether other programs show it too."""
        return self._ask(folder.account, lambda desk: desk.store.subscribe(folder.raw, on))

    def _ask(self, account: str, job: Callable[[Desk], T]) -> Future[T]:
        return self._accounts.session(account).ask(job)


def _make(desk: Desk, name: str) -> FolderId:
    raw = desk.store.create(name)
    id = desk.write(lambda books: _expect(books, desk.account.key, raw, name))
    desk.again(id)
    desk.tell(FoldersChanged(desk.account.key))
    return id


def _expect(books: Books, account: str, raw: bytes, name: str) -> FolderId:
    """A row for it before the server lists it."""
    with writing(books.index.connection):
        books.folders.expect(account, raw)
        books.index.connection.execute(
            "UPDATE folder SET name = ?, gone = 0 WHERE account = ? AND raw = ?", (name, account, raw)
        )
    id = books.folders.find(account, raw)
    if id is None:
        raise NotFound("The folder could not be made.")
    return id


def _rename(desk: Desk, folder: Folder, name: str, words: str) -> FolderChange:
    raw = desk.store.rename(folder.raw, name)
    desk.leave()
    desk.write(lambda books: _renamed(books, folder, raw, name))
    desk.tell(FoldersChanged(desk.account.key))
    desk.again(folder.id)
    return FolderChange(folder.account, folder.id, folder.name, name, words)


def _renamed(books: Books, folder: Folder, raw: bytes, name: str) -> None:
    """Its rows stay: only what it is called changes, here and in what the person did there, below it as well."""
    delimiter = folder.delimiter.encode()
    old = [(folder.raw, raw, folder.name, name)]
    index, work = books.index.connection, books.work.connection
    if delimiter:
        for below, called in index.execute(
            "SELECT raw, name FROM folder WHERE account = ?", (folder.account,)
        ).fetchall():
            if bytes(below).startswith(folder.raw + delimiter):
                end = bytes(below)[len(folder.raw) :]
                old.append((bytes(below), raw + end, called, name + called[len(folder.name) :]))
    with writing(work):
        for before, after, _, _ in old:
            for table, column in (("step", "source"), ("step", "target"), ("attempt", "source"), ("attempt", "target")):
                work.execute(
                    f"UPDATE {table} SET {column} = ? WHERE account = ? AND {column} = ?",
                    (after, folder.account, before),
                )
    with writing(index):
        for before, after, _, called in old:
            _make_room(index, folder.account, after)
            index.execute(
                "UPDATE folder SET raw = ?, name = ?, gone = 0 WHERE account = ? AND raw = ?",
                (after, called, folder.account, before),
            )


def _make_room(index: sqlite3.Connection, account: str, raw: bytes) -> None:
    """A folder that once had this name and is gone gives it up; a living one cannot have it."""
    row = index.execute("SELECT id, gone FROM folder WHERE account = ? AND raw = ?", (account, raw)).fetchone()
    if row is None:
        return
    if not row[1]:
        raise Refused("There is a folder of that name already.")
    index.execute("UPDATE folder SET raw = ? WHERE id = ?", (raw + b"\0%d" % row[0], row[0]))


def _destroy(desk: Desk, folder: Folder) -> None:
    desk.store.delete(folder.raw)
    desk.leave()

    def job(books: Books) -> None:
        with writing(books.index.connection):
            ids = [
                row[0]
                for row in books.index.connection.execute("SELECT id FROM message WHERE folder = ?", (folder.id,))
            ]
            books.index.kill(ids)
            books.index.lose_folder(folder.id, desk.clock())

    desk.write(job)
    desk.tell(FoldersChanged(desk.account.key))
