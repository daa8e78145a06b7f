"""Pictures of the web that a letter shows, fetched because the person said so: bounded in number, size and time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from tui_mail.backend.web import Web
from tui_mail.model.errors import MailError

from .probe import alone

MOST = 40
LARGEST = 5_000_000
"""Octets of one picture."""
LARGEST_OF_ALL = 30_000_000
LONGEST = 45.0
"""Seconds for all of them."""

Fetched = tuple[str, bytes, str]
"""The address, the octets, and why there are none (empty where there are)."""


def fetch(web: Web, urls: Sequence[str], tell: Callable[[int, int], None]) -> Future[list[Fetched]]:
    """In the order asked, on a thread of its own; `tell` hears how many are done. Failures are entries, no errors."""
    future: list[Future[list[Fetched]]] = []
    wanted = list(dict.fromkeys(urls))[:MOST]

    def job() -> list[Fetched]:
        end = time.monotonic() + LONGEST
        left = LARGEST_OF_ALL
        found: list[Fetched] = []
        for number, url in enumerate(wanted, 1):
            if future and future[0].cancelled():
                break
            if time.monotonic() > end or left <= 0:
                found.append((url, b"", "It was too much to fetch all of them."))
                continue
            try:
                octets = web.get(url, min(LARGEST, left)).octets
                found.append((url, octets, ""))
                left -= len(octets)
            except MailError as error:
                found.append((url, b"", str(error)))
            tell(number, len(wanted))
        return found

    future.append(alone(job))
    return future[0]
