"""What a place that keeps mail and a way that carries it must do: the border between the engine and every backend.

Everything here is synchronous and used by one thread at a time; only `wake` and `close` may come from another.
Every failure is a MailError; a foreign exception never crosses this border.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from tui_mail.model.condition import Condition
from tui_mail.model.draft import Outgoing
from tui_mail.model.folder import Role
from tui_mail.model.message import Flags

Uids = Sequence[int]
Tell = Callable[[int, int], None]
"""Told (octets so far, octets in all) while something long moves; may raise Cancelled to stop it."""
Trace = Callable[[str, str], None]
"""Told each line of a dialogue: direction `→`, `←` or `·` (a note), and its text with secrets masked."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the engine may count on, after login and after what this server got wrong was latched off."""

    move: bool = False
    uidplus: bool = False
    condstore: bool = False
    qresync: bool = False
    idle: bool = False
    saves_sent: bool = False
    """The server files sent mail by itself (Gmail, Outlook): never APPEND to Sent."""
    keywords: bool = True
    """Flags of our own making stay (PERMANENTFLAGS has `\\*`)."""
    notify: bool = False
    """`wait` hears of every folder, not only of the open one (NOTIFY)."""
    lines: int = 3
    """How many connections an account may have here; fewer once the server said so."""


@dataclass(frozen=True, slots=True)
class Status:
    """What STATUS or LIST-STATUS said; None where it did not say."""

    messages: int | None = None
    unseen: int | None = None
    uidnext: int | None = None
    uidvalidity: int | None = None
    modseq: int | None = None


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder as the server lists it."""

    raw: bytes
    """The exact name on the wire: the key."""
    name: str
    """Decoded (modified UTF-7), not yet cleaned."""
    delimiter: str
    role: Role | None = None
    selectable: bool = True
    status: Status = field(default_factory=Status)


@dataclass(frozen=True, slots=True)
class Known:
    """What the index holds of a folder, so that the server need only say the difference."""

    uidvalidity: int
    uidnext: int
    modseq: int = 0
    """0 where none is known."""


@dataclass(frozen=True, slots=True)
class Selected:
    """An opened folder."""

    uidvalidity: int
    """0 where the server does not say: nothing may be kept over sessions then."""
    uidnext: int | None
    exists: int
    modseq: int | None
    """HIGHESTMODSEQ, or None (no CONDSTORE, or NOMODSEQ)."""
    read_only: bool = False
    keywords: bool = True
    vanished: tuple[int, ...] = ()
    """With QRESYNC: uids gone since `Known.modseq`."""
    changed: tuple[tuple[int, Flags], ...] = ()
    """With QRESYNC: (uid, flags) changed since."""
    resynced: bool = False
    """`vanished` and `changed` are the whole difference: no further asking is needed."""


class RemoteMessage(NamedTuple):  # a frozen dataclass costs 0.8 µs more, for each message there is
    """One message as FETCH tells it. `header` is the raw block of the asked fields, or of all of them."""

    uid: int
    flags: Flags
    size: int
    internal_date: int
    """Seconds since 1970 UTC."""
    header: bytes
    structure: bytes = b""
    """BODYSTRUCTURE as it came, parsed when opened; empty where it could not be had."""
    has_attachment: bool = False
    note: str = ""
    """What could not be read of it, or empty."""
    mail: str = ""
    """The server's own name for the mail, which its copies share (X-GM-MSGID, EMAILID), or empty."""
    thread: str = ""
    """The server's own name for its thread (X-GM-THRID, THREADID), or empty."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move or copy. `pairs` is (uid here, uid there), empty where the server did not say."""

    uidvalidity: int = 0
    """Of the target."""
    pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the server said of itself since it was asked last."""

    folders: frozenset[bytes] = frozenset()
    """Raw names of folders with news, the open one among them; empty where it only spoke of the open one, if at all."""
    listing: bool = False
    """Folders came, went or were renamed, or more happened than it could tell: all are to be looked at."""
    words: tuple[str, ...] = ()
    """What it wants the person to read (ALERT), cleaned."""
    own: frozenset[bytes] = frozenset()
    """Folders that this connection changed, or was told of while they were open: that need not be told once more."""


class Store(Protocol):
    """A place that keeps mail. Uids are spoken here, in the index and in the sync, nowhere else.

    `open` selects; the verbs below it work on the folder that is open and raise NotFound where none is.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def connect(self) -> None:
        """Greets, encrypts, logs in. Raises Offline, TlsFailed, AuthFailed. Calling it again reconnects."""
        ...

    def close(self) -> None:
        """Ends it at once, from any thread; whoever waits on the network gets Offline."""
        ...

    def wake(self) -> None:
        """Makes a running `wait` return, from any thread."""
        ...

    def folders(self) -> list[RemoteFolder]:
        """All folders with status where it costs no extra round trip a folder."""
        ...

    def status(self, raw: bytes) -> Status:
        """Of a folder that is not open."""
        ...

    def create(self, name: str) -> bytes:
        """Makes a folder and subscribes it; returns its raw name. An existing one is fine."""
        ...

    def open(self, raw: bytes, known: Known | None = None, *, read_only: bool = False) -> Selected:
        """Selects the folder, always anew. Raises NotFound where it is gone."""
        ...

    def newest(self, count: int) -> list[RemoteMessage]:
        """The last `count` messages of the open folder, by sequence number, any order."""
        ...

    def headers(self, uids: Uids) -> Iterator[RemoteMessage]:
        """These messages, in windows, as they come; those that are gone are missing."""
        ...

    def headers_from(self, uid: int) -> Iterator[RemoteMessage]:
        """Every message with this uid or a higher one (never the lower one that `n:*` also gives)."""
        ...

    def uids(self, low: int = 1, high: int | None = None) -> set[int]:
        """All uids in [low, high] (None: no end): a complete answer or an exception, never a partial one."""
        ...

    def count(self, low: int = 1) -> int:
        """How many messages have uid >= low; cheap where ESEARCH is offered, else -1: ask `uids`."""
        ...

    def flags(self, low: int, high: int | None = None) -> dict[int, Flags]:
        """The flags of every message in [low, high]; complete, or an exception."""
        ...

    def changed_since(self, low: int, modseq: int) -> dict[int, Flags]:
        """CONDSTORE: flags of messages with uid >= low that changed after modseq."""
        ...

    def fetch(self, uid: int, tell: Tell | None = None) -> bytes:
        """The whole message as received, without marking it read. Raises NotFound where it is gone or NIL."""
        ...

    def letters(self, uids: Uids) -> Iterator[tuple[int, bytes]]:
        """(uid, whole message) of these, several on the way at a time; what cannot be had is missing."""
        ...

    def part(self, uid: int, number: str, tell: Tell | None = None) -> bytes:
        """One part (`2`, `1.3`) as it stands in the message, still encoded; `HEADER` is its header.

        Where it cannot be had: NotFound, or empty (some servers).
        """
        ...

    def identity(self, uids: Uids) -> dict[int, tuple[str, int]]:
        """(Message-ID, size) of these; what is gone is missing. To be sure before something destructive."""
        ...

    def store(self, uids: Uids, add: Flags = frozenset(), remove: Flags = frozenset()) -> None:
        """Sets and clears flags, never overwrites the rest."""
        ...

    def move(self, uids: Uids, target: bytes) -> Moved:
        """MOVE, else COPY and UID EXPUNGE, else COPY and \\Deleted without any expunge. The copy is confirmed first."""
        ...

    def copy(self, uids: Uids, target: bytes) -> Moved:
        """A second copy of each there, with its flags; what is gone is left out. Not idempotent."""
        ...

    def expunge(self, uids: Uids) -> None:
        """Removes exactly these for good (`UID EXPUNGE`); without UIDPLUS they are only marked \\Deleted."""
        ...

    def append(self, raw: bytes, message: bytes, flags: Flags = frozenset(), date: int | None = None) -> int | None:
        """Puts a message into the folder `raw`; its uid where known. Raises Refused (OVERQUOTA, TRYCREATE)."""
        ...

    def find(self, message_id: str, since_uid: int = 1) -> list[int]:
        """Uids >= since_uid of the open folder with exactly this Message-ID, by fetching, never by SEARCH."""
        ...

    def wait(self, seconds: float) -> bool:
        """Waits for news of the open folder (IDLE, else NOOP now and then): True for news, False for time or `wake`."""
        ...

    def noop(self) -> None:
        """Says that we are still here; takes in what the server has to tell."""
        ...

    def rename(self, raw: bytes, name: str) -> bytes:
        """Gives the folder, and what stands in it, another whole name; its new raw name. Raises NotFound, Refused."""
        ...

    def delete(self, raw: bytes) -> None:
        """Removes the folder with all that is in it. Raises NotFound, Refused."""
        ...

    def subscribe(self, raw: bytes, on: bool) -> None:
        """Tells other programs to show the folder, or no longer. Raises Refused, Unsupported."""
        ...

    def search(self, condition: Condition, now: float) -> list[int]:
        """Uids, rising, of what matches in the open folder, and perhaps of more: whoever asks looks again.

        The condition asks nothing of folders and accounts. Raises Unsupported where the answer could not be relied on.
        """
        ...

    def forgo_notify(self) -> None:
        """The server promises to tell of every folder and does not: from the next connection on it is not asked to.

        From any thread.
        """
        ...

    def heard(self) -> Heard:
        """What the server said unasked, each thing once; nothing is asked for it, and no connection is needed."""
        ...


class Sender(Protocol):
    """A way that carries mail: one connection a letter."""

    def send(self, letter: Outgoing, tell: Tell | None = None, trace: Trace | None = None) -> str:
        """Hands the letter over; returns the server's words when it took it for every recipient.

        `tell` hears (all, all) when everything but the last dot has left; if it raises, the dot stays here and nothing
        was sent. Raises RecipientsRefused (RSET was said, nothing was sent), Refused, Offline (before the last dot),
        Uncertain (after it), AuthFailed, TlsFailed, Unsupported (too large, no SMTPUTF8).
        """
        ...

    def prove(self) -> None:
        """Connects, logs in and leaves, without a letter. Raises what `send` raises before one is handed over."""
        ...

    def greet(self) -> None:
        """Connects, hears what the server offers and leaves, without a login. Raises Offline, TlsFailed, Refused."""
        ...

    @property
    def limit(self) -> int | None:
        """Octets that a letter may have, as the server said last (RFC 1870); 0: it names none; None: not heard yet."""
        ...
