"""How things stand, in the line at the foot of the inbox: connections, what is fetched, what is owed, what is held."""

from __future__ import annotations

from textual import getters
from textual.timer import Timer

from tui_mail.model.event import (
    Connection,
    Event,
    FoldersChanged,
    HeldBack,
    OutboxChanged,
    Owed,
    Progress,
    Unsaved,
)

from ..widgets.status_bar import StatusBar, status
from .braking import Braking
from .selecting import Selecting

_TOLD = Connection | Progress | Owed | OutboxChanged | HeldBack | FoldersChanged | Unsaved


class Standing(Braking, Selecting):
    """For a screen with a StatusBar; it keeps what the engine said last of each account."""

    bar = getters.query_one(StatusBar)

    def __init__(self) -> None:
        super().__init__()
        self.connections: dict[str, Connection] = {}
        self._progress: dict[str, Progress] = {}
        self._ticking: Timer | None = None
        self._owed = Owed(0, 0)
        self._unsaved = ""
        """Why nothing can be saved, while that is so."""

    def begin_standing(self) -> None:
        """Asks how things stand now; from here on it is told."""
        self.begin_braking()
        self._owed = self.app.mail.owed()
        self._ticking = self.set_interval(1, self.show_status, pause=True)
        self.connections = {account.key: self.app.mail.connection(account.key) for account in self.app.mail.accounts()}

    def heard(self, event: Event) -> None:
        super().heard(event)
        match event:
            case Owed():
                self._owed = event
            case Unsaved(why):
                self._unsaved = why
                if not why:
                    self.app.notify("There is room on the disk again: everything is saved.")
            case Connection():
                self.connections[event.account] = event
            case Progress():
                self._progress[event.account] = event
                if event.done >= event.total:
                    del self._progress[event.account]
            case OutboxChanged():
                self._owed = self.app.mail.owed()
            case _:
                pass
        if isinstance(event, _TOLD):
            self.show_status()

    def held(self) -> None:
        self.show_status()

    def show_status(self) -> None:
        now = self.app.clock()
        self.bar.line = status(
            self.connections,
            self._progress,
            self._owed,
            self.app.mail.read_only,
            now,
            len(self.selected),
            [(gap.name, gap.count) for gap in self.gaps if gap.is_open],
            self._unsaved,
            self.app.mail.is_held,
            self.keys_for_many(),
        )
        counting = any(one.wait(now) for one in self.connections.values() if one.state in ("offline", "online"))
        if self._ticking is not None:
            if counting:
                self._ticking.resume()
            else:
                self._ticking.pause()
