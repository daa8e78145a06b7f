"""The terminal lent to gpg, which may ask for a passphrase; the screens wait for it as they do for an editor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from textual.app import SuspendNotSupported

from .bridge import MailApp, answer

T = TypeVar("T")


async def lent(app: MailApp, begin: Callable[[], Future[T]]) -> T:
    """What `begin` promises, begun when the terminal is free; a dialog in a window of its own works as well."""
    try:
        with app.suspend():
            sys.stdout.write("tui-mail: gpg is asked; it may want your passphrase …\n")
            sys.stdout.flush()
            promised = begin()
            wait((promised,))  # what it raises is for later: an error in here would leave the screens suspended
    except SuspendNotSupported:
        promised = begin()
    return await answer(promised)
