"""What a letter is besides its words, as far as it tells by itself: for somebody who knows nobody in it."""

from __future__ import annotations

from collections.abc import Iterator

from tui_mail.model.errors import NotFound
from tui_mail.model.insight import Card, Familiar, Insight, Invite
from tui_mail.model.message import Attachment, Message

from . import card, invite, report, trust, unsubscribe
from .parse import part

CALENDARS = frozenset({"text/calendar", "application/ics"})
CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})


def insight(raw: bytes, message: Message) -> Insight:
    """Concerns, invitations, cards, a delivery report, ways off a list."""
    return Insight(
        concerns=trust.concerns(message, Familiar()),
        invites=invites(raw, message),
        cards=cards(raw, message),
        report=report.report(raw, message),
        unsubscribe=unsubscribe.ways(message),
    )


def invites(raw: bytes, message: Message) -> tuple[Invite, ...]:
    """Each event once: an invitation often comes as a text and again as a file."""
    found: dict[str, Invite] = {}
    for leaf, octets in _parts(raw, message, CALENDARS):
        for event in invite.invites(octets, leaf.part):
            found.setdefault(event.id, event)
    return tuple(found.values())


def cards(raw: bytes, message: Message) -> tuple[Card, ...]:
    return tuple(one for _, octets in _parts(raw, message, CARDS) for one in card.cards(octets))


def _parts(raw: bytes, message: Message, types: frozenset[str]) -> Iterator[tuple[Attachment, bytes]]:
    for one in message.attachments:
        if one.type in types:
            try:
                yield one, part(raw, one.part)
            except NotFound:
                continue  # `raw` is not all of the letter
