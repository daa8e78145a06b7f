"""A Maildir: whether it is there, and can be written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tui_mail.model.errors import MailError

from ..maildir_store import MaildirStore
from .finding import Finding, wrong
from .folders import folders


def maildir(root: Path, list: Path) -> Iterator[Finding]:
    """`list` is where its numbering is kept."""
    store = MaildirStore(root, list)
    try:
        store.connect()
        yield Finding("place", "right", f"There is a Maildir in {root}.")
        yield from folders(store)
        locked = [one.name for one in store.folders() if one.selectable and not store.can_write(one.raw)]
        if locked:
            yield Finding("writing", "wrong", f"{len(locked):,} folders cannot be written.", "Check owner and mode.")
        else:
            yield Finding("writing", "right", "Every folder can be written.")
    except MailError as error:
        yield wrong("place", error)
    finally:
        store.close()
