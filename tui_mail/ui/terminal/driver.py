"""Reads keys without waiting: the toolkit's own Linux driver with its polls taken out."""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import struct
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Any

from textual import events
from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from .answers import CELL_QUESTION, QUESTIONS, Answers, may_ask
from .pieces import ESCAPE_WAIT, Pasted, Pieces

EXPECTED = ("run_input_thread", "disable_input", "start_application_mode", "process_message", "fileno")


class Telling:
    """The terminal as a file, for the thread that writes to it: says when all of it is written."""

    def __init__(self, file: IO[str] | None, written: Callable[[], None]) -> None:
        self._file, self._written = file, written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)  # Any: whatever the toolkit asks of a file

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()
        self._written()


class FastDriver(LinuxDriver):
    """A pipe wakes the reading thread, so leaving and suspending take 4 ms where the polls took 200.

    Bytes that are not UTF-8 become U+FFFD (the stock driver crashes), and a terminal that is gone ends the program.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # Any: whatever this version of the toolkit hands its drivers
        self._stopping = False
        self._wake: int | None = None
        self._answers = Answers()
        if written := getattr(self._app, "written", None):
            self._file = Telling(self._file, written)  # type: ignore[assignment]  # all that the toolkit asks of it

    def start_application_mode(self) -> None:
        self._stopping = False
        self._woken, self._wake = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # the toolkit's is not annotated
        self._ask(QUESTIONS)

    def stop_application_mode(self) -> None:
        if farewell := getattr(self._app, "terminal_farewell", None):
            self.write(farewell())
        super().stop_application_mode()

    def ask_cell(self) -> None:
        """Asks again how large a cell is: the person may have chosen another size of letters."""
        self._ask(CELL_QUESTION)

    def _ask(self, questions: str) -> None:
        if self.input_tty and self._writer_thread is not None and may_ask(os.environ):
            self._answers.asked()
            self.write(questions)
            self.flush()

    def disable_input(self) -> None:
        self._stopping = True
        if self._wake is not None:
            with contextlib.suppress(BrokenPipeError):  # the reading thread has just ended by itself
                os.write(self._wake, b"x")
        super().disable_input()
        if self._wake is not None:  # closed here alone: the thread might close it in the middle of the write
            os.close(self._wake)
            self._wake = None

    def run_input_thread(self) -> None:
        woken = self._woken
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        answers, pieces = self._answers, Pieces()
        selector = selectors.DefaultSelector()
        selector.register(self.fileno, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        touched: Callable[[], None] = getattr(self._app, "touched", _nobody)
        patience: float | None = None
        try:
            while not (self._stopping or self.exit_event.is_set()):
                ready = selector.select(patience)
                came = any(key.fd == self.fileno for key, _ in ready)
                if came:
                    data = self._read()
                    if not data:
                        self._hang_up()
                        return
                    touched()
                    typed = [*pieces.feed(answers.feed(decode(data)))]
                    self._tell_answers()
                else:
                    typed = [*pieces.feed(answers.give_up()), pieces.give_up()]
                for piece in typed:
                    if isinstance(piece, Pasted):
                        self.process_message(events.Paste(piece.text))
                        continue
                    for event in parser.feed(piece) if piece else ():
                        self.process_message(event)
                if (due := parser._timeout_time) is not None:  # its own wait is 0.1 s: Esc and a quick key would be Alt
                    parser._timeout_time = min(due, get_time() + (ESCAPE_WAIT if came else 0))
                for event in parser.tick():
                    self.process_message(event)
                is_open = answers.is_holding or parser._timeout_time is not None
                patience = ESCAPE_WAIT if is_open else pieces.wait
        finally:
            selector.close()
            os.close(woken)
            try:
                for _ in parser.feed(""):
                    pass
            except (EOFError, ParseError):
                pass  # the parser's own way of saying that it has ended

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 65536)
        except OSError:
            return b""  # EIO: the other end of the terminal was closed

    def _tell_answers(self) -> None:
        """What the terminal said of itself, when all of it is here."""
        if self._answers.is_ready:
            self._answers.is_ready = False
            if heard := getattr(self._app, "terminal_answered", None):
                found = self._answers.found
                told = found if all(found.cell) else replace(found, cell=measured_cell(self.fileno))
                self._app.call_later(heard, told)

    def _hang_up(self) -> None:
        """The terminal is gone without a SIGHUP having told so."""
        ended = getattr(self._app, "terminal_closed", None)
        if ended is not None:
            self._app.call_later(ended)


def measured_cell(terminal: int) -> tuple[int, int]:
    """Pixels of a cell as the terminal told the system, for those that do not tell us; zeros where it did not."""
    try:
        lines, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return 0, 0
    return (width // columns, height // lines) if columns and lines else (0, 0)


def _nobody() -> None:
    """The app does not ask when there is input."""


def fits() -> bool:
    """Whether the toolkit still has the private parts that this driver stands on."""
    parser = XTermParser(False)
    return (
        all(hasattr(LinuxDriver, name) or name == "fileno" for name in EXPECTED)
        and hasattr(parser, "_timeout_time")
        and hasattr(parser, "tick")
    )
