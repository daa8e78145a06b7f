"""People one writes to: what is known of each, and who is meant by the letters typed so far."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .address import Address

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Contact:
    """One mailbox of somebody."""

    email: str
    name: str = ""
    nick: str = ""
    """A short name that finds the person first."""
    groups: tuple[str, ...] = ()
    note: str = ""
    letters: int = 0
    """How many letters were sent there."""
    last: float = 0.0
    """When the last one was, seconds since 1970 UTC."""
    edited: bool = False
    """The person wrote or imported it: what is learned from mail changes no name."""

    @property
    def key(self) -> str:
        return self.email.strip().lower()

    @property
    def address(self) -> Address:
        return Address(self.name, self.email)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the typed letters may become."""

    text: str
    """As it goes into the field."""
    shown: str
    about: str = ""
    """What stands dim behind it."""


@dataclass(frozen=True)
class Directory:
    """Every contact, ready to be looked through at each key: 20,000 take about two milliseconds."""

    contacts: Sequence[Contact] = ()
    _texts: list[str] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._texts.extend(
            plain(f"{one.nick}\n{one.name}\n{one.email}\n{' '.join(one.groups)}") for one in self.contacts
        )

    def suggest(self, typed: str, now: float, *, without: Iterable[str] = (), limit: int = 10) -> list[Suggestion]:
        """The best first: by where the letters are found, then by how often and how lately one wrote there.

        `without` are the keys of addresses that stand in the letter already.
        """
        wanted = plain(typed.strip().lstrip('"<').rstrip('">'))
        if not wanted:
            return []
        words = wanted.split()
        taken = set(without)
        hits = [
            (_worth(one, text, wanted, now), one)
            for one, text in zip(self.contacts, self._texts, strict=True)
            if one.key not in taken and all(word in text for word in words)
        ]
        hits.sort(key=lambda hit: (-hit[0], hit[1].key))
        found = self._groups(wanted, taken)[:3]
        found += [Suggestion(str(one.address), one.name or one.email, one.email if one.name else "") for _, one in hits]
        return found[:limit]

    def _groups(self, wanted: str, taken: set[str]) -> list[Suggestion]:
        members: dict[str, list[Contact]] = {}
        for one in self.contacts:
            for group in one.groups:
                if plain(group).startswith(wanted) and one.key not in taken:
                    members.setdefault(group, []).append(one)
        return [
            Suggestion(", ".join(str(one.address) for one in people), group, f"group of {len(people)}")
            for group, people in sorted(members.items())
        ]

    def letters(self) -> dict[str, int]:
        """How often one wrote to each address."""
        return {one.key: one.letters for one in self.contacts if one.letters or one.edited}


def _worth(one: Contact, text: str, wanted: str, now: float) -> float:
    nick, name, email, _ = text.split("\n", 3)
    if nick and nick.startswith(wanted):
        place = 40.0
    elif name.startswith(wanted) or email.startswith(wanted):
        place = 30.0
    elif any(word.startswith(wanted) for word in name.replace(",", " ").replace("-", " ").split()):
        place = 28.0
    elif f"@{wanted}" in email or f".{wanted}" in email:
        place = 20.0
    else:
        place = 10.0
    often = 3.0 * math.log2(1 + one.letters)
    lately = 8.0 * 0.5 ** (max(0.0, now - one.last) / (30 * _DAY)) if one.last else 0.0
    return place + often + lately


def plain(text: str) -> str:
    """For comparing: no capitals, no accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def answers(output: str) -> list[Suggestion]:
    """What an address book program printed, as mutt's `query_command` has it: a line about it, then
    `address<TAB>name<TAB>anything` a line."""
    lines = output.splitlines()
    found = []
    for line in lines if lines and "\t" in lines[0] and "@" in lines[0].split("\t")[0] else lines[1:]:
        email, *rest = (cell.strip() for cell in line.split("\t"))
        if "@" not in email or any(char.isspace() or char in "<>,;" for char in email):
            continue
        name = rest[0] if rest else ""
        about = " ".join(cell for cell in rest[1:] if cell)
        found.append(Suggestion(str(Address(name, email)), name or email, about or (email if name else "")))
    return found
