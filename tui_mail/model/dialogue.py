"""What was said between this program and a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a dialogue, secrets masked, not yet cleaned."""

    number: int
    """Rises over all dialogues, in the order in which the lines were said."""
    at: float
    """Seconds since 1970 UTC."""
    account: str
    protocol: str
    """`IMAP` or `SMTP`."""
    line: int
    """Which connection of the account, from 1."""
    way: str
    """`→` ours, `←` the server's, `·` a note."""
    text: str
