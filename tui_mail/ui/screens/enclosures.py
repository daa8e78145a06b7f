"""What came with a letter: opened by another program, looked at, saved, handed on. Nothing of it runs by itself."""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Literal

from textual import on
from textual.binding import Binding

from tui_mail.mime import picture, preview
from tui_mail.mime.clean import line
from tui_mail.mime.preview import is_image
from tui_mail.model.document import Block, Document, Run
from tui_mail.model.errors import BadInput, NotFound, Unsupported
from tui_mail.model.message import Attachment, Message, MessageId
from tui_mail.model.operation import count
from tui_mail.model.picture import Canvas

from .. import external, private_copy
from ..bridge import MailScreen, answer, asking
from ..saving import save_into
from ..unpacking import unpack
from ..widgets.attachment_strip import AttachmentStrip, size_words, type_words
from ..widgets.document_view import MOST, DocumentView
from .dialogs import Choice, Question
from .looking import LookScreen
from .path_dialog import short
from .patience import Watched, patiently
from .pipe_dialog import PipeDialog
from .save_dialog import SaveDialog

Handling = Literal["open", "preview", "save", "pipe"]
_MESSAGES = ("message/rfc822", "message/global")
_WINMAIL = ("application/ms-tnef", "application/vnd.ms-tnef")
_SHORT_LIVED = 3.0
"""Seconds: a program that ends sooner has handed the file on, and the copy stays until we end."""


class Enclosures(MailScreen):
    """For a screen that shows a letter: `carrier()` is that letter, `octets()` fetches what it holds."""

    BINDINGS = [
        Binding("S", "save", "Save files", id="message.save", tooltip="Save attachments to a folder", show=False),
        Binding("|", "pipe", "Pipe", id="message.pipe", tooltip="Hand letter or file to a program", show=False),
    ]

    async def carrier(self) -> tuple[MessageId | None, Message]:
        """The letter one is at, and its id where it is one of the mailbox. Raises NotFound, Offline."""
        raise NotImplementedError

    async def octets(self, attachment: Attachment | None) -> bytes:
        """A part of that letter, fetched where it is not here yet; the whole letter for None."""
        id, _ = await self.carrier()
        if id is None:
            raise NotFound("The letter is gone.")
        watched = Watched()
        name = attachment.name if attachment is not None else "the letter"
        promise = self.app.mail.attachment(id, attachment.part if attachment is not None else "", watched)
        return await patiently(self, promise, f"Fetching {name}", watched)

    # --- choosing

    @on(AttachmentStrip.Chosen)
    @asking("enclosure", exclusive=True)
    async def choose(self, event: AttachmentStrip.Chosen) -> None:
        """A click asks what is meant."""
        one = event.attachment
        about = f"{type_words(one)}, {size_words(one.size)}" + (f"\n{one.damage}" if one.damage else "")
        choices = (
            *(Choice("o", "Open"), Choice("p", "Preview", strong=True)),
            *(Choice("s", "Save"), Choice("|", "Pipe"), Choice("b", "Back")),
        )
        said = await self.app.push_screen_wait(Question(one.name or "Without a name", about, choices))
        verbs: dict[str, Handling] = {"o": "open", "p": "preview", "s": "save", "|": "pipe"}
        if said in verbs:
            await self.handle(one, verbs[said])

    async def handle(self, one: Attachment, verb: str) -> None:
        match verb:
            case "open":
                await self._start(one)
            case "preview":
                await self._preview(one)
            case "save":
                await self._save((one,))
            case "pipe":
                await self._pipe(one)

    # --- opening and looking

    async def _start(self, one: Attachment) -> None:
        """A message opens here; anything else in the program of the desktop, as a copy that is taken away again."""
        if one.type in _MESSAGES or one.type in _WINMAIL:
            await self._preview(one)
            return
        words = external.opener(os.environ, self.app.settings.ui.opener)
        if not words:
            raise BadInput("There is no program here to open it.", remedy="Set opener in [ui], or save it.")
        octets = await self.octets(one)
        folder = private_copy.home(os.environ, self.app.state.folder)
        path = await answer(self.app.mail.aside(lambda: private_copy.put(folder, one.name, octets)))
        atexit.register(private_copy.sweep, folder, True)
        process = await external.start([*words, str(path)])
        if process is None:
            private_copy.remove(path)
            raise BadInput(f"{PurePath(words[0]).name} could not open it.", remedy="Set opener in [ui], or save it.")
        self.app.said(f"Opened {one.name}")
        self._watch(process, path)

    @asking("watch")
    async def _watch(self, process: asyncio.subprocess.Process, path: Path) -> None:
        """Takes the copy away with the program that showed it."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await process.wait()
        if loop.time() - begun > _SHORT_LIVED:
            private_copy.remove(path)

    async def _preview(self, one: Attachment) -> None:
        octets = await self.octets(one)
        if one.type in _MESSAGES:
            message = await answer(self.app.mail.take_apart(octets))
            self.app.open_enclosed(one.name, octets, message)
        elif one.type in _WINMAIL:
            await self._unpack(one, octets)
        elif is_image(one):
            await self.look_at(one.name, octets)
        else:
            document = await answer(self.app.mail.aside(lambda: preview.preview(one, octets)))
            self.app.push_screen(LookScreen(f"{one.name}  {type_words(one)} {size_words(len(octets))}", document))

    async def look_at(self, name: str, octets: bytes) -> None:
        """A picture, drawn in the cells of the terminal."""
        self.may_draw()
        promise = self.app.mail.painter.draw(octets, self.canvas)
        drawn = await patiently(self, promise, f"Drawing {name}", Watched(), before="It is a large one.")
        shown = Document((Block("picture", (Run(f"[{line(name)}]"),), level=1),), pictures=("cid:",))
        self.app.push_screen(
            LookScreen(f"{name}  {size_words(len(octets))}", shown, self.app.easel.hang({"cid:": drawn}))
        )

    def may_draw(self) -> None:
        """Raises why no picture can be drawn, where that is so."""
        if self.app.easel.is_off:
            raise BadInput("Pictures are switched off.", remedy="Set pictures in [ui].")
        if self.app.no_color:
            raise BadInput("Without colours no picture can be drawn.")
        if not picture.can_decode():
            raise Unsupported("Pictures need Pillow.", remedy="pip install 'tui-mail[images]'.")

    @property
    def canvas(self) -> Canvas | None:
        """Where the terminal draws pictures itself, as wide as the letter is drawn."""
        view = next(iter(self.query(DocumentView)), None)
        return self.app.easel.canvas(MOST if view is None else view.room)

    async def _unpack(self, one: Attachment, octets: bytes) -> None:
        """What Outlook packed into winmail.dat, as a letter with attachments."""
        raw = await unpack(octets)
        self.app.open_enclosed(one.name, raw, await answer(self.app.mail.take_apart(raw)))

    # --- saving

    @asking("begin save", exclusive=True)
    async def action_save(self) -> None:
        _, message = await self.carrier()
        await self._save(tuple(one for one in message.attachments if not one.inline) or message.attachments)

    async def _save(self, chosen: Sequence[Attachment]) -> None:
        """Asks where, fetches what is not here yet, and writes each under a name of its own."""
        _, message = await self.carrier()
        if not message.attachments:
            raise NotFound("Nothing is attached to this letter.")
        folder = self.app.state.get("save_folder", "~/Downloads" if Path("~/Downloads").expanduser().is_dir() else "~")
        saving = await self.app.push_screen_wait(SaveDialog(message.attachments, chosen, folder))
        if saving is None:
            return
        self.app.state.put("save_folder", short(saving.folder).rstrip("/") or "/")
        names = []
        for one in saving.attachments:
            octets = await self.octets(one)
            names.append(await answer(self.app.mail.aside(_saved(saving.folder, one.name, octets))))
        what = f"“{names[0]}”" if len(names) == 1 else count(len(names), "file")
        damaged = [one for one in saving.attachments if one.damage]
        more = f"; {count(len(damaged), 'file')} only as far as it goes" if damaged else ""
        self.app.said(f"Saved {what} in {short(saving.folder)}{more}")

    # --- handing on

    @asking("begin pipe", exclusive=True)
    async def action_pipe(self) -> None:
        await self._pipe(None)

    async def _pipe(self, one: Attachment | None) -> None:
        _, message = await self.carrier()
        asked = await self.app.push_screen_wait(
            PipeDialog(message.attachments, one, self.app.state.get("pipe_command", ""))
        )
        if asked is None:
            return
        self.app.state.put("pipe_command", asked.command)
        octets = await self.octets(asked.attachment)
        said = await external.pipe(asked.command, octets, os.environ)
        words = f"{asked.command}: ended with {said.status}"
        if not said.words.strip():
            self.app.said(words)
            return
        document = await answer(self.app.mail.aside(lambda: preview.said(said.words, is_cut=said.is_cut)))
        self.app.push_screen(LookScreen(words, document))


def _saved(folder: Path, name: str, octets: bytes) -> Callable[[], str]:
    return lambda: save_into(folder, name, octets).name
