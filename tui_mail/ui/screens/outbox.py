"""The outbox: every letter that waits, goes, went or came back, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from tui_mail.model.draft import Draft, Waiting
from tui_mail.model.event import Bounced, Connection, Event, OutboxChanged, Sending, Sent
from tui_mail.model.standing import standing
from tui_mail.model.when import spoken

from ..bridge import answer, asking
from .dialogs import Choice, Question
from .dialogue import DialogueScreen
from .unfinished import Letters
from .when_dialog import WhenDialog

_BAR = 20
"""Cells of the bar that shows how far a letter is."""
_WRONG = ("refused", "unknown", "bounced")
_FITTING = {
    "retry": ("waiting", "sent", "refused", "unknown"),
    "others": ("refused",),
    "later": ("waiting", "refused"),
    "call_back": ("waiting",),
    "edit": ("waiting", "refused", "unknown"),
    "discard": ("waiting", "refused", "unknown", "bounced"),
    "dialogue": ("waiting", "sending", "sent", "refused", "unknown", "bounced", "done"),
}
"""In which states a letter must be for an action."""


class OutboxScreen(Letters):
    """The letters that wait, with what became of each; below them those that went out lately."""

    BINDINGS = [
        Binding("r", "retry", "Send now", id="outbox.retry", tooltip="Send it now, or again; file its copy"),
        Binding("e", "edit", "Edit", id="outbox.edit", tooltip="Back into the composer"),
        Binding("l", "later", "Later", id="outbox.later", tooltip="Choose when it goes"),
        Binding("u,z", "call_back", "Call back", id="outbox.call-back", tooltip="Do not send it; it is a draft again"),
        Binding("t", "dialogue", "Dialogue", id="outbox.dialogue", tooltip="What was said with the server"),
        Binding("d,delete", "discard", "Discard", id="outbox.discard", tooltip="Do not send it, and throw it away"),
        Binding("o", "others", "To the others", id="outbox.others", tooltip="Only to the not refused", show=False),
    ]
    HEADING = "Outbox"
    NOTHING = (
        "Nothing waits to go out.\n\nLetters stand here while they can be called back,\n"
        "until there is a connection, and for a week after they went out."
    )

    def __init__(self) -> None:
        super().__init__()
        self._moving: dict[int, tuple[int, int]] = {}
        """Of letters that are on their way: octets that have left, and all of them."""

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        """Seconds are counted down only while somebody waits for them."""
        now = self.app.clock()
        if any(letter.state == "waiting" and now - 2 < letter.due < now + 3600 for letter in self.app.mail.outbox()):
            self.draw()

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, Sending):
            self._moving[event.letter] = event.done, event.total
        if isinstance(event, OutboxChanged | Sent | Sending | Bounced | Connection):
            self.draw()

    def lines(self) -> Sequence[tuple[str, Content]]:
        waiting, sent = self.app.mail.outbox(), self.app.mail.sent_lately()
        lines = [self._line(letter) for letter in waiting]
        if sent:
            lines.append(("", Content.assemble(("Sent in the last days", "bold $muted"))))
            lines += [self._line(letter) for letter in sent]
        return lines

    def _line(self, letter: Waiting) -> tuple[str, Content]:
        style = "$error" if letter.state in _WRONG else "$muted" if letter.state == "done" else ""
        subject = "" if letter.state == "done" else "bold"
        return str(letter.id), Content.assemble(
            (letter.subject or "(no subject)", subject),
            (f"  to {', '.join(letter.recipients)}\n", "$muted"),
            (self._words(letter), style),
        )

    def _words(self, letter: Waiting) -> str:
        if letter.state == "sending" and letter.id in self._moving:
            done, total = self._moving[letter.id]
            filled = done * _BAR // max(total, 1)
            return f"on its way  {'█' * filled}{'░' * (_BAR - filled)}  {done * 100 // max(total, 1)} %"
        online = self.app.mail.connection(letter.account).state == "online"
        words = standing(letter, self.app.clock(), online=online)
        if letter.state == "refused" and letter.refused and letter.others:
            words += f" {self.app.keymap.shown('outbox.others')} sends it to the others."
        return words

    def _letter(self) -> Waiting | None:
        letters = (*self.app.mail.outbox(), *self.app.mail.sent_lately())
        return next((letter for letter in letters if str(letter.id) == self.current), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in _FITTING and self.is_mounted:
            letter = self._letter()
            if letter is None or letter.state not in _FITTING[action]:
                return None
            return True if action != "others" or (letter.refused and letter.others) else None
        return super().check_action(action, parameters)

    def reason(self, action: str) -> str:
        """Why an action is dim, for the palette."""
        return "not with this letter as it stands" if action in _FITTING else ""

    @on(OptionList.OptionSelected)
    def open_letter(self) -> None:
        if self.check_action("edit", ()):
            self.action_edit()
        elif self.check_action("dialogue", ()):
            self.action_dialogue()

    def action_retry(self) -> None:
        if (letter := self._letter()) is not None:
            self.app.mail.retry(letter.id)
            self.draw()

    @asking("letter")
    async def action_others(self) -> None:
        if (letter := self._letter()) is not None:
            await self._send_to_others(letter)

    async def _send_to_others(self, letter: Waiting) -> None:
        await answer(self.app.mail.send_to_others(letter.id))
        self.app.said(f"It goes to {', '.join(letter.others)}.")
        self.draw()

    @asking("letter")
    async def action_later(self) -> None:
        letter = self._letter()
        if letter is None:
            return
        due = await self.app.push_screen_wait(WhenDialog("When shall it go?", self.app.clock))
        if due is not None:
            await answer(self.app.mail.reschedule(letter.id, due))
            self.app.said(f"It goes out {spoken(due, self.app.clock())}, when tui-mail runs.")
            self.draw()

    @asking("letter")
    async def action_call_back(self) -> None:
        if (letter := self._letter()) is not None:
            await answer(self.app.mail.unsend(letter.id))
            self.app.said("It is a draft again.")
            self.draw()

    @asking("begin letter")
    async def action_edit(self) -> None:
        letter = self._letter()
        if letter is None:
            return
        if letter.refused and letter.others:
            match await self.app.push_screen_wait(refusal(letter)):
                case "o":
                    await self._send_to_others(letter)
                    return
                case "e":
                    pass
                case _:
                    return
        draft = await self._take_back(letter)
        if letter.state == "refused":
            self.app.refusals[draft.id] = letter.refused
        self.write(draft)

    def action_dialogue(self) -> None:
        if (letter := self._letter()) is not None:
            self.app.push_screen(DialogueScreen(letter))

    @asking("letter")
    async def action_discard(self) -> None:
        letter = self._letter()
        if letter is None:
            return
        if letter.state == "bounced":
            self.app.mail.acknowledge(letter.id)
            self.app.said("You know that it came back.")
            return
        draft = await self._take_back(letter)
        self.app.mail.discard(draft.id)
        self.app.said("Discarded the letter.")
        self.draw()

    async def _take_back(self, letter: Waiting) -> Draft:
        mail = self.app.mail
        return await answer(mail.unsend(letter.id) if letter.state == "waiting" else mail.edit_again(letter.id))


def refusal(letter: Waiting) -> Question:
    """Some were refused: to the others, or back into the composer?"""
    said = "\n".join(f"{address}: {words}" for address, words in letter.refused)
    return Question(
        f"{len(letter.refused)} of {len(letter.recipients)} recipients refused",
        f"{said}\n\nNothing was sent. Send it to {', '.join(letter.others)} alone, or change the letter?",
        [Choice("o", "Send to the others"), Choice("e", "Edit", strong=True), Choice("b", "Back")],
    )
