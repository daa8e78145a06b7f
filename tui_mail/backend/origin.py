"""Mail in files that is to be brought into an account: an mbox, a Maildir with its folders, or single letters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_mail.mime import mbox
from tui_mail.mime.facts import facts
from tui_mail.mime.mbox import Posted
from tui_mail.model.errors import BadInput

from .maildir import letters
from .maildir.place import INBOX, Found, Place, is_maildir

_LARGEST = 256_000_000
"""Octets of one letter: what a server takes at most."""
_START = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """One folder's worth of mail. `name` is empty for the mail of PATH itself."""

    name: tuple[str, ...]
    """Its path below the folder that the whole is brought into."""
    count: int
    read: Callable[[], Iterator[Posted]]
    """The messages as they travel. Raises OSError."""
    remark: str = ""
    """What of it is left out, and why: a sentence for the person."""


def sources(path: Path) -> list[Source]:
    """What stands there. Raises BadInput for what is no mail, or cannot be read."""
    try:
        found = _folder(path) if path.is_dir() else [_file(path)]
        if not any(source.count for source in found):
            raise BadInput(f"There is no mail in {path}.", remedy="Name an mbox file, a Maildir, or .eml files.")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    return found


def _folder(path: Path) -> list[Source]:
    place = Place(os.fsencode(path))
    if place.holds_mail:
        return [_maildir(place, one) for one in place.folders() if one.selectable]
    single = sorted(each for each in path.iterdir() if each.suffix.lower() == ".eml" and each.is_file())
    return [Source((), len(single), lambda: map(_letter, single))]


def _file(path: Path) -> Source:
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(b"From "):
        return Source((), _count(path), lambda: _split(path))
    if not start:
        raise BadInput(f"{path} is empty: there is no mail in it.")
    with path.open("rb") as file:
        lead = mbox.lead(file)
    if facts(letters.glance(letters.as_wire(start[:lead])).header) != facts(b""):
        return Source((), 1, lambda: iter([_letter(path)]))
    if lead is None:
        raise BadInput(f"{path} is neither an mbox nor a letter.", remedy="An mbox begins with a line “From …”.")
    remark = f"The first {lead:,} octets of {path} belong to no letter: its beginning is damaged. They are left out."
    return Source((), _count(path), lambda: _split(path), remark if start[:lead].strip() else "")


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return mbox.count(file)


def _split(path: Path) -> Iterator[Posted]:
    with path.open("rb") as file:
        for one in mbox.split(file):
            yield Posted(letters.as_wire(one.octets), one.flags, one.date, one.is_expunged)


def _letter(path: Path) -> Posted:
    octets = letters.as_wire(path.read_bytes())
    return Posted(octets, frozenset(), _date(octets, int(path.stat().st_mtime)))


def _maildir(place: Place, found: Found) -> Source:
    path = place.path(found.raw)
    names = sorted(
        b"/".join((which, name))
        for which in (b"cur", b"new")
        for name in os.listdir(os.path.join(path, which))
        if not name.startswith(b".")
    )
    is_root = found.raw == INBOX and is_maildir(place.root)
    return Source(
        () if is_root else tuple(found.name.split(found.delimiter)),
        len(names),
        lambda: (_filed(os.path.join(path, name), name) for name in names),
    )


def _filed(path: bytes, name: bytes) -> Posted:
    with open(path, "rb") as file:
        octets = letters.as_wire(file.read(_LARGEST))
        seconds = int(os.fstat(file.fileno()).st_mtime)
    return Posted(octets, letters.flags(name), _date(octets, seconds))


def _date(octets: bytes, otherwise: int) -> int:
    """What the letter says itself: the age of a file is that of its last copy."""
    said = facts(letters.glance(octets).header).date
    return otherwise if said is None else said
