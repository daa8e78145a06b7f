"""The folders at the left: accounts, folders with their unread counts, and the views that stand in no folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_mail.model.folder import Folder, FolderId, Role

from .message_row import SIGNS, Marks, fit

Pile = Literal["later", "waiting"]
"""What is to be answered, and what was sent and not answered."""
PILES: Mapping[Pile, str] = {"later": "Reply later", "waiting": "Waiting"}
View = Literal["inboxes", "starred", "drafts", "outbox"] | Pile
"""What stands in no one folder: all inboxes, every starred message, the drafts kept here, the letters that wait."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A search that stands among the folders."""

    name: str


Place = FolderId | View | Saved

TITLES = {
    Role.INBOX: "Inbox",
    Role.ARCHIVE: "Archive",
    Role.DRAFTS: "Drafts",
    Role.SENT: "Sent",
    Role.JUNK: "Junk",
    Role.TRASH: "Trash",
    Role.SNOOZED: "Snoozed",
}
"""Names for folders that every account has; `INBOX` in capitals is the wire's word, not a person's."""


WIDEST = 40
"""Cells of a title; of a longer path only the end is shown."""


def title(folder: Folder) -> str:
    """What a person calls a folder where it stands alone: with its parents, for `2026` may stand below several."""
    if folder.role is Role.INBOX:
        return TITLES[Role.INBOX]
    whole = path = folder.path
    while folder.delimiter and cell_len(path) > WIDEST and folder.delimiter in path:
        path = path.partition(folder.delimiter)[2]
    return path if path == whole else f"…{folder.delimiter}{path}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tree. `place` None is a heading."""

    text: str
    place: Place | None = None
    count: int = 0
    depth: int = 0


NUMBERED = 9
"""Saved searches that have a key: their number."""
NO_VIEWS: Mapping[str, int] = MappingProxyType({})


def entries(
    folders: Iterable[Folder],
    headings: dict[str, str],
    drafts: int,
    letters: int,
    views: Mapping[str, int] = NO_VIEWS,
    inboxes: int | None = None,
    later: int = 0,
) -> list[Entry]:
    """The lines for these folders; `headings` names accounts and is empty where there is only one.

    `views`: saved searches and how much unread mail each has; `inboxes`: the same of all inboxes, None where there
    are not several; `later`: how many are to be answered.
    """
    lines: list[Entry] = [] if inboxes is None else [Entry("All inboxes", "inboxes", inboxes)]
    account = None
    folders = tuple(folders)
    known = {(folder.account, folder.name) for folder in folders}
    for folder in folders:
        if folder.account != account and headings:
            if lines:
                lines.append(Entry(""))
            lines.append(Entry(headings.get(folder.account, folder.account)))
        account = folder.account
        counted = folder.role not in (Role.SENT, Role.DRAFTS, Role.TRASH, Role.JUNK)
        place = folder.id if folder.selectable else None
        text, depth = _stands(folder, known)
        lines.append(Entry(text, place, folder.unread if counted else 0, depth))
    if lines:
        lines += [Entry(""), Entry("Starred", "starred")]
        lines += [Entry(PILES["later"], "later", later), Entry(PILES["waiting"], "waiting")]
    for number, (name, unread) in enumerate(views.items(), 1):
        lines.append(Entry(f"{name} {number}" if number <= NUMBERED else name, Saved(name), unread))
    if drafts:
        lines.append(Entry("Unfinished", "drafts", drafts))
    if letters:
        lines.append(Entry("Outbox", "outbox", letters))
    return lines


def _stands(folder: Folder, known: set[tuple[str, str]]) -> tuple[str, int]:
    """(what it is called, how deep it stands) below those of its parents that are folders themselves."""
    if folder.role is Role.INBOX or not folder.delimiter:
        return title(folder), 0
    pieces = folder.name.split(folder.delimiter)
    parents = [n for n in range(1, len(pieces)) if (folder.account, folder.delimiter.join(pieces[:n])) in known]
    return folder.delimiter.join(pieces[parents[-1] if parents else 0 :]), len(parents)


class FolderTree(ScrollView, can_focus=True):
    """Moves with the list's keys; Enter opens what the cursor stands on."""

    COMPONENT_CLASSES = {f"tree--{part}" for part in ("row", "heading", "open", "count", "cursor", "bar")}
    DEFAULT_CSS = """
    FolderTree { width: 24; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS = [
        Binding("j,down", "move(1)", "Down", id="list.down", tooltip="To the next folder", show=False),
        Binding("k,up", "move(-1)", "Up", id="list.up", tooltip="To the folder above", show=False),
        Binding("g g,home", "edge(0)", "First folder", id="list.first", tooltip="To the first folder", show=False),
        Binding("G,end", "edge(-1)", "Last folder", id="list.last", tooltip="To the last folder", show=False),
        Binding("enter,o", "choose", "Open folder", id="list.open", tooltip="Show this folder"),
    ]

    cursor: reactive[int] = reactive(0)
    place: reactive[Place | None] = reactive(None)
    """What the list shows now."""

    @dataclass
    class Chosen(Message):
        """The person wants to see this."""

        place: Place

    def __init__(self, *, marks: Marks = SIGNS, id: str | None = None) -> None:
        super().__init__(id=id)
        self._marks = marks
        self.lines: Sequence[Entry] = ()

    def show(self, lines: Sequence[Entry]) -> None:
        """New lines; the cursor stays on its place."""
        here = self.lines[self.cursor].place if self.cursor < len(self.lines) else None
        self.lines = lines
        self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        self.cursor = next((n for n, line in enumerate(lines) if line.place == (here or self.place)), 0)
        self.refresh()

    def watch_place(self, place: Place | None) -> None:
        self.cursor = next((n for n, line in enumerate(self.lines) if line.place == place), self.cursor)

    def render_line(self, y: int) -> Strip:
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if index >= len(self.lines) or not self.lines[index].text:
            return Strip.blank(width, self.rich_style)
        line = self.lines[index]
        base = self._part("row")
        if line.place is None:
            base += self._part("heading")
        elif line.place == self.place:
            base += self._part("open")
        if index == self.cursor and self.has_focus:
            base += self._part("cursor")
        count = f"{line.count:,} " if line.count else ""
        bar = self._marks.cursor if line.place is not None and line.place == self.place else " "
        text = fit(" " + "  " * line.depth + line.text, max(1, width - 1 - len(count)))
        return Strip(
            [
                Segment(bar, base + self._part("bar")),
                Segment(text, base),
                Segment(count, base + self._part("count")),
            ],
            width,
        )

    def _part(self, name: str) -> Style:
        """What the style sheet says of one part of a line, and nothing that it leaves open."""
        return self.get_component_rich_style(f"tree--{name}", partial=name != "row")

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))

    def watch_cursor(self, cursor: int) -> None:
        height = max(1, self.scrollable_content_region.height)
        top = min(max(self.scroll_offset.y, cursor - height + 1), cursor)
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, step: int) -> None:
        index = self.cursor + step
        while 0 <= index < len(self.lines) and self.lines[index].place is None:
            index += step
        if 0 <= index < len(self.lines):
            self.cursor = index

    def action_edge(self, edge: int) -> None:
        places = [index for index, line in enumerate(self.lines) if line.place is not None]
        if places:
            self.cursor = places[edge]

    def action_choose(self) -> None:
        if self.cursor < len(self.lines) and (place := self.lines[self.cursor].place) is not None:
            self.post_message(self.Chosen(place))

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < len(self.lines) and self.lines[index].place is not None:
            self.cursor = index
            self.action_choose()
