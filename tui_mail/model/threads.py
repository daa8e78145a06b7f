"""Which messages belong together: union by Message-ID, In-Reply-To and References; loops and duplicates survive."""

from __future__ import annotations

from collections.abc import Iterable


class Threads:
    """Union-find over message ids; ids that are only referred to count too. Never recurses."""

    __slots__ = ("_parent",)

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, id: str) -> str:
        parent = self._parent
        while (above := parent.setdefault(id, id)) != id:
            parent[id] = parent.get(above, above)
            id = above
        return id

    def join(self, ids: Iterable[str]) -> str:
        """Says that these belong together; returns their root, or empty where there is no id."""
        first = ""
        for id in ids:
            if not id:
                continue
            root = self.root(id)
            if not first:
                first = root
            elif root != first:
                self._parent[root] = first
        return first
