"""`tui-mail search`: messages in all folders of all accounts; one account's trouble does not hide the others' mail."""

from __future__ import annotations

import itertools
import time

from tui_mail.config.places import Places
from tui_mail.config.settings import Account
from tui_mail.engine.search import plan
from tui_mail.mime.clean import line, sound
from tui_mail.model.condition import Of
from tui_mail.model.errors import MailError, StorageFailed
from tui_mail.model.folder import Folder
from tui_mail.model.query import Query

from . import printing, send, telling
from .journal import Journal
from .list import tell_the_rest
from .looking import Look, keep_text, look, tell_what_is_missing
from .wanted import Search


def run(order: Search, places: Places, journal: Journal) -> int:
    query = Query.parse(sound(order.query))
    with look(places, journal, offline=order.offline) as here:
        named = order.account or query.account
        accounts = [send.choose(here.settings, named, places)] if named else list(here.settings.accounts.values())
        query = query.without(Of)
        good = [account for account in accounts if _is_looked_at(here, account, query, alone=len(accounts) == 1)]
        here.bar.clear()
        if not good:
            return 1
        keys = {account.key for account in good}
        folders = [one for one in here.visit.windows.folders() if one.account in keys and _holds(query, one)]
        tell_what_is_missing(here, folders, query, None)
        if len(good) == 1:
            query = query.also(Of(good[0].key))
        listing = here.visit.windows.listing(query)
        rows = itertools.islice((row for row in here.rows(listing) if row.account in keys), order.limit or None)
        if order.json:
            names = here.folder_names()
            printing.objects(telling.as_object(here, row, names) for row in rows)
        else:
            telling.print_rows(here, list(rows))
        tell_the_rest(order.limit, len(listing))
    return 0 if len(good) == len(accounts) else 1


def _is_looked_at(here: Look, account: Account, query: Query, *, alone: bool) -> bool:
    """Brings the account up to date; False, with the sentence said, where that cannot be."""
    try:
        here.visit.look(account, lambda folder: _holds(query, folder), enough=None)
        keep_text(here, account, query, lambda folder: _holds(query, folder))
    except StorageFailed:
        raise
    except MailError as error:
        if alone:
            raise
        here.bar.clear()
        printing.note(f"{account.key} was not searched: {line(str(error))}")
        return False
    return True


def _holds(query: Query, folder: Folder) -> bool:
    """Whether the query is asked of this folder."""
    return folder.selectable and folder.id in plan(query, [folder], time.time()).asked
