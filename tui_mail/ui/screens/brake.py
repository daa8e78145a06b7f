"""The screen that asks before many messages go because a server does not show them any more."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.model.event import Changed, Event, FoldersChanged
from tui_mail.model.folder import Gap
from tui_mail.model.operation import count

from ..bridge import MailScreen
from ..widgets.key_bar import KeyBar
from ..widgets.message_list import MessageList
from ..widgets.note import Note
from .message import MessageScreen

WHY = (
    "Perhaps another program filed or deleted them; perhaps something is wrong with the server. Nothing was taken away "
    "here: they stay in the folder until you say. New mail and all else go on meanwhile."
)
KEPT = "You said to keep these. They are on this machine alone."


class BrakeScreen(MailScreen):
    """Lists what would go, folder by folder; leaving it decides nothing."""

    DEFAULT_CSS = """
    BrakeScreen > #why { height: auto; padding: 1 2; }
    """
    BINDINGS = [
        Binding(
            "d,delete", "follow", "Remove here too", id="brake.follow", tooltip="Do as the server: they go here too"
        ),
        Binding("s", "keep", "Keep here", id="brake.keep", tooltip="They stay on this machine; not asked again"),
        Binding("n", "next", "Next folder", id="brake.next", tooltip="Another folder where much is missing"),
        Binding("escape,q", "leave", "Later", id="brake.back", tooltip="Decide later; they stay meanwhile"),
    ]
    messages = getters.query_one(MessageList)

    def __init__(self, gap: Gap | None = None) -> None:
        """Begins with this gap, else with the first that is to be decided."""
        super().__init__()
        self._gap = gap

    def compose(self) -> ComposeResult:
        yield Static(id="title")
        yield Static(id="why")
        yield MessageList(
            self.app.mail.rows,
            self.app.clock,
            date_format=self.app.settings.ui.date_format,
            marks=self.app.marks,
            id="list",
        )
        yield Note()
        yield KeyBar()

    def on_mount(self) -> None:
        self.messages.focus()
        self._show(self._gap)

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Changed | FoldersChanged):
            self._show(self._gap)

    def _show(self, wanted: Gap | None) -> None:
        """What is held back of the folder of `wanted`; of another one where that is settled; leaves where none is."""
        gaps = self.app.mail.brake.gaps()
        same = next((gap for gap in gaps if wanted is not None and gap.folder == wanted.folder), None)
        self._gap = gap = same or next(iter(gaps), None)
        if gap is None:
            self.app.call_later(self._close)
            return
        what = f"{count(gap.count)} of {gap.whole:,} in {gap.name} {'is' if gap.count == 1 else 'are'} gone"
        account = f"  {gap.account}" if len(self.app.mail.accounts()) > 1 else ""
        self.query_one("#title", Static).update(
            Content.assemble((f"{what} from the server", "bold"), (account, "$muted"))
        )
        self.query_one("#why", Static).update(Content(WHY if gap.is_open else KEPT))
        self.messages.show(self.app.mail.brake.listing(gap.folder), self.messages.at)
        self.refresh_bindings()

    def _close(self) -> None:
        if self.is_current:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "keep" if self._gap is not None and not self._gap.is_open:
                return None
            case "next" if len(self.app.mail.brake.gaps()) < 2:
                return None
        return super().check_action(action, parameters)

    @on(MessageList.Opened)
    def read(self, event: MessageList.Opened) -> None:
        screen = MessageScreen(self.messages.listing, event.id)
        self.app.push_screen(screen, lambda _: self.messages.point(screen.at))

    def action_follow(self) -> None:
        if self._gap is not None:
            self.app.mail.brake.follow(self._gap)
            self._said(f"{count(self._gap.count)} of {self._gap.name} removed here too.")

    def action_keep(self) -> None:
        if self._gap is not None:
            self.app.mail.brake.keep(self._gap)
            self._said(f"{count(self._gap.count)} of {self._gap.name} stay here.")

    def _said(self, words: str) -> None:
        """On to the next folder that is to be decided; home where there is none."""
        others = [gap for gap in self.app.mail.brake.gaps() if gap.is_open and gap != self._gap]
        if not others:
            self.dismiss()
        else:
            self._show(others[0])
        self.app.call_later(self.app.said, words)

    def action_next(self) -> None:
        gaps = self.app.mail.brake.gaps()
        here = next((n for n, gap in enumerate(gaps) if self._gap is not None and gap.folder == self._gap.folder), -1)
        self._show(gaps[(here + 1) % len(gaps)] if gaps else None)

    def action_leave(self) -> None:
        self.dismiss()
