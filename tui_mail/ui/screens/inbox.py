"""The main screen: folders, the message list, a preview, and how things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_mail.config.settings import COLOURS, Account
from tui_mail.mime.clean import clean
from tui_mail.model.contact import Contact
from tui_mail.model.event import Changed, Connection, Event, FoldersChanged, OutboxChanged, Sent
from tui_mail.model.folder import Folder, Role
from tui_mail.model.hits import hits
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.operation import count
from tui_mail.model.query import Query

from .. import emptiness, whereabouts
from ..panes.compose import ComposePane
from ..widgets.folder_tree import FolderTree, Place, Saved, entries, title
from ..widgets.key_bar import KeyBar
from ..widgets.message_list import MessageList
from ..widgets.message_row import Marks
from ..widgets.reader import Reader
from ..widgets.search_bar import SearchBar
from ..widgets.status_bar import StatusBar
from ..widgets.tab_line import TabLine
from .arranging import Arranging
from .checking import Checking
from .doubting import Doubting
from .folder_facts import Telling
from .following import HUGE, Following, is_quick
from .going import Going
from .holding import Holding
from .message import MessageScreen
from .outbox import OutboxScreen
from .previewing import Split
from .reading import Reading
from .searching import FIRST
from .selecting import Selecting
from .shelving import Shelving
from .standing import Standing
from .stepping import Stepping
from .unfinished import DraftsScreen, Letters
from .viewing import Viewing


class InboxScreen(
    Checking,
    Doubting,
    Standing,
    Telling,
    Holding,
    Selecting,
    Going,
    Viewing,
    Shelving,
    Following,
    Arranging,
    Stepping,
    Reading,
):
    """Holds which view is shown; the model knows what is in it, the widgets where on the screen."""

    AUTO_FOCUS = "#list"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide"), (160, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    BINDINGS = [Binding("q", "app.quit", "Quit", id="app.leave", tooltip="Leave the program")]

    def __init__(self) -> None:
        super().__init__()
        self.place: Place | None = None
        self.query_shown = Query()
        self._folders: tuple[Folder, ...] = ()
        self._awaited = ""
        """The folder to open as soon as it is known, if the person has not gone elsewhere."""

    def compose(self) -> ComposeResult:
        ui = self.app.settings.ui
        with Horizontal(id="title"):
            yield Static(id="where")
            yield Static(id="who")
        with Horizontal(id="panes"):
            yield FolderTree(marks=self.marks, id="folders")
            with Vertical(id="main"):
                yield TabLine()
                yield SearchBar()
                with Split(id="split", classes="-idle"):
                    yield MessageList(
                        self.thread_rows, self.app.clock, date_format=ui.date_format, marks=self.marks, id="list"
                    )
                    yield Reader(id="preview")
        yield StatusBar()
        yield KeyBar()

    @property
    def marks(self) -> Marks:
        return self.app.marks

    def on_mount(self) -> None:
        self.preview.key_of = self.app.keymap.shown
        self.begin_standing()
        self.messages.focus()
        self._show_folders()
        self._show_empty()
        self.show_status()
        if self.app.letter is None:
            self._offer_drafts()
        else:
            self.write_on(self.app.letter)
        for connection in self.connections.values():
            self.sign_in(connection)

    # ---- what the engine tells

    def heard(self, event: Event) -> None:
        super().heard(event)
        match event:
            case Changed() | FoldersChanged():
                self._show_folders()
            case Connection():
                self.sign_in(event)
            case Sent():
                self.app.news(f"Sent: “{event.subject or 'no subject'}”.")
            case OutboxChanged():
                self._show_folders()
            case _:
                pass
        if isinstance(event, Connection | FoldersChanged | Changed):
            self._show_empty()

    @on(ComposePane.Closed)
    def count_unfinished(self) -> None:
        self._show_folders()

    def followed(self) -> None:
        super().followed()
        self._show_returns()
        self._show_title()
        self._show_empty()
        self.refresh_bindings()

    # ---- what is shown

    def _show_folders(self) -> None:
        mail = self.app.mail
        before = self._folder(self.place)
        self._folders = mail.folders()
        accounts = mail.accounts()
        headings = {account.key: account.address for account in accounts} if len(accounts) > 1 else {}
        views = {name: self.unread_of(Saved(name)) for name in self.views}
        inboxes = self.unread_of("inboxes") if self.inboxes is not None else None
        self.folders.show(
            entries(
                self._folders, headings, len(mail.drafts()), len(mail.outbox()), views, inboxes, self.unread_of("later")
            )
        )
        if self.place is None and self._folders:
            self._open_remembered(self.app.state.get("folder", ""))
        elif self._awaited and any(whereabouts.address(folder) == self._awaited for folder in self._folders):
            self._open_remembered(self._awaited)
        elif before is not None and self._folders and self._folder(self.place) is None and not self.is_searching:
            self._open_remembered("")
            self.app.said(f"“{title(before)}” is not on the server any more.")
        self._show_title()

    def tallied(self) -> None:
        self._show_folders()

    def _open_remembered(self, kept: str) -> None:
        """The folder of the last time; the first inbox while that one, of a new account perhaps, is not known yet."""
        there = whereabouts.place(kept, self._folders, self.views, has_inboxes=self.inboxes is not None)
        self.open_place(self._folders[0].id if there is None else there)
        self._awaited = kept if there is None else ""

    def _show_title(self) -> None:
        where, counts = self.where()
        title = Content.assemble((where, "bold"), "  ", (counts, "$muted"))
        self.query_one("#where", Static).update(title, layout=False)
        account = next((a for a in self.app.mail.accounts() if a.key == self.account), None)
        address = Content(account.address if account else "")
        who = self.query_one("#who", Static)
        if who.content != address:
            who.update(address)

    def where(self) -> tuple[str, str]:
        """The name of what is shown, and its counts in words."""
        if self.is_searching:
            return "Search", count(self.messages.listing.total)
        here = self.messages.listing.total
        return whereabouts.heading(self.place, self._folder(self.place), here, is_whole=self.query_shown.is_plain)

    def not_here(self) -> int:
        folder = self._folder(self.place)
        if folder is None or self.is_searching or not self.query_shown.is_plain:
            return 0
        return max(0, folder.total - self.messages.listing.total)

    def _show_empty(self) -> None:
        """Says in an empty list why it is empty."""
        if len(self.messages.listing):
            return
        connection = self.connections.get(self.account)
        if self.is_searching:
            words = emptiness.of_a_search(self.searching.words)
        else:
            is_view = isinstance(self.place, Saved) or self.has_tabs(self.place)
            folder = self._folder(self.place)
            words = emptiness.of_a_place(self.place, folder, connection, self.app.keymap, is_view=is_view)
        self.messages.empty = tuple(clean(line) for line in words)

    # ---- where one is

    @property
    def known_folders(self) -> tuple[Folder, ...]:
        return self._folders

    @property
    def account(self) -> str:
        """The account of the folder that is shown, or of the message under the cursor; else the first."""
        folder = self._folder(self.place)
        if folder is not None:
            return folder.account
        if self.is_mounted and (row := self.messages.current) is not None:
            return row.account
        return next((account.key for account in self.app.mail.accounts()), "")

    def shown_folder(self) -> Folder | None:
        return None if self.is_searching else self._folder(self.place)

    def _folder(self, place: Place | None) -> Folder | None:
        return next((folder for folder in self._folders if folder.id == place), None)

    def open_place(self, place: Place, at: MessageId | None = None) -> None:
        """Shows a folder or a view in the list, from its newest message or from `at`."""
        match place:
            case "drafts":
                self._letters(DraftsScreen())
            case "outbox":
                self._letters(OutboxScreen())
            case _:
                folder = self._folder(place)
                self.place = self.folders.place = place
                self._awaited = ""
                self.end_search()
                query = self.query_shown = replace(self.query_of(place), order=self.arranged().order)
                if folder is not None:
                    self.app.mail.opened(folder.id)
                self._remember(folder)
                self._show_returns()
                outgoing = folder is not None and folder.role in (Role.SENT, Role.DRAFTS)
                self._mark_hits()
                is_huge = folder is not None and folder.total > HUGE
                is_quick_to_read = not is_huge and (query.is_plain or is_quick(query))
                self.messages.show(
                    self.app.mail.listing(query, None if is_quick_to_read else FIRST), at, outgoing=outgoing
                )
                if not is_quick_to_read:
                    self.follow_soon(at)
                self.show_tabs()
                self._show_title()
                self._show_empty()

    def _show_returns(self) -> None:
        """Among what was put off, when it comes back stands in place of the date."""
        folder = self._folder(self.place)
        is_waiting = folder is not None and folder.role is Role.SNOOZED
        self.messages.back = self.app.mail.put_off() if is_waiting else {}

    def looked_at(self) -> str:
        return whereabouts.written(self.place, self._folder(self.place))

    def show_again(self) -> None:
        if self.is_searching:
            self.look_for(replace(self.query_shown, order=self.arrangement.order))
        elif self.place is not None:
            self.open_place(self.place, self.messages.at)

    def _remember(self, folder: Folder | None) -> None:
        if (word := whereabouts.begin(self.place, folder)) is not None:
            self.app.state_later("folder", word)

    @on(MessageList.Pointed)
    def say_whose(self) -> None:
        """In a view over several accounts the title says whose the message under the cursor is."""
        if not isinstance(self.place, int) or self.is_searching:
            self._show_title()

    def _letters(self, screen: Letters) -> None:
        """Opens a list of letters; the one that was chosen there is written on."""
        self.app.push_screen(screen, lambda _: self.write_on(screen.chosen_draft))

    def _mark_hits(self) -> None:
        """What is looked for stands out in the list, and in the letter beside it."""
        found = hits(self.query_shown)
        self.messages.hits = found
        accounts = self.app.mail.accounts()
        several = self.query_shown.folder is None and len(accounts) > 1
        self.messages.tints = tints(accounts) if several else {}
        self.preview.view.find(found.everywhere)

    def found_all(self) -> None:
        self._show_title()
        self._show_empty()

    def show_found(self, query: Query, listing: Listing) -> None:
        self.query_shown = query
        self._mark_hits()
        self.messages.show(listing, self.messages.at)
        self._show_title()
        self._show_empty()

    # ---- reading

    @on(MessageList.Opened)
    def read(self, event: MessageList.Opened) -> None:
        if self.is_draft(event.id):
            self.resume(event.id)
            return
        screen = MessageScreen(self.messages.listing, event.id, find=self.messages.hits.everywhere)
        self.app.push_screen(screen, lambda _: self.messages.point(screen.at))

    @property
    def page(self) -> Reader:
        return self.preview

    # ---- the rest

    def answered(self) -> MessageId | None:
        return self.messages.at if self.is_mounted else None

    def selection_changed(self) -> None:
        super().selection_changed()
        self.show_status()

    def panes(self) -> tuple[Widget, ...]:
        """What F6 goes through, from left to right."""
        shown: list[Widget] = [self.folders, self.messages]
        if self.preview.display:
            shown.append(self.preview.view)
        if self.composer is not None:
            shown.append(self.composer)
        return tuple(shown)

    def write_to(self, contact: Contact | None) -> None:
        if contact is not None:
            self.compose_letter(replace(self.blank(), to=str(contact.address)))

    def _offer_drafts(self) -> None:
        drafts = self.app.mail.drafts()
        if drafts:
            subject = f": “{drafts[0].subject}”" if drafts[0].subject else ""
            self.app.notify(
                f"{count(len(drafts), 'unfinished letter')}{subject}. "
                f"{self.app.keymap.shown('go.drafts')} opens what you were writing.",
                timeout=10,
            )

    def reason(self, action: str) -> str:
        return "this account has no such folder" if action == "go" else super().reason(action)


def tints(accounts: Sequence[Account]) -> dict[str, int]:
    """Which of the theme's colours marks each account: the one it was given, else by order."""
    return {one.key: (one.colour or 1 + number % COLOURS) - 1 for number, one in enumerate(accounts)}
