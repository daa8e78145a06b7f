"""What of a query is marked where it stands: in a row, and in the letter itself."""

from __future__ import annotations

from dataclasses import dataclass

from .query import Query
from .words import places

Spans = list[tuple[int, int]]
_LONGEST = 10_000
"""Characters of one line that are looked through: a row and a wrapped line have far fewer."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Phrases by where they were looked for."""

    people: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.subject or self.text)

    @property
    def everywhere(self) -> tuple[str, ...]:
        """All of them, for a letter that is shown with its head."""
        return tuple(dict.fromkeys((*self.people, *self.subject, *self.text)))


NO_HITS = Hits()


def hits(query: Query) -> Hits:
    """What is looked for; what must not stand there is not marked."""

    def of(*wheres: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.text for term in query.terms if term.where in ("any", *wheres)))

    return Hits(of("from", "to", "cc"), of("subject"), of("body"))


def spans(text: str, phrases: tuple[str, ...]) -> Spans:
    """Where any of the phrases stands, in order; what overlaps is one."""
    found = sorted(spot for phrase in phrases for spot in places(text[:_LONGEST], phrase))
    joined: Spans = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
