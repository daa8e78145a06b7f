"""What clients read from the demo server: folders, messages, parts, searches."""

from __future__ import annotations

import imaplib

import pytest
from imapclient import IMAPClient

from tests.demo.client import Imap, letter
from tests.demo.conftest import Servers


def test_the_standard_library_reads_folders_and_letters(serve: Servers) -> None:
    with imaplib.IMAP4("127.0.0.1", serve(3).imap_port) as client:
        client.login("demo@example.org", "demo")
        assert client.select("INBOX") == ("OK", [b"3"])
        _, found = client.uid("FETCH", "2", "(BODY.PEEK[])")
        assert isinstance(found[0], tuple) and found[0][1] == letter(2)
        assert client.uid("SEARCH", "SUBJECT", '"letter 3"') == ("OK", [b"3"])


def test_imapclient_understands_envelope_and_structure(serve: Servers) -> None:
    client = IMAPClient("127.0.0.1", serve(2).imap_port, ssl=False)
    client.login("demo@example.org", "demo")
    client.select_folder("INBOX")
    found = client.fetch([1], ["ENVELOPE", "BODYSTRUCTURE", "INTERNALDATE"])[1]
    assert found[b"ENVELOPE"].subject == b"Letter 1"
    assert found[b"ENVELOPE"].from_[0].mailbox == b"ann"
    assert found[b"BODYSTRUCTURE"].is_multipart
    assert found[b"BODYSTRUCTURE"][0][1][8] == (b"attachment", (b"filename", b"a.png"))
    client.logout()


def test_every_part_is_read_octet_for_octet(serve: Servers) -> None:
    with Imap(serve(1).imap_port, "INBOX") as client:
        assert client.say("UID FETCH 1 BODY.PEEK[1]")[0] == b"* 1 FETCH (UID 1 BODY[1] {8}\r\nHello.\r\n)"
        assert client.say("UID FETCH 1 BODY.PEEK[2]")[0].endswith(b"BODY[2] {4}\r\nAAAA)")
        assert b"Content-Disposition: attachment" in client.say("UID FETCH 1 BODY.PEEK[2.MIME]")[0]
        assert client.say("UID FETCH 1 BODY.PEEK[3]")[0].endswith(b"BODY[3] NIL)")
        assert client.say("UID FETCH 1 BODY.PEEK[]<6.3>")[0].endswith(b"BODY[]<6> {3}\r\nAnn)")
        only = client.say("UID FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT MESSAGE-ID)]")[0]
        assert only.endswith(b"{50}\r\nSubject: Letter 1\r\nMessage-ID: <1@example.com>\r\n\r\n)")


def test_a_letter_within_a_letter_has_parts_of_its_own(serve: Servers) -> None:
    server = serve(0)
    inner = letter(7)
    outer = b'Subject: Fwd\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\n\r\nsee below\r\n'
    server.mailbox.put(outer + b"--o\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--o--\r\n")
    with Imap(server.imap_port, "INBOX") as client:
        assert client.say("UID FETCH 1 BODY.PEEK[2]")[0].endswith(inner + b")")
        assert client.say("UID FETCH 1 BODY.PEEK[2.1]")[0].endswith(b"{8}\r\nHello.\r\n)")
        assert b"Subject: Letter 7" in client.say("UID FETCH 1 BODY.PEEK[2.HEADER]")[0]
        assert b'"message" "rfc822"' in client.say("UID FETCH 1 BODYSTRUCTURE")[0]


def test_reading_marks_as_read_unless_peeking(serve: Servers) -> None:
    server = serve(2)
    with Imap(server.imap_port, "INBOX") as client:
        client.say("UID FETCH 1 BODY.PEEK[]")
        assert server.mailbox.flags_of("INBOX", 1) == frozenset()
        told = client.say("UID FETCH 1 BODY[]")
        assert server.mailbox.flags_of("INBOX", 1) == {"\\Seen"}
        assert b"* 1 FETCH (UID 1 FLAGS (\\Seen))" in told


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("ALL", "1 2 3"),
        ("UID 2:*", "2 3"),
        ("UID 9:*", "3"),
        ("UNSEEN", "1 3"),
        ("SEEN", "2"),
        ("NOT SEEN", "1 3"),
        ("OR SEEN UID 3", "2 3"),
        ("(SEEN)", "2"),
        ("KEYWORD $Forwarded", "2"),
        ("FROM ann LARGER 10", "1 2 3"),
        ("SMALLER 10", ""),
        ("HEADER Message-ID <3@example.com>", "3"),
        ("TEXT hello", "1 2 3"),
        ("SINCE 21-Sep-2026 BEFORE 22-Sep-2026", "1 2 3"),
        ("ON 20-Sep-2026", ""),
        ("CHARSET UTF-8 SUBJECT {8}\r\nLetter 2", "2"),
        ("MODSEQ 5", "2"),
    ],
)
def test_a_search_finds_what_it_says(serve: Servers, keys: str, found: str) -> None:
    server = serve(3)
    server.mailbox.flag("INBOX", [2], add={"\\Seen", "$Forwarded"})
    with Imap(server.imap_port, "INBOX") as client:
        keys = keys.replace("{8}", "{8+}")
        assert client.say(f"UID SEARCH {keys}") == [f"* SEARCH {found}".strip().encode(), b"OK Done."]


def test_an_extended_search_counts(serve: Servers) -> None:
    with Imap(serve(5).imap_port, "INBOX") as client:
        assert client.say("UID SEARCH RETURN (MIN MAX COUNT ALL) UID 2:*")[0] == (
            b'* ESEARCH (TAG "t") UID MIN 2 MAX 5 ALL 2:5 COUNT 4'
        )


def test_folders_are_listed_with_their_uses_and_counts(serve: Servers) -> None:
    server = serve(2)
    server.mailbox.create("Rezepte & Küche")
    with Imap(server.imap_port) as client:
        told = client.say('LIST "" "*" RETURN (SPECIAL-USE SUBSCRIBED STATUS (MESSAGES UNSEEN UIDNEXT))')
        assert b'* LIST (\\HasNoChildren \\Sent \\Subscribed) "/" "Sent"' in told
        assert b'* STATUS "INBOX" (MESSAGES 2 UNSEEN 2 UIDNEXT 3)' in told
        assert b'* LIST (\\HasNoChildren \\Subscribed) "/" "Rezepte &- K&APw-che"' in told
        assert client.say('STATUS "Rezepte &- K&APw-che" (MESSAGES)')[-1].startswith(b"OK")
        assert client.say('LIST "" "%"')[0] == b'* LIST (\\HasNoChildren) "/" "INBOX"'


def test_a_folder_can_be_made_renamed_and_removed(serve: Servers) -> None:
    server = serve()
    with Imap(server.imap_port) as client:
        assert client.say("CREATE Projects/Boat")[-1] == b"OK Created."
        assert client.say("CREATE Projects")[-1].startswith(b"NO [ALREADYEXISTS]")
        assert client.say("DELETE Projects")[-1].startswith(b"NO [HASCHILDREN]")
        assert client.say("RENAME Projects Work")[-1] == b"OK Renamed."
        assert "Work/Boat" in server.mailbox.folders
        assert client.say("DELETE Work/Boat")[-1] == b"OK Deleted."
        assert client.say("SELECT Work/Boat")[-1].startswith(b"NO [NONEXISTENT]")
