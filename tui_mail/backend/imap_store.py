"""An account on an IMAP server as a Store: which commands a verb becomes, and what their answers mean."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account
from tui_mail.model.condition import Condition
from tui_mail.model.errors import BadInput, NotFound, Offline, Refused
from tui_mail.model.message import Flags

from .contract import (
    Capabilities,
    Heard,
    Known,
    Moved,
    RemoteFolder,
    RemoteMessage,
    Selected,
    Status,
    Tell,
    Trace,
    Uids,
)
from .imap import answers, opening
from .imap.command import Literal, Part, flag_list, string
from .imap.fetch import written_date
from .imap.filing import Filing
from .imap.lexer import ParseError, Response
from .imap.listing import key, list_folders, status_items
from .imap.names import decode, encode
from .imap.news import News
from .imap.opened import Opened
from .imap.reading import Reading
from .imap.refusal import refusal
from .imap.searching import Searching
from .imap.session import COMPRESS, Session, begin
from .imap.sets import HIGHEST
from .imap.shelves import absent, inside_namespace, is_there
from .imap.waiting import Waiting
from .imap.wire import Limits, Wire
from .tls import as_it_is

_PART = re.compile(r"HEADER\Z|[1-9]\d{0,4}(?:\.[1-9]\d{0,4}){0,40}\Z", re.A)


class ImapStore:
    """Implements `contract.Store` over one connection. What a verb promises stands in the contract.

    `secret` is asked at every login, after the other end is verified. `trust` gives the account the certificates that
    the person trusts as of now. `timeout` is how long a server may be silent; after `rest` seconds of silence it has
    `sign` to show that it is still there.
    """

    def __init__(
        self,
        account: Account,
        secret: Callable[[], Secret],
        *,
        trace: Trace | None = None,
        trust: Callable[[Account], Account] = as_it_is,
        timeout: float = 30,
        idle: float = 300,
        poll: float = 60,
        rest: float = 15,
        sign: float = 10,
    ) -> None:
        self._account = account
        self._secret = secret
        self._trust = trust
        self._trace = trace
        self._limits = Limits(timeout, rest=rest, sign=sign)
        self._idle = idle
        self._poll = poll
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        self._is_closed = True
        self._session: Session | None = None
        self._latched: set[str] = set()
        """Capabilities this server offered and then refused; remembered over reconnects."""
        self._opened: Opened | None = None
        self._waiting: Waiting | None = None
        self._keywords = True
        self._news = News()

    @property
    def capabilities(self) -> Capabilities:
        session = self._session
        if session is None:
            return Capabilities()

        def can(name: str) -> bool:
            return session.can(name) and name not in self._latched

        return Capabilities(
            move=can("MOVE"),
            uidplus=can("UIDPLUS"),
            condstore=can("CONDSTORE") or can("QRESYNC"),
            qresync="QRESYNC" in session.enabled and "QRESYNC" not in self._latched,
            idle=can("IDLE"),
            saves_sent=session.quirks.saves_sent,
            keywords=self._keywords,
            notify=can("NOTIFY"),
            lines=session.quirks.lines,
        )

    # -- the connection

    def connect(self) -> None:
        self.close()
        self._forget()
        with self._lock:
            self._is_closed = False
            if self._wire is not None and self._wire.is_garbled:
                self._latched.add(COMPRESS)
        self._session = begin(
            self._trust(self._account),
            self._secret,
            limits=self._limits,
            trace=self._trace,
            hold=self._hold,
            latched=self._latched,
            alerted=self._news.alert,
        )

    def _hold(self, wire: Wire) -> None:
        with self._lock:
            self._wire = wire
            is_closed = self._is_closed
        if is_closed:  # while the connection was being made
            wire.close()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            wire = self._wire
        if wire is not None:
            wire.close()

    def wake(self) -> None:
        with self._lock:
            wire = self._wire
        if wire is not None:
            wire.wake()

    def _forget(self) -> None:
        """Nothing is open any more."""
        self._own_news()
        if self._opened is not None:
            self._opened.is_current = False
        self._opened = None
        self._waiting = None

    def _alive(self) -> Session:
        if self._session is None:
            raise Offline(f"There is no connection to {self._account.imap.host}.")
        return self._session

    def _here(self) -> Opened:
        self._alive()
        if self._opened is None:
            raise NotFound("No folder is open.")
        return self._opened

    def noop(self) -> None:
        self._alive().connection.run(b"NOOP")

    # -- folders

    def folders(self) -> list[RemoteFolder]:
        opened = self._opened.raw if self._opened else None
        return list_folders(self._alive(), self._account.folders, opened, self._latched)

    def status(self, raw: bytes) -> Status:
        session = self._alive()
        command = session.connection.run(b"STATUS", string(raw), status_items(session), wants=(b"STATUS",))
        if not command.is_ok:
            raise absent(self._alive(), command, raw, "say how full “{}” is")
        found: dict[bytes, Status] = {}
        for response in command.responses:
            try:
                name, status = answers.folder_status(response.values())
                found[key(name)] = status
            except ParseError as error:
                session.connection.skip(error)
        for name in found.keys() - {key(raw)} if len(found) > 1 else ():
            self._news.touch(name)  # told unasked (NOTIFY)
        return found.get(key(raw)) or (next(iter(found.values())) if len(found) == 1 else Status())

    def create(self, name: str) -> bytes:
        session = self._alive()
        raw = inside_namespace(session, encode(name))
        command = session.connection.run(b"CREATE", string(raw))
        if not command.is_ok and command.code != b"ALREADYEXISTS" and not is_there(session, raw):
            raise refusal(command, f"make the folder “{name}”")
        session.connection.run(b"SUBSCRIBE", string(raw))  # a refusal costs nothing: we list all folders
        return raw

    def rename(self, raw: bytes, name: str) -> bytes:
        target = inside_namespace(self._alive(), encode(name))
        self._leave(raw)
        command = self._alive().connection.run(b"RENAME", string(raw), string(target))
        if not command.is_ok:
            raise absent(self._alive(), command, raw, "rename “{}”")
        return target

    def delete(self, raw: bytes) -> None:
        self._leave(raw)
        command = self._alive().connection.run(b"DELETE", string(raw))
        if not command.is_ok:
            raise absent(self._alive(), command, raw, "remove the folder “{}”")

    def subscribe(self, raw: bytes, on: bool) -> None:
        command = self._alive().connection.run(b"SUBSCRIBE" if on else b"UNSUBSCRIBE", string(raw))
        if not command.is_ok:
            raise absent(self._alive(), command, raw, "subscribe “{}”" if on else "unsubscribe “{}”")

    def _leave(self, raw: bytes) -> None:
        """No folder may be open that gets another name: some servers hang up (RFC 9051 section 6.3.6 allows it)."""
        if self._opened is not None and self._opened.raw == raw:
            connection = self._alive().connection
            connection.settle(wholly=True)
            self._forget()
            connection.run(b"UNSELECT" if self._alive().can("UNSELECT") else b"CLOSE")

    def open(self, raw: bytes, known: Known | None = None, *, read_only: bool = False) -> Selected:
        session = self._alive()
        connection = session.connection
        connection.settle(wholly=True)  # what is on the way was meant for the folder that is open now
        self._forget()
        connection.heard = self._between
        verb = b"EXAMINE" if read_only else b"SELECT"
        parameter = self._parameter(session, known)
        command = connection.run(verb, string(raw), *parameter, wants=opening.WANTS)
        if command.outcome == b"BAD" and parameter:
            self._latched |= {"QRESYNC", "CONDSTORE"}
            parameter = ()
            command = connection.run(verb, string(raw), wants=opening.WANTS)
        if not command.is_ok:
            raise absent(self._alive(), command, raw, "open “{}”")
        resyncs = any(b"QRESYNC" in part for part in parameter)
        selected = opening.selected(connection, command, known, resyncs=resyncs)
        self._opened = Opened(session, raw, selected.exists, self._latched)
        self._waiting = Waiting(self._opened, self._news, idle=self._idle, poll=self._poll)
        self._keywords = selected.keywords
        connection.heard = self._hear
        if not any(response.kind == b"EXISTS" for response in command.responses):
            connection.run(b"NOOP")  # a server that says it too late; that it says nothing does not mean empty
            selected = replace(selected, exists=self._opened.exists)
        return selected

    def _parameter(self, session: Session, known: Known | None) -> tuple[bytes, ...]:
        if self.capabilities.qresync:
            if known is not None and known.uidvalidity and known.modseq:
                return (b"(QRESYNC (%d %d))" % (known.uidvalidity, known.modseq),)
            return ()
        is_on = "CONDSTORE" in session.enabled or "CONDSTORE" in self._latched
        return (b"(CONDSTORE)",) if session.can("CONDSTORE") and not is_on else ()

    def _hear(self, response: Response) -> None:
        if not self._news.hear(response) and self._opened is not None:
            self._opened.hear(response)

    def _between(self, response: Response) -> None:
        """Between two folders nothing that the server says is about either."""
        self._news.hear(response)

    # -- the open folder

    def newest(self, count: int) -> list[RemoteMessage]:
        return Reading(self._here()).newest(count)

    def headers(self, uids: Uids) -> Iterator[RemoteMessage]:
        return Reading(self._here()).headers(_sound(uids))

    def headers_from(self, uid: int) -> Iterator[RemoteMessage]:
        return Reading(self._here()).headers_from(max(1, uid))

    def uids(self, low: int = 1, high: int | None = None) -> set[int]:
        return Reading(self._here()).uids(max(1, low), high)

    def count(self, low: int = 1) -> int:
        return Reading(self._here()).count(max(1, low))

    def flags(self, low: int, high: int | None = None) -> dict[int, Flags]:
        return Reading(self._here()).flags(max(1, low), high)

    def changed_since(self, low: int, modseq: int) -> dict[int, Flags]:
        return Reading(self._here()).changed_since(max(1, low), modseq)

    def fetch(self, uid: int, tell: Tell | None = None) -> bytes:
        return Reading(self._here()).fetch(_sound((uid,))[0], b"", tell)

    def letters(self, uids: Uids) -> Iterator[tuple[int, bytes]]:
        return Reading(self._here()).letters(_sound(uids))

    def part(self, uid: int, number: str, tell: Tell | None = None) -> bytes:
        if not _PART.match(number):
            raise BadInput(f"“{number}” is not the number of a part.")
        return Reading(self._here()).fetch(_sound((uid,))[0], number.encode("ascii"), tell)

    def identity(self, uids: Uids) -> dict[int, tuple[str, int]]:
        return Reading(self._here()).identity(_sound(uids))

    def find(self, message_id: str, since_uid: int = 1) -> list[int]:
        return Reading(self._here()).find(message_id, max(1, since_uid))

    def search(self, condition: Condition, now: float) -> list[int]:
        return Searching(self._here()).search(condition, now)

    def store(self, uids: Uids, add: Flags = frozenset(), remove: Flags = frozenset()) -> None:
        Filing(self._here()).store(_sound(uids), add, remove)

    def move(self, uids: Uids, target: bytes) -> Moved:
        self._news.own(target)
        return Filing(self._here()).move(_sound(uids), target)

    def copy(self, uids: Uids, target: bytes) -> Moved:
        self._news.own(target)
        return Filing(self._here()).copy(_sound(uids), target)

    def expunge(self, uids: Uids) -> None:
        Filing(self._here()).expunge(_sound(uids))

    def wait(self, seconds: float) -> bool:
        self._here()
        return self._waiting.wait(seconds) if self._waiting is not None else False

    def forgo_notify(self) -> None:
        self._latched.add("NOTIFY")

    def heard(self) -> Heard:
        self._own_news()
        return self._news.take()

    def _own_news(self) -> None:
        if self._opened is not None and self._opened.has_news:
            self._news.own(self._opened.raw)

    # -- putting mail there

    def append(self, raw: bytes, message: bytes, flags: Flags = frozenset(), date: int | None = None) -> int | None:
        session = self._alive()
        self._fits(session, message)
        self._news.own(raw)
        before: list[Part] = [b"APPEND", string(raw)]
        marks: list[Part] = [flag_list(flags)] if flags else []
        behind: list[Part] = [written_date(date)] if date is not None else []
        behind.append(Literal(message, is_binary=b"\0" in message))
        command = session.connection.run(*before, *marks, *behind)
        if command.outcome == b"BAD" and not marks:
            marks = [flag_list(flags)]  # Twisted wants a list, if an empty one
            command = session.connection.run(*before, *marks, *behind)
        if not command.is_ok:
            raise refusal(command, f"put the message into “{decode(raw)}”")
        return answers.appended(command)

    def _fits(self, session: Session, message: bytes) -> None:
        """What the server would refuse after all of it has gone up the line (RFC 7889, RFC 3516)."""
        limits = [word[12:] for word in session.connection.capabilities if word.startswith("APPENDLIMIT=")]
        if any(limit.isdigit() and len(message) > int(limit) for limit in limits):
            raise Refused("The server does not take messages as large as this one.", code="TOOBIG")
        if b"\0" in message and not session.can("BINARY"):
            raise Refused("The server takes no message with a NUL in it.")


def _sound(uids: Uids) -> Uids:
    for uid in uids:
        if not 1 <= uid <= HIGHEST:
            raise BadInput(f"{uid} is not the number of a message.")
    return uids
