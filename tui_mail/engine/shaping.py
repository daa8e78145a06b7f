"""The part of the door for views by threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from tui_mail.model.gathered import Gathered
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId

from .reader import Reader
from .windows import Windows


class Shaping:
    """What the screens may ask about it."""

    _windows: Windows
    _behind: Windows
    _lister: Reader

    def gathered(self, listing: Listing) -> Gathered:
        """The same view by threads, all folded: 100,000 take a tenth of a second."""
        return Gathered.of(listing, self._windows.kindred.threads(listing))

    def gathered_soon(self, listing: Listing) -> Future[Gathered]:
        """The same, made behind the screen's back."""
        return self._lister.do(lambda: Gathered.of(listing, self._behind.kindred.threads(listing)))

    def places(self, ids: Sequence[MessageId]) -> list[tuple[MessageId, int]]:
        """The letters of one thread in the order in which one reads them, each with its depth."""
        return self._windows.kindred.places(ids)

    def unread_among(self, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        return self._windows.unread_among(ids)
