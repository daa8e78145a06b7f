"""One line over the status bar that says what was just done, or which keys may follow."""

from __future__ import annotations

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

SECONDS = 6.0
_AROUND = 3
"""Cells of the bar and the padding."""


class Note(Static):
    """Hidden while it has nothing to say; never takes the focus, never moves anything."""

    DEFAULT_CSS = """
    Note { dock: bottom; layer: note; width: 100%; height: auto; max-height: 4; margin: 0 0 1 0; padding: 0 1;
      display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hide: Timer | None = None
        self._words = Content()

    def say(self, words: str, *, undo: str = "") -> None:
        """Shows cleaned words for some seconds; with `undo`, the key that takes it back."""
        text = Content(words)
        if undo:
            text += Content.assemble("   ", (undo, "bold $accent"), " undoes")
        self._words = text
        self._show(text, hint=False)
        if self._hide is not None:
            self._hide.stop()
        self._hide = self.set_timer(SECONDS, self._over)

    def withdraw(self) -> None:
        """What was said turned out not to be so."""
        if self._hide is not None:
            self._hide.stop()
        self._over()

    def hint(self, entries: list[tuple[str, str]]) -> None:
        """Shows (key, what it does) pairs; an empty list goes back to what was said before."""
        if entries:
            pieces = [Content.assemble((key, "bold $accent"), f" {words}") for key, words in entries]
            self._show(_in_lines(pieces, self.app.size.width - _AROUND), hint=True)
        elif self._words:
            self._show(self._words, hint=False)
        else:
            self.display = False

    def _show(self, text: Content, *, hint: bool) -> None:
        self.set_class(hint, "-hint")
        self.update(text)
        self.display = True

    def _over(self) -> None:
        self._words = Content()
        if not self.has_class("-hint"):
            self.display = False


def _in_lines(pieces: list[Content], width: int) -> Content:
    """The pieces side by side; no line ends between a key and what it does."""
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if lines[-1].cell_length + 3 + piece.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], "   ", piece)
        else:
            lines.append(piece)
    return Content("\n").join(lines)
