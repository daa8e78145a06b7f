"""Headers of many messages as they come, and no message lost because the server stumbles over one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..contract import RemoteMessage
from .answers import limit
from .command import Command, Part
from .connection import Connection
from .fetch import PLAIN, SUMMARY, Fetched, fetched
from .lexer import ParseError, Response
from .sets import compress, windows

Window = tuple[str, Sequence[int]]
_STRUCTURE = "The server could not describe how this message is built."
_UNREADABLE = "The server cannot give this message{}."


class Gathering:
    """One run of `headers`. `stray` is called for data that nobody asked for; `check` before each command."""

    def __init__(self, connection: Connection, stray: Callable[[], None], check: Callable[[], None]) -> None:
        self._connection = connection
        self._stray = stray
        self._check = check
        self._partial: dict[int, Fetched] = {}
        self._stumbled = False
        """Something could not be read since a command ended last."""
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
                is_over = self._is_clean(said) and limit(said) is None
                doubtful += [uid for uid in window if uid not in self.seen and (uid in self._partial or not is_over)]
        yield from self._again(doubtful)

    def range(self, command: tuple[Part, ...], low: int, high: int) -> Iterator[RemoteMessage]:
        """Whatever one command gives with a uid in [low, high]; then `is_complete` says whether that was all."""
        self._check()
        for said in self._connection.stream([command], (b"FETCH",)):
            if isinstance(said, Response):
                if (message := self._take(said, range(low, high + 1))) is not None:
                    yield message
            else:
                self.is_complete = self._is_clean(said) and limit(said) is None and not self._partial

    def _commands(self, uids: Sequence[int], asked: deque[Window]) -> Iterator[tuple[Part, ...]]:
        for window in windows(uids):
            self._check()
            asked.append(window)
            yield b"UID FETCH", window[0].encode("ascii"), SUMMARY

    def _take(self, response: Response, wanted: Iterable[int]) -> RemoteMessage | None:
        """The message, once all of it is here. Data without a uid or of another message are never believed."""
        try:
            found = fetched(response)
        except ParseError as error:
            self._connection.skip(error)
            self._stumbled = True
            return None
        uid = found.uid
        if not uid or uid not in wanted or uid in self.seen:
            self._stray()
            return None
        if uid in self._partial:
            before = self._partial.pop(uid)
            before.add(found)
            found = before
        if not found.is_whole():
            self._partial[uid] = found
            return None
        self.seen.add(uid)
        return found.message()

    def _is_clean(self, command: Command) -> bool:
        """Whether the command succeeded and all of its answer could be read."""
        stumbled, self._stumbled = self._stumbled, False
        return command.is_ok and not command.broken and not stumbled

    def _again(self, uids: Sequence[int]) -> Iterator[RemoteMessage]:
        """What was left out: asked for once more in the plainest way, and in ever smaller parts."""
        waiting: list[Sequence[int]] = [window for _, window in windows(uids)][::-1]
        while waiting:
            window = waiting.pop()
            found: dict[int, RemoteMessage] = {}
            is_clean, words = True, ""
            self._check()
            asked = (b"UID FETCH", compress(window).encode("ascii"), PLAIN)
            for said in self._connection.stream([asked], (b"FETCH",)):
                if isinstance(said, Command):
                    is_clean, words = self._is_clean(said), "" if said.is_ok else said.words
                elif (message := self._take(said, frozenset(window))) is not None:
                    found[message.uid] = message
            for message in found.values():
                yield _noted(message, _STRUCTURE)
            left = [uid for uid in window if uid not in found]
            for uid in left:
                if (partial := self._partial.get(uid)) is not None and partial.body is not None:
                    self.seen.add(uid)
                    yield partial.message(_STRUCTURE)
            left = [uid for uid in left if uid not in self.seen]
            if is_clean or not left:
                continue
            if len(left) == 1:
                partial = self._partial.pop(left[0], Fetched(left[0]))
                yield partial.message(_UNREADABLE.format(f": {words.rstrip('.! ')}" if words else ""))
            else:
                half = len(left) // 2
                waiting += [left[half:], left[:half]]


def _noted(message: RemoteMessage, note: str) -> RemoteMessage:
    return RemoteMessage(
        message.uid, message.flags, message.size, message.internal_date, message.header, b"", False, note
    )
