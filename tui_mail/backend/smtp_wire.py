"""The standard library's SMTP with a trace, its own patience and limits, and no way to speak before TLS is verified."""

from __future__ import annotations

import base64
import binascii
import re
import smtplib
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tui_mail.config.settings import Server
from tui_mail.mime.clean import clean, line
from tui_mail.model.errors import MailError, Offline, Refused, TlsFailed

from . import tls
from .contract import Tell, Trace

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer  # exists for type checkers only

_CHUNK = 32768
_LONGEST_LINE = 8192
_MOST_LINES = 500
_SHOWN_BODY = 60
"""Body lines in the trace; a note says how many more there are."""
_QUIT_PATIENCE = 5.0
_DOT = re.compile(rb"^\.", re.M)
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
_WEB_PAGE = re.compile(r"HTTP/\d|<(?:!doctype|html)", re.I)


class Lost(smtplib.SMTPServerDisconnected):
    """The connection ended, went silent, or no longer speaks SMTP."""


class Reply:
    """What the server answered: the code (-1 where it was no answer), its words cleaned for showing."""

    __slots__ = ("code", "text")

    def __init__(self, code: int, raw: bytes) -> None:
        self.code = code
        self.text = line(raw.decode("utf-8", "replace"))[:500].rstrip(".")

    @property
    def is_later(self) -> bool:
        return 400 <= self.code < 500

    @property
    def words(self) -> str:
        return f"{self.code} {self.text}".rstrip()

    @property
    def enhanced(self) -> str:
        """RFC 3463's `5.1.1`, or empty."""
        found = _ENHANCED.match(self.text)
        return found[1] if found else ""


