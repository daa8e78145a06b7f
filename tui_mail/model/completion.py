"""What may follow what is typed into the search line: keys, and the values that a key takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .condition import quoted
from .query_parser import KEYS, STATES, WAITING

PEOPLE = ("from", "to", "cc")
"""Keys whose value is somebody."""
MOST = 6
_BEGUN = re.compile(r'(?:^|(?<=[\s(]))-?(?:([A-Za-z]+):)?("[^"]*|[^\s"()]*)\Z')
_STATE_WORDS = (*(state for state in STATES if state != "attachment"), WAITING)


@dataclass(frozen=True, slots=True)
class Begun:
    """The word at the cursor: the key before its colon (or empty), its beginning, and where that stands."""

    key: str
    value: str
    start: int
    end: int


def begun(text: str, cursor: int) -> Begun | None:
    """What is being typed; None where nothing is begun."""
    match = _BEGUN.search(text[:cursor])
    if match is None or (match[1] and match[1].lower() not in KEYS):
        return None
    key = (match[1] or "").lower()
    if not key and not match[2]:
        return None
    return Begun(key, match[2].lstrip('"'), match.start(2), cursor)


def choices(word: Begun, names: Mapping[str, Sequence[str]], people: Iterable[str] = ()) -> list[str]:
    """What the word may become, the best first. `names`: values by key (`in`, `account`); `people`: addresses."""
    if not word.key:
        return [f"{key}:" for key in KEYS if key.startswith(word.value.lower())][:MOST]
    if word.key in PEOPLE:
        return [quoted(one) for one in people][:MOST]
    known = {"is": _STATE_WORDS, "has": ("attachment",), **names}.get(word.key, ())
    begun = word.value.casefold()
    first = [one for one in known if one.casefold().startswith(begun)]
    inside = [one for one in names.get(word.key, ()) if begun in one.casefold() and one not in first]
    return [quoted(one) for one in (first + inside)[:MOST] if one != word.value]


def completed(text: str, word: Begun, choice: str) -> tuple[str, int]:
    """The text with the word replaced, and where the cursor stands then; a value is followed by a blank."""
    after = text[word.end :]
    gap = "" if choice.endswith(":") or after.startswith((" ", ")")) else " "
    return text[: word.start] + choice + gap + after, word.start + len(choice) + len(gap)
