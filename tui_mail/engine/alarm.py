"""One thread that wakes for what has its time, and whenever something came that may have to be dealt with."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tui_mail.model.errors import IndexDamaged, MailError, StorageFailed

_LOOK = 30.0
"""Seconds after which the clock is looked at again whatever it said: it may have jumped, or the machine slept."""


class Alarm:
    """Calls `ring` at the start, when its time has come, and after `look`; a daemon thread until `close`."""

    def __init__(
        self,
        ring: Callable[[], float | None],
        *,
        clock: Callable[[], float],
        rested: Callable[[], None],
        failed: Callable[[MailError], None],
    ) -> None:
        """`ring` does what is due and returns when it wants to be called again (seconds since 1970 UTC), or None."""
        self._ring = ring
        self._clock = clock
        self._rested = rested
        self._failed = failed
        self._news = threading.Condition()
        self._has_news = True
        self._is_busy = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="mail-alarm", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout: float) -> None:
        with self._news:
            self._closing = True
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def look(self) -> None:
        """There may be something to do."""
        with self._news:
            self._has_news = True
            self._news.notify_all()

    @property
    def is_idle(self) -> bool:
        with self._news:
            return not (self._has_news or self._is_busy) or not self._thread.is_alive()

    def _run(self) -> None:
        while not self._closing:
            with self._news:
                self._has_news, self._is_busy = False, True
            due = None
            try:
                due = self._ring()
            except MailError as error:
                is_told = isinstance(error, StorageFailed) and not isinstance(
                    error, IndexDamaged
                )  # by the writer, once
                if not self._closing and not is_told:
                    self._failed(error)
            with self._news:
                self._is_busy = False
            self._rested()
            pause = _LOOK if due is None else min(_LOOK, max(0.0, due - self._clock()))
            with self._news:
                self._news.wait_for(lambda: self._has_news or self._closing, pause)
