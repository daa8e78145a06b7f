"""The program in a real pseudo-terminal: bytes in as from a keyboard, a picture out as on a screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping
from typing import Any

import pyte

from tui_mail.ui.terminal.answers import QUESTIONS

_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9;]*\$p|\x1b\[>q|\x1b[_P][^\x1b]*\x1b\\")
"""What pyte misreads: the kitty keyboard protocol, mode queries, the question for a name, pictures."""
_BEGUN = re.compile(rb"\x1b(?:[_P][^\x1b]*\x1b?)?\Z")
"""The beginning of a picture, or of anything."""


class Tui:
    """One run of one program. `until` waits for output with a deadline; nothing here sleeps."""

    def __init__(
        self, argv: list[str], env: Mapping[str, str], columns: int = 100, rows: int = 30, answers: str = ""
    ) -> None:
        """`answers`: what this terminal says when it is asked what it can."""
        self._answers = answers
        self._begun = b""
        self.screen: Any = pyte.Screen(columns, rows)  # Any: pyte has no types
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.status: int | None = None
        self.fd, self._child_end = pty.openpty()
        self._size(columns, rows)
        self.before = termios.tcgetattr(self._child_end)
        plain = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC"}
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.fd)
            os.setsid()
            fcntl.ioctl(self._child_end, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(self._child_end, number)
            here = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
            os.execvpe(argv[0], argv, {**here, **plain, **env})

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._child_end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds: float = 0.05) -> bool:
        """Takes in what was written; False where nothing came."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False  # EIO: the other end is closed
        self.raw += data
        if self._answers and QUESTIONS.encode() in self.raw:
            os.write(self.fd, self._answers.encode())
            self._answers = ""
        seen = _UNKNOWN.sub(b"", self._begun + data)
        begun = _BEGUN.search(seen)
        self._begun = begun[0] if begun else b""
        self._stream.feed(seen[: len(seen) - len(self._begun)])
        return bool(data)

    @property
    def text(self) -> str:
        """What the picture says. The second half of a wide character is an empty cell, and may be all that is left
        of it in the midst of a change of size, which pyte's own `display` does not bear."""
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        return "\n".join("".join(self.screen.buffer[y][x].data for x in columns).rstrip() for y in rows)

    def until(self, pattern: str, seconds: float = 60) -> Tui:
        """Waits until the picture holds the pattern."""
        end = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            if time.monotonic() > end:
                raise AssertionError(f"never saw {pattern!r}:\n{self.text}")
            self.pump()
        return self

    def quiet(self) -> Tui:
        """Waits until nothing more is written."""
        while self.pump(0.3):
            pass
        return self

    def send(self, keys: str | bytes) -> Tui:
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)
        return self

    def resize(self, columns: int, rows: int) -> Tui:
        self.screen.resize(rows, columns)
        self._size(columns, rows)
        return self

    def signal(self, number: signal.Signals) -> Tui:
        os.kill(self.pid, number)
        return self

    def hang_up(self) -> Tui:
        """Closes the terminal, as a dropped connection does."""
        os.close(self._child_end)
        os.close(self.fd)
        self.fd = self._child_end = -1
        return self

    @property
    def is_running(self) -> bool:
        if self.status is None:
            self._reap(os.WNOHANG)
        return self.status is None

    def wait(self, seconds: float = 30) -> int:
        """The exit code; below zero the signal that killed it."""
        end = time.monotonic() + seconds
        while self.status is None:
            if time.monotonic() > end:
                raise AssertionError(f"did not end:\n{self.text}")
            if self.fd >= 0:
                self.pump(0.02)
            self._reap(os.WNOHANG)
        if self.fd >= 0:
            self.quiet()
        return self.status

    def _reap(self, options: int) -> None:
        pid, status = os.waitpid(self.pid, options)
        if pid:
            self.status = os.waitstatus_to_exitcode(status)

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was: its modes, and the screen that was there before."""
        left = self.raw.rfind(b"\x1b[?1049l") > self.raw.rfind(b"\x1b[?1049h")
        return left and termios.tcgetattr(self._child_end) == self.before

    def close(self) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self._reap(0)
        for fd in (self.fd, self._child_end):
            if fd >= 0:
                os.close(fd)
