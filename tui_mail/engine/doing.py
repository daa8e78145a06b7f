"""The part of the door for what the person does to messages and to letters that are being written."""

from __future__ import annotations

from collections.abc import Sequence

from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.folder import FolderId
from tui_mail.model.message import MessageId
from tui_mail.model.operation import Operation

from .actions import Actions
from .correspondence import Correspondence
from .writer import Writer


class Doing:
    """Commands: each returns at once."""

    _actions: Actions
    _letters: Correspondence
    _writer: Writer

    def hush(self) -> None:
        """A key was pressed: whoever works behind the screens leaves them the interpreter for a moment. Any thread."""
        self._writer.hush.fall()

    def unhush(self) -> None:
        """What the key changes is on the terminal. Any thread."""
        self._writer.hush.lift()

    # --- to messages

    def do(self, operation: Operation) -> None:
        """Seen at once, durable next, told to the server after that."""
        self._actions.do(operation)

    def undo(self) -> str | None:
        """The words of what was undone, None where nothing is left; works over restarts."""
        return self._actions.undo()

    def redo(self) -> str | None:
        return self._actions.redo()

    def archive(self, ids: Sequence[MessageId]) -> Operation:
        """Does it and returns it, empty where there was nothing to do. NotFound where the account has no Archive."""
        return self._actions.archive(ids)

    def trash(self, ids: Sequence[MessageId]) -> Operation:
        """To Trash; in Trash for good."""
        return self._actions.trash(ids)

    def spam(self, ids: Sequence[MessageId]) -> Operation:
        """To Junk; in Junk back to the inbox."""
        return self._actions.spam(ids)

    def star(self, ids: Sequence[MessageId], on: bool | None = None) -> Operation:
        """None: the other way round."""
        return self._actions.star(ids, on)

    def reply_later(self, ids: Sequence[MessageId], on: bool | None = None) -> Operation:
        """An answer is owed, until one was sent; None: the other way round."""
        return self._actions.reply_later(ids, on)

    def mark_read(self, ids: Sequence[MessageId], on: bool | None = None) -> Operation:
        """None: the other way round."""
        return self._actions.mark_read(ids, on)

    def seen(self, ids: Sequence[MessageId]) -> None:
        """What was shown counts as read; no step of its own for `undo`."""
        self._actions.seen(ids)

    def move(self, ids: Sequence[MessageId], folder: FolderId) -> Operation:
        return self._actions.move(ids, folder)

    def copy(self, ids: Sequence[MessageId], folder: FolderId) -> str:
        """A second copy of each in that folder; the words for it, empty where there was nothing to do."""
        return self._actions.copy(ids, folder)

    # --- to letters

    def keep(self, draft: Draft) -> None:
        """Called on every change; the newest wins, and is durable within 300 ms."""
        self._letters.keep(draft)

    def discard(self, draft: DraftId) -> None:
        self._letters.discard(draft)

    def recover(self, draft: DraftId) -> None:
        """Undoes `discard`."""
        self._letters.recover(draft)
