"""Beginning letters and hosting the composer beside what is read: the part that every main screen shares."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from tui_mail.config import templates
from tui_mail.mime import reply
from tui_mail.mime.clean import clean
from tui_mail.mime.mailto import from_mailto
from tui_mail.model import template
from tui_mail.model.draft import Draft, DraftId
from tui_mail.model.errors import BadInput, NotFound
from tui_mail.model.event import DraftChanged, Event
from tui_mail.model.folder import Role
from tui_mail.model.lint import MANY
from tui_mail.model.message import MessageId
from tui_mail.model.operation import count

from ..bridge import answer, asking
from ..keys import unbound
from ..panes.compose import ComposePane
from ..senders import Sender, own, senders, settled
from ..widgets.document_view import DocumentView
from ..widgets.letter_cards import LETTER
from .dialogs import Choice, Question
from .outward import Outward
from .patience import Watched, patiently
from .putting_off import PuttingOff
from .template_dialog import TemplateDialog

_ANSWERS = ("reply", "forward", "again", "enclose")


class Composing(Outward, PuttingOff):
    """Answers and forwards `answered()`; shows the composer in `desk()`.

    Wide, the composer stands at the right of the rest. Narrow, it lies over the rest; going to another pane
    lays it under, going back lays it on top.
    """

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
            "ctrl+n",
            "other_letter",
            "Next letter",
            id="compose.other",
            show=False,
            tooltip="To the next of the letters that are being written",
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
    BESIDE = 120
    """Columns from which the composer stands beside the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._before: Widget | None = None
        self._panes: list[ComposePane] = []
        """Every composer that is open here; the last one is seen."""
        self._discarded: Draft | None = None

    def desk(self) -> Horizontal:
        """Where the composer is mounted, beside what else stands there."""
        return self.query_one("#panes", Horizontal)

    def answered(self) -> MessageId | None:
        """The message that reply and forward are about."""
        chosen = self.chosen()
        return chosen[0] if chosen else None

    @property
    def composer(self) -> ComposePane | None:
        """The composer that is open here, or None. Asked for by every binding at every key: no search of the tree."""
        while self._panes and not self._panes[-1].is_attached:
            self._panes.pop()
        return self._panes[-1] if self._panes else None

    @property
    def composers(self) -> tuple[ComposePane, ...]:
        """All that are open here."""
        return tuple(pane for pane in self._panes if pane.is_attached)

    @property
    def is_writing(self) -> bool:
        """Whether keys go to the composer."""
        pane = self.composer
        return pane is not None and pane.has_focus_within

    # beginning a letter

    def action_write(self) -> None:
        self.compose_letter(self.blank())

    @asking("begin", exclusive=True)
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
        id = self.answered()
        row = next(iter(self._rows([id])), None) if id is not None else None
        if id is None or row is None:
            return
        only = self.get_selected_text() or ""
        message = await answer(self.app.mail.read(id))
        account, signature = self._account(row.account)
        draft = reply.reply(
            message,
            id=fresh(),
            account=account,
            own=own(self._senders, account),
            everyone=whom == "all",
            signature=signature,
            source=id,
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
        id = self.answered()
        row = next(iter(self._rows([id])), None) if id is not None else None
        if id is None or row is None:
            return
        watched = Watched()  # all of it goes along, so all of it must be here
        await patiently(self, self.app.mail.raw(id, watched), "Fetching the letter", watched)
        message = await answer(self.app.mail.read(id))
        account, signature = self._account(row.account)
        draft = reply.forward(message, id=fresh(), account=account, signature=signature, source=id, attached=attached)
        self.compose_letter(settled(draft, self._senders))

    @asking("begin", exclusive=True)
    async def action_again(self) -> None:
        """A letter that was sent before as the beginning of a new one."""
        id = self.answered()
        row = next(iter(self._rows([id])), None) if id is not None else None
        if id is None or row is None:
            return
        message = await answer(self.app.mail.read(id))
        account, _ = self._account(row.account)
        draft = reply.again(message, id=fresh(), account=account, own=own(self._senders, account), source=id)
        self.compose_letter(settled(draft, self._senders))

    @asking("begin", exclusive=True)
    async def action_enclose(self, files: bool = False) -> None:
        """The chosen message, or its attachments, go along with the letter that is being written."""
        id, pane = self.answered(), self.composer
        if id is None:
            return
        message = await answer(self.app.mail.read(id))
        draft = reply.forward(message, id=fresh(), account="", signature="", source=id, attached=not files)
        if not draft.enclosures:
            raise NotFound("Nothing is attached to this message.")
        if pane is None:
            self.compose_letter(replace(self.blank(), enclosures=draft.enclosures))
        else:
            pane.add(draft.enclosures)
            self.app.said(f"{count(len(draft.enclosures), 'file')} more goes along with “{pane.draft.subject}”.")

    def _account(self, wanted: str = "") -> tuple[str, str]:
        """Key and signature of an account: the wanted one, that of the message one is at, the first."""
        accounts = {one.key: one for one in self.app.mail.accounts()}
        id = self.answered()
        row = next(iter(self._rows([id])), None) if id is not None else None
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
        self.compose_letter(await answer(self.app.mail.resume(id)))

    def is_draft(self, id: MessageId) -> bool:
        """Whether the message stands in a Drafts folder."""
        row = next(iter(self._rows([id])), None)
        folder = self.app.mail.folder(row.folder) if row is not None else None
        return folder is not None and folder.role is Role.DRAFTS

    # the composer

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, DraftChanged):
            for pane in self.composers:
                if pane.draft.id == event.draft:
                    pane.changed_elsewhere(event)

    def write_on(self, draft: object) -> None:
        """Opens a draft that was begun before."""
        if isinstance(draft, Draft):
            self.compose_letter(draft)

    def compose_letter(self, draft: Draft) -> None:
        """Opens a composer on a draft; other letters that are being written wait behind it."""
        if self.composer is None:
            self._before = self.focused
        known = next((pane for pane in self._panes if pane.draft.id == draft.id and pane.is_attached), None)
        if known is not None:
            self._bring_up(known)
            return
        pane = ComposePane(draft)
        pane.set_class(self.size.width >= self.BESIDE, "-beside")
        self._panes.append(pane)
        self._count_panes()
        self.desk().mount(pane)

    def _bring_up(self, pane: ComposePane) -> None:
        """Shows one of the open composers."""
        self._panes.remove(pane)
        self._panes.append(pane)
        self._count_panes()
        self._lay(pane, on_top=True)
        pane.focus_first()

    def _count_panes(self) -> None:
        """Only the last composer is seen; each says which of how many it is."""
        order = sorted(self._panes, key=lambda pane: pane.opened)
        for pane in self._panes:
            pane.display = pane is self._panes[-1]
            pane.stands(order.index(pane) + 1, len(order))

    def action_other_letter(self) -> None:
        """The next of the letters that are being written; from elsewhere, the one that was written last."""
        pane = self.composer
        if pane is None:
            self.app.said("No letter is being written here.")
        elif not pane.has_focus_within:
            self._bring_up(pane)
        elif len(self._panes) > 1:
            self._bring_up(self._panes[0])
        else:
            self.app.said("This is the only letter that is being written here.")

    @on(ComposePane.Closed)
    def close_composer(self, event: ComposePane.Closed) -> None:
        event.stop()
        had_focus = event.pane.has_focus_within or event.pane.disabled
        event.pane.remove()
        if event.pane in self._panes:
            self._panes.remove(event.pane)
        if self._panes:
            self._count_panes()
            if had_focus:
                self._panes[-1].focus_first()
        elif had_focus and self._before is not None and self._before.is_attached:
            self.set_focus(self._before)
        match event.why:
            case "kept":
                self.app.said("The letter is kept among your drafts.")
            case "discarded":
                self.app.said("The letter was discarded.", undo=True)
                self._discarded = event.draft
            case _:
                pass
        self.refresh_bindings()

    def say(self, words: str, *, undo: bool = False) -> None:
        self._discarded = None  # what is said last is what undo takes back
        super().say(words, undo=undo)

    def action_undo(self) -> None:
        draft, self._discarded = self._discarded, None
        if draft is None:
            super().action_undo()
            return
        self.app.mail.recover(draft.id)
        self.compose_letter(draft)

    def on_resize(self, event: events.Resize) -> None:
        for open_now in self._panes:
            open_now.set_class(event.size.width >= self.BESIDE, "-beside")
        if (pane := self.composer) is not None:
            self._lay(pane, on_top=pane.has_focus_within)

    @on(events.DescendantFocus)
    def lay_composer(self, event: events.DescendantFocus) -> None:
        if (pane := self.composer) is not None:
            self._lay(pane, on_top=pane in event.widget.ancestors_with_self)
        self.refresh_bindings()

    def _lay(self, pane: ComposePane, *, on_top: bool) -> None:
        """Over or under its neighbours: of widgets in one place the last child is seen. Beside them it is last."""
        desk = self.desk()
        last = on_top or pane.has_class("-beside")
        if len(desk.children) > 1 and desk.children[-1 if last else 0] is not pane:
            if last:
                desk.move_child(pane, after=-1)
            else:
                desk.move_child(pane, before=0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.is_writing and action not in ("pane", "app.quit", "other_letter"):
            return False  # keys that no field takes must not reach the list beside it
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
