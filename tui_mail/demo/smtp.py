"""The demo server's SMTP side: submission with AUTH, SIZE, 8BITMIME and SMTPUTF8 (RFC 5321, 4954, 1870, 6531)."""

from __future__ import annotations

import base64
import binascii
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .faults import Faults
from .journal import Journal
from .quirks import Quirks
from .wire import HungUp, TooLong, Wire

SIZE_LIMIT = 26_214_400
_PATH = re.compile(r"<([^<>\s]*)>((?: [A-Za-z0-9-]+(?:=[^\s=]+)?)*)\Z")
_MAILBOX = re.compile(r'(?:[^\s@"<>()\[\]:;,\\]+|"(?:[^"\\]|\\.)*")@(?:[^\s@<>()\[\]:;,\\"]+|\[[^\]\s]+\])\Z')


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter that was taken: who sent it, to whom, and its bytes as they came."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    parameters: str = ""
    """What followed MAIL FROM, such as `SIZE=264 SMTPUTF8`."""


class Reply(Exception):
    """An answer that ends the command: `550 5.1.1 No such user`."""


@dataclass(frozen=True, slots=True)
class Counter:
    """What all SMTP connections of a server share."""

    users: Mapping[str, str]
    quirks: Quirks
    take: Callable[[Envelope], None]
    """Given each letter, before the 250."""
    tls: ssl.SSLContext | None = None
    needs_tls: bool = False
    """No login before STARTTLS."""


@dataclass(slots=True)
class _Letter:
    """The transaction in hand."""

    sender: str | None = None
    parameters: str = ""
    recipients: list[str] = field(default_factory=list)


