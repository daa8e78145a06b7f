"""From pane to pane of the main screen; where it is narrow, the folders show themselves while one is in them."""

from __future__ import annotations

from textual import events, getters, on
from textual.binding import Binding
from textual.widget import Widget

from ..bridge import MailScreen
from ..panes.compose import ComposePane
from ..widgets.folder_tree import FolderTree


class Stepping(MailScreen):
    """For a screen with a FolderTree."""

    BINDINGS = [
        Binding("f6,ctrl+w", "pane(1)", "Next pane", id="view.next-pane", tooltip="To the next pane", show=False),
        Binding("shift+f6", "pane(-1)", "Last pane", id="view.previous-pane", tooltip="To the pane before", show=False),
    ]

    folders = getters.query_one(FolderTree)

    def panes(self) -> tuple[Widget, ...]:
        """What is gone through, from left to right."""
        raise NotImplementedError

    def action_pane(self, step: int) -> None:
        panes = self.panes()
        here = next((n for n, pane in enumerate(panes) if pane.has_focus_within), 1)
        target = panes[(here + step) % len(panes)]
        self.folders.set_class(target is self.folders, "-peek")
        if isinstance(target, ComposePane):
            target.focus_first()
        else:
            target.focus()

    @on(events.DescendantBlur)
    def close_peek(self, event: events.DescendantBlur) -> None:
        if event.widget is self.folders:
            self.folders.remove_class("-peek")
