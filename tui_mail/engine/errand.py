"""One letter sent from the shell: through the same durable outbox, beside a program that may be running."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tui_mail.backend.contract import Sender, Store, Trace
from tui_mail.config.settings import Account, Settings
from tui_mail.mime import build
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, Enclosure, Outgoing
from tui_mail.model.errors import BadInput, MailError, StorageFailed, Uncertain

from . import schema
from .filing import Filed, file_in, mark_before, saves_sent, sent_folder
from .letters import Letters
from .lock import owner
from .work import Work

GRACE = 3.0
"""Seconds in which a server that files sent mail by itself has done so."""


def send(
    settings: Settings,
    data: Path,
    account: Account,
    draft: Draft,
    *,
    connect: Callable[[Account], Store],
    carry: Callable[[Account], Sender],
    trace: Trace | None,
    clock: Callable[[], float],
) -> None:
    """Returns when the server took the letter and its copy stands in Sent.

    Raises BadAddress, BadInput, RecipientsRefused, Refused, Offline, AuthFailed, TlsFailed (nothing was sent, and
    nothing will be), Uncertain (it may have gone out; the outbox says so), or a MailError that says that only the copy
    is missing (the program files it later).
    """
    del settings  # the account says it all; the parameter is the place for what concerns every account
    now = clock()
    sender = Address(account.name, account.address)
    outgoing = build.build(draft, sender=sender, now=now, load=_load)
    connection = _open(data)
    try:
        store = connect(account)
        try:
            _Errand(Letters(connection), Work(connection), account, store, clock).run(
                draft, outgoing, carry(account), trace
            )
        finally:
            store.close()
    except sqlite3.Error as error:
        raise StorageFailed(f"The outbox could not be written: {error}.") from error
    finally:
        connection.close()


class _Errand:
    """The way of one letter."""

    def __init__(
        self, letters: Letters, work: Work, account: Account, store: Store, clock: Callable[[], float]
    ) -> None:
        self._letters = letters
        self._work = work
        self._account = account
        self._store = store
        self._clock = clock
        self._owner = owner()

    def run(self, draft: Draft, outgoing: Outgoing, sender: Sender, trace: Trace | None) -> None:
        since = self._since()
        now = self._clock()
        row = self._letters.post(draft, outgoing, due=now, at=now, owner=self._owner, state="sending", copy_from=since)
        try:
            sender.send(outgoing, trace=trace)
        except Uncertain as error:
            self._letters.settle(row.id, "unknown", why=str(error))
            raise
        except MailError:
            self._letters.call_back(row.id, "sending")
            self._letters.discard(draft.id)  # whoever called knows that it did not go out, and has the text
            raise
        self._letters.settle(row.id, "sent", sent_at=self._clock(), owner=self._owner)
        try:
            self._file(row.id, outgoing, since)
        except MailError as error:
            self._letters.settle(row.id, "sent", why=str(error))
            raise type(error)(
                f"The letter was sent, but its copy is not in Sent yet: {error.text}",
                remedy="tui-mail files it when it runs next.",
            ) from error
        self._letters.settle(row.id, "done")

    def _since(self) -> int:
        """Sent's UIDNEXT before SMTP; a mailbox that cannot be reached now does not hold up the letter."""
        try:
            self._store.connect()
            return mark_before(self._store, self._sent())
        except MailError:
            return 0

    def _sent(self) -> bytes:
        return sent_folder(self._store, self._work.choices(self._account.key) | dict(self._account.folders))

    def _file(self, id: int, outgoing: Outgoing, since: int) -> None:
        if not since:
            self._store.connect()
        raw = self._sent()
        key = saves_sent(self._account.key)
        if self._work.note(key) is not False and not self._store.capabilities.saves_sent:
            self._store.open(raw)
            if not self._store.find(outgoing.message_id, max(1, since)):
                self._store.wait(GRACE)  # ends early when something arrives in Sent
        filed = file_in(*(self._store, raw, outgoing), since=since, before_append=lambda: self._letters.will_append(id))
        self._work.keep_note(key, filed is Filed.FOUND)


def _open(data: Path) -> sqlite3.Connection:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = schema.connect(data / "work.db", durable=True)
        schema.prepare_work(connection, data / "work.db")
    except (sqlite3.Error, OSError) as error:
        raise StorageFailed(f"The outbox in {data} cannot be opened: {error}.") from error
    return connection


def _load(enclosure: Enclosure) -> bytes:
    try:
        return Path(enclosure.path).read_bytes()
    except OSError as error:
        raise BadInput(f"{enclosure.name or enclosure.path} cannot be read: {error.strerror}.") from error