class Session:
    """Runs in a thread of its own until either side hangs up."""

    def __init__(self, counter: Counter, connection: socket.socket, faults: Faults, journal: Journal) -> None:
        self.wire = Wire(connection, faults, counter.quirks)
        self._counter = counter
        self._faults = faults
        self._journal = journal
        self._greeted = False
        self._user = ""
        self._letter = _Letter()

    def run(self, *, encrypt: bool = False) -> None:
        """Serves the client. `encrypt`: TLS from the first octet."""
        try:
            if encrypt and self._counter.tls is not None:
                self.wire.secure(self._counter.tls)
            self._say("220 demo.example.org ESMTP tui-mail demo")
            while True:
                self._serve(self._line())
        except (HungUp, TooLong):
            pass  # that is how sessions end
        finally:
            self.wire.close()

    def _say(self, reply: str) -> None:
        self.wire.write(reply.replace("\n", "\r\n").encode() + b"\r\n")

    def _line(self) -> str:
        line = self.wire.read_line()
        if not line.endswith(b"\r\n"):
            self._say("500 5.5.2 A line ends with CR and LF")
            return ""
        return line[:-2].decode("utf-8", "replace")

    def _serve(self, line: str) -> None:
        if not line:
            return
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        shown = f"AUTH {rest.split(' ')[0]} ****" if verb == "AUTH" and " " in rest else line
        self._journal.add(shown)
        if (reply := self._faults.refusal(shown)) is not None:
            self._say(reply)
            return
        if not self._cut(shown):
            self.wire.flush()  # it ends here, with nothing done
        try:
            self._say(self._do(verb, rest))
        except Reply as refusal:
            self._say(str(refusal))
        if verb == "QUIT":
            self.wire.flush()
            raise HungUp

    def _cut(self, shown: str) -> bool:
        """Arranges for the cut that a test asked for; False where the command must not be carried out."""
        cut = self._faults.cutting(shown)
        if cut is not None:
            self.wire.cut_next = True
        return cut is not False

    def _do(self, verb: str, rest: str) -> str:
        match verb:
            case "EHLO" | "HELO":
                return self._greet(verb, rest)
            case "STARTTLS":
                return self._encrypt(rest)
            case "AUTH":
                return self._authenticate(rest)
            case "MAIL":
                return self._begin(rest)
            case "RCPT":
                return self._address(rest)
            case "DATA":
                return self._take(rest)
            case "RSET":
                self._letter = _Letter()
                return "250 2.0.0 Forgotten"
            case "NOOP":
                return "250 2.0.0 Here"
            case "VRFY":
                return "252 2.5.0 Try it"
            case "QUIT":
                return "221 2.0.0 See you"
        return "500 5.5.1 Unknown command"

    @property
    def _offers_tls(self) -> bool:
        return self._counter.tls is not None and not self.wire.secured

    @property
    def _admits(self) -> bool:
        return self.wire.secured or not self._counter.needs_tls

    def _greet(self, verb: str, name: str) -> str:
        if not name or " " in name:
            raise Reply("501 5.5.4 Who is it?")
        self._greeted, self._letter = True, _Letter()
        if verb == "HELO":
            return "250 demo.example.org"
        offers = [f"SIZE {SIZE_LIMIT}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self._offers_tls:
            offers.append("STARTTLS")
        if self._admits:
            offers.append("AUTH PLAIN LOGIN")
        return "\n".join(["250-demo.example.org", *(f"250-{offer}" for offer in offers), "250 HELP"])

    def _encrypt(self, rest: str) -> str:
        if rest or not self._offers_tls or self._counter.tls is None:
            raise Reply("503 5.5.1 No TLS to begin here")
        if self.wire.has_input:
            raise Reply("503 5.5.1 Nothing may follow STARTTLS before its answer")
        self._say("220 2.0.0 Begin TLS")
        self.wire.flush()
        self.wire.secure(self._counter.tls)
        self._greeted, self._user, self._letter = False, "", _Letter()
        return self._do(*self._first())

    def _first(self) -> tuple[str, str]:
        """The command after TLS began."""
        line = self._line()
        self._journal.add(line)
        verb, _, rest = line.partition(" ")
        return verb.upper(), rest

    def _authenticate(self, rest: str) -> str:
        if not self._greeted or self._user or self._letter.sender is not None:
            raise Reply("503 5.5.1 Not now")
        if not self._admits:
            raise Reply("538 5.7.11 Not without TLS")
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            pieces = self._answer_to("", initial).split("\0")
            if len(pieces) != 3:
                raise Reply("501 5.5.2 Not a PLAIN response")
            user, password = pieces[1:]
        elif mechanism.upper() == "LOGIN":
            user = self._answer_to("Username:", initial)
            password = self._answer_to("Password:", "")
        else:
            raise Reply("504 5.5.4 Only PLAIN and LOGIN are known here")
        if self._counter.users.get(user) != password:
            raise Reply("535 5.7.8 Wrong user name or password")
        self._user = user
        return "235 2.7.0 Welcome"

    def _answer_to(self, question: str, coded: str) -> str:
        """What the client says to a challenge, or said at once."""
        if not coded:
            self._say("334 " + base64.b64encode(question.encode()).decode())
            coded = self._line()
        if coded == "*":
            raise Reply("501 5.7.0 Cancelled")
        try:
            return base64.b64decode(coded, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise Reply("501 5.5.2 Not base64") from error

    def _path(self, rest: str, word: str) -> tuple[str, str]:
        """The address and the parameters of MAIL FROM and RCPT TO."""
        if rest[: len(word)].upper() != word or (found := _PATH.match(rest[len(word) :])) is None:
            raise Reply(f"501 5.5.4 {word}<address> expected")
        address, parameters = found[1], found[2].strip()
        if address and _MAILBOX.match(address) is None:
            raise Reply(f"553 5.1.{7 if word == 'FROM:' else 3} Not an address")
        if not address.isascii() and "SMTPUTF8" not in f"{parameters} {self._letter.parameters}".upper().split():
            raise Reply("553 5.6.7 SMTPUTF8 was not asked for")
        return address, parameters

    def _begin(self, rest: str) -> str:
        if not self._user:
            raise Reply("530 5.7.0 Log in first")
        if self._letter.sender is not None:
            raise Reply("503 5.5.1 One letter at a time")
        sender, parameters = self._path(rest, "FROM:")
        for parameter in parameters.upper().split():
            name, _, value = parameter.partition("=")
            if name not in ("SIZE", "BODY", "SMTPUTF8", "AUTH"):
                raise Reply(f"555 5.5.4 Unknown parameter {name}")
            if name == "SIZE" and (not value.isdigit() or int(value) > SIZE_LIMIT):
                raise Reply("552 5.3.4 Too large")
        self._letter = _Letter(sender, parameters)
        return "250 2.1.0 Go on"

    def _address(self, rest: str) -> str:
        if self._letter.sender is None:
            raise Reply("503 5.5.1 MAIL first")
        recipient, parameters = self._path(rest, "TO:")
        if parameters or not recipient:
            raise Reply("555 5.5.4 Unknown parameter" if parameters else "553 5.1.3 Not an address")
        if recipient.lower().startswith("reject"):
            raise Reply("550 5.1.1 No such user here")
        if recipient.lower().startswith("defer"):
            raise Reply("451 4.2.1 Come back later")
        self._letter.recipients.append(recipient)
        return "250 2.1.5 Go on"

    def _take(self, rest: str) -> str:
        letter, self._letter = self._letter, self._letter
        if rest:
            raise Reply("501 5.5.4 DATA takes nothing")
        if letter.sender is None or not letter.recipients:
            raise Reply("503 5.5.1 To whom?" if letter.sender is None else "554 5.5.1 Nobody to send it to")
        self._say("354 End with a lone dot")
        data = self._data()
        self._letter = _Letter()
        self._journal.add(".")
        refusal = self._faults.refusal(".")
        if refusal is not None:
            return refusal
        if not self._cut("."):
            self.wire.flush()
        if data is None:
            raise Reply("552 5.3.4 Too large")
        if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
            raise Reply("550 5.6.0 Bare CR or LF in the letter")
        self._counter.take(Envelope(letter.sender, tuple(letter.recipients), data, letter.parameters))
        return "250 2.0.0 Taken"

    def _data(self) -> bytes | None:
        """The letter up to the dot, dots unstuffed; None where it was too large."""
        lines: list[bytes] = []
        size = 0
        while (line := self.wire.read_line()) != b".\r\n":
            size += len(line)
            if size <= SIZE_LIMIT:
                lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines) if size <= SIZE_LIMIT else None
