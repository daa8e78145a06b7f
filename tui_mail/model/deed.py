"""One line of the history: what was done, by whom and when, and whether it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """An operation as the person looks back at it."""

    id: int
    at: float
    """Seconds since 1970 UTC."""
    words: str
    """`Archived 40 messages`."""
    by_program: bool
    """A rule, a muted thread or a message that was put off and came back did it, not a key."""
    undone: bool
    count: int
    """Messages that it changed."""
    can_turn: bool
    """It can be undone, or, where it is undone, done again."""
