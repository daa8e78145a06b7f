"""Choosing many messages at once: one by one, a range, or all that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.binding import Binding

from tui_mail.model.condition import State
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation, count
from tui_mail.model.query import Query

from ..bridge import answer, asking
from ..key_order import SELECTING
from ..widgets.message_list import MessageList
from .by_thread import ByThread
from .name_dialog import NameDialog
from .putting_off import PuttingOff
from .searching import Searching
from .sweep import SweepScreen

NOBODY = frozenset[MessageId]()
FOR_MANY = {
    "message.archive": "archives",
    "message.trash": "to Trash",
    "message.toggle-read": "read",
    "message.star": "stars",
    "message.move": "moves",
    "message.snooze": "puts off",
    "search.end": "lets go",
}
"""What the status bar says of keys while something is selected, the most used first."""
STATES = {"unread": State("unread"), "read": State("read"), "starred": State("starred")}


class Selecting(Searching, ByThread, PuttingOff):
    """For a screen with a MessageList: what is selected there is what every action is about."""

    BINDINGS = [
        Binding("V", "select_range", "Select range", id="select.range", tooltip="Select all on the way", show=False),
        Binding("W", "sweep", "Sweep", id="message.sweep", tooltip="Decide one after the other", show=False),
        Binding("asterisk a", "select_all", "All", id="select.all", tooltip="Select all that is listed", show=False),
        Binding("asterisk n", "select_none", "None", id="select.none", tooltip="Select nothing", show=False),
        Binding(
            "asterisk u",
            "select_state('unread')",
            "Unread",
            id="select.unread",
            tooltip="Select the unread",
            show=False,
        ),
        Binding("asterisk r", "select_state('read')", "Read", id="select.read", tooltip="Select the read", show=False),
        Binding(
            "asterisk s",
            "select_state('starred')",
            "Starred",
            id="select.starred",
            tooltip="Select the starred",
            show=False,
        ),
        Binding(
            "asterisk f",
            "select_alike('sender')",
            "Same sender",
            id="select.sender",
            tooltip="All of this sender",
            show=False,
        ),
        Binding(
            "asterisk t",
            "select_alike('thread')",
            "Same thread",
            id="select.thread",
            tooltip="All of this thread",
            show=False,
        ),
        Binding(
            "asterisk slash",
            "select_query",
            "By a search",
            id="select.query",
            tooltip="All that a search finds here",
            show=False,
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._range: tuple[MessageId, frozenset[MessageId]] | None = None
        """Where a range begins, and what was selected before it; None where none is being drawn."""

    # ---- what is selected

    @property
    def selected(self) -> frozenset[MessageId]:
        return self.messages.chosen if self.is_mounted else NOBODY

    def chosen(self) -> tuple[MessageId, ...]:
        """The selection in the order of the list, else the message under the cursor."""
        if self.selected:
            return self.messages.listing.among(self.selected)
        return self.whole((self.messages.at,)) if self.is_mounted and self.messages.at is not None else ()

    def has_chosen(self) -> bool:
        return self.is_mounted and (bool(self.selected) or self.messages.at is not None)

    def on_mount(self) -> None:
        self.watch(self.messages, "chosen", self.selection_changed, init=False)

    def select(self, ids: Iterable[MessageId]) -> None:
        """These and no others."""
        self.messages.chosen = frozenset(ids)

    def not_here(self) -> int:
        """How many messages of this place are still on the server alone, so that nothing can be done with them."""
        return 0

    def selection_changed(self) -> None:
        """Called whenever something else is selected, or is no longer in the view."""
        if not self.selected:
            self._range = None
        self.refresh_bindings()

    def here(self, ids: frozenset[MessageId]) -> Sequence[MessageId]:
        return self.messages.listing.among(self.messages.listing.still(ids))

    def filed(self, operation: Operation) -> None:
        super().filed(operation)
        self.select(())

    # ---- by key

    def action_select_range(self) -> None:
        """Begins a range at the cursor; the second time it ends, and stays selected."""
        if self._range is not None:
            self._range = None
        elif (id := self.messages.at) is not None:
            self._range = id, self.selected
            self.select(self.selected | set(self.whole((id,))))

    @on(MessageList.Pointed)
    def stretch(self) -> None:
        """The range follows the cursor."""
        if self._range is not None:
            begin, before = self._range
            self.select(before | self._between(begin, self.messages.at))

    def _between(self, one: MessageId, other: MessageId | None) -> frozenset[MessageId]:
        """All messages from one to the other, wherever they stand."""
        listing = self.messages.listing
        here = listing.index_of(one)
        there = listing.index_of(other) if other is not None else None
        if here is None or there is None:
            return NOBODY
        return frozenset(self.whole(listing.window(min(here, there), max(here, there) + 1)))

    def action_select_all(self) -> None:
        self._range = None
        self.select(self.messages.listing.everything)
        self._say(self.not_here())

    def action_select_none(self) -> None:
        self._range = None
        self.select(())

    def action_end_search(self) -> None:
        """Esc: the selection goes first, then the search."""
        if self.selected:
            self.action_select_none()
        else:
            super().action_end_search()

    @asking(SELECTING)
    async def action_select_state(self, state: str) -> None:
        """The next key waits until it is selected: it may be the one that archives it."""
        wanted = self.query_shown.also(STATES[state])
        self._select_shown((await answer(self.app.mail.listing_soon(wanted))).everything)

    @asking(SELECTING)
    async def action_select_alike(self, by: str) -> None:
        if (id := self.messages.at) is not None:
            self._select_shown(await answer(self.app.mail.alike(id, by)))

    def action_select_query(self) -> None:
        """Asks for a search in one line, and selects what of this list it finds."""
        text = "All of this list that a search finds: from:ann is:unread older:2w larger:5M"
        dialog = NameDialog("Select which?", text, str(self.looked_for), "Select")
        self.app.push_screen(dialog, self._select_typed)

    def _select_typed(self, words: str | None) -> None:
        if words:
            self._select_found(words)

    @asking(SELECTING)
    async def _select_found(self, words: str) -> None:
        wanted = self.query_shown.also(Query.parse(words).wanted)
        self._select_shown((await answer(self.app.mail.listing_soon(wanted))).everything)

    def keys_for_many(self) -> str:
        """In words, what the keys do to all that is selected."""
        keymap = self.app.keymap
        return ", ".join(f"{key} {words}" for id, words in FOR_MANY.items() if (key := keymap.shown(id)))

    def _select_shown(self, ids: frozenset[MessageId]) -> None:
        self._range = None
        self.select(self.messages.listing.still(ids))
        self._say()

    def _say(self, missing: int = 0) -> None:
        number = len(self.selected)
        more = f" {missing:,} more are not here yet." if missing else ""
        self.app.said(f"Selected {count(number)}.{more}" if number else "There are none here.")

    # ---- one by one

    @on(MessageList.Picked)
    def pick(self, event: MessageList.Picked) -> None:
        self._range = None
        ids = frozenset(self.whole(event.ids))
        self.select(self.selected | ids if event.through else self.selected ^ ids)

    def action_sweep(self) -> None:
        """One by one through the selection, else through all that is listed from here on."""
        listing = self.messages.listing
        ids = self.chosen() if self.selected else listing.window(self.messages.cursor, len(listing))
        if ids:
            screen = SweepScreen(ids)
            self.app.push_screen(screen, lambda _: self.messages.point(screen.at))

    # ---- what can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end_search" and self.selected:
            return True
        if action in ("select_range", "select_alike", "sweep") and self.is_mounted and self.messages.at is None:
            return None
        return super().check_action(action, parameters)
