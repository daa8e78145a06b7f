"""A small https server on loopback whose answers are written down beforehand; it remembers what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.sink import shut

CERTS = Path(__file__).parent / "certs"


@dataclass
class WebServer:
    port: int
    asked: list[bytes] = field(default_factory=list)
    """Whole requests in their order."""

    def url(self, path: str) -> str:
        return f"https://localhost:{self.port}{path}"


def answer(body: bytes, kind: str = "image/png", status: str = "200 OK", *extra: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Set-Cookie: a=b", *extra]
    return "\r\n".join([*head, "", ""]).encode() + body


@contextmanager
def web_server(answers: Mapping[str, bytes]) -> Iterator[WebServer]:
    """`answers` by path; what is not there is 404. `{port}` in an answer is the server's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / "good.pem")
    listener = socket.create_server(("127.0.0.1", 0))
    server = WebServer(listener.getsockname()[1])

    def run() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(peer, server_side=True) as wrapped:
                    wrapped.settimeout(5)
                    wrapped.sendall(reply(wrapped))
            except OSError:
                continue  # refused by the client, which is what some tests are about

    def reply(peer: ssl.SSLSocket) -> bytes:
        request = b""
        while b"\r\n\r\n" not in request:
            request += peer.recv(4096)
        head, _, body = request.partition(b"\r\n\r\n")
        wanted = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < wanted:
            body += peer.recv(4096)
        server.asked.append(head + b"\r\n\r\n" + body)
        path = head.split(b" ")[1].decode()
        found = answers.get(path, answer(b"", "text/plain", "404 Not Found"))
        return found.replace(b"{port}", str(server.port).encode())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        shut(listener)
        listener.close()
        thread.join(5)
