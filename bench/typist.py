"""The program in a pseudo-terminal of 160×48, and how long it takes from a key to what it paints."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

COLUMNS, ROWS = 160, 48
QUIET = 0.06
"""Seconds without output after which a paint is over."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of many keys, and the octets of an ordinary one."""

    half: float
    all_but_one: float
    """Of a hundred."""
    octets: int
    work: float
    """What the main thread computed."""
    most_work: float
    """The same of all but one of a hundred."""


Sized = tuple[int, int]
"""Columns and rows."""
Pressed = tuple[float, int, float]
"""Of one key: seconds until the first of it is painted, octets until it is quiet, seconds that the main thread ran."""


def timed(found: Sequence[Pressed]) -> Timed:
    times, octets, works = (sorted(one[part] for one in found) for part in range(3))
    half, last = len(found) // 2, min(len(found) - 1, len(found) * 99 // 100)
    return Timed(times[half], times[last], int(octets[half]), works[half], works[last])


class Typist:
    """One run of a program; ends with the block."""

    def __init__(self, *arguments: str) -> None:
        """What Python is started with."""
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.execvpe(sys.executable, [sys.executable, *arguments], environ)
        self.resize(COLUMNS, ROWS)

    def __enter__(self) -> Typist:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, words: bytes, seconds: float = 60.0) -> bytes:
        """Reads on until something is written that holds these words."""
        seen = b""
        end = time.perf_counter() + seconds
        while words not in seen:
            if time.perf_counter() > end:
                raise SystemExit(f"{words!r} was never written; the last was {seen[-2000:]!r}")
            seen += self._read(0.1)
        return seen

    def quiet(self, seconds: float = QUIET, most: float = 2.0) -> int:
        """Reads on until nothing was written for so long, or for `most` seconds; how many octets there were."""
        octets, end = 0, time.perf_counter() + most
        while time.perf_counter() < end and (data := self._read(seconds)):
            octets += len(data)
        return octets

    def press(self, keys: bytes | Sized) -> Pressed:
        """What these keys change, or another size of the terminal."""
        while self._read(0.0):
            pass
        computed = self._computed()
        begun = time.perf_counter()
        if isinstance(keys, bytes):
            os.write(self._terminal, keys)
        else:
            self.resize(*keys)
        first = self._read(5.0)
        took = time.perf_counter() - begun
        octets = len(first) + self.quiet(0.01, 0.05)
        return took, octets, self._computed() - computed

    def _computed(self) -> float:
        """Seconds that the main thread ran on a processor since it began."""
        return int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9

    def pressed(self, keys: Sequence[bytes | Sized], times: int) -> Timed:
        """These in turn."""
        return timed([self.press(keys[turn % len(keys)]) for turn in range(times)])

    def resident(self) -> int:
        """Octets of memory that the program holds."""
        fields = Path(f"/proc/{self.pid}/status").read_text().split("VmRSS:")[1].split()
        return int(fields[0]) * 1024

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._terminal], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._terminal, 1 << 20)
        except OSError:
            return b""  # EIO: the program has ended


def on(config: Path) -> Typist:
    """The program on a configuration."""
    return Typist("-m", "tui_mail", "--config", str(config))


def echo(times: int) -> Timed:
    """A program that only writes what it reads: what the machine itself takes."""
    loop = "import os, tty; tty.setraw(0); os.write(1, b'ready')\nwhile True: os.write(1, os.read(0, 9))"
    with Typist("-c", loop) as typist:
        typist.until(b"ready")
        return typist.pressed([b"j"], times)
