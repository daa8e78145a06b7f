"""Marks in a letter what was looked for, and goes from one such place to the next."""

from __future__ import annotations

from textual.binding import Binding
from textual.widget import Widget

from tui_mail.model.hits import Spans, spans

FIND_KEYS = (
    Binding("n", "find(1)", "Next hit", id="search.next", tooltip="To the next place found", show=False),
    Binding("N", "find(-1)", "Last hit", id="search.previous", tooltip="To the place before", show=False),
)
"""For the widget's own BINDINGS, which may take over none of those below it."""


class Finding(Widget):
    """For a widget of lines; it says what a line is, and how one is brought into view."""

    phrases: tuple[str, ...] = ()
    """What is marked."""

    def find(self, phrases: tuple[str, ...]) -> None:
        """Marks these from now on, in whatever is shown."""
        if phrases != self.phrases:
            self.phrases = phrases
            self.refresh_bindings()
            self.marks_changed()

    def marks_changed(self) -> None:
        """Other phrases are marked now."""
        raise NotImplementedError

    def text_of(self, at: int) -> str | None:
        """The text of a line; None behind the last."""
        raise NotImplementedError

    def topmost(self) -> int:
        """The first line that is seen."""
        raise NotImplementedError

    def reveal(self, at: int) -> None:
        """Makes this line the topmost, as far as there is text below it."""
        raise NotImplementedError

    def hits_in(self, text: str) -> Spans:
        return spans(text, self.phrases) if self.phrases else []

    def action_find(self, step: int) -> None:
        """The next line with a hit; silence at the end, where nothing moves."""
        at = self.topmost() + step
        while at >= 0 and (text := self.text_of(at)) is not None:
            if self.hits_in(text):
                self.reveal(at)
                return
            at += step

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "find" and not self.phrases:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        """Why an action is dim, for the palette."""
        return "nothing was searched for yet" if action == "find" else ""
