"""Words of the languages one writes in, and the person's own."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from . import dictionaries
from .dictionaries import Dictionary

_MOST = 8
"""Words that are proposed for one."""


class Speller:
    """Knows words; anything that is read in one of the languages is right."""

    def __init__(self, dictionaries: Sequence[Dictionary], own: Iterable[str] = ()) -> None:
        """`own` are the person's words."""
        self._dictionaries = dictionaries
        self._own = {word.casefold() for word in own}
        self.knows = functools.lru_cache(20_000)(self._knows)

    @classmethod
    def load(cls, languages: Sequence[str], own: Iterable[str] = ()) -> Speller:
        """Takes a second a language; for a thread of its own. Raises BadInput where there is none."""
        return cls([dictionaries.load(language) for language in languages], own)

    def add(self, word: str) -> None:
        """From now on the word is right."""
        self._own.add(word.casefold())
        self.knows.cache_clear()

    def _knows(self, word: str) -> bool:
        if len(word) < 2 or word.replace("’", "'").casefold() in self._own or (word.isupper() and len(word) < 6):
            return True
        return any(one.knows(word) for one in self._dictionaries)

    def suggestions(self, word: str) -> list[str]:
        """What may have been meant, the likeliest of each language first; for a thread, as `load`."""
        found = chain.from_iterable(zip_longest(*(one.meant(word) for one in self._dictionaries)))
        return list(dict.fromkeys(one for one in found if one and one != word))[:_MOST]
