"""Where an account's password comes from: typed in this run, printed by a command, or kept in the keyring."""

from __future__ import annotations

import base64
import hmac
import threading
import time
from typing import NoReturn, SupportsIndex

from tui_mail.model.errors import AuthFailed

from . import safe
from .settings import Account

_MASK = "***"
_FRESH = 30.0
"""Seconds in which a command's answer serves every connection of an account, so that it asks its questions once."""


class Secret:
    """A password that shows itself to nobody: `repr`, `str` and `format` are masked, and it cannot be pickled."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The password; for the line that goes to the server, nothing else."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, form: str) -> str:
        return _MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    __hash__ = None  # type: ignore[assignment]  # a key of a mapping is printed with it

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("A password is neither pickled nor copied.")


class Credentials:
    """Passwords of this run. Any thread may ask; a command or the keyring keeps only its own account waiting.

    `ask` says that a screen is up which asks for a missing password by itself: then a `password_command` gets no
    terminal (it would write over the screen), and the remedy is to type.
    """

    def __init__(self, ask: bool) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._typed: dict[str, Secret] = {}
        self._printed: dict[str, tuple[float, Secret]] = {}
        self._given: dict[str, list[Secret]] = {}
        """What each account was given in this run, each once."""
        self._seen: set[str] = set()

    def password(self, account: Account) -> Secret:
        """What was typed in this run, else the command's first line, else the keyring's; AuthFailed with a remedy."""
        with self._lock:
            typed = self._typed.get(account.key)
            busy = self._busy.setdefault(account.key, threading.Lock())
        if typed is None:
            with busy:
                typed = self._printed_by_command(account) if account.password_command else self._kept(account)
            self._remember(account, typed)
        with self._lock:
            given = self._given.setdefault(account.key, [])
            if typed not in given:
                given.append(typed)
        return typed

    def has_another(self, account: Account) -> bool:
        """Whether the command or the keyring gives a password by now that the account was not given yet; it is used
        then, instead of what was typed. Waits for the command, and not for anything typed."""
        with self._lock:
            typed = self._typed.pop(account.key, None)
            self._printed.pop(account.key, None)
            before = list(self._given.get(account.key, ()))
        try:
            if self.password(account) not in before:
                return True
        except AuthFailed:
            pass  # there is none there: it has to be typed
        if typed is not None:
            with self._lock:
                self._typed[account.key] = typed
        return False

    def offer(self, account: Account, secret: Secret, *, remember: bool = False) -> None:
        """Uses this password for the run; `remember` puts it into the keyring and reads it back.

        Raises StorageFailed where the keyring would not keep it; the password works for this run all the same.
        """
        self._remember(account, secret)
        with self._lock:
            self._typed[account.key] = secret
        if remember:
            safe.put(account, secret.reveal())

    def forget_run(self, account: Account) -> None:
        """Drops what was typed or printed in this run: the server would not have it. The keyring is not touched."""
        with self._lock:
            self._typed.pop(account.key, None)
            self._printed.pop(account.key, None)

    def typed(self) -> dict[str, Secret]:
        """What was typed in this run, by account: for the process that goes on when this one ends."""
        with self._lock:
            return dict(self._typed)

    def mask(self, text: str) -> str:
        """The text with every password of this run struck out, base64 as AUTH sends it included: for the log."""
        with self._lock:
            seen = sorted(self._seen, key=len, reverse=True)
        for form in seen:
            text = text.replace(form, _MASK)
        return text

    def _printed_by_command(self, account: Account) -> Secret:
        with self._lock:
            when, secret = self._printed.get(account.key, (0.0, Secret("")))
        if secret and time.monotonic() - when < _FRESH:
            return secret
        from . import command  # subprocess is not needed before the first frame

        secret = Secret(command.first_line(account, terminal=not self._ask))
        with self._lock:
            self._printed[account.key] = time.monotonic(), secret
        return secret

    def _kept(self, account: Account) -> Secret:
        kept, why = safe.get(account)
        if kept is None:
            raise AuthFailed(f"There is no password for {account.key}: {why}.", remedy=self._remedy(account))
        return Secret(kept)

    def _remedy(self, account: Account) -> str:
        if self._ask:
            return "Type it, or set password_command in the configuration."
        line = f"keyring set {safe.service(account)} {account.login}"
        return f"Set password_command under [accounts.{account.key}], or run: {line}"

    def _remember(self, account: Account, secret: Secret) -> Secret:
        """Keeps every form in which it could turn up in the log, so that `mask` knows them."""
        text = secret.reveal()
        if len(text) >= 4:  # a shorter one would strike out half the log
            forms = {text, _encoded(text), _encoded(f"\0{account.login}\0{text}")}
            with self._lock:
                self._seen |= forms
        return secret


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
