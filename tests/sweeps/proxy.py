"""A line between client and server that breaks where it is told to: cut, stalled or choked, after so many octets."""

from __future__ import annotations

import selectors
import socket
import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["cut", "reset", "stall"]
_CHUNK = 65_536


@dataclass(slots=True)
class Break:
    """Strikes once: when `octets` more have gone `up` (to the server) or down, over all connections."""

    octets: int
    up: bool
    kind: Kind = "cut"


class Proxy:
    """Listens on loopback from the start and passes everything on to `port`; counts octets both ways."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.up = 0
        self.down = 0
        self.struck: list[Break] = []
        self._breaks: list[Break] = []
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, name="proxy-accept", daemon=True).start()

    def break_after(self, *breaks: Break) -> None:
        with self._lock:
            self._breaks += breaks

    def mend(self) -> None:
        """Nothing breaks any more; what is stalled is cut."""
        with self._lock:
            self._breaks.clear()
        self.cut()

    def cut(self) -> None:
        """Ends all connections."""
        with self._lock:
            ends = list(self._open)
        for end in ends:
            _hang_up(end)

    def close(self) -> None:
        _hang_up(self._listener)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), name="proxy-line", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), 5)
        except OSError:
            client.close()
            return
        with client, server, selectors.DefaultSelector() as selector:
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                end.settimeout(None)
                selector.register(end, selectors.EVENT_READ)
            with self._lock:
                self._open |= {client, server}
            try:
                while self._pass_on(selector, client, server):
                    pass
            except OSError:
                pass  # one side is gone, so the line is
            finally:
                with self._lock:
                    self._open -= {client, server}

    def _pass_on(self, selector: selectors.BaseSelector, client: socket.socket, server: socket.socket) -> bool:
        """Everything that is there now; False where the line ends."""
        for key, _ in selector.select():
            source = client if key.fileobj is client else server
            octets = source.recv(_CHUNK)
            if not octets:
                return False
            kind, allowed = self._count(len(octets), up=source is client)
            target = server if source is client else client
            target.sendall(octets[:allowed])
            if kind == "stall":
                _wait_for_end(client)
            if kind == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            if kind is not None:
                return False
        return True

    def _count(self, octets: int, *, up: bool) -> tuple[Kind | None, int]:
        """What breaks within these octets, and how many of them get through."""
        with self._lock:
            if up:
                self.up += octets
            else:
                self.down += octets
            for each in self._breaks:
                if each.up != up:
                    continue
                if each.octets < octets:
                    self._breaks.remove(each)
                    self.struck.append(each)
                    return each.kind, each.octets
                each.octets -= octets
        return None, octets


def _wait_for_end(client: socket.socket) -> None:
    """The line is dead and nobody says so: until the client gives up."""
    client.settimeout(30)
    while client.recv(_CHUNK):
        pass


def _hang_up(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it was over already
