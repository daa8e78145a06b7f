"""A mailbox in memory, as a server would hold it, with a gate, refusals and hooks for whoever plays the network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from threading import Condition

from tui_mail.mime.facts import facts
from tui_mail.model.draft import Outgoing
from tui_mail.model.errors import MailError, NotFound, Offline, Refused
from tui_mail.model.folder import Role
from tui_mail.model.message import SEEN, Flags

from .contract import Capabilities, RemoteMessage, Status, Tell

USUAL: dict[str, Role] = {
    "INBOX": Role.INBOX,
    "Archive": Role.ARCHIVE,
    "Drafts": Role.DRAFTS,
    "Sent": Role.SENT,
    "Junk": Role.JUNK,
    "Trash": Role.TRASH,
}
_CHUNK = 65536
LOST = "The connection to the mailbox was lost."


@dataclass(frozen=True, slots=True)
class Kept:
    """One message of one folder."""

    uid: int
    raw: bytes
    flags: Flags
    date: int
    """When the server took it, seconds since 1970 UTC."""
    modseq: int

    @property
    def header(self) -> bytes:
        """The block before the first empty line, that line included."""
        for end in (b"\r\n\r\n", b"\n\n"):
            head, found, _ = self.raw.partition(end)
            if found:
                return head + end
        return self.raw

    @property
    def message_id(self) -> str:
        """As every reader of ours finds it; empty where there is none."""
        return facts(self.header).message_id

    @property
    def remote(self) -> RemoteMessage:
        """As a server tells of it."""
        attached = b"content-disposition: attachment" in self.raw.lower()
        return RemoteMessage(self.uid, self.flags, len(self.raw), self.date, self.header, has_attachment=attached)


@dataclass(slots=True)
class MemoryFolder:
    """One folder: every change takes the next modseq, as RFC 7162 has it, and what is gone is remembered."""

    name: str
    uidvalidity: int
    role: Role | None = None
    uidnext: int = 1
    modseq: int = 1
    read_only: bool = False
    messages: dict[int, Kept] = field(default_factory=dict)
    """By uid, in rising order."""
    gone: list[tuple[int, int]] = field(default_factory=list)
    """(modseq, uid) of each that was removed."""

    def put(self, raw: bytes, flags: Iterable[str], date: int) -> int:
        uid = self.uidnext
        self.uidnext += 1
        self.modseq += 1
        self.messages[uid] = Kept(uid, raw, frozenset(flags), date, self.modseq)
        return uid

    def flag(self, uid: int, add: Iterable[str], remove: Iterable[str]) -> None:
        """What is gone, or has these flags already, is passed over."""
        kept = self.messages.get(uid)
        if kept is None:
            return
        flags = (kept.flags | frozenset(add)) - frozenset(remove)
        if flags != kept.flags:
            self.modseq += 1
            self.messages[uid] = replace(kept, flags=flags, modseq=self.modseq)

    def take(self, uid: int) -> Kept | None:
        kept = self.messages.pop(uid, None)
        if kept is not None:
            self.modseq += 1
            self.gone.append((self.modseq, uid))
        return kept

    def between(self, low: int, high: int | None) -> list[Kept]:
        return [kept for uid, kept in self.messages.items() if low <= uid and (high is None or uid <= high)]

    def status(self, can: Capabilities) -> Status:
        """As a server tells of it that can so much."""
        return Status(
            len(self.messages),
            sum(SEEN not in kept.flags for kept in self.messages.values()),
            self.uidnext,
            self.uidvalidity,
            self.modseq if can.condstore else None,
        )


class MemoryMailbox:
    """What the server holds. Any thread may call; `changed` is the one lock, and is notified at every change.

    The lower half is for tests: they hold the network still, refuse a verb, lose the connection, or change the
    mailbox between two verbs as another client would. Folder names are given as text; a store's `raw` is their UTF-8.
    """

    def __init__(self, folders: Iterable[str] = tuple(USUAL), *, quota: int | None = None) -> None:
        self.changed = Condition()
        self.folders: dict[str, MemoryFolder] = {}
        self.quota = quota
        """Octets in all before OVERQUOTA; None is no end."""
        self.sent: list[Outgoing] = []
        """What senders carried away."""
        self.log: list[str] = []
        """Every verb in its order: `connect`, `open INBOX`, `move 3,4 Archive`, `send <id>`."""
        self.drops = 0
        """How often the connection was lost: what began before the last loss is dead."""
        self._validity = 1000
        self._held = False
        self._unplugged = False
        self._refusals: dict[str, list[MailError]] = {}
        self._hooks: dict[str, list[Callable[[], object]]] = {}
        for name in folders:
            self.create(name)

    # --- what another client, or a delivery, does

    def create(self, name: str, role: Role | None = None) -> MemoryFolder:
        """A new folder; the one that is there stays as it is."""
        with self.changed:
            if name not in self.folders:
                self._validity += 1
                self.folders[name] = MemoryFolder(name, self._validity, role or USUAL.get(name))
                self.changed.notify_all()
            return self.folders[name]

    def folder(self, name: str) -> MemoryFolder:
        with self.changed:
            if name not in self.folders:
                raise NotFound(f"The server has no folder {name}.")
            return self.folders[name]

    def rename_folder(self, name: str, new: str) -> None:
        """With all that stands in it; its numbering stays."""
        with self.changed:
            for old in [one for one in self.folders if one == name or one.startswith(f"{name}/")]:
                folder = self.folders.pop(old)
                folder.name = new + old[len(name) :]
                self.folders[folder.name] = folder
            self.changed.notify_all()

    def remove_folder(self, name: str) -> None:
        with self.changed:
            del self.folders[name]
            self.changed.notify_all()

    def add(self, folder: str, raw: bytes, flags: Iterable[str] = (), date: int | None = None) -> int:
        """Delivers a message; its uid."""
        with self.changed:
            uid = self.folder(folder).put(raw, flags, int(time.time()) if date is None else date)
            self.changed.notify_all()
            return uid

    def flag(self, folder: str, uid: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        with self.changed:
            self.folder(folder).flag(uid, add, remove)
            self.changed.notify_all()

    def remove(self, folder: str, *uids: int) -> None:
        """All at once: nobody sees the folder with some of them."""
        with self.changed:
            for uid in uids:
                self.folder(folder).take(uid)
            self.changed.notify_all()

    def move(self, folder: str, uid: int, target: str) -> int:
        """Another client files a message; its uid there."""
        with self.changed:
            kept = self.folder(folder).take(uid)
            if kept is None:
                raise NotFound(f"There is no message {uid} in {folder}.")
            return self.add(target, kept.raw, kept.flags, kept.date)

    def renew(self, folder: str) -> None:
        """The server rebuilt the folder: the same messages under a new UIDVALIDITY and new uids."""
        with self.changed:
            old = self.folder(folder)
            self._validity += 1
            new = self.folders[folder] = MemoryFolder(folder, self._validity, old.role)
            for kept in old.messages.values():
                new.put(kept.raw, kept.flags, kept.date)
            self.changed.notify_all()

    def messages(self, folder: str) -> list[Kept]:
        """What stands there now, oldest uid first."""
        with self.changed:
            return list(self.folder(folder).messages.values())

    def check_quota(self, octets: int) -> None:
        """Raises Refused with OVERQUOTA where that many more do not fit."""
        if self.quota is None:
            return
        held = sum(len(kept.raw) for folder in self.folders.values() for kept in folder.messages.values())
        if held + octets > self.quota:
            raise Refused("The server would not take the message: the mailbox is full.", code="OVERQUOTA")

    # --- the network, as tests play it

    def hold(self) -> None:
        """From now on every verb stands still at the gate."""
        with self.changed:
            self._held = True

    def release(self) -> None:
        with self.changed:
            self._held = False
            self.changed.notify_all()

    @property
    def is_held(self) -> bool:
        return self._held

    def drop(self) -> None:
        """Every connection is lost: whoever stands or waits gets Offline, the others at their next verb."""
        with self.changed:
            self.drops += 1
            self.changed.notify_all()

    def unplug(self) -> None:
        """Lost, and `connect` fails too, until `plug`."""
        with self.changed:
            self._unplugged = True
            self.drop()

    def plug(self) -> None:
        with self.changed:
            self._unplugged = False

    def refuse(self, verb: str, error: MailError, times: int = 1) -> None:
        """The next `times` calls of that verb raise `error` and change nothing."""
        with self.changed:
            self._refusals.setdefault(verb, []).extend([error] * times)

    def after(self, verb: str, action: Callable[[], object], times: int = 1) -> None:
        """Runs `action` once that verb is done, before it answers; `after("move", mailbox.drop)` loses the answer."""
        with self.changed:
            self._hooks.setdefault(verb, []).extend([action] * times)

    def heard(self, start: str, times: int = 1, timeout: float = 5) -> bool:
        """Waits until that many lines of the log begin with `start`; also of verbs that stand at the gate."""
        with self.changed:
            return self.changed.wait_for(lambda: sum(line.startswith(start) for line in self.log) >= times, timeout)

    # --- the border that stores and senders pass

    def enter(self, verb: str, words: str, is_alive: Callable[[], bool]) -> None:
        """Logs the verb and stands at the gate; raises what was set up, or Offline where the caller died there."""
        with self.changed:
            self.log.append(f"{verb} {words}".rstrip())
            self.changed.notify_all()
            self.changed.wait_for(lambda: not self._held or not is_alive())
            if not is_alive():
                raise Offline(LOST)
            if self._unplugged and verb in ("connect", "send"):
                raise Offline("The mailbox cannot be reached.")
            if self._refusals.get(verb):
                raise self._refusals[verb].pop(0)

    def leave(self, verb: str) -> None:
        """Runs what was to happen after the verb."""
        with self.changed:
            hooks = self._hooks.get(verb, [])
            action = hooks.pop(0) if hooks else None
        if action is not None:
            action()


def tell_all(tell: Tell | None, size: int) -> None:
    """So many octets passed, in pieces as a line has them."""
    if tell is not None:
        for done in [*range(_CHUNK, size, _CHUNK), size]:
            tell(done, size)
