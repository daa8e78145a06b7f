"""`tui-mail export`: a folder, or what matches in it, written to a path that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from tui_mail.config.places import Places
from tui_mail.model.errors import NotFound, Refused
from tui_mail.model.message import Summary

from . import printing, target
from .forms import FORMS
from .journal import Journal
from .looking import Look, look, one_folder
from .target import Target
from .wanted import Export


def run(order: Export, places: Places, journal: Journal) -> int:
    form = FORMS[order.form]
    path = target.checked(order.path, is_folder=form.is_folder, force=order.force)
    with look(places, journal, offline=order.offline) as here:
        _, listing = one_folder(
            here, places, account=order.account, folder=order.folder, query=order.query, enough=None
        )
        letters = _Letters(here, list(here.rows(listing)), newest_first=form.newest_first)
        with Target(path, is_folder=form.is_folder, force=order.force) as at:
            written = form.write(at, letters)
        here.bar.clear()
    what = "1 message" if written == 1 else f"{written:,} messages"
    printing.note(f"{what} in {path}.")
    return letters.tell_what_is_missing(order.offline)


class _Letters:
    """The messages with their octets, one by one; what cannot be had is counted."""

    def __init__(self, here: Look, rows: list[Summary], *, newest_first: bool) -> None:
        self._here = here
        self._rows = rows if newest_first else rows[::-1]
        self._gone = 0
        self._refused: list[Summary] = []

    def __iter__(self) -> Iterator[tuple[Summary, bytes]]:
        for done, row in enumerate(self._rows):
            self._here.bar.show("exporting", done, len(self._rows))
            try:
                raw = self._here.raw(row)
            except NotFound:
                self._gone += 1
                continue
            except Refused:
                self._refused.append(row)
                continue
            yield row, raw

    def tell_what_is_missing(self, offline: bool) -> int:
        """The exit code: what the server refused is a failure; what was deleted meanwhile, or is not here, is not."""
        if self._gone:
            why = "is not stored here" if offline else "was deleted meanwhile"
            printing.note(f"{self._gone:,} of {len(self._rows):,} are not in it: their text {why}.")
        if self._refused:
            ids = ", ".join(str(row.id) for row in self._refused[:10])
            more = " and others" if len(self._refused) > 10 else ""
            printing.note(f"{len(self._refused):,} are not in it, the server would not give them out: {ids}{more}.")
        return 1 if self._refused else 0
