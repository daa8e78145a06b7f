"""Where the engine's threads meet the screens: one queue for facts, one decorator for answers."""

from __future__ import annotations

import asyncio
import functools
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from textual import getters, on
from textual.actions import ActionParseResult
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.worker import Worker

from tui_mail.config.settings import Settings
from tui_mail.config.state import State
from tui_mail.engine.doubts import Doubts
from tui_mail.engine.mail import Mail
from tui_mail.mime.clean import clean
from tui_mail.model.draft import Draft, DraftId, Waiting
from tui_mail.model.errors import Cancelled, IndexDamaged, MailError, PutBack, StorageFailed
from tui_mail.model.event import Event, Failed
from tui_mail.model.folder import FolderChange, FolderId
from tui_mail.model.listing import Listing
from tui_mail.model.message import Message as Letter
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation
from tui_mail.model.when import spoken

from .key_order import KeyOrder
from .keys import Keymap
from .once import Once
from .terminal.easel import Easel
from .widgets.key_bar import KeyBar
from .widgets.message_row import SIGNS
from .widgets.note import Note

BESIDE = 2.0
"""Seconds between looks at the other program that keeps the mail."""
Result = TypeVar("Result")
P = ParamSpec("P")
Node = TypeVar("Node", bound=DOMNode)


@dataclass(frozen=True, slots=True)
class Again:
    """An action that was done to messages, ready to be done to others."""

    act: Callable[[Sequence[MessageId]], Operation]
    about: MessageId
    """One of those that it was done to."""
    rule: str
    """The same in the words of a rule; empty where no rule can do it."""


class MailApp(KeyOrder):
    """What every screen may count on: the mail, the settings, what is remembered, the way to speak."""

    class Told(Message):
        """The engine told something; what, stands in the queue."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, MailApp.Told)

    def __init__(
        self, mail: Mail, settings: Settings, state: State, *, clock: Callable[[], float] = time.time, **options: Any
    ) -> None:
        self._orderly()
        super().__init__(**options)  # Any: App's own keywords are passed on as they come
        self.mail = mail
        self.settings = settings
        self.state = state
        self.clock = clock
        self.easel = Easel(settings.ui.pictures)
        """The pictures that the terminal draws itself."""
        self.keymap = Keymap({}, {})
        self.doubts: Doubts | None = None
        """How a certificate is looked at and trusted; None where the mailbox is made up."""
        self.marks = SIGNS
        self.letter: Draft | None = None
        """The letter that is open at first, if the program was called for one."""
        self.changed_folder: FolderChange | None = None
        """The folder whose change an undo takes back, until something else is done."""
        self.callable_back: Waiting | None = None
        """The letter that an undo calls back, while its seconds run."""
        self.done_since = 0
        """Actions since that letter was sent: they are undone before it."""
        self.refusals: dict[DraftId, tuple[tuple[str, str], ...]] = {}
        """What a server said against recipients of letters that came back into the composer."""
        self.filed_into: tuple[FolderId, ...] = ()
        """Where messages were moved or copied last, the newest first."""
        self.again: Again | None = None
        """What was done last to messages, to be done once more to others."""
        self._events: deque[Event] = deque()
        self._is_listening = False
        self._toasts: dict[tuple[str, str], float] = {}
        """Title and text of those that are seen, and until when."""
        self._remembering: dict[str, str | dict[str, str]] = {}

    def listen(self, event: Event) -> None:
        """Takes what the engine tells, from any thread; what comes before the screens are up waits for them."""
        self._events.append(event)
        if self._is_listening:
            self.post_message(self.Told())

    def on_mount(self) -> None:
        self._is_listening = True
        self.post_message(self.Told())
        if self.mail.read_only:
            self.set_interval(BESIDE, self.mail.attend)

    def on_unmount(self) -> None:
        self._is_listening = False

    @on(Told)
    def pass_on(self) -> None:
        while self._events and self.is_running:  # while the program closes, its screens lose their widgets one by one
            event = self._events.popleft()
            self.heard(event)
            for screen in tuple(self.screen_stack):
                if isinstance(screen, MailScreen) and screen.is_mounted:
                    screen.heard(event)

    def heard(self, event: Event) -> None:
        """What the app itself does about an event; the screens hear it after."""

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """What a key runs: where the engine will not, that is said, and the program goes on."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except MailError as error:
            self.trouble(error)
            return True

    def state_later(self, key: str, value: str | dict[str, str]) -> None:
        """Remembers something for the next run; written when the program leaves, so that no key waits for the disk."""
        self._remembering[key] = value

    def write_state(self) -> None:
        for key, value in self._remembering.items():
            self.state.put(key, value)
        self._remembering.clear()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """A toast. Its text may quote a mail or a server: it is cleaned, and never markup whatever the caller says. One
        that is still there is not put up again: a key that is held would cover the screen with them."""
        del markup
        text, head = clean(message, lines=True), clean(title)
        now = time.monotonic()
        self._toasts = {toast: until for toast, until in self._toasts.items() if until > now}
        if (head, text) in self._toasts:
            return
        self._toasts[head, text] = now + (self.NOTIFICATION_TIMEOUT if timeout is None else timeout)
        super().notify(text, title=head, severity=severity, timeout=timeout, markup=False)

    def trouble(self, error: MailError) -> None:
        """What failed, why, what now; silence for what the person called off."""
        if isinstance(error, IndexDamaged):
            self.rebuild(error)
        elif not isinstance(error, Cancelled):
            self.notify(str(error), severity="error", timeout=8)

    def rebuild(self, error: IndexDamaged) -> None:
        """Begins the program again, which makes the index anew."""
        raise NotImplementedError

    def said(self, words: str, *, undo: bool = False) -> None:
        """Says at the foot of the screen what was done; one line, used again: quick keys pile up no toasts."""
        self.done_since += undo
        self.news(words, undo=undo)

    def news(self, words: str, *, undo: bool = False) -> None:
        """The same line for what happened by itself."""
        screen = self.screen
        if isinstance(screen, MailScreen):
            screen.say(words, undo=undo)
        else:
            self.notify(words)

    def dropped(self) -> None:
        self.news("What you typed meanwhile was not used.")

    def letter_sent(self, waiting: Waiting) -> None:
        """After `mail.send`: says when it goes; until then the next undo calls it back."""
        seconds = round(waiting.due - self.clock())
        if seconds <= 0:
            self.said("The letter is on its way.")
            return
        subject = f"“{waiting.subject or 'The letter'}” goes out"
        if seconds < 100:
            self.said(f"{subject} in {seconds} s.", undo=True)
        else:
            self.said(f"{subject} {spoken(waiting.due, self.clock())}, when tui-mail runs.", undo=True)
        self.callable_back, self.changed_folder, self.done_since = waiting, None, 0

    def open_letter(self, listing: Listing, at: MessageId) -> None:
        """Reads a message, and on from it through the listing."""

    def open_enclosed(self, name: str, octets: bytes, message: Letter) -> None:
        """Reads a letter that came with another."""

    def folder_changed(self, change: FolderChange) -> None:
        """After a folder was renamed or removed: the next undo gives it its old name."""
        self.said(f"{change.words}.", undo=True)
        self.changed_folder, self.callable_back, self.done_since = change, None, 0

    def hint(self, entries: list[tuple[str, str]]) -> None:
        """Shows which keys may follow and what they do; nothing where the list is empty."""
        screen = self.screen
        if isinstance(screen, MailScreen):
            screen.hint(entries)


