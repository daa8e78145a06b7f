"""Certificates that nobody vouches for: looked at when the person wants to, and trusted when they say so."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Literal

from tui_mail.config.exceptions import Exceptions
from tui_mail.config.settings import Server
from tui_mail.model.certificate import Certificate

from .probe import alone

Protocol = Literal["imap", "smtp"]


class Doubts:
    """What takes time is a Future, on a thread of its own."""

    def __init__(self, exceptions: Exceptions, look: Callable[[Server, Protocol], Certificate]) -> None:
        self._exceptions = exceptions
        self._look = look

    def look(self, server: Server, protocol: Protocol) -> Future[Certificate]:
        """The certificate that is shown there now; nothing secret is sent. Raises Offline and TlsFailed."""
        return alone(lambda: self._look(server, protocol))

    def trust(self, server: Server, certificate: Certificate) -> Future[None]:
        """Just this one is taken at that host and port from now on, also by the next connection of this run.

        Raises StorageFailed.
        """
        return alone(lambda: self._exceptions.trust(server, certificate.sha256))
