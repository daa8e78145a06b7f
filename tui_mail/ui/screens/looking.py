"""A document by itself on the screen: an attachment looked at, or what a program said."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import line
from tui_mail.model.document import Document
from tui_mail.model.picture import Picture

from ..bridge import asking
from ..widgets.document_view import DocumentView
from ..widgets.key_bar import KeyBar
from .outward import Outward


class LookScreen(Outward):
    """Shows a document under a title; links in it are followed as in a letter."""

    DEFAULT_CSS = """
    LookScreen > #title { height: 1; padding: 0 1; }
    LookScreen DocumentView { height: 1fr; }
    """
    BINDINGS = [Binding("escape,q", "back", "Back", id="reader.look-back", tooltip="Back to the letter")]

    def __init__(self, title: str, document: Document, pictures: Mapping[str, Picture] | None = None) -> None:
        super().__init__()
        self._title, self._document, self._pictures = title, document, pictures

    def compose(self) -> ComposeResult:
        yield Static(Content(line(self._title)), id="title")
        yield DocumentView()
        yield KeyBar()

    def on_mount(self) -> None:
        view = self.query_one(DocumentView)
        view.show(self._document, pictures=self._pictures)
        self._pictures = None
        view.focus()

    @on(DocumentView.LinkClicked)
    @asking("link")
    async def follow(self, event: DocumentView.LinkClicked) -> None:
        if not event.url.startswith("mailto:") and await self.may_follow(event.number, event.url):
            await self.go_to(event.url)

    def shown(self) -> Document:
        return self._document

    def action_back(self) -> None:
        self.dismiss()