class MailScreen(Once[None]):
    """A screen that hears the engine and can say what was done."""

    app = getters.app(MailApp)

    def heard(self, event: Event) -> None:
        """Called on the loop for every event of the engine. Must not wait."""
        if isinstance(event, Failed) and isinstance(event.error, StorageFailed | PutBack):
            for note in self.query(Note):
                note.withdraw()  # it may say that something was done that the disk, or the server, would not take

    def reason(self, action: str) -> str:
        """Why an action is dim, for the palette."""
        return ""

    def say(self, words: str, *, undo: bool = False) -> None:
        self._note().say(clean(words), undo=self.app.keymap.shown("message.undo") if undo else "")

    @on(KeyBar.Pressed)
    def press_key(self, event: KeyBar.Pressed) -> None:
        for key in event.key.split():
            self.app.simulate_key(key)

    def hint(self, entries: list[tuple[str, str]]) -> None:
        if entries or self.query(Note):
            self._note().hint(entries)

    def _note(self) -> Note:
        for note in self.query(Note):
            return note
        note = Note()
        self.mount(note)
        return note


def asking(
    group: str = "default", *, exclusive: bool = False
) -> Callable[
    [Callable[Concatenate[Node, P], Coroutine[Any, Any, None]]], Callable[Concatenate[Node, P], Worker[None]]
]:
    """Makes a coroutine method of a screen or widget a worker on the loop; a MailError becomes a toast.

    With `exclusive` a new call cancels the group's running one, and with it the future it waits for.
    """

    def decorate(
        method: Callable[Concatenate[Node, P], Coroutine[Any, Any, None]],
    ) -> Callable[Concatenate[Node, P], Worker[None]]:
        def start(self: Node, /, *args: P.args, **kwargs: P.kwargs) -> Worker[None]:
            async def guarded() -> None:
                try:
                    await method(self, *args, **kwargs)
                except MailError as error:
                    app = self.app
                    if isinstance(app, MailApp):
                        app.trouble(error)
                except NoMatches:
                    if self.app.is_running and not self._pruning:  # else it lost its widgets while the answer came
                        raise

            return self.run_worker(guarded, name=method.__name__, group=group, exclusive=exclusive)

        functools.update_wrapper(start, method)
        return start

    return decorate


async def answer(future: Future[Result]) -> Result:
    """Awaits what the engine promised; cancelling the waiter cancels the promise."""
    return await asyncio.wrap_future(future)
