"""The person at our program: does what keys do, by the seed's dice, and restarts it now and then."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.engine.world import MORNING, Ears
from tests.sweeps.other import Census, Fate
from tests.sweeps.place import Place
from tui_mail.backend.contract import Store
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.maildir_store import MaildirStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials
from tui_mail.config.settings import Account, Compose, Keep, Settings, Sync
from tui_mail.engine.mail import Mail
from tui_mail.model.errors import MailError
from tui_mail.model.event import Failed
from tui_mail.model.folder import Folder, Role
from tui_mail.model.message import Summary
from tui_mail.model.query import Query

PATIENCE = 20.0
_HALF_AN_HOUR = 1800.0
"""Servers without CONDSTORE have all their flags compared this often."""


class Person:
    """Works at one mailbox; `said` is what was done, for a failing seed."""

    def __init__(
        self,
        place: Place,
        data: Path,
        dice: random.Random,
        fate: Fate,
        *,
        account: Account | None = None,
        timeout: float = 10,
    ) -> None:
        """`account` is another way to the same place: through something that breaks the line."""
        self._timeout = timeout
        self.place = place
        self.data = data
        self.now = float(MORNING)
        self.ears = Ears()
        self._account = account or place.account
        self._dice = dice
        self._fate = fate
        self._keep: Keep = dice.choice(["headers", "all"])
        self.mail = self._begin()

    def _begin(self) -> Mail:
        account = self._account
        self.ears = Ears()
        credentials = Credentials(ask=True)
        mail = Mail(
            Settings({account.key: account}, compose=Compose(undo_send=0), sync=Sync(keep=self._keep)),
            self.data,
            connect=self._store,
            carry=lambda account: SmtpSender(
                account, lambda: self.place.secret, timeout=self._timeout, final_timeout=self._timeout
            ),
            credentials=credentials,
            clock=lambda: self.now,
            grace=0,
        )
        mail.start(self.ears.listen)
        return mail

    def _store(self, account: Account) -> Store:
        if account.maildir is not None:
            return MaildirStore(account.maildir, self.data / "maildir.db", poll=0.2)
        return ImapStore(account, lambda: self.place.secret, timeout=self._timeout, poll=0.5)

    def restart(self) -> str:
        self.mail.close()
        self.mail = self._begin()
        return "restart"

    def close(self) -> None:
        self.mail.close()

    def failures(self) -> list[str]:
        return [str(event.error) for event in self.ears.of(Failed)]

    # --- looking

    def folders(self) -> list[Folder]:
        return [folder for folder in self.mail.folders() if folder.selectable]

    def rows(self, folder: Folder) -> list[Summary]:
        return [row for row in self.mail.rows(list(self.mail.listing(Query(folder.id)))) if row is not None]

    def census(self) -> Census:
        return {
            self.place.spelled(folder.raw): Counter((row.message_id, row.flags) for row in self.rows(folder))
            for folder in self.folders()
        }

    def miscounted(self) -> list[str]:
        """Folders whose figures differ from what is listed in them."""
        wrong = []
        for folder in self.folders():
            rows = self.rows(folder)
            listed = len(rows), sum(row.is_unread for row in rows)
            if listed != (folder.total, folder.unread):
                wrong.append(f"{folder.name} says {folder.total}/{folder.unread}, lists {listed[0]}/{listed[1]}")
        return wrong

    # --- acting

    def act(self) -> str:
        """One thing, in words."""
        verbs = [self.archive] * 3 + [self.star] * 2 + [self.mark] * 2 + [self.move] * 3 + [self.trash] * 3
        verbs += [self.spam, self.undo, self.undo, self.redo, self.read, self.look, self.check, self.settle]
        verb = self._dice.choice(verbs)
        try:
            return verb()
        except MailError as error:
            return f"{verb.__name__}: {error}"

    def _some(self, role: Role | None = None) -> list[Summary]:
        folders = self.folders()
        folders = [folder for folder in folders if folder.total and role in (None, folder.role)]
        if not folders:
            return []
        rows = [row for row in self.rows(self._dice.choice(folders)) if row.message_id]  # nobody judges what is blank
        return self._dice.sample(rows, min(len(rows), self._dice.randint(1, 4)))

    def _over(self, words: str, verb: Callable[[list[Summary]], object], role: Role | None = None) -> str:
        rows = self._some(role)
        if not rows:
            return f"{words} nothing"
        verb(rows)
        return f"{words} {' '.join(row.message_id for row in rows)} in folder {rows[0].folder}"

    def archive(self) -> str:
        return self._over("archive", lambda rows: self.mail.archive([row.id for row in rows]))

    def star(self) -> str:
        return self._over("star", lambda rows: self.mail.star([row.id for row in rows]))

    def mark(self) -> str:
        return self._over("mark read", lambda rows: self.mail.mark_read([row.id for row in rows]))

    def spam(self) -> str:
        return self._over("spam", lambda rows: self.mail.spam([row.id for row in rows]))

    def trash(self) -> str:
        """In Trash: for good."""
        bin = self.mail.role("work", Role.TRASH)

        def verb(rows: list[Summary]) -> None:
            if bin is not None:
                self._fate.doomed |= {row.message_id for row in rows if row.folder == bin.id}
            self.mail.trash([row.id for row in rows])

        return self._over("trash", verb, self._dice.choice([None, Role.TRASH]))

    def move(self) -> str:
        folders = self.folders()
        if not folders:
            return "no folders yet"
        target = self._dice.choice(folders)

        def verb(rows: list[Summary]) -> None:
            if self.place.spelled(target.raw) in self._fate.lost_folders:
                self._fate.doomed |= {row.message_id for row in rows}
            self.mail.move([row.id for row in rows], target.id)

        return self._over(f"move to {target.raw!r} ({target.id}):", verb)

    def undo(self) -> str:
        return f"undo: {self.mail.undo()}"

    def redo(self) -> str:
        return f"redo: {self.mail.redo()}"

    def read(self) -> str:
        return self._over("read", lambda rows: self.mail.read(rows[0].id))

    def look(self) -> str:
        folders = self.folders()
        if folders:
            self.mail.opened(self._dice.choice(folders).id)
        return "look into a folder"

    def check(self) -> str:
        self.mail.refresh()
        return "check mail"

    def settle(self) -> str:
        return f"settle: {self.mail.settled(PATIENCE)}"

    def rest(self) -> bool:
        """Time goes by, mail is checked, all is told; False where it never ends."""
        self.now += _HALF_AN_HOUR
        self.mail.refresh()
        return self.mail.settled(PATIENCE)
