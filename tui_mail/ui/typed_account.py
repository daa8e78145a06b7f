"""What stands in the form of a new account, and the account that it makes."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tui_mail.config import providers
from tui_mail.config.check import check
from tui_mail.config.credentials import Secret
from tui_mail.config.providers import Provider
from tui_mail.config.settings import Account, Security, Server, Settings
from tui_mail.mime.address_check import check as check_address
from tui_mail.model.errors import BadAddress, BadConfig

Keep = Literal["keyring", "ask", "command"]
"""Where the password is from the next run on: in the system's safe, asked for, or printed by a program."""
Part = Literal["name", "address", "password", "keep", "command", "imap", "smtp", "user", "ca"]
"""The fields of the form."""
PORTS: dict[Literal["imap", "smtp"], dict[str, str]] = {
    "imap": {"tls": "993", "starttls": "143", "none": "143"},
    "smtp": {"tls": "465", "starttls": "587", "none": "25"},
}
"""The usual port of each kind of encryption."""


class Wrong(Exception):
    """What stands in fields of the form and cannot be meant: a sentence for each."""

    def __init__(self, faults: dict[Part, str]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True, slots=True)
class TypedServer:
    """A server as it stands in its fields."""

    host: str = ""
    port: str = ""
    security: Security = "tls"

    @staticmethod
    def of(server: Server) -> TypedServer:
        return TypedServer(server.host, str(server.port), server.security)

    def server(self) -> Server:
        """Raises ValueError with a sentence."""
        host = self.host.strip()
        if not host:
            raise ValueError("Which server? Its name stands in the provider's help, often imap. or mail. and a domain.")
        if not self.port.strip().isdecimal() or not 1 <= int(self.port) <= 65535:
            raise ValueError("A port is a number from 1 to 65535.")
        return Server(host, int(self.port), self.security)


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything in the form. `own` are the parts that the person wrote and that no proposal may change."""

    name: str = ""
    address: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    keep: Keep = "keyring"
    command: str = ""
    imap: TypedServer = field(default_factory=TypedServer)
    smtp: TypedServer = field(default_factory=TypedServer)
    user: str = ""
    ca: str = ""
    own: frozenset[Part] = frozenset()

    @property
    def provider(self) -> Provider | None:
        """Who keeps this mail, by the address, else by a server that was typed."""
        return providers.find(self.address) or (providers.at(self.imap.host) if "imap" in self.own else None)

    def proposed(self) -> Typed:
        """With the servers that go with the address, where the person has not written others."""
        imap, smtp, user = TypedServer(port="993"), TypedServer(port="465"), self.address.strip()
        if (provider := self.provider) is not None:
            imap, smtp = TypedServer.of(provider.imap), TypedServer.of(provider.smtp)
            user = provider.login(user)
        else:
            try:
                found = providers.guess(self.address)
                imap, smtp = TypedServer.of(found.imap[0]), TypedServer.of(found.smtp[0])
            except ValueError:
                pass  # there is no whole domain yet, so there is nothing to propose
        return replace(
            self,
            imap=self.imap if "imap" in self.own else imap,
            smtp=self.smtp if "smtp" in self.own else smtp,
            user=self.user if "user" in self.own else user,
        )

    def others(self, part: Literal["imap", "smtp"]) -> tuple[Server, ...]:
        """More servers to try where the one that stands in the form is our guess."""
        if self.provider is not None or part in self.own:
            return ()
        try:
            found = providers.guess(self.address)
        except ValueError:
            return ()
        return (found.imap if part == "imap" else found.smtp)[1:]

    def account(self, key: str) -> Account:
        """Raises Wrong."""
        faults: dict[Part, str] = {}
        servers: dict[str, Server] = {}
        address = self.address.strip()
        try:
            check_address(address)
        except BadAddress as error:
            faults["address"] = str(error) if address else "Which address is it?"
        if self.keep != "command" and not self.password:
            wanted = self.provider.wants if self.provider else "password"
            faults["password"] = f"The {wanted} is missing."
        pairs: tuple[tuple[Part, TypedServer], ...] = (("imap", self.imap), ("smtp", self.smtp))
        for part, server in pairs:
            try:
                servers[part] = server.server()
            except ValueError as error:
                faults[part] = str(error)
        command = self._command(faults) if self.keep == "command" else ()
        ca_file = Path(self.ca.strip()).expanduser().absolute() if self.ca.strip() else None
        if ca_file is not None and not os.access(ca_file, os.R_OK):
            faults["ca"] = f"{ca_file} is not there or cannot be read."
        if faults:
            raise Wrong(faults)
        user = self.user.strip()
        made = Account(
            key,
            address,
            servers["imap"],
            servers["smtp"],
            name=self.name.strip(),
            user="" if user == address else user,
            password_command=command,
            ca_file=ca_file,
        )
        _check(made)
        return made

    def _command(self, faults: dict[Part, str]) -> tuple[str, ...]:
        try:
            words = shlex.split(self.command)
        except ValueError as error:
            faults["command"] = f"This cannot be read as a command: {str(error).lower()}."
            return ()
        if not words:
            faults["command"] = "Which command prints the password? For example: pass show mail/work"
        elif shutil.which(os.path.expanduser(words[0])) is None:
            faults["command"] = f"There is no program {words[0]}."
        else:
            words[0] = os.path.expanduser(words[0])
        return tuple(words)


def _check(account: Account) -> None:
    """What the configuration would not take, at the field where it stands."""
    try:
        check(Settings({account.key: account}), "")
    except BadConfig as error:
        words = error.text.removeprefix(": ")
        parts: tuple[Part, ...] = ("imap", "smtp", "address")
        part: Part = next((part for part in parts if f".{part}" in words), "address")
        raise Wrong({part: words[:1].upper() + words[1:]}) from error


def own_name() -> str:
    """The person's name as the system has it, or empty."""
    try:
        import pwd

        name = pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0].strip()
    except (ImportError, KeyError):  # another system, or a user it does not know
        return ""
    return name if " " in name and name.isprintable() else ""
