"""The engine's one door: what the screens may ask, command and hear."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from tui_mail.backend.contract import Sender, Store
from tui_mail.backend.transcript import Transcript
from tui_mail.backend.web import Web
from tui_mail.config.credentials import Credentials
from tui_mail.config.settings import Account, Settings
from tui_mail.model.draft import Draft
from tui_mail.model.errors import MailError, NotFound, StorageFailed
from tui_mail.model.event import (
    Arrived,
    Changed,
    Connection,
    DraftChanged,
    Event,
    Failed,
    FoldersChanged,
    Noticed,
    Sent,
    Unsaved,
)
from tui_mail.model.message import Message, MessageId

from .accounts import Accounts
from .actions import Actions
from .alarm import Alarm
from .beside import Beside
from .books import Books
from .bounces import Bounces
from .brake import Brake
from .browsing import Browsing
from .contacts import Contacts
from .correspondence import Correspondence
from .deferral import Deferral
from .deferring import Deferring
from .doing import Doing
from .drafts_elsewhere import Drafting
from .examiner import Examiner
from .folder_changes import FolderChanges
from .health import examine, index_damaged, of_the_disk
from .leaving import Leaving
from .limits import Limits
from .lock import Lock
from .mounts import ON_NETWORK, SHARED, SHARED_REMEDY, network
from .opener import Here, Opener
from .overlay import Overlay
from .painter import Painter
from .posting import Posting
from .reaching import Reaching
from .reader import Reader
from .sealing import Sealing
from .searches import Searches
from .shaping import Shaping
from .shelf import Shelf
from .unsealing import Unsealing
from .viewing import Viewing
from .views import Views
from .windows import Windows
from .writer import Writer

T = TypeVar("T")


class Mail(Viewing, Doing, Reaching, Posting, Unsealing, Deferring, Shaping, Browsing):
    """Mail as the screens know it. Reads and commands return at once; what takes time is a Future.

    `listen` hears every Event, from any thread. Nothing here waits for the network.
    """

    def __init__(
        self,
        settings: Settings,
        data: Path,
        *,
        connect: Callable[[Account], Store],
        carry: Callable[[Account], Sender],
        credentials: Credentials,
        clock: Callable[[], float] = time.time,
        grace: float = 3.0,
        web: Web | None = None,
        passing: Callable[[str], None] = lambda step: None,
        opener: Opener | None = None,
        transcript: Transcript | None = None,
        network: Callable[[Path], str] = network,
    ) -> None:
        """`data` holds work.db, mail.db and the lock (0700, made if missing). `grace`: the seconds that a server has
        for filing a sent letter by itself, until it is known whether it does. `passing`: see Outbox. `opener` takes
        letters apart: a Workshop, or Here. `network` says which kind of network disk `data` lies on, or nothing."""
        self.settings = settings
        self.transcript = transcript or Transcript()
        """What is said with the servers; any thread may read it."""
        self.read_only = False
        self.is_unsaved = False
        """The disk takes nothing: what is typed and done is in memory alone."""
        self._data = data
        self._connect = connect
        self._carry = carry
        self._credentials = credentials
        self._clock = clock
        self._grace = grace
        self._passing = passing
        self._opener = opener or Here()
        self._listen: Callable[[Event], None] = _nobody
        self._lock = Lock(data)
        self._overlay = Overlay()
        self._rest = threading.Condition()
        self._reader = Reader(self._rested)
        self._lister = Reader(self._rested)
        self._web = web or Web()
        self._network = network

    # --- its life

    def start(self, listen: Callable[[Event], None]) -> None:
        """Opens the files and starts the threads. Raises StorageFailed where the files cannot be used."""
        self._listen = listen
        self._open()
        self._make_readers()
        self._make_doers()
        self._make_correspondence()
        self._actions.load()
        self.views.load()
        self._reader.start()
        self._lister.start()
        self.contacts.start()
        self._searches.start()
        if self.read_only:
            known = self._windows.folder_accounts
            self._beside: Beside | None = Beside(
                self._data, self._lock, folders=known, tell=self._tell, take_over=self._take_over
            )
        else:
            self._beside = None
            self._examined = examine(self._data, self._failed) if self._lock.was_left else None
            self._keep_up()

    def _open(self) -> None:
        """Takes the lock and opens the files; says what had to be mended."""
        try:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.read_only = not self._lock.take()
        except OSError as error:
            raise of_the_disk(error, f"{error.filename or self._data} cannot be written") from error
        disk = self._network(self._data.resolve())
        if disk and self.read_only:
            raise StorageFailed(SHARED.format(disk), remedy=SHARED_REMEDY)
        self._writer = Writer(self._data, self._rested, self._failed, unsaved=self._unsaved, read_only=self.read_only)
        try:
            self._writer.start()
        except MailError:
            self._lock.drop()
            raise
        if disk and not self.read_only:
            self._writer.do(lambda books: self._tell_of(disk, books))
        if (aside := self._writer.aside) is not None:
            self._tell(Noticed(aside.words))
            if aside.rescued is not None:
                self._tell(Noticed(aside.rescued.words))
        if self._writer.salvaged:
            self._tell(Noticed(self._writer.salvaged))

    def _tell_of(self, disk: str, books: Books) -> None:
        """Once: two machines must not write these files at the same time."""
        if not books.work.note("network disk"):
            books.work.keep_note("network disk", True)
            self._tell(Noticed(ON_NETWORK.format(disk)))

    def _make_readers(self) -> None:
        """What reads, and the accounts that it is read from."""
        keys = tuple(self.settings.accounts)
        windows = partial(Windows, self._data, self._overlay, lambda: keys, clock=self._clock)
        self._windows = windows()
        self._behind = windows(patient=True, cache=4_000)
        self._searches = Searches(windows(patient=True), self._rested)
        self._accounts = Accounts(
            self._writer,
            self._windows,
            tell=self._tell,
            clock=self._clock,
            rested=self._rested,
            passing=self._passing,
            parse=self._opener.parse,
        )
        self._shelf = Shelf(self._reader, self._windows, rows=self.rows, session=self._accounts.session)
        self.examiner = Examiner(self._data, self._reader, self.settings.accounts, self._clock, self._opener.parse)
        self.painter = Painter(self._writer.hush.heed)
        self._bounces = Bounces(self._writer, self._reader, self.raw, tell=self._tell)

    def _make_doers(self) -> None:
        """What does something to messages and folders, because the person says so or its time has come."""
        self._actions = Actions(
            self._writer,
            self._overlay,
            self._windows,
            tell=self._tell,
            owe=self._accounts.owe,
            clock=self._clock,
            read_only=self.read_only,
        )
        self._deferral = Deferral(
            self._writer,
            self._windows,
            self._actions,
            written=[one.rule for one in self.settings.rules.values()],
            clock=self._clock,
            tell=self._tell,
            awaits_text=self.settings.sync.keep != "headers",
        )
        self._alarm = Alarm(self._deferral.ring, clock=self._clock, rested=self._rested, failed=self._failed)
        self.brake = Brake(self._writer, self._windows, tell=self._tell, look=self.refresh)
        self._leaving = Leaving(self._writer, self._web, tell=self._tell, clock=self._clock)
        self.shelves = FolderChanges(self._windows, self._accounts)
        self.views = Views(self._writer, self.settings.views)

    def _make_correspondence(self) -> None:
        """What writes letters: how they are sealed, where drafts are kept, to whom one writes."""
        self.sealing = Sealing(self.settings.accounts)
        self._letters = Correspondence(
            self.settings.accounts,
            self._writer,
            self._reader,
            self._windows,
            tell=self._tell,
            clock=self._clock,
            look=self._accounts.look,
            sealing=self.sealing,
        )
        self.limits = Limits(self.settings.accounts, self._writer, self._windows, self._carry)
        self.drafting = Drafting(
            self._data,
            self._writer,
            self._reader,
            self._windows,
            self._letters,
            self._accounts,
            to_servers=self.settings.compose.server_drafts,
            read_only=self.read_only,
        )
        self.contacts = Contacts(
            self._writer,
            clock=self._clock,
            own=[one for account in self.settings.accounts.values() for one in account.addresses],
            query_command=self.settings.compose.query_command,
            read_only=self.read_only,
        )

    def _keep_up(self) -> None:
        """This process is the one that syncs and pays debts."""
        self._writer.do(lambda books: books.tidy(self._clock()))
        self._leaving.load()
        self._alarm.start()
        self._accounts.start(
            self.settings.accounts,
            self._actions,
            connect=self._connect,
            carry=self._carry,
            keep=self.settings.sync.keep,
            grace=self._grace,
        )

    def attend(self) -> None:
        """Called now and then: a program that may only read follows the other one, and takes over when that ends."""
        beside = self._beside
        if beside is not None and self._lister.is_idle:
            self._lister.do(lambda: self._attend(beside))

    def _attend(self, beside: Beside) -> None:
        try:
            if beside.look():
                self._beside = None
        except MailError as error:
            self._beside = None
            self._failed(error)

    def _take_over(self) -> None:
        if self._writer.reopen().result():
            raise index_damaged()
        self._actions.allow()
        self.contacts.allow()
        self.read_only = False
        self._keep_up()
        self._tell(Noticed("The other tui-mail has ended; this one keeps the mail now."))
        for account in self.settings.accounts:
            self._tell(FoldersChanged(account))

    def close(self, timeout: float = 1.0) -> None:
        """Writes what was typed, cuts the sockets and returns within `timeout`."""
        deadline = time.monotonic() + timeout
        self._listen = _nobody
        self._writer.hurry()
        self._leaving.close()
        self._alarm.close(timeout / 10)
        # A letter that is just going out gets most of the time to hear its answer.
        ended = self._accounts.close(deadline - timeout / 3)
        ended = self._reader.close(max(0.0, deadline - time.monotonic()) / 2) and ended
        if self._lister.close(max(0.0, deadline - time.monotonic()) / 2):
            self._behind.close()
            if self._beside is not None:
                self._beside.close()
        self.contacts.close(max(0.0, deadline - time.monotonic()) / 2)
        self._searches.close(max(0.0, deadline - time.monotonic()) / 2)
        self._writer.close(max(0.0, deadline - time.monotonic()))
        if ended:  # else the one that is left may still look something up
            self._windows.close()
            self.examiner.close()
        self._lock.drop()

    # --- asked and awaited

    def take_apart(self, raw: bytes) -> Future[Message]:
        """A letter that came with another, opened."""
        return self._reader.do(lambda: self._opener.parse(raw))

    def aside(self, job: Callable[[], T]) -> Future[T]:
        """A short job of the screens that would hold them up: what files say, where they are put."""
        return self._lister.do(job)

    def resume(self, id: MessageId) -> Future[Draft]:
        """A letter of the Drafts folder, whoever began it, to be written on. NotFound, Offline."""
        row = self.rows([id])[0]
        if row is None:
            raise NotFound("The message is gone.")
        return self.drafting.resume(row, self.raw(id), self.settings.accounts[row.account])

    def settled(self, timeout: float = 30.0) -> bool:
        """For tests: waits until all is on disk, and told to every server that can be reached."""
        self._writer.hurry()
        with self._rest:
            return self._rest.wait_for(self._is_settled, timeout)

    # --- inside

    def _is_settled(self) -> bool:
        self._writer.hasten()  # also what came by `later` since
        idle = self._writer.is_idle and not len(self._overlay) and self._reader.is_idle and self._lister.is_idle
        idle = idle and self._searches.is_idle and self._alarm.is_idle
        return idle and self._accounts.is_idle and self._writer.is_idle

    def _rested(self) -> None:
        with self._rest:
            self._rest.notify_all()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Sent | FoldersChanged):
            self.contacts.sent()
        if isinstance(event, Sent | DraftChanged | Connection):
            self.drafting.followed(event)
        if isinstance(event, Changed) and not event.own:
            self._alarm.look()
        if isinstance(event, Arrived) and not self.read_only:
            self._bounces.consider(event.rows)
        self._listen(event)

    def _failed(self, error: MailError) -> None:
        self._tell(Failed(error))

    def _unsaved(self, error: StorageFailed | None) -> None:
        self.is_unsaved = error is not None
        if error is not None:
            self._failed(error)
        self._tell(Unsaved(error.text if error is not None else ""))


def _nobody(event: Event) -> None:
    """Nobody listens yet, or any more."""
