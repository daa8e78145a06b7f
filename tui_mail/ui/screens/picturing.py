"""Pictures in a letter: those that came with it, and those of the web once the person said so."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from textual import on
from textual.binding import Binding

from tui_mail.mime import picture
from tui_mail.mime.telling import Form
from tui_mail.model.document import Document
from tui_mail.model.errors import MailError, NotFound
from tui_mail.model.event import Begun, Event
from tui_mail.model.message import Message
from tui_mail.model.operation import count
from tui_mail.model.picture import Canvas, Picture

from ..bridge import answer, asking
from ..widgets.reader import Reader
from .dialogs import Choice, Question
from .enclosures import Enclosures
from .patience import Watched, patiently

_MOST_HOSTS = 12


class Picturing(Enclosures):
    """For a screen that shows a letter; `put_pictures` draws them in it."""

    BINDINGS = [
        Binding(
            "i", "images", "Pictures", id="reader.images", tooltip="Draw the pictures; asks before the web", show=False
        ),
    ]

    def put_pictures(self, body: Document, pictures: Mapping[str, Picture]) -> None:
        """Shows the letter with these in their places."""
        raise NotImplementedError

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
        canvas = self.canvas
        drawn = await answer(self.app.mail.aside(lambda: _decoded({**enclosed, **fetched}, canvas)))
        if not drawn and not enclosed and not fetched and not why:
            return  # the person said no
        self.put_pictures(body, self.app.easel.hang(drawn))
        missing = len(body.pictures) - len(drawn)
        failed = f"; {missing} not{f': {why}' if why else '.'}" if missing else "."
        self.app.said(f"{count(len(drawn), 'picture')} drawn{failed}")

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


def _decoded(found: Mapping[str, bytes], canvas: Canvas | None) -> dict[str, Picture]:
    """Those that are pictures."""
    drawn: dict[str, Picture] = {}
    for name, octets in found.items():
        try:
            drawn[name] = picture.decode(octets, canvas)
        except MailError:
            continue  # it keeps its words
    return drawn
