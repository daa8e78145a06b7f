"""How a query becomes SQL over the index and its full text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.query import Query, Term

from .flags import ANSWERED_BIT, DELETED_BIT, FLAGGED_BIT, SEEN_BIT

_CJK = re.compile("([\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f])")
_WORD = re.compile(r"[^\W_]+")
_HIDDEN = (Role.TRASH, Role.JUNK)
_STATE_BITS = {"unread": (SEEN_BIT, False), "read": (SEEN_BIT, True)} | {
    "starred": (FLAGGED_BIT, True),
    "answered": (ANSWERED_BIT, True),
}


def split_cjk(text: str) -> str:
    """Chinese, Japanese and Korean characters apart, so that each is a word: two of them are then found as a phrase."""
    return _CJK.sub(r" \1 ", text)


@dataclass(frozen=True, slots=True)
class Words:
    """One term as a question to the full text, which answers with row ids."""

    sql: str
    values: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A query taken apart: what a row holds for ever, and what the person's own actions can change."""

    content: str
    """SQL conditions over columns that no operation touches, joined by AND; empty is none."""
    values: tuple[object, ...]
    words: tuple[Words, ...]
    """What the full text has to say; all of it must hold."""
    folders: frozenset[FolderId]
    must: int
    must_not: int
    """Bits of flags."""

    def holds(self, folder: int, bits: int) -> bool:
        """Whether a row with this folder and these flags belongs, as far as they go."""
        return folder in self.folders and bits & self.must == self.must and not bits & self.must_not

    def where(self) -> tuple[str, tuple[object, ...]]:
        """All of it but the words as one SQL condition."""
        marks = ",".join(str(int(folder)) for folder in sorted(self.folders))
        parts = [f"folder IN ({marks})" if len(self.folders) != 1 else f"folder = {marks}"]
        if self.must_not & SEEN_BIT:  # spelled as the partial index of unread rows has it
            parts.append("flags & 9 = 0")
        else:
            parts.append("flags & 8 = 0")
        rest = self.must_not & ~(SEEN_BIT | DELETED_BIT)
        if rest:
            parts.append(f"flags & {rest} = 0")
        if self.must & FLAGGED_BIT:  # the partial index of starred rows
            parts.append("flags & 12 = 4")
        if self.must & ~FLAGGED_BIT:
            parts.append(f"flags & {self.must} = {self.must}")
        if self.content:
            parts.append(self.content)
        return " AND ".join(parts), self.values


def plan(query: Query, folders: Iterable[Folder]) -> Plan:
    """Never raises: a word without letters finds what stands nowhere, a folder that is not there finds nothing."""
    parts: list[str] = []
    values: list[object] = []
    words: list[Words] = []
    for term in query.terms:
        match = phrase(term.text)
        if match:
            words.append(_words(term, match))
        else:  # only punctuation: as it stands in the subject
            escaped = re.sub(r"([%_\\])", r"\\\1", term.text)
            parts.append(r"subject {}LIKE ? ESCAPE '\'".format("NOT " if term.negated else ""))
            values.append(f"%{escaped}%")
    must = must_not = 0
    for name, held in query.states:
        if name == "attachment":
            parts.append(f"attachment = {int(held)}")
            continue
        bit, set_ = _STATE_BITS[name]
        if set_ == held:
            must |= bit
        else:
            must_not |= bit
    if query.after:
        parts.append("sort >= ?")
        values.append(_midnight(query.after))
    if query.before:
        parts.append("sort < ?")
        values.append(_midnight(query.before))
    chosen = frozenset(folder.id for folder in folders if _searched(query)(folder))
    return Plan(" AND ".join(parts), tuple(values), tuple(words), chosen, must, must_not | DELETED_BIT)


def _searched(query: Query) -> Callable[[Folder], bool]:
    within = query.within.casefold()
    account = query.account.casefold()

    def belongs(folder: Folder) -> bool:
        if account and folder.account.casefold() != account:
            return False
        if within:
            names = {folder.name.casefold(), folder.leaf.casefold(), folder.role.value if folder.role else ""}
            return within in names
        if query.folder is not None:
            return folder.id == query.folder
        return folder.role not in _HIDDEN

    return belongs


def _words(term: Term, match: str) -> Words:
    columns = {"from": "sender : ", "to": "recipients : ", "subject": "subject : "}
    if term.where == "body":
        return Words("SELECT rowid FROM texts WHERE texts MATCH ?", (match,), term.negated)
    if term.where != "any":
        return Words("SELECT rowid FROM heads WHERE heads MATCH ?", (columns[term.where] + match,), term.negated)
    both = "SELECT rowid FROM heads WHERE heads MATCH ? UNION SELECT rowid FROM texts WHERE texts MATCH ?"
    return Words(both, (match, match), term.negated)


def phrase(text: str) -> str:
    """The words as one FTS5 phrase whose last word may go on; empty where there is no word."""
    words = _WORD.findall(split_cjk(text))
    return f'"{" ".join(words)}" *' if words else ""


def _midnight(day: dt.date) -> int:
    """When that day begins here, clipped to what a clock can say."""
    try:
        return int(dt.datetime.combine(day, dt.time()).astimezone().timestamp())
    except (OverflowError, ValueError, OSError):
        return 0 if day.year < 1970 else 1 << 40
