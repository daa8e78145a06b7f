"""A bare IMAP and SMTP client for tests: says lines as they are, reads answers as they come."""

from __future__ import annotations

import re
import socket
import ssl
from types import TracebackType
from typing import Self


class Line:
    """A connection that speaks in lines and literals; every wait ends after five seconds."""

    def __init__(self, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def encrypt(self, context: ssl.SSLContext) -> None:
        self._file.close()
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self._file = self.socket.makefile("rb")

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def line(self) -> bytes:
        """One response with its literals inline; empty where the server hung up."""
        whole = line = self._file.readline()
        while (found := re.search(rb"\{(\d+)\}\r\n\Z", line)) is not None:
            whole += self._file.read(int(found[1]))
            line = self._file.readline()
            whole += line
        return whole

    def say(self, command: str) -> list[bytes]:
        """Says one IMAP command; its untagged lines and, last, its tagged one without the tag."""
        self.send(b"t " + command.encode() + b"\r\n")
        return self.answer()

    def answer(self) -> list[bytes]:
        """Everything up to the tagged line (or `+`, or the end)."""
        found: list[bytes] = []
        while line := self.line():
            if line.startswith(b"t "):
                return [*found, line[2:].strip()]
            found.append(line.strip())
            if line.startswith(b"+"):
                return found
        return found

    def ask(self, command: str) -> bytes:
        """Says one SMTP command; its whole reply."""
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def reply(self) -> bytes:
        lines = [self._file.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(self._file.readline())
        return b"".join(lines)


class Imap(Line):
    """Logged in, with a folder selected where one is named."""

    def __init__(self, port: int, folder: str | None = None) -> None:
        super().__init__(port)
        self.greeting = self.line()
        assert self.say("LOGIN demo@example.org demo")[-1].startswith(b"OK")
        self.selected = self.say(f"SELECT {folder}") if folder else []


def letter(n: int = 1, *, to: str = "demo@example.org") -> bytes:
    """A small letter with an attachment."""
    return (
        f"From: Ann Example <ann@example.com>\r\nTo: {to}\r\nSubject: Letter {n}\r\n"
        f"Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{n}@example.com>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello.\r\n\r\n"
        '--b\r\nContent-Type: image/png; name="a.png"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="a.png"\r\n\r\nAAAA\r\n--b--\r\n'
    ).encode()
