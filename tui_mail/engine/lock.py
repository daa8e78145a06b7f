"""One process a mail folder that syncs: a lock that the system itself drops when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path


class Lock:
    """`data/lock`, held with flock; its text names the holder for whoever looks, and is taken away in good order."""

    def __init__(self, data: Path) -> None:
        self._path = data / "lock"
        self._handle: int | None = None
        self.was_left = False
        """Whoever held it last died with it: no last words were written."""

    def take(self) -> bool:
        """False where another live process has it."""
        handle = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self.was_left = bool(os.read(handle, 1))
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same, its text is a courtesy
            os.pwrite(handle, f"{os.getpid():<10}\n".encode(), 0)
        self._handle = handle
        return True

    def drop(self) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def owner() -> str:
    """This process, named so that a later one with the same number is not taken for it: `pid@start`."""
    return f"{os.getpid()}@{_started(os.getpid())}"


def is_alive(name: str) -> bool:
    """Whether the process of that `owner` name still runs."""
    number, _, started = name.partition("@")
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return started == _started(int(number))


def _started(pid: int) -> str:
    """When a process began, in the system's own ticks; empty where it does not say."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[19]
