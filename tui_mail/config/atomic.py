"""Replaces a file whole: whoever reads it sees the old one or the new one, never half."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

from .places import private_folder


def replace(path: Path, content: bytes) -> None:
    """Temporary file in the same folder, fsync, rename, fsync of the folder; raises OSError.

    A symbolic link stays one: its target is replaced. An existing file keeps its mode, a new one is 0600. What is no
    file, /dev/null above all, stays what it is: whoever is root could replace it for the whole machine.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(target))
    folder = private_folder(target.parent)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=folder)  # made 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            if target.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    settle(folder)


def settle(path: Path | bytes) -> None:
    """Waits until a file or folder is on the disk; what was renamed there is only when the folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
