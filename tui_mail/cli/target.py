"""A file or folder that is made beside its place and put there when it is complete."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path
from types import TracebackType

from tui_mail.config import atomic
from tui_mail.model.errors import BadInput, StorageFailed


def checked(path: Path, *, is_folder: bool, force: bool) -> Path:
    """Where it will stand, links followed. Raises BadInput where something stands there that is to stay."""
    place = Path(os.path.realpath(path))
    try:
        if not place.parent.is_dir():
            raise BadInput(f"There is no folder {place.parent}.")
        if not os.path.lexists(place):
            return place
        if is_folder:
            if not place.is_dir() or any(place.iterdir()):
                what = "holds something" if place.is_dir() else "is not a folder"
                raise BadInput(f"{place} {what}; nothing was written.", remedy="Name a folder that is not there yet.")
        elif not place.is_file():
            raise BadInput(f"{place} is not a file; nothing was written.")
        elif not force:
            raise BadInput(f"{place} is there already; nothing was written.", remedy="--force replaces it.")
    except OSError as error:
        raise BadInput(f"{place} cannot be used: {error.strerror}.") from error
    return place


class Target:
    """Enter it, write to `path`; it takes its place when the block ends well, and is removed when it does not.

    Raises StorageFailed where the disk refuses, and BadInput where meanwhile something else came to stand there.
    """

    def __init__(self, place: Path, *, is_folder: bool, force: bool) -> None:
        self._place = place
        self._is_folder = is_folder
        self._force = force
        self.path = place

    def __enter__(self) -> Path:
        prefix = f".{self._place.name[:100]}."
        try:
            if self._is_folder:
                self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=self._place.parent))
            else:
                handle, name = tempfile.mkstemp(prefix=prefix, dir=self._place.parent)
                os.close(handle)
                self.path = Path(name)
        except OSError as error:
            raise self._failed(error) from error
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._settle()
                return
            except OSError as refused:
                self._remove()
                raise self._failed(refused) from refused
            except BaseException:
                self._remove()
                raise
        self._remove()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise self._failed(error) from error

    def _settle(self) -> None:
        checked(self._place, is_folder=self._is_folder, force=self._force)  # again: it took its time
        if self._is_folder:
            os.sync()  # thousands of files: one wait for the disk instead of one each
        else:
            if self._place.exists():
                os.chmod(self.path, stat.S_IMODE(self._place.stat().st_mode))
            atomic.settle(self.path)
        os.replace(self.path, self._place)
        atomic.settle(self._place.parent)

    def _remove(self) -> None:
        if self._is_folder:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> StorageFailed:
        return StorageFailed(f"{self._place} could not be written: {error.strerror}. Nothing is there.")
