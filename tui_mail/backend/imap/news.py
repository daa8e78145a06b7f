"""What a server says unasked that is not about the open folder: other folders (NOTIFY), the list of them, alerts."""

from __future__ import annotations

from collections import deque

from ..contract import Heard
from .answers import folder_status
from .lexer import ParseError, Response, status

_MOST_WORDS = 10
_MOST_FOLDERS = 1000


class News:
    """Gathers over the life of a store, reconnects included; `take` empties it."""

    def __init__(self) -> None:
        self._folders: set[bytes] = set()
        self._listing = False
        self._own: set[bytes] = set()
        self._words: deque[str] = deque(maxlen=_MOST_WORDS)
        self._said: set[str] = set()
        """Alerts that were passed on: many servers repeat theirs at every login."""
        self.is_fresh = False
        """Something came since `wait` returned last."""
        self.lost_track = False
        """The server gave up telling of folders."""

    def hear(self, response: Response) -> bool:
        """Takes in a response; False where it says nothing of the kind."""
        if response.kind == b"STATUS":
            try:
                raw, _ = folder_status(response.values())
            except ParseError:
                self.overflow()  # of some folder, whichever
                return True
            self.touch(raw)
            return True
        if response.kind == b"LIST":
            self.overflow()
            return True
        if response.kind == b"OK":
            line = response.frame.lines[0][response.start :]
            if status(line).code == b"NOTIFICATIONOVERFLOW":
                self.overflow()
                self.lost_track = True
                return True
        return False

    def touch(self, raw: bytes) -> None:
        """There is something new in this folder."""
        self._folders.add(raw)
        self.is_fresh = True
        if len(self._folders) > _MOST_FOLDERS:
            self.overflow()

    def own(self, raw: bytes) -> None:
        """This connection does something there itself, or hears of it as of the open folder."""
        self._own.add(raw)

    def overflow(self) -> None:
        """All folders are to be looked at."""
        self._folders.clear()
        self._listing = self.is_fresh = True

    def alert(self, words: str) -> None:
        """The server wants the person to read this (RFC 9051 section 7.1)."""
        if words and words not in self._said and len(self._said) < _MOST_FOLDERS:
            self._said.add(words)
            self._words.append(words)
            self.is_fresh = True

    def take(self) -> Heard:
        heard = Heard(frozenset(self._folders), self._listing, tuple(self._words), frozenset(self._own))
        self._folders.clear()
        self._own.clear()
        self._words.clear()
        self._listing = False
        return heard
