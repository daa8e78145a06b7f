"""What can be undone and done again, newest last; the durable file holds the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation

from .work import Journalled

_MOST = 500


class Journal:
    """Two stacks of (id in the durable file, operation)."""

    def __init__(self) -> None:
        self._done: list[tuple[int, Operation]] = []
        self._undone: list[tuple[int, Operation]] = []

    def load(self, entries: Iterable[Journalled]) -> None:
        """What earlier runs left."""
        kept = [entry for entry in entries if entry.operation]
        self._done = [(entry.id, entry.operation) for entry in kept if not entry.undone][-_MOST:]
        undone = sorted((entry for entry in kept if entry.undone > 0), key=lambda entry: entry.undone)
        self._undone = [(entry.id, entry.operation) for entry in undone]

    def did(self, id: int, operation: Operation) -> None:
        """Something new: what was undone before cannot be done again."""
        self._done = [*self._done, (id, operation)][-_MOST:]
        self._undone.clear()

    def undo(self) -> tuple[int, Operation] | None:
        """The newest operation; it is undone from here on."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> tuple[int, Operation] | None:
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def rename(self, old: MessageId, new: MessageId) -> None:
        """A message has another id since its index was rebuilt."""
        self._done = [(id, _renamed(operation, old, new)) for id, operation in self._done]
        self._undone = [(id, _renamed(operation, old, new)) for id, operation in self._undone]

    def drop(self, id: int) -> None:
        """It could not be written down, so it did not happen."""
        self._done = [entry for entry in self._done if entry[0] != id]


def _renamed(operation: Operation, old: MessageId, new: MessageId) -> Operation:
    if old not in operation.ids:
        return operation
    steps = (replace(step, id=new) if step.id == old else step for step in operation.steps)
    return replace(operation, steps=tuple(steps))
