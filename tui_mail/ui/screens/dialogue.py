"""What was said with the server while a letter was handed over, line by line, as it was kept."""

from __future__ import annotations

import time

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import clean
from tui_mail.model.document import Block, Document, Run
from tui_mail.model.draft import Waiting

from ..bridge import MailScreen
from ..widgets.document_view import DocumentView
from ..widgets.key_bar import KeyBar


class DialogueScreen(MailScreen):
    """Every try of one letter that is kept; passwords were masked before they were written down."""

    DEFAULT_CSS = """
    DialogueScreen #title { height: 1; padding: 0 1; }
    DialogueScreen DocumentView { height: 1fr; }
    """
    BINDINGS = [Binding("escape,q,t", "back", "Back", id="outbox.dialogue-back", tooltip="Back to the outbox")]

    def __init__(self, letter: Waiting) -> None:
        super().__init__()
        self._letter = letter

    def compose(self) -> ComposeResult:
        yield Static(Content(f"Dialogue of “{self._letter.subject or 'no subject'}”"), id="title")
        yield DocumentView()
        yield KeyBar()

    def on_mount(self) -> None:
        view = self.query_one(DocumentView)
        view.show(dialogue(self.app.mail.dialogues(self._letter.id)))
        view.focus()

    def action_back(self) -> None:
        self.dismiss()


def dialogue(tries: list[tuple[float, list[str]]]) -> Document:
    """A heading a try, then a block a line."""
    if not tries:
        return Document(
            (Block("note", (Run("Nothing was said yet, or it was so long ago that it is no longer kept."),)),)
        )
    blocks: list[Block] = []
    for number, (at, lines) in enumerate(tries, 1):
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))
        blocks += [Block("gap")] if blocks else []
        blocks.append(Block("note", (Run(f"Try {number}, ended {when}"),)))
        blocks += [Block("pre", (Run(clean(line)),)) for line in lines]
    return Document(tuple(blocks))
