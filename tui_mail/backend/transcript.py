"""What was said with the servers lately: the last lines of each connection, made readable only when somebody looks."""

from __future__ import annotations

import itertools
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from tui_mail.model.dialogue import Said
from tui_mail.model.draft import Outgoing

from .contract import Sender, Tell, Trace

KEPT = 2000
"""Lines of one connection."""
_LONGEST = 2000
_LITERAL = re.compile(r"\{\d+\+?\}$")


class Ring:
    """The dialogue of one connection; a Trace. Written by the connection's own thread, read from any."""

    def __init__(self, numbers: Callable[[], int], account: str, protocol: str, line: int) -> None:
        self.account = account
        self.protocol = protocol
        self.line = line
        self._numbers = numbers
        self._lines: deque[tuple[int, float, str, str | bytes, bytes]] = deque(maxlen=KEPT)
        """The last is the line behind it that was heard with it, or empty."""

    def __call__(self, direction: str, text: str) -> None:
        """A line that is text already, secrets masked."""
        self._lines.append((self._numbers(), time.time(), direction, text, b""))

    def hear(self, octets: bytes, behind: bytes = b"") -> None:
        """A line of the server as it came, or two; not of a login. Only kept: it is on the path of every message."""
        self._lines.append((self._numbers(), time.time(), "←", octets[:_LONGEST], behind[:_LONGEST]))

    def said(self, since: int) -> list[Said]:
        """Its lines with a higher number; two that were heard together share one."""
        while True:
            try:
                lines = list(self._lines)
                break
            except RuntimeError:
                continue  # one was added just now
        said = [
            Said(number, at, self.account, self.protocol, self.line, way, _readable(text))
            for number, at, way, first, behind in lines
            if number > since
            for text in ((first, behind) if behind else (first,))
        ]
        return said[-KEPT:]


class Transcript:
    """The rings of every connection. Nothing of it is ever written to a disk."""

    def __init__(self, mask: Callable[[str], str] = str) -> None:
        """`mask` strikes out every password of the run, wherever a server may repeat it."""
        self._mask = mask
        self._numbers = itertools.count(1).__next__
        self._rings: list[Ring] = []

    def ring(self, account: str, protocol: str) -> Ring:
        """For a new connection."""
        line = 1 + sum(1 for one in self._rings if (one.account, one.protocol) == (account, protocol))
        made = Ring(self._numbers, account, protocol, line)
        self._rings.append(made)
        return made

    def shared(self, account: str, protocol: str) -> Ring:
        """For connections that come one after the other."""
        there = (one for one in self._rings if (one.account, one.protocol) == (account, protocol))
        return next(there, None) or self.ring(account, protocol)

    def said(self, since: int = 0) -> list[Said]:
        """What was said after the line with that number, in its order."""
        lines = [line for ring in tuple(self._rings) for line in ring.said(since)]
        lines.sort(key=lambda line: line.number)
        return [replace(line, text=self._mask(line.text)) for line in lines]


class Overheard:
    """A Sender whose dialogues a ring hears too."""

    def __init__(self, sender: Sender, ring: Trace) -> None:
        self._sender = sender
        self._ring = ring

    def send(self, letter: Outgoing, tell: Tell | None = None, trace: Trace | None = None) -> str:
        def both(direction: str, text: str) -> None:
            self._ring(direction, text)
            if trace is not None:
                trace(direction, text)

        return self._sender.send(letter, tell, both)

    def prove(self) -> None:
        self._sender.prove()

    def greet(self) -> None:
        self._sender.greet()

    @property
    def limit(self) -> int | None:
        return self._sender.limit


def _readable(text: str | bytes) -> str:
    """A literal is counted, not shown: `{310} …`."""
    shown = text.decode("utf-8", "replace").rstrip("\r\n") if isinstance(text, bytes) else text
    return f"{shown} …" if _LITERAL.search(shown) else shown
