"""What was done to messages, the newest first: by the person and by the program, each of it to be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from tui_mail.mime.clean import line
from tui_mail.model.deed import Deed
from tui_mail.model.event import Changed, Event

from ..widgets.message_row import short_date
from .lines import Lines

NEWEST = 500
WHEN = 11
"""Cells of the first column."""


class HistoryScreen(Lines):
    """One line a deed; the ones that were taken back stay there, and say so."""

    BINDINGS = [
        Binding(
            "enter,z,u", "take_back", "Take back", id="history.undo", tooltip="Take this one back, whatever came after"
        ),
        Binding("Z", "again", "Do again", id="history.redo", tooltip="Do again what was taken back"),
        Binding("escape,q", "leave", "Back", id="history.back", tooltip="Back to the messages"),
    ]
    SPACED = False
    HEADING = "What was done"
    NOTHING = "Nothing was done yet.\n\nWhat you archive, move, delete or mark stands here, and what rules did."

    def __init__(self) -> None:
        super().__init__()
        self._deeds: dict[str, Deed] = {}

    def lines(self) -> Sequence[tuple[str, Content]]:
        self._deeds = {str(deed.id): deed for deed in self.app.mail.history(NEWEST)}
        return [(id, self._line(deed)) for id, deed in self._deeds.items()]

    def _line(self, deed: Deed) -> Content:
        when = short_date(int(deed.at), self.app.clock()).ljust(WHEN)
        words = line(deed.words)
        parts: list[tuple[str, str]] = [(when, "$muted")]
        parts.append((words, "$muted strike") if deed.undone else (words, ""))
        if deed.by_program:
            parts.append(("  by itself", "$muted"))
        if deed.undone:
            parts.append(("  taken back", "$muted"))
        elif not deed.can_turn:
            parts.append(("  too long ago", "$muted"))
        return Content.assemble(*parts)

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Changed) and event.own:
            self.draw()

    @on(OptionList.OptionSelected)
    def turn(self) -> None:
        """Enter: the one of both that can be done."""
        deed = self._deeds.get(self.current)
        if deed is not None and deed.can_turn:
            self._turn(undo=not deed.undone)

    def action_take_back(self) -> None:
        self._turn(undo=True)

    def action_again(self) -> None:
        self._turn(undo=False)

    def _turn(self, *, undo: bool) -> None:
        deed = self._deeds.get(self.current)
        if deed is None:
            return
        words = self.app.mail.turn_one(deed.id, undo=undo)
        self.app.said(f"{'Undone' if undo else 'Done again'}: {words}." if words else "Its folder is gone.")
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("take_back", "again") and self.is_mounted:
            deed = self._deeds.get(self.current)
            if deed is None or not deed.can_turn or deed.undone != (action == "again"):
                return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        deed = self._deeds.get(self.current)
        if deed is None:
            return "nothing is chosen"
        if not deed.can_turn:
            return "it is too long ago"
        return "it was taken back already" if deed.undone else "it was not taken back"
