"""What a person asks of the store: `from:ann (is:unread or older:2w) -"whole phrase" in:archive`, as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .arrangement import NEWEST, Order
from .condition import ANYTHING, All, Condition, In, Of, Term, both, leaves
from .errors import BadInput
from .folder import FolderId
from .query_parser import Mistake, read

_UNFINISHED = re.compile(r"(?:^|(?<=[\s(]))-\Z")
"""A minus of which nobody knows yet what must not be there."""


@dataclass(frozen=True, slots=True)
class Query:
    """`folder` None is every folder but Trash and Junk, unless some `in:` names one."""

    folder: FolderId | None = None
    wanted: Condition = ANYTHING
    order: Order = NEWEST
    """How what it shows is sorted; nobody types it, so `parse` and `str` do not speak of it."""

    @property
    def is_plain(self) -> bool:
        """Only a folder: nothing is searched."""
        return self.wanted == ANYTHING

    @property
    def parts(self) -> tuple[Condition, ...]:
        """What must hold, one by one."""
        return self.wanted.parts if isinstance(self.wanted, All) else (self.wanted,)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term in it that is looked for; those that must not stand are left out."""
        return tuple(one for one in leaves(self.wanted) if isinstance(one, Term))

    @property
    def within(self) -> str:
        """The folder that `in:` asks for, where it asks for just one; else empty."""
        return next((part.name for part in self.parts if isinstance(part, In)), "")

    @property
    def account(self) -> str:
        """The account that all of it is about; else empty."""
        return next((part.account for part in self.parts if isinstance(part, Of)), "")

    def at(self, folder: FolderId | None) -> Query:
        return replace(self, folder=folder)

    def also(self, *more: Condition) -> Query:
        """Narrowed down; what it asks already is not asked twice."""
        new = [one for condition in more for one in (condition.parts if isinstance(condition, All) else (condition,))]
        return replace(self, wanted=both(self.wanted, *(one for one in new if one not in self.parts)))

    def without(self, *kinds: type[Condition]) -> Query:
        """Without these kinds of condition among what must hold."""
        return replace(self, wanted=both(*(part for part in self.parts if not isinstance(part, kinds))))

    def __str__(self) -> str:
        return str(self.wanted)

    @classmethod
    def parse(cls, text: str, folder: FolderId | None = None) -> Query:
        """Reads what was typed; raises BadInput with a sentence where something in it cannot be meant.

        `Query.parse(str(q), q.folder) == q` for every query that parse returns. `query_parser.typed` goes on instead.
        """
        wanted, mistakes = read(text)
        if mistakes:
            raise BadInput(mistakes[0].words)
        return cls(folder, wanted)


def typed(text: str, folder: FolderId | None = None) -> tuple[Query, tuple[Mistake, ...]]:
    """What can be meant of what was typed, and what cannot: while one types, half of it is a search already."""
    wanted, mistakes = read(_UNFINISHED.sub("", text))
    return Query(folder, wanted), mistakes
