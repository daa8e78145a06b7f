"""A process beside the program that answers questions, and may be killed at any time."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from .serving import LENGTH, READY

_START = 10.0
"""Seconds that a process may take to begin."""


class NoCompanion(Exception):
    """The system gives us no process."""


class Companion:
    """One process, begun again after each that was killed. One thread at a time asks; any may interrupt it."""

    def __init__(self, code: str) -> None:
        """`code` is what the process runs, which ends in `serving.serve`; `{path}` in it is our own way to modules."""
        self._code = code.format(path=sys.path)
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: socket.socket | None = None
        self._is_ready = False

    def begin(self) -> None:
        """Starts the process where there is none, and does not wait for it. Raises NoCompanion."""
        if self._process is not None:
            return
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", self._code],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # ^C in the terminal is not meant for it; it ends with the pipe
            )
        except OSError as error:
            ours.close()
            raise NoCompanion from error
        finally:
            theirs.close()
        self._pipe, self._is_ready = ours, False

    def interrupt(self) -> None:
        """Whoever asks hears that the process ended."""
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
        if self._pipe is not None:
            self._pipe.close()

    def ask(self, question: bytes, seconds: float) -> Iterator[bytes]:
        """The answers as they come, until the asker has heard enough.

        Raises TimeoutError or OSError where no answer comes, NoCompanion where there is no process.
        """
        self.begin()
        if not self._is_ready:
            self._await_ready()
        deadline = time.monotonic() + seconds
        self._timed(deadline).sendall(LENGTH.pack(len(question)) + question)
        while True:
            (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
            yield self._read(length, deadline)

    def _await_ready(self) -> None:
        try:
            self._read(len(READY), time.monotonic() + _START)
        except OSError as error:
            self.end()
            raise NoCompanion from error
        self._is_ready = True

    def _read(self, length: int, deadline: float) -> bytes:
        octets = bytearray()
        while len(octets) < length:
            piece = self._timed(deadline).recv(min(length - len(octets), 1 << 20))
            if not piece:
                raise ConnectionResetError("the process ended")
            octets += piece
        return bytes(octets)

    def _timed(self, deadline: float) -> socket.socket:
        left = deadline - time.monotonic()
        if self._pipe is None or left <= 0:
            raise TimeoutError
        self._pipe.settimeout(left)
        return self._pipe
