"""What can be done with the letter that is read, besides answering and filing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding

from tui_mail.mime import hints
from tui_mail.mime.clean import line
from tui_mail.mime.mailto import from_mailto
from tui_mail.model.address import Address
from tui_mail.model.document import Document
from tui_mail.model.draft import Draft
from tui_mail.model.errors import NotFound, Offline
from tui_mail.model.event import Event, Left
from tui_mail.model.insight import Insight, Invite, Partstat
from tui_mail.model.listing import Listing
from tui_mail.model.message import Message, MessageId, Summary
from tui_mail.model.picture import Picture

from ..bridge import answer, asking
from ..widgets.letter_cards import when_words
from ..widgets.reader import Reader
from .beginning import fresh
from .composing import Composing
from .dialogs import Choice, Question
from .hints import HintsDialog
from .patience import Watched, patiently
from .picturing import Picturing
from .unsealing import Unsealing

_ABOUT_LETTER = ("hints", "unsubscribe", "answer_invite", "all_text", "images")
_MOST_TURNS = 60
_ANSWERS: dict[str, tuple[Partstat, str]] = {
    "a": ("ACCEPTED", "Accepted"),
    "m": ("TENTATIVE", "Maybe"),
    "d": ("DECLINED", "Declined"),
}


def _on(day: str) -> str:
    """The search for what came on that day."""
    return f"after:{day} before:{dt.date.fromisoformat(day) + dt.timedelta(days=1)}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter with its row and what is known of it."""

    row: Summary
    message: Message
    insight: Insight


