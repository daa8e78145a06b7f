"""Who a letter is from: one of the own addresses, gone through with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tui_mail.model.address import Address


class SenderField(Static, can_focus=True):
    """Shows the sender whose key is `account`; takes the focus only where there is a choice."""

    DEFAULT_CSS = """
    SenderField { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    SenderField:focus { text-style: bold; }
    """
    BINDINGS = [
        Binding(
            "right,space,enter", "turn(1)", "Next sender", id="compose.sender", tooltip="Write from another address"
        ),
        Binding("left", "turn(-1)", "Sender before", id="compose.sender-back", show=False, tooltip="The one before"),
    ]

    account: reactive[str] = reactive("", init=False)

    class Changed(Message):
        """Another sender was chosen, by its key."""

        def __init__(self, before: str, now: str) -> None:
            super().__init__()
            self.before = before
            self.now = now

    def __init__(self, senders: Sequence[tuple[str, Address]], account: str, *, id: str | None = None) -> None:
        super().__init__(markup=False, id=id)
        self._senders = dict(senders)
        self.can_focus = len(self._senders) > 1
        self.set_reactive(SenderField.account, account)

    def render(self) -> Content:
        sender = self._senders.get(self.account)
        if sender is None:
            return Content.styled(f"no account “{self.account}”", "$error")
        return Content.assemble(str(sender), ("  ◂ ▸" if self.can_focus else "", "$accent"))

    def on_click(self, event: events.Click) -> None:
        if self.can_focus:
            self.action_turn(1)

    def action_turn(self, way: int) -> None:
        keys = list(self._senders)
        before = self.account
        at = keys.index(before) if before in keys else -1
        self.account = keys[(at + way) % len(keys)]
        if self.account != before:
            self.post_message(self.Changed(before, self.account))
