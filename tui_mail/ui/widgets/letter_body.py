"""The text of a letter while it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import TextArea

from .line_input import harmless
from .long_text import LongLine, quicken

_TAKEN = frozenset({"f6", "f7", "ctrl+f"})
"""Keys that stock TextArea takes and that mean something else here."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_WORD = re.compile(r"\S*[@/\\]\S*|\S+\.\S+|\b\S*\d\S*\b")
"""Addresses, paths, names of files: nothing that a dictionary knows."""
_DEEPEST = 4


def _inherited() -> list[Binding]:
    """TextArea's own, without the keys that are taken."""
    found = []
    for one in TextArea.BINDINGS:
        if isinstance(one, Binding):
            keys = ",".join(key for key in one.key.split(",") if key.strip() not in _TAKEN)
            found += [Binding(keys, one.action, one.description, show=False)] if keys else []
    return found


class LetterBody(TextArea, inherit_bindings=False):
    """A TextArea that wraps, leaves Tab and F6 to the screen, and takes pasted controls as marks.

    Quotes have the colours that they have when they are read; a word that `knows` does not know is underlined.
    """

    COMPONENT_CLASSES = {
        *(f"body--quote-{depth}" for depth in range(_DEEPEST)),
        "body--signature",
        "body--misspelt",
        "body--found",
    }
    BINDINGS = [
        *_inherited(),
        Binding("ctrl+home", "to_start", "Start", id="compose.start", show=False, tooltip="To the start of the text"),
        Binding("ctrl+end", "to_end", "End", id="compose.end", show=False, tooltip="To the end of the text"),
    ]

    class PathsPasted(Message):
        """Nothing but names of files was pasted: they may be meant to go along. `text` is how it came."""

        def __init__(self, paths: list[Path], text: str) -> None:
            super().__init__()
            self.paths = paths
            self.text = text

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False)
        self._knows: Callable[[str], bool] | None = None
        self._sought = ""

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        quicken(self)

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
        if self.read_only:
            return
        if paths := pasted_paths(event.text):
            self.post_message(self.PathsPasted(paths, event.text))
        else:
            self.take(event.text)

    def take(self, text: str) -> None:
        """Pasted text, where the cursor stands."""
        if result := self._replace_via_keyboard(harmless(text), *self.selection):
            self.move_cursor(result.end_location)

    # ---- looks

    def get_line(self, line_index: int) -> Text:
        text = super().get_line(line_index)
        if len(text) > LongLine.FROM:
            text = LongLine(text.plain, end=text.end, no_wrap=text.no_wrap)
        line = text.plain
        if line.startswith(">"):
            depth = len(line[:40].replace(" ", "")) - len(line[:40].replace(" ", "").lstrip(">"))
            text.stylize(self.get_component_rich_style(f"body--quote-{(depth - 1) % _DEEPEST}"))
        elif line == "-- ":
            text.stylize(self.get_component_rich_style("body--signature"))
        elif self._knows is not None:
            here = self.cursor_location
            for start, end in self.misspelt(line):
                if here[0] != line_index or not start <= here[1] <= end:  # what is just being typed is left alone
                    text.stylize(self.get_component_rich_style("body--misspelt"), start, end)
        if self._sought:
            look = self.get_component_rich_style("body--found")
            for match in re.finditer(re.escape(self._sought), line, re.I):
                text.stylize(look, *match.span())
        return text

    def _draw_anew(self) -> None:
        self._line_cache.clear()
        self.refresh()

    # ---- spelling

    def check_spelling(self, knows: Callable[[str], bool] | None) -> None:
        """From now on words that it does not know are underlined; None ends that."""
        self._knows = knows
        self._draw_anew()

    def misspelt(self, line: str) -> list[tuple[int, int]]:
        """Where words stand that the dictionaries do not know; quotes are somebody else's."""
        if self._knows is None or line.startswith(">"):
            return []
        plain = _NO_WORD.sub(lambda match: " " * len(match[0]), line[:2000])
        return [match.span() for match in _WORD.finditer(plain) if not self._knows(match[0])]

    def next_misspelt(self) -> str:
        """Selects the next unknown word from the cursor on, and around; the word, or empty where all are known."""
        row, column = self.selection.end
        lines = self.document.lines
        for step in range(len(lines) + 1):
            at = (row + step) % len(lines)
            for start, end in self.misspelt(lines[at]):
                if step or start >= column:
                    self.selection = type(self.selection)((at, start), (at, end))
                    self.scroll_cursor_visible()
                    return lines[at][start:end]
        return ""

    # ---- finding

    def seek(self, text: str) -> None:
        """Marks every place where the text stands, whatever its capitals; empty marks nothing."""
        self._sought = text
        self._draw_anew()

    def find(self, way: int = 1) -> bool:
        """To the next place (or with -1 the one before), around the ends; False where there is none."""
        if not self._sought:
            return False
        lines = self.document.lines
        pattern = re.compile(re.escape(self._sought), re.I)
        (row, column), top = self.selection.end, min(self.selection)
        for step in range(len(lines) + 1):
            at = (row + way * step) % len(lines)
            spans = [match.span() for match in pattern.finditer(lines[at])]
            if way > 0:
                spans = [span for span in spans if step or span[0] >= column]
            else:
                spans = [span for span in reversed(spans) if step or span[1] <= top[1]]
            if spans:
                start, end = spans[0]
                self.selection = type(self.selection)((at, start), (at, end))
                self.scroll_cursor_visible(center=True)
                return True
        return False


def pasted_paths(text: str) -> list[Path]:
    """The files that a paste names, where it names nothing else: as terminals write what is dropped on them."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if not 0 < len(lines) <= 20 or any(len(line) > 4096 for line in lines):
        return []
    found = []
    for line in lines:
        if line[0] in "'\"" and line[-1] == line[0] and len(line) > 2:
            line = line[1:-1]
        line = re.sub(r"\\(.)", r"\1", line.removeprefix("file://"))
        if not line.startswith(("/", "~/")):
            return []
        path = Path(line).expanduser()
        try:
            if not path.is_file():
                return []
        except (OSError, ValueError, RuntimeError):
            return []
        found.append(path)
    return found
