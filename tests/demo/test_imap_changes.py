"""What clients change on the demo server, and how it tells the others."""

from __future__ import annotations

import pytest

from tests.demo.client import Imap, Line, letter
from tests.demo.conftest import Servers


def test_a_move_says_where_the_messages_went(serve: Servers) -> None:
    server = serve(4)
    with Imap(server.imap_port, "INBOX") as client:
        there = server.mailbox.folders["Archive"].uidvalidity
        assert client.say("UID MOVE 2:3 Archive") == [
            f"* OK [COPYUID {there} 2:3 1:2] Moved.".encode(),
            b"* 2 EXPUNGE",
            b"* 2 EXPUNGE",
            b"OK Done.",
        ]
    assert server.mailbox.uids("INBOX") == [1, 4]
    assert server.mailbox.raw("Archive", 2) == letter(3)


def test_with_qresync_removals_are_told_by_uid(serve: Servers) -> None:
    with Imap(serve(4).imap_port) as client:
        client.say("ENABLE QRESYNC")
        client.say("SELECT INBOX")
        client.say("UID STORE 1,3 +FLAGS.SILENT (\\Deleted)")
        told = client.say("UID EXPUNGE 3")
        assert told[0] == b"* VANISHED 3"
        assert told[-1].startswith(b"OK [HIGHESTMODSEQ ")


def test_a_client_that_returns_hears_the_difference(serve: Servers) -> None:
    server = serve(5)
    box = server.mailbox.folders["INBOX"]
    known = box.modseq
    server.mailbox.flag("INBOX", [2], add={"\\Seen"})
    server.mailbox.remove("INBOX", [4])
    server.mailbox.put(letter(6))
    with Imap(server.imap_port) as client:
        client.say("ENABLE QRESYNC")
        told = client.say(f"SELECT INBOX (QRESYNC ({box.uidvalidity} {known}))")
        assert b"* VANISHED (EARLIER) 4" in told
        changed = [line for line in told if b"FETCH" in line]
        assert changed[0] == f"* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ ({known + 1}))".encode()
        assert changed[1].startswith(b"* 5 FETCH (UID 6 ")
        told = client.say(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {known} VANISHED)")
        assert told[0] == b"* VANISHED (EARLIER) 4" and len(told) == 4


def test_another_clients_work_is_told_and_ones_own_is_not_told_twice(serve: Servers) -> None:
    server = serve(3)
    with Imap(server.imap_port, "INBOX") as one, Imap(server.imap_port, "INBOX") as other:
        assert one.say("UID STORE 2 +FLAGS.SILENT (\\Seen)") == [b"OK Done."]
        assert one.say("NOOP") == [b"OK Done."]
        assert other.say("NOOP") == [b"* 2 FETCH (UID 2 FLAGS (\\Seen))", b"OK Done."]
        assert other.say("NOOP") == [b"OK Done."]
        server.mailbox.put(letter(4))
        server.mailbox.remove("INBOX", [1])
        assert one.say("FETCH 3 UID")[0] == b"* 3 FETCH (UID 3)"  # numbers hold while one asks by number
        assert other.say("NOOP") == [b"* 1 EXPUNGE", b"* 3 EXISTS", b"OK Done."]


def test_a_store_on_what_changed_meanwhile_is_refused(serve: Servers) -> None:
    server = serve(2)
    with Imap(server.imap_port, "INBOX") as client:
        known = server.mailbox.folders["INBOX"].modseq
        server.mailbox.flag("INBOX", [1], add={"\\Flagged"})
        told = client.say(f"UID STORE 1:2 (UNCHANGEDSINCE {known}) +FLAGS (\\Seen)")
        assert told[-1] == b"OK [MODIFIED 1] Some had changed."
        assert server.mailbox.flags_of("INBOX", 2) == {"\\Seen"}


def test_appended_letters_keep_bytes_flags_and_date(serve: Servers) -> None:
    server = serve(0)
    raw = letter(9)
    with Imap(server.imap_port) as client:
        client.send(b't APPEND Sent (\\seen $Own) "01-Feb-2026 12:00:00 +0100" {%d}\r\n' % len(raw))
        assert client.answer() == [b"+ Go ahead"]
        client.send(raw + b"\r\n")
        assert client.answer()[-1].startswith(b"OK [APPENDUID ")
        client.say("SELECT Sent")
        assert b'"01-Feb-2026 11:00:00 +0000"'.replace(b'"01', b'" 1') in client.say("UID FETCH 1 INTERNALDATE")[0]
        assert client.say("APPEND Nowhere {1+}\r\nx")[-1].startswith(b"NO [TRYCREATE]")
    assert server.mailbox.raw("Sent", 1) == raw
    assert server.mailbox.flags_of("Sent", 1) == {"\\Seen", "$Own"}


def test_new_mail_ends_the_waiting_of_an_idle_client(serve: Servers) -> None:
    server = serve(1)
    with Imap(server.imap_port, "INBOX") as client:
        assert client.say("IDLE") == [b"+ idling"]
        server.mailbox.put(letter(2))
        assert client.line() == b"* 2 EXISTS\r\n"
        server.mailbox.remove("INBOX", [1])
        assert client.line() == b"* 1 EXPUNGE\r\n"
        client.send(b"DONE\r\n")
        assert client.answer() == [b"OK Done."]


