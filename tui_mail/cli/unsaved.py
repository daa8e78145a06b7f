"""Letters that the disk would not take until the end: written down on another one, as text for any editor."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tui_mail.model.draft import Draft
from tui_mail.model.editable import written
from tui_mail.model.operation import count


def put_elsewhere(drafts: Sequence[Draft], home: Path) -> str:
    """What is said about it: in which new folder they lie, the temporary files' or `home`'s; empty for no draft."""
    if not drafts:
        return ""
    letters = count(len(drafts), "unfinished letter")
    for parent in (Path(tempfile.gettempdir()), home):
        with contextlib.suppress(OSError):  # full as well: the next place is tried, and at the end it is said
            folder = Path(tempfile.mkdtemp(prefix="tui-mail-unsaved-", dir=parent))
            for number, draft in enumerate(drafts, 1):
                _write(folder / f"{number}.txt", written(draft))
            return f"The disk with your mail took no more: {letters} as text in {folder}."
    return f"{letters} could not be saved anywhere: the disk is full."


def _write(path: Path, text: str) -> None:
    """Durably, for nobody else to read."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(text.encode(errors="surrogateescape"))
        file.flush()
        os.fsync(file.fileno())
