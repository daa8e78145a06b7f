"""The composer: fields, text and files of one letter, kept on disk with every change."""

from __future__ import annotations

import time
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui_mail.model import template
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft

from ..bridge import answer, asking
from ..screens.dialogs import Choice, Question
from ..screens.review import Review
from ..senders import Sender, of, resigned, senders, written_from
from ..widgets.address_input import AddressInput
from ..widgets.enclosure_list import EnclosureList
from ..widgets.field import Field
from ..widgets.find_bar import FindBar
from ..widgets.letter_body import LetterBody
from ..widgets.line_input import LineInput
from ..widgets.margin import Margin
from ..widgets.sender_field import SenderField
from .editing import Editing
from .enclosing import Enclosing
from .remembering import Remembering
from .sending import Sending, Why
from .wording import Wording

_LOW = 18
"""Lines below which empty Cc and Bcc fold away."""


class ComposePane(Sending, Enclosing, Wording, Editing, Remembering):
    """Writes one draft. Posts `Closed` when it is done with; whoever hosts it takes it away then."""

    DEFAULT_CSS = """
    ComposePane { layer: composer; width: 100%; height: 100%; }
    ComposePane.-beside { layer: default; width: 50%; max-width: 100; }
    ComposePane { padding: 0 1; }
    ComposePane > .heading { height: 1; text-style: bold; text-wrap: nowrap; }
    ComposePane > EnclosureList { margin: 0 0 0 9; }
    ComposePane > LetterBody {
        height: 1fr; margin: 1 0 0 0; padding: 0; scrollbar-size-vertical: 1;
    }
    ComposePane.-low > LetterBody { margin: 0; }
    ComposePane.-low > .-optional.-empty { display: none; }
    ComposePane.-low > .-optional.-open, ComposePane.-low > .-optional:focus-within { display: block; }
    """
    BINDINGS = [
        Binding("ctrl+r", "review", "Review", id="compose.review", tooltip="Look it over; Enter then sends"),
        Binding("escape", "keep", "Keep and close", id="compose.keep", tooltip="Keep the draft and close the composer"),
        Binding("ctrl+g", "discard", "Discard", id="compose.discard", tooltip="Throw the draft away; asks first"),
        Binding("tab,down", "field(1)", "Next field", id="compose.next", show=False, tooltip="To the next field"),
        Binding(
            "shift+tab,up", "field(-1)", "Field before", id="compose.previous", show=False, tooltip="Back to a field"
        ),
    ]

    class Closed(Message):
        """The composer is done: `why` says how."""

        def __init__(self, pane: ComposePane, why: Why) -> None:
            super().__init__()
            self.pane = pane
            self.draft = pane.draft
            self.why = why

    def __init__(self, draft: Draft, *, id: str | None = None) -> None:
        super().__init__(draft, id=id)
        self._last: Widget | None = None
        self._place = (1, 1)
        self.opened = time.monotonic()
        """When this composer came up; only its order among others means something."""

    # what is shown

    def compose(self) -> ComposeResult:
        draft = self.draft
        lookup = self.app.mail.contacts.suggest
        yield Static(classes="heading")
        yield Field("From", SenderField([(one.key, one.address) for one in self._senders], self._sender.key, id="from"))
        yield Field("To", AddressInput(draft.to, lookup=lookup, id="to"))
        yield Field("Cc", AddressInput(draft.cc, lookup=lookup, id="cc"), classes="-optional")
        yield Field("Bcc", AddressInput(draft.bcc, lookup=lookup, id="bcc"), classes="-optional")
        yield Field("Subject", LineInput(draft.subject, id="subject"))
        yield EnclosureList(id="enclosures")
        yield LetterBody(draft.body, id="body")
        yield FindBar()
        yield Margin()

    def on_mount(self) -> None:
        self.enclosures.show(self.draft.enclosures)
        self._fold()
        self.retitle()
        self.begin_wording()
        self.call_after_refresh(self.show_refusals)  # after the fields have said that they hold what they were given
        self.begin_remembering()
        self.focus_first()
        self.offer_left_behind()

    def retitle(self) -> None:
        """What kind of letter it is, and which of several."""
        number, count = self._place
        several = f"  {number} of {count}" if count > 1 else ""
        form = "  Markdown" if self.draft.markdown else ""
        sealed = f"  {self.protection}" if self.protection else ""
        self.query_one(".heading", Static).update(
            Content.assemble(heading(self.draft), (sealed, "$accent"), (f"{form}{several}", "$muted"))
        )

    def stands(self, number: int, count: int) -> None:
        """Which of how many letters that are being written this one is."""
        self._place = number, count
        if self.is_mounted:
            self.retitle()

    def focus_first(self) -> None:
        """Where writing goes on: the last place, else the first field that waits for something."""
        draft = self.draft
        if self._last is not None and self._last.focusable:
            self._last.focus()
        elif not draft.to:
            self.query_one("#to").focus()
        elif not draft.subject:
            self.query_one("#subject").focus()
        else:
            self.body.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._last = event.widget

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(self.size.height < _LOW, "-low")

    @property
    def _senders(self) -> tuple[Sender, ...]:
        """Who the letter may be from, the one it is from as it stands in the draft."""
        known = senders(self.app.mail.accounts())
        now = of(self.draft, known)
        return tuple(now if now is not None and one.key == now.key else one for one in known)

    @property
    def _sender(self) -> Sender:
        now = of(self.draft, senders(self.app.mail.accounts()))
        return now or Sender("", self.draft.account, Address("", self.draft.account), "", "", True)

    def _fold(self) -> None:
        for name in ("cc", "bcc"):
            field = self.query_one(f"#{name}", AddressInput)
            self.field(field).set_class(not field.value.strip(), "-empty")

    def field(self, control: Widget) -> Field:
        return next(node for node in control.ancestors if isinstance(node, Field))

    # every change is kept

    @on(Input.Changed, "#to, #cc, #bcc, #subject")
    @on(TextArea.Changed)
    def keep_change(self) -> None:
        self.take(
            replace(
                self.draft,
                to=self.query_one("#to", AddressInput).value,
                cc=self.query_one("#cc", AddressInput).value,
                bcc=self.query_one("#bcc", AddressInput).value,
                subject=self.query_one("#subject", LineInput).value,
                body=self.body.text,
            )
        )

    @on(SenderField.Changed)
    def keep_sender(self, event: SenderField.Changed) -> None:
        """Another address: its signature takes the place of the other one's, where that stands untouched."""
        known = {one.key: one for one in senders(self.app.mail.accounts())}
        before, now = known.get(event.before), known[event.now]
        self.take(written_from(self.draft, now))
        self.body.put(resigned(self.body.text, before.signature if before else "", now.signature))

    def show(self, draft: Draft) -> None:
        """Other contents of the same letter, in every field; one ^Z in the text takes its change back."""
        self.take(draft)
        for name in ("to", "cc", "bcc", "subject"):
            self.query_one(f"#{name}", LineInput).value = getattr(draft, name)
        self.body.put(draft.body)
        self.enclosures.show(draft.enclosures)
        self.query_one(SenderField).account = self._sender.key
        for field in self.query(AddressInput):
            self.field(field).say(field.trouble())
        self._fold()

    # addresses are looked at when a field is left

    @on(Input.Blurred, "AddressInput")
    def check_field(self, event: Input.Blurred) -> None:
        if isinstance(event.input, AddressInput):
            self.field(event.input).say(event.input.trouble())
            self._fold()
            self._fill_in()

    def _fill_in(self) -> None:
        """A letter from a template: its fields, as far as they are known now."""
        if self.draft.is_template:
            today = time.strftime("%x", time.localtime(self.app.clock()))
            filled = template.fill(self.draft, self._sender.address, today)
            if filled != self.draft:
                self.show(filled)

    @on(Input.Changed, "AddressInput")
    def check_again(self, event: Input.Changed) -> None:
        field = self.field(event.input)
        if field.query_one(".trouble").display and isinstance(event.input, AddressInput):
            field.say(event.input.trouble())

    @on(AddressInput.Sought)
    @asking("look-up", exclusive=True)
    async def look_up(self, event: AddressInput.Sought) -> None:
        """Asks the address book program, where one is configured; what it knows comes when it comes."""
        found = await answer(self.app.mail.contacts.look_up(event.typed))
        event.field.offer(event.typed, found)

    @on(Input.Submitted, "#to, #cc, #bcc, #subject")
    def go_on(self) -> None:
        self.action_field(1)

    def action_field(self, way: int) -> None:
        """To the next or last field of this letter, folded ones too."""
        stops = [self.query_one(f"#{name}") for name in ("from", "to", "cc", "bcc", "subject", "enclosures", "body")]
        here = next((at for at, stop in enumerate(stops) if stop.has_focus), 0)
        for step in range(1, len(stops) + 1):
            stop = stops[(here + way * step) % len(stops)]
            if stop.can_focus and (stop.id != "enclosures" or self.draft.enclosures):
                if stop.id in ("cc", "bcc"):
                    self.field(stop).add_class("-open")
                stop.focus()
                return

    def trouble(self) -> bool:
        """Shows what keeps the letter from going, at its field; False where nothing does."""
        for name in ("bcc", "cc", "to"):
            field = self.query_one(f"#{name}", AddressInput)
            words = field.trouble()
            if name == "to" and not words and not self.draft.recipients:
                words = "Who is it for?"
            self.field(field).say(words)
            if words:
                self.field(field).add_class("-open")
                field.focus()
        return any(line.display for line in self.query(".trouble"))

    # the ways out

    @asking("begin compose", exclusive=True)
    async def action_review(self) -> None:
        if not self.trouble() and await self.app.push_screen_wait(
            Review(self.draft, self._sender.address, self.remarks(), self.protection)
        ):
            self.send()

    def close(self, why: Why) -> None:
        self.app.leaves(self)
        self.post_message(self.Closed(self, why))

    def action_keep(self) -> None:
        if not self.is_touched:
            self.close("untouched")
        elif self.draft.is_empty:
            self.app.mail.discard(self.draft.id)
            self.close("untouched")
        else:
            self.app.mail.keep(self.draft)
            self.paused()
            self.close("kept")

    @asking("begin compose", exclusive=True)
    async def action_discard(self) -> None:
        if self.is_touched and not self.draft.is_empty:
            choices = (Choice("k", "Keep", strong=True), Choice("d", "Discard"), Choice("b", "Back"))
            text = "Keep it among the drafts, throw it away, or go back to writing?"
            match await self.app.push_screen_wait(Question("Discard this letter?", text, choices)):
                case "k":
                    self.action_keep()
                    return
                case "d":
                    pass
                case _:
                    return
        self.thrown_away()

    def thrown_away(self) -> None:
        self.app.mail.discard(self.draft.id)
        self.paused()
        self.close("discarded")


def heading(draft: Draft) -> str:
    if draft.forwards:
        return "Forward"
    return "Reply" if draft.answers or draft.in_reply_to else "New letter"
