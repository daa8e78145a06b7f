"""The last look before a letter goes: who gets it, what goes along, and what may have been forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_mail.model.address import Address, parse_list
from tui_mail.model.draft import Draft
from tui_mail.model.operation import count

from ..widgets.attachment_strip import size_words
from ..widgets.enclosure_list import enclosure_name

_ATTACHED = re.compile(
    r"\b(?:attach(?:ed|ment|ments|ing)?|enclosed|(?:im |beigefügten? )?anhang|anbei|angehängt|anlage|beigefügt"
    r"|ci-joint|pi[eè]ces? jointes?|adjunt[oa]s?|adjunto|allegat[oi]|in allegato|bijlage|vedlagt|bifogad)\b",
    re.I,
)
_MANY = 10
_HEAVY = 20_000_000
"""Octets that many servers refuse once they are encoded."""


def warnings(draft: Draft) -> list[str]:
    """What may have been forgotten, each a sentence; none of it stops anybody."""
    found = []
    if not draft.subject.strip():
        found.append("There is no subject.")
    own = list(_own_lines(draft.body))
    if not any(line.strip() for line in own) and not draft.forwards:
        found.append("There is no text.")
    if not draft.enclosures and (word := next((m[0] for m in map(_ATTACHED.search, own) if m), "")):
        found.append(f"It says “{word}”, but nothing is attached.")
    if (people := len(recipients(draft))) > _MANY:
        found.append(f"It goes to {count(people, 'person').replace('persons', 'people')}.")
    if (total := sum(one.size for one in draft.enclosures)) > _HEAVY:
        found.append(f"{size_words(total)} of attachments: many servers refuse that much.")
    return found


def recipients(draft: Draft) -> tuple[Address, ...]:
    """Everybody it goes to, once each."""
    people = {one.key: one for field in (draft.to, draft.cc, draft.bcc) for one in parse_list(field) if one.email}
    return tuple(people.values())


def _own_lines(body: str) -> Iterable[str]:
    """What the writer wrote: no quotes nor the line that leads them in, no signature, no forwarded letter."""
    before = ""
    for line in body.split("\n"):
        if line.rstrip() == "--" or line.startswith(("-----", "---------- ")):
            break
        if line.startswith(">"):
            before = "" if before.rstrip().endswith(":") else before
        else:
            yield before
            before = line
    yield before


class Review(ModalScreen[bool]):
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

    def __init__(self, draft: Draft, sender: Address) -> None:
        super().__init__()
        self._draft = draft
        self._sender = sender

    def compose(self) -> ComposeResult:
        draft = self._draft
        with Vertical(classes="dialog"):
            yield Static(Content("Send this letter?"), classes="heading")
            with VerticalScroll(can_focus=False):
                yield Static(self._summary())
                if found := warnings(draft):
                    yield Static(Content("\n".join(f"! {sentence}" for sentence in found)), classes="warning")
            yield Static(
                Content.assemble(("Enter", "bold"), " sends   ", ("Esc", "bold"), " goes on writing"), classes="ways"
            )

    def _summary(self) -> Content:
        draft = self._draft
        rows = [("From", str(self._sender))]
        for name, field in (("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc)):
            if people := [str(one) for one in parse_list(field)]:
                rows.append((name, "\n".join(people)))
        rows.append(("Subject", draft.subject or "(none)"))
        if draft.enclosures:
            rows.append(
                ("Files", "\n".join(f"{enclosure_name(one)}  {size_words(one.size)}" for one in draft.enclosures))
            )
        words = len(" ".join(_own_lines(draft.body)).split())
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
