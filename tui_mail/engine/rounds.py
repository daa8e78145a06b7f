"""What a session does without being asked: it tells what is owed, learns what is new, and fetches what is old."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from tui_mail.backend.contract import Heard, RemoteFolder
from tui_mail.config.settings import Keep
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.folder import FolderId, Role
from tui_mail.model.message import MessageId

from .attempts import resolve_attempts
from .desk import HISTORY, IDLE, LEARN, NEAR, OLD, TELL, Desk, Restart
from .fetch import keep_newest, keep_policy, prefetch
from .folders import find_inbox, give_up_lost, learn_folders
from .late_words import find_late_words
from .pull import pull
from .pull_history import extend
from .push import push

Plan = Callable[[int, Hashable, Callable[[Desk], object]], None]
"""Takes (priority, key, job) to the session's agenda."""
_POLL = 60.0
"""Seconds between looks at the inbox and at the folder that the person looks at."""
_LIST = 150.0
"""Seconds between looks at all folders."""
_JUST_NOW = 15.0
"""Seconds in which a look is not repeated because the person came back."""
_RENEW = 600.0
"""Seconds until another connection is made because of what this one is shown."""
_OLD = 60.0
"""Seconds from which on a connection is not taken at its word by a person who asks what is there."""
_COME_BACK = 60.0
"""Seconds until debts are offered again to a server that asked to come back later."""


