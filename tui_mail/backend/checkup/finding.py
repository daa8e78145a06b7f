"""What one step of a check showed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui_mail.model.errors import AuthFailed, MailError

State = Literal["right", "note", "wrong"]
Line = tuple[str, str]
"""Of a dialogue: direction and text."""
PATIENCE = 12.0
"""Seconds that a server may be silent while it is checked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one step showed."""

    step: str
    state: State
    text: str
    remedy: str = ""


def wrong(step: str, error: MailError) -> Finding:
    """Where the step ended in an error, with what can be done about it."""
    usual = "Check user and password; many providers want an app password, made in their web mail."
    return Finding(step, "wrong", error.text, error.remedy or (usual if isinstance(error, AuthFailed) else ""))
