"""The program on the screen: what is the same everywhere, and how it comes and goes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from time import time
from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.binding import Binding
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen
from textual.timer import Timer
from textual.types import CSSPathType
from textual.widgets import Input, TextArea

from tui_mail.config.settings import Settings
from tui_mail.config.state import State
from tui_mail.engine.enrolment import Enrolment
from tui_mail.engine.mail import Mail
from tui_mail.mime.clean import line
from tui_mail.model.errors import BadConfig, IndexDamaged
from tui_mail.model.event import Arrived, Event, Failed, Noticed
from tui_mail.model.operation import count

from .code_copying import CodeCopying
from .enrolling import Enrolling
from .keys import Context, keymap
from .opening import Opening
from .palette import Actions, Palette
from .quitting import Quitting
from .screens.brake import BrakeScreen
from .screens.contacts import ContactsScreen
from .screens.enclosed import EnclosedScreen
from .screens.help import HelpScreen, table
from .screens.inbox import InboxScreen
from .screens.looking import LookScreen
from .screens.message import MessageScreen
from .screens.outbox import OutboxScreen
from .screens.trace import TraceScreen
from .screens.unfinished import DraftsScreen
from .sequencing import Sequencing
from .terminal import ability, display, driver
from .terminal.answers import Answered
from .terminal.safety import SafetyFilter
from .themes import THEMES
from .tidying import Tidying
from .widgets.document_view import DocumentView
from .widgets.folder_tree import FolderTree
from .widgets.message_list import MessageList
from .widgets.message_row import PLAIN_MARKS, SIGNS
from .widgets.reader import Reader
from .widgets.search_bar import SearchInput

log = logging.getLogger(__name__)

SETTLED = 0.5
"""Seconds after which a window has found its size."""
LAST_RESORT = 0.9
"""Seconds after a SIGTERM or SIGHUP until force is used, if it hangs; as long again for the drafts' last words."""
SPEAKS_OF_CODE = (AttributeError, TypeError, NameError, ImportError, NotImplementedError, AssertionError)
"""Errors whose own words tell of the program and not of somebody's mail: these go to the log, others' words do not."""


