"""The drafts of the durable file with their older texts."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace

from tui_mail.model.draft import Draft, DraftId, Enclosure

from .schema import writing

_VERSION_EVERY = 60.0
"""Seconds between two kept versions of a draft."""
_MOST_VERSIONS = 40
_MUCH = 200
"""Characters of a text that go at once: what it was before is kept then, however new."""


def pack_draft(draft: Draft) -> str:
    """Names of files that are no UTF-8 hold surrogates, which the database takes only escaped."""
    text = json.dumps(asdict(draft), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(asdict(draft))
    return text


def unpack_draft(text: str) -> Draft:
    """Fields that a newer or older program wrote are passed over, so that the text is never out of reach."""
    fields = json.loads(text)
    known = {name: fields[name] for name in Draft.__slots__ if name in fields}
    known["enclosures"] = tuple(
        Enclosure(**{name: one[name] for name in Enclosure.__slots__ if name in one})
        for one in fields.get("enclosures", ())
    )
    known["references"] = tuple(fields.get("references", ()))
    return Draft(**known)


class Drafts:
    """What was typed, in work.db. Used on the writer thread, and by the shell's `send` in its own process."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def keep(self, draft: Draft, owner: str) -> None:
        """The newest text of an open draft; an older text, and one that is discarded or sent, changes nothing."""
        with writing(self.connection):
            row = self.connection.execute("SELECT state, changed FROM draft WHERE id = ?", (draft.id,)).fetchone()
            if row is not None and (row[0] != "open" or row[1] > draft.changed):
                return
            self._put(draft, "open", owner)

    def _put(self, draft: Draft, state: str, owner: str) -> None:
        before = self.draft(draft.id)
        if before is not None and self._is_worth_keeping(before, draft):
            self._keep_version(before)
        self.connection.execute(
            "INSERT INTO draft VALUES(?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET account = excluded.account,"
            " state = excluded.state, changed = excluded.changed, owner = excluded.owner, fields = excluded.fields",
            (draft.id, draft.account, state, draft.changed, owner, pack_draft(draft)),
        )
        if before is None:
            self._keep_version(draft)

    def _is_worth_keeping(self, before: Draft, now: Draft) -> bool:
        """Once a minute, and whenever much of the text goes at once."""
        if before.body != now.body and len(before.body) - len(now.body) > _MUCH:
            return True
        (newest,) = self.connection.execute("SELECT max(changed) FROM version WHERE draft = ?", (now.id,)).fetchone()
        return newest is None or now.changed - newest >= _VERSION_EVERY

    def keep_version(self, draft: Draft) -> None:
        """This text stays among the older ones, whatever comes."""
        with writing(self.connection):
            self._keep_version(draft)

    def _keep_version(self, draft: Draft) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO version VALUES(?,?,?)", (draft.id, draft.changed, pack_draft(draft))
        )
        self.connection.execute(
            "DELETE FROM version WHERE draft = ?1 AND changed NOT IN"
            " (SELECT changed FROM version WHERE draft = ?1 ORDER BY changed DESC LIMIT ?2)",
            (draft.id, _MOST_VERSIONS),
        )

    def versions(self, draft: DraftId) -> list[Draft]:
        """Its kept texts, the newest first; each differs from the one before."""
        rows = self.connection.execute(
            "SELECT fields, changed FROM version WHERE draft = ? ORDER BY changed DESC", (draft,)
        )
        return [replace(unpack_draft(fields), changed=changed) for fields, changed in rows]

    def is_sent(self, draft: DraftId) -> bool:
        """Whether nobody will write on it any more."""
        row = self.connection.execute("SELECT state FROM draft WHERE id = ?", (draft,)).fetchone()
        return row is not None and row[0] == "sent"

    def discard(self, draft: DraftId) -> None:
        """Out of sight; its text stays for `recover`."""
        with writing(self.connection):
            self.connection.execute("UPDATE draft SET state = 'discarded' WHERE id = ? AND state = 'open'", (draft,))

    def recover(self, draft: DraftId) -> None:
        with writing(self.connection):
            self.connection.execute("UPDATE draft SET state = 'open' WHERE id = ? AND state = 'discarded'", (draft,))

    def open_drafts(self) -> list[tuple[Draft, str]]:
        """Drafts that are neither sent nor discarded with the process that holds each, newest first."""
        rows = self.connection.execute(
            "SELECT fields, owner, changed FROM draft WHERE state = 'open' ORDER BY changed DESC"
        )
        return [(replace(unpack_draft(fields), changed=changed), owner) for fields, owner, changed in rows]

    def draft(self, id: DraftId) -> Draft | None:
        row = self.connection.execute("SELECT fields FROM draft WHERE id = ?", (id,)).fetchone()
        return unpack_draft(row[0]) if row else None
