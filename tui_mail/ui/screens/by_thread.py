"""The list by threads: one row each, opened and folded by key; what is done to a folded one is done to all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from textual.binding import Binding

from tui_mail.model.gathered import Gathered
from tui_mail.model.listing import Listing
from tui_mail.model.message import SEEN, MessageId, Summary

from ..bridge import answer, asking
from .following import LARGE, Following

ON = "on"
MOST_OPEN = 200
"""Threads that are opened at once."""


class ByThread(Following):
    """For a screen with a MessageList."""

    BINDINGS = [
        Binding("T", "threads", "Threads", id="view.threads", tooltip="One row a thread, or all messages", show=False),
        Binding("minus", "fold", "Fold", id="view.fold", tooltip="Open this thread, or fold it", show=False),
        Binding("underscore", "fold_all", "Fold all", id="view.fold-all", tooltip="One row a thread again", show=False),
        Binding("plus", "unfold_all", "Unfold all", id="view.unfold-all", tooltip="Open every thread", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.by_threads = False

    def on_mount(self) -> None:
        self.by_threads = self.app.state.get("threads", "") == ON
        self.messages.shape = self.shaped
        self.messages.follow(self.messages.listing)  # the screen may have opened a folder before it knew this

    # ---- what is shown

    def shaped(self, listing: Listing) -> Listing:
        """By threads where that is wished; a large view stays flat until its threads are known."""
        if not self.by_threads or isinstance(listing, Gathered) or not len(listing):
            return listing
        if len(listing) >= LARGE:
            self._shape_soon(listing)
            return listing
        return self._reopened(self.app.mail.gathered(listing))

    @asking("threads", exclusive=True)
    async def _shape_soon(self, listing: Listing) -> None:
        gathered = await answer(self.app.mail.gathered_soon(listing))
        if self.by_threads:
            self.messages.follow(self._reopened(gathered))

    def _reopened(self, listing: Gathered) -> Gathered:
        """What was open in the view before is open in this one."""
        before = self.messages.listing
        for id in before.opened if isinstance(before, Gathered) else ():
            listing = listing.unfold(id, self.app.mail.places)
        return listing

    def thread_rows(self, ids: Sequence[MessageId]) -> Sequence[Summary | None]:
        """Rows for the list, which follow each other there: that of a folded thread is unread as long as one of its
        letters is."""
        rows = self.app.mail.rows(ids)
        listing = self.messages.listing if self.is_mounted else None
        first = listing.index_of(ids[0]) if isinstance(listing, Gathered) and ids else None
        if not isinstance(listing, Gathered) or first is None:
            return rows
        threads = {
            row.id: members for at, row in enumerate(rows, first) if row and len(members := listing.behind(at)) > 1
        }
        unread = self.app.mail.unread_among([id for members in threads.values() for id in members])
        return [
            replace(row, flags=row.flags - {SEEN}) if row and not unread.isdisjoint(threads.get(row.id, ())) else row
            for row in rows
        ]

    def whole(self, ids: Iterable[MessageId]) -> tuple[MessageId, ...]:
        """These, and with a folded thread all its letters."""
        listing = self.messages.listing
        if not isinstance(listing, Gathered):
            return tuple(ids)
        return listing.whole(tuple(ids))

    # ---- by key

    def action_threads(self) -> None:
        self.by_threads = not self.by_threads
        self.app.state_later("threads", ON if self.by_threads else "")
        shown = self.messages.listing
        if isinstance(shown, Gathered):
            self.follow_flat()
        else:
            self.messages.follow(shown)
        self.app.said("One row a thread." if self.by_threads else "Every message has its row.")
        self.refresh_bindings()

    def action_fold(self) -> None:
        shown, at = self.messages.listing, self.messages.at
        if isinstance(shown, Gathered) and at is not None:
            folded = shown.fold(at)
            self.messages.follow(shown.unfold(at, self.app.mail.places) if folded is shown else folded)

    def action_fold_all(self) -> None:
        shown = self.messages.listing
        if isinstance(shown, Gathered):
            for id in shown.opened:
                shown = shown.fold(id)
            self.messages.follow(shown)

    def action_unfold_all(self) -> None:
        """Those on the screen and around it; a whole folder of open threads would be a flat list out of order."""
        shown = self.messages.listing
        if isinstance(shown, Gathered):
            row = self.messages.cursor
            for id in shown.window(row - MOST_OPEN // 2, row + MOST_OPEN // 2):
                shown = shown.unfold(id, self.app.mail.places)
            self.messages.follow(shown)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("fold", "fold_all", "unfold_all") and not self.by_threads:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        if action in ("fold", "fold_all", "unfold_all") and not self.by_threads:
            return "every message has its row"
        return super().reason(action)
