"""A program beside another one that keeps the same mail: it follows what that one writes, and takes over from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tui_mail.model.errors import MailError
from tui_mail.model.event import Changed, Event, FoldersChanged
from tui_mail.model.folder import FolderId

from . import schema
from .lock import Lock


class Beside:
    """`look` is called now and then, always on one and the same thread, as long as the program may only read."""

    def __init__(
        self,
        data: Path,
        lock: Lock,
        *,
        folders: Callable[[], dict[FolderId, str]],
        tell: Callable[[Event], None],
        take_over: Callable[[], None],
    ) -> None:
        """`take_over` is called with the lock held; where it fails the lock is dropped again."""
        self._lock = lock
        self._folders = folders
        self._tell = tell
        self._take_over = take_over
        self._connection = schema.connect(data / "mail.db", durable=False, query_only=True)
        self._seen = self._version()

    def close(self) -> None:
        self._connection.close()

    def look(self) -> bool:
        """True once this program is the one that keeps the mail."""
        if self._lock.take():
            try:
                self._take_over()
            except MailError:
                self._lock.drop()
                raise
            self.close()
            return True
        if (seen := self._version()) != self._seen:
            self._seen = seen
            own = self._folders()
            self._tell(Changed(frozenset(own)))
            for account in set(own.values()):
                self._tell(FoldersChanged(account))
        return False

    def _version(self) -> int:
        """Another number whenever another process has written."""
        try:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return self._seen  # just being moved or locked: the next look sees
