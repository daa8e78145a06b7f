"""All keys of the place one came from, grouped, and narrowed down by typing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from ..keys import GROUPS, Keymap, is_unbound
from ..once import Modal

WIDEST, AROUND = 80, 8
"""Cells of the whole, and of its border, padding and scrollbar."""


@dataclass(frozen=True, slots=True)
class Key:
    """One action in the help: its keys as read, its verb, what it does."""

    group: str
    keys: str
    verb: str
    tooltip: str
    enabled: bool


def table(bindings: Iterable[tuple[str, ActiveBinding]], keymap: Keymap) -> list[Key]:
    """The actions of these bindings, each once with all its keys, in the order of `GROUPS`; those of the foot first."""
    found: dict[str, list[tuple[str, ActiveBinding]]] = {}
    for key, active in bindings:
        if active.binding.id and active.binding.description:
            found.setdefault(active.binding.id, []).append((key, active))
    order = list(GROUPS)
    usual = sorted(found.items(), key=lambda one: not one[1][0][1].binding.show or is_unbound(one[1][0][0]))
    keys = [
        Key(
            id.partition(".")[0],
            "  ".join(keymap.all_shown(id, {key for key, _ in actions})),
            actions[0][1].binding.description,
            actions[0][1].tooltip or actions[0][1].binding.tooltip,
            actions[0][1].enabled,
        )
        for id, actions in usual
    ]
    return sorted(keys, key=lambda key: order.index(key.group) if key.group in order else len(order))


class HelpScreen(Modal[None]):
    """Keys at the left, what they do at the right. Typing narrows it, Esc goes back."""

    BINDINGS = [
        Binding("escape", "leave", "Back", id="dialog.back", tooltip="Close the help"),
        Binding("down", "roll(1)", "Down", show=False),
        Binding("up", "roll(-1)", "Up", show=False),
        Binding("pagedown", "roll(10)", "Page down", show=False),
        Binding("pageup", "roll(-10)", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical { width: 80; max-width: 96%; height: 90%; padding: 0 2; }
    HelpScreen Horizontal { height: 1; margin: 1 0; }
    HelpScreen .heading { width: auto; margin: 0 2 0 0; }
    HelpScreen Input { width: 1fr; height: 1; border: none; padding: 0; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    HelpScreen .ways { height: 1; margin: 1 0 0 0; }
    """

    def __init__(self, keys: list[Key]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Horizontal():
                yield Static(Content("Keys"), classes="heading")
                yield Input(placeholder="type to narrow them down", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(self.text(""), id="keys")
            yield Static(
                Content.assemble(
                    ("↑ ↓", "bold $accent"),
                    " scroll   ",
                    ("Esc", "bold $accent"),
                    " back   ",
                    "dim: not now; the palette says why",
                ),
                classes="ways",
            )

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def text(self, wanted: str) -> Content:
        """The table, only with what holds every word of `wanted`."""
        words = wanted.lower().split()
        keys = [key for key in self._keys if all(word in _haystack(key) for word in words)]
        if not keys:
            return Content("No key does that. ^P lists every action.")
        width = min(12, max(cell_len(key.keys) for key in self._keys))
        verbs = min(18, max(cell_len(key.verb) for key in self._keys))
        room = min(WIDEST, self.app.size.width * 96 // 100) - AROUND
        lines: list[Content] = []
        group = ""
        for key in keys:
            if key.group != group:
                lines += [Content(""), Content.assemble((GROUPS.get(key.group, key.group.capitalize()), "bold"))]
                group = key.group
            about = textwrap.wrap("" if key.tooltip == key.verb else key.tooltip, max(20, room - width - verbs - 4))
            lines.append(
                Content.assemble(
                    (_column(key.keys, width), "bold $accent" if key.enabled else "$muted"),
                    (_column(key.verb, verbs), "" if key.enabled else "$muted"),
                    ("\n".ljust(width + verbs + 5).join(about), "$muted"),
                )
            )
        return Content("\n").join(lines[1:])

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        self.query_one("#keys", Static).update(self.text(event.value))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_roll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    @on(Input.Submitted)
    def action_leave(self) -> None:
        self.dismiss()


def _column(text: str, width: int) -> str:
    """Padded to a column; what is too long pushes the rest on."""
    return text + " " * max(0, width - cell_len(text)) + "  "


def _haystack(key: Key) -> str:
    return f"{key.keys} {key.verb} {key.tooltip} {GROUPS.get(key.group, '')}".lower()
