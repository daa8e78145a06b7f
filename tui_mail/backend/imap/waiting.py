"""Waiting for news: IDLE (RFC 2177) where it works, else a NOOP now and then; of all folders with NOTIFY (RFC 5465)."""

from __future__ import annotations

import time

from tui_mail.model.errors import Offline

from .news import News
from .opened import Opened

_COALESCE = 0.15
"""News come in bursts: after the first so many seconds of silence end the burst."""
_BURST = 1.0
_TOO_SHORT = 1.0
_TOO_OFTEN = 3
_EVERYWHERE = (
    b"SET (selected-delayed (MessageNew MessageExpunge FlagChange))"
    b" (personal (MessageNew MessageExpunge FlagChange MailboxName))"
)


class Waiting:
    """`idle` is how long one IDLE lasts at most: a line that died silently is noticed then. `poll` is without IDLE."""

    def __init__(self, opened: Opened, news: News, *, idle: float = 300, poll: float = 60) -> None:
        self._opened = opened
        self._news = news
        self._notified = 0
        """How often NOTIFY was switched on: a server with too much to tell switches it off again."""
        self._connection = opened.connection
        self._idle = idle
        self._poll = poll
        self._polled = time.monotonic()
        self._cut_short = 0

    def wait(self, seconds: float) -> bool:
        """True for news, False for the end of the time or a wake-up. A lost connection raises at once."""
        self._connection.settle(wholly=True)
        end = time.monotonic() + seconds
        if self._opened.can("NOTIFY") and (not self._notified or self._news.lost_track):
            self._notify()
        while not self._has_news:
            left = end - time.monotonic()
            if left <= 0:
                return False
            goes_on = self._idles(left) if self._opened.can("IDLE") else self._naps(left)
            if not goes_on:
                break
        if self._opened.has_news:
            self._opened.has_news = False
            self._news.touch(self._opened.raw)
        is_news, self._news.is_fresh = self._news.is_fresh, False
        return is_news

    @property
    def _has_news(self) -> bool:
        return self._opened.has_news or self._news.is_fresh

    def _notify(self) -> None:
        """Asks to hear of every folder from now on."""
        self._news.lost_track = False
        if self._notified >= _TOO_OFTEN:
            self._opened.latched.add("NOTIFY")  # and what it still tells of the open folder is anybody's guess
            self._connection.wire.fail(Offline(f"{self._connection.wire.host} has too much to tell of its folders."))
        self._notified += 1
        if not self._connection.run(b"NOTIFY", _EVERYWHERE).is_ok:
            self._opened.latched.add("NOTIFY")

    def _idles(self, left: float) -> bool:
        """One IDLE; False where waiting is over."""
        begun = time.monotonic()
        command = self._connection.start(b"IDLE")
        if self._connection.asked_for_more(command) is None:
            self._opened.latched.add("IDLE")  # offered, then refused: some do
            return True
        end = begun + min(left, self._idle)
        is_woken = False
        while not self._has_news and not command.is_done and not is_woken:
            came = self._connection.listen(end - time.monotonic())
            is_woken = came == "woken"
            if came == "quiet":
                break
        if self._has_news:
            self._let_it_burst()
        if command.is_done:
            self._cut_short += time.monotonic() - begun < _TOO_SHORT
            if self._cut_short >= _TOO_OFTEN:
                self._opened.latched.add("IDLE")
        else:
            self._connection.answer(b"DONE", "DONE")
            self._connection.finish(command)
        return not is_woken

    def _let_it_burst(self) -> None:
        end = time.monotonic() + _BURST
        while time.monotonic() < end and self._connection.listen(_COALESCE) == "heard":
            pass  # taken in by whoever hears it

    def _naps(self, left: float) -> bool:
        """Silence until it is time to ask; False where waiting is over."""
        until_poll = self._polled + self._poll - time.monotonic()
        if until_poll > 0 and self._connection.listen(min(left, until_poll)) == "woken":
            return False
        if time.monotonic() - self._polled >= self._poll:
            self._polled = time.monotonic()
            self._connection.run(b"NOOP")
        return True
