"""A line to a server on which every answer is said otherwise than the server said it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType

from tests.sink import shut
from tui_mail.backend.imap.reader import Reader

Say = Callable[[bytes], bytes]
"""One whole response, its literals inline, as it is to be said."""


class Dialect:
    """Listens on loopback until it is left; what the client says goes on to the server's `port` as it is."""

    def __init__(self, port: int, say: Say) -> None:
        self._target = port
        self._say = say
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ends: list[socket.socket] = [self._listener]
        self.bent = 0
        """Responses that were said otherwise."""

    def __enter__(self) -> Dialect:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            shut(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the test is over
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target), 5)
                server.settimeout(None)
                self._ends += [client, server]
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):  # one side is gone, so the line is
            while octets := client.recv(65536):
                server.sendall(octets)
        shut(server)

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        reader = Reader()
        with contextlib.suppress(OSError):
            while octets := server.recv(65536):
                reader.feed(octets)
                while (frame := reader.next()) is not None:
                    said = frame.wire()
                    other = self._say(said)
                    self.bent += said != other
                    client.sendall(other)
        shut(client)
