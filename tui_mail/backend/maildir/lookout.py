"""All folders of a Maildir seen from outside: which of them changed since the last look, for two `stat` each."""

from __future__ import annotations

import time

from ..contract import Heard
from .folder import stamp
from .place import Place

_SHARE = 50
"""A look that takes long, because there are thousands of folders, is taken that many times more seldom."""


class Lookout:
    """Belongs to one store. What happened before its first look is no news."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen: dict[bytes, str] | None = None
        self._due = 0.0

    def look(self) -> Heard:
        """The folders that changed, or that folders came or went; nothing where it is too early to look again."""
        began = time.monotonic()
        if began < self._due:
            return Heard()
        now = self._look()
        took = time.monotonic() - began
        self._due = began + took * _SHARE
        before, self._seen = self._seen, now
        if before is None:
            return Heard()
        changed = frozenset(raw for raw, seen in now.items() if before.get(raw, seen) != seen)
        return Heard(changed, listing=before.keys() != now.keys())

    def pass_over(self, raw: bytes) -> None:
        """We changed this folder ourselves."""
        if self._seen is not None and raw in self._seen:
            self._seen[raw] = _stamp(self._place.path(raw))

    def _look(self) -> dict[bytes, str]:
        try:
            return {one.raw: _stamp(self._place.path(one.raw)) for one in self._place.folders() if one.selectable}
        except OSError:
            return {}  # the open folder says what is the matter


def _stamp(path: bytes) -> str:
    try:
        return stamp(path)
    except OSError:
        return ""
