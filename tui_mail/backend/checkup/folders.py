"""The folders of a store, and what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from tui_mail.mime.clean import line
from tui_mail.model.folder import Role

from ..contract import Store
from .finding import Finding

_PLAYED = (Role.INBOX, Role.SENT, Role.DRAFTS, Role.ARCHIVE, Role.TRASH, Role.JUNK)


def folders(store: Store) -> Iterator[Finding]:
    """How many there are and which roles they play; no names of the person's own."""
    found = store.folders()
    roles = {folder.role: folder for folder in found if folder.role is not None}
    total = sum(folder.status.messages or 0 for folder in found)
    counted = f" with {total:,} messages" if total else ""
    yield Finding("folders", "right", f"{len(found):,} {'folder' if len(found) == 1 else 'folders'}{counted}.")
    played = ", ".join(f"{role.value} is {line(roles[role].name)}" for role in _PLAYED if role in roles)
    if played:
        yield Finding("roles", "right", f"{played[0].upper()}{played[1:]}.")
    missing = [role.value for role in _PLAYED if role not in roles]
    if missing:
        yield Finding(
            *("roles", "wrong" if "inbox" in missing else "note", f"No folder plays {', '.join(missing)}."),
            "One is made when it is needed, or name yours: folders = { … } under the account.",
        )
