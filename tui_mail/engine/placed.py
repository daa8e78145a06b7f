"""The durable file's memory of drafts that stand in a server's Drafts folder too. Writer thread only."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from hashlib import blake2b

from tui_mail.model.draft import Draft, DraftId

from .kept_drafts import unpack_draft
from .schema import writing


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a draft there. Until it is `confirmed`, it was only about to be made."""

    draft: DraftId
    message_id: str
    digest: str
    """Of the draft as it was uploaded; empty: of something that another program wrote."""
    confirmed: bool
    size: int
    """Octets as the server counts them: another size under the same name is another letter."""


_COLUMNS = "placed.draft, placed.message_id, placed.digest, placed.confirmed, placed.size"


def digest(draft: Draft) -> str:
    """The same for drafts that are the same but for the time they were kept."""
    fields = {name: value for name, value in asdict(draft).items() if name not in ("changed", "account")}
    return blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=16).hexdigest()


class Placed:
    """Which drafts have which copies."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def open_drafts(self, account: str) -> list[Draft]:
        """The drafts of an account that are being written."""
        rows = self.connection.execute(
            "SELECT fields FROM draft WHERE account = ? AND state = 'open' ORDER BY changed", (account,)
        )
        return [unpack_draft(fields) for (fields,) in rows]

    def copies(self, draft: DraftId, account: str) -> list[Copy]:
        """The confirmed one first."""
        rows = self.connection.execute(
            f"SELECT {_COLUMNS} FROM placed WHERE draft = ? AND account = ? ORDER BY confirmed DESC", (draft, account)
        )
        return [_copy(*row) for row in rows]

    def leftovers(self, account: str) -> list[Copy]:
        """Copies of drafts that were sent, discarded, or are written from another account now."""
        rows = self.connection.execute(
            f"SELECT {_COLUMNS} FROM placed JOIN draft ON draft.id = placed.draft WHERE placed.account = ?"
            " AND (draft.state IN ('sent', 'discarded') OR draft.account != placed.account)",
            (account,),
        )
        return [_copy(*row) for row in rows]

    def put(self, copy: Copy, account: str) -> None:
        with writing(self.connection):
            self.connection.execute(
                "INSERT OR REPLACE INTO placed(draft, account, message_id, digest, confirmed, size)"
                " VALUES(?,?,?,?,?,?)",
                (copy.draft, account, copy.message_id, copy.digest, int(copy.confirmed), copy.size),
            )

    def forget(self, draft: DraftId, message_id: str = "") -> None:
        """One copy, or all of them."""
        with writing(self.connection):
            self.connection.execute(
                "DELETE FROM placed WHERE draft = ? AND (? = '' OR message_id = ?)", (draft, message_id, message_id)
            )

    def draft_of(self, message_id: str) -> DraftId | None:
        """The draft that this message is a copy of."""
        row = self.connection.execute("SELECT draft FROM placed WHERE message_id = ?", (message_id,)).fetchone()
        return DraftId(row[0]) if row else None

    def raw_folder(self, index: sqlite3.Connection, account: str) -> tuple[bytes, int] | None:
        """The account's Drafts folder: the server's name for it, and ours."""
        row = index.execute(
            "SELECT raw, id FROM folder WHERE account = ? AND role = 'drafts' AND NOT gone AND selectable", (account,)
        ).fetchone()
        return (bytes(row[0]), int(row[1])) if row else None


def _copy(draft: str, message_id: str, digest: str, confirmed: int, size: int) -> Copy:
    return Copy(DraftId(draft), message_id, digest, bool(confirmed), size)
