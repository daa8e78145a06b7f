"""Damaged indexes are set aside: the newest is kept, an older one only while it may hold mail that nothing else has."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

from . import health
from .rescue import Rescued, is_spent, rescue

_NAME = "mail.db.damaged-"
_SUFFIXES = ("", "-wal", "-shm")
"""A closed database has but the first."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What became of the damaged index, and of those before it."""

    rescued: Rescued | None
    """What it had, and no server any more."""
    removed: int = 0
    kept: int = 0
    """Older ones."""

    @property
    def words(self) -> str:
        """For the person."""
        said = [health.REBUILT]
        if self.removed:
            said.append(f"{_older(self.removed)} removed: nothing in {_them(self.removed)} was of use any more.")
        if self.kept:
            said.append(f"{_older(self.kept)} kept too: mail that is nowhere else may be in {_them(self.kept)}.")
        return " ".join(said)


def set_aside(data: Path) -> Aside:
    """The index keeps its bytes under a dated name; mail of it that no server has any more is written out."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    damaged = data / f"{_NAME}{stamp}"
    for suffix in _SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            (data / f"mail.db{suffix}").rename(f"{damaged}{suffix}")
    health.unmark(data)
    if not damaged.exists():
        return Aside(None)
    rescued = rescue(damaged, data / "letters", _rescued_into(damaged))
    older = [path for path in data.glob(f"{_NAME}*") if not path.name.endswith(_SUFFIXES[1:]) and path != damaged]
    removed = sum(_remove(path) for path in older if is_spent(path, data / "letters", _rescued_into(path)))
    return Aside(rescued, removed, len(older) - removed)


def _rescued_into(damaged: Path) -> Path:
    return damaged.with_name(damaged.name.replace(_NAME, "kept-", 1))


def _remove(path: Path) -> bool:
    with contextlib.suppress(OSError):  # what the system does not let go of is there the next time
        for suffix in _SUFFIXES[::-1]:
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        return True
    return False


def _older(number: int) -> str:
    return "An older one is" if number == 1 else f"{number:,} older ones are"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"
