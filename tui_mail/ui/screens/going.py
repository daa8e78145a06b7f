"""Where one can go from the list: to a folder by its letter or its name, and on to what is unread."""

from __future__ import annotations

from textual import getters, on
from textual.binding import Binding

from tui_mail.model.condition import State
from tui_mail.model.contact import Contact
from tui_mail.model.folder import Folder, FolderId, Role
from tui_mail.model.message import MessageId
from tui_mail.model.query import Query

from ..bridge import MailScreen
from ..widgets.folder_tree import FolderTree, Place
from ..widgets.message_list import MessageList
from .contacts import ContactsScreen
from .folder_picker import FolderPicker, places

NEAR = 256
"""Rows beside the cursor that are looked at before the whole folder is asked what is unread."""
VIEWS: dict[str, Place] = {"starred": "starred", "outbox": "outbox", "drafts": "drafts"}


class Going(MailScreen):
    """For a screen with a MessageList and a FolderTree; the screen shows what `open_place` gets."""

    BINDINGS = [
        Binding("g i", "go('inbox')", "Inbox", id="go.inbox", tooltip="To the inbox", show=False),
        Binding("g s", "go('starred')", "Starred", id="go.starred", tooltip="All starred messages", show=False),
        Binding("g t", "go('sent')", "Sent", id="go.sent", tooltip="What was sent", show=False),
        Binding("g d", "go('drafts')", "Drafts", id="go.drafts", tooltip="Unfinished letters", show=False),
        Binding("g a", "go('archive')", "Archive", id="go.archive", tooltip="To the Archive", show=False),
        Binding("g x", "go('trash')", "Trash", id="go.trash", tooltip="To Trash", show=False),
        Binding("g z", "go('snoozed')", "Snoozed", id="go.snoozed", tooltip="What comes back later", show=False),
        Binding("g o", "go('outbox')", "Outbox", id="go.outbox", tooltip="Letters that wait to go out", show=False),
        Binding("g p", "people", "People", id="go.people", tooltip="Whom you write to", show=False),
        Binding("g f", "pick_folder", "Any folder", id="go.folder", tooltip="To any folder, by its name", show=False),
    ]

    messages = getters.query_one("#list", MessageList)
    query_shown: Query
    place: Place | None

    @property
    def known_folders(self) -> tuple[Folder, ...]:
        """Every folder of every account, in the order of the tree."""
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The account one is in."""
        raise NotImplementedError

    def open_place(self, place: Place, at: MessageId | None = None) -> None:
        """Shows it in the list."""
        raise NotImplementedError

    # ---- folders

    @on(FolderTree.Chosen)
    def go_there(self, event: FolderTree.Chosen) -> None:
        self.open_place(event.place)
        self.messages.focus()

    def action_go(self, where: str) -> None:
        place = self.target(where)
        if place is not None:
            self.open_place(place)
            self.messages.focus()

    def target(self, where: str) -> Place | None:
        """The place behind `g` and a letter, in the account one is in; None where there is none."""
        if where in VIEWS and (where != "drafts" or self.app.mail.drafts()):
            return VIEWS[where]
        role = Role(where)
        mine = (folder for folder in self.known_folders if folder.account == self.account and folder.role is role)
        return next((folder.id for folder in mine), None)

    def action_people(self) -> None:
        screen = ContactsScreen()
        self.app.push_screen(screen, lambda _: self.write_to(screen.chosen))

    def write_to(self, contact: Contact | None) -> None:
        """Begins a letter to somebody; screens without a composer do nothing."""

    def action_pick_folder(self) -> None:
        accounts = [account.key for account in self.app.mail.accounts()]
        offered = places(self.known_folders, accounts)
        self.app.push_screen(FolderPicker("Go to which folder?", offered), self._picked)

    def _picked(self, folder: FolderId | None) -> None:
        if folder is not None:
            self.open_place(folder)
            self.messages.focus()

    # ---- the unread

    @on(MessageList.UnreadWanted)
    def next_unread(self, event: MessageList.UnreadWanted) -> None:
        """The next unread message of this view, else of the next folder that has one."""
        row = self._unread_row(event.step)
        if row is not None:
            self.messages.cursor = row
            return
        folder = self._folder_with_unread(event.step)
        unread = self.app.mail.listing(_unread(Query(folder.id))) if folder is not None else ()
        if folder is None or not len(unread):
            self.app.said("Nothing unread is left." if event.step > 0 else "Nothing unread stands before this.")
            return
        self.open_place(folder.id, unread[0 if event.step > 0 else -1])
        self.messages.focus()

    def _unread_row(self, step: int) -> int | None:
        """The nearest row that is unread; near the cursor the rows know, farther away the index is asked."""
        shown, row = self.messages.listing, self.messages.cursor
        ahead = range(row + 1, len(shown)) if step > 0 else range(row - 1, -1, -1)
        for index in ahead[:NEAR]:
            near = self.messages.row(index)
            if near is not None and near.is_unread:
                return index
        if len(ahead) <= NEAR:
            return None
        unread = frozenset(self.app.mail.listing(_unread(self.query_shown)))
        return next((index for index in ahead[NEAR:] if shown[index] in unread), None) if unread else None

    def _folder_with_unread(self, step: int) -> Folder | None:
        """The next folder of the tree that people read and that has something unread, around the end of it."""
        folders = self.known_folders
        here = next((n for n, folder in enumerate(folders) if folder.id == self.place), -1 if step > 0 else 0)
        turned = (folders[(here + step * way) % len(folders)] for way in range(1, len(folders)))
        return next(
            (folder for folder in turned if folder.unread and folder.id != self.place and _is_read(folder)), None
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go" and self.is_mounted and self.target(str(parameters[0])) is None:
            return None
        return super().check_action(action, parameters)


def _unread(query: Query) -> Query:
    return query.also(State("unread"))


def _is_read(folder: Folder) -> bool:
    """Whether people read what comes into a folder."""
    return folder.role not in (Role.TRASH, Role.JUNK, Role.SENT, Role.DRAFTS, Role.ALL)
