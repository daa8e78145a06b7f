"""One letter after the other, large and quiet: each is decided, the next comes by itself, and all has one undo."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import line
from tui_mail.model.listing import Listing
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation, count

from .dialogs import Choice, Question
from .message import MessageScreen

_NUMBER = re.compile(r"\b[\d,]+ messages?\b")
_FEWEST = 3
"""Decisions after which one's pace is known."""


class SweepScreen(MessageScreen):
    """Filing goes on to the next letter; `Space` at the end of a letter, or J, leaves it and goes on too."""

    DEFAULT_CSS = """
    SweepScreen #panes { align-horizontal: center; }
    SweepScreen #panes > Reader { max-width: 96; }
    """
    BINDINGS = [
        Binding("J,right,enter", "step(1)", "Leave it", id="reader.next", tooltip="Leave it where it is, and go on"),
        Binding("q,escape", "back", "End", id="reader.back", tooltip="Enough for now"),
    ]

    def __init__(self, ids: Sequence[MessageId]) -> None:
        """At least one."""
        super().__init__(Listing(ids), ids[0])
        self._begun = 0.0
        self._left = 0
        """Letters that were left where they are."""
        self._done: list[tuple[MessageId, str]] = []
        """What was filed, in order, and the words of it without their number."""

    def on_mount(self) -> None:
        self._begun = self.app.clock()

    # ---- how far it is

    def _show_title(self) -> None:
        place = self.listing.index_of(self.at) or 0
        left = len(self.listing) - place
        self.query_one("#where", Static).update(
            Content.assemble(("Sweep", "bold"), "  ", (f"{left:,} left{self._pace(left)}", "$muted"))
        )

    def _pace(self, left: int) -> str:
        decided = len(self._done) + self._left
        if decided < _FEWEST:
            return ""
        minutes = (self.app.clock() - self._begun) / decided * left / 60
        return " · less than a minute" if minutes < 1 else f" · about {round(minutes)} min"

    # ---- from one to the next

    def filed(self, operation: Operation) -> None:
        self._done.append((self.at, _NUMBER.sub("{}", operation.words)))
        self._go_on()

    def action_step(self, way: int) -> None:
        if way < 0:
            super().action_step(way)
            return
        self._left += 1
        self._go_on()

    def _go_on(self) -> None:
        following = self._neighbour(1)
        if following is None:
            self.action_back()
        else:
            self.open(following)

    def action_undo(self) -> None:
        """Takes the last decision back and shows its letter again; before the first one what was done before."""
        super().action_undo()
        if self._done:
            id, _ = self._done.pop()
            self.open(id)

    # ---- the end

    def action_back(self) -> None:
        if not self._done:
            super().action_back()
            return
        question = Question(
            "Swept", self._summary(), (Choice("k", "Keep it so", strong=True), Choice("z", "Undo it all"))
        )
        self.app.push_screen(question, self._end)

    def _summary(self) -> str:
        """`Archived 20 messages. Moved 8 messages to Trash. 9 left where they were.`"""
        lines = [line(form.format(count(number))) for form, number in Counter(form for _, form in self._done).items()]
        if self._left:
            lines.append(f"{count(self._left)} left where {'it was' if self._left == 1 else 'they were'}")
        return "\n".join(lines)

    def _end(self, way: str | None) -> None:
        if way == "z":
            taken = sum(self.app.mail.undo() is not None for _ in self._done)
            self.app.said(f"Undone: {count(taken, 'decision')}.")
        super().action_back()
