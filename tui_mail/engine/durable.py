"""What is read of the durable file: the history, what was put off, rules, drafts, the outbox."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from tui_mail.model.deed import Deed
from tui_mail.model.draft import Draft, DraftId, Waiting
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation
from tui_mail.model.rule import Rule

from .dialogues import Dialogues
from .health import Guard
from .index_folders import Folders
from .letters import Letters
from .put_off import PutOff
from .work import Work


class Durable:
    """Any thread; callers wait for each other."""

    _connection: sqlite3.Connection
    """To the index, which names what the durable file speaks of."""
    _letters: Letters
    _lock: Guard

    # --- what was done

    def history(self, newest: int) -> list[Deed]:
        with self._lock:
            return Work(self._letters.connection).history(newest)

    def put_off(self) -> dict[MessageId, float]:
        """When messages that were put off come back (seconds since 1970 UTC)."""
        with self._lock:
            return PutOff(self._letters.connection).until()

    def muted(self, ids: Collection[MessageId]) -> frozenset[MessageId]:
        """Those of these whose thread is muted."""
        with self._lock:
            kin = self._connection.execute(
                "SELECT one.id, kin.account, kin.message_id FROM message AS one"
                " JOIN kin ON kin.account = one.account AND kin.thread = one.thread"
                " WHERE one.id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
            return PutOff(self._letters.connection).muted(kin)

    def rules(self) -> list[Rule]:
        """Those that were made in the program."""
        with self._lock:
            return PutOff(self._letters.connection).rules()

    def operation(self, id: int) -> Operation | None:
        """An operation of an earlier run, as far as its folders are known."""
        with self._lock:
            return Work(self._letters.connection).operation(id, Folders(self._connection).find)

    # --- letters

    def limit(self, account: str) -> int | None:
        """Octets that a letter may have at the account's server, as it said last; None: not heard yet."""
        with self._lock:
            return Work(self._letters.connection).limit(account)

    def open_drafts(self) -> list[tuple[Draft, str]]:
        """Drafts as they are on disk with the process that holds each, newest first."""
        with self._lock:
            return self._letters.open_drafts()

    def versions(self, draft: DraftId) -> list[Draft]:
        """Older texts of a draft, the newest first."""
        with self._lock:
            return self._letters.versions(draft)

    def waiting(self) -> tuple[Waiting, ...]:
        with self._lock:
            return tuple(self._letters.waiting())

    def sent_lately(self, now: float) -> tuple[Waiting, ...]:
        with self._lock:
            return tuple(self._letters.recent(now))

    def dialogues(self, letter: int) -> list[tuple[float, list[str]]]:
        """(when, lines) of every try of a letter that is kept."""
        with self._lock:
            return Dialogues(self._letters.connection).of(letter)

    def letters_owed(self) -> int:
        with self._lock:
            return self._letters.counts()