class Reading(Picturing, Composing, Unsealing):
    """For a screen with a Reader, `page`. Where that shows another letter than the chosen one, it is read first."""

    BINDINGS = [
        Binding("F", "hints", "Pick up", id="reader.links", tooltip="Links, addresses, files, days, codes", show=False),
        Binding(
            "E",
            "all_text",
            "All text",
            id="reader.all-text",
            tooltip="All of a thread's text, or what is new",
            show=False,
        ),
        Binding("X", "unsubscribe", "Unsubscribe", id="message.unsubscribe", tooltip="Leave this list", show=False),
        Binding(
            "A",
            "answer_invite",
            "Answer invite",
            id="message.answer-invite",
            tooltip="Accept, maybe, decline",
            show=False,
        ),
    ]

    def read_at(self) -> MessageId | None:
        return self.answered()

    def __init__(self) -> None:
        super().__init__()
        self._leaving: int | None = None
        """The request to leave a list that undo can call off."""

    @property
    def page(self) -> Reader:
        """Where a letter is read on this screen."""
        raise NotImplementedError

    async def opened(self) -> Opened:
        """The letter one is at. Raises NotFound, Offline."""
        id = self.answered()
        row = next(iter(self._rows([id])), None) if id is not None else None
        if row is None:
            raise NotFound("No letter is chosen.")
        if self.page.at == row.id and self.page.message is not None:
            return Opened(row, self.page.message, self.page.insight)
        message = await patiently(self, self.app.mail.read(row.id), "Fetching the letter", Watched())
        return Opened(row, message, await answer(self.app.mail.examiner.insight(row, message)))

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Left) and next(one for one in self.app.screen_stack if isinstance(one, Reading)) is self:
            self.app.news(f"{event.name}: you are unsubscribed.")

    async def carrier(self) -> tuple[MessageId | None, Message]:
        here = await self.opened()
        return here.row.id, here.message

    def put_pictures(self, message: Message, body: Document, pictures: Mapping[str, Picture]) -> bool:
        return self.page.show_pictures(message, body, pictures)

    # --- picking up

    @asking("begin hints", exclusive=True)
    async def action_hints(self) -> None:
        """A letter for everything in the mail that can be opened, copied, saved, written to or searched."""
        here = await self.opened()
        found = hints.hints(here.message, here.message.document, here.insight)
        picked = await self.app.push_screen_wait(HintsDialog(found)) if found else None
        if picked is None:
            return
        hint, verb = picked
        match verb:
            case "copy":
                self.app.copy_to_clipboard(hint.target)
                self.app.said(f"In the clipboard: {line(hint.target)}")
            case "open" if hint.kind == "link":
                if await self.may_follow(hint.link, hint.target, here.message.document):
                    await self.go_to(hint.target)
            case "write":
                self.compose_letter(from_mailto(f"mailto:{hint.target}", self.blank()))
            case "search":
                self.search_mail(_on(hint.target) if hint.kind == "date" else hint.target)
            case _ if hint.attachment is not None:
                await self.handle(hint.attachment, verb)

    def search_mail(self, words: str) -> None:
        """Opens the main list on a search."""

    # --- the conversation

    @asking("conversation", exclusive=True)
    async def action_all_text(self) -> None:
        """All text of the conversation, nothing folded; the same key goes back to what is new."""
        page = self.page
        if page.is_whole:
            page.show_one()
            return
        turns = page.insight.turns
        if len(turns) < 2 or page.message is None:
            if not page.view.document.folds:
                self.app.said("All of this letter is shown, and it stands alone.")
            page.view.action_toggle_folds("seen")
            page.view.action_toggle_folds("quote")
            return
        letters = [(turn, await self._told(turn.id)) for turn in turns[-_MOST_TURNS:]]
        page.show_whole(letters)

    async def _told(self, id: MessageId) -> Message | None:
        """One letter of the conversation, None where it cannot be had now."""
        if id == self.page.at:
            return self.page.message
        try:
            return await answer(self.app.mail.read(id))
        except (NotFound, Offline):
            return None

    # --- links

    def shown(self) -> Document:
        return self.page.view.document

    def open_letter(self, id: MessageId) -> None:
        """Another letter of the conversation, with the conversation as what is gone through."""
        turns = [turn.id for turn in self.page.insight.turns]
        self.app.open_letter(Listing(turns if id in turns else [id]), id)

    # --- leaving a list

    @asking("begin unsubscribe", exclusive=True)
    async def action_unsubscribe(self) -> None:
        """Shows what would be done, does it after a yes, and takes it back on undo until it is sent."""
        here = await self.opened()
        ways = here.insight.unsubscribe
        if not ways:
            raise NotFound("This letter names no way to unsubscribe.")
        name = here.message.list_id or here.message.sender.short
        choices = []
        lines = []
        if ways.one_click:
            choices.append(Choice("u", "Unsubscribe", strong=True))
            lines.append(f"One request is sent to\n{ways.one_click}")
            if not ways.is_signed:
                lines.append("No verified signature says that this address belongs to the list.")
        if ways.mail:
            choices.append(Choice("m", "By a mail", strong=not choices))
            lines.append(f"A mail goes to\n{ways.mail.removeprefix('mailto:')}")
        if ways.page:
            choices.append(Choice("o", "Open the page", strong=not choices))
            lines.append(f"The page is\n{ways.page}")
        choices.append(Choice("b", "Back"))
        said = await self.app.push_screen_wait(Question(f"Leave “{name}”?", "\n\n".join(lines), choices))
        match said:
            case "u":
                self._leaving = await answer(self.app.mail.leave(ways.one_click, name))
                leaving = self._leaving
                self.app.said(f"You leave “{name}” in {self.app.settings.compose.undo_send:.0f} s.", undo=True)
                self._leaving = leaving  # `said` forgot it
            case "m":
                draft = from_mailto(ways.mail, self._bare(here.row.account))
                await self._send(self._worded(draft, "unsubscribe"))
            case "o":
                await self.go_to(ways.page)

    def say(self, words: str, *, undo: bool = False) -> None:
        self._leaving = None  # what is said last is what undo takes back
        super().say(words, undo=undo)

    def action_undo(self) -> None:
        leaving, self._leaving = self._leaving, None
        if leaving is None:
            super().action_undo()
        elif self.app.mail.stay(leaving):
            self.app.said("You stay on the list.")
        else:
            self.app.said("It is too late: the list was asked already.")

    def _bare(self, account: str) -> Draft:
        """A letter for a machine: no signature."""
        return Draft(fresh(), account)

    @staticmethod
    def _worded(draft: Draft, words: str) -> Draft:
        """Some lists want a subject, some a text; neither minds both."""
        return replace(draft, subject=draft.subject or words, body=draft.body or f"{words}\n")

    async def _send(self, draft: Draft) -> None:
        self.app.letter_sent(await answer(self.app.mail.send(draft)))

    # --- invitations

    @asking("begin invite", exclusive=True)
    async def action_answer_invite(self) -> None:
        """Accept, maybe or decline: a mail to the organizer, undoable like any other."""
        here = await self.opened()
        asked = next((event for event in here.insight.invites if event.wants_answer), None)
        if asked is None or asked.organizer is None:
            raise NotFound("This letter asks for no answer to an invitation.")
        me = self._invited(asked, here.row.account)
        text = f"{asked.title}\n{when_words(asked)[0]}\n\nThe answer goes to {asked.organizer}, from {me.email}."
        if asked.organizer.key != here.message.sender.key:
            text += f"\nThe invitation came from {here.message.sender.email}."
        choices = (Choice("a", "Accept", strong=True), Choice("m", "Maybe"), Choice("d", "Decline"))
        said = _ANSWERS.get(await self.app.push_screen_wait(Question("Answer the invitation?", text, choices)))
        if said is None:
            return
        calendar = await answer(self.app.mail.examiner.answer(here.row.id, asked, me, said[0]))
        main = next((one.address for one in self.app.mail.accounts() if one.key == here.row.account), "")
        await self._send(
            Draft(
                fresh(),
                here.row.account,
                sender="" if me.key == main.lower() else str(me),
                to=str(asked.organizer),
                subject=f"{said[1]}: {asked.title}",
                body=f"{me.short}: {said[1].lower()}.\n",
                in_reply_to=here.message.message_id,
                answers=here.row.id,
                calendar=calendar,
            )
        )

    def write_on(self, draft: object) -> None:
        """An answer to an invitation that was called back is nothing to write on: it is made anew with a key."""
        if isinstance(draft, Draft) and draft.calendar:
            self.app.mail.discard(draft.id)
            self.app.said("The answer did not go out.")
        else:
            super().write_on(draft)

    def _invited(self, asked: Invite, account: str) -> Address:
        """Which of the own addresses was invited; the account's own where none was."""
        own = {one.address.key: one.address for one in self._senders if one.account == account}
        invited = next((own[who.person.key] for who in asked.attendees if who.person.key in own), None)
        return invited or next(iter(own.values()), Address("", ""))

    # --- what is possible

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _ABOUT_LETTER and not self.is_writing and self.is_mounted and self.reason(action):
            return None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        if action in _ABOUT_LETTER and self.answered() is None:
            return "no letter is chosen"
        is_shown = self.page.message is not None and self.page.at == self.answered()
        insight = self.page.insight
        match action:
            case "all_text" if self.page.message is None:
                return "no letter is shown"
            case "images" if not self.page.display:
                return "no letter is shown"
            case "unsubscribe" if is_shown and not insight.unsubscribe:
                return "this letter names no way to unsubscribe"
            case "answer_invite" if is_shown and not any(event.wants_answer for event in insight.invites):
                return "this letter is no invitation"
        return super().reason(action)
