"""One accepted connection: lines and literals in, buffered answers out, with the faults and quirks of the network."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import zlib

from .faults import Faults
from .quirks import Quirks

LINE_LIMIT = 65_536
_CHUNK = 32_768
_SILENCE = 1800.0
"""Seconds after which a silent client is hung up on (RFC 9051 section 5.4)."""
_STUCK = 60.0
"""Seconds that a client may leave our octets unread."""


class HungUp(Exception):
    """The connection is over, whoever ended it."""


class TooLong(Exception):
    """A line longer than LINE_LIMIT."""


class Wire:
    """Used by its session's thread; `wake`, `end` and `say_goodbye` may come from any other."""

    def __init__(self, connection: socket.socket, faults: Faults, quirks: Quirks) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(_STUCK)
        self._socket = connection
        self._faults = faults
        self._split = "split_writes" in quirks
        self._latency = quirks.latency
        self._in = bytearray()
        self._out = bytearray()
        self._ended = threading.Event()
        self._goodbye = b""
        self._bell, self._ringer = socket.socketpair()
        self._ringer.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self.secured = False
        self._packer: zlib._Compress | None = None
        self._unpacker: zlib._Decompress | None = None
        self.cut_next = False
        """The answer to the command in hand never leaves: the connection ends instead."""

    @property
    def has_input(self) -> bool:
        """Octets were read that nobody has asked for yet."""
        return bool(self._in)

    def secure(self, context: ssl.SSLContext) -> None:
        """TLS from here on. Raises HungUp where the client does not manage it."""
        self._selector.unregister(self._socket)
        try:
            self._socket = context.wrap_socket(self._socket, server_side=True)
        except (OSError, ValueError) as error:
            raise HungUp from error
        self._selector.register(self._socket, selectors.EVENT_READ)
        self.secured = True

    def compress(self) -> None:
        """Deflate both ways from here on (RFC 4978); what came already is compressed."""
        self._packer = zlib.compressobj(wbits=-15)
        self._unpacker = zlib.decompressobj(wbits=-15)
        self._in = bytearray(self._unpacker.decompress(bytes(self._in)))

    @property
    def compressed(self) -> bool:
        return self._packer is not None

    # reading

    def read_line(self) -> bytes:
        """The next line with its CRLF (or bare LF, which the caller judges)."""
        while (end := self._in.find(b"\n")) < 0:
            if len(self._in) > LINE_LIMIT:
                raise TooLong
            self._take()
        return self._cut_off(end + 1)

    def read(self, count: int) -> bytes:
        while len(self._in) < count:
            self._take()
        return self._cut_off(count)

    def wait(self, seconds: float) -> bool:
        """Waits for input, a wake or the time; True where there is input to read. Answers go out first."""
        self.flush()
        return bool(self._in) or self._look(seconds)

    def _cut_off(self, count: int) -> bytes:
        piece = bytes(self._in[:count])
        del self._in[:count]
        return piece

    def _take(self) -> None:
        """Waits until there is more input."""
        self.flush()
        before = len(self._in)
        while len(self._in) == before:
            self._look(_SILENCE, patient=False)

    def _look(self, seconds: float, *, patient: bool = True) -> bool:
        """One look at socket and bell; True where input came. `patient` False: silence for so long ends it."""
        pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
        ready = [self._socket] if pending else [key.fileobj for key, _ in self._selector.select(seconds)]
        if not ready and not patient:
            raise HungUp
        if self._bell in ready:
            self._bell.recv(4096)
            self._answer_bell()
        if self._socket not in ready:
            return False
        try:
            octets = self._socket.recv(_CHUNK)
        except ssl.SSLWantReadError:
            return False
        except OSError as error:
            raise HungUp from error
        if not octets:
            raise HungUp
        self._in += octets if self._unpacker is None else self._unpacker.decompress(octets)
        return True

    def _answer_bell(self) -> None:
        if self._ended.is_set():
            raise HungUp
        if self._goodbye:
            self.write(self._goodbye)
            self.flush()
            raise HungUp
        self.flush()

    # writing

    def write(self, octets: bytes) -> None:
        self._out += octets
        if len(self._out) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Sends what is buffered, unless the server is held: then it stays, and goes out after the release."""
        if self._faults.held:
            return
        if self.cut_next:
            self.end()
            raise HungUp
        if not self._out:
            return
        octets = bytes(self._out)
        self._out.clear()
        if self._packer is not None:
            octets = self._packer.compress(octets) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        if self._latency:
            self._ended.wait(self._latency)
        allowed = self._faults.allowed(len(octets))
        try:
            self._send(octets if allowed is None else octets[:allowed])
        except OSError as error:
            raise HungUp from error
        if allowed is not None:
            self.end()
            raise HungUp

    def _send(self, octets: bytes) -> None:
        if not self._split:
            self._socket.sendall(octets)
            return
        for start in range(0, len(octets), 7):
            self._socket.sendall(octets[start : start + 7])
            if start < 1400:  # long answers would take for ever
                self._ended.wait(0.0003)

    # from other threads

    def wake(self) -> None:
        """Makes the session look around."""
        try:
            self._ringer.send(b"!")
        except OSError:
            pass  # the pipe is full, so it is awake already, or closed

    def say_goodbye(self, words: bytes) -> None:
        """Has the session say a last line and hang up."""
        self._goodbye = words
        self.wake()

    def end(self) -> None:
        """Ends the connection at once."""
        self._ended.set()
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was quicker
        self.wake()

    def close(self) -> None:
        """Gives everything back; the session's thread, at its end."""
        self._ended.set()
        self._selector.close()
        for end in (self._socket, self._bell, self._ringer):
            end.close()
