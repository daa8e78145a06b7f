"""A field that holds one of a few words, gone through with the arrow keys or by clicking."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static


class Turn(Static, can_focus=True):
    """Shows the words of `chosen`; `choices` maps what is meant to what is shown."""

    DEFAULT_CSS = """
    Turn { height: 1; width: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    Turn:focus { background: $boost; text-style: bold; }
    """
    BINDINGS = [
        Binding("right,space", "turn(1)", "Another", id="form.turn", tooltip="The next of the choices"),
        Binding("left", "turn(-1)", "Choice before", id="form.turn-back", show=False, tooltip="The choice before"),
    ]

    chosen: reactive[str] = reactive("", init=False)
    choices: reactive[Mapping[str, str]] = reactive({}, init=False)

    class Changed(Message):
        """The person chose another one."""

        def __init__(self, turn: Turn, before: str) -> None:
            super().__init__()
            self.turn = turn
            self.before = before

        @property
        def control(self) -> Turn:
            return self.turn

    def __init__(self, choices: Mapping[str, str], chosen: str, *, id: str | None = None, classes: str = "") -> None:
        super().__init__(markup=False, id=id, classes=classes)
        self.set_reactive(Turn.choices, choices)
        self.set_reactive(Turn.chosen, chosen)

    def render(self) -> Content:
        return Content.assemble(self.choices.get(self.chosen, self.chosen), ("  ◂ ▸", "$text-accent"))

    def watch_chosen(self) -> None:
        self.refresh(layout=True)

    def watch_choices(self) -> None:
        self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        self.action_turn(1)

    def action_turn(self, way: int) -> None:
        keys = list(self.choices)
        before = self.chosen
        self.chosen = keys[(keys.index(before) + way) % len(keys)]
        self.post_message(self.Changed(self, before))
