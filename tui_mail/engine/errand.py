"""Letters carried without screens: through the same durable outbox, beside a program that may be running."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from tui_mail.backend.contract import Sender, Store, Trace
from tui_mail.config.settings import Account, Settings
from tui_mail.mime import build
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, Enclosure, Outgoing, Waiting
from tui_mail.model.errors import BadInput, MailError, StorageFailed, Uncertain

from . import schema
from .dialogues import Dialogues, Record
from .enclosures import octets_of
from .filing import Filed, file_in, mark_before, saves_sent, sent_folder
from .letters import Letter, Letters
from .lock import is_alive, owner
from .outcome import outcome_of
from .sealing import Sealing
from .work import Work

GRACE = 3.0
"""Seconds in which a server that files sent mail by itself has done so."""

Connect = Callable[[Account], Store]
Carry = Callable[[Account], Sender]


def send(
    settings: Settings,
    data: Path,
    account: Account,
    draft: Draft,
    *,
    connect: Connect,
    carry: Carry,
    trace: Trace | None,
    clock: Callable[[], float],
) -> None:
    """Returns when the server took the letter and its copy stands in Sent.

    Raises BadAddress, BadInput, RecipientsRefused, Refused, Offline, AuthFailed, TlsFailed (nothing was sent, and
    nothing will be), Uncertain (it may have gone out; the outbox says so), or a MailError that says that only the copy
    is missing (the program files it later).
    """
    outgoing = _built(settings, account, draft, clock())
    with _opened(data) as connection, closing(connect(account)) as store:
        _Errand(connection, account, store, clock).send(draft, outgoing, carry(account), trace)


def put_off(
    settings: Settings, data: Path, account: Account, draft: Draft, *, due: float, clock: Callable[[], float]
) -> Waiting:
    """Built and checked now, it goes at `due`, carried by whoever runs then. Raises what `send` raises before SMTP."""
    if not account.can_send:
        raise BadInput(f"The account {account.key} has no server that sends.")
    now = clock()
    outgoing = _built(settings, account, draft, now)
    with _opened(data) as connection:
        return Letters(connection).post(draft, outgoing, due=due, at=now, owner=owner())


def _built(settings: Settings, account: Account, draft: Draft, now: float) -> Outgoing:
    sealing = Sealing(settings.accounts)
    return build.build(
        draft,
        sender=Address(account.name, account.address),
        now=now,
        load=_load,
        wrap=sealing.wrap(draft, ask=True),
        autocrypt=lambda address: sealing.autocrypt(draft, address),
    )


def carry_on(
    settings: Settings,
    data: Path,
    *,
    connect: Connect,
    carry: Carry,
    clock: Callable[[], float],
    patience: float,
    told: Callable[[str], None],
) -> int:
    """Carries every letter that is due within `patience` seconds, files the copies, and ends; how many went out.

    For a process without screens. What fails stays in the outbox with the reason; `told` hears a sentence of each.
    """
    accounts = settings.accounts
    end = time.monotonic() + patience
    sent = 0
    with _opened(data) as connection, ExitStack() as stores:
        letters = Letters(connection)
        letters.adopt_orphans(is_alive)
        errands: dict[str, _Errand] = {}

        def errand(key: str) -> _Errand:
            if key not in errands:
                store = stores.enter_context(closing(connect(accounts[key])))
                errands[key] = _Errand(connection, accounts[key], store, clock)
            return errands[key]

        while True:
            letter = letters.claim(clock(), owner(), list(accounts))
            if letter is not None:
                sent += errand(letter.account).carry(letter, carry(accounts[letter.account]), told)
                continue
            due = letters.next_due(list(accounts))
            pause = 0.0 if due is None else due - clock()
            if due is None or pause > end - time.monotonic():
                break
            threading.Event().wait(pause)  # nobody ever sets it: the person is gone
        for id, key, holder in letters.to_file(list(accounts)):
            found = None if holder and is_alive(holder) else letters.letter(id)
            if found is not None:
                errand(key).file_later(found, told)
    return sent


def outbox(data: Path, now: float) -> tuple[list[Waiting], list[Waiting]]:
    """Letters that are not done, and those that were sent lately; both empty where nothing was ever sent from here."""
    if not (data / "work.db").exists():
        return [], []
    with _opened(data) as connection:
        letters = Letters(connection)
        return letters.waiting(), letters.recent(now)


def dialogues(data: Path, letter: int) -> list[tuple[float, list[str]]]:
    """(when, lines) of every try of a letter that is kept."""
    if not (data / "work.db").exists():
        return []
    with _opened(data) as connection:
        return Dialogues(connection).of(letter)


class _Errand:
    """What is done for the letters of one account, in this process and on this thread."""

    def __init__(
        self, connection: sqlite3.Connection, account: Account, store: Store, clock: Callable[[], float]
    ) -> None:
        self._letters = Letters(connection)
        self._work = Work(connection)
        self._dialogues = Dialogues(connection)
        self._account = account
        self._store = store
        self._clock = clock
        self._owner = owner()
        self._is_connected = False

    def send(self, draft: Draft, outgoing: Outgoing, sender: Sender, trace: Trace | None) -> None:
        """A letter that was written just now: it goes out, or it is as if it had never been in the outbox."""
        since = self._since()
        now = self._clock()
        row = self._letters.post(draft, outgoing, due=now, at=now, owner=self._owner, state="sending", copy_from=since)
        try:
            self._hand_over(row.id, outgoing, sender, trace)
        except Uncertain as error:
            self._letters.settle(row.id, "unknown", why=str(error))
            raise
        except MailError:
            self._letters.call_back(row.id, "sending")
            self._letters.discard(draft.id)  # whoever called knows that it did not go out, and has the text
            raise
        try:
            self._file(row.id, outgoing, since)
        except MailError as error:
            self._letters.settle(row.id, "sent", why=str(error))
            raise type(error)(
                f"The letter was sent, but its copy is not in Sent yet: {error.text}",
                remedy="tui-mail files it when it runs next.",
            ) from error
        self._letters.settle(row.id, "done")

    def carry(self, letter: Letter, sender: Sender, told: Callable[[str], None]) -> bool:
        """A letter of the outbox that this process has claimed; True when the server took it."""
        since = letter.since_uid or self._since()
        self._letters.expect_copy(letter.id, since)
        try:
            self._hand_over(letter.id, letter.outgoing, sender, None)
        except MailError as error:
            outcome = outcome_of(error, letter.tries)
            due = None if outcome.pause is None else self._clock() + outcome.pause
            self._letters.settle(letter.id, outcome.state, why=outcome.why, due=due, refused=outcome.refused)
            told(f"{_name(letter)}: {error}")
            return False
        told(f"{_name(letter)}: sent")
        self.file_later(replace(letter, since_uid=since), told)
        return True

    def file_later(self, letter: Letter, told: Callable[[str], None]) -> None:
        """Its copy; where that fails, whoever opens the outbox next sees to it."""
        try:
            self._file(letter.id, letter.outgoing, letter.since_uid)
        except MailError as error:
            self._is_connected = False
            self._letters.settle(letter.id, "sent", why=str(error))
            told(f"{_name(letter)}: its copy is not in Sent yet: {error}")
        else:
            self._letters.settle(letter.id, "done")

    def _hand_over(self, id: int, outgoing: Outgoing, sender: Sender, trace: Trace | None) -> None:
        record = Record()

        def heard(direction: str, text: str) -> None:
            record(direction, text)
            if trace is not None:
                trace(direction, text)

        def tell(done: int, total: int) -> None:
            if done == total:
                self._letters.hand_over(id)

        try:
            reply = sender.send(outgoing, tell, heard)
            self._letters.settle(id, "sent", sent_at=self._clock(), owner=self._owner, reply=reply)
        finally:
            self._dialogues.keep(id, record, self._clock())
            if sender.limit is not None:
                self._work.keep_limit(self._account.key, sender.limit)

    def _since(self) -> int:
        """Sent's UIDNEXT before SMTP; a mailbox that cannot be reached now does not hold up the letter."""
        try:
            self._connect()
            return mark_before(self._store, self._sent())
        except MailError:
            return 0

    def _connect(self) -> None:
        if not self._is_connected:
            self._store.connect()
            self._is_connected = True

    def _sent(self) -> bytes:
        return sent_folder(self._store, self._work.choices(self._account.key) | dict(self._account.folders))

    def _file(self, id: int, outgoing: Outgoing, since: int) -> None:
        self._connect()
        raw = self._sent()
        key = saves_sent(self._account.key)
        if self._work.note(key) is not False and not self._store.capabilities.saves_sent:
            self._store.open(raw)
            if not self._store.find(outgoing.message_id, max(1, since)):
                self._store.wait(GRACE)  # ends early when something arrives in Sent
        filed = file_in(*(self._store, raw, outgoing), since=since, before_append=lambda: self._letters.will_append(id))
        self._work.keep_note(key, filed is Filed.FOUND)


def _name(letter: Letter) -> str:
    return letter.outgoing.subject or letter.outgoing.recipients[0]


@contextmanager
def _opened(data: Path) -> Iterator[sqlite3.Connection]:
    """The durable file; what its disk refuses meanwhile is a StorageFailed."""
    connection = _open(data)
    try:
        yield connection
    except sqlite3.Error as error:
        raise StorageFailed(f"The outbox could not be written: {error}.") from error
    finally:
        connection.close()


def _open(data: Path) -> sqlite3.Connection:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = schema.connect(data / "work.db", durable=True)
        schema.prepare_work(connection, data / "work.db")
    except (sqlite3.Error, OSError) as error:
        raise StorageFailed(f"The outbox in {data} cannot be opened: {error}.") from error
    return connection


def _load(enclosure: Enclosure) -> bytes:
    return octets_of(enclosure.path, enclosure.name)
