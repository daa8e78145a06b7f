"""Keys one after the other: what is typed ahead goes where the keys before it have led."""

from __future__ import annotations

from collections import deque
from weakref import WeakSet

from textual import events, on
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.worker import Worker

NAP = 0.004
"""Seconds between two looks whether the next key may go on."""
PATIENCE = 250
"""Looks after which it does, whatever became of the one before. Looks, not seconds: while the machine is too busy to
look, it is too busy to deal with the key as well."""
MOUNTING = 1250
"""The same while what it opened is still being put on the screen, or what it selects is still being found on this
machine: letters typed ahead must not become commands, nor commands go to something else."""
Typed = events.Key | events.Paste
OPENING = "begin"
"""The first word of the groups of workers that are about to open what the next keys are meant for: a reply, while its
letter is fetched. However long that takes, the keys wait."""
AGAIN = "again"
"""The last word of the groups of those that open one thing after the other: keys wait between two of them as well."""
QUITS = frozenset({"ctrl+q"})
"""What leaves the program, also where something never opens."""
SELECTING = "select"
"""The group of those that find on this machine what the next keys are meant for."""


class Pause(Screen[bool]):
    """A screen that only shows a wait: keys are not meant for it but for what comes of it, unless they call it off."""

    CALLS_OFF = frozenset({"escape", "ctrl+g"})


