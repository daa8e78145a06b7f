"""The state of one IMAP connection, which every command reads and changes."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..folder import Folder
from ..mailbox import Mailbox
from ..quirks import Quirks
from ..wire import Wire
from . import names
from .syntax import Argument, Bad, No, Quoter, astring
from .view import View


@dataclass(frozen=True, slots=True)
class House:
    """What all connections of a server share."""

    mailbox: Mailbox
    users: Mapping[str, str]
    capabilities: frozenset[str]
    quirks: Quirks
    tls: ssl.SSLContext | None = None
    needs_tls: bool = False
    """No login before STARTTLS."""


@dataclass(slots=True)
class Talk:
    """One connection: where it stands and how it answers."""

    house: House
    wire: Wire
    quote: Quoter
    user: str | None = None
    """Who is logged in."""
    view: View | None = None
    """The selected folder."""
    identified: bool = False
    """ID was said."""
    enabled: set[str] = field(default_factory=set)
    """Of CONDSTORE and QRESYNC, what this client switched on."""
    notified: dict[str, int] | None = None
    """With NOTIFY: the mod-sequence of each folder that the client knows of."""
    listed: list[Folder] = field(default_factory=list)
    """With the quirk `old_list`: what was there at the first LIST."""
    selects: int = 0
    """How many folders it opened."""
    tag: str = ""
    by_uid: bool = False
    """The command in hand is a UID command."""

    @property
    def mailbox(self) -> Mailbox:
        return self.house.mailbox

    @property
    def quirks(self) -> Quirks:
        return self.house.quirks

    def ring(self) -> None:
        """Some folder changed; from any thread."""
        self.wire.wake()

    def can(self, capability: str) -> bool:
        return capability in self.house.capabilities

    @property
    def tells_modseqs(self) -> bool:
        return bool(self.enabled)

    def need(self, capability: str) -> None:
        """Raises Bad where the server does not offer this: a client must not try what is not offered."""
        if not self.can(capability):
            raise Bad(f"{capability} is not offered here")

    @property
    def opened(self) -> View:
        """The selected folder; Bad where none is."""
        if self.view is None:
            raise Bad("No folder is selected")
        return self.view

    @property
    def writable(self) -> View:
        view = self.opened
        if view.read_only:
            raise No("[CANNOT] Folder is read-only")
        return view

    def end(self) -> None:
        """The client is gone."""
        self.leave()
        with self.mailbox.lock:
            self.mailbox.watchers.discard(self.ring)

    def leave(self) -> None:
        if self.view is not None:
            with self.mailbox.lock:
                self.view.leave()
            self.view = None

    def folder(self, argument: Argument, *, missing: str = "[NONEXISTENT]") -> Folder:
        """The folder that an argument names; No with the code `missing` where there is none."""
        found = self.mailbox.folder(names.decode(astring(argument)))
        if found is None:
            raise No(f"{missing} No such folder")
        return found

    def say(self, line: bytes | str) -> None:
        """An untagged line, without its star and CRLF."""
        self.wire.write(b"* " + (line.encode() if isinstance(line, str) else line) + b"\r\n")

    def tell_news(self, *, expunges: bool = True) -> None:
        """Brings the client up to date with the selected folder."""
        view = self.view
        if view is None:
            return
        with self.mailbox.lock:
            for line in view.news(expunges=expunges, modseqs=self.tells_modseqs, vanished="QRESYNC" in self.enabled):
                self.wire.write(line)

    def capability_line(self) -> str:
        names = set(self.house.capabilities) - {"IMAP4REV1"}
        if self.user is None:
            if self.house.tls is not None and not self.wire.secured:
                names.add("STARTTLS")
            names.add("LOGINDISABLED" if self.must_encrypt else "AUTH=PLAIN")
        return " ".join(["CAPABILITY", "IMAP4rev1", *sorted(names)])

    @property
    def must_encrypt(self) -> bool:
        return self.house.needs_tls and not self.wire.secured
