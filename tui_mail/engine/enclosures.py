"""The octets of a file that goes along: all of it or a sentence, and never a wait without an end."""

from __future__ import annotations

import os
import stat

from tui_mail.model.errors import BadInput

LARGEST = 256_000_000
"""Octets of one file; servers stop far below, and it is held in memory."""


def octets_of(path: str, name: str) -> bytes:
    """What the file holds now. Raises BadInput: gone, no file (a pipe has no end), unreadable, or too large."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise BadInput(f"{name or path} cannot be sent along: it is not a file.")
            if facts.st_size > LARGEST:
                raise BadInput(f"{name or path} is larger than {LARGEST // 1_000_000} MB, which no server takes.")
            octets = file.read(facts.st_size + 1)
    except OSError as error:
        raise BadInput(f"{name or path} cannot be read: {error.strerror}.") from error
    if len(octets) != facts.st_size:
        raise BadInput(f"{name or path} is being written; it was not sent.", remedy="Send it again when it is done.")
    return octets
