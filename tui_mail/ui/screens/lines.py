"""A short list on a screen of its own, with a heading, and a sentence where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ..bridge import MailScreen
from ..widgets.key_bar import KeyBar


class Lines(MailScreen):
    """What is listed and what can be done with a line is a subclass's."""

    BINDINGS = [
        Binding("j", "down", "Down", id="list.down", tooltip="To the next line", show=False),
        Binding("k", "up", "Up", id="list.up", tooltip="To the line above", show=False),
    ]
    DEFAULT_CSS = """
    Lines > #lines { height: 1fr; }
    Lines > #nothing { height: 1fr; content-align: center middle; display: none; }
    """
    SPACED = True
    """A rule under each line."""
    HEADING = ""
    NOTHING = "Nothing stands here."

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble((self.HEADING, "bold")), id="title")
        yield OptionList(id="lines", markup=False)
        yield Static(Content(self.NOTHING), id="nothing")
        yield KeyBar()

    def on_mount(self) -> None:
        self.draw()
        self.query_one(OptionList).focus()

    def lines(self) -> Sequence[tuple[str, Content]]:
        """(id, what is shown) of each line; one without an id is a heading."""
        raise NotImplementedError

    def draw(self) -> None:
        """Reads what is listed again; the cursor stays on its line."""
        box = self.query_one(OptionList)
        here = self.current
        lines = self.lines()
        options = (Option(text, id=id or None, disabled=not id) for id, text in lines)
        box.set_options(one for option in options for one in ((option, None) if self.SPACED else (option,)))
        box.display, self.query_one("#nothing").display = bool(lines), not lines
        first = next((n for n, (id, _) in enumerate(lines) if id), None)
        box.highlighted = next((n for n, (id, _) in enumerate(lines) if id and id == here), first)
        self.refresh_bindings()

    @property
    def current(self) -> str:
        """The id of the line under the cursor, or empty."""
        box = self.query_one(OptionList)
        if box.highlighted is None:
            return ""
        return box.get_option_at_index(box.highlighted).id or ""

    @on(OptionList.OptionHighlighted)
    def moved(self) -> None:
        self.refresh_bindings()

    def action_leave(self) -> None:
        self.dismiss()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()
