"""What a mail names is asked only over https, only of public hosts, and is told nothing of the person."""

from __future__ import annotations

import pytest

from tests.backend.web_server import CERTS, answer, web_server
from tui_mail.backend.web import Web, is_public
from tui_mail.model.errors import MailError, Refused, TlsFailed

HERE = Web(allows=lambda address: True, ca_file=CERTS / "ca.pem", timeout=5)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        *(
            (one, False)
            for one in (
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1%eth0",
                "fd00::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "2002:7f00:1::",
                "64:ff9b::a00:1",
                "localhost",
                "",
            )
        ),
    ],
)
def test_only_the_open_network_is_public(address: str, public: bool) -> None:
    assert is_public(address) == public


def test_a_picture_comes_and_the_server_learns_nothing() -> None:
    with web_server({"/a.png?x=1": answer(b"PNG")}) as server:
        found = HERE.get(server.url("/a.png?x=1"), 100)
    assert (found.type, found.octets) == ("image/png", b"PNG")
    names = {line.partition(b":")[0].lower() for line in server.asked[0].split(b"\r\n")[1:] if line}
    assert names == {b"host", b"user-agent", b"connection", b"accept"}


def test_this_machine_is_never_asked_because_a_mail_says_so() -> None:
    with web_server({"/": answer(b"PNG")}) as server, pytest.raises(Refused, match="not a public address"):
        Web(ca_file=CERTS / "ca.pem").get(server.url("/"), 100)
    assert server.asked == []


def test_a_redirect_leads_no_further_than_the_first_address_may() -> None:
    seen: list[str] = []

    def allows(address: str) -> bool:
        seen.append(address)
        return len(seen) < 3

    moved = answer(b"", "text/plain", "302 Found", "Location: https://localhost:{port}/b")
    with web_server({"/a": moved, "/b": answer(b"B"), "/loop": moved.replace(b"/b", b"/loop")}) as server:
        assert HERE.get(server.url("/a"), 100).octets == b"B"
        with pytest.raises(Refused, match="place to place"):
            HERE.get(server.url("/loop"), 100)
        with pytest.raises(Refused, match="not a public"):
            Web(allows=allows, ca_file=CERTS / "ca.pem").get(server.url("/loop"), 100)


def test_a_redirect_to_plain_http_is_not_followed() -> None:
    moved = answer(b"", "text/plain", "302 Found", "Location: http://localhost/b")
    with web_server({"/a": moved}) as server, pytest.raises(Refused, match="https"):
        HERE.get(server.url("/a"), 100)


def test_too_much_is_not_taken() -> None:
    big = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + b"x" * 100_000
    with web_server({"/": big}) as server, pytest.raises(Refused, match="more than"):
        HERE.get(server.url("/"), 50_000)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "ftp://localhost/",
        "https://a:b@localhost/",
        "https:///x",
        "https://[x/",
        "file:///etc/passwd",
    ],
)
def test_other_addresses_are_not_asked(url: str) -> None:
    with pytest.raises(Refused, match="https"):
        HERE.get(url, 100)


def test_one_click_is_one_post_and_a_redirect_is_a_refusal() -> None:
    moved = answer(b"", "text/plain", "302 Found", "Location: /b")
    with web_server({"/u": answer(b"", "text/plain", "202 Accepted"), "/moved": moved}) as server:
        HERE.post(server.url("/u"), b"List-Unsubscribe=One-Click")
        assert server.asked[0].startswith(b"POST /u HTTP/1.1\r\n")
        assert server.asked[0].endswith(b"\r\n\r\nList-Unsubscribe=One-Click")
        for path in ("/moved", "/none"):
            with pytest.raises(Refused, match="answered"):
                HERE.post(server.url(path), b"x")


def test_a_host_without_the_right_certificate_is_told_nothing() -> None:
    with web_server({"/": answer(b"x")}) as server, pytest.raises(TlsFailed):
        Web(allows=lambda address: True, timeout=5).get(server.url("/"), 100)
    assert server.asked == []


def test_what_is_no_http_is_a_sentence() -> None:
    with web_server({"/": b"hello\r\n\r\n"}) as server, pytest.raises(MailError, match="could not be asked"):
        HERE.get(server.url("/"), 100)
