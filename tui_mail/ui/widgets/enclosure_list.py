"""What goes along with a letter that is being written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui_mail.model.draft import Enclosure

from .attachment_strip import size_words


def enclosure_name(enclosure: Enclosure) -> str:
    """What it will be called; the whole of a forwarded message has no name of its own."""
    return enclosure.name or PurePath(enclosure.path).name or "forwarded message"


class EnclosureList(OptionList):
    """One line a file; Delete takes one away. Hidden while there is none."""

    DEFAULT_CSS = """
    EnclosureList { height: auto; max-height: 4; border: none; padding: 0; background: transparent; display: none; }
    EnclosureList:focus { border: none; background-tint: transparent; }
    """
    BINDINGS = [
        Binding("delete,backspace", "detach", "Take away", id="compose.detach", tooltip="Do not send this file along"),
    ]

    class Detached(Message):
        """A file shall not go along."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False, compact=True)

    def show(self, enclosures: Sequence[Enclosure]) -> None:
        at = self.highlighted
        self.set_options(
            Option(Content.assemble(enclosure_name(one), (f"  {size_words(one.size)}", "$muted"))) for one in enclosures
        )
        self.display = bool(enclosures)
        if at is not None and enclosures:
            self.highlighted = min(at, len(enclosures) - 1)

    def action_detach(self) -> None:
        if self.highlighted is not None:
            self.post_message(self.Detached(self.highlighted))
