"""What stands in a list that has nothing to show: why, and what can be done about it."""

from __future__ import annotations

from tui_mail.model.event import Connection
from tui_mail.model.folder import Folder, Role

from .keys import Keymap
from .widgets.folder_tree import Place, title

Words = tuple[str, ...]
"""Lines for the middle of a list; the first says what is, an empty one is a gap."""

CALM = {
    Role.INBOX: ("All done.", "", "New mail appears here by itself."),
    Role.SENT: ("Nothing was sent yet.",),
    Role.DRAFTS: ("No draft lies on the server.",),
    Role.JUNK: ("No junk. Long may it last.",),
    Role.TRASH: ("Trash is empty.",),
}


def of_a_place(
    place: Place | None, folder: Folder | None, connection: Connection | None, keymap: Keymap, *, is_view: bool
) -> Words:
    """A folder or a view; `is_view`: one that is made of a query."""
    if folder is not None:
        return of_a_folder(folder, connection, keymap)
    if is_view:
        return ("Nothing is in this view.",)
    return of_the_stars(keymap) if place == "starred" else of_an_account(connection, keymap)


def of_a_folder(folder: Folder, connection: Connection | None, keymap: Keymap) -> Words:
    """A folder whose messages are gone, or not here yet."""
    trouble = _trouble(connection, keymap)
    if folder.held is None:
        return ("Not fetched yet.", "", *trouble) if trouble else ("Fetching the messages …",)
    calm: Words = (f"{title(folder)} is empty.",)
    if folder.role in CALM:
        calm = CALM[folder.role]
    if folder.role is Role.ARCHIVE and (key := keymap.shown("message.archive")):
        return (*calm, "", f"{key} on a message puts it here.")
    if folder.role is Role.INBOX and trouble:
        return ("Nothing is here.", "", *trouble)
    return calm


def of_the_stars(keymap: Keymap) -> Words:
    key = keymap.shown("message.star")
    return ("Nothing is starred.", "", f"{key} sets a star on a message.") if key else ("Nothing is starred.",)


def of_a_search(words: str) -> Words:
    what = f"Nothing found for “{words}”." if words.strip() else "Nothing found."
    return (what, "", "All mail that is stored here was looked through; what is still being fetched is found later.")


def of_an_account(connection: Connection | None, keymap: Keymap) -> Words:
    """Before the first folder is known."""
    trouble = _trouble(connection, keymap)
    return (
        ("No mail yet.", "", *trouble) if trouble else ("Fetching your folders …", "", "The first time takes longest.")
    )


def _trouble(connection: Connection | None, keymap: Keymap) -> Words:
    """Why nothing comes, and the key that tries again; nothing where all is well."""
    if connection is None:
        return ()
    again = keymap.shown("view.refresh")
    match connection.state:
        case "auth":
            return ("The password is missing.", *((f"{again} asks for it again.",) if again else ()))
        case "offline":
            why = connection.why or "There is no connection."
            return (why, "", f"It is tried again by itself; {again} tries at once." if again else "It is tried again.")
        case "stopped":
            return ("This account is at rest.",)
        case _:
            return ()
