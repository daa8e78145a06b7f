"""The demo server: IMAP and SMTP on two loopback ports over one mailbox, with faults that tests can ask for."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from . import smtp
from .faults import Faults
from .imap import session as imap
from .imap.talk import House
from .journal import Journal
from .mailbox import Mailbox
from .quirks import Quirks, offered
from .smtp import Envelope

DEMO_USERS: Mapping[str, str] = {"demo@example.org": "demo"}
Security: TypeAlias = Literal["none", "starttls", "tls"]
_Session: TypeAlias = "imap.Session | smtp.Session"


class Server:
    """Starts in milliseconds; everything runs in daemon threads. After `stop`, `start` takes the same ports again."""

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        users: Mapping[str, str] = DEMO_USERS,
        capabilities: Iterable[str] | None = None,
        quirks: Iterable[str] = (),
        tls: ssl.SSLContext | None = None,
        security: Security | None = None,
        taken: Callable[[Envelope], None] | None = None,
    ) -> None:
        """`security` is `starttls` where `tls` is given, unless it says `tls`. `taken` hears of each letter sent."""
        self.mailbox = mailbox
        self.quirks = Quirks(quirks)
        self.capabilities = offered(capabilities, self.quirks)
        self.faults = Faults()
        self.log = Journal()
        """The commands that came, without tags, passwords masked."""
        self.sent: list[Envelope] = []
        """What SMTP took, oldest first."""
        self.imap_port = 0
        self.smtp_port = 0
        self._security: Security = security or ("none" if tls is None else "starttls")
        self._taken = taken
        needs_tls = self._security == "starttls"
        self._house = House(mailbox, users, self.capabilities, self.quirks, tls, needs_tls)
        self._counter = smtp.Counter(users, self.quirks, self._take, tls, needs_tls)
        self._lock = threading.Lock()
        self._open: set[_Session] = set()
        self._stop: Callable[[], None] | None = None

    def start(self) -> Server:
        """Listens; returns itself. Raises OSError where a port is taken."""
        listeners = [_listener(port) for port in (self.imap_port, self.smtp_port)]
        self.imap_port, self.smtp_port = (listener.getsockname()[1] for listener in listeners)
        bell, ringer = socket.socketpair()
        thread = threading.Thread(
            target=self._accept, args=(listeners[0], listeners[1], bell), name="demo-accept", daemon=True
        )
        thread.start()

        def stop() -> None:
            ringer.close()
            thread.join(2)

        self._stop = stop
        return self

    def stop(self) -> None:
        """Closes ports and connections; a stopped server may be started again."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        self.drop()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # what tests ask for

    def hold(self) -> None:
        """Goes on reading and doing, but lets no answer out; new connections get no greeting either."""
        self.faults.held = True

    def release(self) -> None:
        """Lets out what `hold` held back."""
        self.faults.held = False
        self._each(lambda session: session.wire.wake())

    def refuse(self, command: str, reply: str, times: int | None = 1) -> None:
        """Answers commands that match the pattern with `reply` (`NO [OVERQUOTA] Full`, `451 4.3.0 Later`) instead."""
        self.faults.refuse(command, reply, times)

    def cut(
        self, after: str | None = None, *, octets: int | None = None, carried_out: bool = True, times: int | None = 1
    ) -> None:
        """Ends the connection instead of answering a matching command, or once `octets` more have gone out.

        SMTP's last dot is the command `.`; `carried_out` False ends it before anything was done.
        """
        self.faults.cut(after, octets=octets, carried_out=carried_out, times=times)

    def bye(self, words: str = "Server is going down") -> None:
        """Says goodbye to all clients and hangs up."""
        for session in self._sessions():
            line = f"421 4.3.2 {words}" if isinstance(session, smtp.Session) else f"* BYE {words}"
            session.wire.say_goodbye(line.encode() + b"\r\n")

    def drop(self) -> None:
        """Cuts all connections at once, without a word."""
        self._each(lambda session: session.wire.end())

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._sessions())

    def wait_for(self, claim: Callable[[], bool], timeout: float = 5.0) -> None:
        """Returns once `claim` holds. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        pause = threading.Event()
        while not claim():
            if time.monotonic() > deadline:
                raise TimeoutError("it did not come true")
            pause.wait(0.005)

    # within

    def _sessions(self) -> list[_Session]:
        with self._lock:
            return list(self._open)

    def _each(self, act: Callable[[_Session], None]) -> None:
        for session in self._sessions():
            act(session)

    def _accept(self, imap_listener: socket.socket, smtp_listener: socket.socket, bell: socket.socket) -> None:
        with selectors.DefaultSelector() as selector, imap_listener, smtp_listener, bell:
            for source in (imap_listener, smtp_listener, bell):
                selector.register(source, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if bell in ready:
                    return
                for listener in (imap_listener, smtp_listener):
                    if listener in ready:
                        self._admit(listener, is_imap=listener is imap_listener)

    def _admit(self, listener: socket.socket, *, is_imap: bool) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # the client was gone again
        session: _Session
        if is_imap:
            session = imap.Session(self._house, connection, self.faults, self.log)
        else:
            session = smtp.Session(self._counter, connection, self.faults, self.log)
        with self._lock:
            self._open.add(session)
        threading.Thread(target=self._serve, args=(session,), name="demo-session", daemon=True).start()

    def _serve(self, session: _Session) -> None:
        encrypt = self._security == "tls"
        try:
            if isinstance(session, smtp.Session):
                session.run(encrypt=encrypt)
            else:
                limit = self.quirks.number("connection_limit")
                count = sum(isinstance(other, imap.Session) for other in self._sessions())
                session.run(welcome=limit is None or count <= limit, encrypt=encrypt)
        finally:
            with self._lock:
                self._open.discard(session)

    def _take(self, envelope: Envelope) -> None:
        """Delivers what is for the owner, files it in Sent where the server does that, and tells who listens."""
        self.sent.append(envelope)
        if self.mailbox.owner in (recipient.lower() for recipient in envelope.recipients):
            self.mailbox.put(b"Return-Path: <" + envelope.sender.encode() + b">\r\n" + envelope.data)
        if "saves_sent" in self.quirks and (sent := self.mailbox.role("\\Sent")) is not None:
            self.mailbox.put(envelope.data, sent.name, {"\\Seen"})
        if self._taken is not None:
            self._taken(envelope)


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener
