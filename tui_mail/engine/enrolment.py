"""How an account comes into the program: tried, its password kept, its lines put at the end of the configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from tui_mail.backend.contract import Sender, Store
from tui_mail.config import file, safe
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server, Settings

from . import probe
from .doubts import Doubts


class Enrolment:
    """For the screens that add, change and remove accounts. What takes time is a Future."""

    def __init__(
        self,
        path: Path,
        data: Path,
        credentials: Credentials,
        *,
        connect: Callable[[Account], Store],
        carry: Callable[[Account], Sender],
        doubts: Doubts | None = None,
    ) -> None:
        """`path` is config.toml, `data` where mail is kept: to be named in sentences."""
        self.doubts = doubts
        self.path = path
        self.data = data
        self._credentials = credentials
        self._connect = connect
        self._carry = carry

    def settings(self) -> Settings:
        """What the file says now; raises BadConfig."""
        return file.load(self.path)

    def key_for(self, address: str) -> str:
        """A name for `[accounts.NAME]` that is not taken."""
        taken = self.settings().accounts
        labels = address.rpartition("@")[2].lower().split(".")[:-1]
        found = next((label for label in reversed(labels) if len(label) > 3), labels[0] if labels else "")
        name = re.sub(r"[^a-z0-9_-]", "", found) or "mail"
        number = 1
        while (key := name if number == 1 else f"{name}-{number}") in taken:
            number += 1
        return key

    def line_of(self, key: str) -> int:
        """The line of the file where this account begins, 1 where that cannot be said."""
        return file.line_of(self.path, key)

    # --- asked and awaited

    def why_not_kept(self) -> Future[str]:
        """Why the keyring cannot be used, in half a sentence; empty where it can."""
        return probe.alone(safe.why_not)

    def unlock(self, account: Account, secret: Secret | None) -> Future[None]:
        """Makes the password known for this run: the typed one, else what the account's command prints.

        AuthFailed where the command does not print one.
        """

        def job() -> None:
            self._credentials.forget_run(account)
            if secret is not None:
                self._credentials.offer(account, secret)
            else:
                self._credentials.password(account)

        return probe.alone(job)

    def reading(self, account: Account, others: Sequence[Server]) -> Future[Server]:
        """After `unlock`: the server that gives this account its mail; see `probe.reading`."""
        return probe.reading(account, others, self._connect)

    def sending(self, account: Account, others: Sequence[Server]) -> Future[Server]:
        """After `unlock`: the server that takes this account's letters; see `probe.sending`."""
        return probe.sending(account, others, self._carry)

    def keep(self, account: Account, secret: Secret) -> Future[None]:
        """Puts the password into the keyring and reads it back; StorageFailed where it is not there."""
        return probe.alone(lambda: self._credentials.offer(account, secret, remember=True))

    def write(self, account: Account) -> Future[None]:
        """Appends the account to the file. BadConfig, StorageFailed: the file is as it was."""
        return probe.alone(lambda: file.append_account(self.path, account))

    def forget(self, account: Account) -> Future[None]:
        """Takes the password out of the keyring; StorageFailed where it would not go."""

        def job() -> None:
            self._credentials.forget_run(account)
            safe.drop(account)

        return probe.alone(job)
