"""The outbox of the durable file: what is on its way, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_mail.model.draft import Draft, DraftId, Outgoing, Waiting
from tui_mail.model.message import MessageId

from .kept_drafts import Drafts
from .schema import writing

_LETTER = (
    "id, draft, account, subject, recipients, due,"
    " CASE WHEN state = 'done' AND bounce != '' THEN 'bounced' ELSE state END,"
    " CASE WHEN bounce != '' THEN bounce ELSE why END, tries, reply, refused, sent_at"
)
_RECENT = 7 * 86400.0
"""Seconds for which a letter that is done with is still shown."""
_MOST_RECENT = 50
_AT_ONCE = 600.0
"""Seconds: who sends a letter that is due this soon means now."""
_LONGEST_PAUSE = 1000.0
"""No letter waits longer for its next try."""
_SHELL = -1
"""In `handed`: a command of the shell waits for this letter, and would have told how it ended."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that somebody is to carry or to file."""

    id: int
    draft: DraftId
    account: str
    outgoing: Outgoing
    state: str
    tries: int
    since_uid: int
    answers: MessageId
    forwards: bool
    answers_id: str
    """The Message-ID of what it answers."""
    sent_at: float
    appends: int
    """How often we began to put a copy into Sent."""


class Letters(Drafts):
    """A draft becomes a letter in one transaction, and a letter a draft again. Threads as for Drafts."""

    def post(
        self,
        draft: Draft,
        outgoing: Outgoing,
        *,
        due: float,
        at: float,
        owner: str,
        answers_id: str = "",
        state: str = "waiting",
        copy_from: int = 0,
    ) -> Waiting:
        """The letter and the end of its draft in one transaction."""
        with writing(self.connection):
            self._put(draft, "queued", owner)
            cursor = self.connection.execute(
                "INSERT INTO letter(draft, account, message_id, sender, recipients, subject, utf8, wire, copy, due,"
                " state, owner, since_uid, answers, forwards, answers_id, at, handed)"
                " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    *(draft.id, draft.account, outgoing.message_id, outgoing.sender, json.dumps(outgoing.recipients)),
                    *(outgoing.subject, int(outgoing.utf8), outgoing.wire, outgoing.copy, due, state),
                    *(owner if state == "sending" else "", copy_from, draft.answers, int(draft.forwards)),
                    *(answers_id, at, _SHELL if state == "sending" else 0),
                ),
            )
            id = int(cursor.lastrowid or 0)
        return Waiting(id, draft.id, draft.account, outgoing.subject, outgoing.recipients, due, state)

    def waiting(self) -> list[Waiting]:
        """Letters that are not done, and those that came back, soonest first."""
        rows = self.connection.execute(
            f"SELECT {_LETTER} FROM letter WHERE state != 'done' OR bounce != '' ORDER BY due, id"
        )
        return [_waiting(row) for row in rows]

    def recent(self, now: float) -> list[Waiting]:
        """Letters that were sent and filed these last days, the newest first."""
        rows = self.connection.execute(
            f"SELECT {_LETTER} FROM letter WHERE sent_at > max(0, ?) AND state = 'done' AND bounce = ''"
            " ORDER BY sent_at DESC LIMIT ?",
            (now - _RECENT, _MOST_RECENT),
        )
        return [_waiting(row) for row in rows]

    def one(self, id: int) -> Waiting | None:
        row = self.connection.execute(f"SELECT {_LETTER} FROM letter WHERE id = ?", (id,)).fetchone()
        return _waiting(row) if row else None

    def set_back(self, now: float) -> None:
        """Where the clock was set back since they were written: what was to go at once goes as soon as it would have
        then, and is tried again as soon. A time that the person chose is that time on the new clock."""
        late = "state = 'waiting' AND (at > ?1 + 1 AND due - at <= ?2 OR tries > 0 AND due > ?1 + ?3)"
        values = (now, _AT_ONCE, _LONGEST_PAUSE)
        if self.connection.execute(f"SELECT 1 FROM letter WHERE {late} LIMIT 1", values).fetchone() is not None:
            with writing(self.connection):
                self.connection.execute(
                    f"UPDATE letter SET due = ?1 + (CASE WHEN at > ?1 THEN due - at ELSE 0 END), at = ?1 WHERE {late}",
                    values,
                )

    def claim(self, now: float, owner: str, accounts: Sequence[str]) -> Letter | None:
        """The next letter that is due: from here on it is `sending`, and this process's alone."""
        with writing(self.connection):
            row = self.connection.execute(
                "SELECT id FROM letter WHERE state = 'waiting' AND due <= ?"
                " AND account IN (SELECT value FROM json_each(?)) ORDER BY due, id LIMIT 1",
                (now, json.dumps(list(accounts))),
            ).fetchone()
            if row is None:
                return None
            self.connection.execute(
                "UPDATE letter SET state = 'sending', owner = ?, tries = tries + 1, handed = 0 WHERE id = ?",
                (owner, row[0]),
            )
        return self.letter(row[0])

    def letter(self, id: int) -> Letter | None:
        row = self.connection.execute(
            "SELECT id, draft, account, message_id, sender, recipients, wire, copy, subject, utf8, state, tries,"
            " since_uid, answers, forwards, answers_id, sent_at, appends FROM letter WHERE id = ?",
            (id,),
        ).fetchone()
        if row is None:
            return None
        outgoing = Outgoing(row[3], row[4], tuple(json.loads(row[5])), row[6], row[7], row[8], bool(row[9]))
        state, tries, since_uid, answers, forwards, answers_id, sent_at, appends = row[10:]
        return Letter(
            *(row[0], DraftId(row[1]), row[2], outgoing, state, tries, since_uid),
            *(MessageId(answers), bool(forwards), answers_id, sent_at, appends),
        )

    def next_due(self, accounts: Sequence[str]) -> float | None:
        row = self.connection.execute(
            "SELECT min(due) FROM letter WHERE state = 'waiting' AND account IN (SELECT value FROM json_each(?))",
            (json.dumps(list(accounts)),),
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def to_file(self, accounts: Sequence[str]) -> list[tuple[int, str, str]]:
        """(letter, account, who sees to it) of those that were sent and whose copy is still to be filed."""
        return self.connection.execute(
            "SELECT id, account, owner FROM letter WHERE state = 'sent'"
            " AND account IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(accounts)),),
        ).fetchall()

    def will_append(self, id: int) -> None:
        """From here on a copy that is found in Sent may be ours."""
        with writing(self.connection):
            self.connection.execute("UPDATE letter SET appends = appends + 1 WHERE id = ?", (id,))

    def hurry(self, account: str, now: float) -> None:
        """The account can be reached again: what failed before is due now."""
        with writing(self.connection):
            self.connection.execute(
                "UPDATE letter SET due = ?1 WHERE account = ?2 AND state = 'waiting' AND tries > 0 AND due > ?1",
                (now, account),
            )

    def expect_copy(self, id: int, since_uid: int) -> None:
        """Sent's UIDNEXT, before SMTP: what the server files by itself has this uid or a higher one."""
        with writing(self.connection):
            self.connection.execute("UPDATE letter SET since_uid = ? WHERE id = ? AND since_uid = 0", (since_uid, id))

    def hand_over(self, id: int) -> None:
        """The last dot is about to leave: from here on a crash leaves the letter's fate unknown."""
        with writing(self.connection):
            self.connection.execute("UPDATE letter SET handed = 1 WHERE id = ?", (id,))

    def settle(
        self,
        id: int,
        state: str,
        *,
        why: str = "",
        due: float | None = None,
        sent_at: float = 0,
        owner: str = "",
        reply: str = "",
        refused: Mapping[str, str] | None = None,
    ) -> None:
        """What became of a letter; `done` and `sent` end its draft too. `owner` still sees to it.

        `refused`: the recipients that the server would not take; None leaves them as they were noted.
        """
        with writing(self.connection):
            self.connection.execute(
                "UPDATE letter SET state = ?, why = ?, owner = ?, due = coalesce(?, due),"
                " sent_at = CASE WHEN ? THEN ? ELSE sent_at END, reply = CASE WHEN ? != '' THEN ? ELSE reply END,"
                " refused = coalesce(?, refused) WHERE id = ?",
                (
                    *(state, why, owner, due, sent_at, sent_at, reply, reply),
                    *(None if refused is None else json.dumps(dict(refused)), id),
                ),
            )
            if state in ("sent", "done"):
                self.connection.execute(
                    "UPDATE draft SET state = 'sent' WHERE id = (SELECT draft FROM letter WHERE id = ?)", (id,)
                )
            if state == "done":  # the row stays as the memory of its Message-ID; its bytes are in Sent
                self.connection.execute("UPDATE letter SET wire = x'', copy = x'' WHERE id = ?", (id,))

    def call_back(self, id: int, *states: str) -> Draft | None:
        """The letter becomes a draft again, if it is in one of these states; None where it is not."""
        marks = ",".join("?" * len(states))
        with writing(self.connection):
            row = self.connection.execute(
                f"DELETE FROM letter WHERE id = ? AND state IN ({marks}) RETURNING draft", (id, *states)
            ).fetchone()
            if row is None:
                return None
            self.connection.execute("UPDATE draft SET state = 'open' WHERE id = ?", (row[0],))
        return self.draft(DraftId(row[0]))

    def adopt_orphans(self, is_alive: Callable[[str], bool]) -> None:
        """Letters whose process died while it was sending. Before the last dot had left nothing was sent: they wait
        again, those of the shell for the person. After it they may have gone out, and only the person sends them."""
        rows = self.connection.execute("SELECT id, owner, handed FROM letter WHERE state = 'sending'").fetchall()
        for id, name, handed in rows:
            if is_alive(name):
                continue
            match handed:
                case 0:
                    self.settle(id, "waiting")
                case _ if handed == _SHELL:
                    self.settle(
                        id, "refused", why="The command was ended before the letter went out; nothing was sent."
                    )
                case _:
                    self.settle(id, "unknown", why="The program ended while it was being sent. It may have gone out.")

    def unknown(self, accounts: Sequence[str]) -> list[int]:
        """Letters whose fate is not known."""
        rows = self.connection.execute(
            "SELECT id FROM letter WHERE state = 'unknown' AND account IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(accounts)),),
        )
        return [id for (id,) in rows]

    # --- what the person decides about a letter

    def reschedule(self, id: int, due: float) -> bool:
        """It goes then; False where it is past that."""
        with writing(self.connection):
            cursor = self.connection.execute(
                "UPDATE letter SET state = 'waiting', due = ?, tries = 0, why = '' WHERE id = ?"
                " AND state IN ('waiting', 'refused')",
                (due, id),
            )
        return cursor.rowcount > 0

    def send_to_others(self, id: int, now: float) -> bool:
        """The same letter, due now, without the recipients that were refused; False where nobody would be left."""
        with writing(self.connection):
            letter = self.one(id)
            if letter is None or letter.state != "refused" or not letter.refused or not letter.others:
                return False
            self.connection.execute(
                "UPDATE letter SET recipients = ?, state = 'waiting', due = ?, why = '' WHERE id = ?",
                (json.dumps(letter.others), now, id),
            )
        return True

    def came_back(self, message_id: str, why: str) -> Waiting | None:
        """Notes that a letter that was sent was not delivered; None where it is none of ours, or known already."""
        with writing(self.connection):
            row = self.connection.execute(
                "UPDATE letter SET bounce = ? WHERE message_id = ? AND state IN ('sent', 'done', 'unknown')"
                " AND bounce != ? RETURNING id",
                (why, message_id, why),
            ).fetchone()
        return self.one(row[0]) if row else None

    def acknowledge(self, id: int) -> None:
        """The person knows that it came back."""
        with writing(self.connection):
            self.connection.execute("UPDATE letter SET why = bounce, bounce = '' WHERE id = ? AND bounce != ''", (id,))

    def counts(self) -> int:
        """How many letters still have to go out."""
        row = self.connection.execute("SELECT count(*) FROM letter WHERE state IN ('waiting', 'sending')").fetchone()
        return int(row[0])


def _waiting(row: tuple[Any, ...]) -> Waiting:
    id, draft, account, subject, recipients, due, state, why, tries, reply, refused, sent_at = row
    who = tuple(json.loads(refused).items()) if refused else ()
    return Waiting(
        *(id, draft, account, subject, tuple(json.loads(recipients)), due, state, why, tries, reply, who, sent_at)
    )
