"""What a test can make the server do wrong."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass


@dataclass(slots=True)
class _Rule:
    pattern: re.Pattern[str]
    left: int | None
    reply: str = ""
    carried_out: bool = True

    def takes(self, command: str) -> bool:
        if self.left == 0 or not self.pattern.search(command):
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Faults:
    """Switches that hold for all connections of one server; callable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refusals: list[_Rule] = []
        self._cuts: list[_Rule] = []
        self._octets: int | None = None
        self.held = False

    def refuse(self, pattern: str, reply: str, times: int | None = 1) -> None:
        """Answers matching commands with `reply` instead of doing them; None is for ever."""
        with self._lock:
            self._refusals.append(_Rule(re.compile(pattern, re.I), times, reply))

    def cut(
        self, after: str | None = None, *, octets: int | None = None, carried_out: bool = True, times: int | None = 1
    ) -> None:
        """Ends a connection without an answer to a matching command, or when `octets` more were sent to clients."""
        with self._lock:
            if after is not None:
                self._cuts.append(_Rule(re.compile(after, re.I), times, carried_out=carried_out))
            if octets is not None:
                self._octets = octets

    def clear(self) -> None:
        """Nothing is wrong any more (a held server stays held)."""
        with self._lock:
            self._refusals.clear()
            self._cuts.clear()
            self._octets = None

    def refusal(self, command: str) -> str | None:
        """The reply that this command gets instead of being done, or None."""
        with self._lock:
            return next((rule.reply for rule in self._refusals if rule.takes(command)), None)

    def cutting(self, command: str) -> bool | None:
        """None: no cut. Else whether the command is carried out before the connection ends."""
        with self._lock:
            return next((rule.carried_out for rule in self._cuts if rule.takes(command)), None)

    def allowed(self, octets: int) -> int | None:
        """How many of these octets may still go out before the cut; None where there is none."""
        with self._lock:
            if self._octets is None or octets < self._octets:
                if self._octets is not None:
                    self._octets -= octets
                return None
            left, self._octets = self._octets, None
            return left
