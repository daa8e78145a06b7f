"""The certificates that the person trusts although nobody vouches for them: each for one host and one port."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import tomli_w

from tui_mail.model.certificate import unspelled
from tui_mail.model.errors import StorageFailed

from . import atomic
from .settings import Account, Server

_log = logging.getLogger("tui_mail.config.exceptions")


class Exceptions:
    """`certificates.toml`, read at every question: what was said in one place holds everywhere at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, server: Server) -> str:
        """The SHA-256 that is trusted there, or empty; what was said last wins over the configuration."""
        return unspelled(self._read().get(_key(server), "")) or unspelled(server.certificate)

    def applied(self, account: Account) -> Account:
        """The account with what is trusted as of now."""
        imap, smtp = (replace(server, certificate=self.of(server)) for server in (account.imap, account.smtp))
        return replace(account, imap=imap, smtp=smtp)

    def trust(self, server: Server, sha256: str) -> None:
        """From now on this certificate, and no other, is taken at that host and port. Raises StorageFailed."""
        self._write({**self._read(), _key(server): sha256})

    def forget(self, server: Server) -> None:
        """From now on somebody has to vouch for it again. Raises StorageFailed."""
        self._write({key: value for key, value in self._read().items() if key != _key(server)})

    def _read(self) -> Mapping[str, str]:
        try:
            found = tomllib.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:  # unreadable, not UTF-8, not TOML: then nothing is trusted
            _log.warning("%s cannot be read (%s): no exception holds", self._path, error)
            return {}
        return {key: value for key, value in found.items() if isinstance(value, str)}

    def _write(self, values: Mapping[str, str]) -> None:
        try:
            atomic.replace(self._path, tomli_w.dumps(dict(sorted(values.items()))).encode())
        except OSError as error:
            raise StorageFailed(f"{self._path} could not be written: {error.strerror}.") from error


def _key(server: Server) -> str:
    return f"{server.host.rstrip('.').lower()}:{server.port}"
