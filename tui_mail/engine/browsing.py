"""The part of the door for what is asked of the web, because the person said so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from tui_mail.backend.web import Web
from tui_mail.config.settings import Settings

from . import pictures
from .leaving import Leaving


class Browsing:
    """Pictures, and lists that are left; nothing else."""

    settings: Settings
    _leaving: Leaving
    _web: Web

    def pictures(self, urls: Sequence[str], tell: Callable[[int, int], None]) -> Future[list[pictures.Fetched]]:
        """Pictures of the web, because the person asked; `tell` hears from another thread how many are done."""
        return pictures.fetch(self._web, urls, tell)

    def leave(self, url: str, name: str) -> Future[int]:
        """Leaves a mailing list by one click, after the seconds in which a letter can be called back too."""
        return self._leaving.leave(url, name, self.settings.compose.undo_send)

    def stay(self, id: int) -> bool:
        """Calls that off; False where it is too late."""
        return self._leaving.call_off(id)
