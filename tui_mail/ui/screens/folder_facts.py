"""How much of a folder is on this machine, in sentences: what is here, what is not, and why."""

from __future__ import annotations

from collections.abc import Iterator

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from tui_mail.config.settings import Keep
from tui_mail.model.folder import Completeness, Folder
from tui_mail.model.operation import count

from ..bridge import MailApp, MailScreen, answer, asking
from ..keys import unbound
from ..widgets.folder_tree import title
from .dialogs import Dialog

_KEPT = {"30d": "of the last 30 days", "1y": "of the last year", "all": "of all messages", "headers": "of none"}


def facts(one: Completeness, keep: Keep) -> Iterator[str]:
    """The sentences; the first is the whole of it where all is well."""
    yield f"{one.here:,} of {one.there:,} here, {one.with_text:,} with text."
    if one.here < one.there:
        yield f"{count(one.there - one.here)} are still to be fetched; the newest come first."
    if without := one.here - one.with_text:
        kept = "is" if without == 1 else "are"
        yield f"The text {_KEPT[keep]} is kept (keep = “{keep}”); {without:,} {kept} fetched when you open them."
    if one.looked_for:
        yield f"{count(one.looked_for)} the server moved or renumbered; they are being found again."
    if one.held_back:
        yield f"{count(one.held_back)} more the server does not show any more; they are only here."
    if one.unreadable:
        yield f"Of {count(one.unreadable)} not all could be read; they stand in the list, their source can be opened."


class FolderFacts(Dialog[None]):
    """Shows them until it is closed."""

    app = getters.app(MailApp)
    BINDINGS = [Binding("escape,q,enter", "leave", "Back", id="dialog.back", tooltip="Back to the list")]

    def __init__(self, folder: Folder, completeness: Completeness) -> None:
        super().__init__()
        self._folder, self._completeness = folder, completeness

    def compose(self) -> ComposeResult:
        sentences = facts(self._completeness, self.app.settings.sync.keep)
        with Vertical(classes="dialog"):
            yield Static(Content(title(self._folder)), classes="heading")
            yield Static(Content("\n\n".join(sentences)))
            with Horizontal(classes="ways"):
                yield Button("Back", id="back", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one(Button).focus()

    def on_button_pressed(self) -> None:
        self.action_leave()

    def action_leave(self) -> None:
        self.dismiss(None)


class Telling(MailScreen):
    """For the main screen: tells how much of the shown folder is here."""

    BINDINGS = [
        Binding(
            unbound("view.folder"),
            "folder_facts",
            "This folder",
            id="view.folder",
            tooltip="How much of this folder is on this machine",
            show=False,
        )
    ]

    def shown_folder(self) -> Folder | None:
        """The folder that is shown, None for a view."""
        return None

    def action_folder_facts(self) -> None:
        if (folder := self.shown_folder()) is not None:
            self._tell(folder)

    @asking("begin facts", exclusive=True)
    async def _tell(self, folder: Folder) -> None:
        self.app.push_screen(FolderFacts(folder, await answer(self.app.mail.completeness(folder.id))))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "folder_facts" and self.is_mounted and self.shown_folder() is None:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "this is no folder" if action == "folder_facts" else super().reason(action)
