"""How large a letter may be at each account's server: as it said last, or asked for while the letter is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from tui_mail.backend.contract import Sender
from tui_mail.config.settings import Account

from .probe import alone
from .windows import Windows
from .writer import Writer


class Limits:
    """Any thread may ask. The outbox learns with every letter; who writes a large first one has the server asked."""

    def __init__(
        self, accounts: Mapping[str, Account], writer: Writer, windows: Windows, carry: Callable[[Account], Sender]
    ) -> None:
        self._accounts = accounts
        self._writer = writer
        self._windows = windows
        self._carry = carry

    def of(self, account: str) -> int:
        """Octets that a letter may have: the least of what the settings and the server say; 0 where nobody does."""
        configured = self._accounts[account].largest_letter if account in self._accounts else 0
        return min(filter(None, (configured, self._windows.limit(account))), default=0)

    def is_known(self, account: str) -> bool:
        """Whether there is nothing to ask the server for."""
        return account not in self._accounts or self._windows.limit(account) is not None

    def ask(self, account: str) -> Future[int]:
        """Has the server say it, without a login; what `of` answers then. Raises what `Sender.greet` raises."""
        return alone(lambda: self._ask(account))

    def _ask(self, account: str) -> int:
        sender = self._carry(self._accounts[account])
        sender.greet()
        limit = sender.limit
        if limit is not None:
            self._writer.do(lambda books: books.work.keep_limit(account, limit)).result()
        return self.of(account)
