"""What can be undone and done again, newest last; the durable file holds the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui_mail.model.operation import Operation

from .overlay import Shifts

_MOST = 500


@dataclass(frozen=True, slots=True)
class Done:
    """One operation. What an earlier run did is read from the durable file when it is wanted: then it is None here."""

    id: int
    operation: Operation | None = None
    shifts: Shifts | None = None
    """What it did to the counts of folders."""


class Journal:
    """Two stacks."""

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._undone: list[Done] = []

    def load(self, entries: Iterable[tuple[int, int]]) -> None:
        """What earlier runs left: (id, by which undo it was undone, or 0)."""
        known = list(entries)
        self._done = [Done(id) for id, undone in known if not undone][-_MOST:]
        self._undone = [Done(id) for id, undone in sorted(known, key=lambda one: one[1]) if undone]

    def did(self, id: int, operation: Operation | None, shifts: Shifts | None = None) -> None:
        """Something new: what was undone before cannot be done again."""
        self._done = [*self._done, Done(id, operation, shifts)][-_MOST:]
        self._undone.clear()

    def undo(self) -> Done | None:
        """The newest operation; it is undone from here on."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Done | None:
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def take(self, id: int, *, undo: bool) -> Done | None:
        """One of them out of its turn; None where it is not among those that a key reaches."""
        source, target = (self._done, self._undone) if undo else (self._undone, self._done)
        found = next((entry for entry in source if entry.id == id), None)
        if found is not None:
            source.remove(found)
            target.append(found)
        return found

    def drop(self, id: int) -> None:
        """It could not be written down, or is about nothing any more: it did not happen."""
        self._done = [entry for entry in self._done if entry.id != id]
        self._undone = [entry for entry in self._undone if entry.id != id]
