"""One folder of a Maildir: its files and their numbers kept in agreement, whoever changes the files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection

from tui_mail.config import atomic
from tui_mail.model.message import Flags

from . import letters
from .letters import Glance
from .register import Kept, Numbering, Register

_CALM = 4
"""Listings until one is taken as it is: another program may rename a file under the eyes of each."""
_FINE, _COARSE = 100_000_000, 2_000_000_000
"""Nanoseconds: a folder that changed less than that before it was listed may change again within the same time stamp;
the second where the file system counts whole seconds."""


def stamp(path: bytes) -> str:
    """How cur/ and new/ of a folder look from outside: any file that comes, goes or is renamed changes it."""
    states = [os.stat(os.path.join(path, each)) for each in (b"cur", b"new")]
    return " ".join(f"{state.st_ino}.{state.st_mtime_ns}" for state in states)


class Folder:
    """Files are changed only through `register.writing`, so that our own processes never see half of a change.

    Every method may raise OSError: FileNotFoundError where the folder is gone. Two looks at a folder that did not
    change cost two `stat` and one row, however many messages it holds.
    """

    def __init__(self, register: Register, raw: bytes, path: bytes) -> None:
        self.raw = raw
        self.path = path
        self._register = register

    # --- what other programs did

    def look(self) -> Numbering:
        """Takes in what changed since the last look of anybody."""
        known = self._register.numbering(self.raw)
        if known is not None and known.stamp and known.stamp == stamp(self.path):
            return known
        with self._register.writing():
            known = self._register.numbering(self.raw) or self._register.begin(self.raw)
            self._take_in(known)
            return self._register.numbering(self.raw) or known

    def welcome(self) -> None:
        """Moves new mail from new/ to cur/, as whoever shows it is to do; a folder that cannot be written stays."""
        for name in self._list(b"new"):
            base, _, info = name.partition(b"/")[2].partition(b":")
            after = b"cur/" + base + b":" + (info if info.startswith(b"2,") else b"2,")
            try:
                self._rename(name, after)
            except (FileNotFoundError, FileExistsError):
                continue  # somebody else was quicker, or a second file of that name is there: it stays where it is
            except OSError:
                return

    def _settled(self, looks: str, began: int) -> str:
        """The stamp if it proves that nothing can have changed since, else empty."""
        times = [int(each.partition(".")[2]) for each in looks.split()]
        margin = _FINE if any(when % 1_000_000_000 for when in times) else _COARSE
        return looks if all(when < began - margin for when in times) else ""

    def _take_in(self, known: Numbering) -> None:
        began, looks = time.time_ns(), stamp(self.path)
        mine = self._register.names(known.id)
        there = self._listed(mine.keys())
        lost = {name: mine[name] for name in mine.keys() - there}
        came = there - mine.keys()
        heirs = self._heirs(lost, came)
        changed = bool(came or lost)
        for name, (uid, before) in heirs.items():
            self._register.rename(known.id, uid, name, told=letters.flags(name) != letters.flags(before))
        self._register.drop(known.id, set(lost.values()) - {uid for uid, _ in heirs.values()})
        self._register.add(known.id, sorted(came - heirs.keys(), key=self._order))
        if changed or known.stamp != looks:
            self._register.settle(known.id, self._settled(looks, began), changed=changed)

    def _listed(self, known: Collection[bytes]) -> set[bytes]:
        """Every name in cur/ and new/. A file that is renamed while the folder is read may show itself twice, or not at
        all: so where a mail is missed it is listed again, and counts as there when any of the listings had it. A
        listing during which nothing changed is believed at once."""
        there: set[bytes] = set()
        for _ in range(_CALM):
            began, looks = time.time_ns(), stamp(self.path)
            again = {*self._list(b"cur"), *self._list(b"new")}
            if self._settled(looks, began) and stamp(self.path) == looks:
                return again
            keys = {letters.key(name) for name in again} if there or not again.issuperset(known) else set()
            there = again | {name for name in there if letters.key(name) not in keys}
            if all(name in there or letters.key(name) in keys for name in known):
                break
        return there if there.issubset(known) else self._standing(there)

    def _standing(self, there: set[bytes]) -> set[bytes]:
        """Of several names of one mail those that it still has: more than one only where there are several files."""
        groups: dict[bytes, list[bytes]] = {}
        for name in there:
            groups.setdefault(letters.key(name), []).append(name)
        stale: set[bytes] = set()
        for names in groups.values():
            if len(names) > 1:
                gone = {name for name in (*names, *names) if not os.path.lexists(os.path.join(self.path, name))}
                stale |= gone if len(gone) < len(names) else set(names[1:])
        return there - stale

    def _list(self, which: bytes) -> list[bytes]:
        prefix = which + b"/"
        return [prefix + name for name in os.listdir(os.path.join(self.path, which)) if not name.startswith(b".")]

    @staticmethod
    def _heirs(lost: dict[bytes, int], came: set[bytes]) -> dict[bytes, tuple[int, bytes]]:
        """New name → (uid, old name) of messages that are there under another name."""
        by_key = {letters.key(name): name for name in lost}
        heirs = {}
        for name in sorted(came):
            old = by_key.pop(letters.key(name), None)  # a second file of that name is a message of its own
            if old is not None:
                heirs[name] = lost[old], old
        return heirs

    def _order(self, name: bytes) -> tuple[object, ...]:
        try:
            seconds = int(os.stat(os.path.join(self.path, name)).st_mtime)
        except OSError:
            seconds = 0
        return letters.order(name, seconds)

    # --- single messages

    def file(self, kept: Kept) -> bytes:
        return os.path.join(self.path, kept.name)

    def read(self, kept: Kept) -> bytes:
        """The message as it travels."""
        with open(self.file(kept), "rb") as file:
            return letters.as_wire(file.read())

    def glance(self, kept: Kept) -> tuple[Glance, int]:
        """What a list shows, and when the message came, in seconds since 1970."""
        with open(self.file(kept), "rb") as file:
            octets = file.read()
            seconds = int(os.fstat(file.fileno()).st_mtime)
        return letters.glance(letters.as_wire(octets)), seconds

    def again(self, folder: int, kept: Kept) -> Kept | None:
        """The message under the name that it has this moment; None where it is gone."""
        wanted = letters.key(kept.name)
        for name in (*self._list(b"cur"), *self._list(b"new")):
            if letters.key(name) == wanted:
                return Kept(kept.uid, name, kept.keywords)
        self.look()
        return self._register.one(folder, kept.uid)

    # --- changes of ours

    def mark(self, folder: int, kept: Kept, wanted: Flags) -> None:
        """Gives the message these flags; inside `writing`. Raises FileNotFoundError where it has another name."""
        name = letters.renamed(kept.name, wanted)
        words = " ".join(sorted(letters.keywords(wanted)))
        if name != kept.name:
            try:
                self._rename(kept.name, name)
            except FileExistsError:  # a second file of that name, which must not be overwritten
                name = letters.named(letters.fresh(), wanted)
                self._rename(kept.name, name)
        self._register.rename(folder, kept.uid, name, words)

    def remove(self, folder: int, kept: Kept) -> None:
        """For good; inside `writing`. Raises FileNotFoundError where it has another name."""
        os.unlink(self.file(kept))
        self._register.drop(folder, [kept.uid])

    def take(self, folder: int, kept: Kept, come: Callable[[bytes], None]) -> int:
        """Numbers a message that comes from another folder under a name of its own; inside `writing`. `folder`: ours.

        `come` puts the file at the path that it is called with. mbsync and others keep their own numbers in names:
        they must not meet them in two folders.
        """
        name = letters.named(letters.fresh(), letters.flags(kept.name))
        come(os.path.join(self.path, name))
        return self._register.add(folder, [name], kept.keywords)[0]

    def deliver(self, octets: bytes, flags: Flags, seconds: int | None) -> int:
        """Writes a message through tmp/, whole and on the disk before anybody can see it; its uid."""
        base = letters.fresh()
        name = letters.named(base, flags)
        waiting = os.path.join(self.path, b"tmp", base)
        try:
            self._write(waiting, letters.as_file(octets), seconds)
            with self._register.writing():
                here = self._register.numbering(self.raw) or self.look()
                os.rename(waiting, os.path.join(self.path, name))
                [uid] = self._register.add(here.id, [name], " ".join(sorted(letters.keywords(flags))))
                self.changed()
        except BaseException:
            if os.path.lexists(waiting):
                os.unlink(waiting)
            raise
        atomic.settle(os.path.join(self.path, b"cur"))
        return uid

    def changed(self) -> None:
        """After changes of ours; inside `writing`."""
        here = self._register.numbering(self.raw)
        if here is not None:
            self._register.touch(here.id)

    @staticmethod
    def _write(path: bytes, octets: bytes, seconds: int | None) -> None:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with open(handle, "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        if seconds is not None:
            moment = min(max(0, seconds), 1 << 33)  # beyond that some file systems refuse
            os.utime(path, (moment, moment))

    def _rename(self, before: bytes, after: bytes) -> None:
        """Raises FileExistsError rather than overwrite a message."""
        new = os.path.join(self.path, after)
        if os.path.lexists(new):
            raise FileExistsError(new)
        os.rename(os.path.join(self.path, before), new)
