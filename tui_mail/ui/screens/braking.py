"""Asking what is to become of messages that a server lost, once, and never into the middle of something."""

from __future__ import annotations

from textual.binding import Binding
from textual.widgets import Input, TextArea

from tui_mail.model.event import Event, FoldersChanged, HeldBack
from tui_mail.model.folder import Gap

from ..bridge import MailScreen
from ..keys import unbound
from .brake import BrakeScreen
from .signing_in import TYPING


class Braking(MailScreen):
    """For the main screen: opens the question when it comes up, and again when the person wants to see it."""

    BINDINGS = [
        Binding(
            unbound("view.held-back"),
            "held_back",
            "Held back",
            id="view.held-back",
            tooltip="Messages that a server lost and that are kept here",
            show=False,
        )
    ]

    def __init__(self) -> None:
        super().__init__()
        self.gaps: tuple[Gap, ...] = ()
        """What is held back now."""

    def begin_braking(self) -> None:
        """Asks what is held back since earlier days; from here on it is told."""
        self.gaps = self.app.mail.brake.gaps()

    def heard(self, event: Event) -> None:
        if isinstance(event, HeldBack | FoldersChanged):
            self.gaps = self.app.mail.brake.gaps()
        super().heard(event)
        if isinstance(event, HeldBack):
            self._ask_about(event)

    def _ask_about(self, event: HeldBack) -> None:
        """Waits until nothing lies over the list and nobody types; what was decided meanwhile is not asked."""
        gap = next((one for one in self.gaps if one.folder == event.folder and one.is_open), None)
        if gap is None or isinstance(self.app.screen, BrakeScreen):
            return
        if self.app.screen is not self or isinstance(self.app.focused, Input | TextArea):
            self.set_timer(TYPING, lambda: self._ask_about(event))
            return
        self.app.push_screen(BrakeScreen(gap))

    def action_held_back(self) -> None:
        self.app.push_screen(BrakeScreen())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "held_back" and not self.gaps:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "every server shows all that is here" if action == "held_back" else super().reason(action)
