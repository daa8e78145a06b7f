"""What the reading commands share: which account and folder is meant, brought up to date, and its messages."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_mail.backend.contract import Store
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.places import Places
from tui_mail.config.settings import Account, Settings
from tui_mail.config.state import State
from tui_mail.engine.visit import Visit, visit
from tui_mail.mime.clean import sound
from tui_mail.model.condition import In, Of
from tui_mail.model.errors import BadConfig, BadInput
from tui_mail.model.event import Event
from tui_mail.model.folder import Folder, Role
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.query import Query

from . import printing, send, wiring
from .journal import Journal
from .progress import Bar

_AT_ONCE = 500
PAUSED = "paused"
"""What state.toml calls the accounts that the person switched off on the screen."""


@dataclasses.dataclass(slots=True)
class Look:
    """An open store with what was configured."""

    settings: Settings
    visit: Visit
    bar: Bar

    def rows(self, listing: Listing) -> Iterator[Summary]:
        """Its messages in order; those of accounts that are no longer configured are left out."""
        for start in range(0, len(listing), _AT_ONCE):
            for row in self.visit.windows.rows(listing.window(start, start + _AT_ONCE)):
                if row is not None and row.account in self.settings.accounts:
                    yield row

    def raw(self, row: Summary) -> bytes:
        return self.visit.raw(self.settings.accounts[row.account], row.id)

    def row(self, id: MessageId) -> Summary | None:
        row = self.visit.windows.rows([id])[0]
        return row if row is not None and row.account in self.settings.accounts else None

    def folder_names(self) -> dict[int, str]:
        return {folder.id: folder.name for folder in self.visit.windows.folders()}


@contextmanager
def look(
    config: Places, journal: Journal, *, offline: bool, hear: Callable[[Event], None] | None = None
) -> Iterator[Look]:
    """Opens the configured accounts' store; `hear` is told what the engine tells, beside the bar.

    Raises BadConfig where there is no account.
    """
    every = file.load(config.config)
    settings = every.active(State(config.state).get(PAUSED, [""][:0]))
    if not settings.accounts:
        why = "Every account is switched off" if every.accounts else "No account is configured"
        raise BadConfig(f"{why} in {config.config}.", remedy="tui-mail --help shows how.")
    credentials = Credentials(ask=False)
    journal.open(credentials.mask)
    bar = Bar()
    data: Path = config.data

    def tell(event: Event) -> None:
        bar.hear(event)
        if hear is not None:
            hear(event)

    opening = visit(
        data,
        settings.accounts,
        connect=_asking(credentials, data, bar),
        clock=time.time,
        tell=tell,
        offline=offline,
    )
    try:
        with opening as one:
            yield Look(settings, one, bar)
    finally:
        bar.clear()


def _asking(credentials: Credentials, data: Path, bar: Bar) -> Callable[[Account], Store]:
    """Connects with a password that is asked for on the terminal where it is known nowhere."""
    connect = wiring.connect(credentials, data)

    def store(account: Account) -> Store:
        bar.clear()
        if account.maildir is None:
            send.ask(credentials, account, account.imap.host)
        return connect(account)

    return store


def one_folder(
    look: Look, places: Places, *, account: str, folder: str, query: str, enough: int | None
) -> tuple[Folder, Listing]:
    """The folder that is meant and what matches in it, after the server was asked for what is new.

    `enough` newest messages will do where nothing is searched for; None is all. Raises BadInput for what is not there.
    """
    wanted = Query.parse(sound(query))
    chosen = send.choose(look.settings, account or wanted.account, places)
    if folder and wanted.within:
        raise BadInput("--folder and in: both name a folder; one of them is enough.")
    name = sound(folder or wanted.within)
    elsewhere = wanted.without(In, Of)
    is_plain = elsewhere.is_plain
    look.visit.look(chosen, lambda one: is_named(one, name), enough=enough if is_plain else None)
    if wanted.terms:
        keep_text(look, chosen, wanted, lambda one: is_named(one, name))
    own = look.visit.windows.folders(chosen.key)
    found = next((one for one in own if is_named(one, name)), None)
    if found is None:
        there = ", ".join(one.name for one in own if one.selectable)
        missing = f"There is no folder “{name or 'INBOX'}” in {chosen.key}"
        raise BadInput(
            f"{missing}; there are {there}." if there else f"{missing}: none of its folders are stored here."
        )
    look.bar.clear()
    tell_what_is_missing(look, [found], wanted, enough if is_plain else None)
    return found, look.visit.windows.listing(elsewhere.at(found.id))


def is_named(folder: Folder, name: str) -> bool:
    """By its whole name, its last piece or its role; INBOX where none is named."""
    if not folder.selectable:
        return False
    if not name:
        return folder.role is Role.INBOX
    return name.casefold() in (folder.name.casefold(), folder.leaf.casefold(), folder.role or "")


def keep_text(look: Look, account: Account, query: Query, wanted: Callable[[Folder], bool]) -> None:
    """Fetches the text that a query will be asked of."""
    if any(term.where in ("any", "body") for term in query.terms):
        look.visit.keep_text(account, wanted, look.settings.sync.keep)


def tell_what_is_missing(look: Look, folders: list[Folder], query: Query, enough: int | None) -> None:
    """Nothing is hidden: what is not stored here was not looked at."""
    why = "tui-mail is running and still fetching" if look.visit.is_shared else "not all is stored here"
    held = sum(one.held or 0 for one in folders)
    total = sum(one.total for one in folders)
    if held < total and (enough is None or held < enough):
        printing.note(f"{why}: {held:,} of {total:,} messages were looked at.")
    if any(term.where in ("any", "body") for term in query.terms):
        without = look.visit.windows.holdings.without_text(one.id for one in folders)
        if without:
            printing.note(f"the text of {without:,} messages is not stored here; only their headers were searched.")
