"""Letters that are not out yet: a short list of them, and the drafts to write on."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_mail.model.draft import Draft

from ..bridge import MailScreen
from ..widgets.key_bar import KeyBar
from ..widgets.message_row import short_date


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
        """(id, what is shown) of each letter; a line without an id is a heading."""
        raise NotImplementedError

    def draw(self) -> None:
        """Reads the letters again; the cursor stays on its letter."""
        box = self.query_one(OptionList)
        here = self.current
        lines = self.lines()
        box.set_options(one for id, text in lines for one in (Option(text, id=id or None, disabled=not id), None))
        box.display, self.query_one("#nothing").display = bool(lines), not lines
        first = next((n for n, (id, _) in enumerate(lines) if id), None)
        box.highlighted = next((n for n, (id, _) in enumerate(lines) if id and id == here), first)
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
