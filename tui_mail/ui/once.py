"""Screens that are left once: what asks one to go that is gone already would close the one below it."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType


class Once(Screen[ScreenResultType]):
    """The toolkit takes away whatever is on top. An Enter that comes behind the Esc that closed its dialog, or a click
    behind a key, would take the inbox."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_active else AwaitComplete()


class Modal(ModalScreen[ScreenResultType], Once[ScreenResultType]):  # looks go by the first
    """A dialog over another screen."""
