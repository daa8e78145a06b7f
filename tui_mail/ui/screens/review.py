"""The last look before a letter goes: who gets it, what goes along, and what may have been forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_mail.model.address import Address, parse_list
from tui_mail.model.draft import Draft
from tui_mail.model.lint import Remark, own_lines
from tui_mail.model.operation import count

from ..once import Modal
from ..widgets.attachment_strip import size_words
from ..widgets.enclosure_list import enclosure_name


class Review(Modal[bool]):
    """Answers True where the letter shall go."""

    DEFAULT_CSS = """
    Review { align: center middle; }
    Review > .dialog { width: 76; max-width: 95%; height: auto; max-height: 90%;
        padding: 1 2; }
    Review VerticalScroll { height: auto; max-height: 1fr; }
    Review Static { height: auto; }
    Review .heading { text-style: bold; margin: 0 0 1 0; }
    Review .warning { margin: 1 0 0 0; }
    Review .ways { margin: 1 0 0 0; }
    """
    BINDINGS = [
        Binding("enter,ctrl+r", "send", "Send", id="compose.confirm", tooltip="Send it now"),
        Binding("escape,q", "back", "Back", id="compose.back", tooltip="Go on writing"),
    ]

    def __init__(self, draft: Draft, sender: Address, remarks: Sequence[Remark], protection: str = "") -> None:
        super().__init__()
        self._draft = draft
        self._sender = sender
        self._remarks = remarks
        self._protection = protection

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Send this letter?"), classes="heading")
            with VerticalScroll(can_focus=False):
                yield Static(self._summary())
                if self._remarks:
                    words = "\n".join(f"! {remark.text}" for remark in self._remarks)
                    yield Static(Content(words), classes="warning")
            yield Static(
                Content.assemble(("Enter", "bold"), " sends   ", ("Esc", "bold"), " goes on writing"), classes="ways"
            )

    def _summary(self) -> Content:
        draft = self._draft
        rows = [("From", str(self._sender))]
        for name, field in (("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc)):
            if people := [str(one) for one in parse_list(field)]:
                rows.append((name, "\n".join(people)))
        if draft.reply_to:
            rows.append(("Reply to", draft.reply_to))
        rows.append(("Subject", draft.subject or "(none)"))
        if self._protection:
            rows.append(("Goes", f"{self._protection}; the subject can be read by all"))
        if draft.enclosures:
            rows.append(
                ("Files", "\n".join(f"{enclosure_name(one)}  {size_words(one.size)}" for one in draft.enclosures))
            )
        words = len(" ".join(own_lines(draft.body)).split())
        below = " and the letter below" if draft.forwards else ""
        rows.append(("Text", (count(words, "word") if words or not below else "none of yours") + below))
        pieces = []
        for name, value in rows:
            for number, line in enumerate(value.split("\n")):
                pieces.append(Content.assemble(((name if not number else "").ljust(9), "$muted"), line))
        return Content("\n").join(pieces)

    def action_send(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
