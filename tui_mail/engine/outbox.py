"""The thread that carries letters: each once, none twice, and what became of it on disk before it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from tui_mail.backend.contract import Sender
from tui_mail.model.errors import (
    AuthFailed,
    BadAddress,
    BadInput,
    MailError,
    Offline,
    RecipientsRefused,
    Refused,
    TlsFailed,
    Uncertain,
    Unsupported,
)
from tui_mail.model.event import Event, Failed, OutboxChanged, Sent
from tui_mail.model.message import ANSWERED, FORWARDED, MessageId
from tui_mail.model.operation import mark

from .actions import Actions
from .books import Books
from .desk import Desk
from .filing import file_copy, saves_sent
from .letters import Letter
from .lock import is_alive, owner
from .session import Session
from .windows import Windows
from .writer import Writer

DELAYS = (10, 30, 60, 300, 900)
"""Seconds until a letter that could not be handed over is tried again."""
_AFTER_AUTH = 3600.0
"""The same after a refused login: asked more often, servers lock the account."""
_LOOK = 5.0
"""Seconds between looks for letters that another process put into the durable file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a letter's row."""

    state: str
    why: str = ""
    is_soon: bool = False
    """It is tried again after a delay."""


def outcome_of(error: MailError) -> Outcome:
    """Where a failure leaves a letter: to be tried again, refused until the person decides, or unknown."""
    match error:
        case Uncertain():
            return Outcome("unknown", str(error))
        case RecipientsRefused() | Refused() if not error.permanent:
            return Outcome("waiting", str(error), True)
        case Refused() | Unsupported() | BadAddress() | BadInput():
            return Outcome("refused", str(error))
        case Offline() | TlsFailed() | AuthFailed():
            return Outcome("waiting", str(error), True)
        case _:
            return Outcome("refused", str(error))


