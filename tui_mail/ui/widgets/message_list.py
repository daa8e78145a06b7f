"""The message list: draws only the lines that are seen, whatever the size of the folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from types import MappingProxyType
from typing import Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_mail.model.gathered import ALONE, Gathered
from tui_mail.model.hits import NO_HITS, Hits
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary

from .kept_strips import KeptStrips
from .list_look import PARTS, ListLook, State
from .message_row import SIGNS, TALL_BELOW, Look, Marks, draw, fit
from .row_pages import RowPages, Rows

Place = tuple[int, int, bool, bool, bool]
"""Index, line of the row, whether the cursor stands there, whether it is selected, whether the list has the focus."""

EMPTY_WIDTH = 56
"""Cells that a sentence in an empty list may take."""


class MessageList(ScrollView, can_focus=True):
    """One or two lines a message, newest first. The cursor is a message, not a row: it stays on its letter."""

    COMPONENT_CLASSES = {f"list--{part}" for part in PARTS}
    DEFAULT_CSS = """
    MessageList { height: 1fr; width: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """
    BINDINGS = [
        Binding("j,down", "move(1)", "Down", id="list.down", tooltip="To the next, older message", show=False),
        Binding("k,up", "move(-1)", "Up", id="list.up", tooltip="To the next newer message", show=False),
        Binding("ctrl+d", "half(1)", "Half a page down", id="list.half-down", tooltip="Half a page on", show=False),
        Binding("ctrl+u", "half(-1)", "Half a page up", id="list.half-up", tooltip="Half a page back", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", id="list.page-down", tooltip="A page on", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", id="list.page-up", tooltip="A page back", show=False),
        Binding("g g,home", "first", "First message", id="list.first", tooltip="To the newest message", show=False),
        Binding("G,end", "last", "Last message", id="list.last", tooltip="To the oldest message", show=False),
        Binding("space,x", "pick", "Select", id="select.toggle", tooltip="Select it, or no longer", show=False),
        Binding("enter,o", "open", "Open", id="list.open", tooltip="Read the message on the whole screen"),
        Binding(
            "tab",
            "unread(1)",
            "Next unread",
            id="list.next-unread",
            tooltip="The next unread, on into the next folder",
            show=False,
        ),
        Binding(
            "shift+tab",
            "unread(-1)",
            "Last unread",
            id="list.previous-unread",
            tooltip="The unread message before",
            show=False,
        ),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)

    chosen: reactive[frozenset[MessageId]] = reactive(frozenset[MessageId]())
    """What the person selected."""

    hits: reactive[Hits] = reactive(NO_HITS)
    """What was looked for, to be marked in the rows."""

    tints: reactive[Mapping[str, int]] = reactive(MappingProxyType({}))
    """Which colour marks the messages of each account; empty where there is one."""

    back: reactive[Mapping[MessageId, float]] = reactive(MappingProxyType({}))
    """When messages that were put off come back: shown in place of their date."""

    density: reactive[str] = reactive("auto")
    """Lines a message: `one`, `two`, or `auto` by the width."""

    empty: reactive[tuple[str, ...]] = reactive(())
    """Sentences that stand in the middle of an empty list."""

    @dataclass
    class Pointed(Message):
        """The cursor came to stand on a message (None: the list is empty)."""

        id: MessageId | None

    @dataclass
    class Opened(Message):
        """The person wants to read this message on the whole screen."""

        id: MessageId

    @dataclass
    class UnreadWanted(Message):
        """The person wants the next (1) or previous (-1) unread message."""

        step: int

    @dataclass
    class Picked(Message):
        """The person selects this message, or no longer; or, `through`, all from the cursor to where the mouse is."""

        ids: frozenset[MessageId]
        through: bool = False

    def __init__(
        self,
        rows: Rows,
        now: Callable[[], float],
        *,
        date_format: str = "",
        marks: Marks = SIGNS,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._pages = RowPages(rows)
        self._now = now
        self._date_format, self._marks = date_format, marks
        self.listing = Listing()
        self.shape: Callable[[Listing], Listing] = _as_it_is
        """Makes of every view what is shown of it: all its messages, or one row a thread."""
        self.outgoing = False
        self._look = ListLook(self._part)
        self._drawn = KeptStrips[Place]()

    # ---- what it shows

    @property
    def at(self) -> MessageId | None:
        """The message under the cursor."""
        return self.listing[self.cursor] if 0 <= self.cursor < len(self.listing) else None

    @property
    def current(self) -> Summary | None:
        return self.row(self.cursor)

    def row(self, index: int) -> Summary | None:
        """The row at an index; None outside the list, or where the message is gone meanwhile."""
        return self._pages.row(index)

    def show(self, listing: Listing, at: MessageId | None = None, *, outgoing: bool = False) -> None:
        """Another view: the cursor goes to `at`, else to the newest message; nothing is selected."""
        self.chosen = frozenset()
        self.outgoing = outgoing
        listing = self.shape(listing)
        row = listing.index_of(at) if at is not None else None
        self._put(listing, row or 0, top=0)

    def follow(self, listing: Listing) -> None:
        """The same view after a change: the cursor stays on its message, and that on its line of the screen.

        What is not in the view any more is no longer selected: nothing is done to what one does not see.
        """
        listing = self.shape(listing)
        if self.chosen:
            self.chosen = listing.still(self.chosen)
        row = listing.follow(self.at, self.listing, self.cursor)
        top = self._top
        self._put(listing, row, top=top and row - (self.cursor - top))

    def point(self, id: MessageId) -> None:
        """Puts the cursor on a message of the list."""
        if (row := self.listing.index_of(id)) is not None:
            self.cursor = row

    def forget(self, ids: Iterable[MessageId] = ()) -> None:
        """These rows look different (none named: all may): they are read again when they are drawn."""
        self._pages.forget(ids)
        self._drawn.forget()
        self.refresh()

    def _put(self, listing: Listing, row: int, *, top: int) -> None:
        before = self.at
        self.listing = listing
        self._pages.take(listing)
        self._drawn.forget()
        self._measure()
        self.set_reactive(MessageList.cursor, max(0, min(row, len(listing) - 1)))
        self._reveal(top)
        self.refresh()
        if self.at != before:
            self.post_message(self.Pointed(self.at))

    # ---- drawing

    @property
    def lines_a_row(self) -> int:
        return {"one": 1, "two": 2}.get(self.density) or (2 if self._inner_width < TALL_BELOW else 1)

    @property
    def _inner_width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _height(self) -> int:
        """Whole rows that are seen at once."""
        return max(1, self.scrollable_content_region.height // self.lines_a_row)

    @property
    def _top(self) -> int:
        return self.scroll_offset.y // self.lines_a_row

    def _measure(self) -> None:
        self.virtual_size = Size(self._inner_width, len(self.listing) * self.lines_a_row)

    def notify_style_update(self) -> None:
        self._look.forget()
        self._drawn.forget()
        super().notify_style_update()

    def _part(self, name: str) -> Style:
        """What the style sheet says of one part of a row, and nothing that it leaves open."""
        return self.get_component_rich_style(f"list--{name}", partial=name != "row")

    def render_lines(self, crop: Region) -> list[Strip]:
        """The toolkit draws a line once; afterwards it is the same strip wherever it is scrolled to."""
        if not len(self.listing) or crop.column_span != (0, self.size.width):
            return super().render_lines(crop)
        now = self.size.width, self.lines_a_row, int(self._now() // 60), self.hits, self.tints, self.back
        self._drawn.keep_for(now)
        keys = [self._key(y) for y in crop.line_range]
        return self._drawn.lines(keys, lambda first, behind: self._draw(crop.y + first, crop.y + behind))

    def _draw(self, first: int, behind: int) -> list[Strip]:
        whole = Region(0, first, self.size.width, behind - first)
        self._styles_cache.set_dirty(whole)
        return super().render_lines(whole)

    def _key(self, y: int) -> Place:
        """What a line of the screen shows."""
        index, line = divmod(y + self.scroll_offset.y, self.lines_a_row)
        is_chosen = bool(self.chosen) and index < len(self.listing) and self.listing[index] in self.chosen
        return index, line, index == self.cursor, is_chosen, self.has_focus

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """All of it, where no region is named."""
        if not regions:
            self._drawn.forget()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        width = self._inner_width
        index, line, is_cursor, is_chosen, _ = self._key(y)
        if not len(self.listing):
            return self._empty_line(y, width)
        if index >= len(self.listing):
            return Strip.blank(width, self.rich_style)
        return self._line(index, line, width, is_cursor=is_cursor, is_chosen=is_chosen)

    def _line(self, index: int, line: int, width: int, *, is_cursor: bool, is_chosen: bool) -> Strip:
        row = self.row(index)
        if row is None:
            styles = self._look.of(State(False, is_cursor, False, self.has_focus))
            return Strip([Segment(fit("     …" if line == 0 else "", width), styles["dim"])], width)
        tint = self.tints.get(row.account)
        look = Look(
            width,
            self._now(),
            self._look.of(State(row.is_unread, is_cursor, is_chosen, self.has_focus)),
            self._marks,
            self._date_format,
            self.outgoing,
            is_cursor,
            is_chosen,
            self.hits,
            self.lines_a_row,
            self.back.get(row.id),
            self.listing.knot(index) if isinstance(self.listing, Gathered) else ALONE,
            None if tint is None else self._part(f"account-{tint}"),
        )
        return Strip(draw(row, look)[line]).adjust_cell_length(width, look.styles["row"])

    def _empty_line(self, y: int, width: int) -> Strip:
        room = max(10, min(width - 4, EMPTY_WIDTH))
        lines = [line for sentence in self.empty for line in wrap(sentence, room) or [""]]
        start = max(0, (self.scrollable_content_region.height - len(lines)) // 2)
        if not start <= y < start + len(lines):
            return Strip.blank(width, self.rich_style)
        style = self.get_component_rich_style("list--empty")
        if y == start:
            style += self._part("empty-first")
        blank = " " * max(0, (width - cell_len(lines[y - start])) // 2)
        return Strip([Segment(fit(blank + lines[y - start], width), style)], width)

    # ---- the cursor

    def validate_cursor(self, row: int) -> int:
        return max(0, min(row, len(self.listing) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        if old == new:
            return
        self._refresh_row(old)
        self._refresh_row(new)
        self._reveal(self._top)
        self.post_message(self.Pointed(self.at))

    def _refresh_row(self, row: int) -> None:
        self.refresh_lines(row * self.lines_a_row, self.lines_a_row)

    def _reveal(self, top: int) -> None:
        """Scrolls so that `top` is the first row, and the cursor is seen."""
        top = min(max(top, self.cursor - self._height + 1, 0), self.cursor)
        if top * self.lines_a_row != self.scroll_offset.y:
            self.scroll_to(y=top * self.lines_a_row, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The bar beside it is told only of what one would see: in a long list a row moves it by nothing."""
        steps = self.max_scroll_y and 8 * self.size.height / self.max_scroll_y
        self.vertical_scrollbar.position = round(new_value * steps) / steps if steps else 0
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def watch_density(self) -> None:
        """The cursor's message stays in sight."""
        if self.is_attached:
            self._measure()
            self._reveal(self.cursor)

    def on_resize(self) -> None:
        self._measure()
        self._reveal(self._top)

    def on_focus(self) -> None:
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        self._refresh_row(self.cursor)

    def action_move(self, step: int) -> None:
        self.cursor += step

    def action_half(self, step: int) -> None:
        self._leap(step * max(1, self._height // 2))

    def action_page(self, step: int) -> None:
        self._leap(step * max(1, self._height - 1))

    def _leap(self, rows: int) -> None:
        top = max(0, min(self._top + rows, len(self.listing) - self._height))
        self.scroll_to(y=top * self.lines_a_row, animate=False, force=True)
        self.cursor += rows

    def action_first(self) -> None:
        self.cursor = 0

    def action_last(self) -> None:
        self.cursor = len(self.listing) - 1

    def action_open(self) -> None:
        if self.at is not None:
            self.post_message(self.Opened(self.at))

    def action_pick(self) -> None:
        """Selects it, or no longer, and goes on to the next."""
        if self.at is not None:
            self.post_message(self.Picked(frozenset({self.at})))
            self.cursor += 1

    def action_unread(self, step: int) -> None:
        self.post_message(self.UnreadWanted(step))

    # ---- the mouse

    def on_click(self, event: events.Click) -> None:
        index = (event.y + self.scroll_offset.y) // self.lines_a_row
        if not 0 <= index < len(self.listing):
            return
        if event.shift:
            low, high = sorted((index, self.cursor))
            self.post_message(self.Picked(frozenset(self.listing.window(low, high + 1)), through=True))
        elif event.ctrl:
            self.post_message(self.Picked(frozenset({self.listing[index]})))
        self.cursor = index
        if event.chain == 2 and not (event.shift or event.ctrl):
            self.action_open()


def _as_it_is(listing: Listing) -> Listing:
    return listing
