"""How the ids of a view are read from the index, with what the writer has not committed yet applied."""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence

from tui_mail.model.arrangement import Order
from tui_mail.model.condition import ANYTHING, Condition
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Group

from .flags import pack
from .overlay import Pending, believe_all, touched
from .search import NOTHING, Plan, rows_with, wordless

_FEW = 4000
"""Rows up to which each is looked up by its id; of more the view is walked in its order."""
_FIRST: Mapping[str, str] = {
    "sender": "CASE sender_name WHEN '' THEN sender_email ELSE sender_name END COLLATE NOCASE",
    "subject": "bare(subject)",
    "size": "size DESC",
    "unread": "flags & 1",
}
_PREFIX = re.compile(r"(?:\s*(?:(?:re|fwd?|aw|wg|sv|antw|回复|转发)(?:\[\d+\])?\s*[:：]|\[[^\]]{1,60}\]))*\s*", re.I)
_STEP = 2000
"""Ids that a patient reader takes at once: below a millisecond."""


class Listings:
    """For one connection, whose owner sees to it that nobody else uses it meanwhile."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        groups: Callable[[Collection[MessageId]], list[Group]],
        *,
        patient: bool,
    ) -> None:
        """`groups`: where messages stand in the index, those that are alike together."""
        self._connection = connection
        connection.create_function("bare", 1, bare, deterministic=True)
        self._groups = groups
        self._patient = patient

    def of(
        self,
        wanted: Plan,
        pending: Sequence[Pending],
        newest: int | None = None,
        found: Collection[MessageId] = (),
    ) -> array[int]:
        """The ids in order, at least the `newest` of them (None: all), and those that others `found`; a mail that
        stands in several folders of the view is there once."""
        coming, gone = self._patch(wanted, pending) if pending else ([], frozenset())
        return without(self.stored(wanted, [*coming, *found], newest and newest + len(gone)), gone)

    def stored(self, wanted: Plan, coming: Collection[int] = (), newest: int | None = None) -> array[int]:
        """What the index says belongs there, and `coming`, in order."""
        few = self._few(wanted)
        where = wanted.where(None if few is None else json.dumps(few))
        text, values = where.text, where.values
        if coming:
            text = f"({text}) OR id IN (SELECT value FROM json_each(?))"
            values = (*values, json.dumps(list(coming)))
        if len(wanted.asked) == 1 and newest is None:
            return self._ids(f"SELECT id FROM message WHERE {text} ORDER BY {sorting(wanted.order)}", values)
        rows = self._connection.execute(
            f"SELECT id, print FROM message WHERE {text} ORDER BY {sorting(wanted.order)}", values
        )
        return self._once(rows, newest)

    def _few(self, wanted: Plan) -> list[int] | None:
        """Every row that comes into question, where one of the words stands in few of them."""
        for term in wanted.narrowest:
            asked = rows_with(term)
            found = self._connection.execute(f"SELECT id FROM ({asked.text}) LIMIT {_FEW + 1}", asked.values).fetchall()
            if len(found) <= _FEW:
                return [id for (id,) in found]
        return None

    def _once(self, rows: sqlite3.Cursor, newest: int | None) -> array[int]:
        """Each mail once, by its print; in steps, so that whoever waits for the interpreter gets it in between."""
        seen: set[int] = set()
        ids = array("q")
        while piece := rows.fetchmany(_STEP if newest is None else newest):
            for id, print in piece:
                if print not in seen:
                    seen.add(print)
                    ids.append(id)
            if newest is not None and len(ids) >= newest:
                break
        rows.close()
        return ids

    def _ids(self, sql: str, values: Sequence[object]) -> array[int]:
        """One column as an array; one JSON text from SQLite costs two thirds of a tuple a row, but takes its parser
        all at once: the patient go in steps."""
        if self._patient:
            ids, rows = array("q"), self._connection.execute(sql, values)
            while piece := rows.fetchmany(_STEP):
                ids.extend([id for (id,) in piece])
            return ids
        (text,) = self._connection.execute(f"SELECT json_group_array(id) FROM ({sql})", values).fetchone()
        return array("q", json.loads(text))

    def _patch(self, wanted: Plan, pending: Sequence[Pending]) -> tuple[list[MessageId], frozenset[MessageId]]:
        """What comes into a view and what leaves it once the pending operations are written."""
        coming: list[MessageId] = []
        gone: set[MessageId] = set()
        for group in self._groups(touched(pending)):
            before = wanted.left(group.folder, pack(group.flags)[0])
            for after in believe_all(group, pending):
                left = wanted.left(after.folder, pack(after.flags)[0])
                if left == before:
                    continue
                there = self._matching(wanted, left, after.ids)
                coming += there
                gone.update(set(after.ids).difference(there))
        return coming, frozenset(gone)

    def confirmed(self, wanted: Plan, group: Group) -> Sequence[MessageId]:
        """Those of a group whose text is not here and whose rows say nothing against what is asked: of a text that is
        here, the full text has the word."""
        rows = self._connection.execute(
            "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?)) AND NOT held", (json.dumps(group.ids),)
        )
        unheld = tuple(MessageId(id) for (id,) in rows)
        return self._matching(wanted, wordless(wanted.left(group.folder, pack(group.flags)[0])), unheld)

    def _matching(self, wanted: Plan, condition: Condition, ids: tuple[MessageId, ...]) -> Sequence[MessageId]:
        """Those of these whose content is what is still asked."""
        if condition == NOTHING:
            return ()
        if condition == ANYTHING:
            return ids
        asked = wanted.content(condition)
        rows = self._connection.execute(
            f"SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?)) AND ({asked.text})",
            (json.dumps(ids), *asked.values),
        )
        return [MessageId(id) for (id,) in rows]


def sorting(order: Order) -> str:
    """The order in SQL; among equals the newest is first, whichever way round the rest is."""
    if order.by == "date":
        return "sort, id" if order.turned else "sort DESC, id DESC"
    first = _FIRST[order.by]
    if order.turned:
        first = first.removesuffix(" DESC") if first.endswith(" DESC") else f"{first} DESC"
    return f"{first}, sort DESC, id DESC"


def bare(subject: str) -> str:
    """A subject for sorting: without Re:, Fwd:, [list] and case."""
    return _PREFIX.sub("", subject).casefold()


def without(ids: array[int], gone: Collection[int]) -> array[int]:
    return array("q", [id for id in ids if id not in gone]) if gone else ids
