"""The line over a letter that says how it is protected: outside of everything that the letter itself can write."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui_mail.model.seal import Seal

_MARKS = {"good": "✓", "note": "·", "alarm": "✗"}


class SealLine(Static):
    """One line, or none for a letter without protection. Its words come from the person's own gpg."""

    DEFAULT_CSS = """
    SealLine { height: auto; max-height: 3; padding: 0 1; display: none; }
    SealLine.-sealed { display: block; }
    """

    def show(self, seal: Seal | None, hint: str = "") -> None:
        """`hint`: what can be done about it, behind the words."""
        self.set_class(seal is not None, "-sealed")
        for weight in _MARKS:
            self.set_class(seal is not None and seal.weight == weight, f"-{weight}")
        if seal is not None:
            self.update(Content("  ".join(filter(None, [f"{_MARKS[seal.weight]} {seal.words}", hint]))))
