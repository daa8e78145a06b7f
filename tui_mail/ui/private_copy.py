"""Copies of attachments that another program looks at: in a private folder of their own, and taken away again."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tui_mail.model.errors import BadInput

from .saving import save_into

_NAME = "tui-mail-"


def home(environ: Mapping[str, str], state: Path) -> Path:
    """Where they lie: in the session's own folder, which the system empties, else beside the program's state."""
    named = environ.get("XDG_RUNTIME_DIR", "")
    runtime = Path(named)
    try:
        found = runtime.stat()
    except OSError:
        return state / "opened"
    is_own = named != "" and stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and found.st_mode & 0o077 == 0
    return runtime / "tui-mail" if is_own else state / "opened"


def put(folder: Path, name: str, octets: bytes) -> Path:
    """A copy under a harmless name in a new folder of `folder` (0700, the file 0600). Raises BadInput."""
    sweep(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            raise BadInput(f"{folder} is not yours, so nothing was opened there.")
        place = Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-", dir=folder))
    except OSError as error:
        raise BadInput(f"It could not be opened: {error.strerror or error}.") from error
    return save_into(place, name, octets)


def remove(path: Path) -> None:
    """The copy and the folder that was made for it."""
    if path.parent.name.startswith(_NAME):
        shutil.rmtree(path.parent, ignore_errors=True)


def sweep(folder: Path, own: bool = False) -> None:
    """What runs left that ended without tidying up; with `own` what this one put there too."""
    if folder.is_symlink():
        return
    for left in folder.glob(f"{_NAME}*"):
        process = left.name.removeprefix(_NAME).partition("-")[0]
        if own if process == str(os.getpid()) else not _is_alive(process):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: str) -> bool:
    if not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
