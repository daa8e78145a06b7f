"""Letters that are not out yet: drafts to write on, and the outbox with what became of each."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.model.draft import Draft, Waiting
from tui_mail.model.event import Event, OutboxChanged, Sent

from ..bridge import MailScreen, answer, asking
from ..widgets.key_bar import KeyBar
from ..widgets.message_row import short_date

STATES = {
    "waiting": "waits",
    "sending": "on its way",
    "sent": "sent; its copy is still to be filed",
    "refused": "refused",
    "unknown": "may have gone out",
}


class Letters(MailScreen):
    """A short list of letters; Enter writes on. `chosen_draft` is the letter to write on after it closed."""

    BINDINGS = [
        Binding("escape,q", "leave", "Back", id="outbox.back", tooltip="Back to the messages"),
        Binding("j", "down", "Down", id="list.down", tooltip="Next letter", show=False),
        Binding("k", "up", "Up", id="list.up", tooltip="Letter above", show=False),
    ]
    DEFAULT_CSS = """
    Letters > #letters { height: 1fr; }
    Letters > #nothing { height: 1fr; content-align: center middle; display: none; }
    """
    HEADING = "Letters"
    NOTHING = "Nothing waits here."

    def __init__(self) -> None:
        super().__init__()
        self.chosen_draft: Draft | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble((self.HEADING, "bold")), id="title")
        yield OptionList(id="letters", markup=False)
        yield Static(Content(self.NOTHING), id="nothing")
        yield KeyBar()

    def on_mount(self) -> None:
        self.draw()
        self.query_one(OptionList).focus()

    def lines(self) -> Sequence[tuple[str, Content]]:
        """(id, what is shown) of each letter."""
        raise NotImplementedError

    def draw(self) -> None:
        """Reads the letters again; the cursor stays on its letter."""
        box = self.query_one(OptionList)
        here = self.current
        lines = self.lines()
        box.set_options(one for id, text in lines for one in (Option(text, id=id), None))
        box.display, self.query_one("#nothing").display = bool(lines), not lines
        at = next((n for n, (id, _) in enumerate(lines) if id == here), 0)
        box.highlighted = at if lines else None
        self.refresh_bindings()

    @property
    def current(self) -> str:
        """The id of the letter under the cursor, or empty."""
        box = self.query_one(OptionList)
        if box.highlighted is None:
            return ""
        return box.get_option_at_index(box.highlighted).id or ""

    @on(OptionList.OptionHighlighted)
    def moved(self) -> None:
        self.refresh_bindings()

    def action_leave(self) -> None:
        self.dismiss()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def write(self, draft: Draft) -> None:
        self.chosen_draft = draft
        self.dismiss()


class DraftsScreen(Letters):
    """The letters that were begun here, newest first."""

    BINDINGS = [
        Binding(
            "d,delete", "discard", "Discard", id="outbox.discard", tooltip="Throw the letter away; z brings it back"
        ),
        Binding("z", "recover", "Undo", id="message.undo", tooltip="Bring the discarded letter back"),
    ]
    HEADING = "Unfinished letters"
    NOTHING = "No letter is unfinished.\n\nWhat you write is kept here by itself until it is sent."

    def __init__(self) -> None:
        super().__init__()
        self._discarded: list[Draft] = []

    def lines(self) -> Sequence[tuple[str, Content]]:
        now = self.app.clock()
        return [
            (
                str(draft.id),
                Content.assemble(
                    (draft.subject or "(no subject)", "bold"),
                    (f"  {draft.to or 'to nobody yet'}  {short_date(int(draft.changed), now)}\n", "$muted"),
                    " ".join(draft.body.split())[:200] or "(nothing written yet)",
                ),
            )
            for draft in self.app.mail.drafts()
        ]

    def _draft(self) -> Draft | None:
        return next((draft for draft in self.app.mail.drafts() if draft.id == self.current), None)

    @on(OptionList.OptionSelected)
    def write_on_it(self) -> None:
        if (draft := self._draft()) is not None:
            self.write(draft)

    def action_discard(self) -> None:
        if (draft := self._draft()) is not None:
            self.app.mail.discard(draft.id)
            self._discarded.append(draft)
            self.draw()
            self.app.said("Discarded the letter.", undo=True)

    def action_recover(self) -> None:
        if self._discarded:
            self.app.mail.recover(self._discarded.pop().id)
            self.draw()
            self.app.said("The letter is back.")


class OutboxScreen(Letters):
    """The letters that wait, with what became of each and what can be done about it."""

    BINDINGS = [
        Binding("r", "retry", "Send again", id="outbox.retry", tooltip="Try a refused or uncertain letter again"),
        Binding("u", "call_back", "Call back", id="outbox.call-back", tooltip="Do not send it; it is a draft again"),
        Binding("e", "edit", "Edit again", id="outbox.edit", tooltip="Back into the composer"),
        Binding("d,delete", "discard", "Discard", id="outbox.discard", tooltip="Do not send it, and throw it away"),
    ]
    HEADING = "Outbox"
    NOTHING = (
        "Nothing waits to go out.\n\nLetters stand here while they can be called back,\n"
        "and until there is a connection."
    )

    def heard(self, event: Event) -> None:
        super().heard(event)
        if isinstance(event, OutboxChanged | Sent):
            self.draw()

    def lines(self) -> Sequence[tuple[str, Content]]:
        now = self.app.clock()
        return [
            (
                str(letter.id),
                Content.assemble(
                    (letter.subject or "(no subject)", "bold"),
                    (f"  to {', '.join(letter.recipients)}\n", "$muted"),
                    (state_words(letter, now), "$error" if letter.state in ("refused", "unknown") else ""),
                ),
            )
            for letter in self.app.mail.outbox()
        ]

    def _letter(self) -> Waiting | None:
        return next((letter for letter in self.app.mail.outbox() if str(letter.id) == self.current), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("retry", "call_back", "edit", "discard") and self.is_mounted:
            letter = self._letter()
            fitting = {
                "retry": ("refused", "unknown"),
                "call_back": ("waiting",),
                "edit": ("waiting", "refused", "unknown"),
                "discard": ("waiting", "refused", "unknown"),
            }[action]
            return True if letter is not None and letter.state in fitting else None
        return super().check_action(action, parameters)

    @on(OptionList.OptionSelected)
    def selected(self) -> None:
        if self.check_action("edit", ()):
            self.action_edit()

    def action_retry(self) -> None:
        if (letter := self._letter()) is not None:
            self.app.mail.retry(letter.id)
            self.draw()

    @asking("letter")
    async def action_call_back(self) -> None:
        if (letter := self._letter()) is not None:
            await answer(self.app.mail.unsend(letter.id))
            self.app.said("It is a draft again.")
            self.draw()

    @asking("letter")
    async def action_edit(self) -> None:
        if (letter := self._letter()) is not None:
            self.write(await self._take_back(letter))

    @asking("letter")
    async def action_discard(self) -> None:
        if (letter := self._letter()) is not None:
            draft = await self._take_back(letter)
            self.app.mail.discard(draft.id)
            self.app.said("Discarded the letter.")
            self.draw()

    async def _take_back(self, letter: Waiting) -> Draft:
        mail = self.app.mail
        return await answer(mail.unsend(letter.id) if letter.state == "waiting" else mail.edit_again(letter.id))


def state_words(letter: Waiting, now: float) -> str:
    """What became of a letter, in a line."""
    words = STATES.get(letter.state, letter.state)
    if letter.state == "waiting" and letter.due > now + 0.5:
        seconds = math.ceil(letter.due - now)
        words = f"goes out in {seconds} s" if seconds < 3600 else f"goes out {short_date(int(letter.due), now)}"
    return f"{words}: {letter.why}" if letter.why else words
