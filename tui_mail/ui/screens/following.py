"""The list follows what happens: at once what the person did, at leisure the mail that streams in."""

from __future__ import annotations

from time import monotonic

from textual import getters
from textual.timer import Timer

from tui_mail.model.condition import In, Of, State
from tui_mail.model.event import Changed, Event
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.query import Query

from ..bridge import MailScreen, answer, asking
from ..widgets.message_list import MessageList

LARGE = 20_000
"""Messages of a view from which it is read behind the screen's back while mail comes in: 100,000 take 30 ms."""
SELDOM = 6
"""So many times as long as reading takes, the next reading waits."""


class Following(MailScreen):
    """For a screen with a MessageList that shows `query_shown`."""

    messages = getters.query_one("#list", MessageList)
    query_shown: Query

    def __init__(self) -> None:
        super().__init__()
        self.found_elsewhere: frozenset[MessageId] = frozenset()
        """What servers found for what is shown: no words that are stored here say that it belongs there."""
        self._stale: set[MessageId] | None = None
        """Rows to read again; an empty set is all of them, None is nothing to do."""
        self._is_due = False
        self._turn = 0
        """How often the view was read at once: a reading that began before the last time is old."""
        self._is_reading = False
        self._pausing: Timer | None = None

    def followed(self) -> None:
        """Called when the list has caught up."""

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Changed) and (not self.query_shown.is_plain or self.query_shown.folder in event.folders):
            self._outdate(event.ids)
            is_small = len(self.messages.listing) < LARGE
            if is_small or event.own if self.query_shown.is_plain else is_small and is_quick(self.query_shown):
                self._follow_now()
                return
            if event.own:
                self._let_go(event.ids)
            if not self._is_reading and self._pausing is None:
                self._read_on()

    def _let_go(self, ids: frozenset[MessageId]) -> None:
        """What the person did takes messages out of a search at once, though the search itself is made again later."""
        gone = self.app.mail.leaving(self.query_shown, ids)
        if gone:
            self._turn += 1
            self.messages.follow(self.messages.listing.without(gone))
            self.followed()

    def follow_soon(self) -> None:
        """What is shown may be old: it is read again behind the screen's back."""
        self._outdate(frozenset())
        if not self._is_reading and self._pausing is None:
            self._read_on()

    def follow_flat(self) -> None:
        """The view is read anew: what is shown of it has another shape now."""
        self._outdate(frozenset())
        self._follow_now()

    def _outdate(self, ids: frozenset[MessageId]) -> None:
        if self._stale is None:
            self._stale = set(ids)
        elif not ids:
            self._stale = set()
        elif self._stale:
            self._stale |= ids

    def _follow_now(self) -> None:
        """Once, however many events come in one go."""
        if not self._is_due:
            self._is_due = True
            self.call_later(self._catch_up)

    def _catch_up(self) -> None:
        self._is_due = False
        stale, self._stale = self._stale, None
        if stale is not None:
            self._turn += 1
            self._take(self.app.mail.listing(self.query_shown), stale)

    @asking("follow")
    async def _read_on(self) -> None:
        self._pausing = None
        stale, self._stale = self._stale, None
        if stale is None:
            return
        self._is_reading = True
        query, turn, began = self.query_shown, self._turn, monotonic()
        try:
            listing = await answer(self.app.mail.listing_soon(query, self.found_elsewhere))
        finally:
            self._is_reading = False
        if turn == self._turn and query == self.query_shown:
            self._take(listing, stale)
        elif stale:
            self.messages.forget(stale)
        self._pausing = self.set_timer((monotonic() - began) * SELDOM, self._read_on)

    def _take(self, listing: Listing, stale: set[MessageId]) -> None:
        shown = self.messages.listing
        is_resorted = self.query_shown.order.by == "unread" and len(listing) == len(shown)
        if is_resorted and listing.everything == shown.everything:
            listing = shown  # what is read now stays where it is until the folder is opened again
        if listing == shown:
            self.messages.forget(stale)
        else:
            self.messages.follow(listing)
        self.followed()


def is_quick(query: Query) -> bool:
    """Whether an index answers it: nothing is asked of what letters say."""
    return all(isinstance(part, In | Of) or part in (State("unread"), State("starred")) for part in query.parts)