class Dialogue(smtplib.SMTP):
    """One conversation. Every client line and every reply passes `send` and `getreply`, and the trace with them.

    Greets as `localhost`: the host's own name is nobody's business, and looking it up can take seconds.
    """

    ehlo_msg = "EHLO"

    def __init__(self, server: Server, *, ca_file: Path | None, timeout: float, trace: Trace) -> None:
        super().__init__(local_hostname="localhost", timeout=timeout)
        self.where = f"{server.host}:{server.port}"
        self.handed_over = False
        """The last dot has left: from here on a loss is no proof that nothing was sent."""
        self._server = server
        self._ca_file = ca_file
        self._patience = timeout
        self._trace = trace
        self._shown = ""
        self._secrets: tuple[bytes, ...] = ()
        self._in_data = False
        self._buffer = bytearray()

    # --- the two doors

    def send(self, s: ReadableBuffer | str) -> None:
        """Writes a command or a piece of the letter; only commands are traced here."""
        data = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        if not self._in_data:
            self._trace("→", self._shown or clean(data.decode("utf-8", "replace").rstrip("\r\n")))
            self._shown = ""
        if self.sock is None:
            raise Lost("not connected")
        try:
            self.sock.settimeout(self._patience)
            self.sock.sendall(data)
        except OSError as error:
            self.close()
            raise Lost(str(error)) from error

    def getreply(self) -> tuple[int, bytes]:
        """One reply, however many lines; `_patience` is for all of it. Raises Lost."""
        lines: list[bytes] = []
        end = time.monotonic() + self._patience
        while True:
            raw = self._masked(self._read_line(end))
            head, mark, text = raw[:3], raw[3:4], raw[4:].strip(b" \t")
            if not (len(head) == 3 and head.isdigit() and mark in (b" ", b"-", b"")):
                self._trace("←", clean(raw.decode("utf-8", "replace")))
                return -1, raw
            code = int(head)
            lines.append(text)
            self._trace("←", _shown_reply(code, mark, text))
            if mark != b"-":
                return code, b"\n".join(lines)
            if len(lines) >= _MOST_LINES:
                self.close()
                raise Lost("the reply does not end")

    def _read_line(self, end: float) -> bytes:
        while (stop := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_LINE:
                self.close()
                raise Lost("a line of the reply does not end")
            self._buffer += self._receive(end)
        found = bytes(self._buffer[:stop]).removesuffix(b"\r")
        del self._buffer[: stop + 1]
        return found

    def _receive(self, end: float) -> bytes:
        if self.sock is None:
            raise Lost("not connected")
        try:
            self.sock.settimeout(max(0.01, end - time.monotonic()))
            data = self.sock.recv(4096)
        except OSError as error:
            self.close()
            raise Lost("no answer in time" if isinstance(error, TimeoutError) else str(error)) from error
        if not data:
            self.close()
            raise Lost("the server hung up")
        return data

    def close(self) -> None:
        """Closes the socket at once; the standard library's part of it may raise on a dead one."""
        sock, self.sock = self.sock, None
        if sock is not None:
            sock.close()

    # --- the steps

    def conceal(self, *words: str) -> None:
        """From now on these stand in no trace and no error, even where the server repeats what it was told."""
        coded = (base64.b64encode(word.encode()) for word in words)
        self._secrets = tuple(secret for secret in (*coded, *(word.encode() for word in words)) if secret)

    def _masked(self, raw: bytes) -> bytes:
        for secret in self._secrets:
            raw = raw.replace(secret, b"****")
        return raw

    def ask(self, command: str, *, shown: str = "") -> Reply:
        """One command and its reply; `shown` stands in the trace instead of a secret. 421 raises Offline."""
        self._shown = shown
        self.putcmd(command)
        return self.hear()

    def hear(self) -> Reply:
        reply = Reply(*self.getreply())
        if reply.code == -1:
            self.close()
            raise Lost("the answer is not SMTP")
        if reply.code == 421:
            self.close()
            if self.handed_over and reply.enhanced.startswith("4.4."):
                raise Lost(f"it lost its own line to the next server: {reply.words}")  # which may have the letter
            raise Offline(f"{self.where} closed the connection: {reply.words}.", detail=reply.words)
        return reply

    def meet(self) -> None:
        """Connects, encrypts as configured, and says EHLO; what was offered in clear is forgotten after STARTTLS."""
        self.sock = tls.connect(self._server, ca_file=self._ca_file, timeout=self._patience)
        self._trace("·", f"Connected to {self.where}")
        self._note_tls()
        greeting = Reply(*self.getreply())
        if greeting.code != 220:
            self.close()
            raise self._bad_greeting(greeting)
        self._hello()
        if self._server.security == "starttls":
            self._start_tls()
            self._hello()

    def _hello(self) -> None:
        self.esmtp_features = {}
        code, raw = self.ehlo()
        reply = Reply(code, raw)
        if not 200 <= code < 300:
            self.close()
            text = f"{self.where} does not take our greeting: {reply.words}."
            raise Refused(text, permanent=not (reply.is_later or code < 0), detail=reply.words)

    @property
    def limit(self) -> int:
        """Octets that a letter may have (RFC 1870); 0: the server names no limit."""
        named = str(self.esmtp_features.get("size", ""))
        return int(named) if re.fullmatch(r"[0-9]{1,18}", named) else 0

    def _start_tls(self) -> None:
        plain = self.sock
        if plain is None or not self.has_extn("starttls"):
            self.close()
            raise TlsFailed(
                f"{self.where} does not offer STARTTLS, so nothing was sent.",
                remedy='Use security = "tls" with port 465, or ask its operator.',
            )
        reply = self.ask("STARTTLS")
        if reply.code != 220:
            self.close()
            raise TlsFailed(f"{self.where} would not start TLS, so nothing was sent: {reply.words}.")
        if self._buffer:
            self._buffer.clear()
            self.close()
            raise TlsFailed(
                f"{self.where} or somebody in between slipped text in before TLS, so nothing was sent.",
                remedy="Do not trust this network.",
            )
        plain.settimeout(self._patience)
        self.sock = None
        self.sock = tls.secure(plain, self._server.host, self._ca_file, self._server.certificate)
        self._note_tls()

    def _note_tls(self) -> None:
        if isinstance(self.sock, ssl.SSLSocket):
            cipher = self.sock.cipher()
            self._trace("·", f"{self.sock.version()} {cipher[0] if cipher else ''}".rstrip())

    def _bad_greeting(self, greeting: Reply) -> MailError:
        if _WEB_PAGE.match(greeting.text):
            return Offline(
                f"This network wants you to log in first: a web page answered instead of {self.where}.",
                remedy="Open a browser, log in to the network, then try again.",
            )
        if greeting.code < 0:
            return Offline(f"{self.where} does not speak SMTP.", remedy="Check the port.", detail=greeting.text)
        if greeting.is_later:
            return Offline(f"{self.where} takes no mail now: {greeting.words}.", detail=greeting.words)
        return Refused(f"{self.where} takes no mail from here: {greeting.words}.", detail=greeting.words)

    # --- the letter

    def pour(self, wire: bytes, tell: Tell | None, patience: float) -> Reply:
        """The letter after the 354, the lone dot, and the answer to it, for which the server may take `patience`."""
        stuffed = _DOT.sub(b"..", wire)
        self._trace_letter(stuffed)
        self._in_data = True
        for start in range(0, len(stuffed), _CHUNK):
            self.send(stuffed[start : start + _CHUNK])
            if tell is not None:
                tell(min(start + _CHUNK, len(stuffed)), len(stuffed))
        self._in_data = False
        self.send(".\r\n")
        self.handed_over = True
        self._patience, usual = patience, self._patience
        reply = self.hear()
        self._patience = usual
        self.handed_over = False
        return reply

    def _trace_letter(self, stuffed: bytes) -> None:
        head, blank, body = stuffed.partition(b"\r\n\r\n")
        lines = body.removesuffix(b"\r\n").split(b"\r\n") if body else []
        shown = [*head.split(b"\r\n"), *([b""] if blank else []), *lines[:_SHOWN_BODY]]
        for text in shown:
            self._trace("→", clean(text.decode("utf-8", "replace")))
        if len(lines) > _SHOWN_BODY:
            self._trace("·", f"… {len(lines) - _SHOWN_BODY:,} more lines, {len(stuffed):,} octets in all")

    def leave(self) -> None:
        """Says QUIT where that can be understood, waits 5 seconds at most, and closes; never raises."""
        if self.sock is not None and not self._in_data and not self.handed_over:
            self._patience = min(self._patience, _QUIT_PATIENCE)
            try:
                self.putcmd("QUIT")
                self.getreply()
            except (smtplib.SMTPException, OSError):
                pass  # what was sent is sent, whether or not they say goodbye
        self.close()


def _shown_reply(code: int, mark: bytes, text: bytes) -> str:
    words = clean(text.decode("utf-8", "replace"))
    if code == 334 and text:
        try:
            words += f"   ({clean(base64.b64decode(text, validate=True).decode())})"
        except (binascii.Error, UnicodeDecodeError):
            pass  # a challenge of another kind: shown as it came
    return f"{code}{(mark or b' ').decode()}{words}".rstrip()
