"""The socket under a connection: octets out, whole responses in, deadlines, and an end from any thread."""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Server
from tui_mail.model.errors import MailError, Offline, TlsFailed

from .. import tls
from ..contract import Tell
from .deflate import Deflation, Garbled
from .lexer import Frame
from .reader import OutOfStep, Reader

_CHUNK = 1 << 18
_SLICE = 1 << 16
_AT_ONCE = 32
"""Responses: enough to pay for coming in, few enough to be garbage while they are young."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the other end may be silent, in seconds."""

    answer: float = 30
    """Where it was asked for something."""
    reach: float = 20
    """Until it takes the connection at all: once it is there, it may take its time."""
    rest: float = 15
    """After so much silence a line may be dead without anybody knowing: what forgot it (NAT) answers nothing."""
    sign: float = 10
    """Until such a line gives a sign, asked for what costs a server nothing."""


class Wire:
    """Belongs to one thread; only `wake` and `close` may come from another. Once it failed it stays dead."""

    def __init__(self, sock: socket.socket, host: str, limits: Limits) -> None:
        self.host = host
        self.tell: Tell | None = None
        """Told how far a literal has come; may raise Cancelled."""
        self._sock = sock
        self._limits = limits
        self._heard_at = time.monotonic()
        self._is_doubted = False
        self._reader = Reader()
        self._reader.greets = True
        self._deflation: Deflation | None = None
        self.is_garbled = False
        """Both sides are to compress, and nothing that was said so has been understood yet."""
        self._ear, self._mouth = socket.socketpair()
        for each in (sock, self._ear, self._mouth):
            each.setblocking(False)
        self._lock = threading.Lock()
        self._is_inside = False
        self._is_disposed = False
        self._is_woken = False
        self._why: MailError | None = None
        """Why it is dead, or None while it lives."""

    # -- from any thread

    def wake(self) -> None:
        """Makes `listen` return; one that comes too early makes the next `listen` return."""
        with self._lock:
            if not self._is_disposed:
                self._nudge()

    def close(self) -> None:
        """Ends it at once; whoever waits in it gets Offline."""
        with self._lock:
            if self._why is None:
                self._why = Offline(f"The connection to {self.host} was closed.")
            if self._is_inside:
                self._nudge()  # its thread disposes: another socket could get the number while it still reads
            else:
                self._dispose()

    def _nudge(self) -> None:
        with suppress(OSError):  # full: then it is awake already
            self._mouth.send(b"!")

    # -- life and death

    @property
    def is_alive(self) -> bool:
        return self._why is None

    def unlock(self, server: Server, secret: Callable[[], Secret]) -> Secret:
        """The secret, for who is proven to be this server; see `tls.unlock`."""
        return tls.unlock(self._sock, server, secret)

    @property
    def has_rested(self) -> bool:
        """Nothing came for so long that the other end may be gone."""
        return time.monotonic() - self._heard_at > self._limits.rest

    def doubt(self) -> None:
        """Until something comes it is waited for less long: what was said last is answered at once, or never."""
        self._is_doubted = True

    @property
    def _patience(self) -> float:
        return min(self._limits.answer, self._limits.sign) if self._is_doubted else self._limits.answer

    @property
    def cipher(self) -> str:
        """`TLSv1.3 TLS_AES_256_GCM_SHA384`, or empty."""
        if not isinstance(self._sock, ssl.SSLSocket):
            return ""
        chosen = self._sock.cipher()
        return f"{self._sock.version()} {chosen[0] if chosen else ''}".strip()

    @property
    def progress(self) -> tuple[int, int] | None:
        """(octets so far, octets in all) of the literal that is on its way, or None."""
        return self._reader.progress

    def fail(self, error: MailError) -> NoReturn:
        """Ends it with this error, or with the one that ended it before."""
        with self._lock:
            if self._why is None:
                self._why = error
            else:
                error = self._again()
            if not self._is_inside:
                self._dispose()
        raise error

    def _again(self) -> MailError:
        """A fresh error for each who asks: one that was raised before carries another's traceback."""
        why = self._why
        if why is None:
            return Offline(f"{self.host} is gone.")
        code = why.code if isinstance(why, Offline) else ""
        return Offline(why.text, remedy=why.remedy, detail=why.detail, code=code)

    def _dispose(self) -> None:
        """Under the lock, and never while the owner is inside."""
        if not self._is_disposed:
            self._is_disposed = True
            self._reader.drop()
            for each in (self._sock, self._ear, self._mouth):
                with suppress(OSError):  # a reset line may complain once more
                    each.close()

    def _enter(self) -> None:
        with self._lock:
            if self._why is None:
                self._is_inside = True
                return
            self._dispose()
            raise self._again()

    def _leave(self) -> None:
        with self._lock:
            self._is_inside = False
            if self._why is not None:
                self._dispose()

    # -- octets

    def send(self, octets: bytes) -> None:
        """Everything, or Offline. A server that stops taking and telling for the timeout is given up."""
        self._enter()
        try:
            view = memoryview(octets if self._deflation is None else self._deflation.pack(octets))
            while view:
                view = view[self._send_some(view[:_SLICE]) :]
        finally:
            self._leave()

    def _send_some(self, view: memoryview) -> int:
        end = time.monotonic() + self._patience
        while True:
            mask = select.POLLIN | select.POLLOUT
            try:
                if sent := self._sock.send(view):
                    return sent
            except (BlockingIOError, ssl.SSLWantWriteError):
                pass  # the line is full
            except ssl.SSLWantReadError:
                mask = select.POLLIN
            except (OSError, ValueError) as error:
                self._lost(error)
            if not self._poll(mask, end):
                self._silent()
            self._read()  # a server that cannot get rid of its words takes none of ours

    def frame(self) -> Frame:
        """The next response; the clock starts anew with everything that arrives."""
        self._enter()
        try:
            while (frame := self._next()) is None:
                self._fill(time.monotonic() + self._patience)
                if self.tell is not None and (progress := self._reader.progress) is not None:
                    self.tell(*progress)
            return frame
        finally:
            self._leave()

    def frames(self) -> list[Frame]:
        """The next response, and of those that are here already behind it the usual ones, some at a time.

        For who takes them all in: what is here is not waited for, and comes at a fraction of what `frame` costs.
        """
        found = [self.frame()]
        self._enter()
        try:
            while len(found) < _AT_ONCE and (frame := self._reader.usual()) is not None:
                found.append(frame)
        finally:
            self._leave()
        return found

    def listen(self, seconds: float) -> Frame | Literal["woken", "quiet"]:
        """The next response, or `woken` by `wake`, or `quiet` when the time is over.

        Only between two responses may the time be over; in the middle of one the usual timeout holds.
        """
        end = time.monotonic() + max(0.0, seconds)
        self._enter()
        try:
            while (frame := self._next()) is None:
                if self._is_woken:
                    self._is_woken = False
                    return "woken"
                if not self._reader.is_between:
                    self._fill(time.monotonic() + self._patience)
                elif (mask := self._read()) and not self._poll(mask, end):
                    return "quiet"
            return frame
        finally:
            self._leave()

    def upgrade(self, ca_file: Path | None, certificate: str = "") -> None:
        """Encrypts what was plain so far. Octets that came ahead of it are an attack (CVE-2011-0411)."""
        if not self._reader.is_between:
            self.fail(TlsFailed(f"{self.host} slipped in words before the encryption, so nothing was sent to it."))
        self._enter()
        try:
            self._sock.settimeout(self._limits.answer)
            self._sock = tls.secure(self._sock, self.host, ca_file, certificate)
            self._sock.setblocking(False)
        except MailError as error:
            self.fail(error)
        finally:
            self._leave()

    def compress(self) -> None:
        """From the answer to COMPRESS on both sides compress; what came behind that answer is compressed already."""
        self._enter()
        try:
            self._deflation = Deflation()
            self.is_garbled = True
            self._deflation.feed(self._reader.rest())
        finally:
            self._leave()

    def _next(self) -> Frame | None:
        try:
            return self._reader.next()
        except OutOfStep as error:
            self.fail(Offline(f"{self.host} sent {error}, so the connection was ended."))
        except MailError as error:
            self.fail(error)

    def _fill(self, end: float) -> None:
        """Waits until octets came."""
        while mask := self._read():
            if not self._poll(mask, end):
                self._silent()

    def _read(self) -> int:
        """Takes what is there: 0 where something was, else what to poll for."""
        if self._deflation is not None and self._unpack(self._deflation):
            return 0
        try:
            octets = self._sock.recv(_CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return select.POLLIN
        except ssl.SSLWantWriteError:
            return select.POLLOUT
        except (OSError, ValueError) as error:
            self._lost(error)
        if not octets:
            self._lost(None)
        self._heard_at, self._is_doubted = time.monotonic(), False
        if self._deflation is None:
            self._reader.feed(octets)
        else:
            self._deflation.feed(octets)
            self._unpack(self._deflation)
        return 0

    def _unpack(self, deflation: Deflation) -> bool:
        """Unpacks a stretch of what came; False where there is none."""
        try:
            octets = deflation.unpack()
        except Garbled as error:
            self.fail(
                Offline(f"{self.host} garbled what it compressed, so the connection was ended.", detail=str(error))
            )
        self._reader.feed(octets)
        self.is_garbled = self.is_garbled and not octets
        return bool(octets)

    def _poll(self, mask: int, end: float) -> bool:
        """Waits for the socket or a nudge; False when the time is over. Raises Offline once closed."""
        poll = select.poll()
        poll.register(self._sock, mask)
        poll.register(self._ear, select.POLLIN)
        ready = poll.poll(max(0.0, end - time.monotonic()) * 1000)
        if self._why is not None:
            raise self._again()
        if any(number == self._ear.fileno() for number, _ in ready):
            self._ear.recv(4096)
            self._is_woken = True
        return bool(ready)

    def _silent(self) -> NoReturn:
        self.fail(Offline(f"{self.host} has not answered for {self._patience:.0f} seconds."))

    def _lost(self, error: Exception | None) -> NoReturn:
        why = str(error) if error else "closed by the server"
        self.fail(Offline(f"The connection to {self.host} was lost.", detail=why))
