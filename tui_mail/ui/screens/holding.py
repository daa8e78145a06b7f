"""Pausing what is fetched of old mail, and going on with it: for a line that somebody else needs, or that costs."""

from __future__ import annotations

from textual.binding import Binding

from ..bridge import MailScreen
from ..keys import unbound


class Holding(MailScreen):
    """For the main screen. New mail, and what the person opens, comes all the same."""

    BINDINGS = [
        Binding(
            unbound("view.pause"),
            "pause_fetching",
            "Pause fetching",
            id="view.pause",
            tooltip="Fetch no old mail for now; new mail comes all the same",
            show=False,
        ),
        Binding(
            unbound("view.go-on"),
            "go_on_fetching",
            "Go on fetching",
            id="view.go-on",
            tooltip="Fetch old mail again, from where it was paused",
            show=False,
        ),
    ]

    def held(self) -> None:
        """Called when it was paused or goes on."""

    def action_pause_fetching(self) -> None:
        self._hold(is_held=True)

    def action_go_on_fetching(self) -> None:
        self._hold(is_held=False)

    def _hold(self, *, is_held: bool) -> None:
        self.app.mail.hold(is_held=is_held)
        self.held()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        is_held = self.app.mail.is_held
        if (action == "pause_fetching" and is_held) or (action == "go_on_fetching" and not is_held):
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        if action == "pause_fetching":
            return "it is paused already"
        return "it is not paused" if action == "go_on_fetching" else super().reason(action)
