"""Lines that were drawn once, kept as long as they would look the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from textual.strip import Strip

Key = TypeVar("Key", bound=Hashable)

STRIPS_KEPT = 500
"""Lines as they were drawn; scrolling by one draws one. Each is some 60 objects that the search for garbage visits."""


class KeptStrips(Generic[Key]):
    """By what each line shows; behind the toolkit's filters."""

    def __init__(self) -> None:
        self._strips: dict[Key, Strip] = {}
        self._drawn_for: tuple[object, ...] = ()

    def forget(self) -> None:
        self._strips.clear()

    def keep_for(self, now: tuple[object, ...]) -> None:
        """All else that the lines show; those of before are forgotten where that is not the same any more."""
        if now != self._drawn_for or len(self._strips) >= STRIPS_KEPT:
            self._strips.clear()
            self._drawn_for = now

    def lines(self, keys: Sequence[Key], draw: Callable[[int, int], Sequence[Strip]]) -> list[Strip]:
        """One line a key; `draw` is asked for those from the first to the last that is missing, by their places."""
        missing = [at for at, key in enumerate(keys) if key not in self._strips]
        if missing:
            first, behind = missing[0], missing[-1] + 1
            self._strips.update(zip(keys[first:behind], draw(first, behind), strict=False))
        return [self._strips[key] for key in keys]
