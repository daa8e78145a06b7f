"""How letters begin: empty, from a template, as an answer, passed on, from one that was sent."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual import on
from textual.binding import Binding

from tui_mail.config import templates
from tui_mail.mime import reply
from tui_mail.mime.clean import clean
from tui_mail.mime.mailto import from_mailto
from tui_mail.model import template
from tui_mail.model.draft import Draft, DraftId, Enclosure
from tui_mail.model.errors import BadInput, NotFound
from tui_mail.model.folder import Role
from tui_mail.model.lint import MANY
from tui_mail.model.message import MessageId, Summary

from ..bridge import answer, asking
from ..keys import unbound
from ..senders import Sender, own, senders, settled
from ..widgets.document_view import DocumentView
from ..widgets.letter_cards import LETTER
from .dialogs import Choice, Question
from .outward import Outward
from .patience import Watched, patiently
from .putting_off import PuttingOff
from .template_dialog import TemplateDialog

_ANSWERS = ("reply", "forward", "again", "enclose")


class Beginning(Outward, PuttingOff):
    """Answers and forwards `answered()`, and hands what was begun to `compose_letter`."""

    BINDINGS = [
        Binding("c,m", "write", "Compose", id="message.compose", tooltip="Write a new letter"),
        Binding(
            unbound("message.template"),
            "template",
            "From a template",
            id="message.template",
            show=False,
            tooltip="A new letter from one of your templates",
        ),
        Binding("r", "reply('one')", "Reply", id="message.reply", tooltip="Answer the sender"),
        Binding("R", "reply('all')", "Reply all", id="message.reply-all", tooltip="Answer everybody", show=False),
        Binding("L", "reply('list')", "Reply to list", id="message.reply-list", tooltip="Answer the list", show=False),
        Binding("f", "forward", "Forward", id="message.forward", tooltip="Pass it on", show=False),
        Binding(
            unbound("message.forward-whole"),
            "forward(True)",
            "Forward whole",
            id="message.forward-whole",
            show=False,
            tooltip="Pass it on as a file, every octet as it came",
        ),
        Binding(
            unbound("message.again"),
            "again",
            "Edit as new",
            id="message.again",
            show=False,
            tooltip="A new letter with its people, text and files",
        ),
        Binding(
            unbound("message.enclose"),
            "enclose",
            "Attach to letter",
            id="message.enclose",
            show=False,
            tooltip="Send this message along with the letter that is being written",
        ),
        Binding(
            unbound("message.enclose-files"),
            "enclose(True)",
            "Attach its files",
            id="message.enclose-files",
            show=False,
            tooltip="Send this message's attachments along with the letter that is being written",
        ),
    ]

    def answered(self) -> MessageId | None:
        """The message that reply and forward are about."""
        chosen = self.chosen()
        return chosen[0] if chosen else None

    def compose_letter(self, draft: Draft) -> None:
        """Opens a composer on it."""
        raise NotImplementedError

    def add_enclosures(self, enclosures: Sequence[Enclosure]) -> None:
        """These go along with the letter that is being written, or with a new one."""
        raise NotImplementedError

    def action_write(self) -> None:
        self.compose_letter(self.blank())

    @asking("begin template", exclusive=True)
    async def action_template(self) -> None:
        """A letter from a template; its fields are filled in once somebody stands in To."""
        files = templates.files(self.app.settings.compose.templates)
        if not files:
            raise BadInput("There are no templates.", remedy='templates = "FOLDER" in [compose] names theirs.')
        path = await self.app.push_screen_wait(TemplateDialog(files))
        if path is not None:
            read = template.read(path.name, clean(templates.text(path), lines=True))
            self.compose_letter(template.begin(read, self.blank()))

    @asking("begin", exclusive=True)
    async def action_reply(self, whom: str) -> None:
        row = self._source()
        if row is None:
            return
        only = self.get_selected_text() or ""
        message = await patiently(self, self.app.mail.read(row.id), "Fetching the letter", Watched())
        account, signature = self._account(row.account)
        draft = reply.reply(
            message,
            id=fresh(),
            account=account,
            own=own(self._senders, account),
            everyone=whom == "all",
            signature=signature,
            source=row.id,
            to_list=whom == "list",
            only=clean(only, lines=True),
            language=language(self.app.settings.compose.language, os.environ),
        )
        draft = settled(draft, self._senders)
        if whom == "all" and not await self._is_meant(draft):
            return
        if whom == "list" and not message.list_post:
            self.app.said("This letter names no list; the answer goes to its sender.")
        self.compose_letter(draft)

    @asking("begin", exclusive=True)
    async def action_forward(self, attached: bool = False) -> None:
        row = self._source()
        if row is None:
            return
        await self._fetched(row.id)
        message = await answer(self.app.mail.read(row.id))
        account, signature = self._account(row.account)
        draft = reply.forward(
            message,
            id=fresh(),
            account=account,
            signature=signature,
            source=row.id,
            attached=attached,
            size=row.size,
        )
        self.compose_letter(settled(draft, self._senders))

    @asking("begin", exclusive=True)
    async def action_again(self) -> None:
        """A letter that was sent before as the beginning of a new one."""
        row = self._source()
        if row is None:
            return
        await self._fetched(row.id)
        message = await answer(self.app.mail.read(row.id))
        account, _ = self._account(row.account)
        draft = reply.again(message, id=fresh(), account=account, own=own(self._senders, account), source=row.id)
        self.compose_letter(settled(draft, self._senders))

    @asking("begin", exclusive=True)
    async def action_enclose(self, files: bool = False) -> None:
        """The chosen message, or its attachments, go along with the letter that is being written."""
        row = self._source()
        if row is None:
            return
        await self._fetched(row.id)
        message = await answer(self.app.mail.read(row.id))
        draft = reply.forward(
            message, id=fresh(), account="", signature="", source=row.id, attached=not files, size=row.size
        )
        if not draft.enclosures:
            raise NotFound("Nothing is attached to this message.")
        self.add_enclosures(draft.enclosures)

    def _source(self) -> Summary | None:
        """The row of the message that reply and forward are about."""
        id = self.answered()
        return next(iter(self._rows([id])), None) if id is not None else None

    async def _fetched(self, id: MessageId) -> None:
        """All of it goes along, so all of it must be here."""
        watched = Watched()
        await patiently(self, self.app.mail.raw(id, watched), "Fetching the letter", watched)

    def _account(self, wanted: str = "") -> tuple[str, str]:
        """Key and signature of an account: the wanted one, that of the message one is at, the first."""
        accounts = {one.key: one for one in self.app.mail.accounts()}
        row = self._source()
        key = next((key for key in (wanted, row.account if row else "", *accounts) if key in accounts), "")
        return key, accounts[key].signature if key else ""

    @property
    def _senders(self) -> tuple[Sender, ...]:
        return senders(self.app.mail.accounts())

    def blank(self, wanted: str = "") -> Draft:
        """An empty letter of an account, else of the one that is looked at."""
        draft = reply.new(fresh(), *self._account(wanted))
        return settled(replace(draft, markdown=self.app.settings.compose.markdown), self._senders)

    async def _is_meant(self, draft: Draft) -> bool:
        """Asks before an answer goes to a crowd."""
        people = len(draft.recipients)
        if people <= MANY:
            return True
        choices = (Choice("a", f"All {people}"), Choice("b", "Back", strong=True))
        text = "This answer would go to everybody who got the letter."
        return await self.app.push_screen_wait(Question(f"Answer {people} people?", text, choices)) == "a"

    @on(DocumentView.LinkClicked)
    @asking("link")
    async def follow_link(self, event: DocumentView.LinkClicked) -> None:
        """A person chose a link: mail begins a letter, the web goes to the browser or, failing that, the clipboard."""
        if event.url.startswith(LETTER):
            self.open_letter(MessageId(int(event.url.removeprefix(LETTER))))
        elif event.url.startswith("mailto:"):
            self.compose_letter(from_mailto(event.url, self.blank()))
        elif await self.may_follow(event.number, event.url):
            await self.go_to(event.url)

    @asking("begin", exclusive=True)
    async def resume(self, id: MessageId) -> None:
        """A letter of the Drafts folder, whichever program began it, to be written on."""
        self.compose_letter(await patiently(self, self.app.mail.resume(id), "Fetching the letter", Watched()))

    def is_draft(self, id: MessageId) -> bool:
        """Whether the message stands in a Drafts folder, and is from nobody else who was filed there."""
        row = next(iter(self._rows([id])), None)
        folder = self.app.mail.folder(row.folder) if row is not None else None
        if row is None or folder is None or folder.role is not Role.DRAFTS:
            return False
        return not row.sender.email or row.sender.is_one_of(own(self._senders, row.account))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _ANSWERS and self.answered() is None:
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        return "no message is chosen" if action in _ANSWERS else super().reason(action)


def language(chosen: str, environ: Mapping[str, str]) -> str:
    """The language that letters are written in: as configured, else the system's."""
    return chosen or next((found for name in ("LC_ALL", "LC_TIME", "LANG") if (found := environ.get(name))), "")


def fresh() -> DraftId:
    """The name of a new draft."""
    return DraftId(secrets.token_hex(8))
