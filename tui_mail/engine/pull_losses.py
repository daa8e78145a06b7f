"""What a pull finds missing on the server: confirmed by name, judged by the brake, and only then taken away here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui_mail.backend.contract import Selected
from tui_mail.model.event import HeldBack
from tui_mail.model.folder import spoken
from tui_mail.model.message import MessageId
from tui_mail.model.operation import count

from .books import Books
from .desk import Desk, Restart
from .index import Touched
from .index_folders import FolderState
from .schema import writing
from .slices import SLICE, WINDOW, slices, windows
from .withheld import Verdict


class Losses:
    """Gathers through one pass over a folder; `settle` decides over all of it at once."""

    def __init__(self, desk: Desk, folder: FolderState, *, may_ask: bool) -> None:
        self._desk = desk
        self._folder = folder
        self._may_ask = may_ask
        self._told: set[int] = set()
        """What the server itself said is gone (VANISHED)."""
        self._missing: set[int] = set()
        """What a complete answer did not name."""
        self._given_up: list[MessageId] = []
        """Rows whose uid was looked for in vain."""

    def told(self, uids: Iterable[int]) -> None:
        self._told.update(uids)

    def missed(self, uids: Iterable[int]) -> None:
        self._missing.update(uids)

    def give_up(self, ids: Sequence[MessageId]) -> None:
        self._given_up += ids

    def without(self, local: Sequence[int]) -> list[int]:
        """These rows but for those that are said to be gone."""
        return [uid for uid in local if uid not in self._told] if self._told else list(local)

    def settle(self, selected: Selected) -> None:
        """Once a pass, when everything else of it is written. Raises Restart where the folder changed its numbering."""
        gone = self._confirmed(self._told | self._missing)
        if 2 * len(gone) > self._folder.placed:
            # Half a folder at once is what a server in trouble says too: it has to say so again, to a new SELECT.
            again = self._desk.open(self._folder)
            if again.uidvalidity != selected.uidvalidity:
                raise Restart
            gone = self._confirmed(gone - self._desk.store.uids(min(gone)))
        self._judge(gone)

    def _judge(self, gone: set[int]) -> None:
        folder, desk, now = self._folder, self._desk, self._desk.clock()

        def judge(books: Books) -> Verdict:
            missing = [*books.index.ids_of(folder.id, gone).values(), *self._given_up]
            with writing(books.index.connection):
                return books.withheld.judge(folder.id, missing, may_ask=self._may_ask, now=now)

        verdict = desk.write(judge)
        for piece in slices(sorted(verdict.dies), 4 * SLICE):

            def bury(books: Books, piece: Sequence[MessageId] = piece) -> Touched:
                with writing(books.index.connection):
                    touched = books.index.bury(folder.id, piece)
                books.bodies.sweep()
                return touched

            desk.changed(desk.write(bury))
        if verdict.asks:
            desk.tell(HeldBack(folder.account, folder.id, spoken(folder.name), verdict.asks))

    def _confirmed(self, missing: set[int]) -> set[int]:
        """Those that the server does not show when asked for by name either."""
        still: set[int] = set()
        for _, window in windows(sorted(missing), WINDOW):
            still |= self._desk.store.identity(window).keys()
        return missing - still


def renumbered_words(folder: FolderState) -> str:
    """What the person is told while a folder's messages are found again."""
    return (
        f"The server gave new numbers to {count(folder.placed)} of {spoken(folder.name)}. Nothing is lost: each is "
        "found again by what it is, and what you did meanwhile is told then."
    )
