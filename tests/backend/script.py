"""An IMAP server that says exactly what a test tells it to: for what no real server does."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from tests.sink import shut
from tui_mail.backend.contract import Trace
from tui_mail.backend.imap_store import ImapStore
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Security, Server

CERTS = Path(__file__).parent / "certs"
PASSWORD = "tr0ub4dor & 3"

Reply = bytes | Callable[["Peer", bytes], bytes | None]
"""What a command is answered: octets with `%T` for its tag, or a function of (peer, command) that may send by itself.

Empty octets are silence, None ends the connection.
"""


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.waiting = b""

    def send(self, octets: bytes) -> None:
        self.sock.sendall(octets)

    def line(self) -> bytes | None:
        while b"\n" not in self.waiting:
            if not (octets := self.sock.recv(65536)):
                return None
            self.waiting += octets
        line, _, self.waiting = self.waiting.partition(b"\n")
        return line.rstrip(b"\r")

    def octets(self, count: int) -> bytes:
        while len(self.waiting) < count and (octets := self.sock.recv(65536)):
            self.waiting += octets
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken


CAPABILITIES = b"IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+"
DEFAULTS: dict[bytes, Reply] = {
    rb"CAPABILITY": b"* CAPABILITY %C\r\n%T OK done\r\n",
    rb"LOGIN|AUTHENTICATE": b"%T OK [CAPABILITY %C] in\r\n",
    rb"LIST": b'* LIST () "/" INBOX\r\n%T OK done\r\n',
    rb"SELECT|EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 8] n\r\n%T OK [READ-WRITE] in\r\n",
    rb"UID SEARCH": b"* SEARCH 5 6 7\r\n%T OK done\r\n",
    rb"IDLE": lambda peer, command: _idle(peer, command),
    rb"": b"%T OK done\r\n",
}


def _idle(peer: Peer, command: bytes) -> bytes:
    peer.send(b"+ idling\r\n")
    peer.line()
    return b"%T OK done\r\n"


class Script:
    """Serves connections in threads until it is left. `said` is what clients sent in the clear, `hidden` under TLS."""

    def __init__(
        self,
        replies: Mapping[bytes, Reply] | None = None,
        *,
        greeting: bytes = b"* OK [CAPABILITY %C] hello\r\n",
        capabilities: bytes = CAPABILITIES,
        starttls: bytes | None = None,
        security: Security = "none",
        takes_literals: bool = True,
        certificate: str = "good",
    ) -> None:
        """`starttls` is answered to STARTTLS, and the line is encrypted then; None: it is not offered.

        Without `takes_literals` a literal that asks is answered by the reply to its command.
        """
        self._takes_literals = takes_literals
        self._certificate = certificate
        self._table = [
            (re.compile(key, re.I | re.S), reply) for key, reply in (*(replies or {}).items(), *DEFAULTS.items())
        ]
        self._greeting = greeting
        self._capabilities = capabilities
        self._starttls = starttls
        self._security: Security = security
        self.said: list[bytes] = []
        self.hidden: list[bytes] = []
        self.literals: list[bytes] = []
        self.connections = 0
        self._peers: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Script:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sock in (self._listener, *self._peers):
            shut(sock)

    @property
    def security(self) -> Security:
        """How a client is to speak to it."""
        return self._security if self._starttls is None else "starttls"

    @property
    def commands(self) -> list[bytes]:
        """What was sent, without tags."""
        return [line.partition(b" ")[2] for line in (*self.said, *self.hidden)]

    def asked(self, verb: bytes) -> list[bytes]:
        """The commands that begin so, in order."""
        return [command for command in self.commands if command.startswith(verb)]

    def store(
        self,
        *,
        timeout: float = 5,
        trace: Trace | None = None,
        poll: float = 60,
        idle: float = 300,
        rest: float = 15,
        sign: float = 10,
    ) -> ImapStore:
        """A store that is not connected yet."""
        server = Server("localhost", self.port, self.security)
        account = Account("test", "ann@example.org", server, server, ca_file=CERTS / "ca.pem")
        return ImapStore(
            *(account, lambda: Secret(PASSWORD)),
            timeout=timeout,
            trace=trace,
            poll=poll,
            idle=idle,
            rest=rest,
            sign=sign,
        )

    def connected(
        self, timeout: float = 5, trace: Trace | None = None, poll: float = 60, idle: float = 300
    ) -> ImapStore:
        """A store that is logged in and has INBOX open: uids 5, 6 and 7."""
        store = self.store(timeout=timeout, trace=trace, poll=poll, idle=idle)
        store.connect()
        store.open(b"INBOX")
        return store

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                self._listener.close()
                return  # the test is over
            self.connections += 1
            self._peers.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        peer = Peer(sock)
        try:
            if self._security == "tls":
                self._encrypt(peer)
            self._talk(peer)
        except (OSError, ValueError):
            pass  # the client is gone: what it did is what the test looks at
        finally:
            peer.sock.close()

    def _encrypt(self, peer: Peer) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # else this side would not take the weak one
        context.load_cert_chain(CERTS / f"{self._certificate}.pem")
        peer.sock = context.wrap_socket(peer.sock, server_side=True)
        self._peers.append(peer.sock)
        peer.waiting = b""

    def _talk(self, peer: Peer) -> None:
        offered = self._capabilities + (b" STARTTLS" if self._starttls is not None else b"")
        peer.send(self._greeting.replace(b"%C", offered))
        said = self.hidden if self._security == "tls" else self.said
        while (line := peer.line()) is not None:
            said.append(line)
            line = self._with_literals(peer, line)
            tag, _, command = line.partition(b" ")
            if self._starttls is not None and command == b"STARTTLS":
                peer.send(self._starttls.replace(b"%T", tag))
                self._encrypt(peer)
                offered, said = self._capabilities, self.hidden
                continue
            reply = next(reply for pattern, reply in self._table if pattern.match(command))
            answer = reply if isinstance(reply, bytes) else reply(peer, command)
            if answer is None:
                return
            peer.send(answer.replace(b"%T", tag).replace(b"%C", offered))

    def _with_literals(self, peer: Peer, line: bytes) -> bytes:
        while (match := re.search(rb"\{(\d+)(\+?)\}\Z", line)) is not None:
            if not match[2]:
                if not self._takes_literals:
                    return line
                peer.send(b"+ go on\r\n")
            self.literals.append(peer.octets(int(match[1])))
            line += self.literals[-1] + (peer.line() or b"")
        return line
