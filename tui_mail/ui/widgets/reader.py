"""One letter to read: its head, its text, what came along; or why it is not here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message as Event
from textual.timer import Timer

from tui_mail.model.document import Document
from tui_mail.model.errors import MailError, Offline
from tui_mail.model.insight import Insight, Turn
from tui_mail.model.message import Message, MessageId, Summary
from tui_mail.model.picture import Picture
from tui_mail.model.seal import Seal

from .attachment_strip import AttachmentStrip
from .document_view import DocumentView
from .letter_cards import MOST_TURNS, KeyOf, keyless
from .letterhead import conversation, expected, letter, only
from .seal_line import SealLine

PATIENCE = 0.2
"""Seconds before a wait is shown."""
LOW = 16
"""Rows under which a page keeps its head to two lines, so that there is a word of the letter to be read."""
MIDDLE = 30
"""Rows under which of a conversation only the letters next to this one are listed."""


class Reader(Vertical):
    """Shows what it is given: `expect` while a letter is fetched, then `show` or `fail`; `clear` for none.

    `DocumentView.LinkClicked` and `AttachmentStrip.Chosen` bubble through it.
    """

    class OtherForm(Event):
        """The other telling of the letter is wanted: `show_other` takes it."""

        def __init__(self, reader: Reader) -> None:
            super().__init__()
            self.reader = reader

    class Turned(Event):
        """What was shown was taken off; the same letter may be shown again."""

    DEFAULT_CSS = """
    Reader { height: 1fr; }
    Reader > DocumentView { height: 1fr; }
    """
    BINDINGS = [
        Binding("h", "full_headers", "Headers", id="reader.headers", show=False, tooltip="Show all header fields"),
        Binding(
            "H", "other_form", "Text or HTML", id="reader.form", show=False, tooltip="Show the other form of the letter"
        ),
    ]
    view = getters.query_one(DocumentView)
    strip = getters.query_one(AttachmentStrip)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._message: Message | None = None
        self._is_full = False
        self._turns = MOST_TURNS
        """Letters of a conversation that there is room for in the head."""
        self._other: Document | None = None
        """The other form, while that is shown."""
        self._begun: MessageId | None = None
        """The letter of which the first screens are shown, while the rest is taken apart."""
        self._is_whole = False
        self._pictured: tuple[Document, Mapping[str, Picture]] | None = None
        self._row: Summary | None = None
        self._insight: Insight | None = None
        self._at: MessageId | None = None
        self.key_of: KeyOf = keyless
        """How the keymap writes the key of an action; set by the screen."""
        self._wait: Timer | None = None

    def compose(self) -> ComposeResult:
        yield SealLine()
        yield DocumentView()
        yield AttachmentStrip()

    def on_resize(self, event: events.Resize) -> None:
        rows = event.size.height
        turns = 0 if rows < LOW else 3 if rows < MIDDLE else MOST_TURNS
        self.strip.limit(1 if rows < LOW else 3)
        if turns != self._turns:
            self._turns = turns
            if not self._is_whole:
                self._draw(keep_place=True, from_end=True)

    @property
    def message(self) -> Message | None:
        """The letter that is shown, or None."""
        return self._message

    def expect(self, row: Summary) -> None:
        """A letter was asked for. What is shown stays for a moment; then the head and that it is being fetched."""
        self._row = row
        self._stop_waiting()
        self._wait = self.set_timer(PATIENCE, self._show_wait)

    @property
    def at(self) -> MessageId | None:
        """Which message of the mailbox that is."""
        return self._at

    @property
    def insight(self) -> Insight:
        """What is known of the letter that is shown."""
        return self._insight or Insight()

    def show(self, message: Message, insight: Insight | None = None, *, at: MessageId | None = None) -> None:
        """`insight`: what was found out about it; `at`: which of a conversation it is."""
        self._take_off()
        self._message, self._insight, self._at = message, insight, at
        self._pictured = self._other = None
        self._show_seal(message.seal)
        self.strip.show(message.attachments)
        is_begun, self._begun = at is not None and self._begun == at, None
        self._draw(keep_place=is_begun)

    def begin(self, beginning: Message, insight: Insight, *, at: MessageId) -> None:
        """The first screens of a letter that is expected; nothing can be done with it before `show`."""
        if self._row is None or self._row.id != at or self._at == at:
            return
        self._take_off()
        self._message = self._insight = self._at = self._other = self._pictured = None
        self._begun = at
        self._show_seal(None)
        self.strip.show(beginning.attachments)
        document = beginning.document
        self.view.show(self._page(beginning, document, insight, at))

    def show_other(self, message: Message, document: Document) -> None:
        """The other form of the letter, if that is still the one that is shown."""
        if self._message is message:
            self._other = document
            self._draw()

    @property
    def is_whole(self) -> bool:
        """Whether all text of the conversation is shown."""
        return self._is_whole

    def show_whole(self, letters: Sequence[tuple[Turn, Message | None]]) -> None:
        """All the text of a conversation instead of the one letter, which stays the one that actions are about."""
        if self._message is not None:
            page, here = conversation(self._message, letters)
            self._is_whole = True
            self.view.show(page)
            self.view.go_to_block(here)

    def shows(self, message: Message) -> bool:
        """Whether that letter is the one to be read here, in whatever form."""
        return self._message is message or self._message == message

    def show_pictures(self, message: Message, body: Document, pictures: Mapping[str, Picture]) -> bool:
        """That letter in its HTML form, with these pictures in their places; False where another one is shown now.

        More pictures of the same form do not bring it back where another was chosen meanwhile.
        """
        if not self.shows(message):
            return False
        is_first = self._pictured is None or self._pictured[0] is not body
        self._pictured = body, pictures
        if is_first:
            self._other = None
        if is_first or not (self._other or self._is_whole):
            self._draw(keep_place=True)
        return True

    def show_one(self) -> None:
        """The letter alone again."""
        self._draw()

    def fail(self, error: MailError) -> None:
        """The letter that was expected did not come."""
        words = f"Not here yet: {error}" if isinstance(error, Offline) else str(error)
        self._show_words(words)

    def clear(self, words: str = "") -> None:
        """No letter; `words` say why, in the place of one."""
        self._row = None
        self._show_words(words)

    def _show_wait(self) -> None:
        if self._wait is not None:  # a timer that was stopped may have been on its way already
            self._show_words("Fetching the letter …")

    def _show_words(self, words: str) -> None:
        self._take_off()
        self._message = self._insight = self._at = self._begun = self._pictured = None
        self._show_seal(None)
        self.strip.show(())
        self.view.show(expected(self._row, words) if self._row else only(words))

    def _show_seal(self, seal: Seal | None) -> None:
        key = self.key_of("message.unlock") if seal is not None and (seal.is_locked or seal.is_waiting) else ""
        does = "opens and checks it" if seal is not None and seal.is_waiting else "unlocks it"
        self.query_one(SealLine).show(seal, f"({key} {does})" if key else "")

    def on_unmount(self) -> None:
        self._pictured = None

    def _take_off(self) -> None:
        self._stop_waiting()
        self.post_message(self.Turned())

    def _stop_waiting(self) -> None:
        if self._wait is not None:
            self._wait.stop()
            self._wait = None

    def _draw(self, *, keep_place: bool = False, from_end: bool = False) -> None:
        self._is_whole = False
        if (message := self._message) is not None:
            drawn, pictures = self._pictured or (message.document, {})
            body = self._other or drawn
            page = self._page(message, body, self._insight, self._at)
            self.view.show(page, keep_place=keep_place, from_end=from_end, pictures=pictures)

    def _page(self, message: Message, body: Document, insight: Insight | None, at: MessageId | None) -> Document:
        return letter(
            message,
            body,
            full=self._is_full,
            brief=not self._turns,
            turns=MOST_TURNS if self._is_full else self._turns,
            insight=insight,
            at=at,
            key_of=self.key_of,
        )

    def action_full_headers(self) -> None:
        self._is_full = not self._is_full
        self._draw()

    def action_other_form(self) -> None:
        if self._other is None:
            self.post_message(self.OtherForm(self))
        else:
            self._other = None
            self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "full_headers":
                return True if self._message is not None else None
            case "other_form":
                return True if self._message and self._message.text and self._message.html else None
        return True

    def reason(self, action: str) -> str:
        """Why an action is dim, for the palette."""
        if self._message is None:
            return "no letter is shown"
        return "this letter has one form only" if action == "other_form" else ""
