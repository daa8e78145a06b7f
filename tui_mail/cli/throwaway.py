"""The demo's folder: made at its start, removed at its end, swept at the next start where a demo was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from tui_mail.config.places import Places

_PREFIX = "tui-mail-demo-"
_ALIVE = "alive"
"""A file that a running demo holds a lock on; the lock dies with it, whatever it dies of."""


def places() -> Places:
    """A new folder, 0700, with everything in it; those of dead demos are swept."""
    parent = Path(tempfile.gettempdir())
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    descriptor = os.open(folder / _ALIVE, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # held, never closed: until this process ends
    return Places(folder / "config.toml", folder / "data", folder / "state.toml", folder / "tui-mail.log")


def remove(places: Places) -> None:
    shutil.rmtree(places.config.parent, ignore_errors=True)  # what is left is swept by the next demo


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        if _is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)  # another demo may sweep it at the same time


def _is_dead(folder: Path) -> bool:
    """Ours, a real folder, and nobody holds its lock."""
    try:
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            return False
        descriptor = os.open(folder / _ALIVE, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False  # another demo is just making it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False  # a demo runs in it
    finally:
        os.close(descriptor)
    return True
