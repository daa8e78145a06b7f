"""Letters that are not out yet: a short list of them, and the drafts to write on."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from tui_mail.model.draft import Draft

from ..widgets.message_row import short_date
from .lines import Lines


class Letters(Lines):
    """A short list of letters; Enter writes on. `chosen_draft` is the letter to write on after it closed."""

    BINDINGS = [Binding("escape,q", "leave", "Back", id="outbox.back", tooltip="Back to the messages")]
    HEADING = "Letters"
    NOTHING = "Nothing waits here."

    def __init__(self) -> None:
        super().__init__()
        self.chosen_draft: Draft | None = None

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
