"""The configuration in the person's own editor, at an account's lines, and looked over afterwards."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from textual.app import SuspendNotSupported

from tui_mail.config import file
from tui_mail.config.settings import Settings
from tui_mail.engine.enrolment import Enrolment
from tui_mail.model.errors import BadConfig, BadInput

from .bridge import MailApp
from .external import editor_command
from .screens.dialogs import Choice, Question

_PLUS = ("vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "jed", "mg", "ne", "gvim")
_COLON = ("hx", "helix", "subl", "zed")


async def edit_accounts(app: MailApp, enrolment: Enrolment, key: str = "") -> Settings | None:
    """Lends the terminal to the editor until the file can be read; what stands in it then.

    None where the person left it with a mistake: the program goes on with what it knew. Raises BadInput where no
    editor can be run.
    """
    path = enrolment.path
    command = editor_command(app.settings.compose.editor, os.environ)
    file.begin(path)
    try:
        line = enrolment.line_of(key) if key else 1
        while True:
            _run(app, at_line(command, path, line))
            try:
                return enrolment.settings()
            except BadConfig as error:
                choices = (Choice("e", "Edit again", strong=True), Choice("l", "Leave it so"))
                words = f"{error} Until it is right, tui-mail goes on as before, but it cannot be started again."
                if await app.push_screen_wait(Question("The file has a mistake", words, choices)) != "e":
                    return None
    finally:
        file.discard_begun(path)


def at_line(command: Sequence[str], path: Path, line: int) -> list[str]:
    """The words that open this editor on that line, where it is one whose way is known."""
    name = Path(command[0]).name
    if name in _PLUS:
        return [*command, f"+{line}", str(path)]
    if name in _COLON:
        return [*command, f"{path}:{line}"]
    if name in ("code", "codium"):
        return [*command, "--wait", "--goto", f"{path}:{line}"]
    return [*command, str(path)]


def _run(app: MailApp, words: list[str]) -> None:
    try:
        with app.suspend():
            subprocess.run(words, check=False)
    except SuspendNotSupported as error:
        raise BadInput("This terminal cannot be lent to an editor.") from error
    except OSError as error:
        raise BadInput(f"The editor could not be started: {error.strerror or error}.") from error