class KeyOrder(App[None]):
    """The toolkit hands every key to the widget that has the focus when it arrives, before the key in front of it
    has moved the focus: in a burst (a slow line, a paste without brackets) `c bob Tab lunch` would put everything
    into one field, or into the list as commands. Here a key waits until the one before it was dealt with, what that
    opens has been opened, and all of it is mounted. Where nothing was opened in the end, what was typed for it is
    dropped rather than done to something else. Clicks wait in the same line: they too move the focus, and open things.
    """

    class Passed(Message):
        """Follows a key through the same queues; when it is here, the key has been dealt with.

        Behind Enter it goes three times: a field says only then to itself that it was entered, which ends the dialog
        around it, and that tells the screen below what to do.
        """

        def __init__(self, rounds: int) -> None:
            super().__init__()
            self.rounds = rounds

    _waiting: deque[Typed | events.MouseEvent]
    _is_under_way: bool
    """A key or a click was handed out, and has not come back yet."""
    _looks: int
    """How often the next key was found to be too early."""
    _was_early: bool
    """The next key had to wait when it was looked at last."""
    _opener: tuple[Screen[object], Widget | None] | None
    """Where keys would go before something was to be opened for them; None where nothing is."""
    _beginner: DOMNode | None
    """Who is to open it. Where that is gone in the end, as a composer is whose letter was sent, all went well."""
    _leaver: Widget | None
    """Is done, and about to be taken off the screen."""
    _opened: WeakSet[Worker[object]]
    """Workers that have opened something, and do the rest behind the screen's back."""
    _guard: Timer | None

    def _orderly(self) -> None:
        """Called once from `__init__`."""
        self._waiting = deque()
        self._is_under_way = False
        self._looks = 0
        self._was_early = False
        self._opener = None
        self._beginner = None
        self._leaver = None
        self._opened = WeakSet()
        self._guard = None

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste | events.MouseEvent) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, events.MouseEvent):
            await self._point(event)
        elif isinstance(self.screen, Pause) and isinstance(event, events.Key) and event.key in Pause.CALLS_OFF:
            self._waiting.clear()  # it was typed for what is called off here
            self._opener = self._beginner = None
            await super().on_event(event)
        else:
            self.app_focus = True  # who types is here, whatever the terminal said; the focus goes back where it was
            self._waiting.append(event)
            await self._next()

    async def _point(self, event: events.MouseEvent) -> None:
        """What the mouse does waits behind keys, and keys behind a click. Of a wait that shows itself it is no part."""
        is_move = isinstance(event, events.MouseMove)
        if isinstance(self.screen, Pause) or (is_move and not self._waiting):
            await super().on_event(event)
            return
        if is_move and isinstance(self._waiting[-1], events.MouseMove):
            self._waiting.pop()  # where it goes in the end is what counts
        self._waiting.append(event)
        await self._next()

    async def take(self, event: Typed) -> None:
        """Deals with one key or paste; what a subclass does not want goes on to the focused widget."""
        await super().on_event(event)

    def leaves(self, widget: Widget) -> None:
        """The widget is done: the next keys are for what is there when it is off the screen."""
        self._leaver = widget

    def dropped(self) -> None:
        """What was typed for something that did not open was dropped."""

    async def _next(self) -> None:
        if not self._waiting:
            return
        if self._must_wait:
            self._was_early = True
            await self._let_out()
            if self._waiting and self._guard is None:
                self._guard = self.set_timer(NAP, self._look)
            return
        if self._was_early:
            self._was_early = False
            self.call_later(self._next)  # behind the focus that what was just mounted asks for
            return
        self._looks = 0
        opener, self._opener = self._opener, None
        beginner, self._beginner = self._beginner, None
        is_over = isinstance(beginner, Widget) and not beginner.is_attached
        if opener == self._place and not is_over and not isinstance(self.focused, Input | TextArea):
            clicks: deque[Typed | events.MouseEvent] = deque(
                one for one in self._waiting if isinstance(one, events.MouseEvent)
            )
            if len(clicks) < len(self._waiting):
                self._waiting = clicks
                self.dropped()
                self.call_later(self._next)
                return
        self._is_under_way = True
        event = self._waiting.popleft()
        target: Widget = self.focused or self.screen
        if isinstance(event, events.MouseEvent):
            await super().on_event(event)
            target = self.mouse_over or target
        else:
            await self.take(event)
        is_enter = isinstance(event, events.Key) and event.key == "enter"
        if not target.post_message(self.Passed(3 if is_enter else 1)):
            self.call_later(self._done)

    async def _let_out(self) -> None:
        """What leaves the program waits for a second, unless text stands before it that may yet have a place to go."""
        first = self._waiting[0]
        if isinstance(first, events.Key) and first.key in QUITS and self._looks >= PATIENCE:
            self._waiting.popleft()
            await super().on_event(first)

    async def _look(self) -> None:
        self._guard = None
        self._looks += 1
        await self._next()

    @on(Passed)
    def passed(self, event: Passed) -> None:
        event.stop()
        if event.rounds > 1 and (self.focused or self.screen).post_message(self.Passed(event.rounds - 1)):
            return
        self.call_later(self._done)  # behind what the key itself has put off, a change of focus above all

    async def _done(self) -> None:
        self._is_under_way = False
        await self._next()

    @property
    def _must_wait(self) -> bool:
        """Whether the next key is too early."""
        if self._is_opening:
            self._opener = self._opener or self._place
            return True
        if not self._is_built or self._is_selecting or self._is_leaving:
            return self._looks < MOUNTING
        return self._is_under_way and self._looks < PATIENCE

    @property
    def _is_opening(self) -> bool:
        """Whether something is about to open. A worker that has put a dialog up has opened what it was to open."""
        for worker in self.workers:
            if worker.group.partition(" ")[0] == OPENING and not worker.is_finished and worker not in self._opened:
                if self._is_here(worker):
                    self._beginner = worker.node
                    return True
                if worker.group.rpartition(" ")[2] != AGAIN:
                    self._opened.add(worker)
        return False

    @property
    def _is_selecting(self) -> bool:
        return any(worker.group == SELECTING and not worker.is_finished for worker in self.workers)

    @property
    def _is_leaving(self) -> bool:
        """Whether who was to open something, or said so itself, is done, and about to be taken off the screen."""
        if isinstance(self._beginner, Widget) and self._beginner.is_attached and self._beginner.disabled:
            return True
        return self._leaver is not None and self._leaver.is_attached

    def _is_here(self, worker: Worker[object]) -> bool:
        """Whether a worker's screen is the one that is seen, a wait aside."""
        screen, _ = self._place
        return worker.node is screen or screen in worker.node.ancestors

    @property
    def _place(self) -> tuple[Screen[object], Widget | None]:
        """The screen that keys are for, a wait aside, and what of it has the focus."""
        screen = self.screen_stack[-2] if isinstance(self.screen, Pause) else self.screen
        return screen, screen.focused

    @property
    def _is_built(self) -> bool:
        """Whether everything on the screen is mounted."""
        screen = self.screen
        return screen.is_mounted and all(widget.is_mounted for widget in screen.walk_children(Widget))
