"""Words of the languages one writes in, where the dictionaries are installed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

from tui_mail.model.errors import BadInput


class Speller:
    """Knows words; anything that is read in one of the languages is right."""

    def __init__(self, dictionaries: Sequence[Any], own: Iterable[str] = ()) -> None:
        """`dictionaries` are pyspellchecker's, which has no types. `own` are the person's words."""
        self._dictionaries = dictionaries
        self._own = {word.casefold() for word in own}
        self.knows = functools.lru_cache(20_000)(self._knows)

    @classmethod
    def load(cls, languages: Sequence[str], own: Iterable[str] = ()) -> Speller:
        """Takes a second a language; for a thread of its own. Raises BadInput where there is none."""
        try:
            from spellchecker import SpellChecker
        except ImportError as error:
            raise BadInput("Spelling needs its dictionaries.", remedy="pip install 'tui-mail[spell]'.") from error
        dictionaries = []
        for language in languages:
            try:
                dictionaries.append(SpellChecker(language=language.partition("_")[0].lower(), distance=1))
            except (ValueError, OSError) as error:
                raise BadInput(f"There is no dictionary for “{language}”.", remedy="See [compose] spelling.") from error
        return cls(dictionaries, own)

    def add(self, word: str) -> None:
        """From now on the word is right."""
        self._own.add(word.casefold())
        self.knows.cache_clear()

    def _knows(self, word: str) -> bool:
        plain = word.replace("’", "'").casefold()
        if len(word) < 2 or plain in self._own or (word.isupper() and len(word) < 6):
            return True
        stem = plain.removesuffix("'s")
        return any(plain in one or stem in one for one in self._dictionaries)

    def suggestions(self, word: str) -> list[str]:
        """What may have been meant, the likeliest first; takes some milliseconds a language."""
        found: dict[str, float] = {}
        for one in self._dictionaries:
            for candidate in one.candidates(word.casefold()) or ():
                found[candidate] = max(found.get(candidate, 0.0), float(one.word_usage_frequency(candidate)))
        found.pop(word.casefold(), None)
        words = sorted(found, key=lambda candidate: -found[candidate])[:8]
        return [one.capitalize() if word[:1].isupper() else one for one in words]
