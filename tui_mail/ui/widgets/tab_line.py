"""The tabs over the inbox: everything, people, mailing lists, notifications, each with what is unread there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static


@dataclass(frozen=True, slots=True)
class Tab:
    """One of them."""

    name: str
    unread: int = 0


class TabLine(Static):
    """One line, hidden where it has no tabs. A click chooses; the keys are the screen's."""

    DEFAULT_CSS = """
    TabLine { height: 1; display: none; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    tabs: reactive[Sequence[Tab]] = reactive((), layout=True)
    at: reactive[str] = reactive("")
    """The name of the tab that is shown."""

    @dataclass
    class Chosen(Message):
        """The person wants this tab."""

        name: str

    def watch_tabs(self, tabs: Sequence[Tab]) -> None:
        self.display = bool(tabs)

    def render(self) -> Content:
        pieces = []
        for tab in self.tabs:
            name = (tab.name, "bold underline" if tab.name == self.at else "$muted")
            piece = Content.assemble(name, (f" {tab.unread:,}" if tab.unread else "", "$accent"))
            pieces.append(piece.stylize(Style.from_meta({"tab": tab.name})))
        return Content("   ").join(pieces)

    def on_click(self, event: events.Click) -> None:
        name = event.style.meta.get("tab")
        if isinstance(name, str):
            self.post_message(self.Chosen(name))
