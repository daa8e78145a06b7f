"""A bar on standard error while something takes long; on a terminal only, gone when it is done."""

from __future__ import annotations

import shutil
import sys
import time

from tui_mail.mime.clean import line
from tui_mail.model.event import Event, Progress

from .columns import fit

_PATIENCE = 0.5
"""Seconds until a wait shows itself."""
_EVERY = 0.1
_BAR = 24


class Bar:
    """Hears the engine, or is told."""

    def __init__(self) -> None:
        self._is_seen = sys.stderr.isatty()
        self._began = time.monotonic()
        self._drawn = 0.0

    def hear(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.show(event.what, event.done, event.total)

    def show(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._is_seen or now - self._began < _PATIENCE or now - self._drawn < _EVERY or not total:
            return
        self._drawn = now
        full = min(_BAR, _BAR * done // total)
        words = f"{line(what)}  [{'#' * full}{'.' * (_BAR - full)}]  {done:,} of {total:,}"
        room = max(20, shutil.get_terminal_size().columns - 1)
        shown = fit(words, room).rstrip().encode(sys.stderr.encoding, "replace").decode(sys.stderr.encoding)
        sys.stderr.write(f"\r{shown}\x1b[K")  # not padded: the ^C of an interrupt must find room on this line
        sys.stderr.flush()

    def clear(self) -> None:
        """Takes it off the terminal."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = 0.0
