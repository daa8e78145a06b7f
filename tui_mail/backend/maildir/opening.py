"""A Maildir that is open: its root, its list of uids, the folder that verbs work on, and what the system refuses."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tui_mail.model.errors import NotFound, Offline, Refused

from ..contract import Heard, Uids
from ..imap.names import decode
from .folder import Folder
from .lookout import Lookout
from .place import Place, is_maildir
from .register import Kept, Numbering, Register

T = TypeVar("T")
_TRIES = 6
"""How often a message that was renamed meanwhile is looked for under its new name."""


class Opening:
    """What every verb of a Maildir stands on. `close` and `wake` may come from another thread."""

    def __init__(self, root: Path, list: Path, *, chosen: Mapping[str, str] | None = None, poll: float = 1.0) -> None:
        """`list` is where the uids are kept, `chosen` which folder plays a role; `poll`: seconds between two looks."""
        self._place = Place(os.fsencode(root))
        self._shown = str(root)
        self._list = list
        self._chosen = chosen or {}
        self._poll = poll
        self._register: Register | None = None
        self._open: Folder | None = None
        self._heard = 0
        self._lookout = Lookout(self._place)
        self._news = Heard()
        """What `wait` learned and nobody asked for yet."""
        self._changed = threading.Condition()
        self._closed = True
        self._woken = False

    def connect(self) -> None:
        self._open = None
        if self._register is not None:
            self._register.close()
            self._register = None
        self._lookout, self._news = Lookout(self._place), Heard()
        with self._changed:
            self._closed = self._woken = False
        if not self._place.holds_mail:
            raise self._absent()
        self._register = Register(self._list, self._place.root)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wake(self) -> None:
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def noop(self) -> None:
        self._alive()

    def _alive(self) -> Register:
        if self._closed or self._register is None:
            raise Offline(f"The Maildir {self._shown} is not open.")
        return self._register

    def _here(self) -> Folder:
        self._alive()
        if self._open is None:
            raise NotFound("No folder is open.")
        return self._open

    def _absent(self) -> Offline:
        return Offline(
            f"There is no Maildir in {self._shown}.",
            remedy="Mount its disk or correct the path; mkdir -p PATH/cur PATH/new PATH/tmp begins one.",
        )

    @contextmanager
    def _border(self, what: str, raw: bytes = b"") -> Iterator[None]:
        """Where the system's refusals get their sentences."""
        name = decode(raw) if raw else self._shown
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as error:
            if raw and self._place.holds_mail:
                raise NotFound(f"The folder {name} is gone.") from error
            raise self._absent() from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                text = f"{name} could not {what}: the disk is full."
                raise Refused(text, permanent=False, code="OVERQUOTA") from error
            raise Refused(f"{name} could not {what}: {error.strerror}.", permanent=False) from error

    # --- folders

    def can_write(self, raw: bytes) -> bool:
        """Whether the system lets us change the folder."""
        return os.access(os.path.join(self._folder(raw).path, b"cur"), os.W_OK)

    def _folder(self, raw: bytes) -> Folder:
        register = self._alive()
        path = self._place.path(raw)
        if not is_maildir(path):
            with self._border("be read", raw):
                raise FileNotFoundError(errno.ENOENT, "no Maildir")
        return Folder(register, raw, path)

    def _look(self, folder: Folder) -> Numbering:
        with self._border("be read", folder.raw):
            return folder.look()

    # --- the open folder

    def _current(self) -> tuple[Folder, Numbering]:
        """The open folder as it is now."""
        folder = self._here()
        return folder, self._look(folder)

    def _standing(self) -> tuple[Folder, Numbering]:
        """The open folder as it was when somebody looked last: enough for messages that are named one by one."""
        folder = self._here()
        return folder, self._alive().numbering(folder.raw) or self._look(folder)

    def _kept(self, folder: int, uids: Uids) -> list[Kept]:
        """Those of these that the list has."""
        wanted = set(uids)
        if not wanted:
            return []
        if len(wanted) == 1:
            return self._alive().between(folder, *wanted, *wanted)
        return [kept for kept in self._alive().between(folder, min(wanted), max(wanted)) if kept.uid in wanted]

    def _try(self, folder: Folder, id: int, kept: Kept, verb: Callable[[Kept], T]) -> T | None:
        """Runs a verb on a message; once more where it got another name meanwhile. None: it is gone."""
        with self._border("be read", folder.raw):
            for _ in range(_TRIES):
                try:
                    return verb(kept)
                except FileNotFoundError:
                    now = folder.again(id, kept)
                    if now is None:
                        return None
                    kept = now
        raise Refused("Another program keeps renaming the message. Try again in a moment.", permanent=False)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Our own changes are no news to us; what came before them still is."""
        opened = self._open
        before = self._alive().numbering(opened.raw) if opened else None
        had_news = before is None or before.modseq > self._heard
        yield
        after = self._alive().numbering(opened.raw) if opened else None
        if after is not None and not had_news:
            self._heard = after.modseq
