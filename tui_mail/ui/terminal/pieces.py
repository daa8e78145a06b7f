"""Input that comes in pieces, put together again: no sequence is cut in two, and what is pasted is one piece."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ESCAPE_WAIT = 0.025
"""Seconds after which a lone ESC is the Escape key. Over slow lines sequences mostly arrive in one piece."""
_SEQUENCE_WAIT = 0.3
"""The same for the beginning of a sequence, which no key but Alt-[ sends."""
_MEMORY = 1.0
"""Seconds in which the rest of a sequence may follow an ESC that was taken for the key."""
_BEGIN, _END = "\x1b[200~", "\x1b[201~"
"""Around what is pasted."""
_PART = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,4})?\Z")
_REST = re.compile(r"\[[0-?]{0,40}[ -/]{0,4}[@-~]")
"""A sequence without its ESC; fingers do not type two keys at once."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What stood between the two marks of a paste."""

    text: str


class Pieces:
    """One reader at a time. A letter of a paste that is taken for a key may be a command that nobody gave."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held = ""
        self._pasted: list[str] | None = None
        """What of a paste is here while its end is not."""
        self._escaped = 0.0
        """When an ESC was given up that may have been the first octet of a sequence."""

    @property
    def wait(self) -> float | None:
        """Seconds until what is kept back is to be given up; None where nothing is."""
        if not self._held or self._pasted is not None:
            return None
        return ESCAPE_WAIT if self._held == "\x1b" else _SEQUENCE_WAIT

    def feed(self, text: str) -> Iterator[str | Pasted]:
        """Keys and sequences as they came, and pastes."""
        if self._pasted is None and self._clock() - self._escaped < _MEMORY and _REST.match(text):
            text = f"\x1b{text}"
        self._escaped = 0.0
        text, self._held = self._held + text, ""
        while text:
            if self._pasted is None:
                before, begin, text = text.partition(_BEGIN)
                if begin:
                    self._pasted = []
                elif part := _PART.search(before):
                    before, self._held = before[: part.start()], part[0]
                if before:
                    yield before
            else:
                inside, end, text = text.partition(_END)
                if not end and (part := _PART.search(inside)):
                    inside, self._held = inside[: part.start()], part[0]
                self._pasted.append(inside)
                if end:
                    whole, self._pasted = "".join(self._pasted), None
                    yield Pasted(whole.replace("\0", ""))

    def give_up(self) -> str:
        """What was kept back, since nothing followed."""
        if self._pasted is not None:
            return ""
        text, self._held = self._held, ""
        if text == "\x1b":
            self._escaped = self._clock()
        return text
