"""A letter that came with a letter, opened as a letter."""

from __future__ import annotations

from collections.abc import Mapping

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from tui_mail.mime.clean import line
from tui_mail.mime.parse import part
from tui_mail.model.document import Document
from tui_mail.model.message import Attachment, Message, MessageId
from tui_mail.model.picture import Picture

from ..bridge import answer, asking
from ..widgets.document_view import DocumentView
from ..widgets.key_bar import KeyBar
from ..widgets.reader import Reader
from .outward import Outward
from .picturing import Picturing


class EnclosedScreen(Picturing, Outward):
    """Reads it; what it holds can be opened, looked at and saved like that of any other."""

    DEFAULT_CSS = """
    EnclosedScreen > #title { height: 1; padding: 0 1; }
    EnclosedScreen > Reader { height: 1fr; }
    """
    BINDINGS = [Binding("escape,q", "back", "Back", id="reader.enclosed-back", tooltip="Back to its carrier")]
    reader = getters.query_one(Reader)

    def __init__(self, title: str, octets: bytes, message: Message) -> None:
        super().__init__()
        self._title, self._octets, self._message = title, octets, message

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble("Enclosed  ", (line(self._title), "bold")), id="title")
        yield Reader()
        yield KeyBar()

    def on_mount(self) -> None:
        self.reader.show(self._message)
        self.reader.view.focus()

    def put_pictures(self, message: Message, body: Document, pictures: Mapping[str, Picture]) -> bool:
        return self.reader.show_pictures(message, body, pictures)

    async def carrier(self) -> tuple[MessageId | None, Message]:
        return None, self._message

    async def octets(self, attachment: Attachment | None) -> bytes:
        number = attachment.part if attachment is not None else ""
        return await answer(self.app.mail.aside(lambda: part(self._octets, number)))

    def shown(self) -> Document:
        return self.reader.view.document

    @on(DocumentView.LinkClicked)
    @asking("link")
    async def follow(self, event: DocumentView.LinkClicked) -> None:
        if not event.url.startswith("mailto:") and await self.may_follow(event.number, event.url):
            await self.go_to(event.url)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "save" and not self._message.attachments:
            return None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        self.dismiss()
