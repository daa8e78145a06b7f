"""A draft put down from the shell, in one short transaction beside a program that may be running."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import StorageFailed

from . import schema
from .letters import Letters

_NOBODY = ""
"""No live process holds it: it is seen at once by the program that runs now or next."""


def put_down(data: Path, draft: Draft, now: float) -> bool:
    """Keeps it among the open drafts; False where the very same one is there already. Raises StorageFailed."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = schema.connect(data / "work.db", durable=True)
        try:
            schema.prepare_work(connection, data / "work.db")
            letters = Letters(connection)
            with schema.writing(connection):
                if any(_same(one) == _same(draft) for one, _ in letters.open_drafts()):
                    return False
                letters.keep(replace(draft, changed=now), _NOBODY)
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise StorageFailed(f"The draft could not be kept in {data}: {error}.") from error
    return True


def _same(draft: Draft) -> Draft:
    """The draft without its name and time."""
    return replace(draft, id=DraftId(""), changed=0.0)
