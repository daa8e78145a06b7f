"""A second client at work beside ours: in the end both sides hold the same, and nothing got lost."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

from tests.sweeps.other import Census, Fate, Other
from tests.sweeps.person import Person
from tests.sweeps.place import Place

STEPS = 45
_CHANGES = ("STORE", "MOVE", "COPY", "APPEND", "EXPUNGE", "CREATE")


class Wrong(AssertionError):
    """What a seed found, with all that was done."""


def run(place: Place, seed: int, steps: int = STEPS) -> int:
    """One try; how many letters there were. Raises Wrong."""
    dice = random.Random(f"{place.name} {seed}")
    fate = Fate()
    story: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tm-sweep-") as data:
        other = Other(place.other(), dice, fate)
        for _ in range(dice.randint(5, 30)):
            other.append(b"INBOX")
        person = Person(place, Path(data) / "data", dice, fate)
        try:
            for _ in range(steps):
                story.append(_step(place, person, other, dice))
            story.append("--- the end")
            _agree(person, other, fate, story)
            nothing_more(person, story)
        except Wrong:
            raise
        except Exception as error:
            raise Wrong(_told(f"{error!r}", person, story)) from error
        finally:
            person.close()
            other.close()
    return sum(fate.born.values())


def _step(place: Place, person: Person, other: Other, dice: random.Random) -> str:
    throw = dice.random()
    if throw < 0.45:
        return f"other: {other.act()}"
    if throw < 0.95:
        return f"we: {person.act()}"
    if throw < 0.965:
        return person.restart()
    if throw < 0.985 or place.renumber is None:
        place.cut()
        return "cut"
    folder = dice.choice([folder.decode() for folder in other.folders() if b"&" not in folder])
    place.renumber(folder)
    return f"renumber {folder}"


def _agree(person: Person, other: Other, fate: Fate, story: list[str]) -> None:
    trouble = ["it never settled"]
    for _ in range(4):
        if not person.rest():
            continue
        trouble = _differences(person, other)
        if not trouble:
            break
    trouble += _lost(person.place, other, fate)
    if trouble:
        raise Wrong(_told("\n".join(trouble), person, story))


def _differences(person: Person, other: Other) -> list[str]:
    here, there = _caseless(person.census()), _caseless(other.census())
    if not person.place.keeps_keywords:
        here, there = _systemic(here), _systemic(there)
    found = [f"only here: folder {folder!r}" for folder in here.keys() - there.keys()]
    found += [f"only there: folder {folder!r}" for folder in there.keys() - here.keys()]
    for folder in here.keys() & there.keys():
        found += [f"{folder!r} only here: {_plain(one)}" for one in (here[folder] - there[folder]).elements()]
        found += [f"{folder!r} only there: {_plain(one)}" for one in (there[folder] - here[folder]).elements()]
    if not found:
        found += person.miscounted()
        if owed := person.mail.owed().actions:
            found.append(f"{owed} actions are still owed")
    return found


def _caseless(census: Census) -> Census:
    """A mark is the same in any case, and some servers keep them in lower case alone."""
    return {
        folder: Counter((name, frozenset(flag.lower() for flag in flags)) for name, flags in held.elements())
        for folder, held in census.items()
    }


def _systemic(census: Census) -> Census:
    """Without keywords, which this server does not keep."""
    return {
        folder: Counter((name, frozenset(flag for flag in flags if flag[0] == "\\")) for name, flags in held.elements())
        for folder, held in census.items()
    }


def _plain(one: tuple[str, frozenset[str]]) -> str:
    return f"{one[0]} ({' '.join(sorted(one[1]))})"


def _lost(place: Place, other: Other, fate: Fate) -> list[str]:
    """Letters that nobody destroyed and that are gone, and letters that became more."""
    held = other.everywhere()
    found = [
        f"lost: {name} stands {held[name]} times, not {number}"
        for name, number in fate.born.items()
        if held[name] < number and name not in fate.doomed
    ]
    if place.moves_whole:
        found += [f"more: {name} stands {held[name]} times" for name in held if held[name] > fate.born[name]]
    return found


def nothing_more(person: Person, story: list[str]) -> None:
    """Another round, and another start, tell the server nothing."""
    person.place.forget()
    person.rest()
    person.restart()
    person.rest()
    said = [line for line in person.place.commands() if any(verb in line.upper().split()[:2] for verb in _CHANGES)]
    if said:
        raise Wrong(_told(f"said again: {said}", person, story))


def _told(trouble: str, person: Person, story: list[str]) -> str:
    folders = {int(folder.id): folder.name for folder in person.mail.folders()}
    lines = [trouble, *story, f"failures: {person.failures()}", f"folders: {folders}"]
    lines.append(f"connection: {person.mail.connection('work')}")
    return "\n".join(lines)
