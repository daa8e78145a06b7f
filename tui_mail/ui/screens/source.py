"""A letter as it came over the wire, every octet of it shown as text."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import clean
from tui_mail.model.document import Block, Document, Run
from tui_mail.model.message import MessageId

from ..bridge import MailScreen, answer, asking
from ..widgets.attachment_strip import size_words
from ..widgets.document_view import DocumentView
from ..widgets.key_bar import KeyBar

_MOST = 2_000_000
"""Octets that are shown; the rest is counted."""


class SourceScreen(MailScreen):
    """Shows the raw message, unwrapped but for lines longer than the screen."""

    DEFAULT_CSS = """
    SourceScreen #title { height: 1; padding: 0 1; }
    SourceScreen DocumentView { height: 1fr; }
    """
    BINDINGS = [Binding("escape,q,ctrl+o", "back", "Back", id="reader.source-back", tooltip="Back to the letter")]

    def __init__(self, message: MessageId) -> None:
        super().__init__()
        self._message = message

    def compose(self) -> ComposeResult:
        yield Static(Content("Source"), id="title")
        yield DocumentView()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(DocumentView).focus()
        self.fetch()

    @asking("source", exclusive=True)
    async def fetch(self) -> None:
        raw = await answer(self.app.mail.raw(self._message))
        self.query_one("#title", Static).update(Content(f"Source, {size_words(len(raw))}"))
        self.query_one(DocumentView).show(source(raw))

    def action_back(self) -> None:
        self.dismiss()


def source(raw: bytes) -> Document:
    """One block a line; octets that are no UTF-8 as U+FFFD, controls as marks."""
    lines = clean(raw[:_MOST].decode("utf-8", "replace"), lines=True).split("\n")
    blocks = [Block("pre", (Run(line),)) if line else Block("gap") for line in lines]
    if len(raw) > _MOST:
        blocks.append(Block("note", (Run(f"{size_words(len(raw) - _MOST)} more are not shown."),)))
    return Document(tuple(blocks))
