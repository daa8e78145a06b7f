"""The dictionaries of this machine: Hunspell's, as other programs have them too, else those of pyspellchecker."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from tui_mail.model.errors import BadInput

_MOST = 8
"""Words that are proposed for one."""


Advise = Callable[[Path, str], Sequence[str]]
"""What a `.dic` proposes for a word, found out elsewhere."""


class Dictionary(Protocol):
    """The words of one language."""

    def knows(self, word: str) -> bool:
        """Whether it is a word, as it is written."""

    def meant(self, word: str) -> Sequence[str]:
        """What may have been meant, the likeliest first; takes some tenths of a second where the words are many.

        Raises TimeoutError where it takes too long, OSError where it was called off.
        """


class Hunspell:
    """A `.dic` with its `.aff`."""

    def __init__(self, words: Any, path: Path, advise: Advise | None = None) -> None:
        """`words` is chunspell's, which has no types."""
        self._words = words
        self._path = path
        self._advise = advise

    def knows(self, word: str) -> bool:
        try:
            return bool(self._words.spell(word.replace("’", "'")))
        except UnicodeEncodeError:
            return False  # a letter that the language does not have

    def meant(self, word: str) -> Sequence[str]:
        if self._advise is not None:
            return self._advise(self._path, word)
        try:
            return list(self._words.suggest(word.replace("’", "'")))[:_MOST]
        except UnicodeEncodeError:
            return []


class Listed:
    """A list of words with how often they are used."""

    def __init__(self, words: Any) -> None:
        """`words` is pyspellchecker's, which has no types."""
        self._words = words

    def knows(self, word: str) -> bool:
        plain = word.replace("’", "'").casefold()
        return plain in self._words or plain.removesuffix("'s") in self._words

    def meant(self, word: str) -> Sequence[str]:
        plain = word.casefold()
        found = {one: float(self._words.word_usage_frequency(one)) for one in self._words.candidates(plain) or ()}
        found.pop(plain, None)
        likely = sorted(found, key=lambda one: -found[one])[:_MOST]
        return [one.capitalize() if word[:1].isupper() else one for one in likely]


def read(path: Path, advise: Advise | None = None) -> Dictionary:
    """That `.dic`. Raises BadInput where nothing here can read it."""
    hunspell = _hunspell()
    if hunspell is None:
        raise BadInput(f"Nothing here reads {path}.", remedy="pip install 'tui-mail[hunspell]'.")
    return Hunspell(hunspell(path.stem, hunspell_data_dir=str(path.parent)), path, advise)


def load(language: str, environ: Mapping[str, str] = os.environ, advise: Advise | None = None) -> Dictionary:
    """`de`, `de_AT`; the nearest that is here. Takes up to a second: for a thread of its own. Raises BadInput.

    `advise` is asked for what holds the interpreter too long.
    """
    path = find(language, environ)
    hunspell, listed = _hunspell(), _listed()
    if hunspell is not None and path is not None:
        return read(path, advise)
    if listed is not None:
        try:
            return Listed(listed(language=language.partition("_")[0].lower(), distance=1))
        except (ValueError, OSError):
            pass  # it has no such language: told below, with what would help
    if hunspell is None and listed is None:
        raise BadInput(
            "Spelling needs its dictionaries.", remedy="pip install 'tui-mail[spell]', or 'tui-mail[hunspell]'."
        )
    if path is not None:
        remedy = f"{path} is one: pip install 'tui-mail[hunspell]' reads it."
    else:
        remedy = f"Install a Hunspell one (hunspell-{language.partition('_')[0].lower()}), or see [compose] spelling."
    raise BadInput(f"There is no dictionary for “{language}”.", remedy=remedy)


def find(language: str, environ: Mapping[str, str]) -> Path | None:
    """The `.dic` of that language: of that country, else of the language, else of any country."""
    wanted = language.replace("-", "_")
    short = wanted.partition("_")[0].lower()
    for pattern in dict.fromkeys((f"{wanted}.dic", f"{short}_{short.upper()}.dic", f"{short}.dic", f"{short}_*.dic")):
        for folder in folders(environ):
            for path in sorted(folder.glob(pattern)) if short.isalpha() else ():
                if path.with_suffix(".aff").is_file():
                    return path
    return None


def folders(environ: Mapping[str, str]) -> list[Path]:
    """Where dictionaries lie: the person's own first ($DICPATH is Hunspell's own word)."""
    home = Path(environ.get("HOME") or "~").expanduser()
    data = [environ.get("XDG_DATA_HOME") or home / ".local/share"]
    data += (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(os.pathsep)
    found = [Path(one) for one in environ.get("DICPATH", "").split(os.pathsep) if one]
    found += [Path(one) / name for one in data for name in ("hunspell", "myspell", "myspell/dicts")]
    return [*found, home / "Library/Spelling", Path("/Library/Spelling"), Path("/opt/homebrew/share/hunspell")]


def system_language(environ: Mapping[str, str]) -> str:
    """`de_AT`, as the system is set; empty where it is set to none."""
    said = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := environ.get(name))), "")
    language = said.partition(".")[0].partition("@")[0]
    return "" if language in ("C", "POSIX") else language


def _hunspell() -> Any:
    try:
        from hunspell import Hunspell as words  # an extra; imported with the first letter that is checked
    except ImportError:
        return None
    return words


def _listed() -> Any:
    try:
        from spellchecker import SpellChecker as words  # as the other one
    except ImportError:
        return None
    return words
