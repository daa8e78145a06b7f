"""Cuts what comes off the wire into responses, within limits; knows nothing of sockets."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from typing import IO

from tui_mail.model.errors import StorageFailed

from .lexer import Frame

_LITERAL = re.compile(rb"\{(\d{1,20})\+?\}\r\n\Z")
_WORDS = re.compile(rb"\+|\* *(?:OK|NO|BAD|BYE|PREAUTH)\b|[^*]", re.I)
"""Lines that end in words for people: `{5}` at their end announces nothing."""
_USUAL = re.compile(rb"\* \d{1,10} FETCH [^\n]*(?:\{(\d{1,5})\}|[^}\n])\r\n")
_CLOSE = b")\r\n"
_MOST_LITERALS = 50_000


class OutOfStep(Exception):
    """The other side sends what no server may; nothing after it can be understood."""


class Reader:
    """Feed it octets in any cut; `next` gives whole responses.

    Memory follows what has arrived, never what was announced. A literal above `spill` octets waits in an unnamed
    temporary file until it is whole.
    """

    def __init__(self, *, longest_line: int = 8 << 20, longest_literal: int = 256 << 20, spill: int = 1 << 20) -> None:
        self._longest_line = longest_line
        self._longest_literal = longest_literal
        self._spill = spill
        self._buffer = bytearray()
        self._at = 0
        self._scan = 0
        self._lines: list[bytes] = []
        self._literals: list[bytes] = []
        self._text = 0
        """Octets of the lines of the response that is being put together."""
        self._held = 0
        """Octets of its literals."""
        self._missing = 0
        """Octets of the current literal that are still to come."""
        self._announced = 0
        self._file: IO[bytes] | None = None
        self.greets = False
        """The greeting is still to come: there a blank line counts."""

    def feed(self, octets: bytes) -> None:
        if self._at > 1 << 16:
            del self._buffer[: self._at]
            self._scan -= self._at
            self._at = 0
        self._buffer += octets

    @property
    def is_between(self) -> bool:
        """Nothing waits here: neither half a response nor a whole one."""
        return self._at == len(self._buffer) and not self._lines

    @property
    def progress(self) -> tuple[int, int] | None:
        """(octets so far, octets in all) of the literal that is on its way, or None."""
        if not self._missing:
            return None
        here = self._announced - self._missing + (len(self._buffer) - self._at)
        return min(here, self._announced), self._announced

    def rest(self) -> bytes:
        """Takes out what no response was made of yet; only between two responses."""
        octets = bytes(self._buffer[self._at :])
        self._buffer.clear()
        self._at = self._scan = 0
        return octets

    def drop(self) -> None:
        """Forgets everything, the temporary file included."""
        if self._file is not None:
            with suppress(OSError):  # a full disk may fail once more on flush
                self._file.close()
            self._file = None
        self._buffer.clear()
        self._at = self._scan = self._announced = self._missing = self._text = self._held = 0
        self._lines, self._literals = [], []

    def next(self) -> Frame | None:
        """The next whole response, or None: feed more. Raises OutOfStep, StorageFailed."""
        if (frame := self.usual()) is not None:
            return frame
        while True:
            if self._announced and not self._literal_is_whole():
                return None
            line = self._line()
            if line is None:
                return None
            announced = None
            if line.endswith(b"}\r\n") and (self._lines or not _WORDS.match(line)):
                announced = _LITERAL.search(line)
            if announced is not None:
                self._lines.append(line)
                self._announce(int(announced[1]))
            elif self._lines:
                frame = Frame((*self._lines, line), tuple(self._literals))
                self._lines, self._literals = [], []
                self._text = self._held = 0
                return frame
            elif len(line) > 2 or line.strip() or self.greets:
                # a stray blank line is no response, and no harm, but at the very beginning it is no greeting
                self._text = 0
                self.greets = False
                return Frame((line,))

    def usual(self) -> Frame | None:
        """A FETCH in one line, or with one short literal and `)` behind it, where all of that is here: most are so."""
        if self._scan != self._at or self._lines:
            return None
        match = _USUAL.match(self._buffer, self._at)
        if match is None:
            return None
        line, size = match.group(0, 1)
        end = match.end()
        if len(line) > self._longest_line:
            return None
        if size is None:
            frame = Frame((line,))
        else:
            start, end = end, end + int(size)
            if not self._buffer.startswith(_CLOSE, end):
                return None
            frame = Frame((line, _CLOSE), (bytes(self._buffer[start:end]),))
            end += 3
        self._at = self._scan = end
        self._text = 0
        return frame

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\n", self._scan)
        if end < 0:
            self._scan = len(self._buffer)
            if self._text + self._scan - self._at > self._longest_line:
                raise OutOfStep("a line without an end")
            return None
        line = bytes(self._buffer[self._at : end + 1])
        self._at = self._scan = end + 1
        self._text += len(line)
        if self._text > self._longest_line:
            raise OutOfStep("a response without an end")
        return line

    # -- literals

    def _announce(self, size: int) -> None:
        self._held += size
        if self._held > self._longest_literal:
            raise OutOfStep(f"a text of {size} octets")
        if len(self._literals) == _MOST_LITERALS:
            raise OutOfStep("a response of too many pieces")
        if size == 0:
            self._literals.append(b"")
            return
        self._announced = self._missing = size
        if size > self._spill:
            try:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives until the literal is whole
            except OSError as error:
                raise _disk(error) from error

    def _literal_is_whole(self) -> bool:
        here = len(self._buffer) - self._at
        if self._file is not None:
            return self._pour(min(here, self._missing))
        if here < self._missing:
            return False
        end = self._at + self._missing
        self._take(bytes(self._buffer[self._at : end]), end)
        return True

    def _pour(self, count: int) -> bool:
        """Moves `count` octets from the buffer to the file; True once the literal is whole."""
        file = self._file
        if file is None:
            return False
        try:
            with memoryview(self._buffer) as view:
                file.write(view[self._at : self._at + count])
            self._at += count
            self._scan = self._at
            self._missing -= count
            if self._missing:
                return False
            file.seek(0)
            text = file.read()
            file.close()
        except OSError as error:
            raise _disk(error) from error
        self._file = None
        self._take(text, self._at)
        return True

    def _take(self, literal: bytes, end: int) -> None:
        self._literals.append(literal)
        self._at = self._scan = end
        self._announced = self._missing = 0


def _disk(error: OSError) -> StorageFailed:
    return StorageFailed(
        "A large message could not be put aside: the temporary folder cannot be written.",
        remedy="Make room in it, then try again.",
        detail=str(error),
    )
