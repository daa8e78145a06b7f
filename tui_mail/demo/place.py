"""The throw-away folder of one demo run: private, gone at the end, and swept later where the run was killed."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path

_NAME = re.compile(r"tui-mail-demo-(\d+)-(\d+)-[A-Za-z0-9_]+\Z")
_OLD = 7 * 86_400
"""Seconds after which a folder is stale where a system does not tell when a process began."""


class Place:
    """Makes the folder and sweeps those of killed runs. Raises OSError where the temporary folder is not writable."""

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        sweep(parent)
        pid = os.getpid()
        self.path = Path(tempfile.mkdtemp(prefix=f"tui-mail-demo-{pid}-{began(pid)}-", dir=parent))  # 0700

    def remove(self) -> None:
        """Leaves nothing behind; harmless when said twice."""
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


def sweep(parent: Path) -> list[Path]:
    """Removes the folders of demo runs of this user that are over; returns what went."""
    gone = []
    for path in parent.iterdir():
        found = _NAME.match(path.name)
        if found is not None and _is_ours(path) and not _lives(int(found[1]), int(found[2]), path):
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path)
    return gone


def began(pid: int) -> int:
    """When a process began, in the kernel's own ticks; 0 where it is gone or the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
        return int(status[status.rindex(b")") + 2 :].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def _is_ours(path: Path) -> bool:
    """A real folder of this user: never follow a link that somebody left in a shared folder."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and (not hasattr(os, "getuid") or facts.st_uid == os.getuid())


def _lives(pid: int, start: int, path: Path) -> bool:
    """Whether the process that made the folder still runs, and is not another one with its number."""
    if start and os.path.exists("/proc/self/stat"):
        return began(pid) == start
    if time.time() - path.lstat().st_mtime > _OLD:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's process: it exists
    return True
