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
"""Messages of a view from which it is read behind the screen's back: 100,000 take 30 ms."""
HUGE = 150_000
"""The same where it is opened, and where many messages are taken out of it."""
A_FEW = 8
"""Messages that are taken out of a view of any size at once."""
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
        self._meant: MessageId | None = None
        """Where the cursor belongs once the rest of a view is known, if the person leaves it alone until then."""

    def followed(self) -> None:
        """Called when the list has caught up."""

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Changed) and (not self.query_shown.is_plain or self.query_shown.folder in event.folders):
            self._outdate(event.ids)
            is_small = len(self.messages.listing) < LARGE
            if is_small and (self.query_shown.is_plain or is_quick(self.query_shown)):
                self._follow_now()
            elif self.query_shown.is_plain:
                self._follow_large(event)
            else:
                if event.own:
                    self._let_go(event.ids)
                self._read_soon()

    def _follow_large(self, event: Changed) -> None:
        """What the person did takes messages out of a large folder, or changes how they look; else it is read again."""
        folder, operation = self.query_shown.folder, event.operation
        gone = operation.leaves(folder) if operation is not None and folder is not None else None
        if gone is None:
            self._read_soon(at_once=event.own)
        elif not gone:
            self.messages.forget(event.ids)
        elif len(gone) > A_FEW and len(self.messages.listing) > HUGE:
            self._take_out_soon(gone)
        else:
            self._take_out(self.messages.listing.without(gone))

    def _take_out(self, listing: Listing) -> None:
        self._turn += 1
        self.messages.follow(listing)
        self.followed()

    @asking("take-out")
    async def _take_out_soon(self, gone: frozenset[MessageId]) -> None:
        before = self.messages.listing
        after = await answer(self.app.mail.narrowed(before, gone))
        if self.messages.listing is before:
            self._take_out(after)
        else:
            self.follow_soon()

    def _read_soon(self, *, at_once: bool = False) -> None:
        """Unless it is being read, or was just now; `at_once`: the person looks for it."""
        if at_once and self._pausing is not None:
            self._pausing.stop()
            self._pausing = None
        if not self._is_reading and self._pausing is None:
            self._read_on()

    def _let_go(self, ids: frozenset[MessageId]) -> None:
        """What the person did takes messages out of a search at once, though the search itself is made again later."""
        gone = self.app.mail.leaving(self.query_shown, ids)
        if gone:
            self._take_out(self.messages.listing.without(gone))

    def follow_soon(self, at: MessageId | None = None) -> None:
        """What is shown may be old, or a beginning: it is read again behind the screen's back. `at`: where the cursor
        belongs then."""
        self._meant = at
        self._outdate(frozenset())
        self._read_soon(at_once=True)

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
        else:
            if stale:
                self.messages.forget(stale)
            if query == self.query_shown:
                self._outdate(frozenset(stale))  # what it found was not taken: it is read once more
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
        if self._meant is not None and not self.messages.cursor:
            self.messages.point(self._meant)
        self._meant = None
        self.followed()


def is_quick(query: Query) -> bool:
    """Whether an index answers it: nothing is asked of what letters say."""
    return all(isinstance(part, In | Of) or part in (State("unread"), State("starred")) for part in query.parts)
