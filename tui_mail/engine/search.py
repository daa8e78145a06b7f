"""How a query becomes SQL over the index and its full text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui_mail.model.arrangement import Order
from tui_mail.model.condition import (
    ANYTHING,
    Age,
    All,
    Condition,
    Day,
    Either,
    In,
    Not,
    Of,
    Size,
    State,
    Term,
    Waiting,
    leaves,
)
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.matching import KINDS, is_called, is_searched, midnight
from tui_mail.model.query import Query
from tui_mail.model.words import CJK, IN_TEXTS, words

from .flags import ANSWERED_BIT, DELETED_BIT, FLAGGED_BIT, LATER_BIT, SEEN_BIT

_CJK = re.compile(f"([{CJK}])")
_STATE_BITS = {
    "unread": (SEEN_BIT, False),
    "read": (SEEN_BIT, True),
    "starred": (FLAGGED_BIT, True),
    "answered": (ANSWERED_BIT, True),
    "later": (LATER_BIT, True),
}
_MARKED = {State("unread"): "flags & 9 = 0", State("starred"): "flags & 12 = 4", State("later"): "flags & 264 = 256"}
"""States that have an index of their own, in its words."""
_LAST_WORD = (
    "message.sort < ? AND NOT EXISTS (SELECT 1 FROM message AS behind WHERE behind.thread = message.thread"
    " AND behind.sort > message.sort AND behind.folder != 0 AND behind.flags & 24 = 0)"
)
"""Nothing is newer in its thread, wherever it stands; drafts and what is marked as deleted are nothing."""
NOTHING = Either(())
"""What no message is."""


def split_cjk(text: str) -> str:
    """Chinese, Japanese and Korean characters apart, so that each is a word: two of them are then found as a phrase."""
    return _CJK.sub(r" \1 ", text)


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition over the table `message` with its values."""

    text: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A query taken apart: which folders it looks into, and what it still asks of a message in each."""

    asked: Mapping[FolderId, Condition]
    """Folder → what is left of the query there. A folder where nothing can match is not among them."""
    now: float
    order: Order
    is_wide: bool
    """It looks into several folders, which hold most of all mail: that is then walked in one order."""

    def left(self, folder: int, bits: int) -> Condition:
        """What is still asked of a message that stands there with these flags: its content, which nobody changes."""
        condition = self.asked.get(FolderId(folder))
        return NOTHING if condition is None or bits & DELETED_BIT else _with_flags(condition, bits)

    def where(self, ids: str | None = None) -> Sql:
        """All of it as one SQL condition; `ids` is a JSON list of all that come into question, where that is short.

        It is spelled so that the index of unread, of starred or of all rows of a folder is used; where it is wide the
        one that has all folders in one order, for which those of single folders are hidden (`+folder`).
        """
        groups: dict[Condition, list[FolderId]] = {}
        for folder, condition in self.asked.items():
            groups.setdefault(condition, []).append(folder)
        is_marked = all(_flags(condition) for condition in groups)
        plus = "+" if ids is not None or (self.is_wide and not is_marked) else ""
        pieces = [self._in_folders(plus, folders, condition) for condition, folders in groups.items()]
        text = pieces[0].text if len(pieces) == 1 else " OR ".join(f"({piece.text})" for piece in pieces)
        values = _joined(pieces)
        if ids is not None:
            return Sql(f"id IN (SELECT value FROM json_each(?)) AND flags & 8 = 0 AND ({text})", (ids, *values))
        return Sql(f"flags & 8 = 0 AND ({text})", values)

    @property
    def narrowest(self) -> Sequence[Term]:
        """Terms that must hold whatever folder it is, and that few messages may have."""
        first = next(iter(self.asked.values()), ANYTHING)
        common = _parts(first) if len(set(self.asked.values())) == 1 else ()
        return [part for part in common if isinstance(part, Term) and _may_be_rare(part)]

    def content(self, condition: Condition) -> Sql:
        """What `left` gave, as SQL."""
        return _sql(condition, self.now)

    def _in_folders(self, plus: str, folders: Sequence[FolderId], condition: Condition) -> Sql:
        marks = ",".join(str(int(folder)) for folder in sorted(folders))
        place = f"{plus}folder IN ({marks})" if len(folders) != 1 else f"{plus}folder = {marks}"
        rest = [_sql(part, self.now) for part in sorted(_parts(condition), key=_cost) if part not in _MARKED]
        asked = [*_flags(condition), *(f"({one.text})" for one in rest)]
        # where all folders are walked, most rows stand in one that is looked into: that decides least
        return Sql(" AND ".join([*asked, place] if plus else [place, *asked]), _joined(rest))


def plan(query: Query, folders: Iterable[Folder], now: float) -> Plan:
    """Never raises: a word without letters finds what stands nowhere, a folder that is not there finds nothing."""
    asked = {}
    inside = outside = 0
    for folder in folders:
        outside += folder.total
        if query.folder not in (None, folder.id) or (query.folder is None and not is_searched(query.wanted, folder)):
            continue
        condition = _with_folder(query.wanted, folder)
        if condition != NOTHING:
            asked[folder.id] = condition
            inside += folder.total
    return Plan(asked, now, query.order, len(asked) > 1 and inside * 3 > outside)


# ---- what is known of a message already is taken out of the condition


def _with_folder(condition: Condition, folder: Folder) -> Condition:
    match condition:
        case In(name):
            return _known(is_called(folder, name))
        case Of(account):
            return _known(folder.account.casefold() == account.casefold())
        case Waiting():
            return condition if folder.role is Role.SENT else NOTHING
        case Not(one):
            return _turned(_with_folder(one, folder))
        case All(parts):
            return _all(_with_folder(part, folder) for part in parts)
        case Either(parts):
            return _any(_with_folder(part, folder) for part in parts)
        case _:
            return condition


def _with_flags(condition: Condition, bits: int) -> Condition:
    match condition:
        case State(name) if name in _STATE_BITS:
            bit, is_set = _STATE_BITS[name]
            return _known(bool(bits & bit) == is_set)
        case Not(one):
            return _turned(_with_flags(one, bits))
        case All(parts):
            return _all(_with_flags(part, bits) for part in parts)
        case Either(parts):
            return _any(_with_flags(part, bits) for part in parts)
        case _:
            return condition


def _parts(condition: Condition) -> tuple[Condition, ...]:
    """What must hold, one by one."""
    return condition.parts if isinstance(condition, All) else (condition,)


def _flags(condition: Condition) -> list[str]:
    return [words for state, words in _MARKED.items() if state in _parts(condition)]


def _cost(part: Condition) -> int:
    """What is asked of a row first: SQLite stops at the first part that does not hold, and makes the set of a word's
    rows only when it is asked for it. Of a word that may be rare it is known that it is not: it comes behind the
    others; a single letter, which stands nearly everywhere, comes last."""
    match part:
        case Day() | Age():
            return 0  # stands in the index that is walked
        case Term():
            return 2 if _may_be_rare(part) else 1 if len(part.text) > 1 else 4
        case Not(Term()):
            return 3
        case _:
            return 4


def wordless(condition: Condition) -> Condition:
    """What a row alone can say against it: words of a text count as found, what must not stand there as missing."""
    match condition:
        case Term("any" | "body" | "filename", _):
            return ANYTHING
        case Not(one):
            return ANYTHING if any(isinstance(leaf, Term) for leaf in leaves(one)) else condition
        case All(parts):
            return _all(wordless(part) for part in parts)
        case Either(parts):
            return _any(wordless(part) for part in parts)
        case _:
            return condition


def _known(holds: bool) -> Condition:
    return ANYTHING if holds else NOTHING


def _turned(one: Condition) -> Condition:
    if one == ANYTHING:
        return NOTHING
    return ANYTHING if one == NOTHING else Not(one)


def _all(parts: Iterable[Condition]) -> Condition:
    left: list[Condition] = []
    for part in parts:
        if part == NOTHING:
            return NOTHING
        left += part.parts if isinstance(part, All) else (part,)
    return left[0] if len(left) == 1 else All(tuple(left))


def _any(parts: Iterable[Condition]) -> Condition:
    left: list[Condition] = []
    for part in parts:
        if part == ANYTHING:
            return ANYTHING
        left += part.parts if isinstance(part, Either) else (part,)
    return left[0] if len(left) == 1 else Either(tuple(left))


# ---- what is left, in SQL


def _sql(condition: Condition, now: float) -> Sql:
    match condition:
        case All(parts) | Either(parts):
            if not parts:
                return Sql("1" if isinstance(condition, All) else "0")
            pieces = [_sql(part, now) for part in parts]
            word = " AND " if isinstance(condition, All) else " OR "
            return Sql(word.join(f"({piece.text})" for piece in pieces), _joined(pieces))
        case Not(one):
            inner = _sql(one, now)
            return Sql(f"NOT ({inner.text})", inner.values)
        case Term():
            return _words(condition)
        case State("attachment"):
            return Sql("attachment = 1")
        case State(name) if name in KINDS:
            return Sql(f"kind = {int(KINDS[name])}")
        case State(name):
            bit, is_set = _STATE_BITS[name]
            return Sql(f"flags & {bit} {'!=' if is_set else '='} 0")
        case Day(side, day):
            return Sql("sort < ?" if side == "before" else "sort >= ?", (midnight(day),))
        case Age(side, _, _):
            return Sql("sort < ?" if side == "older" else "sort >= ?", (int(now) - condition.seconds,))
        case Waiting():
            return Sql(_LAST_WORD, (int(now) - condition.seconds,))
        case Size(side, octets):
            return Sql("size > ?" if side == "larger" else "size < ?", (octets,))
        case _:
            raise TypeError(f"{condition} is asked of folders, not of messages")


def _joined(pieces: Iterable[Sql]) -> tuple[object, ...]:
    return tuple(value for piece in pieces for value in piece.values)


def _words(term: Term) -> Sql:
    """By the full text; punctuation alone stands in no full text and is looked for in the subject as it is written."""
    if not words(term.text):
        escaped = re.sub(r"([%_\\])", r"\\\1", term.text)
        return Sql(r"subject LIKE ? ESCAPE '\'", (f"%{escaped}%",))
    asked = [f"+id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)" for table, _ in _TABLES[term.where]]
    return Sql(" OR ".join(asked), _matches(term))


def _matches(term: Term) -> tuple[str, ...]:
    """What each of its tables is asked."""
    asked = []
    for table, column in _TABLES[term.where]:
        match = phrase(term.text, IN_TEXTS if table == "texts" else 1)
        asked.append(f"{column} : {match}" if column else match)
    return tuple(asked)


def rows_with(term: Term) -> Sql:
    """The ids of rows that hold it, in the order of the full text."""
    asked = [f"SELECT rowid AS id FROM {table} WHERE {table} MATCH ?" for table, _ in _TABLES[term.where]]
    return Sql(" UNION ALL ".join(asked), _matches(term))


def _may_be_rare(term: Term) -> bool:
    """Whether asking how many there are costs little: what begins with three letters stands in most messages."""
    found = words(term.text)
    return bool(found) and (len(found) > 1 or len(found[0].folded) > IN_TEXTS or not found[0].folded.isascii())


_TABLES: Mapping[str, Sequence[tuple[str, str]]] = {
    "any": (("texts", ""), ("heads", ""), ("files", "")),
    "from": (("heads", "sender"),),
    "to": (("heads", "recipients"),),
    "subject": (("heads", "subject"),),
    "cc": (("ties", "cc"),),
    "list": (("ties", "list"),),
    "body": (("texts", ""),),
    "filename": (("files", ""),),
}
"""Where each kind of words stands: tables of the full text and their columns, those that say yes most often first."""


def phrase(text: str, shortest: int = 1) -> str:
    """The words as one FTS5 phrase, its last one going on from `shortest` letters; empty where there is no word."""
    found = words(text)
    goes_on = " *" if found and len(found[-1].folded) >= shortest else ""
    return f'"{" ".join(text[word.start : word.end] for word in found)}"{goes_on}' if found else ""
