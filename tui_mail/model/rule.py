"""What is done to mail by itself when it arrives: a query, and what happens to each message that it matches."""

from __future__ import annotations

from dataclasses import dataclass

from .condition import Term, Waiting, leaves
from .errors import BadInput
from .query import Query

VERBS = ("archive", "trash", "spam", "read", "star", "move")
"""`move` takes a folder behind it: `move Lists/python`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. It acts once on each message, at its arrival; what is here already stays as it is."""

    name: str
    query: str
    """In the words of a search; see Query."""
    actions: tuple[str, ...]
    """In their order, from VERBS."""
    is_written: bool = False
    """It stands in the person's own file, and is changed there."""
    is_on: bool = True

    @property
    def wanted(self) -> Query:
        return Query.parse(self.query)

    @property
    def needs_text(self) -> bool:
        """It asks for words that may stand in the text, which comes later than the header fields."""
        return any(isinstance(leaf, Term) and leaf.where in ("any", "body") for leaf in leaves(self.wanted.wanted))


def check(rule: Rule) -> Rule:
    """The rule itself. Raises BadInput with what is wrong, and where."""
    if not rule.query.strip():
        raise BadInput(f"The rule “{rule.name}” has no query: it would act on every message.")
    try:
        rule.wanted  # noqa: B018  # it is read for its complaint
    except BadInput as error:
        raise BadInput(f"The query of the rule “{rule.name}” cannot be read: {error}") from error
    if any(isinstance(leaf, Waiting) for leaf in leaves(rule.wanted.wanted)):
        raise BadInput(f"The rule “{rule.name}” asks what waits for an answer: nothing does when it arrives.")
    if not rule.actions:
        raise BadInput(f"The rule “{rule.name}” does nothing: name one of {', '.join(VERBS)}.")
    for action in rule.actions:
        verb, _, target = action.partition(" ")
        if verb not in VERBS or bool(target.strip()) != (verb == "move"):
            raise BadInput(f"“{action}” in the rule “{rule.name}” is none of {', '.join(VERBS)} FOLDER.")
    return rule
