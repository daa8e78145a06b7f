"""One look at one folder: what the server says, taken over by the index; plain and CONDSTORE.

The invariants: every server message with low <= uid < uidnext has a row (I1); every change up to `modseq` is in the
rows (I2); rows and marks change in one transaction (I3); a row dies only on confirmed evidence (I4); what the person
did stays on top of what the server says (I5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tui_mail.backend.contract import Known, RemoteMessage, Selected
from tui_mail.model.errors import Refused
from tui_mail.model.event import Arrived, Noticed, Progress
from tui_mail.model.folder import FolderId, spoken
from tui_mail.model.message import Flags, MessageId
from tui_mail.model.operation import count

from .arrivals import Arrival, arrival
from .books import Books
from .desk import LEARN, Desk, Restart
from .index import Awaiting, Touched
from .index_folders import FolderState
from .pull_blank import reread
from .pull_losses import Losses, renumbered_words
from .pull_trust import keeps_its_numbers
from .schema import writing
from .slices import SCREENFUL, SLICE, WINDOW, slices, windows

_FLAGS = 500
"""Uids whose flags are asked at a time where the server cannot say what changed."""
_RECENT = 2000
"""Newest messages whose flags are compared at every look; the others every ALL_FLAGS_EVERY seconds."""
ALL_FLAGS_EVERY = 1200.0
_FEW = 400
"""New messages up to which they are asked in one go."""


def pull(desk: Desk, id: FolderId, *, may_ask: bool = False) -> None:
    """Brings the index up to date with a folder; `may_ask`: the other folders were read, see Withheld.

    Raises NotFound where the folder is gone. Starts again when its numbering changes meanwhile.
    """
    for _ in range(3):
        try:
            _Pull(desk, desk.state(id), may_ask=may_ask).run()
            return
        except Restart:
            continue  # the folder was rebuilt while it was read
        finally:
            desk.flush()


class _Pull:
    """The pass over one folder, from SELECT to the last transaction."""

    def __init__(self, desk: Desk, folder: FolderState, *, may_ask: bool) -> None:
        self._desk = desk
        self._store = desk.store
        self._folder = folder
        self._losses = Losses(desk, folder, may_ask=may_ask)
        self._selected = Selected(0, None, 0, None)
        self._uidnext = folder.uidnext
        self._fresh = False
        """Newcomers were found."""
        self._renumbered = False
        self._saw_all_new = True

    def run(self) -> None:
        desk, folder = self._desk, self._folder
        self._selected = selected = desk.open(folder, self._known())
        if keeps_its_numbers(desk, folder, selected):
            desk.renumberings.pop(folder.id, None)
        else:
            self._renumber()
            desk.renumberings[folder.id] = desk.renumberings.get(folder.id, 0) + 1
        desk.visited.add(folder.id)
        waiting = desk.write(lambda books: books.index.waiting(folder.id))
        if self._folder.low is None:
            self._first_window()
        else:
            if selected.resynced:
                self._take_difference()
            self._newcomers()
            if not selected.resynced or self._is_short():
                self._differences()
        reread(desk, self._folder)
        if waiting:
            self._give_up(waiting)
        self._losses.settle(self._selected)
        if self._folder.low is not None:
            self._finish()

    def _known(self) -> Known | None:
        """What the server may take as known: rows above the mark, which we moved there ourselves, are known too."""
        folder = self._folder
        if not folder.uidvalidity:
            return None
        top = max(self._local(folder.uidnext), default=0)
        return Known(folder.uidvalidity, max(folder.uidnext, top + 1), folder.modseq)

    def _is_short(self) -> bool:
        """The server's difference does not add up: a message changed or counts that is not here."""
        folder, selected = self._folder, self._selected
        low = folder.low or 1
        local = self._losses.without(self._local(low))
        held = set(local)
        strange = any(low <= uid < self._uidnext and uid not in held for uid, _ in selected.changed)
        return strange or (low == 1 and len(local) != selected.exists)

    def _renumber(self) -> None:
        """Step 2: the uids mean nothing any more; the rows are found again by content."""
        folder, validity = self._folder, self._selected.uidvalidity

        def job(books: Books) -> FolderState | None:
            with writing(books.index.connection):
                books.index.renumber(folder.id, validity)
                return books.folders.state(folder.id)

        state = self._desk.write(job)
        if state is None:
            raise Restart
        is_told = folder.placed and not self._desk.renumberings.get(folder.id)
        if is_told and folder.uidvalidity:  # where the server never names its numbering, this is every day
            self._desk.tell(Noticed(renumbered_words(folder), folder.account))
        self._folder = state
        self._uidnext = state.uidnext
        self._desk.older.pop(folder.id, None)
        self._selected = replace(self._selected, resynced=False, vanished=(), changed=())
        self._renumbered = folder.placed > 0

    # --- step 4: the newest window of a folder never seen

    def _first_window(self) -> None:
        folder, selected = self._folder, self._selected
        messages = self._store.newest(SCREENFUL) if selected.exists else []
        if selected.exists and not messages:  # an odd answer justifies nothing: the next pass asks again
            counted = count(selected.exists, "message")
            text = f"The server counts {counted} in {spoken(folder.name)} and shows none of them."
            raise Refused(text, remedy="It is asked again at every look.", permanent=False)
        arrivals = sorted((arrival(message) for message in self._desk.gently(messages)), key=lambda one: -one.uid)
        low = min((one.uid for one in arrivals), default=1) if selected.exists > len(arrivals) else 1
        top = max((one.uid + 1 for one in arrivals), default=1)
        if not arrivals:
            top = selected.uidnext or 1
        self._saw_all_new = low == 1
        pieces = list(slices(arrivals, SLICE)) or [[]]
        for number, piece in enumerate(pieces):
            is_last = number == len(pieces) - 1

            def job(books: Books, piece: Sequence[Arrival] = piece, is_last: bool = is_last) -> Touched:
                with writing(books.index.connection):
                    touched = books.index.place(folder, self._desk.gently(piece))
                    if is_last:
                        books.folders.advance(folder.id, uidnext=top, modseq=selected.modseq or 0, low=low)
                        books.folders.set_beyond(folder.id, selected.exists)
                        books.folders.flags_were_checked(folder.id, self._desk.clock())
                    return touched

            self._desk.changed(self._desk.write(job), at_once=number == 0)

    # --- step 3: QRESYNC has said it all

    def _take_difference(self) -> None:
        folder, selected = self._folder, self._selected
        if selected.vanished:
            self._losses.told(set(self._local(1)).intersection(selected.vanished))

        def job(books: Books) -> Touched:
            with writing(books.index.connection):
                return books.index.take_flags(folder.id, selected.changed)

        self._desk.changed(self._desk.write(job))

    # --- step 5: new messages

    def _newcomers(self) -> None:
        """Uids from the mark on, rising, so that the mark may follow slice by slice (I1)."""
        folder, selected = self._folder, self._selected
        if selected.uidnext is not None and selected.uidnext <= folder.uidnext:
            return
        if selected.uidnext is None or selected.uidnext - folder.uidnext <= _FEW:
            self._take_new(self._store.headers_from(folder.uidnext))
        else:
            coming = sorted(self._store.uids(folder.uidnext))
            for done, window in windows(coming, WINDOW):
                self._take_new(self._store.headers(window))
                self._progress(done, len(coming))
                self._desk.pause(folder, selected.uidvalidity, LEARN)
        # A gap at the end is legal (uids that were given and taken back): the server's own mark holds, now that
        # everything below it was asked for.
        self._uidnext = max(self._uidnext, selected.uidnext or 0)

    def _take_new(self, messages: Iterable[RemoteMessage]) -> None:
        folder, inboxes = self._folder, self._desk.inboxes
        arrivals = sorted((arrival(message) for message in self._desk.gently(messages)), key=lambda one: one.uid)
        for piece in slices(arrivals, SLICE):
            top = piece[-1].uid + 1

            def job(books: Books, piece: Sequence[Arrival] = piece, top: int = top) -> Touched:
                with writing(books.index.connection):
                    touched = books.index.place(folder, self._desk.gently(piece))
                    books.folders.advance(folder.id, uidnext=top)
                    if folder.id in inboxes:
                        books.index.keep_fresh(touched.born, 1)
                    return touched

            touched = self._desk.write(job)
            self._uidnext = max(self._uidnext, top)
            self._fresh = True
            self._desk.changed(touched, at_once=True)
            self._announce(touched)

    def _announce(self, touched: Touched) -> None:
        if self._folder.id not in self._desk.inboxes or not touched.born:
            return
        rows = self._desk.write(lambda books: books.summaries(touched.born))
        unread = tuple(row for row in rows if row.is_unread)
        if unread:
            self._desk.tell(Arrived(unread))

    # --- step 6: flags and what is gone

    def _differences(self) -> None:
        folder, selected = self._folder, self._selected
        low = folder.low or 1
        counts = self._store.capabilities.condstore and selected.modseq is not None and folder.modseq
        if counts and selected.modseq == folder.modseq and (self._fresh or self._desk.stands_still):
            counts = 0  # newcomers that count as no change: this server's HIGHESTMODSEQ stands still
        if counts:
            changed: dict[int, Flags] = {}
            if selected.modseq != folder.modseq:
                changed = self._store.changed_since(low, folder.modseq)
                self._take_flags(changed)
            self._compare_uids(low, changed)
        else:
            self._compare_flags(low)

    def _take_flags(self, flags: dict[int, Flags]) -> None:
        id = self._folder.id
        for piece in slices(sorted(flags.items(), reverse=True), 4 * SLICE):

            def job(books: Books, piece: Sequence[tuple[int, Flags]] = piece) -> Touched:
                with writing(books.index.connection):
                    return books.index.take_flags(id, piece)

            self._desk.changed(self._desk.write(job))

    def _compare_uids(self, low: int, changed: Iterable[int] = ()) -> None:
        """Expunges and holes: a count where the server can, the whole set where the count differs.

        A changed message that is not here is a hole for certain: the mark was too high, and counts may still agree.
        """
        local = self._losses.without(self._local(low))
        holes = {uid for uid in changed if uid >= low}.difference(local)
        if not holes and self._store.count(low) == len(local):
            return
        server = self._store.uids(low)
        self._settle(local, server)

    def _compare_flags(self, low: int) -> None:
        """Without CONDSTORE: flags chunk by chunk, newest first; each chunk is a complete answer of its own.

        All of them now and then, or where the server only just learned to count changes; else the newest ones.
        """
        local = self._losses.without(self._local(low))
        now = self._desk.clock()
        is_due = now - self._folder.flags_checked > ALL_FLAGS_EVERY or self._store.capabilities.condstore
        if not is_due and len(local) > _RECENT:
            self._compare_uids(low)
            low = local[-_RECENT]
            local = local[-_RECENT:]
        bounds = [local[max(0, end - _FLAGS)] for end in range(len(local), 0, -_FLAGS)]
        high: int | None = None
        for bottom in [*bounds[:-1], low]:
            flags = self._store.flags(bottom, high)
            self._take_flags(flags)
            mine = [uid for uid in local if bottom <= uid and (high is None or uid <= high)]
            self._settle(mine, set(flags))
            high = bottom - 1
            self._desk.pause(self._folder, self._selected.uidvalidity, LEARN)
        if is_due:
            self._desk.write(lambda books: books.folders.flags_were_checked(self._folder.id, now))

    def _local(self, low: int) -> list[int]:
        return self._desk.write(lambda books: books.index.uids(self._folder.id, low))

    def _settle(self, local: Sequence[int], server: set[int]) -> None:
        """Notes rows that the server no longer names; messages that are not here are fetched."""
        self._losses.missed(set(local) - server)
        strange, mark = sorted(server.difference(local)), self._uidnext
        for _, window in windows([uid for uid in strange if uid >= mark], WINDOW):
            self._take_new(self._store.headers(window))  # came since this pass began, or UIDNEXT was too low
        holes = [uid for uid in reversed(strange) if uid < mark]
        for _, window in windows(holes, WINDOW):
            arrivals = [arrival(message) for message in self._desk.gently(self._store.headers(window))]
            for piece in slices(arrivals, SLICE):

                def job(books: Books, piece: Sequence[Arrival] = piece) -> Touched:
                    with writing(books.index.connection):
                        touched = books.index.place(self._folder, self._desk.gently(piece))
                        here = books.index.ids_of(self._folder.id, [one.uid for one in piece])
                        books.withheld.release(here.values())
                        return touched

                self._desk.changed(self._desk.write(job))

    # --- step 7

    def _finish(self) -> None:
        folder, selected, uidnext, now = self._folder, self._selected, self._uidnext, self._desk.clock()

        def job(books: Books) -> Touched:
            with writing(books.index.connection):
                books.folders.advance(folder.id, uidnext=uidnext, modseq=selected.modseq or 0)
                books.folders.set_beyond(folder.id, selected.exists)
                if selected.resynced:
                    books.folders.flags_were_checked(folder.id, now)
                return Touched()

        self._desk.write(job)

    def _give_up(self, waiting: Sequence[MessageId]) -> None:
        """Rows that were looked for in this whole pass and not found are gone from the server.

        Moved ones are among the newcomers. Renumbered ones are found when the folder is complete, and given up in the
        pass after that: a folder that a server is just rebuilding may show itself empty.
        """
        state = self._desk.state(self._folder.id)
        reasons = [Awaiting.MOVED] if self._saw_all_new else []
        if self._renumbered:
            self._desk.renumbered(state.id)
        elif state.low == 1:
            reasons.append(Awaiting.RENUMBERED)
        self._losses.give_up(self._desk.write(lambda books: books.index.waiting_still(state.id, reasons, waiting)))

    def _progress(self, done: int, total: int) -> None:
        self._desk.tell(Progress(self._desk.account.key, f"syncing {spoken(self._folder.name)}", done, total))
