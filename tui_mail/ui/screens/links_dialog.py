"""Where the links of a letter lead, by number; Enter follows one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option


class LinksDialog(ModalScreen[int]):
    """Answers the number of a link, or 0. The whole target is shown: what a link says proves nothing."""

    DEFAULT_CSS = """
    LinksDialog { align: center middle; }
    LinksDialog > .dialog { width: 96; max-width: 95%; height: auto; max-height: 90%;
        padding: 1 2; }
    LinksDialog Static { height: auto; }
    LinksDialog .heading { text-style: bold; margin: 0 0 1 0; }
    LinksDialog OptionList { height: auto; max-height: 1fr; }
    """
    BINDINGS = [
        Binding("escape,q", "back", "Back", id="dialog.back", tooltip="Follow none"),
        Binding("j", "move(1)", "Down", id="dialog.down", show=False, tooltip="Next link"),
        Binding("k", "move(-1)", "Up", id="dialog.up", show=False, tooltip="Link above"),
    ]

    def __init__(self, links: Sequence[str]) -> None:
        super().__init__()
        self._links = tuple(links)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Follow which link?"), classes="heading")
            yield OptionList(
                *(
                    Option(Content.assemble((f"[{number}] ", "$muted"), url))
                    for number, url in enumerate(self._links, 1)
                ),
                markup=False,
                compact=True,
            )

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def follow(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index + 1)

    def action_move(self, way: int) -> None:
        names = self.query_one(OptionList)
        if way > 0:
            names.action_cursor_down()
        else:
            names.action_cursor_up()

    def action_back(self) -> None:
        self.dismiss(0)
