"""The mailboxes that the contract is tried on: one shape for memory, files, the demo server and Dovecot."""

from __future__ import annotations

import imaplib
import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.private_dovecot import Dovecot
from tests.servers import demo_account
from tui_mail.backend.contract import Capabilities, Store
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.maildir.folder import Folder
from tui_mail.backend.maildir.letters import as_wire
from tui_mail.backend.maildir.register import Kept, Register
from tui_mail.backend.maildir_store import MaildirStore
from tui_mail.backend.memory import MemoryMailbox, MemoryStore
from tui_mail.backend.memory_mailbox import USUAL
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Security
from tui_mail.demo.server import Server as DemoServer
from tui_mail.model.message import ANSWERED, DELETED, DRAFT, FLAGGED, FORWARDED, SEEN, Flags

LETTERS = {"D": DRAFT, "F": FLAGGED, "P": FORWARDED, "R": ANSWERED, "S": SEEN, "T": DELETED}
"""What Maildir's letters mean, written down a second time: the code is compared with this."""
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
        self.account = account
        self._client = dovecot.other_client(account)

    def store(self) -> Store:
        return ImapStore(self.account, self._dovecot.secret, timeout=10, poll=POLL)

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


class MaildirWorld:
    """Files in folders; the other client is a program like fdm or mbsync, which knows nothing of uids."""

    def __init__(self, root: Path, layout: str = "plus") -> None:
        self.name = f"maildir, {layout}"
        self.root = root
        self._list = root.parent / "maildir.db"
        self._is_plus = layout == "plus"
        self._count = 0
        for name in USUAL:
            for each in ("cur", "new", "tmp"):
                (self.path(name) / each).mkdir(parents=True)

    def path(self, folder: str) -> Path:
        if self._is_plus:
            return self.root if folder == "INBOX" else self.root / f".{folder}"
        return self.root / folder

    def store(self) -> Store:
        return MaildirStore(self.root, self._list, poll=POLL)

    def add(self, folder: str, raw: bytes, flags: Iterable[str] = (), date: int | None = None) -> int:
        """As most programs do, with LF; into new/ where it has no flags."""
        self._count += 1
        name = f"1700000000.M{self._count:06}.other"
        info = "".join(sorted(letter for letter, flag in LETTERS.items() if flag in set(flags)))
        path = self.path(folder) / (f"cur/{name}:2,{info}" if info else f"new/{name}")
        path.write_bytes(raw.replace(b"\r\n", b"\n") if self._is_plus else raw)
        if date is not None:
            os.utime(path, (date, date))
        return next(uid for uid, at in self._numbered(folder).items() if at.name.startswith(name))

    def flag(self, folder: str, uid: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        path = self._numbered(folder)[uid]
        base, _, info = path.name.partition(":2,")
        wanted = ({LETTERS[letter] for letter in info} | set(add)) - set(remove)
        letters = "".join(sorted(letter for letter, flag in LETTERS.items() if flag in wanted))
        path.rename(self.path(folder) / "cur" / f"{base}:2,{letters}")

    def remove(self, folder: str, uid: int) -> None:
        self._numbered(folder)[uid].unlink()

    def held(self, folder: str) -> list[Held]:
        found = []
        for kept in self._kept(folder):
            try:
                raw = (self.path(folder) / os.fsdecode(kept.name)).read_bytes()
            except FileNotFoundError:
                continue  # the program took or renamed it just now
            found.append(Held(kept.uid, kept.flags, as_wire(raw)))
        return found

    def _numbered(self, folder: str) -> dict[int, Path]:
        return {kept.uid: self.path(folder) / os.fsdecode(kept.name) for kept in self._kept(folder)}

    def _kept(self, folder: str) -> list[Kept]:
        register = Register(self._list, os.fsencode(self.root))
        try:
            here = Folder(register, folder.encode(), os.fsencode(self.path(folder))).look()
            return register.between(here.id, 1)
        finally:
            register.close()

    def close(self) -> None:
        pass


Answer = bytes | tuple[bytes, bytes] | None


def done(answer: tuple[str, Sequence[Answer]]) -> Sequence[Answer]:
    """The data of an answer; raises where the other client itself failed."""
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"the other client failed: {status} {data!r}")
    return data
