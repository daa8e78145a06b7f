"""One letter on the whole screen, and the way from it to the next."""

from __future__ import annotations

from pathlib import Path

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui_mail.model.document import Document
from tui_mail.model.errors import MailError, NotFound
from tui_mail.model.event import Changed, Connection, Event
from tui_mail.model.listing import Listing
from tui_mail.model.message import Attachment, MessageId, Summary
from tui_mail.model.operation import Operation, count

from ..bridge import answer, asking
from ..saving import save_into
from ..widgets.attachment_strip import AttachmentStrip
from ..widgets.document_view import DocumentView
from ..widgets.folder_tree import title
from ..widgets.key_bar import KeyBar
from ..widgets.reader import Reader
from .composing import Composing
from .links_dialog import LinksDialog
from .path_dialog import short
from .save_dialog import SaveDialog
from .source import SourceScreen

_NEAR = 2
"""Messages on each side whose text is fetched ahead."""
_ABOUT_ONE = ("save", "source", "links")


class MessageScreen(Composing):
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
        Binding("S", "save", "Save files", id="message.save", tooltip="Save attachments to a folder", show=False),
        Binding("F", "links", "Links", id="reader.links", tooltip="Show where the links lead; follow one", show=False),
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
        self.reader.view.focus()
        self.open(self.at)

    # the letter

    def chosen(self) -> tuple[MessageId, ...]:
        return (self.at,)

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
        self.reader.show(message)
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

    @on(AttachmentStrip.Chosen)
    def save_one(self, event: AttachmentStrip.Chosen) -> None:
        self.save_attachments((event.attachment,))

    def action_save(self) -> None:
        message = self.reader.message
        if message is not None:
            own = tuple(one for one in message.attachments if not one.inline)
            self.save_attachments(own or message.attachments)

    @asking("save", exclusive=True)
    async def save_attachments(self, chosen: tuple[Attachment, ...]) -> None:
        """Asks where, fetches what is not here yet, and writes each under a name of its own."""
        message, id = self.reader.message, self.at
        if message is None or not message.attachments:
            raise NotFound("Nothing is attached to this letter.")
        folder = self.app.state.get("save_folder", "~/Downloads" if Path("~/Downloads").expanduser().is_dir() else "~")
        saving = await self.app.push_screen_wait(SaveDialog(message.attachments, chosen, folder))
        if saving is None:
            return
        self.app.state.put("save_folder", short(saving.folder).rstrip("/") or "/")
        names = []
        for attachment in saving.attachments:
            data = await answer(self.app.mail.attachment(id, attachment.part))
            names.append(save_into(saving.folder, attachment.name, data).name)
        what = f"“{names[0]}”" if len(names) == 1 else count(len(names), "file")
        self.app.said(f"Saved {what} in {short(saving.folder)}")

    @asking("links", exclusive=True)
    async def action_links(self) -> None:
        links = self._document.links
        number = await self.app.push_screen_wait(LinksDialog(links)) if links else 0
        if number:
            self.post_message(DocumentView.LinkClicked(number, links[number - 1]))

    @property
    def _document(self) -> Document:
        return self.reader.view.document

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
            case "links" if message is None or not self._document.links:
                return "there are no links"
            case "source" if message is None:
                return "the letter is not here yet"
        return super().reason(action)
