"""The part of the door that letters are opened by, those that are signed or encrypted among them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from tui_mail.backend.contract import Tell
from tui_mail.mime import parse, sealed
from tui_mail.mime.assembling import completed
from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.event import Begun, Event
from tui_mail.model.message import Message, MessageId, Summary

from .examiner import Examiner
from .fetch_partly import OnePart, Outlined
from .opener import Opener
from .probe import alone
from .reader import Reader
from .sealing import Sealing
from .shelf import Shelf


class Unsealing:
    """What the screens may ask about a letter's content."""

    sealing: Sealing
    """Whoever writes asks it which keys are known."""
    examiner: Examiner
    _reader: Reader
    _opener: Opener
    _shelf: Shelf

    def rows(self, ids: Sequence[MessageId]) -> list[Summary | None]:
        """As `Mail` says."""
        raise NotImplementedError

    def _tell(self, event: Event) -> None:
        raise NotImplementedError

    def raw(self, id: MessageId, tell: Tell | None = None) -> Future[bytes]:
        """The whole mail as received; `tell` hears from another thread how far it is, and cancelling stops it then."""
        return self._shelf.raw(id, tell)

    def read(self, id: MessageId, *, ask: bool = False) -> Future[Message]:
        """The opened letter; from disk, else fetched. NotFound, Offline.

        `ask`: the terminal is lent to gpg, which may ask for a passphrase; Cancelled where none is given.
        """
        told = self._reader.then(self._shelf.letter(id), lambda found: self._plain(id, found))
        future: Future[Message] = Future()
        told.add_done_callback(lambda done: self._unseal(id, done, future, ask))
        future.add_done_callback(lambda ended: ended.cancelled() and told.cancel())
        return future

    def attachment(self, id: MessageId, part: str, tell: Tell | None = None) -> Future[bytes]:
        """The decoded octets of one part; `tell` hears from another thread how far it is. NotFound, Offline."""

        def decoded(found: bytes | OnePart) -> bytes:
            return found.octets if isinstance(found, OnePart) else parse.part(self.sealing.open(found)[0], part)

        return self._reader.then(self._shelf.part(id, part, tell), decoded)

    def form(self, message: Message, form: Form) -> Future[Document]:
        """One telling of a letter by itself. BadInput where it takes too long."""
        words = message.text if form == "text" else message.html
        return self._reader.do(lambda: self._opener.form(words, form, message.subject))

    def take_key(self, id: MessageId) -> Future[str]:
        """Puts the key that a letter offers into the keyring; whose it is. BadInput where it offers none."""
        return self._reader.then(self.raw(id), self.sealing.take_key)

    def _plain(self, id: MessageId, found: bytes | Outlined) -> Message | bytes | None:
        """The letter; its octets where gpg must be asked first, None where it must be had whole for that."""
        if isinstance(found, Outlined):
            if sealed.may_be(found.raw):
                return None
            return completed(self._opener.parse(found.raw), found.root, found.texts)
        if sealed.find(found) is not None:
            return found
        return self._opener.parse(found, lambda beginning: self._begun(id, beginning))

    def _begun(self, id: MessageId, beginning: Message) -> None:
        """Runs on the reader's thread, in the middle of a letter."""
        row = self.rows([id])[0]
        if row is not None:
            self._tell(Begun(id, beginning, self.examiner.insight_here(row, beginning)))

    def _unseal(self, id: MessageId, done: Future[Message | bytes | None], future: Future[Message], ask: bool) -> None:
        if done.cancelled():
            future.cancel()
            future.set_running_or_notify_cancel()
        elif (error := done.exception()) is not None:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
        elif isinstance(told := done.result(), Message):
            if future.set_running_or_notify_cancel():
                future.set_result(told)
        else:
            alone(lambda: self._opened(id, told, ask)).add_done_callback(lambda last: _hand_on(last, future))

    def _opened(self, id: MessageId, held: bytes | None, ask: bool) -> Message:
        """Runs on a thread of its own. A letter that was encrypted loses its HTML: its text is shown, and nothing in it
        can be made to fetch something (EFAIL)."""
        letter, seal = self.sealing.open(self.raw(id).result() if held is None else held, ask=ask)
        message = replace(self._opener.parse(letter), seal=seal)
        return replace(message, html="") if seal is not None and seal.is_encrypted else message


def _hand_on(done: Future[Message], future: Future[Message]) -> None:
    if future.set_running_or_notify_cancel():
        error = done.exception()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(done.result())
