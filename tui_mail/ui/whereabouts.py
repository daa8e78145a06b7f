"""What a place is called: on the title line, and over sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui_mail.model.folder import Folder
from tui_mail.model.operation import count

from .widgets.folder_tree import Place, Saved, title

_NAMES = {"starred": "Starred", "inboxes": "All inboxes", "later": "Reply later", "waiting": "Waiting for an answer"}


def heading(place: Place | None, folder: Folder | None, here: int, *, is_whole: bool) -> tuple[str, str]:
    """The name of what is shown, and its counts in words; `here` messages are in the list, `is_whole` where that is to
    be all of the folder."""
    if folder is None:
        name = place.name if isinstance(place, Saved) else _NAMES.get(str(place), "tui-mail")
        return name, count(here) if place else ""
    unread = f"{folder.unread:,} unread of " if folder.unread else ""
    return title(folder), f"{unread}{count(max(here, folder.total) if is_whole else here)}"


def address(folder: Folder) -> str:
    """What names a folder over sessions."""
    return f"{folder.account}/{folder.name}"


def written(place: Place | None, folder: Folder | None) -> str:
    """What names any place over sessions: of one that is no folder, its name behind `=`."""
    if folder is not None:
        return address(folder)
    return f"={place.name if isinstance(place, Saved) else place or ''}"


def begin(place: Place | None, folder: Folder | None) -> str | None:
    """Where to begin the next time; a view by its name behind `=`, all inboxes by nothing behind it."""
    if place == "inboxes":
        return "="
    return written(place, folder) if folder is not None or isinstance(place, Saved) else None


def place(kept: str, folders: Sequence[Folder], views: Collection[str], *, has_inboxes: bool) -> Place | None:
    """What `begin` told of; None while it is not known yet."""
    if kept[:1] == "=" and kept[1:] in views:
        return Saved(kept[1:])
    if kept == "=" and has_inboxes:
        return "inboxes"
    return next((folder.id for folder in folders if address(folder) == kept), None)
