"""How a row of the index becomes the row of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tui_mail.model.address import Address
from tui_mail.model.message import Summary
from tui_mail.model.operation import Spot, Step

from .arrivals import unpack_addresses
from .flags import unpack
from .overlay import believe

ROW = (
    "id, account, folder, sender_name, sender_email, recipients, subject, date, size, flags, words, attachment,"
    " message_id, thread, snippet, held, note"
)


def summary(row: tuple[Any, ...], steps: Iterable[Step]) -> Summary:
    """The columns of ROW, with the pending steps of that message applied."""
    id, account, folder, name, email, recipients, subject, date, size, bits, words, attached, *rest = row
    flags = unpack(bits, words)
    if steps:
        after = believe(Spot(id, folder, flags), steps)
        folder, flags = after.folder, after.flags
    message_id, thread, snippet, held, note = rest
    return Summary(
        *(id, account, folder, Address(name, email), unpack_addresses(recipients), subject, date, size, flags),
        *(bool(attached), message_id, thread, snippet, bool(held), note),
    )
