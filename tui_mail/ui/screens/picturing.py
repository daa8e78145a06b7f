"""Pictures in a letter: those that came with it, and those of the web once the person said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from textual import on
from textual.binding import Binding

from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.errors import BadInput, NotFound
from tui_mail.model.event import Begun, Event
from tui_mail.model.message import Message
from tui_mail.model.operation import count
from tui_mail.model.picture import Picture

from ..bridge import answer, asking
from ..widgets.reader import Reader
from .dialogs import Choice, Question
from .enclosures import Enclosures
from .patience import Watched, patiently

_MOST_HOSTS = 12


@dataclass(slots=True)
class _Drawing:
    """A letter whose pictures are drawn, and how far that is."""

    message: Message
    body: Document
    pictures: dict[str, Picture] = field(default_factory=dict)
    is_shown: bool = False


class Picturing(Enclosures):
    """For a screen that shows a letter; `put_pictures` draws them in it."""

    BINDINGS = [
        Binding(
            "i", "images", "Pictures", id="reader.images", tooltip="Draw the pictures; asks before the web", show=False
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._drawing: _Drawing | None = None

    def put_pictures(self, message: Message, body: Document, pictures: Mapping[str, Picture]) -> bool:
        """Shows that letter with these in their places; False where it is not shown any more."""
        raise NotImplementedError

    def on_unmount(self) -> None:
        self._drawing = None  # nobody holds the pictures any more

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Begun):
            for reader in self.query(Reader):
                reader.begin(event.beginning, event.insight, at=event.id)

    @on(Reader.OtherForm)
    @asking("form", exclusive=True)
    async def draw_other(self, event: Reader.OtherForm) -> None:
        """The text where the page is shown, else the page."""
        message = event.reader.message
        if message is not None:
            form: Form = "text" if message.document.is_page else "page"
            event.reader.show_other(message, await answer(self.app.mail.form(message, form)))

    @asking("images", exclusive=True)
    async def action_images(self) -> None:
        """Asks once, with the hosts named, then fetches over https from public addresses alone, and draws."""
        _, message = await self.carrier()
        body = await answer(self.app.mail.form(message, "pictures"))
        if not body.pictures:
            raise NotFound("This letter shows no pictures that can be loaded.")
        self.may_draw()
        enclosed = await self._enclosed(message, body)
        remote = [one for one in body.pictures if one.startswith("https:")]
        fetched: dict[str, bytes] = {}
        why = ""
        if remote and await self._may_fetch(remote):
            watched = Watched()
            promise = self.app.mail.pictures(remote, watched)
            for url, octets, trouble in await patiently(self, promise, "Fetching pictures", watched, octets=False):
                fetched |= {url: octets} if octets else {}
                why = why or trouble
        found = {**enclosed, **fetched}
        if not found and not why:
            return  # the person said no
        drawn = await self._draw(message, body, found)
        missing = len(body.pictures) - drawn
        failed = f"; {missing} not{f': {why}' if why else '.'}" if missing else "."
        self.app.said(f"{count(drawn, 'picture')} drawn{failed}")

    async def _draw(self, message: Message, body: Document, found: Mapping[str, bytes]) -> int:
        """Shows each as it is done; how many there were. It is cancelled where the letter is left."""
        drawing = self._drawing = _Drawing(message, body)
        for name, octets in found.items():
            if len(found) > 1:
                self.app.news(f"{len(drawing.pictures)} of {count(len(found), 'picture')} drawn …")
            try:
                one = await answer(self.app.mail.painter.draw(octets, self.canvas))
            except BadInput:
                continue  # it keeps its words
            drawing.pictures |= self.app.easel.hang({name: one})
            self._put(drawing)
        if drawing.is_shown:
            self._drawing = None
        return len(drawing.pictures)

    def _put(self, drawing: _Drawing) -> None:
        was_shown = drawing.is_shown
        drawing.is_shown = self.put_pictures(drawing.message, drawing.body, drawing.pictures.copy())
        if was_shown and not drawing.is_shown:
            self._drawing = None
            self.workers.cancel_group(self, "images")

    @on(Reader.Turned)
    def turned(self) -> None:
        """A letter that was left needs its pictures no more; one that was still on its way shows those that it has."""
        if self._drawing is not None:
            self._put(self._drawing)

    async def _may_fetch(self, urls: list[str]) -> bool:
        hosts = sorted({urlsplit(url).hostname or "" for url in urls})
        listed = "\n".join(hosts[:_MOST_HOSTS]) + (
            f"\nand {len(hosts) - _MOST_HOSTS} more" if hosts[_MOST_HOSTS:] else ""
        )
        text = f"These learn that you read the letter, when, and from where:\n\n{listed}"
        choices = (Choice("l", "Load them"), Choice("b", "Back", strong=True))
        question = Question(f"Load {count(len(urls), 'picture')} from the web?", text, choices)
        return await self.app.push_screen_wait(question) == "l"

    async def _enclosed(self, message: Message, body: Document) -> dict[str, bytes]:
        """The pictures that came with the letter, by the name by which its text calls them."""
        found: dict[str, bytes] = {}
        for wanted in body.pictures:
            name = unquote(wanted.removeprefix("cid:"))
            one = next((one for one in message.attachments if one.content_id in (name, wanted[4:])), None)
            if wanted.startswith("cid:") and name and one is not None:
                found[wanted] = await self.octets(one)
        return found
