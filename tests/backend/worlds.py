"""The mailboxes that the contract is tried on: one shape for memory, the demo server and Dovecot."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.private_dovecot import Dovecot
from tests.servers import demo_account
from tui_mail.backend.contract import Capabilities, Store
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.memory import MemoryMailbox, MemoryStore
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Security
from tui_mail.demo.server import Server as DemoServer
from tui_mail.model.message import Flags

POLL = 0.05
"""Seconds between two looks where there is no IDLE; a person would wait a minute."""


@dataclass(frozen=True, slots=True)
class Held:
    """A message as somebody else's client sees it."""

    uid: int
    flags: Flags
    raw: bytes


class World(Protocol):
    """A fresh mailbox with the usual folders, and another client that works on it at the same time."""

    name: str

    def store(self) -> Store: ...

    def add(self, folder: str, raw: bytes, flags: Iterable[str] = (), date: int | None = None) -> int: ...

    def flag(self, folder: str, uid: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None: ...

    def remove(self, folder: str, uid: int) -> None: ...

    def held(self, folder: str) -> list[Held]:
        """Rising uids."""
        ...

    def close(self) -> None: ...


class MemoryWorld:
    """The reference."""

    def __init__(self, capabilities: Capabilities) -> None:
        self.name = "memory"
        self.mailbox = MemoryMailbox()
        self.add = self.mailbox.add
        self.flag = self.mailbox.flag
        self.remove = self.mailbox.remove
        self._capabilities = capabilities

    def store(self) -> Store:
        return MemoryStore(self.mailbox, self._capabilities)

    def held(self, folder: str) -> list[Held]:
        return [Held(kept.uid, kept.flags, kept.raw) for kept in self.mailbox.messages(folder)]

    def close(self) -> None:
        self.mailbox.drop()


class DemoWorld:
    """The demo server; the other client reaches into its mailbox."""

    def __init__(self, server: DemoServer, security: Security = "none") -> None:
        self.name = "demo"
        self.server = server
        self._account = demo_account(server, security)

    def store(self) -> Store:
        return ImapStore(self._account, lambda: Secret("demo"), timeout=5, poll=POLL)

    def add(self, folder: str, raw: bytes, flags: Iterable[str] = (), date: int | None = None) -> int:
        return self.server.mailbox.put(raw, folder, flags, date)

    def flag(self, folder: str, uid: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        self.server.mailbox.flag(folder, [uid], add, remove)

    def remove(self, folder: str, uid: int) -> None:
        self.server.mailbox.remove(folder, [uid])

    def held(self, folder: str) -> list[Held]:
        mailbox = self.server.mailbox
        with mailbox.lock:
            return [Held(uid, mailbox.flags_of(folder, uid), mailbox.raw(folder, uid)) for uid in mailbox.uids(folder)]

    def close(self) -> None:
        self.server.stop()  # at once: the fixture does it later and finds nothing left


class DovecotWorld:
    """A user of a real server; the other client is the standard library's."""

    def __init__(self, dovecot: Dovecot, account: Account) -> None:
        self.name = "dovecot"
        self._dovecot = dovecot
        self._account = account
        self._client = dovecot.other_client(account)

    def store(self) -> Store:
        return ImapStore(self._account, self._dovecot.secret, timeout=10, poll=POLL)

    def add(self, folder: str, raw: bytes, flags: Iterable[str] = (), date: int | None = None) -> int:
        when = imaplib.Time2Internaldate(time.time() if date is None else date)
        done(self._client.append(folder, f"({' '.join(flags)})", when, raw))
        return self.held(folder)[-1].uid

    def flag(self, folder: str, uid: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        done(self._client.select(folder))
        for sign, flags in (("+", list(add)), ("-", list(remove))):
            if flags:
                done(self._client.uid("STORE", str(uid), f"{sign}FLAGS.SILENT", f"({' '.join(flags)})"))
        done(self._client.unselect())

    def remove(self, folder: str, uid: int) -> None:
        self.flag(folder, uid, add={"\\Deleted"})
        done(self._client.select(folder))
        done(self._client.uid("EXPUNGE", str(uid)))
        done(self._client.unselect())

    def held(self, folder: str) -> list[Held]:
        done(self._client.select(folder, readonly=True))
        answer = done(self._client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])"))
        done(self._client.unselect())
        found = []
        for piece in answer:
            if isinstance(piece, tuple):
                head = piece[0].decode()
                uid, flags = re.search(r"UID (\d+)", head), re.search(r"FLAGS \(([^)]*)\)", head)
                if uid is None or flags is None:
                    raise ValueError(f"not a FETCH answer of Dovecot: {head}")
                found.append(Held(int(uid[1]), frozenset(flags[1].split()) - {"\\Recent"}, piece[1]))
        return sorted(found, key=lambda held: held.uid)

    def close(self) -> None:
        self._client.logout()


Answer = bytes | tuple[bytes, bytes] | None


def done(answer: tuple[str, Sequence[Answer]]) -> Sequence[Answer]:
    """The data of an answer; raises where the other client itself failed."""
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"the other client failed: {status} {data!r}")
    return data
