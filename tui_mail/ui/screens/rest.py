"""What else is like the message that something was done to: shown before the same is done to all of it, or always."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import line
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.operation import count

from ..bridge import Again, MailScreen
from ..widgets.key_bar import KeyBar
from ..widgets.message_list import MessageList
from ..widgets.note import Note


class Rest(Protocol):
    """What is called when the person has said yes."""

    def __call__(self, ids: Sequence[MessageId], words: str, *, always: bool) -> None: ...


class RestScreen(MailScreen):
    """A list to look through; leaving it does nothing."""

    BINDINGS = [
        Binding("y", "do", "Do it to all", id="rest.do", tooltip="The same to all of these, one undo"),
        Binding("A", "always", "Always", id="rest.always", tooltip="The same to all of these and to what comes"),
        Binding("escape,q", "leave", "Back", id="rest.back", tooltip="Leave them as they are"),
    ]
    messages = getters.query_one(MessageList)

    def __init__(self, ids: Sequence[MessageId], words: str, again: Again, then: Rest) -> None:
        """`words`: the query that found them."""
        super().__init__()
        self._ids, self._words, self._again, self._then = tuple(ids), words, again, then

    def compose(self) -> ComposeResult:
        what = self._again.rule or "the same"
        heading = f"{what.capitalize()}: {count(len(self._ids))}"
        yield Static(Content.assemble((heading, "bold"), "  ", (line(self._words), "$muted")), id="title")
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
        self.messages.show(Listing(self._ids), None)
        self.messages.focus()

    @on(MessageList.Opened)
    def read(self, event: MessageList.Opened) -> None:
        self.app.open_letter(self.messages.listing, event.id)

    def action_do(self) -> None:
        self._take(always=False)

    def action_always(self) -> None:
        self._take(always=True)

    def _take(self, *, always: bool) -> None:
        self.dismiss()
        then: Callable[[], None] = lambda: self._then(self._ids, self._words, always=always)  # noqa: E731
        self.app.call_later(then)

    def action_leave(self) -> None:
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "always" and not self._again.rule:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "no rule can do this" if action == "always" else super().reason(action)
