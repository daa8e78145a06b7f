"""Both databases opened for writing, and made to agree: what the durable file says is believed by the index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tui_mail.backend.contract import RemoteFolder
from tui_mail.model.errors import IndexDamaged, NotFound, StorageFailed
from tui_mail.model.event import Owed
from tui_mail.model.folder import NOWHERE, FolderId, Role
from tui_mail.model.message import MessageId, Summary
from tui_mail.model.operation import Operation, Route, routed

from . import health, salvage, schema
from .address_book import AddressBook
from .arrivals import Arrival
from .aside import Aside, set_aside
from .belief import Belief
from .bodies import Bodies
from .copies import Copies
from .dialogues import Dialogues
from .index import Index
from .index_folders import Folders, FolderState
from .ledger import Ledger
from .letters import Letter, Letters
from .placed import Placed
from .put_off import PutOff
from .rows import ROW, summary
from .withheld import Withheld
from .work import Work, raw_or_nowhere

GENERATION_BITS = 32
"""The id of a message holds the generation of its index above these bits: an id never means two messages."""


@dataclass(slots=True)
class Books:
    """What the writer thread writes in."""

    folders: Folders
    index: Index
    belief: Belief
    ledger: Ledger
    bodies: Bodies
    work: Work
    letters: Letters
    copies: Copies
    dialogues: Dialogues
    withheld: Withheld
    contacts: AddressBook
    placed: Placed
    put_off: PutOff
    looking: dict[tuple[str, str, int], list[MessageId]] = field(default_factory=dict)
    """Messages of an older index that operations speak of, by what names them."""
    aside: Aside | None = None
    """The index is a new one, because the one that was there could not be used: what became of that."""
    salvaged: str = ""
    """The durable file is a new one: what is said about that, and about the one that was there."""

    @classmethod
    def open(cls, data: Path, *, read_only: bool = False) -> Books:
        """A damaged index is moved aside and rebuilt, of a damaged durable file is taken over what can be read.

        `read_only`: another process writes the index; the durable file takes short transactions from any process.
        Raises StorageFailed where the durable file cannot be used.
        """
        if read_only:
            return cls._beside(data)
        salvaged = salvage.salvage(data) if salvage.is_marked(data) or salvage.is_lost(data) else ""
        try:
            books = cls._open(data)
        except sqlite3.Error as error:
            if not health.is_damage(error) or isinstance(health.blame(data, error), IndexDamaged):
                raise
            salvaged = salvage.salvage(data)
            books = cls._open(data)
        books.salvaged = salvaged
        return books

    @classmethod
    def _open(cls, data: Path) -> Books:
        """Raises sqlite3.Error where either file is damaged, StorageFailed for what else is wrong with them; both are
        closed then, else the old connection would clean up after a new file of that name."""
        work = _open_work(data / "work.db")
        try:
            books = cls._with_index(data, Work(work))
        except BaseException:
            work.close()
            raise
        try:
            books.catch_up()
        except BaseException:
            books.close()
            raise
        return books

    @classmethod
    def _beside(cls, data: Path) -> Books:
        try:
            work = schema.connect(data / "work.db", durable=True)
            schema.require_same(work, schema.WORK_STEPS, "work.db")
        except sqlite3.Error as error:
            raise _not_opened(data / "work.db", error) from error
        index = schema.connect(data / "mail.db", durable=False, query_only=(data / "mail.db").exists())
        schema.require_same(index, schema.INDEX_STEPS, "mail.db")
        return cls._of(index, Work(work), data)

    @classmethod
    def _with_index(cls, data: Path, work: Work) -> Books:
        path = data / "mail.db"
        aside = set_aside(data) if health.is_marked(data) else None
        try:
            connection = _open_index(path, work)
        except sqlite3.Error as error:
            if not health.is_damage(error):
                raise health.storage_failed(error) from error
            aside = set_aside(data)
            connection = _open_index(path, work)
        work.connection.execute("ATTACH ? AS books", (str(path),))
        books = cls._of(connection, work, data)
        books.aside = aside
        return books

    @classmethod
    def _of(cls, index: sqlite3.Connection, work: Work, data: Path) -> Books:
        bodies = Bodies(index, data / "letters")
        return cls(
            *(Folders(index), Index(index), Belief(index), Ledger(index), bodies, work),
            *(Letters(work.connection), Copies(work.connection), Dialogues(work.connection), Withheld(index)),
            *(AddressBook(work.connection), Placed(work.connection), PutOff(work.connection)),
        )

    def close(self) -> None:
        self.index.connection.close()
        self.work.connection.close()

    def try_disk(self, octets: int) -> None:
        """Writes so much into both files and takes it away again. Raises sqlite3.Error where it does not fit."""
        for connection in (self.work.connection, self.index.connection):
            with schema.writing(connection):
                connection.execute("INSERT OR REPLACE INTO meta VALUES('room', zeroblob(?))", (octets,))
            with schema.writing(connection):
                connection.execute("DELETE FROM meta WHERE key = 'room'")

    def summaries(self, ids: Iterable[MessageId]) -> list[Summary]:
        """The rows of messages that are here, as the index has them."""
        rows = self.index.connection.execute(
            f"SELECT {ROW} FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return [summary(row, ()) for row in rows]

    # --- operations

    def record(
        self,
        id: int,
        operation: Operation,
        kind: str,
        at: float,
        of: int = 0,
        copies: Sequence[tuple[MessageId, MessageId]] = (),
        also: Callable[[], None] | None = None,
    ) -> None:
        """First the durable file, then the belief: a crash between the two is made good by `catch_up`.

        An `undo` or a `redo` names the operation that it is `of`. `copies`: see Copies.expect. `also` writes what
        belongs to it into the durable file, in the same transaction.
        """
        with schema.writing(self.work.connection):
            self.copies.expect(copies)
            self.work.record(id, operation, kind, at, raw_or_nowhere(self.folders.raw_of))
            if of:
                self.work.mark_undone(of, id if kind == "undo" else 0)
            if also is not None:
                also()
        with schema.writing(self.index.connection):
            self.belief.believe(operation)
            self.belief.set_applied(id)

    def copy(self, id: int, ids: Sequence[MessageId], target: FolderId, words: str, at: float) -> Operation:
        """Second copies of these in the target: rows of their own, which are nowhere before and there afterwards."""
        with schema.writing(self.index.connection):
            pairs = self.index.clone(ids)
        operation = Operation((Route(tuple(new for new, _ in pairs), NOWHERE, target),), words)
        self.record(id, operation, "person", at, copies=pairs)
        return operation

    def living_copies(self, ids: Sequence[MessageId]) -> set[MessageId]:
        """Those of these that are second copies of something that the server has: nothing is lost with them."""
        origins = self.copies.origins(ids)
        places = self.index.places(list(origins.values()))
        return {id for id, origin in origins.items() if places.get(origin, (NOWHERE, None))[1] is not None}

    def accounts_of(self, operation: Operation) -> set[str]:
        """Whose servers an operation is about."""
        ids = json.dumps(list(operation.ids))
        rows = self.index.connection.execute(
            "SELECT DISTINCT account FROM message WHERE id IN (SELECT value FROM json_each(?))", (ids,)
        )
        return {account for (account,) in rows}

    def owed(self) -> Owed:
        return Owed(self.belief.owes(), self.letters.counts())

    def tidy(self, now: float) -> None:
        """Once a start: forgets what is too old to undo."""
        ended = self.work.clear_graves(now)
        if ended:
            with schema.writing(self.index.connection):
                self.index.kill(ended)
        with schema.writing(self.index.connection):
            self.index.bury_strays(now)
        self.work.trim()
        forgotten = self.copies.trim()
        with schema.writing(self.index.connection):
            self.index.kill_nowhere(forgotten)
        self.bodies.sweep()

    def made_folder(self, account: str, raw: bytes, name: str, role: Role) -> FolderId:
        """A folder that was just made for a role, before the server lists it; the choice is kept."""
        self.work.choose(account, role, name)
        with schema.writing(self.index.connection):
            self.folders.learn(account, [(RemoteFolder(raw, name, "/", role), role)])
        id = self.folders.find(account, raw)
        if id is None:
            raise NotFound("The folder could not be made.")
        return id

    def expect_copy(self, letter: Letter) -> None:
        """Notes before SMTP from which uid on the letter's copy can stand in Sent."""
        row = self.index.connection.execute(
            "SELECT uidnext FROM folder WHERE account = ? AND role = 'sent'", (letter.account,)
        ).fetchone()
        self.letters.expect_copy(letter.id, row[0] if row else 1)

    def catch_up(self) -> None:
        """Believes what was written down but does not stand in this index yet."""
        applied = self.belief.applied()
        with schema.writing(self.index.connection):
            for account, raw in self.work.folders() if not applied else ():
                self.folders.expect(account, raw)
            for entry in self.work.since(applied, self.folders.find):
                self.belief.believe(entry.operation)
            self.belief.set_applied(self.work.last_operation())
        self._look_for_lost()

    def _look_for_lost(self) -> None:
        oldest = self.generation() << GENERATION_BITS
        for message, known in self.work.looking(oldest):
            self.looking.setdefault((known.account, known.message_id, known.size), []).append(message)
        self.index.expected = self._found if self.looking else None

    def generation(self) -> int:
        row = self.index.connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row[0])

    def _found(self, id: MessageId, folder: FolderState, one: Arrival) -> None:
        """A message of an older index is back: what the person had done to it is believed again."""
        key = (folder.account, one.message_id, one.size)
        lost = self.looking.get(key)
        if not lost:
            return
        for old in lost:
            steps = self.work.steps_of(old, self.folders.find)
            if any(folder.id in (step.source, step.target) for step, _ in steps):
                break
        else:
            return  # another message that looks the same, in a folder that the person did nothing in
        lost.remove(old)
        self.work.rename_message(old, id)
        for step, settled in steps:
            if not settled:
                self.belief.believe(Operation(routed([replace(step, id=id)]), ""))
        if not lost:
            del self.looking[key]
        if not self.looking:
            self.index.expected = None

    def settle_operations(self) -> None:
        """Marks the operations whose messages owe nothing any more."""
        open_operations = self.work.unsettled()
        if not open_operations:
            return
        ids = {id for _, messages in open_operations for id in messages}
        looked_for = {id for lost in self.looking.values() for id in lost}  # found, they may owe something again
        owing = self.ledger.still_owed(ids) | looked_for
        self.work.settle(id for id, messages in open_operations if not owing.intersection(messages))


