"""What may be amiss with a letter, said under it while it is written: never in the way."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui_mail.model.lint import Remark

_MOST = 3


class Margin(Static):
    """A few quiet lines; nothing of it can be pressed, and it takes no room where there is nothing to say."""

    DEFAULT_CSS = """
    Margin { height: auto; max-height: 3; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def say(self, remarks: Sequence[Remark]) -> None:
        """Shows the first of them, and how many there are more."""
        lines = [f"· {one.text}" for one in remarks]
        if len(lines) > _MOST:
            lines = [*lines[: _MOST - 1], f"· and {len(lines) - _MOST + 1} more; the review has all of them"]
        self.update(Content("\n".join(lines)))
        self.display = bool(lines)
