"""The text of a letter while it is written."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.widgets import TextArea

from .line_input import harmless

_TAKEN = frozenset({"f6", "f7"})
"""Keys that stock TextArea takes and that go through panes here."""


class LetterBody(TextArea, inherit_bindings=False):
    """A TextArea that wraps, leaves Tab and F6 to the screen, and takes pasted controls as marks."""

    BINDINGS = [
        *(binding for binding in TextArea.BINDINGS if isinstance(binding, Binding) and binding.key not in _TAKEN),
        Binding("ctrl+home", "to_start", "Start", id="compose.start", show=False, tooltip="To the start of the text"),
        Binding("ctrl+end", "to_end", "End", id="compose.end", show=False, tooltip="To the end of the text"),
    ]

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False)

    def action_to_start(self) -> None:
        self.move_cursor((0, 0))

    def action_to_end(self) -> None:
        self.move_cursor(self.document.end)

    def put(self, text: str) -> None:
        """Other text in the place of all of it, as one step that ^Z takes back."""
        if text != self.text:
            self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
            self.move_cursor((0, 0))

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if not self.read_only and (result := self._replace_via_keyboard(harmless(event.text), *self.selection)):
            self.move_cursor(result.end_location)