def test_a_renumbered_folder_sends_its_readers_away(serve: Servers) -> None:
    server = serve(3)
    before = server.mailbox.folders["INBOX"].uidvalidity
    server.mailbox.remove("INBOX", [1])
    with Imap(server.imap_port, "INBOX") as client:
        server.mailbox.renumber("INBOX")
        assert client.say("NOOP") == [b"* BYE The selected folder is not what it was"]
    assert server.mailbox.uids("INBOX") == [1, 2]
    assert server.mailbox.folders["INBOX"].uidvalidity > before


def test_close_expunges_and_unselect_does_not(serve: Servers) -> None:
    server = serve(3)
    with Imap(server.imap_port, "INBOX") as client:
        client.say("UID STORE 1 +FLAGS (\\Deleted)")
        client.say("UNSELECT")
        assert server.mailbox.uids("INBOX") == [1, 2, 3]
        client.say("SELECT INBOX")
        client.say("CLOSE")
        assert server.mailbox.uids("INBOX") == [2, 3]
        assert client.say("UID FETCH 2 FLAGS")[-1] == b"BAD No folder is selected"


def test_a_folder_opened_for_reading_only_cannot_be_changed(serve: Servers) -> None:
    server = serve(2)
    with Imap(server.imap_port) as client:
        assert client.say("EXAMINE INBOX")[-1].startswith(b"OK [READ-ONLY]")
        client.say("UID FETCH 1 BODY[]")
        assert client.say("UID STORE 1 +FLAGS (\\Seen)")[-1].startswith(b"NO [CANNOT]")
    assert server.mailbox.flags_of("INBOX", 1) == frozenset()


@pytest.mark.parametrize(
    "command",
    [
        "FETCH",
        "UID FETCH 1",
        "UID FETCH 0 FLAGS",
        "UID FETCH 1,,2 FLAGS",
        "UID  FETCH 1 FLAGS",
        "UID FETCH 1 FLAGS ",
        "UID FETCH 1 (FLAGS",
        "UID FETCH 1 FLAGS)",
        "UID FETCH 1 NONSENSE",
        "UID FETCH 1 BODY[1.0]",
        "FETCH 99 FLAGS",
        "UID STORE 1 +FLAGS (\\Recent)",
        "UID STORE 1 ADD (\\Seen)",
        "UID SEARCH",
        "UID SEARCH NONSENSE",
        "UID SEARCH SINCE yesterday",
        "STATUS INBOX MESSAGES",
        "STATUS INBOX (NONSENSE)",
        "SELECT",
        'SELECT "INBOX',
        'SELECT "a&b"',
        "SELECT INBOX (NONSENSE)",
        "APPEND INBOX text",
        "LOGIN demo@example.org demo",
        "NONSENSE",
        'SELECT "caf\u00e9"',
    ],
)
def test_what_is_not_imap_is_bad(serve: Servers, command: str) -> None:
    with Imap(serve(2).imap_port, "INBOX") as client:
        assert client.say(command)[-1].startswith(b"BAD ")
        assert client.say("NOOP")[-1] == b"OK Done."


@pytest.mark.parametrize(
    "command",
    [
        "ID NIL",
        "IDLE",
        "ENABLE CONDSTORE",
        "NAMESPACE",
        "UNSELECT",
        "UID MOVE 1 Archive",
        "UID EXPUNGE 1",
        "UID SEARCH RETURN (ALL) ALL",
        'LIST "" "*" RETURN (STATUS (MESSAGES))',
        "SELECT INBOX (CONDSTORE)",
        "UID FETCH 1 (MODSEQ)",
        'XLIST "" "*"',
    ],
)
def test_a_plain_server_knows_no_extension(serve: Servers, command: str) -> None:
    with Imap(serve(2, capabilities=["IMAP4rev1"]).imap_port, "INBOX") as client:
        assert client.say(command)[-1].startswith(b"BAD ")


def test_ten_mistakes_in_a_row_end_the_patience(serve: Servers) -> None:
    with Imap(serve().imap_port) as client:
        for _ in range(9):
            assert client.say("NONSENSE")[-1].startswith(b"BAD ")
        client.say("NONSENSE")
        assert client.line() == b"* BYE Too many protocol errors\r\n"
        assert client.line() == b""


def test_nobody_gets_in_with_a_wrong_password(serve: Servers) -> None:
    with Line(serve().imap_port) as client:
        client.line()
        assert client.say("SELECT INBOX")[-1] == b"BAD Log in first"
        assert client.say("LOGIN demo@example.org wrong")[-1].startswith(b"NO [AUTHENTICATIONFAILED]")
        assert client.say("AUTHENTICATE PLAIN AGRlbW9AZXhhbXBsZS5vcmcAZGVtbw==")[-1].startswith(b"OK [CAPABILITY")
