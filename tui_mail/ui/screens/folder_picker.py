"""Which folder? Typed in a few letters, found by any of its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.model.folder import Folder, FolderId, Role

from ..once import Modal
from ..widgets.folder_tree import title

SHOWN = 200
"""Folders listed at once; more letters find the others."""


@dataclass(frozen=True, slots=True)
class Place:
    """One folder as it can be chosen."""

    id: FolderId
    name: str
    """Its whole path."""
    account: str = ""
    """Whose it is; empty where there is only one account."""
    unread: int = 0


def places(
    folders: Iterable[Folder], accounts: Sequence[str], recent: Sequence[FolderId] = (), here: FolderId | None = None
) -> list[Place]:
    """The folders that can hold mail; those that were chosen last come first, `here` comes last."""
    several = len(accounts) > 1
    found = [
        Place(
            folder.id,
            title(folder) if folder.role is Role.INBOX else folder.name,
            folder.account if several else "",
            folder.unread,
        )
        for folder in folders
        if folder.selectable and folder.account in accounts
    ]
    order = {id: number for number, id in enumerate(recent)}
    return sorted(found, key=lambda place: (place.id == here, order.get(place.id, len(order))))


def matching(places: Sequence[Place], typed: str) -> list[Place]:
    """Those whose name and account hold each word's letters in their order, the best first; all if nothing is typed."""
    matchers = [Matcher(word) for word in typed.split()]
    scored = [
        (sum(scores), place)
        for place in places
        if all(scores := [matcher.match(f"{place.name} {place.account}") for matcher in matchers])
    ]
    return [place for _, place in sorted(scored, key=lambda one: -one[0])]


class FolderPicker(Modal[FolderId | None]):
    """Enter takes the marked folder, Esc none. Typing narrows the list, arrows move in it."""

    DEFAULT_CSS = """
    FolderPicker { align: center top; }
    FolderPicker > .dialog { width: 60; max-width: 95%; height: auto; max-height: 80%; margin: 2 0 0 0; padding: 0 1; }
    FolderPicker .heading { height: 1; }
    FolderPicker Input { margin: 0 0 1 0; }
    FolderPicker OptionList { height: auto; max-height: 16; border: none; padding: 0; background: transparent; }
    FolderPicker OptionList > .option-list--option-highlighted { background: $block-cursor-background; }
    """
    BINDINGS = [
        Binding("escape", "leave", "Back", id="dialog.back", tooltip="Choose none"),
        Binding("down,ctrl+n", "move(1)", "Down", show=False),
        Binding("up,ctrl+p", "move(-1)", "Up", show=False),
        Binding("pagedown", "move(10)", "Page down", show=False),
        Binding("pageup", "move(-10)", "Page up", show=False),
    ]

    def __init__(self, question: str, places: Sequence[Place]) -> None:
        super().__init__()
        self._question, self._places = question, tuple(places)
        self._found: list[Place] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="heading")
            yield Input(placeholder="Part of its name", compact=True)
            yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()
        self._draw("")

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        self._draw(event.value)

    def _draw(self, typed: str) -> None:
        self._found = matching(self._places, typed)[:SHOWN]
        box = self.query_one(OptionList)
        box.set_options([Option(_line(place)) for place in self._found])
        if self._found:
            box.highlighted = 0
        else:
            box.add_option(Option(Content("No folder is called that."), disabled=True))

    @on(Input.Submitted)
    def take(self) -> None:
        marked = self.query_one(OptionList).highlighted
        if marked is not None and marked < len(self._found):
            self.dismiss(self._found[marked].id)

    @on(OptionList.OptionSelected)
    def take_clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index].id)

    def action_move(self, step: int) -> None:
        box = self.query_one(OptionList)
        if self._found and box.highlighted is not None:
            box.highlighted = max(0, min(box.highlighted + step, len(self._found) - 1))

    def action_leave(self) -> None:
        self.dismiss(None)


def _line(place: Place) -> Content:
    unread = f"  {place.unread:,}" if place.unread else ""
    return Content.assemble(place.name, (unread, "$accent"), (f"  {place.account}" if place.account else "", "$muted"))
