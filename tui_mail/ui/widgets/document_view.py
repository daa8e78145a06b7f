"""Draws a Document line by line: wraps what is seen first and the rest while idle, with links that can be clicked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui_mail.model.document import Block, Document, Why
from tui_mail.model.picture import Picture

from .document_look import FOLD, LINK, PARTS, DocumentLook, marked
from .document_pictures import DocumentPictures
from .finding import FIND_KEYS, Finding
from .layout import Line, fold_line, lay_out
from .paragraph import paragraph

MOST = 100
"""Cells a line may take: longer ones are hard to read, however wide the terminal is."""
_AHEAD = 50
"""Lines wrapped at once beyond the first screen."""
_CHUNK = 200
"""Lines wrapped in one idle turn: two to four milliseconds, so that a key never waits for it."""
_CACHED = 2_000
_ENDLESS = 10**9


class DocumentView(Finding, ScrollView, can_focus=True, inherit_bindings=False):
    """A document to read and scroll in. Its text must be cleaned already; nothing in it is taken as markup."""

    DEFAULT_CSS = """
    DocumentView {
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1; padding: 0 1;
    }
    """
    COMPONENT_CLASSES = {f"document--{part}" for part in PARTS}
    BINDINGS = [
        Binding("j,down", "scroll_by(1)", "Down", id="reader.down", show=False, tooltip="Scroll one line down"),
        Binding("k,up", "scroll_by(-1)", "Up", id="reader.up", show=False, tooltip="Scroll one line up"),
        Binding(
            "ctrl+d", "scroll_half(1)", "Half page down", id="reader.half_down", show=False, tooltip="Half a page down"
        ),
        Binding("ctrl+u", "scroll_half(-1)", "Half page up", id="reader.half_up", show=False, tooltip="Half a page up"),
        Binding(
            "space,pagedown,ctrl+f",
            "scroll_page(1)",
            "Page down",
            id="reader.page_down",
            show=False,
            tooltip="A page down",
        ),
        Binding("pageup,ctrl+b", "scroll_page(-1)", "Page up", id="reader.page_up", show=False, tooltip="A page up"),
        Binding("g g,home", "scroll_first", "Top", id="reader.first", show=False, tooltip="To the first line"),
        Binding("end,G", "scroll_last", "End", id="reader.last", show=False, tooltip="To the last line"),
        Binding(
            "Q",
            "toggle_folds('quote')",
            "Quotes",
            id="reader.quotes",
            show=False,
            tooltip="Open or fold the long quotes",
        ),
        *FIND_KEYS,
    ]

    class LinkClicked(Message):
        """A link was chosen; `url` is http, https or mailto."""

        def __init__(self, number: int, url: str) -> None:
            super().__init__()
            self.number = number
            self.url = url

    def __init__(self, document: Document | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.document = document or Document()
        self._lines: list[Line] = []
        self._wrapped = 0
        self._width = 0
        self._turn = 0
        self._strips: dict[int, Strip] = {}
        self._pictures = DocumentPictures()
        self._look = DocumentLook(lambda part: self.get_component_rich_style(f"document--{part}"))
        self._look.take(self.document)
        self._open: set[int] = set()
        """Numbers of the folds that are open."""

    # what is shown

    def show(
        self,
        document: Document,
        *,
        keep_place: bool = False,
        from_end: bool = False,
        pictures: Mapping[str, Picture] | None = None,
    ) -> None:
        """Shows another document from its top, or, for the same one made anew, from where the eye is (`from_end`: its
        head has another length); `pictures` are those of its pictures that are here."""
        self._pictures.held = pictures or {}
        block, part = self._place() if keep_place else (0, 0.0)
        if from_end and (block, part) > (0, 0.0):
            block = max(0, block + len(document.blocks) - len(self.document.blocks))
        place = block, part
        if not keep_place or document.folds != self.document.folds:
            self._open = set()
        self.document = document
        self._look.take(document)
        self._lay_out(place)

    def go_to_block(self, block: int) -> None:
        """Makes a block the topmost, as far as there is text below it."""
        self._lay_out((block, 0.0))

    def follow(self, blocks: Iterable[Block]) -> None:
        """More at the end of the document; whoever looked at its end goes on looking there."""
        is_at_end = self.scroll_offset.y >= self.max_scroll_y
        self.document = replace(self.document, blocks=(*self.document.blocks, *blocks))
        if self._width:
            self._wrap_to(_ENDLESS, self._turn)
        if is_at_end:
            self.action_scroll_last()

    @property
    def line_count(self) -> int:
        """Lines wrapped so far."""
        return len(self._lines)

    @property
    def lines(self) -> list[str]:
        """The lines wrapped so far as text, quote bars as `> `."""
        return ["> " * line.quote + line.text for line in self._lines]

    def on_unmount(self) -> None:
        self._pictures.held = {}  # nobody holds them any more: the terminal need not either

    def on_resize(self, event: events.Resize) -> None:
        if self.room != self._width:
            self._lay_out(self._place())

    @property
    def room(self) -> int:
        """Cells that a line may take."""
        return max(1, min(MOST, self.scrollable_content_region.width))

    def _place(self) -> tuple[int, float]:
        """Block and part of the topmost line."""
        if not self._lines:
            return 0, 0.0
        line = self._lines[min(round(self.scroll_y), len(self._lines) - 1)]
        return line.block, line.part

    def _lay_out(self, place: tuple[int, float]) -> None:
        self._lines = []
        self._pictures.forget()
        self._wrapped = 0
        self._turn += 1
        self._strips.clear()
        self._width = self.room
        if self.scrollable_content_region.width <= 0:
            return  # not laid out yet: the first Resize comes here again
        while self._wrapped < place[0]:
            self._wrap_one()
        self._wrap_to(len(self._lines) + self.size.height + _AHEAD, self._turn)
        top = next((at for at, line in enumerate(self._lines) if (line.block, line.part) >= place), 0)
        self.scroll_to(y=top if place > (0, 0.0) else 0, animate=False, force=True, immediate=True)

    def _wrap_one(self) -> None:
        if self._wrapped >= len(self.document.blocks):
            return
        number = self._wrapped
        self._wrapped += 1
        block = self.document.blocks[number]
        if (fold := block.fold) and fold <= len(self.document.folds):
            is_open = fold in self._open
            if number == 0 or self.document.blocks[number - 1].fold != fold:
                self._lines.append(
                    fold_line(block, number, self.document.folds[fold - 1], self._width, is_open=is_open)
                )
            if not is_open:
                return
        whole, count = paragraph(self.document.blocks, number, self._width)
        self._wrapped = number + count
        self._lines += self._pictures.lines(self.document, number, self._width) or lay_out(whole, number, self._width)

    def _wrap_to(self, count: int, turn: int) -> None:
        """Wraps until `count` lines stand, and asks for the next chunk; an older document's turn does nothing."""
        if turn != self._turn:
            return
        while len(self._lines) < count and self._wrapped < len(self.document.blocks):
            self._wrap_one()
        self.virtual_size = Size(self._width, len(self._lines))
        self.refresh()
        if self._wrapped < len(self.document.blocks):
            self.call_later(self._wrap_to, len(self._lines) + _CHUNK, turn)

    # drawing

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if at >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = self._strips.get(at)
        if strip is None or strip.cell_length != width:
            if len(self._strips) > _CACHED:
                self._strips.clear()
            strip = self._strips[at] = self._draw(at).adjust_cell_length(width, self.rich_style).apply_offsets(0, at)
        return strip

    def _draw(self, at: int) -> Strip:
        line = self._lines[at]
        if self._pictures.has(line):
            return Strip([*self._look.bars(line), *self._pictures.cells(line)])
        segments = self._look.segments(line)
        for start, stop in self.hits_in(line.text):
            segments = marked(segments, 2 * line.quote + start, 2 * line.quote + stop, self._look.of("hit"))
        selection = self.text_selection
        span = selection.get_span(at) if selection is not None else None
        if span is None:
            return Strip(segments)
        start, stop = span
        length = sum(len(segment.text) for segment in segments)
        return Strip(marked(segments, start, length if stop == -1 else stop, self._selection_style()))

    def _selection_style(self) -> Style:
        return self.screen.get_component_rich_style("screen--selection")

    def notify_style_update(self) -> None:
        self._look.forget()
        self._strips.clear()
        super().notify_style_update()

    # the mouse

    def on_click(self, event: events.Click) -> None:
        if fold := event.style.meta.get(FOLD, 0):
            event.stop()
            self._turn_over({fold})
            return
        number = event.style.meta.get(LINK, 0)
        if 0 < number <= len(self.document.links):
            event.stop()
            self.post_message(self.LinkClicked(number, self.document.links[number - 1]))

    def action_toggle_folds(self, why: Why) -> None:
        """Opens every fold of that kind, or closes them where all are open."""
        folds = {number for number, fold in enumerate(self.document.folds, 1) if fold.why == why}
        self._turn_over(folds if folds <= self._open else folds - self._open)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "toggle_folds":
            return True if any(fold.why in parameters for fold in self.document.folds) else None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "nothing of this letter is folded" if action == "toggle_folds" else super().reason(action)

    def _turn_over(self, folds: set[int]) -> None:
        """Opens what is closed of these, closes what is open; the topmost line stays where it is."""
        place = self._place()
        self._open ^= folds
        self._lay_out(place)

    @property
    def allow_select(self) -> bool:
        return True

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract("\n".join(self.lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self._strips.clear()
        self.refresh()

    # what was looked for

    def marks_changed(self) -> None:
        self._strips.clear()
        self.refresh()

    def text_of(self, at: int) -> str | None:
        if at >= len(self._lines):
            self._wrap_to(10**9, self._turn)
        return self._lines[at].text if at < len(self._lines) else None

    def topmost(self) -> int:
        return self.scroll_offset.y

    def reveal(self, at: int) -> None:
        self.scroll_to(y=at, animate=False, force=True)

    # the keys

    def _scroll_lines(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def action_scroll_by(self, lines: int) -> None:
        self._scroll_lines(lines)

    def action_scroll_half(self, way: int) -> None:
        self._scroll_lines(way * max(1, self.size.height // 2))

    def action_scroll_page(self, way: int) -> None:
        self._scroll_lines(way * max(1, self.size.height - 2))

    def action_scroll_first(self) -> None:
        self.scroll_to(y=0, animate=False, force=True)

    def action_scroll_last(self) -> None:
        self._wrap_to(_ENDLESS, self._turn)
        self.scroll_to(y=len(self._lines), animate=False, force=True)
