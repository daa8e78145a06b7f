"""Where letters are taken apart: in processes of their own, within a time, and by hand where there are none."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any  # a value of whatever type the question wants

from tui_mail.mime.parse import Begun, unreadable
from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.errors import BadInput
from tui_mail.model.message import Message

from . import bench
from .opener import Here
from .packing import unpacker

DEADLINE = 2.0
"""Seconds that one letter may take."""
_START = 10.0
"""Seconds that a process may take to begin."""
_CODE = "import sys; sys.path[:] = {path!r}; from tui_mail.engine.bench import main; main()"
_TOO_LONG = "This message takes too long to take apart: it is shown as it came."
_DIED = "This message could not be taken apart: it is shown as it came."
_NO_FORM = "This form of the letter cannot be drawn: it takes too much."


class Workshop:
    """The Opener of the screens: two benches, the first a process that is started before it is needed."""

    def __init__(self, *, deadline: float = DEADLINE, code: str = _CODE) -> None:
        self._deadline = deadline
        self._code = code
        self._free: queue.LifoQueue[_Bench] = queue.LifoQueue()
        self._benches = [_Bench(self._code), _Bench(self._code)]
        self._closed = False

    def start(self) -> None:
        """Begins the first process and waits for nothing; the second begins when both are wanted at once."""
        for one in reversed(self._benches):
            self._free.put(one)
        with contextlib.suppress(_NoBench):  # it is tried again with the first letter
            self._benches[0].begin()

    def close(self) -> None:
        """Ends the processes; who waits for one gets the letter as it came."""
        self._closed = True
        for one in self._benches:
            one.end()

    def parse(self, raw: bytes, begun: Begun | None = None) -> Message:
        """The opened letter, as `mime.parse.parse` says; one that takes too long is shown as it came. Never raises."""
        try:
            message: Message = self._ask(bench.LETTER + raw, unpacker(Message), begun)
            return message
        except _NoBench:
            return Here().parse(raw, begun)
        except TimeoutError:
            return unreadable(raw, _TOO_LONG)
        except (OSError, ValueError):  # the process died of this letter, or wrote what is no answer
            return unreadable(raw, _DIED)

    def form(self, words: str, form: Form, subject: str = "") -> Document:
        """One telling by itself, as `mime.telling.formed` says. Raises BadInput where it takes too long."""
        try:
            asked = json.dumps([words, form, subject]).encode()
            document: Document = self._ask(bench.FORM + asked, unpacker(Document), None)
            return document
        except _NoBench:
            return Here().form(words, form, subject)
        except (OSError, ValueError) as error:
            raise BadInput(_NO_FORM) from error

    def _ask(self, question: bytes, made: Callable[[Any], Any], begun: Callable[[Any], None] | None) -> Any:
        """Raises _NoBench, and TimeoutError, OSError or ValueError after which the process is no more."""
        if self._closed:
            raise _NoBench
        one = self._free.get()
        try:
            return one.ask(question, made, begun, self._deadline)
        except (OSError, ValueError):
            one.end()
            raise
        finally:
            self._free.put(one)


class _NoBench(Exception):
    """The system gives us no process."""


class _Bench:
    """One process, begun again after each that was killed."""

    def __init__(self, code: str) -> None:
        self._code = code.format(path=sys.path)
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: socket.socket | None = None
        self._is_ready = False

    def begin(self) -> None:
        """Starts the process where there is none, and does not wait for it. Raises _NoBench."""
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
            raise _NoBench from error
        finally:
            theirs.close()
        self._pipe, self._is_ready = ours, False

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
        if self._pipe is not None:
            self._pipe.close()

    def ask(
        self, question: bytes, made: Callable[[Any], Any], begun: Callable[[Any], None] | None, seconds: float
    ) -> Any:
        """Raises TimeoutError, OSError or ValueError where no answer comes, _NoBench where there is no process."""
        self.begin()
        if not self._is_ready:
            self._await_ready()
        deadline = time.monotonic() + seconds
        self._write(bench.LENGTH.pack(len(question)) + question, deadline)
        while (answer := self._answer(deadline))[:1] == bench.BEGINNING:
            if begun is not None:
                begun(made(json.loads(answer[1:])))
        return made(json.loads(answer[1:]))

    def _answer(self, deadline: float) -> bytes:
        (length,) = bench.LENGTH.unpack(self._read(bench.LENGTH.size, deadline))
        return self._read(length, deadline)

    def _await_ready(self) -> None:
        try:
            self._read(len(bench.READY), time.monotonic() + _START)
        except OSError as error:
            self.end()
            raise _NoBench from error
        self._is_ready = True

    def _write(self, octets: bytes, deadline: float) -> None:
        self._timed(deadline).sendall(octets)

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
