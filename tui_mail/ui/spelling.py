"""Words of the languages one writes in, and the person's own."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from tui_mail.model.errors import BadInput, Cancelled

from . import dictionaries
from .adviser import Adviser
from .dictionaries import Dictionary

_MOST = 8
"""Words that are proposed for one."""
_TOO_LONG = "It takes too long to look for a word like it."


class Speller:
    """Knows words; anything that is read in one of the languages is right."""

    def __init__(
        self, dictionaries: Sequence[Dictionary], own: Iterable[str] = (), adviser: Adviser | None = None
    ) -> None:
        """`own` are the person's words; the dictionaries ask the adviser."""
        self._dictionaries = dictionaries
        self._adviser = adviser
        self._own = {word.casefold() for word in own}
        self.knows = functools.lru_cache(20_000)(self._knows)

    @classmethod
    def load(cls, languages: Sequence[str], own: Iterable[str] = ()) -> Speller:
        """Takes a second a language; for a thread of its own. Raises BadInput where there is none."""
        adviser = Adviser()
        return cls([dictionaries.load(language, advise=adviser.meant) for language in languages], own, adviser)

    def add(self, word: str) -> None:
        """From now on the word is right."""
        self._own.add(word.casefold())
        self.knows.cache_clear()

    def _knows(self, word: str) -> bool:
        if len(word) < 2 or word.replace("’", "'").casefold() in self._own or (word.isupper() and len(word) < 6):
            return True
        return any(one.knows(word) for one in self._dictionaries)

    def suggestions(self, word: str) -> list[str]:
        """What may have been meant, the likeliest of each language first; for a thread, as `load`.

        Raises BadInput where nothing was found in the time there is, Cancelled where it was called off.
        """
        meant = []
        was_long = False
        for one in self._dictionaries:
            try:
                meant.append(one.meant(word))
            except TimeoutError:
                was_long = True
            except OSError as error:
                raise Cancelled("It was called off.") from error
        found = list(dict.fromkeys(one for one in chain.from_iterable(zip_longest(*meant)) if one and one != word))
        if was_long and not found:
            raise BadInput(_TOO_LONG)
        return found[:_MOST]

    def call_off(self) -> None:
        """Nobody waits for suggestions any more."""
        if self._adviser is not None:
            self._adviser.call_off()
