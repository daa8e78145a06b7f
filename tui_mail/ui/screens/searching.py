"""Looking for mail from a list: what was typed becomes the view, and Esc goes back to where one was."""

from __future__ import annotations

from textual import getters, on
from textual.binding import Binding

from tui_mail.model.errors import BadInput
from tui_mail.model.folder import FolderId
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.operation import count
from tui_mail.model.query import Query

from ..bridge import MailScreen
from ..widgets.message_list import MessageList
from ..widgets.search_bar import SearchBar


class Searching(MailScreen):
    """For a screen with a MessageList and a SearchBar; the screen shows what `show_found` gets."""

    BINDINGS = [
        Binding("/", "search", "Search", id="search.everything", tooltip="Search all mail that is stored here"),
        Binding("\\", "filter", "Filter", id="search.filter", tooltip="Search in this folder alone", show=False),
        Binding("escape", "end_search", "Back", id="search.end", tooltip="Clear the selection, end the search"),
    ]

    messages = getters.query_one("#list", MessageList)
    searching = getters.query_one(SearchBar)
    query_shown: Query

    def __init__(self) -> None:
        super().__init__()
        self._scope: FolderId | None = None
        self._left: tuple[Query, MessageId | None] | None = None
        """What was shown, and where the cursor stood, before the search."""

    @property
    def is_searching(self) -> bool:
        return self._left is not None

    def show_found(self, query: Query, listing: Listing) -> None:
        """Shows what was found, or the folder again."""
        raise NotImplementedError

    def action_search(self) -> None:
        self._open(None, "all mail")

    def action_filter(self) -> None:
        folder = self._left[0].folder if self._left else self.query_shown.folder
        self._open(folder, "here" if folder is not None else "all mail")

    def _open(self, scope: FolderId | None, words: str) -> None:
        if self._left is None:
            self._left = (self.query_shown, self.messages.at)
        self._scope = scope
        self.searching.open(words)

    @on(SearchBar.Asked)
    def search_for(self, event: SearchBar.Asked) -> None:
        if self._left is None:
            return
        try:
            query = Query.parse(event.text, self._scope)
        except BadInput as error:
            self.searching.found("not understood", wrong=True)
            self.hint([("?", str(error))])  # a whole sentence, which has no room beside what is typed
            return
        self.hint([])
        if query.is_plain:
            query = self._left[0]
        listing = self.app.mail.listing(query)
        self.show_found(query, listing)
        self.searching.found(count(len(listing)) if event.text.strip() else "")

    @on(SearchBar.Entered)
    def to_the_list(self) -> None:
        self.messages.focus()

    @on(SearchBar.Closed)
    def action_end_search(self) -> None:
        if self._left is None:
            return
        query, at = self._left
        self.end_search()
        self.show_found(query, self.app.mail.listing(query))
        if at is not None:
            self.messages.point(at)
        self.messages.focus()

    def end_search(self) -> None:
        """Forgets the search without showing anything."""
        self._left = None
        self.searching.close()
        self.hint([])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end_search" and not self.is_searching:
            return False
        return super().check_action(action, parameters)
