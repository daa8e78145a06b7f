"""What the engine tells: past tense, immutable, whole."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from .draft import Draft, DraftId
from .errors import MailError
from .folder import FolderId
from .insight import Insight
from .message import Message, MessageId, Summary
from .operation import Operation


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows of these folders came, went or look different. `ids` are those whose look changed (empty: any).

    A listing over one of these folders is asked for again (`Mail.listing`); it is cheap and the cursor follows the id.
    """

    folders: frozenset[FolderId]
    ids: frozenset[MessageId] = frozenset()
    own: bool = False
    """The person did it here, and looks for it."""
    operation: Operation | None = None
    """What was done, where that is all: a view knows from it what leaves, and need not be read again."""


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """Folders came, went, were renamed, or their counts differ."""

    account: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """New unread mail in an inbox, told once a message; never during the first sync of a folder."""

    rows: tuple[Summary, ...]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A folder lost more messages on the server than may go from here without a word: they stay until somebody says.

    Told once for each time; `Mail.brake` has them, and takes the answer.
    """

    account: str
    folder: FolderId
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that the person should know, and that is no failure."""

    text: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Nothing can be written to the disk since now, and why; without a why: it can again, and all is saved."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that nobody waits for went wrong."""

    error: MailError
    account: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """How an account stands with its server."""

    account: str
    state: str
    """`connecting`, `online`, `offline`, `auth` (asks for a password), `stopped`."""
    why: str = ""
    """Why it is offline, in a sentence."""
    retry_at: float | None = None
    """When it is tried again, seconds since 1970 UTC; of one that is online: until when its server is left alone,
    because it wants us to slow down."""
    doubt: str | None = None
    """Nobody vouches for its certificate: the SHA-256 of the one that was trusted before, or empty."""

    def is_well(self, now: float) -> bool:
        """Nothing about it need be told."""
        return self.state == "online" and (self.retry_at or 0) <= now

    def wait(self, now: float) -> int:
        """Whole seconds until it is tried again; 0 where that is not known."""
        return max(0, math.ceil((self.retry_at or 0) - now))


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work: `done` of `total` of `what` (`syncing Inbox`). done == total ends it."""

    account: str
    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Owed:
    """How many of the person's actions the server has not been told yet, and how many letters wait in the outbox."""

    actions: int
    letters: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took a letter. `filed` is False while its Sent copy is still to be filed."""

    subject: str
    account: str
    recipients: tuple[str, ...] = field(default=())
    filed: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """A mailing list took it that the person leaves."""

    name: str


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """A letter waits, goes, is refused or is unknown: `Mail.outbox()` says which."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter of the outbox is being handed over: `done` of `total` octets have left."""

    letter: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Bounced:
    """A letter that was sent came back; `why` says for whom."""

    letter: int
    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class Begun:
    """The first screens of a large letter that somebody asked for can be shown; `Mail.read` answers with the whole."""

    id: MessageId
    beginning: Message
    insight: Insight


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """Another program wrote on a draft of ours, or took it away: nothing is overwritten before the person decided."""

    draft: DraftId
    theirs: Draft | None
    """What stands on the server now; None: nothing of it."""
    message_id: str = ""
    """Under which that stands there, and how large the server says it is."""
    size: int = 0


Event = (
    Changed
    | FoldersChanged
    | Arrived
    | HeldBack
    | Noticed
    | Unsaved
    | Failed
    | Connection
    | Progress
    | Owed
    | Sent
    | OutboxChanged
    | Left
    | Sending
    | Bounced
    | DraftChanged
    | Begun
)
