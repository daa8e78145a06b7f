"""The foot of a screen: the keys that matter here, straight from the bindings in force."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Static

from ..keys import is_unbound, shown

HELP = "app.help"
"""The binding that is never left out."""


class KeyBar(Static):
    """One line; what is unavailable now is dim; a click is the key."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    @dataclass
    class Pressed(Message):
        """Somebody clicked on a key."""

        key: str

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self.draw)
        self.draw(self.screen)

    def on_resize(self) -> None:
        self.draw(self.screen)

    def draw(self, screen: Screen[object]) -> None:
        """Reads the bindings again."""
        if screen is not self.screen or not self.is_attached:
            return
        pieces: list[Content] = []
        last: Content | None = None
        seen: set[str] = set()
        for key, (_, binding, enabled, _) in screen.active_bindings.items():
            name = binding.id or binding.action
            if not binding.show or name in seen or is_unbound(key):
                continue
            seen.add(name)
            style = "bold $accent" if enabled else "$muted"
            text = Content.assemble((shown(key), style), (f" {binding.description}", "" if enabled else "$muted"))
            text = text.stylize(Style.from_meta({"key": key}))
            if name == HELP:
                last = text
            else:
                pieces.append(text)
        self.update(Content("  ").join(fitting(pieces, last, self.content_size.width)), layout=False)

    @on(events.Click)
    def press(self, event: events.Click) -> None:
        """A click on a key is the key."""
        key = event.style.meta.get("key")
        if isinstance(key, str):
            self.post_message(self.Pressed(key))


def fitting(pieces: list[Content], last: Content | None, width: int) -> list[Content]:
    """As many as there is room for, and `last`, which is the way to all the others, always."""
    tail = [last] if last is not None else []
    room = width - sum(piece.cell_length for piece in tail)
    kept = []
    for piece in pieces:
        room -= piece.cell_length + 2
        if room < 0:
            break
        kept.append(piece)
    return kept + tail
