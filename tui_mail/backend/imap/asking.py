"""FETCH of a few words over the open folder: every answer to it or an exception, and which uids are still there."""

from __future__ import annotations

from collections.abc import Container, Generator, Iterator, Sequence

from tui_mail.model.errors import Refused

from ..contract import Uids
from .answers import limit
from .command import Command
from .fetch import Fetched, fetched
from .lexer import ParseError
from .opened import Opened
from .refusal import refusal
from .sets import HIGHEST, compress, windows

_WINDOW = 500
_STRICT = "UID SETS"
"""Latched where a command may name nothing that is gone.

GNU's imap4d refuses all of a set then, and takes the last message for any uid above it: to mark one that somebody else
removed would mark a letter that nobody meant.
"""
_TRIED = "UID SETS TRIED"
_NOBODY = HIGHEST - 1
"""A uid that no message has; the one above it means the last message to some servers, as `*` does."""


class Asking:
    """Changes nothing on the server."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._connection = opened.connection

    # -- every answer

    def plain(self, parts: tuple[bytes, ...], wanted: Container[int]) -> Generator[Fetched, None, Command]:
        """All answers to one command, or an exception; returns the command."""
        command = yield from self._answers(parts, wanted)
        if not command.is_ok:
            raise refusal(command, "list its messages")
        return command

    def ranged(self, low: int, top: int, *rest: bytes) -> Iterator[Fetched]:
        """Everything with a uid in [low, top]; where the server stops early, it is asked for the rest (RFC 9738)."""
        while low <= top:
            command = yield from self.plain((b"UID FETCH", b"%d:%d" % (low, top), *rest), range(low, top + 1))
            below = limit(command)
            if below is None:
                return
            if not low <= below <= top:
                raise self.incomplete()  # or it would go on for ever
            top = below - 1

    def windowed(self, uids: Uids, items: bytes) -> Iterator[Fetched]:
        """These messages; those that are gone are missing."""
        waiting = [window for _, window in windows(uids, self._opened.at_once(_WINDOW))]
        while waiting:
            window = waiting.pop()
            if self._is_strict and not (window := self._surely(window)):
                continue
            command = yield from self._answers(
                (b"UID FETCH", compress(window).encode("ascii"), items), frozenset(window)
            )
            if not command.is_ok and (left := self.left(command, window)) is not None:
                waiting.append(left)
                continue
            if not command.is_ok:
                raise refusal(command, "list its messages")
            below = limit(command)
            rest = [uid for uid in window if below is not None and uid < below]
            if len(rest) == len(window):
                raise self.incomplete()
            if rest:
                waiting.append(rest)

    def _answers(self, parts: tuple[bytes, ...], wanted: Container[int]) -> Generator[Fetched, None, Command]:
        """What one command answers, refused or not; an exception where that could not be read in full."""
        self._opened.check()
        command: Command | None = None
        is_whole = True
        for said in self._connection.stream([parts], (b"FETCH",)):
            if isinstance(said, Command):
                command = said
                continue
            try:
                found = fetched(said)
            except ParseError as error:
                self._connection.skip(error)
                is_whole = False
                continue
            if found.uid in wanted:
                yield found
            else:
                self._opened.stray()
        if command is None or command.broken or not is_whole:
            raise self.incomplete()
        return command

    def incomplete(self, count: int | None = None) -> Refused:
        where = self._connection.wire.host
        told = "could not be read in full" if count is None else f"names {count} of {self._opened.exists} messages"
        return Refused(f"The list of messages from {where} {told}, so nothing was concluded from it.", permanent=False)

    # -- who is still there

    def present(self, uids: Uids) -> list[int]:
        """Those of the uids that are still there, in their order."""
        return self._among(uids, max(uids)) if uids else []

    def _surely(self, uids: Uids) -> list[int]:
        """As `present`, of a server that might refuse a range in which nobody is.

        That nobody is there is believed only where it lists as many others as there are.
        """
        if not uids:
            return []
        left = self._among(uids, HIGHEST)
        if not left and (count := sum(1 for _ in self.ranged(1, HIGHEST, b"(UID)"))) != self._opened.exists:
            raise self.incomplete(count)
        return left

    def _among(self, uids: Uids, top: int) -> list[int]:
        found = {each.uid for each in self.ranged(min(uids), top, b"(UID)")}
        return [uid for uid in uids if uid in found]

    def left(self, command: Command, uids: Uids) -> list[int] | None:
        """After a refusal that has no reason: who is left of those it named; None where they are all there.

        None as well where the server does not even say that.
        """
        if command.outcome == b"NO" and command.code:
            return None
        try:
            left = self._surely(uids)
        except Refused:
            return None
        if len(left) == len(uids):
            return None
        self._opened.latched.add(_STRICT)
        return left

    def nameable(self, uids: Sequence[int]) -> Sequence[int]:
        """Those that a command that changes something may name: all, or where the server is strict who is there."""
        self._try()
        return self._surely(uids) if self._is_strict else uids

    @property
    def _is_strict(self) -> bool:
        return _STRICT in self._opened.latched

    def _try(self) -> None:
        """Asks for a message that nobody has: once, and only servers of old, which know no UIDPLUS."""
        opened = self._opened
        if _TRIED in opened.latched or opened.can("UIDPLUS") or not opened.exists:
            return
        opened.latched.add(_TRIED)
        command = self._connection.run(b"UID FETCH %d (UID)" % _NOBODY, wants=(b"FETCH",))
        if command.responses or not command.is_ok:
            opened.latched.add(_STRICT)
