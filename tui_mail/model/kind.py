"""Who or what writes: a person, a mailing list, or a program that notifies. Told by simple rules from the header."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from .address import Address


class Kind(IntEnum):
    """The values stand in the index."""

    PERSON = 0
    LIST = 1
    NOTIFICATION = 2


_PROGRAMS = re.compile(
    r"(?:.*[-_.+])?(?:(?:no|do[-_.]?not)[-_.]?(?:reply|answer|responder)|notif(?:y|ications?)|alerts?|mailer(?:-daemon)?"
    r"|postmaster|bounces?|newsletters?|news|updates?|info|service|billing|invoices?|receipts?|orders?|shipping|support"
    r"|automat\w*|system|cron|daemon|root|security|account|digest)(?:[-_.+].*)?\Z",
    re.I,
)
"""Local parts that no person has as an address of their own."""


def kind(sender: Address, list_id: str) -> Kind:
    """A list says so itself; a program is known by the address that it writes from."""
    if list_id:
        return Kind.LIST
    return _by_address(sender.email)


@lru_cache(maxsize=4096)
def _by_address(email: str) -> Kind:
    local, _, _ = email.partition("@")
    return Kind.NOTIFICATION if _PROGRAMS.match(local[:64]) else Kind.PERSON
