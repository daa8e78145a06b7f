"""Mail that only a damaged index still held: written out as files before the index is made anew from a server that has
it no more."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from tui_mail.model.message import MessageId

from . import schema
from .bodies import Bodies


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was found of the mail that the person kept although its server had lost it, or was to be asked about."""

    letters: int
    folder: Path
    """Where they lie, one file each; not there where none could be read."""
    lost: int
    """Those whose text was never fetched, or cannot be read any more."""

    @property
    def words(self) -> str:
        """For the person."""
        lost = f" Of {self.lost:,} more nothing could be read." if self.lost else ""
        if not self.letters:
            return f"{self.lost:,} messages that only this machine still listed are in the damaged file alone."
        return (
            f"{self.letters:,} of the messages that only this machine still had are in {self.folder};"
            f" `tui-mail import` puts them into a folder.{lost}"
        )


def rescue(damaged: Path, letters: Path, into: Path) -> Rescued | None:
    """Reads what can be read of an index that was set aside; None where nothing was held back, as far as it says."""
    with contextlib.suppress(sqlite3.Error, OSError):  # damaged it is: what it does not say stays unknown
        with contextlib.closing(schema.connect(damaged, durable=False, query_only=True)) as connection:
            ids = _held_back(connection)
            bodies = Bodies(connection, letters)
            saved = sum(_saved(bodies, id, into) for id in ids)
        return Rescued(saved, into, len(ids) - saved) if ids else None
    return None


def is_spent(damaged: Path, letters: Path, into: Path) -> bool:
    """Whether all that was held back in an index that was set aside lies in files; what does not is tried once more.

    False as well where it does not say.
    """
    try:
        with contextlib.closing(schema.connect(damaged, durable=False, query_only=True)) as connection:
            bodies = Bodies(connection, letters)
            return all(_file(into, id).exists() or _saved(bodies, id, into) for id in _held_back(connection))
    except (sqlite3.Error, OSError):
        return False


def _held_back(connection: sqlite3.Connection) -> list[MessageId]:
    rows = connection.execute("SELECT message FROM withheld WHERE state IN ('asked', 'kept')")
    return [MessageId(id) for (id,) in rows]


def _file(into: Path, id: MessageId) -> Path:
    return into / f"{int(id):x}.eml"


def _saved(bodies: Bodies, id: MessageId, into: Path) -> bool:
    try:
        raw = bodies.read(id)
        if raw is None:
            return False
        into.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(_file(into, id), os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with open(handle, "wb") as file:
            file.write(raw)
    except (sqlite3.Error, OSError):
        return False
    return True
