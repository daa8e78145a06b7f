"""Where a Maildir's folders are: Maildir++ (`.Lists.tui`), folders within folders, or both."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from tui_mail.model.errors import BadInput, NotFound

from ..imap import names

_DEEPEST = 12
_MOST = 20_000
"""Folders looked into below the root: somebody may have named their home."""
_OWN = (b"cur", b"new", b"tmp")
INBOX = b"INBOX"


@dataclass(frozen=True, slots=True)
class Found:
    """A folder of the Maildir. `raw` is the key: the path below the root, or the name of a Maildir++ folder."""

    raw: bytes
    name: str
    delimiter: str
    selectable: bool = True


class Place:
    """The root of a Maildir: names to paths and back."""

    def __init__(self, root: bytes) -> None:
        self.root = root
        self._plus: bool | None = None

    @property
    def is_plus(self) -> bool:
        """Maildir++: the root is the inbox, and its folders begin with a dot; so is a root that has no folders yet.

        As `folders` found it last.
        """
        if self._plus is None:
            self._plus = self._looks_plus()
        return self._plus

    @property
    def holds_mail(self) -> bool:
        """There is any folder at all."""
        try:
            return any(True for _ in self.folders())
        except OSError:
            return False

    def _looks_plus(self) -> bool:
        return is_maildir(self.root) and (
            any(entry.name.startswith(b".") for entry in _folders(self.root) if is_maildir(entry.path))
            or not any(True for _ in _nested(self.root))
        )

    def folders(self) -> Iterator[Found]:
        """The inbox first. Raises OSError where the root cannot be read."""
        os.stat(self.root)
        self._plus = None
        if is_maildir(self.root):
            yield Found(INBOX, "INBOX", "." if self.is_plus else "/")
        if self.is_plus:
            for entry in _folders(self.root):
                if entry.name.startswith(b".") and is_maildir(entry.path):
                    yield Found(entry.name[1:], names.decode(entry.name[1:]), ".")
            for path, selectable in _nested(self.root):
                yield Found(b"/" + path, _decoded(path), "/", selectable)
            return
        for path, selectable in _nested(self.root, dotted=True):
            raw = b"./" + path if path == INBOX and is_maildir(self.root) else path
            yield Found(raw, _decoded(path), "/", selectable)

    def path(self, raw: bytes) -> bytes:
        """Where the folder stands. Raises NotFound for a name that leads out of the Maildir."""
        if raw == INBOX and is_maildir(self.root):
            return self.root
        pieces = raw.split(b"/")
        if b"\0" in raw or b".." in pieces or not raw.strip(b"/."):
            raise NotFound(f"There is no folder {names.decode(raw)}.")
        if self.is_plus and not raw.startswith(b"/"):
            return os.path.join(self.root, b"." + raw)
        return os.path.join(self.root, raw.lstrip(b"/"))

    def raw(self, name: str) -> bytes:
        """The key of a folder that is to be made. Raises BadInput for what cannot be a folder's name here."""
        plus = self.is_plus
        pieces = name.split("." if plus else "/")
        if "\0" in name or (plus and "/" in name) or any(piece in ("", ".", "..") for piece in pieces):
            raise BadInput(f"“{name}” cannot be the name of a folder in this Maildir.")
        if plus:
            return names.encode(name)
        raw = os.fsencode(name)
        raw = raw if _decoded(raw) == name else names.encode(name)
        if any(piece in _OWN for piece in raw.split(b"/")):
            raise BadInput(f"“{name}” cannot be the name of a folder in this Maildir.")
        return raw

    def make(self, raw: bytes) -> None:
        """Makes the folder, or what of it is missing."""
        path = self.path(raw)
        for each in (b"tmp", b"new", b"cur"):  # cur last: with it, it is a Maildir
            os.makedirs(os.path.join(path, each), mode=0o700, exist_ok=True)
        if self.is_plus and path != self.root:
            os.close(os.open(os.path.join(path, b"maildirfolder"), os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))

    def rename(self, raw: bytes, target: bytes) -> None:
        """Moves a folder and, in Maildir++, those below it. Raises OSError; FileExistsError where one is in the way."""
        path, new = self.path(raw), self.path(target)
        if path == self.root:
            raise PermissionError(errno.EPERM, "the inbox keeps its name")
        pairs = [(path, new)]
        if self.is_plus and not raw.startswith(b"/"):
            below = [one.path for one in _folders(self.root) if one.name.startswith(b"." + raw + b".")]
            pairs += [(one, new + one[len(path) :]) for one in below]
        for _, end in pairs:
            if os.path.exists(end):
                raise FileExistsError(errno.EEXIST, "a folder of that name is there already")
        os.makedirs(os.path.dirname(new), mode=0o700, exist_ok=True)
        for start, end in pairs:
            os.rename(start, end)

    def remove(self, raw: bytes) -> None:
        """Removes a folder with its mail; what else lies in it, folders above all, stays. Raises OSError."""
        path = self.path(raw)
        if path == self.root:
            raise PermissionError(errno.EPERM, "the inbox stays")
        os.stat(path)
        for each in (b"cur", b"new", b"tmp"):
            shutil.rmtree(os.path.join(path, each), ignore_errors=True)
        with contextlib.suppress(OSError):  # another program's files, or folders below it: these stay
            for name in (b"maildirfolder", *(one for one in os.listdir(path) if one.startswith(b"dovecot"))):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(path, name))
            os.rmdir(path)


def is_maildir(path: bytes) -> bool:
    return os.path.isdir(os.path.join(path, b"cur")) and os.path.isdir(os.path.join(path, b"new"))


def _folders(path: bytes) -> list[os.DirEntry[bytes]]:
    """The directories in one, by name; what cannot be read holds none."""
    try:
        with os.scandir(path) as entries:
            return sorted((entry for entry in entries if entry.is_dir()), key=lambda entry: entry.name)
    except OSError:
        return []


def _nested(root: bytes, *, dotted: bool = False) -> Iterator[tuple[bytes, bool]]:
    """Folders within folders below the root, by their paths, and whether mail can stand in each.

    One that only leads to others counts too. `dotted`: names that begin with a dot are taken where they are Maildirs.
    """
    seen: set[tuple[int, int]] = set()

    def walk(path: bytes, depth: int) -> list[tuple[bytes, bool]]:
        found: list[tuple[bytes, bool]] = []
        for entry in _folders(path):
            here = entry.stat()
            holds = is_maildir(entry.path)
            is_hidden = entry.name.startswith(b".") and not (dotted and holds)
            if entry.name in _OWN or is_hidden or (here.st_dev, here.st_ino) in seen or len(seen) > _MOST:
                continue
            seen.add((here.st_dev, here.st_ino))
            below = walk(entry.path, depth + 1) if depth < _DEEPEST else []
            if holds or below:
                found += [(os.path.relpath(entry.path, root), holds), *below]
        return found

    yield from walk(root, 0)


def _decoded(path: bytes) -> str:
    """For people: UTF-8, or modified UTF-7 where a program keeps the server's own names."""
    return names.decode(path)
