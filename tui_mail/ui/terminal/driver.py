"""Reads keys without waiting: the toolkit's own Linux driver with its polls taken out."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from typing import Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

ESCAPE_WAIT = 0.025
"""Seconds after which a lone ESC is the Escape key. Over slow lines sequences still arrive in one piece."""

EXPECTED = ("run_input_thread", "disable_input", "start_application_mode", "process_message", "fileno")


class FastDriver(LinuxDriver):
    """A pipe wakes the reading thread, so leaving and suspending take 4 ms where the polls took 200.

    Bytes that are not UTF-8 become U+FFFD (the stock driver crashes), and a terminal that is gone ends the program.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # Any: whatever this version of the toolkit hands its drivers
        self._stopping = False
        self._wake: int | None = None

    def start_application_mode(self) -> None:
        self._stopping = False
        self._woken, self._wake = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # the toolkit's is not annotated

    def disable_input(self) -> None:
        if self._wake is not None and not self.exit_event.is_set():
            self._stopping = True
            os.write(self._wake, b"x")
        super().disable_input()

    def run_input_thread(self) -> None:
        woken, wake = self._woken, self._wake
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        selector = selectors.DefaultSelector()
        selector.register(self.fileno, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        pending = False
        try:
            while not (self._stopping or self.exit_event.is_set()):
                ready = selector.select(ESCAPE_WAIT if pending else None)
                if any(key.fd == self.fileno for key, _ in ready):
                    data = self._read()
                    if not data:
                        self._hang_up()
                        return
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
                pending = parser._timeout_time is not None
        finally:
            selector.close()
            self._wake = None
            os.close(woken)
            if wake is not None:
                os.close(wake)
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

    def _hang_up(self) -> None:
        """The terminal is gone without a SIGHUP having told so."""
        ended = getattr(self._app, "terminal_closed", None)
        if ended is not None:
            self._app.call_later(ended)


def fits() -> bool:
    """Whether the toolkit still has the private parts that this driver stands on."""
    parser = XTermParser(False)
    return (
        all(hasattr(LinuxDriver, name) or name == "fileno" for name in EXPECTED)
        and hasattr(parser, "_timeout_time")
        and hasattr(parser, "tick")
    )
