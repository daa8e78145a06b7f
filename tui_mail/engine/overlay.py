"""The person's operations that the writer has not committed yet: every read is the index with these applied."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation, Spot, Step


class Overlay:
    """Any thread may add, remove and look. Whoever reads takes `steps()` first and the rows second.

    The writer removes an operation only after its commit, so a reader sees it at least once; seeing it twice does no
    harm, because a step says where a message stands afterwards, not by how much it moves.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: tuple[tuple[int, Operation], ...] = ()

    def add(self, key: int, operation: Operation) -> None:
        with self._lock:
            self._pending = (*self._pending, (key, operation))

    def remove(self, key: int) -> None:
        with self._lock:
            self._pending = tuple(entry for entry in self._pending if entry[0] != key)

    def steps(self) -> dict[MessageId, list[Step]]:
        """The pending steps of each message, oldest first."""
        found: dict[MessageId, list[Step]] = {}
        for _, operation in self._pending:
            for step in operation.steps:
                found.setdefault(step.id, []).append(step)
        return found

    def __len__(self) -> int:
        return len(self._pending)


def believe(spot: Spot, steps: Iterable[Step]) -> Spot:
    """The spot after these steps. A move counts only from where it starts: what went elsewhere stays there."""
    for step in steps:
        after = step.effect(spot)
        if step.source != step.target and spot.folder != step.source:
            after = Spot(spot.id, spot.folder, after.flags)
        spot = after
    return spot
