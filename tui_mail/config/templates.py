"""The folder of letters to begin from, as the configuration names it."""

from __future__ import annotations

from pathlib import Path

from tui_mail.model.errors import BadInput

_LARGEST = 1_000_000


def files(folder: Path | None) -> list[Path]:
    """The templates, by name; none where no folder is set or it is not there."""
    try:
        found = list(folder.iterdir()) if folder is not None else []
    except OSError:
        return []
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def text(path: Path) -> str:
    """What a template says, as it stands in the file. Raises BadInput."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"The template {path} is larger than a letter.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"The template {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"The template {path} is not UTF-8.") from error
