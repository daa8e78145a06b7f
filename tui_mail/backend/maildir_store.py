"""A Maildir as a Store: what a verb means for files that other programs change at any time."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator

from tui_mail.mime.facts import facts
from tui_mail.mime.parse import encoded
from tui_mail.model.condition import Condition
from tui_mail.model.errors import NotFound, Refused, Unsupported
from tui_mail.model.folder import Role
from tui_mail.model.message import Flags

from .contract import Capabilities, Heard, Known, Moved, RemoteFolder, RemoteMessage, Selected, Status, Tell, Uids
from .imap.names import decode
from .imap.roles import Listed, roles
from .looking import look_through
from .maildir.folder import Folder
from .maildir.letters import Glance
from .maildir.opening import Opening
from .maildir.register import Kept, Numbering

_CAPABILITIES = Capabilities(move=True, uidplus=True, condstore=True, idle=True, notify=True)
_WINDOW = 100
_CHUNK = 65536


class MaildirStore(Opening):
    """Implements `contract.Store` over files. What a verb promises stands in the contract.

    A root that is not there, or holds no Maildir at all, is Offline, never an empty mailbox: its disk may be away.
    """

    @property
    def capabilities(self) -> Capabilities:
        return _CAPABILITIES

    # --- folders

    def folders(self) -> list[RemoteFolder]:
        self._alive()
        with self._border("be read"):
            found = list(self._place.folders())
        if not found:
            raise self._absent()
        marks = {False: frozenset({"\\noselect"}), True: frozenset[str]()}
        parts = roles((Listed(one.raw, one.name, one.delimiter, marks[one.selectable]) for one in found), self._chosen)
        if Role.INBOX not in parts.values():
            parts |= {one.raw: Role.INBOX for one in found if one.selectable and one.raw.upper() == b"INBOX"}
        return [
            RemoteFolder(
                *(one.raw, one.name, one.delimiter, parts.get(one.raw), one.selectable),
                status=self._status(one.raw) if one.selectable else Status(),
            )
            for one in found
        ]

    def _status(self, raw: bytes) -> Status:
        """What can be said of a folder; one that cannot be read says nothing."""
        try:
            return self.status(raw)
        except (NotFound, Refused):
            return Status()

    def status(self, raw: bytes) -> Status:
        here = self._look(self._folder(raw))
        return Status(here.messages, here.unseen, here.uidnext, here.validity, here.modseq)

    def create(self, name: str) -> bytes:
        self._alive()
        raw = self._place.raw(name)
        with self._border("be made", raw):
            self._place.make(raw)
        return raw

    def rename(self, raw: bytes, name: str) -> bytes:
        self._alive()
        target = self._place.raw(name)
        with self._border("be renamed", raw):
            self._place.rename(raw, target)
        return target

    def delete(self, raw: bytes) -> None:
        self._alive()
        with self._border("be removed", raw):
            self._place.remove(raw)

    def subscribe(self, raw: bytes, on: bool) -> None:
        raise Unsupported("A Maildir has no subscriptions: every folder in it is shown.")

    def open(self, raw: bytes, known: Known | None = None, *, read_only: bool = False) -> Selected:
        self._open = None
        folder = self._folder(raw)
        can_write = self.can_write(raw)
        if can_write and not read_only:
            with self._border("be read", raw):
                folder.welcome()
        here = self._look(folder)
        self._open = folder
        self._heard = here.modseq
        self._lookout.look()
        return Selected(here.validity, here.uidnext, here.messages, here.modseq, read_only=read_only or not can_write)

    # --- reading

    def newest(self, count: int) -> list[RemoteMessage]:
        folder, here = self._current()
        return list(self._remote(folder, here.id, self._alive().newest(here.id, count)))

    def headers(self, uids: Uids) -> Iterator[RemoteMessage]:
        wanted = sorted(set(uids))
        for start in range(0, len(wanted), _WINDOW):
            folder, here = self._standing()
            yield from self._remote(folder, here.id, self._kept(here.id, wanted[start : start + _WINDOW]))

    def headers_from(self, uid: int) -> Iterator[RemoteMessage]:
        _, here = self._current()
        return self.headers([kept.uid for kept in self._alive().between(here.id, uid)])

    def uids(self, low: int = 1, high: int | None = None) -> set[int]:
        _, here = self._current()
        return {kept.uid for kept in self._alive().between(here.id, low, high)}

    def count(self, low: int = 1) -> int:
        _, here = self._current()
        return self._alive().count(here.id, low)

    def flags(self, low: int, high: int | None = None) -> dict[int, Flags]:
        _, here = self._current()
        return {kept.uid: kept.flags for kept in self._alive().between(here.id, low, high)}

    def changed_since(self, low: int, modseq: int) -> dict[int, Flags]:
        _, here = self._current()
        return {kept.uid: kept.flags for kept in self._alive().between(here.id, low, since=modseq)}

    def fetch(self, uid: int, tell: Tell | None = None) -> bytes:
        folder, here = self._standing()
        for kept in self._kept(here.id, [uid]):
            raw = self._try(folder, here.id, kept, folder.read)
            if raw is not None:
                if tell is not None:
                    for done in [*range(_CHUNK, len(raw), _CHUNK), len(raw)]:
                        tell(done, len(raw))
                return raw
        raise NotFound("The message is gone: another program removed its file.")

    def letters(self, uids: Uids) -> Iterator[tuple[int, bytes]]:
        for uid in uids:
            try:
                yield uid, self.fetch(uid)
            except NotFound:
                continue  # gone meanwhile

    def part(self, uid: int, number: str, tell: Tell | None = None) -> bytes:
        return encoded(self.fetch(uid, tell), number)

    def identity(self, uids: Uids) -> dict[int, tuple[str, int]]:
        folder, here = self._standing()
        return {
            message.uid: (facts(message.header).message_id, message.size)
            for message in self._remote(folder, here.id, self._kept(here.id, uids))
        }

    def search(self, condition: Condition, now: float) -> list[int]:
        folder, here = self._current()
        held = (
            (kept.uid, raw, kept.flags, 0)
            for kept in self._alive().between(here.id, 1)
            if (raw := self._try(folder, here.id, kept, folder.read)) is not None
        )
        return look_through(held, condition, now)

    def find(self, message_id: str, since_uid: int = 1) -> list[int]:
        return [one.uid for one in self.headers_from(since_uid) if facts(one.header).message_id == message_id]

    def _remote(self, folder: Folder, id: int, kept: Iterable[Kept]) -> Iterator[RemoteMessage]:
        for one in kept:
            try:
                found = self._try(folder, id, one, folder.glance)
            except Refused as error:  # it is there and cannot be read: shown as that
                yield RemoteMessage(one.uid, one.flags, 0, 0, b"\r\n", note=error.text)
                continue
            if found is not None:
                yield _message(one, *found)

    # --- changing

    def store(self, uids: Uids, add: Flags = frozenset(), remove: Flags = frozenset()) -> None:
        def mark(folder: Folder, id: int, kept: Kept) -> None:
            wanted = (kept.flags | add) - remove
            if wanted != kept.flags:
                folder.mark(id, kept, wanted)

        self._each(uids, mark)

    def move(self, uids: Uids, target: bytes) -> Moved:
        there = self._target(target)
        id_there = self._look(there).id
        pairs: list[tuple[int, int]] = []

        def move(folder: Folder, id: int, kept: Kept) -> None:
            pairs.append((kept.uid, there.take(id_there, kept, lambda path: _move(folder.file(kept), path))))
            self._alive().drop(id, [kept.uid])

        self._each(uids, move, there)
        return Moved(self._look(there).validity, tuple(pairs))

    def copy(self, uids: Uids, target: bytes) -> Moved:
        there = self._target(target)
        id_there = self._look(there).id
        pairs: list[tuple[int, int]] = []

        def copy(folder: Folder, id: int, kept: Kept) -> None:
            pairs.append((kept.uid, there.take(id_there, kept, lambda path: _copy(folder.file(kept), path))))

        self._each(uids, copy, there)
        return Moved(self._look(there).validity, tuple(pairs))

    def expunge(self, uids: Uids) -> None:
        self._each(uids, lambda folder, id, kept: folder.remove(id, kept))

    def append(self, raw: bytes, message: bytes, flags: Flags = frozenset(), date: int | None = None) -> int | None:
        there = self._target(raw)
        with self._border("be written", raw), self._quietly():
            uid = there.deliver(message, flags, date)
        self._lookout.pass_over(raw)
        return uid

    def _target(self, raw: bytes) -> Folder:
        self._alive()
        try:
            return self._folder(raw)
        except NotFound as error:
            raise Refused(f"There is no folder {decode(raw)}.", code="TRYCREATE") from error

    def _each(self, uids: Uids, verb: Callable[[Folder, int, Kept], None], there: Folder | None = None) -> None:
        """Runs a verb on each of these that is there, as one change; what is gone is passed over."""
        folder, here = self._standing()
        with self._border("be changed", folder.raw), self._quietly(), self._alive().writing():
            for kept in self._kept(here.id, uids):
                self._try(folder, here.id, kept, lambda now: verb(folder, here.id, now))
            folder.changed()
            if there is not None:
                there.changed()
                self._lookout.pass_over(there.raw)

    # --- news

    def forgo_notify(self) -> None:
        pass  # nothing is promised here

    def heard(self) -> Heard:
        news, self._news = self._news, Heard()
        return news

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while True:
            _, here = self._current()
            if self._has_news(here):
                return True
            with self._changed:
                left = end - time.monotonic()
                if left > 0 and not self._woken and not self._closed:
                    self._changed.wait(min(self._poll, left))
                if self._woken or left <= 0:
                    self._woken = False
                    self._alive()
                    return False

    def _has_news(self, here: Numbering) -> bool:
        """Of the open folder, where what we did ourselves is none, or of another one."""
        seen = self._lookout.look()
        opened = here.modseq > self._heard
        self._heard = max(self._heard, here.modseq)
        others = seen.folders - {self._here().raw}
        if opened or others or seen.listing:
            own = {self._here().raw} if opened else set()
            self._news = Heard(self._news.folders | others | own, self._news.listing or seen.listing)
        return opened or bool(others) or seen.listing


def _message(kept: Kept, glance: Glance, seconds: int) -> RemoteMessage:
    return RemoteMessage(
        kept.uid, kept.flags, glance.size, seconds, glance.header, has_attachment=glance.has_attachment
    )


def _move(before: bytes, after: bytes) -> None:
    """A folder may be a link to another disk: then the copy is whole before the original goes."""
    try:
        os.rename(before, after)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(before, after)
        os.unlink(before)


def _copy(before: bytes, after: bytes) -> None:
    """A second name for the same file where that can be: messages are never changed, only renamed."""
    try:
        os.link(before, after)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP):
            raise
        cur, name = os.path.split(after)
        waiting = os.path.join(os.path.dirname(cur), b"tmp", name.partition(b":")[0])
        shutil.copy2(before, waiting)
        os.rename(waiting, after)
