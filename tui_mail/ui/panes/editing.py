"""Lends a letter's text to the person's editor and asks where what comes back may not be what was meant."""

from __future__ import annotations

import os
from pathlib import Path

from textual.app import SuspendNotSupported

from tui_mail.model.errors import BadInput

from ..bridge import MailApp
from ..external import edit, editor_command, forget, read_back
from ..screens.dialogs import Choice, Question

_KEEP = Choice("k", "Keep the text from before", strong=True)


async def lend(app: MailApp, before: str, path: Path) -> str | None:
    """The text that the editor made of `before`, or None where that stays. Raises BadInput where none can be run."""
    command = editor_command(app.settings.compose.editor, os.environ)
    try:
        edited = edit(before, command, path, app.suspend)
    except SuspendNotSupported as error:
        raise BadInput("This terminal cannot be lent to an editor.") from error
    if edited.note:
        app.notify(edited.note, severity="warning", timeout=8)
    text = None
    if edited.text is None:
        app.notify("The editor's file is gone. Your text is as it was.", severity="warning", timeout=8)
    elif await _is_wanted(app, before, edited.text, edited.status):
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
