"""What can be done to messages wherever they are shown: filed, marked, and all of it undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.binding import Binding

from tui_mail.model.errors import MailError
from tui_mail.model.folder import FolderChange, FolderId, Role
from tui_mail.model.message import FLAGGED, SEEN, MessageId, Summary
from tui_mail.model.operation import Operation, count

from ..bridge import Again, MailScreen, answer, asking
from .folder_picker import FolderPicker, places
from .name_dialog import NameDialog

ROLE_OF = {"archive": Role.ARCHIVE, "trash": Role.TRASH, "spam": Role.JUNK}
"""Which part a folder must play for an action that moves."""

RECENT = 8
"""Folders that are offered first because something was filed there."""
ACTS = ("file", "file_into", "star", "toggle_read", "mark_read")
"""What needs a message to be done to."""


Mark = Callable[[Sequence[MessageId], bool | None], Operation]


class Triage(MailScreen):
    """Acts on `chosen()`, says what it did, and tells the screen through `filed`."""

    BINDINGS = [
        Binding("e,a", "file('archive')", "Archive", id="message.archive", tooltip="Done with it: to the Archive"),
        Binding("d,#,delete", "file('trash')", "Trash", id="message.trash", tooltip="To Trash; in Trash, for good"),
        Binding("!", "file('spam')", "Spam", id="message.spam", tooltip="To Junk, marked as spam", show=False),
        Binding("v", "file_into('move')", "Move", id="message.move", tooltip="Move it to a folder", show=False),
        Binding("y", "file_into('copy')", "Copy", id="message.copy", tooltip="Copy it to a folder", show=False),
        Binding("s", "star", "Star", id="message.star", tooltip="Set or take away the star"),
        Binding("u", "toggle_read", "Read/unread", id="message.toggle-read", tooltip="Toggle unread", show=False),
        Binding("I", "mark_read(True)", "Mark read", id="message.mark-read", tooltip="Mark as read", show=False),
        Binding("U", "mark_read(False)", "Mark unread", id="message.mark-unread", tooltip="Mark unread", show=False),
        Binding("z", "undo", "Undo", id="message.undo", tooltip="Take back what was done last, many levels"),
        Binding("Z", "redo", "Redo", id="message.redo", tooltip="Do again what was undone", show=False),
    ]

    def chosen(self) -> tuple[MessageId, ...]:
        """The messages that an action is about."""
        return ()

    def has_chosen(self) -> bool:
        """Whether there are any; asked often."""
        return bool(self.chosen())

    def filed(self, operation: Operation) -> None:
        """Called after an action moved messages away."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ACTS and not self.has_chosen():
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "no message is chosen" if action in ACTS else super().reason(action)

    def action_file(self, verb: str) -> None:
        ids = self.chosen()
        account = self.without(ROLE_OF[verb], ids)
        if account:
            self.make_role(account, ROLE_OF[verb], lambda: self._file(verb, ids))
        else:
            self._file(verb, ids)

    def _file(self, verb: str, ids: Sequence[MessageId]) -> None:
        mail = self.app.mail
        act = {"archive": mail.archive, "trash": mail.trash, "spam": mail.spam}[verb]
        self.act(act, ids, verb)

    def act(self, act: Callable[[Sequence[MessageId]], Operation], ids: Sequence[MessageId], rule: str = "") -> None:
        """Does it, says so, and remembers it for those that it may be done to next; `rule` is its name in rules."""
        operation = act(ids)
        if operation:
            self.app.again = Again(act, ids[0], rule)
        self._say_filed(operation)

    def without(self, role: Role, ids: Sequence[MessageId]) -> str:
        """The account of these messages that has no folder of that role, or empty."""
        accounts = sorted(self.app.mail.accounts_with(ids))
        return next((account for account in accounts if self.app.mail.role(account, role) is None), "")

    @asking("role", exclusive=True)
    async def make_role(self, account: str, role: Role, then: Callable[[], None]) -> None:
        """Asks how the folder shall be called, has it made, and goes on."""
        name = role.value.capitalize()
        title, text = f"“{account}” has no {name} folder", "It is made on the server, once. What should it be called?"
        name = await self.app.push_screen_wait(NameDialog(title, text, name, "Make it"))
        if name:
            await answer(self.app.mail.make_role(account, role, name))
            then()

    def action_file_into(self, verb: str) -> None:
        """Asks for the folder; the one that was chosen last stands first."""
        mail, ids = self.app.mail, self.chosen()
        accounts = sorted(mail.accounts_with(ids))
        if len(accounts) > 1:
            self.app.said(f"These are messages of {len(accounts)} accounts. Choose those of one account.")
            return
        row = next(iter(self._rows(ids[:1])), None)
        offered = places(mail.folders(), accounts, self.app.filed_into, row.folder if row else None)
        question = f"{verb.capitalize()} {count(len(ids))} to which folder?"
        self.app.push_screen(FolderPicker(question, offered), lambda folder: self._file_into(verb, ids, folder))

    def _file_into(self, verb: str, ids: Sequence[MessageId], folder: FolderId | None) -> None:
        if folder is None:
            return
        mail, recent = self.app.mail, self.app.filed_into
        self.app.filed_into = (folder, *(one for one in recent if one != folder))[:RECENT]
        try:
            if verb == "copy":
                words = mail.copy(ids, folder)
                self.app.said(f"{words}." if words else "It is there already.", undo=bool(words))
                return
            target = mail.folder(folder)
            self.act(lambda ids: mail.move(ids, folder), ids, f"move {target.name}" if target else "")
        except MailError as error:
            self.app.trouble(error)

    def _say_filed(self, operation: Operation) -> None:
        if operation:
            self.app.said(f"{operation.words}.", undo=True)
            self.filed(operation)
        else:
            self.app.said("It is there already.")

    def _rows(self, ids: Sequence[MessageId]) -> list[Summary]:
        return [row for row in self.app.mail.rows(ids) if row is not None]

    def action_star(self) -> None:
        self._mark(self.app.mail.star, "star", FLAGGED)

    def action_toggle_read(self) -> None:
        self._mark(self.app.mail.mark_read, "read", SEEN)

    def action_mark_read(self, on: bool) -> None:
        self._mark(self.app.mail.mark_read, "read", SEEN, on)

    def _mark(self, act: Mark, rule: str, flag: str, on: bool | None = None) -> None:
        """Done again it sets what it set, and does not turn it once more."""
        ids = self.chosen()
        operation = act(ids, on)
        if operation:
            is_on = any(flag in route.added for route in operation.routes)
            self.app.again = Again(lambda ids: act(ids, is_on), ids[0], rule if is_on else "")
            self.app.said(f"{operation.words}.", undo=True)

    def action_undo(self) -> None:
        change = self.app.changed_folder
        if change is not None and not self.app.done_since:
            self.app.changed_folder = None
            self.turn_back(change)
            return
        waiting = self.app.callable_back
        if waiting is not None and not self.app.done_since:
            self.app.callable_back = None
            if waiting.due > self.app.clock():
                self.call_back(waiting.id)
                return
        self.app.done_since = max(0, self.app.done_since - 1)
        words = self.app.mail.undo()
        self.app.said(f"Undone: {words}." if words else "There is nothing to undo.")

    def action_redo(self) -> None:
        words = self.app.mail.redo()
        self.app.said(f"Done again: {words}." if words else "There is nothing to do again.", undo=bool(words))

    @asking("folder", exclusive=True)
    async def turn_back(self, change: FolderChange) -> None:
        """Gives a folder its old name."""
        turned = await answer(self.app.mail.shelves.turn_back(change))
        self.app.said(f"{turned.words}.")

    @asking("begin call-back")
    async def call_back(self, waiting: int) -> None:
        """Calls a letter back before it goes, and opens it again where this screen can host a composer."""
        draft = await answer(self.app.mail.unsend(waiting))
        self.app.said("The letter did not go out; it is a draft again.")
        self.write_on(draft)

    def write_on(self, draft: object) -> None:
        """Opens a draft in the composer; screens without one do nothing."""
