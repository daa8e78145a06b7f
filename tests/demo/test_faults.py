"""What tests can make the demo server do wrong."""

from __future__ import annotations

import pytest

from tests.demo.client import Imap, Line
from tests.demo.conftest import Servers


def test_a_held_server_does_the_work_and_answers_after_the_release(serve: Servers) -> None:
    server = serve(2)
    with Imap(server.imap_port, "INBOX") as client:
        server.hold()
        client.send(b"t UID STORE 1 +FLAGS (\\Seen)\r\n")
        server.log.wait_for("UID STORE 1")
        server.wait_for(lambda: server.mailbox.flags_of("INBOX", 1) == {"\\Seen"})
        client.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        client.socket.settimeout(5)
        server.release()
        assert client.socket.recv(4096).endswith(b"t OK Done.\r\n")


def test_a_refused_command_is_not_carried_out(serve: Servers) -> None:
    server = serve(1)
    server.refuse("^UID MOVE", "NO [OVERQUOTA] Full", times=2)
    with Imap(server.imap_port, "INBOX") as client:
        assert client.say("UID MOVE 1 Archive")[-1] == b"NO [OVERQUOTA] Full"
        assert client.say("UID MOVE 1 Archive")[-1] == b"NO [OVERQUOTA] Full"
        assert server.mailbox.uids("Archive") == []
        assert client.say("UID MOVE 1 Archive")[-1] == b"OK Done."


def test_an_append_is_refused_before_its_letter_is_sent(serve: Servers) -> None:
    server = serve(0)
    server.refuse("^APPEND", "NO [OVERQUOTA] Full", times=2)
    with Imap(server.imap_port) as client:
        assert client.say("APPEND Sent {400}")[-1] == b"NO [OVERQUOTA] Full"
        assert client.say("APPEND Sent {3+}\r\nabc")[-1] == b"NO [OVERQUOTA] Full"
        assert client.say("NOOP")[-1] == b"OK Done."


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_cut_leaves_the_client_without_an_answer(serve: Servers, carried_out: bool) -> None:
    server = serve(2)
    server.cut("^UID MOVE", carried_out=carried_out)
    with Imap(server.imap_port, "INBOX") as client:
        assert client.say("UID MOVE 1 Archive") == []
    assert server.mailbox.uids("Archive") == ([1] if carried_out else [])
    with Imap(server.imap_port, "INBOX") as client:
        assert client.say("UID MOVE 2 Archive")[-1] == b"OK Done."


def test_a_cut_in_the_middle_of_an_answer(serve: Servers) -> None:
    server = serve(1)
    with Imap(server.imap_port, "INBOX") as client:
        server.cut(octets=20)
        client.send(b"t UID FETCH 1 BODY.PEEK[]\r\n")
        assert client.socket.recv(4096) == b"* 1 FETCH (UID 1 BOD"
        assert client.socket.recv(4096) == b""


def test_goodbye_is_said_to_everybody(serve: Servers) -> None:
    server = serve()
    with Imap(server.imap_port) as client, Line(server.smtp_port) as carrier:
        carrier.reply()
        server.bye("Tea time")
        assert client.line() == b"* BYE Tea time\r\n"
        assert carrier.reply() == b"421 4.3.2 Tea time\r\n"
        assert client.line() == b""


def test_a_stopped_server_comes_back_on_the_same_ports(serve: Servers) -> None:
    server = serve(1)
    port = server.imap_port
    with Imap(port) as client:
        server.stop()
        assert client.line() == b""
    with pytest.raises(ConnectionRefusedError):
        Imap(port)
    server.start()
    assert server.imap_port == port
    with Imap(port, "INBOX") as client:
        assert b"* 1 EXISTS" in client.selected


def test_the_log_keeps_commands_and_no_passwords(serve: Servers) -> None:
    server = serve()
    with Imap(server.imap_port, "INBOX") as client:
        client.say("UID FETCH 1 FLAGS")
    assert list(server.log) == ["LOGIN demo@example.org ****", "SELECT INBOX", "UID FETCH 1 FLAGS"]


def test_nothing_is_left_connected_after_the_clients_are_gone(serve: Servers) -> None:
    server = serve()
    with Imap(server.imap_port, "INBOX"):
        assert server.connections == 1
    server.wait_for(lambda: server.connections == 0)
    assert len(server.mailbox.folders["INBOX"].watchers) == 1  # the mailbox itself
    assert not server.mailbox.watchers
