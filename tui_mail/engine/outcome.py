"""What a failed hand-over means for a letter: tried again, refused until the person decides, or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui_mail.model.errors import (
    AuthFailed,
    BadAddress,
    BadInput,
    MailError,
    Offline,
    RecipientsRefused,
    Refused,
    TlsFailed,
    Uncertain,
    Unsupported,
)

DELAYS = (10.0, 30.0, 60.0, 300.0, 900.0)
"""Seconds until a letter that could not be handed over is tried again; the last one again and again."""
_AFTER_AUTH = 3600.0
"""The same after a refused login: asked more often, servers lock the account."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a letter's row."""

    state: str
    why: str = ""
    pause: float | None = None
    """Seconds until it is tried again; None where it is not."""
    refused: Mapping[str, str] | None = None
    """Recipients that the server would not take, with its words."""


def outcome_of(error: MailError, tries: int) -> Outcome:
    """Where a failure leaves a letter that was begun `tries` times."""
    again = DELAYS[min(max(tries, 1), len(DELAYS)) - 1]
    match error:
        case Uncertain():
            return Outcome("unknown", str(error))
        case RecipientsRefused():
            state, pause = ("refused", None) if error.permanent else ("waiting", again)
            return Outcome(state, str(error), pause, error.refused)
        case Refused() if not error.permanent:
            return Outcome("waiting", str(error), again)
        case AuthFailed():
            return Outcome("waiting", str(error), _AFTER_AUTH)  # the next login that succeeds sends it at once
        case Offline() | TlsFailed():
            return Outcome("waiting", str(error), again)
        case Refused() | Unsupported() | BadAddress() | BadInput() | _:
            return Outcome("refused", str(error))
