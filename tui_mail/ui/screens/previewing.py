"""The letter under the cursor beside the list: where it stands, when it follows, when it counts as read."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from textual import events, getters, on
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message
from textual.timer import Timer

from tui_mail.model.errors import MailError
from tui_mail.model.event import Connection, Event
from tui_mail.model.insight import Insight
from tui_mail.model.message import MessageId

from ..bridge import MailScreen, answer, asking
from ..widgets.message_list import MessageList
from ..widgets.reader import Reader

PREVIEWS = ("auto", "right", "below", "off")
WIDE, HIGH = 90, 16
"""Cells that list and preview need side by side, and lines that they need one above the other."""
HELD = 0.08
"""Seconds between two moves of the cursor below which a key is held down."""
NEIGHBOURS = 2
"""Messages on each side of the cursor whose text is fetched ahead."""


def placed(preview: str, width: int, height: int) -> str:
    """Where the preview stands in a space of that size: what was chosen where it fits, else the next best."""
    if preview == "off" or height < 8:
        return "off"
    if width >= (WIDE if preview == "auto" else 60) and preview != "below":
        return "right"
    return "below" if height >= (HIGH if preview == "auto" else 12) else "off"


class Split(Container):
    """Holds the list and the preview; says when its size changes, on which it depends how they stand."""

    class Sized(Message):
        """It has another size now."""

    @dataclass
    class Dragged(Message):
        """The border between the two was moved: so many hundredths are the list's now."""

        share: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._dragging = False

    @property
    def side(self) -> str:
        """Where the preview stands."""
        return next((side for side in ("right", "below") if self.has_class(f"-{side}")), "off")

    def divide(self, share: int) -> None:
        """Gives the list so many hundredths; 0 leaves it to the style sheet."""
        list_, *rest = self.children
        side = self.side
        sizes = (f"{share}fr", f"{100 - share}fr") if share and side != "off" else (None, None)
        for widget, size in zip((list_, *rest[:1]), sizes, strict=True):
            widget.styles.width = size if side == "right" else None
            widget.styles.height = size if side == "below" else None
        list_.styles.max_width = "100%" if share else None

    # ---- the mouse on the border between them

    def on_mouse_down(self, event: events.MouseDown) -> None:
        region = self.children[0].region
        at_border = event.screen_x == region.right if self.side == "right" else event.screen_y == region.bottom
        if self.side != "off" and at_border:
            event.stop()
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            part = (
                (event.screen_x - self.region.x) / max(1, self.size.width)
                if self.side == "right"
                else (event.screen_y - self.region.y) / max(1, self.size.height)
            )
            self.post_message(self.Dragged(round(part * 100)))

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def on_resize(self) -> None:
        self.post_message(self.Sized())


class Previewing(MailScreen):
    """For a screen with a MessageList and a Reader in a Split."""

    BINDINGS = [
        Binding("p", "preview", "Preview", id="view.preview", tooltip="Preview: auto, right, below, off", show=False),
    ]

    messages = getters.query_one("#list", MessageList)
    preview = getters.query_one("#preview", Reader)

    def __init__(self) -> None:
        super().__init__()
        self.preview_mode = "auto"
        self._marking: Timer | None = None
        self._resting: Timer | None = None
        self._pointed_at = 0.0
        self._is_empty = True

    def on_mount(self) -> None:
        self.preview_mode = self.usual_preview()

    def usual_preview(self) -> str:
        """Where it stands if nothing else was chosen: as configured, else as the last time."""
        chosen, kept = self.app.settings.ui.preview, self.app.state.get("preview", "auto")
        return kept if chosen == "auto" and kept in PREVIEWS else chosen

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Connection) and event.state == "online" and self.preview.message is None:
            self._look(self.messages.at)

    @on(MessageList.Pointed)
    def pointed(self, event: MessageList.Pointed) -> None:
        """The preview follows at once; under a held key only where it comes to rest."""
        was_empty, self._is_empty = self._is_empty, event.id is None
        self.query_one(Split).set_class(self._is_empty, "-idle")
        if was_empty != self._is_empty:
            self.refresh_bindings()
        before, self._pointed_at = self._pointed_at, monotonic()
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        if self._pointed_at - before < HELD:
            self._resting = self.set_timer(HELD, lambda: self._look(self.messages.at))
        else:
            self._look(event.id)

    def _look(self, id: MessageId | None) -> None:
        if self._marking is not None:
            self._marking.stop()
            self._marking = None
        if not self.preview.display:
            return
        row = self.messages.current
        if id is None or row is None:
            self.preview.clear()
        else:
            self.preview.expect(row)
            self.look(id)

    @asking("preview", exclusive=True)
    async def look(self, id: MessageId) -> None:
        """Shows a letter in the preview; a newer call cancels the one before."""
        mail = self.app.mail
        try:
            message = await answer(mail.read(id))
            row = mail.rows([id])[0]
            insight = Insight() if row is None else await answer(mail.examiner.insight(row, message))
            self.preview.show(message, insight, at=id)
        except MailError as error:
            self.preview.fail(error)  # said where the text would stand; a toast a row would bury the list
            return
        if not self.is_attached:
            return  # the program ended while the letter was read
        at = self.messages.cursor
        mail.want(self.messages.listing.window(at - NEIGHBOURS, at + NEIGHBOURS + 1))
        after = self.app.settings.ui.mark_read_after
        if after and self.messages.at == id:
            self._marking = self.set_timer(after, lambda: mail.seen((id,)))

    def action_preview(self) -> None:
        self.preview_mode = PREVIEWS[(PREVIEWS.index(self.preview_mode) + 1) % len(PREVIEWS)]
        self.app.state_later("preview", self.preview_mode)
        self.place_preview()
        self.app.said(f"Preview: {self.preview_mode}.")

    @on(Split.Sized)
    def place_preview(self) -> None:
        """Puts the preview where it was chosen, or where there is room."""
        split = self.query_one(Split)
        where = placed(self.preview_mode, *split.size)
        was_shown = self.preview.display
        self.preview.display = where != "off"
        split.update_classes({f"-{place}": place == where for place in ("right", "below", "off")})
        if self.preview.display and not was_shown:
            self._look(self.messages.at)
