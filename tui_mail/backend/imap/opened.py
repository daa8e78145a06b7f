"""The folder that is open: what the server keeps telling about it, and whether that is news."""

from __future__ import annotations

from tui_mail.model.errors import BadInput

from .connection import Connection
from .lexer import ParseError, Response
from .opening import gone
from .session import Session
from .sets import HIGHEST


class Opened:
    """Lives from one `open` to the next. Numbers of messages are counted, never used to name one."""

    def __init__(self, session: Session, raw: bytes, exists: int, latched: set[str]) -> None:
        self.session = session
        self.raw = raw
        self.exists = exists
        self.has_news = False
        """Something changed that nobody was told of yet."""
        self.is_current = True
        self.latched = latched
        """Capabilities that this server offered and then refused."""

    @property
    def connection(self) -> Connection:
        return self.session.connection

    def can(self, capability: str) -> bool:
        return self.session.can(capability) and capability not in self.latched

    def at_once(self, count: int) -> int:
        """How many messages one command may name: `count`, or fewer where the server sets a limit (RFC 9738)."""
        limits = [word[13:] for word in self.connection.capabilities if word.startswith("MESSAGELIMIT=")]
        return max(1, min([count, *(int(limit) for limit in limits if limit.isdigit() and len(limit) < 10)]))

    def check(self) -> None:
        """Raises BadInput for a run over this folder that goes on after another one was opened."""
        if not self.is_current:
            raise BadInput("Another folder was opened while this one was still being read.")

    def hear(self, response: Response) -> None:
        """Takes in what nobody asked for. Data without a uid say no more than that there is news (RFC 9051 7.5)."""
        number = response.number or 0
        if response.kind == b"EXISTS":
            self.has_news = self.has_news or number != self.exists
            self.exists = number
        elif response.kind == b"EXPUNGE":
            self.exists = max(0, self.exists - 1)
            self.has_news = True
        elif response.kind == b"VANISHED":
            self.has_news = True
            self._vanished(response)
        elif response.kind == b"FETCH":
            self.has_news = True

    def stray(self) -> None:
        """Data of a message that was not asked for came along."""
        self.has_news = True

    def _vanished(self, response: Response) -> None:
        try:
            values = response.values()
            if values and not isinstance(values[0], list):  # (EARLIER) is about the past: it was not counted
                self.exists = max(0, self.exists - len(gone(values, below=HIGHEST + 1)))
        except ParseError as error:
            self.connection.skip(error)
