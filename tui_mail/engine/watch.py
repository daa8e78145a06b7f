"""One account's second thread: waits on its own connection and says where there is news."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from tui_mail.backend.contract import Heard, Store
from tui_mail.model.errors import AuthFailed, MailError, Offline

_PATIENCE = 25 * 60.0
"""Seconds of one IDLE (RFC 2177: below 30 minutes)."""
_NAP = 60.0
"""Seconds between looks where the server cannot wait for us; the session's own poll stands behind it."""
_DELAYS = (5, 30, 60, 300)
_CROWDED = 1800.0
"""Seconds until a server that allows no second connection is asked for one again."""


class Watch:
    """Its only effects are `news` and `alone`, called on its thread. It has a line only while the session has one: so a
    wrong password is tried once, and where connections are few it takes none from the session."""

    def __init__(
        self,
        name: str,
        store: Store,
        raw: Callable[[], bytes | None],
        news: Callable[[Heard], None],
        alone: Callable[[bool], None],
    ) -> None:
        """`raw` says which folder to watch, None while that is not known.

        `alone` is told whether the session has to listen by itself, because the server allows no second connection.
        """
        self._store = store
        self._raw = raw
        self._news = news
        self._alone = alone
        self._changed = threading.Condition()
        self._closing = False
        self._may = False
        self._forgoes = False
        self.hears_all = False
        """The server promised to tell of every folder, on the line that is up now."""
        self._hurry = False
        """The pause after a failure is over."""
        self._thread = threading.Thread(target=self._run, name=f"watch-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def allow(self) -> None:
        """The account is online: the watch may connect, now rather than later."""
        with self._changed:
            self._may = self._hurry = True
            self._changed.notify_all()

    def forbid(self) -> None:
        """The account is not online any more: the watch gives its line up until `allow`."""
        with self._changed:
            self._may = False
        self._store.close()

    def distrust(self) -> None:
        """The server does not tell of other folders as it promised: a new line listens to the inbox alone."""
        with self._changed:
            self._forgoes = self._hurry = True
        self._store.close()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._store.close()

    def join(self, timeout: float) -> bool:
        """True when the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        tries = 0
        while self._is_allowed():
            begun = time.monotonic()
            is_crowded = False
            try:
                self._watch()
            except AuthFailed:
                self.forbid()  # one wrong password is enough: the session asks for another, then it says so
                continue
            except Offline as error:
                is_crowded = error.code == "LIMIT"
            except MailError:
                pass  # the session says what is wrong with the account; here it only means to try again
            except Exception:  # noqa: BLE001  # a watch that fails costs promptness, never mail: the session polls
                pass
            self.hears_all = False
            self._store.close()
            if is_crowded:
                self._alone(True)
                self._pause(_CROWDED)
                continue
            tries = 0 if time.monotonic() - begun > _NAP else tries + 1
            self._pause(_DELAYS[min(tries, len(_DELAYS) - 1)] * random.uniform(0.8, 1.2))

    def _watch(self) -> None:
        raw = self._raw()
        if raw is None:
            return
        if self._forgoes:
            self._store.forgo_notify()
        self._store.connect()
        if not self._may:
            return  # forbidden while the connection was being made
        if self._store.capabilities.lines < 2:
            raise Offline("The server allows one connection.", code="LIMIT")
        self._store.open(raw, read_only=True)
        self._alone(False)
        self._store.wait(0)  # from here on it listens; what came between the session's look and now is looked for
        self.hears_all = self._store.capabilities.notify
        self._news(replace(self._store.heard(), listing=self.hears_all))
        try:
            self._listen(_PATIENCE if self._store.capabilities.idle else _NAP)
        except Offline:
            if self._may and not self._closing:
                self._news(Heard())  # the session looks whether its own line is gone too, now and not at its next poll
            raise

    def _listen(self, patience: float) -> None:
        while not self._closing:
            if self._store.wait(patience):
                self._news(self._store.heard())
            elif not self._closing:
                self._store.noop()

    def _is_allowed(self) -> bool:
        """Waits until it may connect; False when the program closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._may)
            self._hurry = False
            return not self._closing

    def _pause(self, seconds: float) -> None:
        """For so long, or until the account comes online anew."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._hurry, seconds)
