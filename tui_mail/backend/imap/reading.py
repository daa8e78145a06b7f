"""What is asked of the open folder: headers, uids, flags, whole messages; complete, or an exception."""

from __future__ import annotations

from collections.abc import Iterator

from tui_mail.mime.facts import facts
from tui_mail.model.errors import Cancelled, NotFound, Refused
from tui_mail.model.message import Flags

from ..contract import RemoteMessage, Tell, Uids
from .answers import esearch, limit, number, search
from .asking import Asking
from .command import Command, Part
from .fetch import IDENTITY, Fetched, fetched
from .gather import Gathering
from .lexer import ParseError
from .opened import Opened
from .refusal import refusal
from .sets import HIGHEST, expand

_NOT_WORTH_READING = 4 << 20
"""Octets of a cancelled message that are read and dropped; above that a new connection is cheaper."""
_TRIES = 3
_ANY = range(1, HIGHEST + 1)


class Reading:
    """Changes nothing on the server, `\\Seen` included."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._connection = opened.connection
        self._asking = Asking(opened)

    # -- headers

    def newest(self, count: int) -> list[RemoteMessage]:
        exists = self._opened.exists
        if exists < 1 or count < 1:
            return []
        self._connection.settle(wholly=True)  # sequence numbers hold only while nothing else is on the way
        gathering = self._gathering()
        found: list[RemoteMessage] = []
        lowest = max(1, exists - count + 1)
        while exists >= lowest:
            low = max(lowest, exists - self._opened.at_once(count) + 1)
            numbers = b"%d:%d" % (low, exists)
            found += gathering.range((b"FETCH", numbers), 1, HIGHEST)
            if not gathering.is_complete:
                try:
                    uids = [each.uid for each in self._asking.plain((b"FETCH", numbers, b"(UID)"), _ANY)]
                except Refused:  # it counts more than it has: then by their uids
                    uids = sorted(self.uids(1))[-count:]
                    low = 1
                found += gathering.all([uid for uid in uids if uid not in gathering.seen])
            exists = low - 1
        return found

    def headers(self, uids: Uids) -> Iterator[RemoteMessage]:
        return self._gathering().all(uids)

    def headers_from(self, uid: int) -> Iterator[RemoteMessage]:
        gathering = self._gathering()
        command = (b"UID FETCH", b"%d:%d" % (uid, HIGHEST))
        yield from gathering.range(command, uid, HIGHEST)
        if not gathering.is_complete:
            yield from gathering.all(sorted(self.uids(uid) - gathering.seen, reverse=True))

    def _gathering(self) -> Gathering:
        return Gathering(self._opened)

    # -- uids and flags

    def uids(self, low: int, high: int | None = None) -> set[int]:
        """Two answers must agree, or the one must agree with EXISTS, before a folder counts as known.

        Some servers count messages in EXISTS that they never show.
        """
        top = HIGHEST if high is None else high
        is_all = low <= 1 and high is None
        asked: set[int] = set()
        for _ in range(_TRIES):
            before = asked
            searched = self._searched(low, top)
            if searched is not None and (len(searched) == self._opened.exists if is_all else searched):
                return searched
            asked = {message.uid for message in self._asking.ranged(low, top, b"(UID)")}
            if searched is not None and len(searched) < len(asked):
                self._opened.latched.add("SEARCH")
            if not is_all or len(asked) == self._opened.exists or (asked and asked in (searched, before)):
                return asked
            self._connection.run(b"NOOP")  # takes in what changed meanwhile, then once more
        raise self._asking.incomplete(len(asked))

    def count(self, low: int) -> int:
        opened = self._opened
        if opened.can("ESEARCH") and not opened.session.quirks.search_lies and "SEARCH" not in opened.latched:
            command = self._connection.run(b"UID SEARCH RETURN (COUNT) UID %d:%d" % (low, HIGHEST), wants=(b"ESEARCH",))
            try:
                found = esearch(command)
            except ParseError as error:
                self._connection.skip(error)
                found = None
            counted = number((found or {}).get(b"COUNT"))
            if command.is_ok and counted is not None and limit(command) is None:
                return counted
            if not command.is_ok:
                self._opened.latched.add("ESEARCH")
        return -1

    def flags(self, low: int, high: int | None = None) -> dict[int, Flags]:
        top = HIGHEST if high is None else high
        is_all = low <= 1 and high is None
        before = -1
        for _ in range(_TRIES):
            found = {message.uid: message.flags or frozenset() for message in self._flagged(low, top)}
            if not is_all or len(found) == self._opened.exists or (found and len(found) == before):
                return found
            before = len(found)
            self._connection.run(b"NOOP")
        raise self._asking.incomplete(len(found))

    def changed_since(self, low: int, modseq: int) -> dict[int, Flags]:
        said = self._flagged(low, HIGHEST, b"(CHANGEDSINCE %d)" % modseq)
        return {message.uid: message.flags or frozenset() for message in said}

    def _flagged(self, low: int, top: int, *modifier: bytes) -> Iterator[Fetched]:
        said = self._asking.ranged(low, top, b"(UID FLAGS)", *modifier)
        return (message for message in said if message.flags is not None)

    def _searched(self, low: int, top: int) -> set[int] | None:
        """By SEARCH; None where that is not to be trusted here, or gave no readable answer."""
        if self._opened.session.quirks.search_lies or "SEARCH" in self._opened.latched:
            return None
        found: set[int] = set()
        while low <= top:
            key = b"ALL" if low <= 1 and top == HIGHEST else b"UID %d:%d" % (low, top)
            is_extended = self._opened.can("ESEARCH")
            verb = b"UID SEARCH RETURN (ALL) " if is_extended else b"UID SEARCH "
            command = self._connection.run(verb + key, wants=(b"ESEARCH", b"SEARCH"))
            if not command.is_ok and is_extended:
                self._opened.latched.add("ESEARCH")
                continue
            uids = self._uids_of(command) if command.is_ok else None
            if uids is None:
                return None
            found |= {uid for uid in uids if low <= uid <= top}
            below = limit(command)
            if below is None:
                return found
            if not low <= below <= top:
                return None
            top = below - 1
        return found

    def _uids_of(self, command: Command) -> set[int] | None:
        extended = [response for response in command.responses if response.kind == b"ESEARCH"]
        try:
            if not extended:
                return search(command)
            found = esearch(command)
            return None if found is None else set(expand(found[b"ALL"])) if found.get(b"ALL") else set()
        except ParseError as error:
            self._connection.skip(error)
            return None

    # -- single messages

    def fetch(self, uid: int, section: bytes, tell: Tell | None) -> bytes:
        """A section of a message as FETCH names it; empty: all of it."""
        wire = self._connection.wire
        wire.tell = tell
        try:
            command = self._connection.run(b"UID FETCH %d (UID BODY.PEEK[%b])" % (uid, section), wants=(b"FETCH",))
        except Cancelled:
            if (progress := wire.progress) is not None and progress[1] - progress[0] > _NOT_WORTH_READING:
                wire.close()
            raise
        finally:
            wire.tell = None
        is_readable, is_there = not command.broken, False
        for response in command.responses:
            try:
                found = fetched(response)
            except ParseError as error:
                self._connection.skip(error)
                is_readable = False
                continue
            is_there = is_there or found.uid == uid
            if found.uid == uid and found.body is not None:
                if tell is not None:
                    tell(len(found.body), len(found.body))
                return found.body
            if found.uid != uid:
                self._opened.stray()
        if not command.is_ok and command.code != b"EXPUNGEISSUED" and self._asking.left(command, (uid,)) is None:
            raise refusal(command, "give this message")
        if not is_readable:
            raise Refused("The server's answer could not be read, so the message was not opened.", permanent=False)
        if is_there:
            raise NotFound("The server has this message, but does not give it.")
        raise NotFound("This message is not on the server any more.")

    def letters(self, uids: Uids) -> Iterator[tuple[int, bytes]]:
        """Whole messages, one command each; whatever a command fails with, its message is only missing."""
        wanted = set(uids)
        for said in self._connection.stream(self._each(uids), (b"FETCH",)):
            if isinstance(said, Command):
                continue
            try:
                found = fetched(said)
            except ParseError as error:
                self._connection.skip(error)
                continue
            if found.uid in wanted and found.body is not None:
                wanted.discard(found.uid)
                yield found.uid, found.body
            elif found.uid not in uids:
                self._opened.stray()

    def _each(self, uids: Uids) -> Iterator[tuple[Part, ...]]:
        for uid in uids:
            self._opened.check()
            yield (b"UID FETCH %d (UID BODY.PEEK[])" % uid,)

    def identity(self, uids: Uids) -> dict[int, tuple[str, int]]:
        found: dict[int, tuple[str, int]] = {}
        for each in self._asking.windowed(uids, IDENTITY):
            if each.body is not None and each.size is not None:
                found[each.uid] = (facts(each.body).message_id, each.size)
        return found

    def find(self, message_id: str, since_uid: int) -> list[int]:
        said = self._asking.ranged(since_uid, HIGHEST, IDENTITY)
        wanted = message_id.strip()
        return sorted(each.uid for each in said if each.body and wanted and facts(each.body).message_id == wanted)
