"""How text falls into words, the way the full text has it: for matching a row and for marking what was found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CJK = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
"""Chinese, Japanese and Korean characters: each is a word of its own."""
IN_TEXTS = 3
"""Letters from which a word finds longer ones in the text of letters: all that begin with one letter are no answer."""
_WORD = re.compile(f"[{CJK}]|(?:(?![{CJK}])[^\\W_][\u0300-\u036f]*)+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: folded, and where it stands."""

    folded: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text in order, without case and accents."""
    return [Word(fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def fold(text: str) -> str:
    """Without case and accents: what two spellings of a word share."""
    lower = text.lower()
    return lower if lower.isascii() else "".join(_plain(char) for char in lower)


def _plain(char: str) -> str:
    """A letter without its marks; what is a mark and nothing else goes."""
    if unicodedata.combining(char):
        return ""
    apart = unicodedata.normalize("NFD", char)
    return apart[0] if len(apart) > 1 and all(map(unicodedata.combining, apart[1:])) else char


def places(text: str, phrase: str, *, shortest: int = 1) -> list[tuple[int, int]]:
    """Where the phrase stands in a text, (start, end) each; its last word may go on, as it does while one types, once
    it has `shortest` letters.

    A phrase of punctuation alone is looked for as it is written.
    """
    wanted = [word.folded for word in words(phrase)]
    if not wanted:
        return _literally(text, phrase)
    found = words(text)
    last = len(wanted) - 1
    goes_on = len(wanted[last]) >= shortest
    spots = []
    for at in range(len(found) - last):
        end = found[at + last].folded
        if (end.startswith(wanted[last]) if goes_on else end == wanted[last]) and all(
            found[at + step].folded == wanted[step] for step in range(last)
        ):
            spots.append((found[at].start, _reach(found[at + last], wanted[last])))
    return spots


def _reach(word: Word, begun: str) -> int:
    """Where the mark ends that begins a longer word: behind the letters that were typed, where these can be counted."""
    whole = word.end - word.start
    return word.start + len(begun) if len(word.folded) == whole else word.end


def _literally(text: str, phrase: str) -> list[tuple[int, int]]:
    if not phrase.strip():
        return []
    return [(match.start(), match.end()) for match in re.finditer(re.escape(phrase), text)]


def holds(text: str, phrase: str, *, shortest: int = 1) -> bool:
    """Whether the phrase stands in the text."""
    return bool(places(text, phrase, shortest=shortest))
