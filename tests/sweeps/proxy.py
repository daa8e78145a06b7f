"""A line between client and server that fails where it is told to, after so many octets: cut, stalled, slow, or with
words in it that the server never said."""

from __future__ import annotations

import re
import selectors
import socket
import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["cut", "reset", "stall", "slow", "forge"]
_CHUNK = 65_536
_CRUMBS, _PAUSE = 400, 0.003
"""A slow line passes so many octets one by one, with so many seconds between."""
_END_OF_ANSWER = re.compile(rb"(?:^|\n)\S+ (?:OK|NO|BAD)[^\n]*\r\n\Z")
"""Where an answer is over: words that are put in between before that might stand inside somebody's letter."""


@dataclass(slots=True)
class Break:
    """Strikes once: when `octets` more have gone `up` (to the server) or down, over all connections."""

    octets: int
    up: bool
    kind: Kind = "cut"
    words: bytes = b""
    """What a forged answer says: it comes behind a whole answer, and the line goes on."""


class Proxy:
    """Listens on loopback from the start and passes everything on to `port`; counts octets both ways."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.up = 0
        self.down = 0
        self.pieces: list[tuple[bool, int]] = []
        """Of everything that passed: whether it went up, and how many octets had gone that way before."""
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
            struck, allowed = self._count(octets, up=source is client)
            kind = struck.kind if struck is not None else None
            target = server if source is client else client
            target.sendall(octets[:allowed])
            if struck is not None and kind in ("slow", "forge"):
                _dribble(target, octets[allowed:] + struck.words, slowly=kind == "slow")
                continue
            if kind == "stall":
                _wait_for_end(client)
            if kind == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            if kind is not None:
                return False
        return True

    def _count(self, passing: bytes, *, up: bool) -> tuple[Break | None, int]:
        """What breaks within these octets, and how many of them get through before."""
        octets = len(passing)
        with self._lock:
            self.pieces.append((up, self.up if up else self.down))
            if up:
                self.up += octets
            else:
                self.down += octets
            for each in self._breaks:
                if each.up != up:
                    continue
                if each.kind == "forge" and not _END_OF_ANSWER.search(passing):
                    each.octets = max(0, each.octets - octets)
                elif each.octets < octets:
                    self._breaks.remove(each)
                    self.struck.append(each)
                    return each, octets if each.kind == "forge" else each.octets
                else:
                    each.octets -= octets
        return None, octets


def _dribble(target: socket.socket, octets: bytes, *, slowly: bool) -> None:
    pause = threading.Event()
    crumbs = octets[:_CRUMBS] if slowly else b""
    for crumb in crumbs:
        target.sendall(bytes([crumb]))
        pause.wait(_PAUSE)
    target.sendall(octets[len(crumbs) :])


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
