"""Which style each part of a row has, by what the row is and where the cursor stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.style import Style

PARTS = (
    *("row", "unread", "sender", "dim", "mark", "star", "chosen", "cursor", "blurred"),
    *("cursor-dim", "cursor-mark", "cursor-star", "hit", "account-0", "account-1", "account-2", "account-3"),
    *("empty", "empty-first"),
)
"""What the style sheet names."""


class State(NamedTuple):
    """What a row is, as far as its looks go."""

    unread: bool
    cursor: bool
    chosen: bool
    focus: bool
    """The list is where the keys go."""


class ListLook:
    """Of one list, as long as the theme stays the same."""

    def __init__(self, part: Callable[[str], Style]) -> None:
        """`part`: what the style sheet says of one of PARTS, and nothing that it leaves open."""
        self._part = part
        self._known: dict[State, dict[str, Style]] = {}

    def forget(self) -> None:
        """Another theme."""
        self._known.clear()

    def of(self, state: State) -> dict[str, Style]:
        """`row`, `sender`, `dim`, `mark`, `star`, `hit`, as `message_row.Look` wants them."""
        if state not in self._known:
            base = self._part("row")
            cursor = ["cursor" if state.focus else "blurred"] * state.cursor
            for name in ["unread"] * state.unread + ["chosen"] * state.chosen + cursor:
                base += self._part(name)
            parts = {part: base + self._part(part) for part in ("sender", "dim", "mark", "star")}
            parts["hit"] = self._part("hit") + (self._part("cursor-star") if state.cursor else Style())
            if state.cursor:
                parts |= {part: parts[part] + self._part(f"cursor-{part}") for part in ("dim", "mark", "star")}
            self._known[state] = parts | {"row": base}
        return self._known[state]
