"""The contract in its plainest form: a store that keeps mail in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tui_mail.mime.parse import encoded
from tui_mail.model.condition import Condition
from tui_mail.model.errors import NotFound, Offline, Refused, Unsupported
from tui_mail.model.message import DELETED, Flags

from .contract import (
    Capabilities,
    Heard,
    Known,
    Moved,
    RemoteFolder,
    RemoteMessage,
    Selected,
    Status,
    Tell,
    Uids,
)
from .looking import look_through
from .memory_mailbox import LOST, MemoryFolder, MemoryMailbox, tell_all

__all__ = ["FULL", "PLAIN", "MemoryMailbox", "MemoryStore"]

FULL = Capabilities(move=True, uidplus=True, condstore=True, idle=True)
"""What most servers can; QRESYNC is added by whoever wants it."""
PLAIN = Capabilities()
"""The poorest server that RFC 3501 allows."""
_WINDOW = 100


class MemoryStore:
    """Implements Store over a MemoryMailbox, with as much or as little as `capabilities` says.

    A verb that raises Offline ends the connection, as it would be on the wire; `connect` begins anew.
    """

    def __init__(self, mailbox: MemoryMailbox, capabilities: Capabilities = FULL) -> None:
        self._mailbox = mailbox
        self._capabilities = capabilities
        self._born = -1
        self._connected = False
        self._open: MemoryFolder | None = None
        self._heard = 0
        self._woken = False
        self._closes = 0

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    # --- the connection

    def connect(self) -> None:
        mailbox = self._mailbox
        with mailbox.changed:
            closes = self._closes
            drops = mailbox.drops
            self._connected = False
            self._open = None
        mailbox.enter("connect", "", lambda: self._closes == closes and mailbox.drops == drops)
        with mailbox.changed:
            if self._closes != closes:
                raise Offline(LOST)
            self._connected = True
            self._born = drops
            self._woken = False
        self._leave("connect")

    def close(self) -> None:
        with self._mailbox.changed:
            self._connected = False
            self._open = None
            self._closes += 1
            self._mailbox.changed.notify_all()

    def wake(self) -> None:
        with self._mailbox.changed:
            self._woken = True
            self._mailbox.changed.notify_all()

    def _is_alive(self) -> bool:
        return self._connected and self._born == self._mailbox.drops

    def _leave(self, verb: str) -> None:
        self._mailbox.leave(verb)
        if not self._is_alive():
            self._connected = False
            raise Offline(LOST)

    @contextmanager
    def _verb(self, verb: str, words: str = "") -> Iterator[MemoryMailbox]:
        """Passes the gate, holds the lock while the verb works, and runs the hooks."""
        try:
            self._mailbox.enter(verb, words, self._is_alive)
        except Offline:
            self._connected = False
            raise
        with self._mailbox.changed:
            yield self._mailbox
            self._mailbox.changed.notify_all()
        self._leave(verb)

    def _folder(self) -> MemoryFolder:
        """The open folder, as long as the server still has the very same one."""
        folder = self._open
        if folder is None:
            raise NotFound("No folder is open.")
        current = self._mailbox.folders.get(folder.name)
        if current is None:
            self._open = None
            raise NotFound(f"The folder {folder.name} is gone.")
        if current is not folder:
            self._connected = False
            raise Offline(f"The server closed the connection: {folder.name} was rebuilt.")
        return folder

    @contextmanager
    def _changing(self, folder: MemoryFolder) -> Iterator[None]:
        """Our own changes are no news to us; what came before them still is."""
        had_news = folder.modseq > self._heard
        yield
        if not had_news:
            self._heard = folder.modseq

    def forgo_notify(self) -> None:
        pass  # nothing is promised here

    def heard(self) -> Heard:
        return Heard()

    # --- folders

    def folders(self) -> list[RemoteFolder]:
        with self._verb("folders") as mailbox:
            return [
                RemoteFolder(name.encode(), name, "/", folder.role, status=folder.status(self._capabilities))
                for name, folder in mailbox.folders.items()
            ]

    def status(self, raw: bytes) -> Status:
        with self._verb("status", raw.decode()) as mailbox:
            return mailbox.folder(raw.decode()).status(self._capabilities)

    def create(self, name: str) -> bytes:
        with self._verb("create", name) as mailbox:
            mailbox.create(name)
            return name.encode()

    def rename(self, raw: bytes, name: str) -> bytes:
        with self._verb("rename", f"{raw.decode()} {name}") as mailbox:
            mailbox.folder(raw.decode())
            if name in mailbox.folders:
                raise Refused(f"There is a folder “{name}” already.")
            mailbox.rename_folder(raw.decode(), name)
            return name.encode()

    def delete(self, raw: bytes) -> None:
        with self._verb("delete", raw.decode()) as mailbox:
            mailbox.folder(raw.decode())
            mailbox.remove_folder(raw.decode())

    def subscribe(self, raw: bytes, on: bool) -> None:
        with self._verb("subscribe", raw.decode()) as mailbox:
            mailbox.folder(raw.decode())

    def open(self, raw: bytes, known: Known | None = None, *, read_only: bool = False) -> Selected:
        with self._verb("open", raw.decode()) as mailbox:
            self._open = None
            folder = self._open = mailbox.folder(raw.decode())
            self._heard = folder.modseq
            can = self._capabilities
            resynced = can.qresync and known is not None and known.modseq > 0
            since = known.modseq if resynced and known and known.uidvalidity == folder.uidvalidity else None
            return Selected(
                folder.uidvalidity,
                folder.uidnext,
                len(folder.messages),
                folder.modseq if can.condstore else None,
                read_only=read_only or folder.read_only,
                keywords=can.keywords,
                vanished=() if since is None else tuple(sorted(uid for when, uid in folder.gone if when > since)),
                changed=()
                if since is None
                else tuple((uid, kept.flags) for uid, kept in folder.messages.items() if kept.modseq > since),
                resynced=since is not None,
            )

    # --- reading

    def newest(self, count: int) -> list[RemoteMessage]:
        with self._verb("newest", str(count)):
            kept = list(self._folder().messages.values())
            return [one.remote for one in kept[-count:]] if count > 0 else []

    def headers(self, uids: Uids) -> Iterator[RemoteMessage]:
        wanted = sorted(set(uids))
        for start in range(0, len(wanted), _WINDOW):
            window = wanted[start : start + _WINDOW]
            with self._verb("headers", _spell(window)):
                held = self._folder().messages
                found = [held[uid].remote for uid in window if uid in held]
            yield from found

    def headers_from(self, uid: int) -> Iterator[RemoteMessage]:
        with self._verb("headers_from", str(uid)):
            found = [kept.remote for kept in self._folder().between(uid, None)]
        yield from found

    def uids(self, low: int = 1, high: int | None = None) -> set[int]:
        with self._verb("uids", f"{low}:{high or '*'}"):
            return {kept.uid for kept in self._folder().between(low, high)}

    def count(self, low: int = 1) -> int:
        with self._verb("count", f"{low}:*"):
            return len(self._folder().between(low, None))

    def flags(self, low: int, high: int | None = None) -> dict[int, Flags]:
        with self._verb("flags", f"{low}:{high or '*'}"):
            return {kept.uid: kept.flags for kept in self._folder().between(low, high)}

    def changed_since(self, low: int, modseq: int) -> dict[int, Flags]:
        if not self._capabilities.condstore:
            raise Unsupported("The server does not keep a count of changes (CONDSTORE).")
        with self._verb("changed_since", f"{low}:* {modseq}"):
            return {kept.uid: kept.flags for kept in self._folder().between(low, None) if kept.modseq > modseq}

    def fetch(self, uid: int, tell: Tell | None = None) -> bytes:
        with self._verb("fetch", str(uid)):
            kept = self._folder().messages.get(uid)
            if kept is None:
                raise NotFound("The message is no longer on the server.")
        tell_all(tell, len(kept.raw))
        return kept.raw

    def letters(self, uids: Uids) -> Iterator[tuple[int, bytes]]:
        for uid in uids:
            try:
                yield uid, self.fetch(uid)
            except NotFound:
                continue  # gone meanwhile

    def part(self, uid: int, number: str, tell: Tell | None = None) -> bytes:
        return encoded(self.fetch(uid, tell), number)

    def identity(self, uids: Uids) -> dict[int, tuple[str, int]]:
        with self._verb("identity", _spell(uids)):
            held = self._folder().messages
            return {uid: (held[uid].message_id, len(held[uid].raw)) for uid in uids if uid in held}

    def search(self, condition: Condition, now: float) -> list[int]:
        with self._verb("search", str(condition)):
            held = [(kept.uid, kept.raw, kept.flags, kept.date) for kept in self._folder().between(1, None)]
        return look_through(held, condition, now)

    def find(self, message_id: str, since_uid: int = 1) -> list[int]:
        with self._verb("find", f"{message_id} {since_uid}"):
            return [kept.uid for kept in self._folder().between(since_uid, None) if kept.message_id == message_id]

    # --- changing

    def store(self, uids: Uids, add: Flags = frozenset(), remove: Flags = frozenset()) -> None:
        words = " ".join(["+" + flag for flag in sorted(add)] + ["-" + flag for flag in sorted(remove)])
        with self._verb("store", f"{_spell(uids)} {words}"):
            folder = self._writable()
            if not self._capabilities.keywords:
                add = frozenset(flag for flag in add if flag.startswith("\\"))
            with self._changing(folder):
                for uid in uids:
                    folder.flag(uid, add, remove)

    def move(self, uids: Uids, target: bytes) -> Moved:
        can = self._capabilities
        with self._verb("move", f"{_spell(uids)} {target.decode()}") as mailbox:
            folder = self._writable()
            there = self._target(target)
            pairs = []
            with self._changing(folder):
                for uid in [uid for uid in uids if uid in folder.messages]:
                    kept = folder.messages[uid]
                    pairs.append((uid, there.put(kept.raw, kept.flags, kept.date)))
                    if can.move or can.uidplus:
                        folder.take(uid)
                    else:
                        folder.flag(uid, {DELETED}, ())
            mailbox.changed.notify_all()
            return Moved(there.uidvalidity, tuple(pairs)) if can.uidplus else Moved()

    def copy(self, uids: Uids, target: bytes) -> Moved:
        with self._verb("copy", f"{_spell(uids)} {target.decode()}") as mailbox:
            folder, there = self._folder(), self._target(target)
            copied = [folder.messages[uid] for uid in uids if uid in folder.messages]
            mailbox.check_quota(sum(len(kept.raw) for kept in copied))
            pairs = tuple((kept.uid, there.put(kept.raw, kept.flags, kept.date)) for kept in copied)
            return Moved(there.uidvalidity, pairs) if self._capabilities.uidplus else Moved()

    def expunge(self, uids: Uids) -> None:
        with self._verb("expunge", _spell(uids)):
            folder = self._writable()
            with self._changing(folder):
                for uid in uids:
                    folder.flag(uid, {DELETED}, ())
                    if self._capabilities.uidplus:
                        folder.take(uid)

    def append(self, raw: bytes, message: bytes, flags: Flags = frozenset(), date: int | None = None) -> int | None:
        with self._verb("append", raw.decode()) as mailbox:
            there = self._target(raw)
            mailbox.check_quota(len(message))
            uid = mailbox.add(there.name, message, flags, date)
            return uid if self._capabilities.uidplus else None

    def _writable(self) -> MemoryFolder:
        folder = self._folder()
        if folder.read_only:
            raise Refused(f"The server lets {folder.name} only be read.", code="READ-ONLY")
        return folder

    def _target(self, raw: bytes) -> MemoryFolder:
        folder = self._mailbox.folders.get(raw.decode())
        if folder is None:
            raise Refused(f"The server has no folder {raw.decode()}.", code="TRYCREATE")
        return folder

    # --- news

    def wait(self, seconds: float) -> bool:
        with self._verb("wait"):
            self._folder()
        mailbox = self._mailbox
        with mailbox.changed:
            try:
                mailbox.changed.wait_for(lambda: self._woken or not self._is_alive() or self._has_news(), seconds)
                if not self._is_alive():
                    self._connected = False
                    raise Offline(LOST)
                news = self._has_news()
                if news:
                    self._heard = self._folder().modseq
                return news
            finally:
                self._woken = False

    def _has_news(self) -> bool:
        return not self._mailbox.is_held and self._folder().modseq > self._heard

    def noop(self) -> None:
        with self._verb("noop"):
            pass


def _spell(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))
