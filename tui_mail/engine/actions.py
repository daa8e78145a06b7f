"""What the person does to messages: believed at once, written down next, told to the server after that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait

from tui_mail.model.errors import BadInput, MailError, NotFound, StorageFailed
from tui_mail.model.event import Changed, Event, Failed, FoldersChanged
from tui_mail.model.folder import NOWHERE, Folder, FolderId, Role
from tui_mail.model.message import FLAGGED, JUNK, NOT_JUNK, REPLY_LATER, SEEN, MessageId
from tui_mail.model.operation import Group, Operation, count, mark, move, move_by_account

from .books import Books
from .journal import Done, Journal
from .overlay import Overlay, Pending, Shifts, shifted, turned
from .windows import Windows
from .writer import Writer

_READ_ONLY = "Another tui-mail keeps this mail: this one only reads, and takes over when that one ends."
_FEW = 1000
"""Messages up to which a change names them; of more, any may look different."""
Also = Callable[[Books, int], None]
"""What is written down with an operation, whose id it is told."""
_IN_WORDS = {Role.ARCHIVE: "Archive", Role.TRASH: "Trash", Role.JUNK: "Junk", Role.INBOX: "inbox"}


class Actions:
    """Operations from the screen's thread; nothing here waits for the disk or the network."""

    def __init__(
        self,
        writer: Writer,
        overlay: Overlay,
        windows: Windows,
        *,
        tell: Callable[[Event], None],
        owe: Callable[[set[str]], None],
        clock: Callable[[], float],
        read_only: bool,
    ) -> None:
        """`owe` is told which accounts owe their server something; on the writer thread."""
        self._writer = writer
        self._overlay = overlay
        self._windows = windows
        self._tell = tell
        self._owe = owe
        self._clock = clock
        self._read_only = read_only
        self._lock = threading.Lock()
        self._journal = Journal()
        self._next = 1
        self._copying: Future[None] | None = None
        """The newest copying: only once it is written down its messages have names that an undo can call."""

    def load(self) -> None:
        """Takes up what earlier runs left; once, before anything is done."""
        if self._read_only:
            return

        self._load()

    def allow(self) -> None:
        """The process that kept the mail has ended: this one may act now."""
        self._load()
        self._read_only = False

    def _load(self) -> None:
        last, entries = self._writer.do(lambda books: (books.work.last_operation(), books.work.undoable())).result()
        self._next = last + 1
        self._journal.load(entries)

    # --- doing

    def do(
        self,
        operation: Operation,
        *,
        kind: str = "person",
        groups: Sequence[Group] = (),
        also: Also | None = None,
    ) -> None:
        """Believes it, and has it written down. `groups`: where all its messages stand now, if that is at hand.

        `also` is written in the same transaction. A `kind` of `program` stands in the history, `own` does not; neither
        is reached by undo's key.
        """
        if not operation:
            return
        if self._read_only:
            raise BadInput(_READ_ONLY)
        with self._lock:
            id = self._next
            self._next += 1
            shifts = shifted(groups, [Pending(id, route) for route in operation.routes]) if groups else None
            if kind == "person":
                self._journal.did(id, operation, shifts)
            self._overlay.add(id, operation, shifts)
            future = self._write(id, operation, kind, also=also)
        self._announce(operation)
        future.add_done_callback(lambda done: self._written(id, operation, done))

    def undo(self) -> str | None:
        """Does the inverse of the newest operation; its words, or None where nothing is left."""
        return self._turn(self._journal.undo, "undo")

    def redo(self) -> str | None:
        """Does the newest undone operation again."""
        return self._turn(self._journal.redo, "redo")

    def turn_one(self, id: int, *, undo: bool) -> str | None:
        """Undoes, or does again, one operation out of its turn; its words, or None where it is not known any more."""
        turned = iter((id,))

        def take() -> Done | None:
            one = next(turned, None)
            return None if one is None else self._journal.take(one, undo=undo) or Done(one)

        return self._turn(take, "undo" if undo else "redo")

    def _turn(self, take: Callable[[], Done | None], kind: str) -> str | None:
        with self._lock:
            if self._copying is not None:
                wait([self._copying])
            while (entry := take()) is not None:
                operation = entry.operation or self._windows.operation(entry.id)
                if operation:
                    break
                self._journal.drop(entry.id)  # its folders are gone
            else:
                return None
            is_undo = kind == "undo"
            again = operation.inverse() if is_undo else operation
            future = self._again(again, kind, entry.id, turned(entry.shifts) if is_undo else entry.shifts)
        self._announce(again)
        future.add_done_callback(lambda done: self._written(0, again, done))
        return again.words

    def _again(self, operation: Operation, kind: str, of: int, shifts: Shifts | None) -> Future[None]:
        id = self._next
        self._next += 1
        self._overlay.add(id, operation, shifts)
        return self._write(id, operation, kind, of)

    def _write(self, id: int, operation: Operation, kind: str, of: int = 0, also: Also | None = None) -> Future[None]:
        def job(books: Books) -> None:
            beside = None if also is None else lambda: also(books, id)
            try:
                books.record(id, operation, kind, self._clock(), of, also=beside)
            finally:
                self._overlay.remove(id)
            self._owe(books.accounts_of(operation))
            self._tell(books.owed())

        return self._writer.do(job, urgent=True)

    def _written(self, id: int, operation: Operation, done: Future[None]) -> None:
        error = done.exception()
        if error is None:
            return
        with self._lock:
            self._journal.drop(id)
        self._overlay.remove(id)
        if operation:
            self._announce(operation, is_done=False)
        reason = error if isinstance(error, MailError) else StorageFailed(str(error))
        self._tell(Failed(StorageFailed(f"“{operation.words}” was not kept. {reason.text}")))

    def _announce(self, operation: Operation, *, is_done: bool = True) -> None:
        ids = frozenset(operation.ids) if len(operation) <= _FEW else frozenset()
        self._tell(Changed(operation.folders, ids, own=True, operation=operation if is_done else None))
        for account in self._windows.accounts_of(operation.folders):
            self._tell(FoldersChanged(account))

    # --- the verbs

    def archive(self, ids: Sequence[MessageId]) -> Operation:
        groups, targets = self.routes(ids, Role.ARCHIVE)
        return self._done(move_by_account(groups, targets, "Archived"), groups)

    def trash(self, ids: Sequence[MessageId]) -> Operation:
        """To Trash; what stands there already is deleted for good, and kept for undo for 30 days."""
        groups, targets = self.routes(ids, Role.TRASH)
        trashed = set(targets.values())
        moved = worded(move_by_account(groups, targets, ""), "Moved {} to Trash")
        ended = worded(move((group for group in groups if group.folder in trashed), NOWHERE, ""), "Deleted {} for good")
        if not moved or not ended:
            return self._done(moved or ended, groups)
        words = f"{moved.words}, deleted {count(len(ended))} for good"
        return self._done(Operation(moved.routes + ended.routes, words), groups)

    def spam(self, ids: Sequence[MessageId]) -> Operation:
        """To Junk with its mark; what stands there already goes back to the inbox as no spam."""
        groups, targets = self.routes(ids, Role.JUNK)
        if groups and all(group.folder in targets.values() for group in groups):
            back = move_by_account(*self.routes(ids, Role.INBOX), "", add=[NOT_JUNK], remove=[JUNK])
            return self._done(worded(back, "Marked {} as no spam"), groups)
        moved = move_by_account(groups, targets, "", add=[JUNK], remove=[NOT_JUNK])
        return self._done(worded(moved, "Marked {} as spam"), groups)

    def move(self, ids: Sequence[MessageId], folder: FolderId) -> Operation:
        """Raises BadInput where the folder belongs to another account, NotFound where there is none."""
        target = self._target(ids, folder, "moved")
        groups = self._windows.groups(ids)
        moved = move(groups, folder, "")
        return self._done(worded(moved, "Moved {} to " + braceless(target.path)), groups)

    def copy(self, ids: Sequence[MessageId], folder: FolderId) -> str:
        """Second copies; the writer makes their rows, so they are seen as soon as it has come to that."""
        target = self._target(ids, folder, "copied")
        wanted = [id for one in self._windows.groups(ids) if one.folder not in (NOWHERE, folder) for id in one.ids]
        if not wanted:
            return ""
        if self._read_only:
            raise BadInput(_READ_ONLY)
        words = f"Copied {count(len(wanted))} to {target.path}"
        with self._lock:
            id = self._next
            self._next += 1
            self._journal.did(id, None)

            def job(books: Books) -> None:
                operation = books.copy(id, wanted, folder, words, self._clock())
                self._announce(operation)
                self._owe({target.account})
                self._tell(books.owed())

            self._copying = self._writer.do(job, urgent=True)
        self._copying.add_done_callback(lambda done: self._written(id, Operation((), words), done))
        return words

    def _target(self, ids: Sequence[MessageId], folder: FolderId, done: str) -> Folder:
        target = self._windows.folder(folder)
        if target is None:
            raise NotFound("That folder is gone.")
        if self._windows.accounts_with(ids) - {target.account}:
            raise BadInput(f"Messages cannot be {done} to another account yet.")
        return target

    def star(self, ids: Sequence[MessageId], on: bool | None = None) -> Operation:
        groups = self._windows.groups(ids)
        if on is None:
            on = not all(FLAGGED in group.flags for group in groups)
        return self._done(*self._marked(groups, FLAGGED, on, "Starred {}" if on else "Took the star from {}"))

    def reply_later(self, ids: Sequence[MessageId], on: bool | None = None) -> Operation:
        groups = self._windows.groups(ids)
        if on is None:
            on = not all(REPLY_LATER in group.flags for group in groups)
        return self._done(
            *self._marked(groups, REPLY_LATER, on, "{} to be answered later" if on else "{} no longer to be answered")
        )

    def mark_read(self, ids: Sequence[MessageId], on: bool | None = None) -> Operation:
        groups = self._windows.groups(ids)
        if on is None:
            on = not all(SEEN in group.flags for group in groups)
        return self._done(*self._marked(groups, SEEN, on, "Marked {} read" if on else "Marked {} unread"))

    def seen(self, ids: Sequence[MessageId]) -> None:
        """Marks read what was shown: the program's own doing, so `z` goes back to what the person did before it."""
        if not self._read_only:
            operation, groups = self._marked(self._windows.groups(ids), SEEN, True, "Marked {} read")
            self.do(operation, kind="own", groups=groups)

    def _marked(self, groups: list[Group], flag: str, on: bool, words: str) -> tuple[Operation, list[Group]]:
        """On the messages and on their copies in other folders (where all of them stand now); the words count what
        was chosen."""
        add, remove = ([flag], []) if on else ([], [flag])
        chosen = worded(mark(groups, "", add, remove), words)
        if not chosen:
            return chosen, []
        twins = self._windows.groups(self._windows.kindred.twins([id for group in groups for id in group.ids]))
        copies = mark(twins, "", add, remove)
        return Operation(chosen.routes + copies.routes, chosen.words), groups + twins

    def _done(self, operation: Operation, groups: Sequence[Group]) -> Operation:
        self.do(operation, groups=groups)
        return operation

    def routes(self, ids: Sequence[MessageId], role: Role) -> tuple[list[Group], Mapping[FolderId, FolderId]]:
        """Where each of their folders sends messages for that role. Raises NotFound where an account has none."""
        groups = self._windows.groups(ids)
        own = self._windows.folder_accounts()
        targets: dict[FolderId, FolderId] = {}
        for folder in {group.folder for group in groups}:
            if folder not in own:
                continue  # deleted for good, or in a folder that is gone
            target = self._role(own[folder], role)
            if target is None:
                raise NotFound(f"{own[folder]} has no {_IN_WORDS.get(role, role.value)} folder.")
            targets[folder] = target.id
        return groups, targets

    def role(self, account: str, role: Role) -> Folder | None:
        """The account's folder of that role as it is believed; Gmail's archive is all mail."""
        found = self._role(account, role)
        return self._windows.folder(found.id) if found else None

    def _role(self, account: str, role: Role) -> Folder | None:
        folders = self._windows.roles(account)
        if role is Role.ARCHIVE:
            return folders.get(Role.ARCHIVE) or folders.get(Role.ALL)
        return folders.get(role)


def worded(operation: Operation, form: str) -> Operation:
    """`Moved {} to Trash` with the number of messages."""
    return Operation(operation.routes, form.format(count(len(operation))))


def braceless(name: str) -> str:
    return name.replace("{", "{{").replace("}", "}}")
