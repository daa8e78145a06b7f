"""The part of the door that letters are opened by, those that are signed or encrypted among them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from tui_mail.backend.contract import Tell
from tui_mail.mime import armor, parse, sealed
from tui_mail.mime.assembling import completed
from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.errors import BadInput
from tui_mail.model.event import Begun, Event
from tui_mail.model.message import Message, MessageId, Summary
from tui_mail.model.seal import part_name

from .examiner import Examiner
from .fetch_partly import OnePart
from .in_text import InText, Opened
from .opener import Opener
from .outline import Outlined
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
            message = completed(self._opener.parse(found.raw), found.left)
            return None if armor.may_be(message.text) else message
        if sealed.find(found) is not None:
            return found
        message = self._opener.parse(found, lambda beginning: self._begun(id, beginning))
        return found if armor.may_be(message.text) else message

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
        raw = self.raw(id).result() if held is None else held
        letter, seal = self.sealing.open(raw, ask=ask)
        message = replace(self._opener.parse(letter), seal=seal)
        if seal is None and (found := self.sealing.in_text.open(raw, ask=ask)) is not None:
            return self._shown(message, found)
        return replace(message, html="") if seal is not None and seal.is_encrypted else message

    def _shown(self, message: Message, opened: Opened) -> Message:
        """A letter with what PGP in its text covers, marked where it has other text beside it. An answer quotes what
        was a secret only where that is all of the letter: else a stranger could have it sent to himself so."""
        plain = [one.text for one in opened.texts if not one.is_page]
        both = opened.as_came, "\n".join(plain)
        drawn = [(one, self._drawn(one, message.subject)) for one in opened.texts]
        told = [(one, page) for one, page in drawn if not (one.is_page and armor.says_the_same(page.text, both))]
        seal = opened.seal([one for one, _ in told])
        if seal.is_waiting:
            return replace(message, seal=seal)
        if len(told) == 1:
            return replace(message, text=plain[0], html="", document=told[0][1], seal=seal)
        count = sum(one.seal is not None for one, _ in told)
        numbers = itertools.count(1)
        pages = [
            (page, part_name(next(numbers), count) if one.seal else armor.PAGE if one.is_page else "")
            for one, page in told
        ]
        text = message.text if seal.is_encrypted else "\n".join(one.strip("\n") for one in plain)
        return replace(message, text=text, html="", document=armor.parted(pages), seal=seal)

    def _drawn(self, one: InText, subject: str) -> Document:
        try:
            return self._opener.form(one.text, "page" if one.is_page else "text", subject)
        except BadInput as error:
            return armor.note(error.text)


def _hand_on(done: Future[Message], future: Future[Message]) -> None:
    if future.set_running_or_notify_cancel():
        error = done.exception()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(done.result())
