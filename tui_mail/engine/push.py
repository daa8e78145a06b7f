"""Telling the server what the person did: debts paid route by route, and what may have happened looked at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from tui_mail.backend.contract import Selected
from tui_mail.model.errors import MailError, NotFound, PutBack, Refused
from tui_mail.model.event import Failed
from tui_mail.model.folder import NOWHERE, FolderId, spoken
from tui_mail.model.message import Flags, MessageId
from tui_mail.model.operation import count

from .arrivals import is_same
from .books import Books
from .desk import TELL, Desk
from .fetch import blank
from .index import Touched
from .index_folders import FolderState
from .ledger import Debt
from .pull_trust import is_doubtful
from .schema import writing
from .work import Attempt, Known

_CHUNK = 200
"""Uids a command: a line stays well below what servers take."""
_ROUNDS = 20
"""How often debts that arise while others are paid are looked at in one job."""


def push(desk: Desk) -> bool:
    """Pays what is owed as far as it can be paid now; False where the server asked to come back later.

    Raises Offline when the connection is lost; the debts, and the attempt that is open, are on disk.
    """
    payer = _Push(desk)
    before: frozenset[tuple[MessageId, FolderId, Flags]] = frozenset()
    for _ in range(_ROUNDS):
        debts = desk.write(lambda books: books.ledger.debts(desk.account.key))
        now = frozenset((debt.id, debt.folder, debt.flags) for debt in debts)
        if not debts or now == before:
            break  # what stays cannot be paid before a folder was read again
        before = now
        payer.pay(debts)
    desk.write(lambda books: books.settle_operations())
    desk.flush()
    if before:
        desk.tell(desk.write(lambda books: books.owed()))
    return not payer.later


class _Push:
    """One round of paying."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store
        self.later = False

    def pay(self, debts: Sequence[Debt]) -> None:
        """Folder by folder; what one folder refuses does not keep the others waiting."""
        debts = self._but_held_back(debts)
        places = dict.fromkeys(debt.server_folder for debt in debts)
        for place in sorted(places, key=lambda place: place != NOWHERE):  # copies are made before an original is moved
            here = [debt for debt in debts if debt.server_folder == place]
            if place == NOWHERE:
                self._bring_back(here)
                continue
            opened = self._open(place, here)
            if opened is not None:
                self._pay_folder(*opened, here)

    def _but_held_back(self, debts: Sequence[Debt]) -> Sequence[Debt]:
        """Without what only this machine still has: there marks need no telling, and nothing can be moved."""
        held = self._desk.write(lambda books: books.withheld.held([debt.id for debt in debts]))
        if not held:
            return debts
        moving = [debt for debt in debts if debt.id in held and debt.folder not in (debt.server_folder, NOWHERE)]
        if moving:
            self._refused(moving, Refused("The server has them no longer; they are only kept here."))
        for debt in debts:
            if debt.id in held and debt.folder == debt.server_folder:
                self._settle(partial(_marked_in_vain, debt))
        return [debt for debt in debts if debt.id not in held or debt.folder == NOWHERE]

    def _open(
        self, place: FolderId, debts: Sequence[Debt], *, changes: bool = True
    ) -> tuple[FolderState, Selected] | None:
        try:
            state = self._desk.state(place)
            selected = self._desk.open(state)
        except NotFound:
            self._desk.again(place)  # the next listing says whether it is gone; until then the debts are parked
            return None
        except Refused as error:
            self._refused(debts, error)
            return None
        if selected.uidvalidity != state.uidvalidity:
            self._desk.renumbered(place)  # uids mean nothing until the rows are found again
            return None
        if selected.read_only and changes:
            self._refused(debts, Refused(f"{spoken(state.name)} can only be read."))
            return None
        return state, selected

    def _sure(self, state: FolderState, selected: Selected, debts: Sequence[Debt]) -> Sequence[Debt]:
        """Where the numbering has no name, or may change under it, each message has to be the one that was meant."""
        if selected.uidvalidity and not is_doubtful(self._desk):
            return debts
        sure: list[Debt] = []
        for start in range(0, len(debts), _CHUNK):
            chunk = debts[start : start + _CHUNK]
            names = self._store.identity(_uids(chunk))
            for debt in chunk:
                is_unknown = bool(selected.uidvalidity) and ((debt.uid or 0) not in names or not debt.size)
                if is_unknown or _is_meant(names.get(debt.uid or 0), debt):
                    sure.append(debt)  # one that is gone, and one that came blank, are no sign of another numbering
        self._mistook(state, [debt for debt in debts if debt not in sure])
        return sure

    def _mistook(self, state: FolderState, debts: Sequence[Debt]) -> None:
        """These are not under their numbers: they wait until they are found again, or were given up.

        Without their numbers, or they would be looked for without end.
        """
        if debts:
            self._settle(lambda books: books.ledger.mistook([debt.id for debt in debts]))
            self._desk.again(state.id)

    def _pay_folder(self, state: FolderState, selected: Selected, debts: Sequence[Debt]) -> None:
        debts = self._sure(state, selected, debts)
        self._flags(state, [debt for debt in debts if debt.folder != NOWHERE], keywords=selected.keywords)
        for target in dict.fromkeys(debt.folder for debt in debts):
            leaving = [debt for debt in debts if debt.folder == target and target != state.id]
            for start in range(0, len(leaving), _CHUNK):
                chunk = leaving[start : start + _CHUNK]
                if target == NOWHERE:
                    self._destroy(state, chunk)
                else:
                    self._move(state, target, chunk)
                self._count_down(debts)
                self._desk.pause(state, selected.uidvalidity, TELL)

    def _count_down(self, debts: Sequence[Debt]) -> None:
        """Tells how much is still owed, while there is much to tell the server."""
        if len(debts) > _CHUNK:
            self._desk.tell(self._desk.write(lambda books: books.owed()))

    # --- flags

    def _flags(self, state: FolderState, debts: Sequence[Debt], *, keywords: bool) -> None:
        routes: dict[tuple[Flags, Flags], list[Debt]] = {}
        for debt in debts:
            if debt.added or debt.removed:
                routes.setdefault((debt.added, debt.removed), []).append(debt)
        for route, group in routes.items():
            for start in range(0, len(group), _CHUNK):
                self._flag_chunk(group[start : start + _CHUNK], *route, keywords=keywords)
                self._count_down(debts)

    def _flag_chunk(self, debts: Sequence[Debt], added: Flags, removed: Flags, *, keywords: bool) -> None:
        told, dropped = added, removed
        if not keywords:  # the server keeps no words of our own: they stay a thing of this machine
            told = frozenset(flag for flag in added if flag.startswith("\\"))
            dropped = frozenset(flag for flag in removed if flag.startswith("\\"))
        if (told or dropped) and not self._try(debts, lambda: self._store.store(_uids(debts), told, dropped)):
            return
        self._settle(lambda books: books.ledger.told_flags([debt.id for debt in debts], added, removed))

    # --- moves

    def _move(self, state: FolderState, target: FolderId, debts: Sequence[Debt]) -> None:
        there = self._desk.write(lambda books: books.folders.state(target))
        if there is None:
            self._refused(debts, Refused("The folder to move to is gone."))
            return
        attempt = Attempt(
            *(0, state.account, "move", state.raw, state.uidvalidity or 0, there.raw, self._mark(there)),
            tuple((debt.id, debt.uid or 0, debt.message_id, debt.size) for debt in debts),
        )
        number = self._desk.write(lambda books: books.work.attempt(attempt, self._desk.clock()))
        places: dict[MessageId, int | None] = {}

        def move() -> None:
            try:
                moved = self._store.move(_uids(debts), there.raw)
            except Refused as error:
                if error.code != "TRYCREATE":
                    raise
                self._store.create(there.name)
                moved = self._store.move(_uids(debts), there.raw)
            pairs = dict(moved.pairs)
            # More than one pair may come crosswise (Yahoo): then the target says which is which, as newcomers.
            places.update({debt.id: pairs.get(debt.uid or 0) if len(debts) == 1 else None for debt in debts})

        if self._try(debts, move):
            self._settle(lambda books: books.ledger.told_place(places, target))
            if None in places.values():
                self._desk.again(target)
        self._desk.write(lambda books: books.work.forget_attempt(number))

    def _mark(self, there: FolderState) -> int:
        """The target's UIDNEXT now; what the server does not say, the index knows from below."""
        try:
            said = self._store.status(there.raw)
        except (NotFound, Refused):
            return there.uidnext  # MOVE will say TRYCREATE, or not
        return said.uidnext or there.uidnext

    # --- for good

    def _destroy(self, state: FolderState, debts: Sequence[Debt]) -> None:
        """Fetched, kept for 30 days and compared with what the person saw; only then expunged."""
        names = self._store.identity(_uids(debts))
        doomed: list[Debt] = []
        others: list[Debt] = []
        copies = self._desk.write(lambda books: books.living_copies([debt.id for debt in debts]))
        for debt in debts:
            found = names.get(debt.uid or 0)
            if found is None:
                doomed.append(debt)  # gone already: an expunge whose answer was lost, or another client
            elif not found[1]:
                self._refused([debt], Refused("The server says that nothing is in it, which it may say of any."))
            elif not is_same(found, debt.message_id, debt.size):
                others.append(debt)  # not the message that was meant
            elif debt.id in copies or self._bury(state, debt):
                doomed.append(debt)
        if others:
            self._mistook(state, others)
            text = f"{count(len(others), 'message')} not deleted: the server has something else under their numbers."
            self._desk.tell(Failed(Refused(text, remedy="They are looked for."), self._desk.account.key))
        present = [debt for debt in doomed if (debt.uid or 0) in names]
        if present and not self._try(present, lambda: self._store.expunge(_uids(present))):
            return
        if doomed:
            self._settle(lambda books: books.ledger.told_nowhere([debt.id for debt in doomed]))

    def _bury(self, state: FolderState, debt: Debt) -> bool:
        held, date = self._desk.write(lambda books: (books.bodies.read(debt.id), _date(books, debt.id)))
        try:
            raw = held if held is not None else self._store.fetch(debt.uid or 0)
        except NotFound:
            return True
        except Refused as error:
            self._refused([debt], error)
            return False
        if not raw and debt.size:
            self._refused([debt], blank())
            return False
        known = Known(state.account, debt.message_id, debt.size)
        self._desk.write(
            lambda books: books.work.bury(debt.id, known, state.raw, date, debt.server_flags, raw, self._desk.clock())
        )
        return True

    def _bring_back(self, debts: Sequence[Debt]) -> None:
        """What is nowhere on the server: second copies are copied there, what was destroyed is put back as it was."""
        for debt in [debt for debt in debts if debt.folder == NOWHERE]:  # a mark on what is gone: nobody to tell
            self._settle(partial(_marked_in_vain, debt))
        debts = [debt for debt in debts if debt.folder != NOWHERE]
        origins = self._desk.write(lambda books: books.copies.origins([debt.id for debt in debts]))
        self._copy_all([debt for debt in debts if debt.id in origins], origins)
        for debt in debts:
            if debt.id not in origins:
                self._append(debt, debt.id)

    def _append(self, debt: Debt, grave: MessageId) -> None:
        kept = self._desk.write(lambda books: books.work.exhume(grave))
        there = self._desk.write(lambda books: books.folders.state(debt.folder))
        if kept is None or there is None:
            self._refused([debt], Refused("The message is no longer kept, so it cannot be brought back."))
            return
        raw, date = kept
        number = self._begin("append", there, [debt])
        uids: list[int | None] = []
        if self._try([debt], lambda: uids.append(self._store.append(there.raw, raw, debt.flags, date))):
            self._settle(lambda books: _told_back(books, debt, there, uids[0]))
            self._desk.again(there.id)
        self._desk.write(lambda books: books.work.forget_attempt(number))

    def _begin(self, kind: str, there: FolderState, debts: Sequence[Debt]) -> int:
        """Records what is about to be put into a folder; an answer that is lost is then looked for there."""
        items = tuple((debt.id, 0, debt.message_id, debt.size) for debt in debts)
        attempt = Attempt(0, there.account, kind, None, 0, there.raw, self._mark(there), items)
        return self._desk.write(lambda books: books.work.attempt(attempt, self._desk.clock()))

    # --- second copies

    def _copy_all(self, debts: Sequence[Debt], origins: Mapping[MessageId, MessageId]) -> None:
        """From wherever the originals stand on the server now; those that are just being moved there wait."""
        places = self._desk.write(lambda books: books.index.places(list(origins.values())))
        routes: dict[tuple[FolderId, FolderId], dict[int, Debt]] = {}
        for debt in debts:
            source, uid = places.get(origins[debt.id], (NOWHERE, None))
            if source == NOWHERE:
                self._append(debt, origins[debt.id])  # destroyed meanwhile, and kept here
            elif uid is not None:
                routes.setdefault((source, debt.folder), {})[uid] = debt
        for (source, target), group in routes.items():
            opened = self._open(source, list(group.values()), changes=False)
            if opened is not None:
                group = self._still_there(*opened, group)
            uids = sorted(group) if opened is not None else []
            for start in range(0, len(uids), _CHUNK):
                self._copy({uid: group[uid] for uid in uids[start : start + _CHUNK]}, target, origins)
                if opened is not None:
                    self._desk.pause(opened[0], opened[1].uidvalidity, TELL)

    def _still_there(self, state: FolderState, selected: Selected, group: dict[int, Debt]) -> dict[int, Debt]:
        """Of copies to be made, by the uid of the original: those whose original is sure to be the one meant."""
        if selected.uidvalidity:
            return group
        names = self._store.identity(list(group))
        return {uid: debt for uid, debt in group.items() if _is_meant(names.get(uid), debt)}

    def _copy(self, chunk: Mapping[int, Debt], target: FolderId, origins: Mapping[MessageId, MessageId]) -> None:
        debts = list(chunk.values())
        there = self._desk.write(lambda books: books.folders.state(target))
        if there is None:
            self._refused(debts, Refused("The folder to copy to is gone."))
            return
        number = self._begin("copy", there, debts)
        pairs: dict[int, int] = {}
        if self._try(debts, lambda: pairs.update(self._store.copy(list(chunk), there.raw).pairs)):
            # As with moves: of several the target itself says which is which.
            uids = {debt.id: pairs.get(uid) if len(chunk) == 1 else None for uid, debt in chunk.items()}
            self._settle(lambda books: books.ledger.told_copies(uids, target, origins))
            self._desk.again(target)
        self._desk.write(lambda books: books.work.forget_attempt(number))

    # --- what became of it

    def _try(self, debts: Sequence[Debt], action: Callable[[], object]) -> bool:
        """True when the server did it; a refusal takes the belief back and is told."""
        try:
            action()
        except Refused as error:
            self._refused(debts, error)
            return False
        except NotFound as error:
            self._refused(debts, Refused(error.text, detail=error.detail))
            return False
        return True

    def _refused(self, debts: Sequence[Debt], error: MailError) -> None:
        if isinstance(error, Refused) and not error.permanent:
            self.later = True  # it stays owed: the server asked to come back later
            return
        touched = self._settle(lambda books: books.ledger.revert([debt.id for debt in debts]))
        self._desk.changed(touched, at_once=True)
        text = f"The server refused: {count(len(debts))} put back. {error.text}"
        self._desk.tell(Failed(PutBack(text, remedy=error.remedy, detail=error.detail), self._desk.account.key))

    def _settle(self, job: Callable[[Books], Touched | None]) -> Touched:
        def settle(books: Books) -> Touched:
            with writing(books.index.connection):
                return job(books) or Touched()

        return self._desk.write(settle)


def _is_meant(found: tuple[str, int] | None, debt: Debt) -> bool:
    return found is not None and is_same(found, debt.message_id, debt.size)


def _told_back(books: Books, debt: Debt, there: FolderState, uid: int | None) -> None:
    books.ledger.told_place({debt.id: uid}, there.id)
    books.ledger.told_flags([debt.id], debt.flags, debt.server_flags - debt.flags)


def _marked_in_vain(debt: Debt, books: Books) -> None:
    books.ledger.told_flags([debt.id], debt.added, debt.removed)


def _date(books: Books, id: MessageId) -> int:
    row = books.index.connection.execute("SELECT sort FROM message WHERE id = ?", (id,)).fetchone()
    return int(row[0]) if row else 0


def _uids(debts: Iterable[Debt]) -> list[int]:
    return [debt.uid for debt in debts if debt.uid is not None]
