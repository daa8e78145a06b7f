"""One letter on the whole screen, and the way from it to the next."""

from __future__ import annotations

from collections.abc import Sequence

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui_mail.model.errors import MailError
from tui_mail.model.event import Changed, Connection, Event
from tui_mail.model.insight import Insight
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.operation import Operation

from ..bridge import answer, asking
from ..widgets.folder_tree import title
from ..widgets.key_bar import KeyBar
from ..widgets.reader import Reader
from .reading import Reading
from .source import SourceScreen

_NEAR = 2
"""Messages on each side whose text is fetched ahead."""
_ABOUT_ONE = ("save", "source")


class MessageScreen(Reading):
    """Reads the messages of a listing one by one. `at` is the message read last, also after it closed."""

    DEFAULT_CSS = """
    MessageScreen > #title { height: 1; padding: 0 1; }
    MessageScreen #where { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    MessageScreen #marks { width: auto; height: 1; }
    MessageScreen #panes { height: 1fr; }
    MessageScreen #panes > Reader { width: 1fr; }
    """
    BINDINGS = [
        Binding("J,right", "step(1)", "Next", id="reader.next", tooltip="To the next, older message"),
        Binding("K,left", "step(-1)", "Previous", id="reader.previous", show=False, tooltip="To the newer one"),
        Binding("ctrl+o", "source", "Source", id="reader.source", tooltip="The letter as it came", show=False),
        Binding("f6,ctrl+w", "pane(1)", "Next pane", id="view.next-pane", tooltip="To the next pane", show=False),
        Binding("shift+f6", "pane(-1)", "Last pane", id="view.previous-pane", tooltip="To the pane before", show=False),
        Binding("q,escape", "back", "Back", id="reader.back", tooltip="Back to the list"),
    ]
    reader = getters.query_one(Reader)

    def __init__(self, listing: Listing, at: MessageId, *, find: tuple[str, ...] = ()) -> None:
        """`find`: what was looked for, to be marked in each letter."""
        super().__init__()
        self.listing = listing
        self.at = at
        self._find = find

    def compose(self) -> ComposeResult:
        with Horizontal(id="title"):
            yield Static(id="where")
            yield Static(id="marks")
        with Horizontal(id="panes"):
            yield Reader()
        yield KeyBar()

    def on_mount(self) -> None:
        self.reader.view.find(self._find)
        self.reader.key_of = self.app.keymap.shown
        self.reader.view.focus()
        self.open(self.at)

    # the letter

    def chosen(self) -> tuple[MessageId, ...]:
        return (self.at,)

    def here(self, ids: frozenset[MessageId]) -> Sequence[MessageId]:
        return self.listing.among(self.listing.still(ids))

    @property
    def page(self) -> Reader:
        return self.reader

    @property
    def _row(self) -> Summary | None:
        row: Summary | None = self.app.mail.rows([self.at])[0]
        return row

    def open(self, id: MessageId) -> None:
        """Shows another message of the listing."""
        self.at = id
        row = self._row
        self._show_title()
        if row is None:
            self.reader.clear("This letter is gone.")
        else:
            self.reader.expect(row)
            self.fetch(id)
        self.refresh_bindings()

    @asking("letter", exclusive=True)
    async def fetch(self, id: MessageId) -> None:
        """Fetches and shows; a newer call cancels the one before. What goes wrong is said in the letter's place."""
        mail = self.app.mail
        try:
            message = await answer(mail.read(id))
        except MailError as error:
            self.reader.fail(error)
            return
        row = self._row
        insight = Insight() if row is None else await answer(mail.examiner.insight(row, message))
        self.reader.show(message, insight, at=id)
        mail.seen([id])
        place = self.listing.index_of(id) or 0
        mail.want(self.listing.window(place - _NEAR, place + _NEAR + 1))
        self._show_title()
        self.refresh_bindings()

    def heard(self, event: Event) -> None:
        super().heard(event)
        if not self.query(Reader):
            return  # on the way out, the parts go before the screen does
        match event:
            case Changed(_, ids) if not ids or self.at in ids:
                self._show_title()
            case Connection(state="online") if self.reader.message is None and self._row is not None:
                self.fetch(self.at)
            case _:
                pass

    def _show_title(self) -> None:
        row = self._row
        folder = self.app.mail.folder(row.folder) if row else None
        place = self.listing.index_of(self.at)
        where = f"{place + 1:,} of {len(self.listing):,}" if place is not None else ""
        name = title(folder) if folder else ""
        self.query_one("#where", Static).update(Content.assemble((name, "bold"), "  ", (where, "$muted")))
        marks = []
        if row is not None:
            marks += [("starred", "$star")] if row.is_starred else []
            marks += [("answered", "$success")] if row.is_answered else []
            marks += [("unread", "$accent")] if row.is_unread else []
        self.query_one("#marks", Static).update(Content("  ").join(Content.styled(*mark) for mark in marks))

    # from one to the next

    def action_step(self, way: int) -> None:
        if (id := self._neighbour(way)) is not None:
            self.open(id)
        else:
            self.app.said("This is the oldest letter here." if way > 0 else "This is the newest letter here.")

    def _neighbour(self, way: int) -> MessageId | None:
        """The next message of the listing that is still where it was; 1 is older."""
        place = self.listing.index_of(self.at)
        if place is None:
            return None
        place += way
        while 0 <= place < len(self.listing):
            window = self.listing.window(place, place + 1)
            if self.app.mail.rows(window)[0] is not None:
                return window[0]
            place += way
        return None

    def filed(self, operation: Operation) -> None:
        """What was read went elsewhere: on to the next older one, else the newer one, else back to the list."""
        super().filed(operation)
        if self.at not in operation.ids:
            return
        gone = self.at
        towards = self._neighbour(1) or self._neighbour(-1)
        self.listing = Listing([id for id in self.listing if id != gone])
        if towards is None:
            self.action_back()
        else:
            self.open(towards)

    def action_back(self) -> None:
        for pane in self.composers:
            pane.action_keep()
        self.dismiss()

    # what can be done with the letter as it came

    def action_source(self) -> None:
        self.app.push_screen(SourceScreen(self.at))

    # panes

    def action_pane(self, way: int) -> None:
        pane = self.composer
        if pane is None:
            return
        if pane.has_focus_within:
            self.reader.view.focus()
        else:
            pane.focus_first()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _ABOUT_ONE and self.is_mounted and self.reason(action):
            return None if not self.is_writing else False
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        message = self.reader.message
        match action:
            case "save" if message is None or not message.attachments:
                return "nothing is attached"
            case "source" if message is None:
                return "the letter is not here yet"
        return super().reason(action)
