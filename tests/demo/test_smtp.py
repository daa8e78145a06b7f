"""What the demo server's SMTP side takes and what it refuses."""

from __future__ import annotations

import smtplib

import pytest

from tests.demo.client import Line, letter
from tests.demo.conftest import Servers
from tui_mail.demo.server import Server


def _carrier(server: Server) -> smtplib.SMTP:
    carrier = smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="localhost", timeout=5)
    carrier.login("demo@example.org", "demo")
    return carrier


def test_a_letter_to_oneself_arrives_and_one_to_others_is_kept(serve: Servers) -> None:
    server = serve(0)
    with _carrier(server) as carrier:
        carrier.sendmail("demo@example.org", ["demo@example.org", "ann@example.com"], letter(5))
    envelope = server.sent[0]
    assert envelope.recipients == ("demo@example.org", "ann@example.com")
    assert envelope.data == letter(5)
    assert server.mailbox.raw("INBOX", 1) == b"Return-Path: <demo@example.org>\r\n" + letter(5)
    assert server.mailbox.uids("Sent") == []


def test_a_server_that_files_sent_mail_does_so(serve: Servers) -> None:
    server = serve(0, quirks=["saves_sent"])
    with _carrier(server) as carrier:
        carrier.sendmail("demo@example.org", ["ann@example.com"], letter(5))
    assert server.mailbox.raw("Sent", 1) == letter(5)
    assert server.mailbox.flags_of("Sent", 1) == {"\\Seen"}


def test_dots_arrive_as_they_were_written(serve: Servers) -> None:
    server = serve(0)
    raw = b"Subject: dots\r\n\r\n.\r\n..two\r\n.hidden\r\n"
    with _carrier(server) as carrier:
        carrier.sendmail("demo@example.org", ["ann@example.com"], raw)
    assert server.sent[0].data == raw


def test_recipients_can_be_refused_for_good_or_for_now(serve: Servers) -> None:
    server = serve(0)
    with _carrier(server) as carrier:
        refused = carrier.sendmail(
            "demo@example.org", ["ann@example.com", "reject@example.com", "deferred@example.com"], letter()
        )
    assert {who: code for who, (code, _) in refused.items()} == {"reject@example.com": 550, "deferred@example.com": 451}
    assert server.sent[0].recipients == ("ann@example.com",)


def test_the_login_dialogue_works_and_a_wrong_password_does_not(serve: Servers) -> None:
    with Line(serve().smtp_port) as carrier:
        carrier.reply()
        offers = carrier.ask("EHLO localhost")
        assert b"250-SIZE 26214400\r\n" in offers and b"250-SMTPUTF8\r\n" in offers
        assert carrier.ask("AUTH LOGIN") == b"334 VXNlcm5hbWU6\r\n"
        assert carrier.ask("ZGVtb0BleGFtcGxlLm9yZw==") == b"334 UGFzc3dvcmQ6\r\n"
        assert carrier.ask("d3Jvbmc=").startswith(b"535 5.7.8")
        assert carrier.ask("AUTH PLAIN AGRlbW9AZXhhbXBsZS5vcmcAZGVtbw==").startswith(b"235")


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("MAIL FROM:demo@example.org", b"501"),
        ("MAIL FROM: <demo@example.org>", b"501"),
        ("MAIL FROM:<demo>", b"553"),
        ("MAIL FROM:<demo@example.org> SIZE=99999999", b"552"),
        ("MAIL FROM:<demo@example.org> NONSENSE=1", b"555"),
        ("MAIL FROM:<d\u00e9mo@example.org>", b"553 5.6.7"),
        ("MAIL FROM:<d\u00e9mo@example.org> SMTPUTF8", b"250"),
        ("MAIL FROM:<> BODY=8BITMIME", b"250"),
        ("RCPT TO:<ann@example.com>", b"503"),
        ("DATA", b"503"),
        ("NONSENSE", b"500"),
        ("RSET", b"250"),
    ],
)
def test_commands_are_taken_by_the_letter_of_the_law(serve: Servers, command: str, reply: bytes) -> None:
    with Line(serve().smtp_port) as carrier:
        carrier.reply()
        carrier.ask("EHLO localhost")
        assert carrier.ask("MAIL FROM:<demo@example.org>").startswith(b"530")
        carrier.ask("AUTH PLAIN AGRlbW9AZXhhbXBsZS5vcmcAZGVtbw==")
        assert carrier.ask(command).startswith(reply)


def test_a_letter_with_bare_line_feeds_is_refused(serve: Servers) -> None:
    server = serve()
    with Line(server.smtp_port) as carrier:
        carrier.reply()
        carrier.ask("EHLO localhost")
        carrier.ask("AUTH PLAIN AGRlbW9AZXhhbXBsZS5vcmcAZGVtbw==")
        carrier.ask("MAIL FROM:<demo@example.org>")
        carrier.ask("RCPT TO:<ann@example.com>")
        carrier.ask("DATA")
        assert carrier.ask("Subject: x\n\nbody\r\n.").startswith(b"550 5.6.0")
    assert server.sent == []


def test_the_last_dot_can_be_refused_or_left_unanswered(serve: Servers) -> None:
    server = serve(0)
    server.refuse(r"^\.$", "451 4.3.0 Later")
    with _carrier(server) as carrier:
        with pytest.raises(smtplib.SMTPDataError):
            carrier.sendmail("demo@example.org", ["ann@example.com"], letter())
        assert server.sent == []
        server.cut(r"^\.$")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            carrier.sendmail("demo@example.org", ["ann@example.com"], letter())
        assert len(server.sent) == 1