class TuiMail(Sequencing, Tidying, Opening, CodeCopying, Enrolling, Quitting):
    """`run()` it once; `return_code` says how it went: 0, 1 after a crash, 128 + n after the signal n."""

    TITLE = "tui-mail"
    CSS_PATH: ClassVar[CSSPathType | None] = [Path(__file__).with_name(f"{part}.tcss") for part in ("controls", "app")]
    COMMANDS = {Actions}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("ctrl+p,:", "command_palette", "Palette", id="app.palette", tooltip="Every action by name", show=False),
        Binding("?,f1", "help", "Help", id="app.help", tooltip="The keys that work here"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave the program", show=False, priority=True),
        Binding(
            "ctrl+z", "suspend_process", "Suspend", id="app.suspend", tooltip="To the shell; fg comes back", show=False
        ),
        Binding("ctrl+l", "redraw", "Redraw", id="app.redraw", tooltip="Paint the whole screen again", show=False),
        Binding("f12", "trace", "Trace", id="view.trace", tooltip="What is said with the servers, live", show=False),
        Binding("ctrl+c", "interrupt", "Quit", show=False, system=True),
    ]
    CONTEXTS: ClassVar[dict[str, Context]] = {}

    def __init__(
        self,
        mail: Mail,
        settings: Settings,
        state: State,
        *,
        demo: bool = False,
        enrolment: Enrolment | None = None,
        news: str = "",
        clock: Callable[[], float] = time,
    ) -> None:
        """`enrolment`: how accounts are added, None where they are not; `news`: said when the screens are up."""
        super().__init__(mail, settings, state, clock=clock, driver_class=driver.FastDriver if driver.fits() else None)
        self.animation_level = "none"
        self.is_demo = demo
        self.enrolment = enrolment
        self.doubts = enrolment.doubts if enrolment is not None else None
        self._greeting = news
        self.damage: IndexDamaged | None = None
        """Why it began again, if that was the reason."""
        self.keymap = keymap(settings.ui.keymap, settings.keys, contexts())
        self.set_keymap(dict(self.keymap.changed))
        self.marks = PLAIN_MARKS if os.environ.get("TERM") == "linux" else SIGNS
        self.begin_sequences()
        self._measuring: Timer | None = None
        self._safety = SafetyFilter()
        self._plain = NoColor()
        self._shadow: display.Shadow | None = None
        if display.fits():
            erases = not os.environ.get("TERM", "").startswith("screen")
            self._shadow = display.Shadow(erases=erases, easel=self.easel)
        self.easel.is_usable = self._shadow is not None
        foreign = set(self.available_themes) - {theme.name for theme in THEMES}
        for theme in THEMES:
            self.register_theme(theme)
        self._choose_theme()
        for name in foreign:
            self.unregister_theme(name)  # the toolkit's: nobody looked whether mail can be read in them

    def _choose_theme(self) -> None:
        """What is pinned in config.toml, else what was picked last, else what suits the terminal."""
        ui = self.settings.ui
        names = [theme.name for theme in THEMES]
        if ui.theme not in names:
            raise BadConfig(f"[ui] theme = “{ui.theme}” is not a theme.", remedy=f"There are {', '.join(names)}.")
        usual = type(ui)().theme
        kept = str(self.state.get("theme", ""))
        picked = ui.theme if ui.theme != usual else kept if kept in names else ""
        terminal = sys.__stderr__  # where the toolkit draws
        few = self.console.color_system == "standard" and terminal is not None and terminal.isatty()
        if self.no_color or (few and not picked):
            # of 16 colours only the terminal's own choice of them is sure to be legible; of none, what is reversed
            picked = "ansi-light" if ability.is_light(os.environ) else "ansi-dark"
        self.theme = picked or usual

    def get_default_screen(self) -> Screen[None]:
        return self.welcome() or InboxScreen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The toolkit's, with one difference: NO_COLOR means none at all, where its own way writes greys."""
        filters = super().get_line_filters()
        return (*(self._plain if isinstance(one, Monochrome) else one for one in filters), self._safety)

    # ---- coming

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                # a test's loop may run outside the main thread, where signals cannot be caught
                loop.add_signal_handler(number, self.signalled, number)
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())

    def on_ready(self) -> None:
        if self._greeting:
            self.notify(self._greeting, timeout=8)

    @on(events.AppFocus)
    def come_back(self) -> None:
        """The terminal has the person's eyes again."""
        self.mail.welcome()

    # ---- what the engine tells everybody

    def heard(self, event: Event) -> None:
        match event:
            case Failed(error):
                self.trouble(error)
            case Noticed(text):
                self.notify(text, timeout=10)
            case Arrived(rows) if self.settings.ui.notify and rows:
                more = f" and {count(len(rows) - 1, 'more')}".replace("mores", "more") if len(rows) > 1 else ""
                self.alert(line(f"{rows[0].sender.short}: {rows[0].subject}{more}"))
            case _:
                pass

    def alert(self, text: str) -> None:
        """A bell, and the terminal's own notification (OSC 9) where it knows it. `text` is cleaned."""
        self.bell()
        if self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]9;{line(text)[:200]}\x1b\\")

    # ---- what works everywhere

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(table(self.screen.active_bindings.items(), self.keymap)))

    def action_trace(self) -> None:
        if not isinstance(self.screen, TraceScreen):
            self.push_screen(TraceScreen())

    def on_resize(self) -> None:
        """Other letters may have another size: that is asked, once the sizes stop changing."""
        if self._measuring is not None:
            self._measuring.stop()
        self._measuring = self.set_timer(SETTLED, self._measure)

    def _measure(self) -> None:
        if isinstance(self._driver, driver.FastDriver):
            self._driver.ask_cell()

    def action_redraw(self) -> None:
        """The screen may hold foreign text: everything is painted again."""
        if self._shadow is not None:
            self._shadow.forget()
        self.refresh(layout=True)

    def use_stock_display(self) -> None:
        """Writes every update whole, as the toolkit does by itself."""
        self._shadow = None
        self.easel.is_usable = False

    def action_interrupt(self) -> None:
        """Ctrl-C quits where nothing is edited; what is selected was copied before it comes to this."""
        if isinstance(self.focused, Input | TextArea):
            self.said(f"{self.keymap.shown('app.quit')} quits.")
        else:
            self.run_worker(self.action_quit())

    # ---- going against one's will

    def signalled(self, number: int) -> None:
        """SIGTERM or SIGHUP: drafts to disk, the terminal as it was, exit code 128 + n; done within two seconds."""
        log.warning("Ended by %s.", signal.Signals(number).name)
        code = 128 + number
        signal.signal(signal.SIGALRM, lambda *_: self._end(code))
        signal.setitimer(signal.ITIMER_REAL, LAST_RESORT)
        self.leave(code)

    def _end(self, code: int) -> None:
        """Something hangs, a terminal that takes nothing any more above all: drafts to disk, and out."""
        signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
        signal.setitimer(signal.ITIMER_REAL, LAST_RESORT)
        self.mail.close(LAST_RESORT / 2)
        os._exit(code)

    def terminal_answered(self, answered: Answered) -> None:
        """What the terminal said of itself."""
        if self.easel.heard(answered):
            self.action_redraw()

    def terminal_farewell(self) -> str:
        """What is written before the terminal is left, for a while or for good."""
        return self.easel.taken_down()

    def terminal_closed(self) -> None:
        """The terminal went away without a signal having told so."""
        self.signalled(signal.SIGHUP)

    def rebuild(self, error: IndexDamaged) -> None:
        """Ends these screens; the program begins again with an index that is made anew."""
        if self.damage is None:
            log.error("The index is damaged: %s", error.detail)
            self.damage = error
            self.start_again()

    def _handle_exception(self, error: Exception) -> None:
        """A fault in the program: one sentence for the person, the frames for the log, nobody's mail in either.

        The toolkit's own prints the local variables of every frame: mail, and passwords.
        """
        if damage := damage_behind(error):
            self.rebuild(damage)
            return
        first = self._exception is None
        self._return_code = 1
        if first:
            self._exception = error
            self._exception_event.set()
            log.critical("%s", told(error))
            self._exit_renderables.append(
                Text("tui-mail stopped because of a fault of its own. Drafts and actions are safe; the log says where.")
            )
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """The toolkit's way to die with a picture; the picture may hold mail, so it is not shown."""
        self._handle_exception(RuntimeError("panic"))

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Writes an update; in few bytes where the toolkit is the one that was measured."""
        if self._shadow is not None and isinstance(renderable, LayoutUpdate | ChopsUpdate):
            renderable = display.Terse(renderable, self._shadow, self.size)
        super()._display(screen, renderable)


def contexts() -> dict[str, Context]:
    """The classes that hear a key together, for the conflicts that a keymap must not have."""
    return {
        "list": (MessageList, InboxScreen, TuiMail),
        "folders": (FolderTree, InboxScreen, TuiMail),
        "preview": (DocumentView, Reader, InboxScreen, TuiMail),
        "search": (SearchInput, InboxScreen, TuiMail),
        "message": (DocumentView, Reader, MessageScreen, TuiMail),
        "enclosed": (DocumentView, Reader, EnclosedScreen, TuiMail),
        "look": (DocumentView, LookScreen, TuiMail),
        "outbox": (OutboxScreen, TuiMail),
        "drafts": (DraftsScreen, TuiMail),
        "people": (ContactsScreen, TuiMail),
        "trace": (DocumentView, TraceScreen, TuiMail),
        "brake": (MessageList, BrakeScreen, TuiMail),
    }


def told(error: BaseException) -> str:
    """An error for the log: its kind and where, no local variables, its words only where they are the program's."""
    words = f": {error}" if isinstance(error, SPEAKS_OF_CODE) else ""
    chain = [f"{type(error).__name__}{words}\n" + "".join(traceback.format_tb(error.__traceback__))]
    cause = error.__cause__ or error.__context__ or getattr(error, "error", None)
    if isinstance(cause, BaseException) and cause is not error:
        chain.append("from " + told(cause))
    return "".join(chain)


def damage_behind(error: BaseException | None) -> IndexDamaged | None:
    """The damage of the index behind an error, if it is that; Textual wraps what a worker raised."""
    while error is not None:
        if isinstance(error, IndexDamaged):
            return error
        error = error.__cause__ or error.__context__ or getattr(error, "error", None)
    return None
