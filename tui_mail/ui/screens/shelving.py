"""What can be done to folders themselves: made, renamed, removed, shown elsewhere, all of it marked read."""

from __future__ import annotations

from textual import getters
from textual.binding import Binding

from tui_mail.model.folder import Folder
from tui_mail.model.operation import count

from ..bridge import MailScreen, answer, asking
from ..keys import unbound
from ..widgets.folder_tree import FolderTree, Place, title
from ..widgets.message_list import MessageList
from .dialogs import Choice, Question
from .name_dialog import NameDialog

ABOUT_ONE = ("rename_folder", "remove_folder", "subscribe_folder")
"""Actions about the folder under the tree's cursor, else the one that is shown."""


def _palette(id: str, action: str, verb: str, tooltip: str) -> Binding:
    return Binding(unbound(id), action, verb, id=id, tooltip=tooltip)


class Shelving(MailScreen):
    """For a screen with a FolderTree and a MessageList."""

    BINDINGS = [
        Binding("g n", "new_folder", "New folder", id="folder.new", tooltip="Make a folder on the server", show=False),
        Binding("f2", "rename_folder", "Rename", id="folder.rename", tooltip="Give it another name", show=False),
        _palette("folder.remove", "remove_folder", "Remove folder", "To Trash with its mail; undo brings it back"),
        _palette("folder.subscribe", "subscribe_folder(True)", "Subscribe", "Other programs show this folder too"),
        _palette("folder.unsubscribe", "subscribe_folder(False)", "Unsubscribe", "Other programs hide this folder"),
        _palette("folder.mark-read", "mark_all_read", "Mark all read", "Everything that is listed here"),
    ]

    folders = getters.query_one(FolderTree)
    messages = getters.query_one("#list", MessageList)
    place: Place | None

    @property
    def known_folders(self) -> tuple[Folder, ...]:
        raise NotImplementedError

    @property
    def account(self) -> str:
        raise NotImplementedError

    def meant(self) -> Folder | None:
        """The folder that an action is about."""
        tree = self.folders
        line = tree.lines[tree.cursor] if tree.has_focus and tree.cursor < len(tree.lines) else None
        place = line.place if line is not None else self.place
        return next((folder for folder in self.known_folders if folder.id == place), None)

    @asking("folder", exclusive=True)
    async def action_new_folder(self) -> None:
        here = self.meant()
        delimiter = next((one.delimiter for one in self.known_folders if one.account == self.account), "/")
        below = f"{here.name}{delimiter}" if here is not None and here.role is None else ""
        text = f"It is made on the server of “{self.account}”. A {delimiter or '/'} puts it below another folder."
        name = await self.app.push_screen_wait(NameDialog("A new folder", text, below, "Make it"))
        if name:
            await answer(self.app.mail.shelves.make(self.account, name))
            self.app.said(f"“{name}” is made.")

    @asking("folder", exclusive=True)
    async def action_rename_folder(self) -> None:
        folder = self.meant()
        if folder is None:
            return
        text = "Its mail, and the folders below it, go with it."
        name = await self.app.push_screen_wait(NameDialog(f"Rename “{title(folder)}”", text, folder.name, "Rename"))
        if name and name != folder.name:
            self.app.folder_changed(await answer(self.app.mail.shelves.rename(folder, name)))

    @asking("folder", exclusive=True)
    async def action_remove_folder(self) -> None:
        """To Trash, where undo finds it; what lies there already is removed for good, and that is asked."""
        folder, shelves = self.meant(), self.app.mail.shelves
        if folder is None:
            return
        if not shelves.is_in_trash(folder):
            self.app.folder_changed(await answer(shelves.remove(folder)))
            return
        question = Question(
            f"Remove “{title(folder)}” for good?",
            f"It is in Trash. {count(folder.total)} would be gone from the server, and undo cannot bring them back.",
            [Choice("k", "Keep it", strong=True), Choice("r", "Remove")],
        )
        if await self.app.push_screen_wait(question) == "r":
            await answer(shelves.destroy(folder))
            self.app.said(f"“{folder.name}” is gone.")

    @asking("folder", exclusive=True)
    async def action_subscribe_folder(self, on: bool) -> None:
        folder = self.meant()
        if folder is not None:
            await answer(self.app.mail.shelves.subscribe(folder, on))
            self.app.said(f"“{title(folder)}” is {'shown' if on else 'hidden'} in other programs.")

    def action_mark_all_read(self) -> None:
        operation = self.app.mail.mark_read(tuple(self.messages.listing), True)
        if operation:
            self.app.said(f"{operation.words}.", undo=True)
        else:
            self.app.said("Everything here is read.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ABOUT_ONE and self.is_mounted and self.meant() is None:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "no folder is shown" if action in ABOUT_ONE else super().reason(action)
