"""What a pull held back, for the screens: which messages, and what the person says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from tui_mail.model.event import Event, FoldersChanged
from tui_mail.model.folder import FolderId, Gap
from tui_mail.model.listing import Listing

from .books import Books
from .schema import writing
from .windows import Windows
from .writer import Writer


class Brake:
    """Any thread. What is said is durable, and done with the next look at the folder."""

    def __init__(
        self,
        writer: Writer,
        windows: Windows,
        *,
        tell: Callable[[Event], None],
        look: Callable[[FolderId], None],
    ) -> None:
        """`look` has a folder looked at soon."""
        self._writer = writer
        self._windows = windows
        self._tell = tell
        self._look = look

    def gaps(self) -> tuple[Gap, ...]:
        """Folders with messages that only this machine still has; those to decide about first."""
        return self._windows.holdings.gaps()

    def listing(self, folder: FolderId) -> Listing:
        """These messages, newest first."""
        return self._windows.holdings.held_back(folder)

    def follow(self, gap: Gap) -> None:
        """They go from here too."""
        self._decide(gap, "allowed")

    def keep(self, gap: Gap) -> None:
        """They stay here, and nobody asks again about these."""
        self._decide(gap, "kept")

    def _decide(self, gap: Gap, state: Literal["kept", "allowed"]) -> None:
        def job(books: Books) -> None:
            with writing(books.index.connection):
                books.withheld.decide(gap.folder, state)
            self._tell(FoldersChanged(gap.account))
            self._look(gap.folder)

        self._writer.do(job, urgent=True)
