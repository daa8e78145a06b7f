"""`tui-mail list`: what stands in a folder, newest first."""

from __future__ import annotations

import itertools
import sys

from tui_mail.config.places import Places

from . import printing, telling
from .journal import Journal
from .looking import look, one_folder
from .wanted import List


def run(order: List, places: Places, journal: Journal) -> int:
    with look(places, journal, offline=order.offline) as here:
        _, listing = one_folder(
            here,
            places,
            account=order.account,
            folder=order.folder,
            query=order.query,
            enough=order.limit or None,
        )
        rows = itertools.islice(here.rows(listing), order.limit or None)
        if order.json:
            folders = here.folder_names()
            printing.objects(telling.as_object(here, row, folders) for row in rows)
        else:
            telling.print_rows(here, list(rows))
        tell_the_rest(order.limit, len(listing))
    return 0


def tell_the_rest(limit: int, total: int) -> None:
    """To a person, not to a program: there is more."""
    if limit and total > limit and sys.stdout.isatty():
        printing.done()
        printing.note(f"{limit:,} of {total:,}; --limit 0 shows them all.")