def _open_work(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.Error where it is damaged, StorageFailed where it cannot be used for another reason."""
    connection = None
    try:
        connection = schema.connect(path, durable=True)
        schema.prepare_work(connection, path)
    except (sqlite3.Error, StorageFailed) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, StorageFailed) or health.is_damage(error):
            raise
        raise _not_opened(path, error) from error
    return connection


def _open_index(path: Path, work: Work) -> sqlite3.Connection:
    connection = schema.connect(path, durable=False)
    try:
        if schema.prepare(connection, schema.INDEX, schema.INDEX_STEPS, "mail.db"):
            generation = work.next_generation()
            with schema.writing(connection):
                connection.execute("INSERT INTO meta VALUES('generation', ?)", (generation,))
                connection.execute("INSERT INTO meta VALUES('applied', 0)")
                connection.execute("INSERT INTO sqlite_sequence VALUES('message', ?)", (generation << GENERATION_BITS,))
        connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0]
        connection.execute("SELECT count(*) FROM folder").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _not_opened(path: Path, error: sqlite3.Error) -> StorageFailed:
    if health.is_damage(error):
        return health.work_damaged(path.parent, str(error))
    why = health.storage_failed(error)
    return StorageFailed(
        f"The file of your drafts and actions cannot be opened. {why.text}",
        remedy=f"It is {path}; nothing in it was changed.",
        detail=str(error),
    )
