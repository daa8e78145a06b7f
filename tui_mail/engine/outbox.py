"""The thread that carries letters: each once, none twice, and what became of it on disk before it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from tui_mail.backend.contract import Sender
from tui_mail.model.errors import MailError, Offline, Refused, Uncertain
from tui_mail.model.event import Event, Failed, OutboxChanged, Sending, Sent
from tui_mail.model.message import ANSWERED, FORWARDED, REPLY_LATER, MessageId
from tui_mail.model.operation import mark

from .actions import Actions
from .desk import Desk
from .dialogues import Record
from .filing import file_copy, saves_sent
from .letters import Letter
from .lock import is_alive, owner
from .outcome import DELAYS, outcome_of
from .session import Session
from .windows import Windows
from .writer import Writer

_LOOK = 5.0
"""Seconds between looks for letters that another process put into the durable file."""
_LOOKS = (0.0, 60.0, 300.0, 1800.0)
"""Seconds from one look in Sent for a letter of unknown fate to the next; after these it is up to the person."""
_TOLD_EVERY = 0.1
"""Seconds between two words on how far a letter is."""


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
        passing: Callable[[str], None],
    ) -> None:
        """`grace`: seconds in which a server that files sent mail by itself has done so. `passing` is called at every
        step of a letter with the step's name, for tests that end the program there."""
        self._senders = senders
        self._sessions = sessions
        self._writer = writer
        self._actions = actions
        self._windows = windows
        self._tell = tell
        self._clock = clock
        self._grace = grace
        self._rested = rested
        self._passing = passing
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
        self._looks: dict[int, tuple[int, float]] = {}
        """Of each letter of unknown fate: how often Sent was looked through, and when it is again (monotonic)."""
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

    def file_again(self, letter: int) -> None:
        """The copy of a letter that was sent is tried at once, because the person says so."""
        with self._news:
            self._file_tries.pop(letter, None)
        self.look()

    @property
    def is_idle(self) -> bool:
        """Nothing is due, and no copy is being filed by an account that is online."""
        with self._news:
            return not (self._is_busy or self._has_news or self._filing)

    # --- the thread

    def _run(self) -> None:
        try:
            self._writer.do(lambda books: books.letters.adopt_orphans(self._is_elsewhere)).result()
            while not self._closing:
                self._round()
        except MailError:
            return  # the writer has closed: the program ends, and every letter is on disk

    def _is_elsewhere(self, name: str) -> bool:
        """Whether another live process has it. What this one had, it had before its screens began again: whoever
        carried it then can write no more, and so cannot let the last dot go."""
        return name != self._owner and is_alive(name)

    def _round(self) -> None:
        with self._news:
            self._has_news = False
            self._is_busy = True
        self._writer.do(lambda books: books.letters.adopt_orphans(is_alive)).result()
        self._writer.do(lambda books: books.letters.set_back(self._clock())).result()
        while self._found:
            self.was_sent(self._found.pop(), "")
        accounts = list(self._senders)
        while not self._closing:
            letter = self._writer.do(lambda books: books.letters.claim(self._clock(), self._owner, accounts)).result()
            if letter is None:
                break
            self._tell(OutboxChanged())
            self._carry(letter)
        pause = min(_LOOK, self._file_all(accounts))
        self._look_for_all(accounts)
        due = self._writer.do(lambda books: books.letters.next_due(accounts)).result()
        with self._news:
            self._is_busy = False
        self._rested()
        if due is not None:
            pause = min(pause, max(0.0, due - self._clock()))
        with self._news:
            self._news.wait_for(lambda: self._has_news or self._closing, pause)

    def _carry(self, letter: Letter) -> None:
        """Hands one letter over. Every way out of here is written down before it is told."""
        self._passing("claimed")
        self._writer.do(lambda books: books.expect_copy(letter)).result()
        record = Record()
        sender = self._senders[letter.account]()
        try:
            reply = sender.send(letter.outgoing, self._progress(letter), record)
        except MailError as error:
            self._keep(letter, record, sender.limit)
            self._not_sent(letter, error)
        except Exception as error:  # noqa: BLE001  # a fault of ours may come after the bytes went out
            self._keep(letter, record, sender.limit)
            self._not_sent(letter, Uncertain(f"An error in the program: {error!r}. It may have gone out."))
        else:
            self._passing("taken")
            self.was_sent(letter, reply)
            self._keep(letter, record, sender.limit)

    def _progress(self, letter: Letter) -> Callable[[int, int], None]:
        """Says now and then how far it is; before the last dot leaves, that is written down."""
        next_at = time.monotonic() + _TOLD_EVERY

        def tell(done: int, total: int) -> None:
            nonlocal next_at
            if done < total:
                if time.monotonic() >= next_at:
                    next_at = time.monotonic() + _TOLD_EVERY
                    self._tell(Sending(letter.id, done, total))
                return
            self._passing("before the dot")
            self._writer.do(lambda books: books.letters.hand_over(letter.id), urgent=True).result()
            self._tell(Sending(letter.id, done, total))
            self._passing("handed over")

        return tell

    def _keep(self, letter: Letter, record: Record, limit: int | None) -> None:
        """What was said, and how large a letter may be there."""
        at = self._clock()
        self._writer.do(lambda books: books.dialogues.keep(letter.id, record, at))
        if limit is not None:
            self._writer.do(lambda books: books.work.keep_limit(letter.account, limit))

    def _not_sent(self, letter: Letter, error: MailError) -> None:
        outcome = outcome_of(error, letter.tries)
        due = None if outcome.pause is None else self._clock() + outcome.pause
        self._settle(letter, outcome.state, why=outcome.why, due=due, refused=outcome.refused)
        if not isinstance(error, Offline):
            self._tell(Failed(error, letter.account))

    def was_sent(self, letter: Letter, reply: str) -> None:
        """The server took it: that is written down first; then its copy, and the mark on what it answers."""
        self._sent[letter.id] = time.monotonic()
        self._settle(letter, "sent", sent_at=self._clock(), reply=reply)
        self._passing("sent")
        self._tell(Sent(letter.outgoing.subject, letter.account, letter.outgoing.recipients, filed=False))
        self._mark_source(letter)

    def _settle(
        self,
        letter: Letter,
        state: str,
        *,
        why: str = "",
        due: float | None = None,
        sent_at: float = 0,
        reply: str = "",
        refused: Mapping[str, str] | None = None,
    ) -> None:
        self._writer.do(
            lambda books: books.letters.settle(
                letter.id, state, why=why, due=due, sent_at=sent_at, reply=reply, refused=refused
            ),
            urgent=True,
        ).result()
        self._tell(OutboxChanged())
        self._tell(self._writer.do(lambda books: books.owed()).result())

    def _mark_source(self, letter: Letter) -> None:
        """\\Answered or $Forwarded on the message it is about, as an ordinary operation that undo passes over."""
        if not letter.answers:
            return
        groups = self._windows.groups(self._sources(letter))
        marked = (
            mark(groups, "Marked", [FORWARDED])
            if letter.forwards
            else mark(groups, "Marked", [ANSWERED], [REPLY_LATER])
        )
        self._actions.do(marked, kind="own")

    def _sources(self, letter: Letter) -> Sequence[MessageId]:
        ids = [letter.answers]
        if not self._windows.groups(ids) and letter.answers_id:  # the index was rebuilt meanwhile
            found = self._windows.kindred.id_of(letter.answers_id)
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
        if isinstance(error, MailError) and not isinstance(error, Offline) and tries == 1:
            self._tell(Failed(error, account))  # from then on it stands in the outbox
        self._rested()

    def _file_at(self, desk: Desk, id: int) -> None:
        letter = desk.write(lambda books: books.letters.letter(id))
        if letter is None or letter.state != "sent":
            return
        self._passing("before the copy")
        try:
            file_copy(desk, letter)
        except Refused as error:
            why = error.detail or error.text
            desk.write(lambda books: books.letters.settle(letter.id, "sent", why=why))
            self._tell(OutboxChanged())
            raise
        self._passing("copied")
        desk.write(lambda books: books.letters.settle(letter.id, "done"))
        self._passing("done")
        self._tell(Sent(letter.outgoing.subject, letter.account, letter.outgoing.recipients, filed=True))
        self._tell(OutboxChanged())

    # --- letters of unknown fate

    def _look_for_all(self, accounts: Sequence[str]) -> None:
        """Looks in Sent for them, a few times, where their accounts are online."""
        ids = self._writer.do(lambda books: books.letters.unknown(accounts)).result()
        for gone in self._looks.keys() - set(ids):
            del self._looks[gone]
        for id in ids:
            looks, at = self._looks.get(id, (0, 0.0))
            if looks >= len(_LOOKS) or time.monotonic() < at:
                continue
            letter = self._writer.do(lambda books, id=id: books.letters.letter(id)).result()  # type: ignore[misc]  # bound
            if letter is not None and self._look_for(letter):
                pause = _LOOKS[min(looks + 1, len(_LOOKS) - 1)]
                self._looks[id] = looks + 1, time.monotonic() + pause

    def _look_for(self, letter: Letter) -> bool:
        """A letter of unknown fate that stands in Sent was sent: a server that files by itself tells on itself.

        True where it is being looked for.
        """
        session = self._sessions.get(letter.account)
        if session is None or session.connection.state != "online":
            return False

        def ended(done: Future[bool]) -> None:
            if not done.cancelled() and done.exception() is None and done.result():
                self._found.append(letter)
                self.look()

        session.ask(lambda desk: file_copy(desk, letter, only_look=True)).add_done_callback(ended)
        return True