class Rounds:
    """Plans jobs; they run on the session's thread. Every method may be called from any thread."""

    def __init__(
        self,
        plan: Plan,
        *,
        keep: Keep,
        online: Callable[[], None],
        listed: Callable[[Sequence[RemoteFolder]], None] = lambda remote: None,
        stale: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`online` is called once a login, when the folders are known, `listed` with them at every look at all of them,
        `stale` where this connection is shown folders of another time; `clock` never goes back."""
        self._plan = plan
        self._clock = clock
        self._keep = keep
        self._online = online
        self._listed = listed
        self._stale = stale
        self._renewed_at = -_RENEW
        self._begun_at = clock()
        self._watched: FolderId | None = None
        self._wanted: Sequence[MessageId] = ()
        self._said: dict[FolderId, RemoteFolder] = {}
        """What STATUS said of folders that are still to be looked at."""
        self._troubled: set[FolderId] = set()
        """Folders that the server would not let us read on this connection: told once."""
        self._absent: set[FolderId] = set()
        """Folders that would not open although they are listed."""
        self._unlisted: set[FolderId] = set()
        self._unopened: set[FolderId] = set()
        """Folders that are not listed and open, or are listed and do not open: another line was made for that once."""
        self._doubted: set[FolderId] = set()
        """Folders where much is missing, and that are looked at again once the others were."""
        self._is_known = False
        """The folders were listed on this connection."""
        self._looked_at: FolderId | None = None
        """The inbox, looked at just before the first listing of this connection."""
        self._poll_at = self._list_at = self._push_at = 0.0

    # --- what is wanted of it

    def begin(self) -> None:
        """A new connection: what may have happened, what is owed, what is new, what is old."""
        self._begun_at = self._clock()
        self._said.clear()
        self._troubled.clear()
        self._absent.clear()
        self._doubted.clear()
        self._is_known = False
        self.owe()
        self._plan(LEARN, "inbox", self._inbox_first)
        self._plan(LEARN, "list", self._learn_all)

    def owe(self) -> None:
        """Something is owed to the server."""
        self._plan(TELL, "push", self._push)

    def tell(self, key: Hashable, job: Callable[[Desk], object]) -> None:
        """Something else that the server is to be told; an account that is offline is told nothing now."""
        self._plan(TELL, key, job)

    def refresh(self, folder: FolderId | None = None) -> None:
        """Looks at a folder, or at all of them."""
        if folder is None:
            self._plan(LEARN, "list", self._learn_all)
        else:
            self._plan(LEARN, ("pull", folder), lambda desk: self._pull(desk, folder))

    def check(self) -> None:
        """The person asks what is there: on a connection of its own where this one is no longer young.

        A Dovecot 2.3 may show a session no folder any more that came after another one was renamed, not even one that
        it made itself; nothing on that session tells that its list is an old one.
        """
        self.refresh()
        if self._clock() - self._begun_at >= _OLD:
            self._stale()

    def _look_twice(self, folder: FolderId) -> None:
        """Much is missing there: it may have gone to folders that are read first, then the person is asked."""
        if folder in self._doubted:
            return
        self._doubted.add(folder)
        self.refresh()
        self._plan(HISTORY, ("pull twice", folder), lambda desk: self._pull(desk, folder, may_ask=True))

    def opened(self, folder: FolderId) -> None:
        """The person looks at this folder: it goes first, now and whenever there is something to learn."""
        self._watched = folder
        self.refresh(folder)
        self._extend(folder, HISTORY)

    def want(self, ids: Sequence[MessageId]) -> None:
        """These mails are likely to be opened next; what was wanted before no longer is."""
        self._wanted = tuple(ids)
        self._plan(LEARN, "want", lambda desk: prefetch(desk, self._wanted))

    def welcome(self) -> None:
        """The person is back: the next look is due, if there was none just now."""
        if self._poll_at - self._clock() < _POLL - _JUST_NOW:
            self._poll_at = 0.0

    def distrust(self) -> bool:
        """LIST and SELECT do not agree: some servers (Dovecot) show a session what was there long ago.

        True where another connection is made for that.
        """
        if self._clock() - self._renewed_at < _RENEW:
            return False
        self._renewed_at = self._clock()
        self._stale()
        return True

    def _distrust(self, odd: set[FolderId], known: set[FolderId]) -> None:
        """Because of these folders, once each: what another connection is shown as well is how the server is."""
        if not odd <= known and self.distrust():
            known |= odd

    # --- time

    def pause(self) -> float:
        """Seconds until there is something to look at."""
        return min(self._poll_at, self._list_at, self._push_at or self._list_at) - self._clock()

    def look(self, desk: Desk) -> None:
        """Plans what is due."""
        now = self._clock()
        if self._push_at and now >= self._push_at:
            self._push_at = 0.0
            self.owe()
        if now >= self._list_at:
            self._list_at = now + _LIST
            self.refresh()
        elif now >= self._poll_at:
            for folder in desk.inboxes | ({self._watched} if self._watched else set()):
                self.refresh(folder)
        self._poll_at = now + _POLL

    def listen(self, desk: Desk, seconds: float) -> Heard | None:
        """Waits for news of the inbox on the session's own connection; None where there is none to listen to."""
        inbox = next(iter(desk.inboxes), None)
        if inbox is None:
            return None
        try:
            state = desk.state(inbox)
            desk.stand_in(state)
        except (NotFound, Refused, Restart):
            return None  # the next look at it says what is the matter
        is_news = desk.store.wait(seconds)
        heard = desk.store.heard()
        return replace(heard, folders=frozenset({state.raw})) if is_news and not heard.folders else heard

    # --- the jobs

    def _push(self, desk: Desk) -> None:
        resolve_attempts(desk)  # nothing is repeated before it was looked at, whatever was planned on the line before
        if not push(desk):
            self._push_at = self._clock() + _COME_BACK

    def _inbox_first(self, desk: Desk) -> None:
        """A known inbox is looked at before the folders are listed: what all of them hold takes some servers seconds.

        At the first start ever the list comes first: whoever archives needs to know where to.
        """
        self._looked_at = None
        inbox = find_inbox(desk)
        if inbox is None or (self._watched is not None and self._watched != inbox):
            return
        try:
            pull(desk, inbox)
        except (NotFound, Refused):
            return  # the list says what is the matter
        self._looked_at = inbox
        self._keep_near(inbox, Role.INBOX)

    def _learn_all(self, desk: Desk) -> None:
        self._list_at = self._clock() + _LIST
        self._poll_at = self._clock() + _POLL
        unlisted: set[FolderId] = set()
        self._said |= learn_folders(desk, self._watched, self._listed, unlisted.add)
        self._unlisted &= unlisted
        self._distrust(unlisted, self._unlisted)
        if self._looked_at is not None:
            self._said.pop(self._looked_at, None)
            self._looked_at = None
        if not self._is_known:
            self._is_known = True
            self._online()
        for folder in (*self._said, *unlisted):  # of these no list says whether there is something new
            self.refresh(folder)
        for state in desk.write(lambda books: books.folders.states(desk.account.key)):
            self._go_back(state.id, state.role, state.low)
        self._plan(IDLE, "keep", lambda desk: keep_policy(desk, self._keep))
        self._plan(IDLE, "late words", find_late_words)
        self._plan(IDLE, "lost", give_up_lost)  # when all folders were seen, so behind what looks at them

    def _pull(self, desk: Desk, id: FolderId, *, may_ask: bool = False) -> None:
        said = self._said.pop(id, None)
        if may_ask:
            self._doubted.discard(id)
        try:
            pull(desk, id, may_ask=may_ask)
        except NotFound:
            self._miss(id)
            return
        except Refused:
            if id in self._troubled:
                return
            self._troubled.add(id)
            raise
        self._unopened.discard(id)
        if said is not None:
            desk.write(lambda books: books.folders.remember_status(id, said))
        if desk.write(lambda books: books.withheld.is_undecided(id)):
            self._look_twice(id)
        state = desk.state(id)
        self._keep_near(id, state.role)
        self._go_back(id, state.role, state.low)
        self.owe()
        self._plan(IDLE, "keep", lambda desk: keep_policy(desk, self._keep))

    def _miss(self, id: FolderId) -> None:
        """The list of folders says whether it is gone or was only renamed; one that still has it is of another time."""
        if id in self._absent:
            self._distrust({id}, self._unopened)
        else:
            self._absent.add(id)
            self._plan(LEARN, "list", self._learn_all)

    def _keep_near(self, id: FolderId, role: Role | None) -> None:
        if role is Role.INBOX or id == self._watched:
            self._plan(NEAR, ("near", id), lambda desk: keep_newest(desk, id, self._keep))

    def _go_back(self, id: FolderId, role: Role | None, low: int | None) -> None:
        if low is None or low > 1:
            self._extend(id, HISTORY if role is Role.INBOX or id == self._watched else OLD)

    def _extend(self, id: FolderId, priority: int) -> None:
        self._plan(priority, ("extend", id), lambda desk: extend(desk, id, priority))
