"""Drafts and letters from the screen's thread: kept with every key stroke, sent by way of the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from tui_mail.config.settings import Account
from tui_mail.mime import build, parse
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId, Enclosure, Waiting
from tui_mail.model.errors import BadInput, Cancelled, MailError, NotFound, Refused
from tui_mail.model.event import Event, OutboxChanged
from tui_mail.model.message import MessageId

from .books import Books
from .enclosures import octets_of
from .lock import is_alive, owner
from .probe import alone
from .reader import Reader
from .sealing import Sealing
from .windows import Windows
from .writer import Writer

T = TypeVar("T")


class Correspondence:
    """What is written here and what waits to go out."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        writer: Writer,
        reader: Reader,
        windows: Windows,
        *,
        tell: Callable[[Event], None],
        clock: Callable[[], float],
        look: Callable[[], None],
        sealing: Sealing,
    ) -> None:
        """`look` is called when the outbox may have something to do."""
        self._accounts = accounts
        self._writer = writer
        self._reader = reader
        self._windows = windows
        self._tell = tell
        self._clock = clock
        self._look = look
        self._sealing = sealing
        self._owner = owner()
        self._lock = threading.Lock()
        self._fresh: dict[DraftId, Draft | None] = {}
        """Drafts as they are on the screen, where the disk has not all of it yet; None for discarded ones."""
        self._last = 0.0

    # --- drafts

    def keep(self, draft: Draft) -> None:
        """The newest text; on disk within 300 ms."""
        draft = self._stamped(draft)
        with self._lock:
            self._fresh[draft.id] = draft
        self._writer.later(("draft", draft.id), lambda books: self._keep(books, draft))

    def _stamped(self, draft: Draft) -> Draft:
        """A later keep has a later time, whatever the clock does."""
        with self._lock:
            self._last = max(self._clock(), self._last + 1e-6)
            return replace(draft, changed=self._last)

    def _keep(self, books: Books, draft: Draft) -> None:
        books.letters.keep(draft, self._owner)
        with self._lock:
            if self._fresh.get(draft.id) == draft:
                del self._fresh[draft.id]

    def discard(self, draft: DraftId) -> None:
        """Out of sight; what was typed last is kept all the same."""
        with self._lock:
            last = self._fresh.get(draft)
            self._fresh[draft] = None
        self._writer.forget(("draft", draft))

        def job(books: Books) -> None:
            if last is not None:
                books.letters.keep(last, self._owner)
            books.letters.discard(draft)
            with self._lock:
                if self._fresh.get(draft, last) is None:
                    del self._fresh[draft]

        self._writer.do(job, urgent=True)

    def recover(self, draft: DraftId) -> None:
        """Undoes `discard`."""
        with self._lock:
            self._fresh.pop(draft, None)
        self._writer.do(lambda books: books.letters.recover(draft), urgent=True)

    def drafts(self) -> tuple[Draft, ...]:
        """Newest first; those that another live process is writing are its own."""
        with self._lock:
            fresh = dict(self._fresh)
        found = {
            draft.id: draft
            for draft, holder in self._windows.open_drafts()
            if holder == self._owner or not is_alive(holder)
        }
        for id, draft in fresh.items():
            if draft is None:
                found.pop(id, None)
            else:
                found[id] = draft
        return tuple(sorted(found.values(), key=lambda draft: -draft.changed))

    def unwritten(self) -> tuple[Draft, ...]:
        """Those whose newest text is in memory alone."""
        with self._lock:
            return tuple(draft for draft in self._fresh.values() if draft is not None)

    # --- sending

    def send(self, draft: Draft, delay: float, *, ask: bool = False) -> Future[Waiting]:
        """Built and checked, then durable; the Future answers then. `ask`: gpg may ask for a passphrase.

        A promise that could be cancelled is of a letter that is not sent.
        """
        draft = self._stamped(draft)
        with self._lock:
            self._fresh[draft.id] = draft
        self._writer.later(("draft", draft.id), lambda books: self._keep(books, draft))
        promise: Future[Waiting] = Future()
        # gpg may take its time, and nobody's reading waits for it
        run = self._reader.do if self._sealing.wrap(draft) is None else alone
        run(lambda: self._post(draft, delay, ask, promise)).add_done_callback(lambda done: _hand_on(done, promise))
        return promise

    def _post(self, draft: Draft, delay: float, ask: bool, promise: Future[Waiting]) -> Waiting:
        """Runs on another thread. What fails here leaves the draft as it was."""
        account = self._accounts.get(draft.account)
        if account is None:
            raise BadInput(f"There is no account {draft.account}.")
        now = self._clock()

        def is_wanted() -> bool:
            return not promise.cancelled()

        sender = Address(account.name, account.address)
        outgoing = build.build(
            draft,
            sender=sender,
            now=now,
            load=self.load,
            wrap=self._sealing.wrap(draft, ask=ask, is_wanted=is_wanted),
            autocrypt=lambda address: self._sealing.autocrypt(draft, address, is_wanted),
        )
        source = self._windows.rows([MessageId(draft.answers)])[0] if draft.answers else None
        answers_id = source.message_id if source else ""

        def job(books: Books) -> Waiting:
            self._refuse_twice(books, draft)
            waiting = books.letters.post(
                draft, outgoing, due=now + max(delay, 0.0), at=now, owner=self._owner, answers_id=answers_id
            )
            with self._lock:
                self._fresh.pop(draft.id, None)
            return waiting

        if not promise.set_running_or_notify_cancel():
            raise Cancelled("It was called off.")  # from here on it goes out
        self._writer.forget(("draft", draft.id))
        try:
            waiting = self._writer.do(job, urgent=True).result()
        except MailError:
            self.keep(draft)
            raise
        self._told()
        return waiting

    def _refuse_twice(self, books: Books, draft: Draft) -> None:
        if any(letter.draft == draft.id for letter in books.letters.waiting()):
            raise Refused("This letter is in the outbox already.")

    def load(self, enclosure: Enclosure) -> bytes:
        """The octets of something that goes along. Raises BadInput where they cannot be had."""
        if enclosure.path:
            return octets_of(enclosure.path, enclosure.name)
        raw = self._windows.raw(MessageId(enclosure.source))
        if raw is None:
            raise BadInput(f"{enclosure.name or 'The enclosed message'} is not here yet: open it first.")
        return parse.part(self._sealing.open(raw)[0] if enclosure.part else raw, enclosure.part)

    # --- the outbox

    def unsend(self, waiting: int) -> Future[Draft]:
        return self._back(waiting, "It is already on its way.", "waiting")

    def edit_again(self, waiting: int) -> Future[Draft]:
        return self._back(waiting, "It is already on its way.", "waiting", "refused", "unknown")

    def _back(self, waiting: int, trouble: str, *states: str) -> Future[Draft]:
        def job(books: Books) -> Draft:
            if books.letters.one(waiting) is None:
                raise NotFound("That letter is not in the outbox.")
            draft = books.letters.call_back(waiting, *states)
            if draft is None:
                raise Refused(trouble)
            return draft

        future = self._writer.do(job, urgent=True)
        future.add_done_callback(lambda _: self._told())
        return future

    def retry(self, waiting: int) -> None:
        """Sends a refused or unknown letter again, with the same bytes and the same Message-ID."""

        def job(books: Books) -> None:
            one = books.letters.one(waiting)
            if one is not None and one.state in ("refused", "unknown", "waiting"):
                books.letters.settle(waiting, "waiting", due=self._clock())

        self._decide(job)

    def reschedule(self, waiting: int, due: float) -> Future[None]:
        def job(books: Books) -> None:
            if not books.letters.reschedule(waiting, due):
                raise Refused("It is already on its way.")

        return self._decide(job)

    def send_to_others(self, waiting: int) -> Future[None]:
        def job(books: Books) -> None:
            if not books.letters.send_to_others(waiting, self._clock()):
                raise Refused("There is nobody left to send it to.")

        return self._decide(job)

    def acknowledge(self, waiting: int) -> None:
        self._decide(lambda books: books.letters.acknowledge(waiting))

    def _decide(self, job: Callable[[Books], None]) -> Future[None]:
        """What the person says about a letter, written down and then told."""
        future = self._writer.do(job, urgent=True)
        future.add_done_callback(lambda _: self._told())
        return future

    def _told(self) -> None:
        self._tell(OutboxChanged())
        self._writer.do(lambda books: self._tell(books.owed()))
        self._look()


def _hand_on(done: Future[T], promise: Future[T]) -> None:
    """What became of the work, to who asked for it and did not call it off."""
    if promise.cancelled() or not (promise.running() or promise.set_running_or_notify_cancel()):
        return
    error = done.exception()
    if error is not None:
        promise.set_exception(error)
    else:
        promise.set_result(done.result())
