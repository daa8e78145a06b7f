"""What changes the open folder: flags, moves, removal; by uid only, and never a bare EXPUNGE."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from tui_mail.model.errors import Refused
from tui_mail.model.message import DELETED, Flags

from ..contract import Moved, Uids
from .answers import copied, limit, number
from .asking import Asking
from .command import Command, Part, flag_list, string
from .fetch import fetched
from .lexer import ParseError, Response
from .opened import Opened
from .refusal import refusal, says_unknown
from .sets import windows

_AT_ONCE = 500
_SINGLY = 25
"""Up to so many messages are moved one by one where the server mixes up the uids of several."""


Verb = Callable[[Sequence[int], Part], tuple[Moved, int | None]]
"""Files one window; (what became of it, the uid below which the server stopped)."""


class _TooMuch(Exception):
    """The server does not file so many at once (RFC 9738), although it did not say so before."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class Filing:
    """The verbs that act. Each is over when the server has said so."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._connection = opened.connection
        self._asking = Asking(opened)

    def store(self, uids: Uids, add: Flags, remove: Flags) -> None:
        uids = self._asking.nameable(uids)
        for item, flags in ((b"+FLAGS.SILENT", add), (b"-FLAGS.SILENT", remove)):
            if flags:
                self._over(uids, (b"UID STORE",), (item, flag_list(flags)), f"change {_messages(uids)}")

    def expunge(self, uids: Uids) -> None:
        self.store(uids, frozenset({DELETED}), frozenset())
        self._remove(uids)

    def _remove(self, uids: Uids) -> None:
        """`UID EXPUNGE`; without it what is marked stays marked: a bare EXPUNGE would take other clients' too."""
        if not self._opened.can("UIDPLUS"):
            return
        for text, _ in windows(uids, self._opened.at_once(_AT_ONCE)):
            command = self._connection.run(b"UID EXPUNGE", text.encode("ascii"))
            if says_unknown(command):
                self._opened.latched.add("UIDPLUS")
                return
            if not command.is_ok:
                raise refusal(command, f"remove {_messages(uids)}")

    def move(self, uids: Uids, target: bytes) -> Moved:
        """Where there are several windows and a later one is refused, the earlier ones have moved all the same."""
        return self._file(uids, target, self._move)

    def copy(self, uids: Uids, target: bytes) -> Moved:
        """As `move`; the originals stay."""
        return self._file(uids, target, self._copy)

    def _file(self, uids: Uids, target: bytes, verb: Verb) -> Moved:
        mixes = self._opened.session.quirks.mixes_pairs and len(uids) > 1
        at_once = 1 if mixes and len(uids) <= _SINGLY else self._opened.at_once(_AT_ONCE)
        uidvalidity = 0
        pairs: list[tuple[int, int]] = []
        waiting = [window for _, window in windows(uids, at_once)][::-1]
        while waiting:
            window = waiting.pop()
            try:
                moved, below = verb(window, string(target))
            except _TooMuch as error:
                waiting += [part for _, part in windows(window, error.most)][::-1]
                continue
            uidvalidity = moved.uidvalidity or uidvalidity
            pairs += moved.pairs
            if rest := _below(window, below):
                waiting.append(rest)
        if mixes and at_once > 1:
            return Moved()
        wanted = frozenset(uids)
        return Moved(uidvalidity, tuple(pair for pair in pairs if pair[0] in wanted))

    def _move(self, uids: Sequence[int], target: Part) -> tuple[Moved, int | None]:
        """(what became of them, the uid below which the server stopped)."""
        if not (uids := self._asking.nameable(uids)):
            return Moved(), None
        if self._opened.can("MOVE"):
            command = self._connection.run(b"UID MOVE", _text(uids), target, wants=(b"OK",))
            if command.is_ok:
                return copied(command, command.responses), limit(command)
            if not says_unknown(command):
                return self._the_rest(command, uids, target, self._move, "move")
            self._opened.latched.add("MOVE")
        command = self._connection.run(b"UID COPY", _text(uids), target, wants=(b"OK",))
        if not command.is_ok:
            return self._the_rest(command, uids, target, self._move, "move")
        below = limit(command)
        self.expunge([uid for uid in uids if below is None or uid >= below])
        return copied(command, command.responses), below

    def _copy(self, uids: Sequence[int], target: Part) -> tuple[Moved, int | None]:
        if not (uids := self._asking.nameable(uids)):
            return Moved(), None
        command = self._connection.run(b"UID COPY", _text(uids), target, wants=(b"OK",))
        if not command.is_ok:
            return self._the_rest(command, uids, target, self._copy, "copy")
        return copied(command, command.responses), limit(command)

    def _the_rest(
        self, command: Command, uids: Sequence[int], target: Part, verb: Verb, doing: str
    ) -> tuple[Moved, int | None]:
        """After a refusal: where only some were gone (RFC 5530), those that are still there; else it is an error.

        Raises _TooMuch for what fewer at a time may get done.
        """
        if command.code == b"MESSAGELIMIT" and len(uids) > 1:
            words = command.argument.split()
            most = number(words[0]) if words else None
            raise _TooMuch(max(1, min(most or len(uids), len(uids) // 2)))
        is_told = command.code == b"EXPUNGEISSUED"
        left = self._asking.present(uids) if is_told else self._asking.left(command, uids)
        if left is None or len(left) == len(uids):
            raise refusal(command, f"{doing} {_messages(uids)}")
        before = copied(command, command.responses)
        after, below = verb(left, target) if left else (Moved(), None)
        return Moved(after.uidvalidity or before.uidvalidity, before.pairs + after.pairs), below

    def _over(self, uids: Uids, before: tuple[bytes, ...], after: tuple[bytes, ...], doing: str) -> None:
        """One command over all windows, several on the way at a time; then whatever a limit left out."""
        ours = frozenset(uids)
        waiting = list(windows(uids, self._opened.at_once(_AT_ONCE)))
        while waiting:
            commands = [(*before, text.encode("ascii"), *after) for text, _ in waiting]
            asked, waiting = waiting, []
            failed: list[tuple[Command, Sequence[int]]] = []
            turn = iter(asked)
            for said in self._connection.stream(commands, (b"FETCH",)):
                if isinstance(said, Response):
                    self._overhear(said, ours)
                    continue
                _, window = next(turn)
                if not said.is_ok and said.code != b"EXPUNGEISSUED":
                    failed.append((said, window))
                else:
                    waiting += windows(_below(window, limit(said)), self._opened.at_once(_AT_ONCE))
            for command, window in failed:
                if (left := self._asking.left(command, window)) is None:
                    raise refusal(command, doing)
                waiting += windows(left, self._opened.at_once(_AT_ONCE))

    def _overhear(self, response: Response, ours: Container[int]) -> None:
        """`FETCH (UID 5 MODSEQ (9))` of our own change is no news; anything else is."""
        try:
            found = fetched(response)
        except ParseError:
            found = None
        if found is None or found.uid not in ours:
            self._opened.stray()


def _below(window: Sequence[int], limit: int | None) -> list[int]:
    """What a limit left to do. Raises Refused where it left everything: then asking again would never end."""
    rest = [uid for uid in window if limit is not None and uid < limit]
    if rest and len(rest) == len(window):
        raise Refused(f"The server would do nothing with {_messages(window)} at once.", code="MESSAGELIMIT")
    return rest


def _text(uids: Sequence[int]) -> bytes:
    return next(windows(uids, len(uids), len(uids) * 12))[0].encode("ascii")


def _messages(uids: Sequence[int]) -> str:
    return "1 message" if len(uids) == 1 else f"{len(uids)} messages"
