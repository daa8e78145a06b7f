"""The part of the door for what is shown: accounts, folders, views and rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from functools import partial

from tui_mail.config.settings import Account, Settings
from tui_mail.model.condition import Condition
from tui_mail.model.draft import Draft
from tui_mail.model.event import Connection, Owed
from tui_mail.model.folder import Completeness, Folder, FolderId, Role
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.query import Query

from .accounts import Accounts
from .actions import Actions
from .correspondence import Correspondence
from .pull_found import find
from .reader import Reader
from .searches import Beyond, Searches
from .windows import Windows


class Viewing:
    """What the screens may ask: bounded reads, and Futures for what may take longer."""

    settings: Settings
    _accounts: Accounts
    _actions: Actions
    _behind: Windows
    _clock: Callable[[], float]
    _letters: Correspondence
    _lister: Reader
    _searches: Searches
    _windows: Windows

    def accounts(self) -> tuple[Account, ...]:
        return tuple(self.settings.accounts.values())

    def connection(self, account: str) -> Connection:
        """How the account stands, as last known."""
        return self._accounts.connection(account)

    def folders(self, account: str | None = None) -> tuple[Folder, ...]:
        """Inbox first, then roles, then by name."""
        return self._windows.folders(account)

    def folder(self, id: FolderId) -> Folder | None:
        return self._windows.folder(id)

    def role(self, account: str, role: Role) -> Folder | None:
        """The account's folder of that role, if it has one."""
        return self._actions.role(account, role)

    def listing(self, query: Query, newest: int | None = None) -> Listing:
        """The ids of a view, newest first; at least the `newest` of them, None is all."""
        return self._windows.listing(query, newest)

    def listing_soon(self, query: Query, found: Collection[MessageId] = ()) -> Future[Listing]:
        """The same, made behind the screen's back: for a large view that changes while nobody did anything."""
        return self._lister.do(lambda: self._behind.listing(query, None, self._behind.holding(query, found)))

    def narrowed(self, listing: Listing, gone: frozenset[MessageId]) -> Future[Listing]:
        """A very long one without these."""
        return self._lister.do(lambda: listing.without(gone))

    def tally(self, queries: Sequence[Query]) -> Future[tuple[int, ...]]:
        """How many messages each of these views holds, counted behind the screen's back."""
        return self._lister.do(lambda: tuple(len(self._behind.listing(query)) for query in queries))

    def search(self, query: Query, newest: int | None = None) -> Future[Listing]:
        """What is stored here and matches, at least the `newest` of it (None: all); a newer question cancels it."""
        return self._searches.ask(query, newest)

    def beyond(self, query: Query) -> Future[Beyond]:
        """Where servers may know more of what is looked for than is stored here."""
        return self._searches.beyond(query)

    def find(self, account: str, asked: Mapping[FolderId, Condition]) -> Future[tuple[MessageId, ...]]:
        """What the account's server finds in these folders. Unsupported where that cannot be relied on, Offline."""
        return self._accounts.session(account).ask(partial(find, asked=asked, now=self._clock()))

    def joined(self, query: Query, found: Collection[MessageId]) -> Future[Listing]:
        """The answer to a search, with what servers found."""
        return self._searches.joined(query, found)

    def people(self, begun: str) -> Future[tuple[str, ...]]:
        """Addresses of senders whose name or address has a word that begins so, the most frequent of late first."""
        return self._searches.people(begun)

    def leaving(self, query: Query, ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these that a view cannot hold any more after what was done to them."""
        return self._windows.leaving(query, ids)

    def completeness(self, folder: FolderId) -> Future[Completeness]:
        """How much of a folder is on this machine; read behind the screen's back."""
        return self._lister.do(lambda: self._behind.holdings.completeness(folder))

    def rows(self, ids: Sequence[MessageId]) -> list[Summary | None]:
        """In the order asked; None where a message is gone."""
        return self._windows.rows(ids)

    def accounts_with(self, ids: Sequence[MessageId]) -> set[str]:
        """Whose these messages are."""
        return self._windows.accounts_with(ids)

    def alike(self, id: MessageId, by: str) -> Future[frozenset[MessageId]]:
        """Every message with the same `sender`, or of the same `thread`, itself among them."""
        return self._lister.do(lambda: self._behind.kindred.alike(id, by))

    def drafts(self) -> tuple[Draft, ...]:
        """What is neither sent nor discarded, newest first."""
        return self._letters.drafts()

    def unwritten(self) -> tuple[Draft, ...]:
        """Drafts whose newest text is in memory alone: for a moment, or because the disk takes no more."""
        return self._letters.unwritten()

    def owed(self) -> Owed:
        """What the server has not been told yet."""
        return Owed(self._windows.owes(), self._windows.letters_owed())
