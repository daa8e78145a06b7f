"""Writes what came with a letter into a folder: under a harmless name, over nothing, readable by its owner alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from tui_mail.mime.clean import safe_file_name
from tui_mail.model.errors import BadInput

_TRIES = 1000


def save_into(folder: Path, name: str, data: bytes) -> Path:
    """The path of the new file; `name (2).ext` where the name is taken, be it by a file, a link or a folder.

    Raises BadInput with a sentence where the folder or the disk refuses; nothing half written stays.
    """
    safe = safe_file_name(name)
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise BadInput(f"{folder} cannot be saved to: {_why(error)}.") from error
    try:
        return folder / _write(place, safe, data)
    except OSError as error:
        raise BadInput(f"“{safe}” was not saved in {folder}: {_why(error)}.") from error
    finally:
        os.close(place)


def _write(place: int, name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    for number in range(1, _TRIES):
        candidate = name if number == 1 else f"{stem} ({number}){dot}{suffix}"
        try:
            file = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=place)
        except FileExistsError:
            continue
        try:
            with open(file, "wb") as stream:
                stream.write(data)
        except OSError:
            os.unlink(candidate, dir_fd=place)
            raise
        return candidate
    raise OSError(errno.EEXIST, "a thousand files have that name")


def _why(error: OSError) -> str:
    return {
        errno.ENOENT: "it does not exist",
        errno.ENOTDIR: "it is not a folder",
        errno.EACCES: "you may not write there",
        errno.EPERM: "you may not write there",
        errno.EROFS: "it is read-only",
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your quota is used up",
    }.get(error.errno or 0, (error.strerror or str(error)).lower())