class Outbox:
    """Carries what is due, then sees to its copy in Sent and to the mark on what it answers."""

    def __init__(
        self,
        senders: Mapping[str, Callable[[], Sender]],
        sessions: Mapping[str, Session],
        writer: Writer,
        actions: Actions,
        windows: Windows,
        *,
        tell: Callable[[Event], None],
        clock: Callable[[], float],
        grace: float,
        rested: Callable[[], None],
    ) -> None:
        """`grace`: seconds in which a server that files sent mail by itself has done so."""
        self._senders = senders
        self._sessions = sessions
        self._writer = writer
        self._actions = actions
        self._windows = windows
        self._tell = tell
        self._clock = clock
        self._grace = grace
        self._rested = rested
        self._owner = owner()
        self._news = threading.Condition()
        self._has_news = True
        self._closing = False
        self._is_busy = True
        self._filing: set[int] = set()
        self._file_tries: dict[int, tuple[int, float]] = {}
        """Of each letter: how often its copy was tried, and when it is tried again (monotonic)."""
        self._sent: dict[int, float] = {}
        """When letters of this run were taken by the server (monotonic)."""
        self._found: list[Letter] = []
        """Letters of unknown fate that turned out to be in Sent."""
        self._thread = threading.Thread(target=self._run, name="mail-outbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with self._news:
            self._closing = True
            self._news.notify_all()

    def join(self, timeout: float) -> bool:
        """True when the thread has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def look(self) -> None:
        """There may be something to carry or to file."""
        with self._news:
            self._has_news = True
            self._news.notify_all()

    @property
    def is_idle(self) -> bool:
        """Nothing is due, and no copy is being filed by an account that is online."""
        with self._news:
            return not (self._is_busy or self._has_news or self._filing)

    # --- the thread

    def _run(self) -> None:
        try:
            while not self._closing:
                self._round()
        except MailError:
            return  # the writer has closed: the program ends, and every letter is on disk

    def _round(self) -> None:
        with self._news:
            self._has_news = False
            self._is_busy = True
        self._writer.do(self._adopt_orphans).result()
        while self._found:
            self.was_sent(self._found.pop())
        accounts = list(self._senders)
        while not self._closing:
            letter = self._writer.do(lambda books: books.letters.claim(self._clock(), self._owner, accounts)).result()
            if letter is None:
                break
            self._tell(OutboxChanged())
            self._carry(letter)
        pause = min(_LOOK, self._file_all(accounts))
        due = self._writer.do(lambda books: books.letters.next_due(accounts)).result()
        with self._news:
            self._is_busy = False
        self._rested()
        if due is not None:
            pause = min(pause, max(0.0, due - self._clock()))
        with self._news:
            self._news.wait_for(lambda: self._has_news or self._closing, pause)

    def _adopt_orphans(self, books: Books) -> None:
        """A letter whose process died while it was sending may have gone out: only the person may send it again."""
        for id, name in books.letters.orphans():
            if not is_alive(name):
                books.letters.settle(
                    id, "unknown", why="The program ended while it was being sent. It may have gone out."
                )

    def _carry(self, letter: Letter) -> None:
        """Hands one letter over. Every way out of here is written down before it is told."""
        self._writer.do(lambda books: books.expect_copy(letter)).result()
        try:
            self._senders[letter.account]().send(letter.outgoing)
        except MailError as error:
            self._not_sent(letter, error)
        except Exception as error:  # noqa: BLE001  # a fault of ours may come after the bytes went out
            self._not_sent(letter, Uncertain(f"An error in the program: {error!r}. It may have gone out."))
        else:
            self.was_sent(letter)

    def _not_sent(self, letter: Letter, error: MailError) -> None:
        outcome = outcome_of(error)
        due = None
        if outcome.is_soon:
            due = self._clock() + DELAYS[min(letter.tries - 1, len(DELAYS) - 1)]
        if isinstance(error, AuthFailed):
            due = self._clock() + _AFTER_AUTH  # the next login that succeeds sends it at once
        self._settle(letter, outcome.state, why=outcome.why, due=due)
        if not isinstance(error, Offline):
            self._tell(Failed(error, letter.account))
        if outcome.state == "unknown":
            self._look_for(letter)

    def was_sent(self, letter: Letter) -> None:
        """The server took it: that is written down first; then its copy, and the mark on what it answers."""
        self._sent[letter.id] = time.monotonic()
        self._settle(letter, "sent", sent_at=self._clock())
        self._tell(Sent(letter.outgoing.subject, letter.account, letter.outgoing.recipients, filed=False))
        self._mark_source(letter)

    def _settle(
        self, letter: Letter, state: str, *, why: str = "", due: float | None = None, sent_at: float = 0
    ) -> None:
        self._writer.do(
            lambda books: books.letters.settle(letter.id, state, why=why, due=due, sent_at=sent_at), urgent=True
        ).result()
        self._tell(OutboxChanged())
        self._tell(self._writer.do(lambda books: books.owed()).result())

    def _mark_source(self, letter: Letter) -> None:
        """\\Answered or $Forwarded on the message it is about, as an ordinary operation that undo passes over."""
        if not letter.answers:
            return
        groups = self._windows.groups(self._sources(letter))
        self._actions.do(mark(groups, "Marked", [FORWARDED if letter.forwards else ANSWERED]), kind="own")

    def _sources(self, letter: Letter) -> Sequence[MessageId]:
        ids = [letter.answers]
        if not self._windows.groups(ids) and letter.answers_id:  # the index was rebuilt meanwhile
            found = self._windows.id_of(letter.answers_id)
            ids = [found] if found is not None else []
        return ids

    # --- the copy in Sent

    def _file_all(self, accounts: Sequence[str]) -> float:
        """Has the copies filed whose time has come; seconds until the next one's has."""
        soonest = _LOOK
        for id, account, holder in self._writer.do(lambda books: books.letters.to_file(accounts)).result():
            if holder and is_alive(holder):
                continue  # the shell's `send` is at it
            tries, retry_at = self._file_tries.get(id, (0, 0.0))
            pause = retry_at - time.monotonic()
            if not tries and id in self._sent:  # the server gets its time, unless it is known not to file by itself
                key = saves_sent(account)
                saves = self._writer.do(lambda books, key=key: books.work.note(key)).result()  # type: ignore[misc]  # bound
                pause = 0.0 if saves is False else self._sent[id] + self._grace - time.monotonic()
            if pause > 0:
                soonest = min(soonest, pause)
            else:
                self._file(id, account)
        return soonest

    def _file(self, id: int, account: str) -> None:
        """Asks the account's session to see to the copy, once at a time."""
        session = self._sessions.get(account)
        with self._news:
            if session is None or id in self._filing or session.connection.state != "online":
                return
            self._filing.add(id)
        future = session.ask(lambda desk: self._file_at(desk, id))
        future.add_done_callback(lambda done: self._filed(id, account, done))

    def _filed(self, id: int, account: str, done: Future[None]) -> None:
        error = None if done.cancelled() else done.exception()
        with self._news:
            self._filing.discard(id)
            tries = self._file_tries.get(id, (0, 0.0))[0] + 1
            # A line that was lost has pauses of its own: with the next one it is tried at once.
            pause = 0 if isinstance(error, Offline) else DELAYS[min(tries - 1, len(DELAYS) - 1)]
            self._file_tries[id] = tries, time.monotonic() + pause
            self._news.notify_all()
        if isinstance(error, MailError) and not isinstance(error, Offline):
            self._tell(Failed(error, account))
        self._rested()

    def _file_at(self, desk: Desk, id: int) -> None:
        letter = desk.write(lambda books: books.letters.letter(id))
        if letter is None or letter.state != "sent":
            return
        file_copy(desk, letter)
        desk.write(lambda books: books.letters.settle(letter.id, "done"))
        self._tell(Sent(letter.outgoing.subject, letter.account, letter.outgoing.recipients, filed=True))
        self._tell(OutboxChanged())

    def _look_for(self, letter: Letter) -> None:
        """A letter of unknown fate that stands in Sent was sent: a server that files by itself tells on itself."""
        session = self._sessions.get(letter.account)
        if session is None or session.connection.state != "online":
            return

        def ended(done: Future[bool]) -> None:
            if not done.cancelled() and done.exception() is None and done.result():
                self._found.append(letter)
                self.look()

        session.ask(lambda desk: file_copy(desk, letter, only_look=True)).add_done_callback(ended)
