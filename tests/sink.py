"""A small SMTP server that keeps what it is given, byte for byte, and misbehaves where a test asks for it."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui_mail.config.settings import Security

CERTS = Path(__file__).parent / "backend" / "certs"
CA = CERTS / "ca.pem"
"""The authority that signed the certificates in this folder; they name localhost and never end."""

DROP = "drop"
"""A scripted answer: hang up."""
STALL = "stall"
"""A scripted answer: none, for as long as the connection lives."""
OFFERS = ("SIZE 50000000", "8BITMIME", "SMTPUTF8", "PIPELINING")


def server_tls(certificate: str = "good") -> ssl.SSLContext:
    """A server's side of TLS with one of the certificates."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("DEFAULT:@SECLEVEL=0")  # else this side would not take the weak one
    made.load_cert_chain(CERTS / f"{certificate}.pem")
    return made


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that the server said 250 to, or was cut off before it could."""

    sender: str
    options: str
    """What stood behind MAIL FROM."""
    recipients: tuple[str, ...]
    data: bytes
    """Dots unstuffed, without the last one."""
    wire: bytes
    """As it came, the lone dot included."""
    user: str
    is_encrypted: bool


class Sink:
    """Listens on loopback from the start; `close` ends everything. Recipients in `reject…` get 550, in `defer…` 451.

    `script` maps a pattern to what is answered instead of doing the command: text, DROP or STALL. Besides commands
    there are `GREETING`, `BODY` (at the letter's first octets) and `LETTER` (after the lone dot; the letter is kept).
    """

    def __init__(
        self,
        *,
        security: Security = "none",
        users: Mapping[str, str] | None = None,
        mechanisms: str = "PLAIN LOGIN",
        offers: tuple[str, ...] = OFFERS,
        script: Mapping[str, str] | None = None,
        certificate: str = "good",
    ) -> None:
        self.security = security
        self.users = users
        self.mechanisms = mechanisms
        self.offers = offers
        self.script = dict(script or {})
        self._turns: list[tuple[str, str]] = []
        self.taken: list[Taken] = []
        self.lines: list[str] = []
        """Every command line of every connection."""
        self.left = 0
        """How many connections have ended."""
        self.changed = threading.Condition()
        self.tls = server_tls(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._visits: list[Visit] = []
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True, name="sink").start()

    def wait(self, count: int, timeout: float = 30) -> list[Taken]:
        """What came in, once there are that many letters. Raises TimeoutError."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.taken) >= count, timeout):
                raise TimeoutError(f"{len(self.taken)} letters came, not {count}; lines: {self.lines}")
            return list(self.taken)

    def for_recipient(self, address: str, timeout: float = 30) -> Taken:
        """The first letter to that address. Raises TimeoutError."""
        with self.changed:
            if not self.changed.wait_for(lambda: any(address in one.recipients for one in self.taken), timeout):
                raise TimeoutError(f"nothing came for {address}; lines: {self.lines}")
            return next(one for one in self.taken if address in one.recipients)

    def keep(self, letter: Taken) -> None:
        with self.changed:
            self.taken.append(letter)
            self.changed.notify_all()

    def once(self, pattern: str, reply: str) -> None:
        """As in the script, for one command."""
        with self.changed:
            self._turns.append((pattern, reply))

    def answer_to(self, command: str) -> str | None:
        """What the script has for this command, or None."""
        with self.changed:
            for turn in self._turns:
                if re.match(turn[0], command, re.I):
                    self._turns.remove(turn)
                    return turn[1]
        return next((reply for pattern, reply in self.script.items() if re.match(pattern, command, re.I)), None)

    def close(self) -> None:
        shut(self._listener)
        with self.changed:
            visits, self._visits = self._visits, []
        for visit in visits:
            shut(visit.sock)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                self._listener.close()
                return  # closed
            visit = Visit(self, peer)
            with self.changed:
                self._visits.append(visit)
            threading.Thread(target=self._serve, args=(visit,), daemon=True, name="sink visit").start()

    def _serve(self, visit: Visit) -> None:
        try:
            visit.run()
        except (OSError, EOFError, ValueError):
            pass  # the client left, or spoke no TLS: what these tests are about
        finally:
            shut(visit.sock)
            visit.sock.close()
            with self.changed:
                self.left += 1
                self.changed.notify_all()


class Visit:
    """One connection."""

    def __init__(self, sink: Sink, sock: socket.socket) -> None:
        self.sink = sink
        self.sock = sock
        self.buffer = b""
        self.user = ""
        self.sender: str | None = None
        self.options = ""
        self.recipients: list[str] = []

    def run(self) -> None:
        if self.sink.security == "tls":
            self._encrypt()
        if not self._scripted("GREETING"):
            self.say("220 sink.example.org ESMTP")
        while True:
            line = self.line().decode("utf-8", "replace")
            with self.sink.changed:
                self.sink.lines.append(line)
            if not self._scripted(line) and self._obey(line):
                return

    def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self._more()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def say(self, *lines: str) -> None:
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def _scripted(self, command: str) -> bool:
        reply = self.sink.answer_to(command)
        if reply == DROP:
            raise EOFError
        if reply == STALL:
            while True:
                self._more()
        if reply is not None:
            self.say(reply)
        return reply is not None

    def _encrypt(self) -> None:
        self.sock = self.sink.tls.wrap_socket(self.sock, server_side=True)

    def _obey(self, line: str) -> bool:
        """Does one command; True when it was QUIT."""
        word = line.split(" ", 1)[0].upper()
        match word:
            case "EHLO" | "HELO":
                self._greet()
            case "STARTTLS":
                self.say("220 go ahead")
                self._encrypt()
            case "AUTH":
                self._authenticate(line)
            case "MAIL":
                self._mail(line)
            case "RCPT":
                self._recipient(line)
            case "DATA" if self.recipients:
                self._data()
            case "RSET":
                self.sender, self.recipients = None, []
                self.say("250 2.0.0 forgotten")
            case "NOOP":
                self.say("250 2.0.0 here")
            case "QUIT":
                self.say("221 2.0.0 bye")
            case _:
                self.say("503 5.5.1 not now")
        return word == "QUIT"

    def _greet(self) -> None:
        lines = ["sink.example.org", *self.sink.offers]
        encrypted = isinstance(self.sock, ssl.SSLSocket)
        if self.sink.security == "starttls" and not encrypted:
            lines.append("STARTTLS")
        elif self.sink.users is not None:
            lines.append(f"AUTH {self.sink.mechanisms}")
        self.say(*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")

    def _authenticate(self, line: str) -> None:
        words = line.split()
        if words[1].upper() == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            answers = []
            for question in ("Username:", "Password:"):
                self.say(f"334 {base64.b64encode(question.encode()).decode()}")
                answers.append(base64.b64decode(self.line()).decode())
            user, password = answers
        if (self.sink.users or {}).get(user) == password:
            self.user = user
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 Error: authentication failed")

    def _mail(self, line: str) -> None:
        if self.sink.users is not None and not self.user:
            self.say("530 5.7.0 Authentication required")
            return
        found = re.match(r"MAIL FROM:<([^>]*)>\s*(.*)", line, re.I)
        if found is None:
            self.say("501 5.5.4 what?")
            return
        self.sender, self.options, self.recipients = found[1], found[2], []
        self.say("250 2.1.0 OK")

    def _recipient(self, line: str) -> None:
        found = re.match(r"RCPT TO:<([^>]*)>", line, re.I)
        if found is None or self.sender is None:
            self.say("503 5.5.1 first MAIL")
        elif found[1].startswith("reject"):
            self.say(f"550 5.1.1 <{found[1]}>: no such user")
        elif found[1].startswith("defer"):
            self.say(f"451 4.2.1 <{found[1]}>: try again later")
        else:
            self.recipients.append(found[1])
            self.say("250 2.1.5 OK")

    def _data(self) -> None:
        self.say("354 go on")
        if self.sink.answer_to("BODY") is not None:
            self._more()
            self._scripted("BODY")
        while not self.buffer.startswith(b".\r\n") and b"\r\n.\r\n" not in self.buffer:
            self._more()
        end = 3 if self.buffer.startswith(b".\r\n") else self.buffer.index(b"\r\n.\r\n") + 5
        wire, self.buffer = self.buffer[:end], self.buffer[end:]
        data = re.sub(rb"(?m)^\.", b"", wire[:-3])
        encrypted = isinstance(self.sock, ssl.SSLSocket)
        self.sink.keep(Taken(self.sender or "", self.options, tuple(self.recipients), data, wire, self.user, encrypted))
        if not self._scripted("LETTER"):
            self.say("250 2.0.0 taken")
        self.sender, self.recipients = None, []


def shut(sock: socket.socket) -> None:
    """Ends a connection, or the wait for one; only the thread that serves it closes its socket afterwards.

    A number that is closed under a thread that still reads is given to the next socket, and TLS writes to the number:
    its alert then lands in the middle of somebody else's dialogue.
    """
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other side was faster
