"""A letter in the person's editor: lent, taken back, asked about where what comes back may not be meant."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from textual.app import SuspendNotSupported
from textual.binding import Binding

from tui_mail.model import editable
from tui_mail.model.draft import Draft
from tui_mail.model.errors import BadInput

from ..bridge import MailApp, asking
from ..external import edit, editor_command, editor_file, forget, read_back
from ..screens.dialogs import Choice, Question
from .letter_pane import LetterPane

_KEEP = Choice("k", "Keep the text from before", strong=True)


class Editing(LetterPane):
    """^O: the text alone, or with the header lines above it where that is configured."""

    BINDINGS = [Binding("ctrl+o", "editor", "Editor", id="compose.editor", tooltip="Write on in $EDITOR")]

    @asking("begin compose", exclusive=True)
    async def action_editor(self) -> None:
        with_headers = self.app.settings.compose.headers_in_editor
        before = editable.written(self.draft) if with_headers else self.body.text
        text = await lend(self.app, before, self._editor_file)
        while text is not None and with_headers:
            try:
                self.show(editable.read(text, self.draft))
                break
            except BadInput as error:
                text = await self._mended(text, error)
        if text is not None and not with_headers:
            self.body.put(text)
        self.body.focus()

    async def _mended(self, text: str, error: BadInput) -> str | None:
        """What was written, after the person said what is to become of it; None: it was taken as it is, or not."""
        choices = (Choice("e", "Edit again", strong=True), Choice("t", "All of it is text"), Choice("d", "Drop it"))
        match await self.app.push_screen_wait(Question("The lines above the text are not right", str(error), choices)):
            case "t":
                self.body.put(text)
            case "d":
                pass
            case _:
                again = await lend(self.app, text, self._editor_file)
                return text if again is None else again
        return None

    @property
    def _editor_file(self) -> Path:
        beside = self.app.state._path.parent  # where state.toml lives is ours, private, and outlasts a crash
        return editor_file(beside, self.draft.id)

    @asking("left-behind", exclusive=True)
    async def offer_left_behind(self) -> None:
        """What an editor had when the program died."""
        with_headers = self.app.settings.compose.headers_in_editor
        before = editable.written(self.draft) if with_headers else self.draft.body
        text = await left_behind(self.app, before, self._editor_file)
        if text is not None:
            self.show(self._read(text) if with_headers else replace(self.draft, body=text))

    def _read(self, text: str) -> Draft:
        try:
            return editable.read(text, self.draft)
        except BadInput:
            return replace(self.draft, body=text)


async def lend(app: MailApp, before: str, path: Path) -> str | None:
    """The text that the editor made of `before`, or None where that stays. Raises BadInput where none can be run."""
    command = editor_command(app.settings.compose.editor, os.environ)
    handed = before + "\n" if before and not before.endswith("\n") else before  # what is put behind it is a line
    try:
        edited = edit(handed, command, path, app.suspend)
    except SuspendNotSupported as error:
        raise BadInput("This terminal cannot be lent to an editor.") from error
    if edited.note:
        app.notify(edited.note, severity="warning", timeout=8)
    text = None
    if edited.text is None:
        app.notify("The editor's file is gone. Your text is as it was.", severity="warning", timeout=8)
    elif await _is_wanted(app, handed, edited.text, edited.status):
        text = _without_last_end(edited.text, before)
    forget(path)
    return text


async def _is_wanted(app: MailApp, before: str, after: str, status: int) -> bool:
    if status and after == before:
        words = f"The editor ended with an error ({status}). Your text is as it was."
        app.notify(words, severity="warning", timeout=8)
        return False
    if status:
        title, take = "The editor ended with an error", "Take the editor's text"
        text = f"Its exit status was {status}. Take the text as it left it, or keep the text from before?"
    elif before.strip() and not after.strip():
        title, take = "The text came back empty", "Empty page"
        text = "Keep the text from before, or begin with an empty page?"
    else:
        return True
    return await app.push_screen_wait(Question(title, text, (_KEEP, Choice("t", take)))) == "t"


async def left_behind(app: MailApp, kept: str, path: Path) -> str | None:
    """What an editor had saved when the program died, if the person wants it in the place of `kept`."""
    text, _ = read_back(path)
    if text is None or not text.strip() or _without_last_end(text, kept) == kept:
        return None
    question = Question(
        "An editor had this letter",
        "The program ended while an editor was open. Take the text that it saved?",
        (Choice("t", "Take it", strong=True), Choice("k", "Keep what is here")),
    )
    choice = await app.push_screen_wait(question)
    if choice:
        forget(path)
    return text if choice == "t" else None


def _without_last_end(text: str, before: str) -> str:
    """Editors end the last line of a file; where there was no such end before, it is theirs and not the writer's."""
    return text[:-1] if text.endswith("\n") and not before.endswith("\n") else text
