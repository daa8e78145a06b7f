"""Headers of many messages as they come, and no message lost because the server stumbles over one."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator, Sequence

from ..contract import RemoteMessage
from .answers import limit
from .asking import Asking
from .command import Command, Part
from .fetch import IDS, PLAIN, SUMMARY, Fetched, fetched, in_one_stride, summary
from .lexer import ParseError, Response
from .opened import Opened
from .sets import compress, windows

_WINDOW = 200
"""Messages a command asks for: enough to keep the line busy, few enough for somebody else to get a turn."""
Window = tuple[str, Sequence[int]]
_STRUCTURE = "The server could not describe how this message is built."
_PATIENCE = 5
"""After so many messages that could not be described, the others are asked for plainly and together."""
_UNREADABLE = "The server cannot give this message{}."


class Gathering:
    """One run of `headers` over the folder that is open."""

    def __init__(self, opened: Opened) -> None:
        self._connection = opened.connection
        self._opened = opened
        self._partial: dict[int, Fetched] = {}
        self._sizes: dict[str, int] = {}
        """By the server's own name for a mail: two mails of one name prove that it makes them up."""
        self._stumbled = False
        """Something could not be read since a command ended last."""
        self._refused: Command | None = None
        """The last one that the server would not do, not saying why."""
        self.seen: set[int] = set()
        """Uids that came whole."""
        self.is_complete = True
        """`range` got all there is."""

    def all(self, uids: Sequence[int]) -> Iterator[RemoteMessage]:
        """These messages, in windows; those that are gone are missing."""
        wanted = frozenset(uids)
        asked: deque[Window] = deque()
        doubtful: list[int] = []
        stream = self._connection.stream(self._commands(uids, asked), (b"FETCH",))
        for said in stream:
            if isinstance(said, Response):
                if (message := self._take(said, wanted)) is not None:
                    yield message
            else:
                _, window = asked.popleft()
                is_over = self._is_clean(said)
                doubtful += [uid for uid in window if uid not in self.seen and (uid in self._partial or not is_over)]
        refused, self._refused = self._refused, None
        left = Asking(self._opened).left(refused, doubtful) if doubtful and refused is not None else None
        if left is None:
            yield from self._again(doubtful)
        else:
            yield from self.all(left)  # those that are gone were all that it was refused for

    def range(self, command: tuple[Part, ...], low: int, high: int) -> Iterator[RemoteMessage]:
        """What one FETCH, its items added, gives with a uid in [low, high]; `is_complete` says whether that was all."""
        self._opened.check()
        for said in self._connection.stream([(*command, self._items)], (b"FETCH",)):
            if isinstance(said, Response):
                if (message := self._take(said, range(low, high + 1))) is not None:
                    yield message
            else:
                self.is_complete = self._is_clean(said) and not self._partial

    def _commands(self, uids: Sequence[int], asked: deque[Window]) -> Iterator[tuple[Part, ...]]:
        for window in windows(uids, self._opened.at_once(_WINDOW)):
            self._opened.check()
            asked.append(window)
            yield b"UID FETCH", window[0].encode("ascii"), self._items

    @property
    def _items(self) -> bytes:
        return summary(self._opened.can)

    def _take(self, response: Response, wanted: Container[int]) -> RemoteMessage | None:
        """The message, once all of it is here. Data without a uid or of another message are never believed."""
        if (message := in_one_stride(response)) is not None and message.uid not in self._partial:
            if message.uid not in wanted or message.uid in self.seen:
                self._opened.stray()
                return None
            self.seen.add(message.uid)
            return message
        try:
            found = fetched(response)
        except ParseError as error:
            self._connection.skip(error)
            self._stumbled = True
            return None
        uid = found.uid
        if not uid or uid not in wanted or uid in self.seen:
            self._opened.stray()
            return None
        if uid in self._partial:
            before = self._partial.pop(uid)
            before.add(found)
            found = before
        if not found.is_whole():
            self._partial[uid] = found
            return None
        self.seen.add(uid)
        if found.mail and self._sizes.setdefault(found.mail, found.size or 0) != found.size:
            self._opened.latched |= IDS.keys()
        if found.mail and IDS.keys() <= self._opened.latched:
            found.mail = found.thread = ""
        return found.message()

    def _is_clean(self, command: Command) -> bool:
        """Whether the command did all it was asked and all of its answer could be read."""
        stumbled, self._stumbled = self._stumbled, False
        if command.outcome == b"BAD" or (command.outcome == b"NO" and not command.code):
            self._refused = command
            self._opened.latched |= IDS.keys()  # whatever else it did not like, without these it is asked again
        return command.is_ok and not command.broken and not stumbled and limit(command) is None

    def _again(self, uids: Sequence[int]) -> Iterator[RemoteMessage]:
        """What was left out: asked for once more in ever smaller parts, and the last ones in the plainest way."""
        waiting: list[Sequence[int]] = [window for _, window in windows(uids, self._opened.at_once(_WINDOW))][::-1]
        given_up = 0
        while waiting:
            window = waiting.pop()
            is_plain = len(window) == 1 or given_up > _PATIENCE
            is_clean, words, found = self._ask(window, PLAIN if is_plain else SUMMARY)
            for message in found:
                yield _noted(message, _STRUCTURE) if is_plain else message
            left = [uid for uid in window if uid not in self.seen and (uid in self._partial or not is_clean)]
            if is_plain and len(left) == 1:
                given_up += 1
                self.seen.add(left[0])
                partial = self._partial.pop(left[0], Fetched(left[0]))
                said = f": {words.rstrip('.! ')}" if words else ""
                yield partial.message(_STRUCTURE if partial.body is not None else _UNREADABLE.format(said))
            elif left:
                given_up += is_plain
                half = (len(left) + 1) // 2
                waiting += [part for part in (left[half:], left[:half]) if part]

    def _ask(self, window: Sequence[int], items: bytes) -> tuple[bool, str, list[RemoteMessage]]:
        """(whether all of the answer could be read, why not in the server's words, what came)."""
        self._opened.check()
        found: list[RemoteMessage] = []
        is_clean, words = True, ""
        parts = (b"UID FETCH", compress(window).encode("ascii"), items)
        for said in self._connection.stream([parts], (b"FETCH",)):
            if isinstance(said, Command):
                is_clean, words = self._is_clean(said), "" if said.is_ok else said.words
            elif (message := self._take(said, frozenset(window))) is not None:
                found.append(message)
        return is_clean, words, found


def _noted(message: RemoteMessage, note: str) -> RemoteMessage:
    return RemoteMessage(
        message.uid, message.flags, message.size, message.internal_date, message.header, b"", False, note
    )
