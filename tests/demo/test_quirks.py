"""The oddities of real servers: each does what its name says and nothing else breaks."""

from __future__ import annotations

import pytest

from tests.demo.client import Imap, Line, letter
from tests.demo.conftest import Servers
from tui_mail.demo.quirks import KNOWN, MODERN


@pytest.mark.parametrize("quirk", sorted(KNOWN))
def test_a_client_that_does_the_usual_still_gets_its_letters(serve: Servers, quirk: str) -> None:
    with Imap(serve(4, quirks=[quirk]).imap_port) as client:
        client.say("ID NIL")
        assert client.say("SELECT INBOX")[-1].startswith(b"OK [READ-WRITE]")
        client.say("UID FETCH 1:* (FLAGS BODY.PEEK[])")
        whole = b"\n".join(client.say("UID FETCH 1:* (FLAGS BODY.PEEK[])"))  # once more: there may be a first time
        assert all(letter(n) in whole for n in range(1, 5))


def test_an_unknown_quirk_is_an_error(serve: Servers) -> None:
    with pytest.raises(ValueError, match="no such quirk: flying"):
        serve(quirks=["flying"])


def test_who_does_not_say_its_name_cannot_select(serve: Servers) -> None:
    with Imap(serve(quirks=["require_id"]).imap_port) as client:
        assert client.say("SELECT INBOX")[-1].startswith(b"NO SELECT Unsafe Login")
        assert client.say('ID ("name" "test")')[-1].startswith(b"OK")
        assert client.say("SELECT INBOX")[-1].startswith(b"OK")


def test_idle_can_end_in_nothing(serve: Servers) -> None:
    with Imap(serve(quirks=["eof_in_idle"]).imap_port, "INBOX") as client:
        client.say("IDLE")
        assert client.line() == b""


def test_idle_can_be_offered_and_refused(serve: Servers) -> None:
    with Imap(serve(quirks=["refuse_idle"]).imap_port, "INBOX") as client:
        assert client.say("IDLE")[-1].startswith(b"NO")
        assert client.say("NOOP")[-1] == b"OK Done."


def test_move_can_be_offered_and_unknown(serve: Servers) -> None:
    server = serve(quirks=["move_says_bad"])
    with Imap(server.imap_port, "INBOX") as client:
        assert client.say("UID MOVE 1 Archive")[-1].startswith(b"BAD")
    assert server.mailbox.uids("INBOX") == [1, 2, 3]


def test_copyuid_can_be_missing_or_out_of_order(serve: Servers) -> None:
    with Imap(serve(quirks=["no_uidplus"]).imap_port, "INBOX") as client:
        assert b"UIDPLUS" in client.say("CAPABILITY")[0]
        assert client.say("UID COPY 1 Archive")[-1] == b"OK Copied."
    with Imap(serve(quirks=["permuted_copyuid"]).imap_port, "INBOX") as client:
        assert client.say("UID COPY 1:3 Archive")[-1].endswith(b" 1:3 2:3,1] Copied.")


def test_only_so_many_messages_a_command(serve: Servers) -> None:
    with Imap(serve(9, quirks=["messagelimit=4"]).imap_port, "INBOX") as client:
        assert b"MESSAGELIMIT=4" in client.say("CAPABILITY")[0]
        told = client.say("UID FETCH 1:* (FLAGS)")
        assert len(told) == 5 and told[0].startswith(b"* 6 FETCH")
        assert told[-1].startswith(b"OK [MESSAGELIMIT 4 6]")
        assert client.say("UID SEARCH ALL")[0] == b"* SEARCH 6 7 8 9"
        assert client.say("UID COPY 1:* Archive")[-1].startswith(b"NO [MESSAGELIMIT 4]")


@pytest.mark.parametrize(("quirk", "uidnext"), [("uidnext_high", b"54"), ("uidnext_low", b"3"), ("no_uidnext", b"")])
def test_uidnext_can_be_wrong_or_missing(serve: Servers, quirk: str, uidnext: bytes) -> None:
    with Imap(serve(3, quirks=[quirk]).imap_port, "INBOX") as client:
        said = [line for line in client.selected if b"UIDNEXT" in line]
        assert (said[0].split(b"]")[0].split()[-1] if said else b"") == uidnext
        assert (b"UIDNEXT" in client.say("STATUS INBOX (UIDNEXT MESSAGES)")[0]) is bool(uidnext)


def test_special_uses_come_in_lower_case_or_the_old_way(serve: Servers) -> None:
    with Imap(serve(quirks=["lower_case_special_use"]).imap_port) as client:
        assert b'* LIST (\\HasNoChildren \\sent) "/" "Sent"' in client.say('LIST "" *')
    with Imap(serve(quirks=["xlist"]).imap_port) as client:
        assert b'* LIST (\\HasNoChildren) "/" "Sent"' in client.say('LIST "" *')
        assert b'* XLIST (\\HasNoChildren \\Spam) "/" "Junk"' in client.say('XLIST "" *')


def test_strings_can_all_be_literals(serve: Servers) -> None:
    with Imap(serve(1, quirks=["literal_everything"]).imap_port, "INBOX") as client:
        assert b'* LIST (\\HasNoChildren \\Sent) "/" {4}\r\nSent' in client.say('LIST "" *')
        assert b"{5}\r\nimage {3}\r\npng" in client.say("UID FETCH 1 BODYSTRUCTURE")[0]


def test_flags_of_others_come_in_between_without_uid(serve: Servers) -> None:
    with Imap(serve(4, quirks=["unsolicited_flags"]).imap_port, "INBOX") as client:
        told = client.say("UID FETCH 2:4 (BODY.PEEK[TEXT])")
        assert b"* 2 FETCH (FLAGS ())" in told


def test_dates_can_lack_their_zone_and_counts_can_flicker(serve: Servers) -> None:
    with Imap(serve(3, quirks=["no_internal_date_zone", "exists_flicker"]).imap_port, "INBOX") as client:
        assert b':21")' in client.say("UID FETCH 1 INTERNALDATE")[0]
        assert client.say("NOOP")[:2] == [b"* 2 EXISTS", b"* 3 EXISTS"]


@pytest.mark.parametrize(
    ("quirk", "command"),
    [
        ("refuse_compress", "COMPRESS DEFLATE"),
        ("refuse_notify", "NOTIFY SET (personal (MessageNew MessageExpunge))"),
        ("refuse_ids", "FETCH 1 (EMAILID)"),
        ("refuse_esearch", "SEARCH RETURN (ALL) ALL"),
        ("refuse_list_status", 'LIST "" * RETURN (STATUS (MESSAGES))'),
    ],
)
def test_what_is_offered_can_be_refused(serve: Servers, quirk: str, command: str) -> None:
    with Imap(serve(1, capabilities=MODERN).imap_port, "INBOX") as client:
        assert client.say(command)[-1].startswith(b"OK")
    with Imap(serve(1, capabilities=MODERN, quirks=[quirk]).imap_port, "INBOX") as client:
        assert client.say(command)[-1].startswith((b"NO", b"BAD"))


def test_changes_and_removals_can_stay_untold(serve: Servers) -> None:
    server = serve(3, capabilities=MODERN, quirks=["still_modseq", "silent_vanish", "empty_search", "one_thread"])
    with Imap(server.imap_port) as client:
        client.say("ENABLE QRESYNC")
        client.say("SELECT INBOX")
        uidvalidity = server.mailbox.folders["INBOX"].uidvalidity
        server.mailbox.remove("INBOX", [2])
        told = b"".join(client.say(f"SELECT INBOX (QRESYNC ({uidvalidity} 1))"))
        assert b"VANISHED" not in told and b"[HIGHESTMODSEQ 1]" in told
        assert client.say("UID SEARCH ALL")[0] == b"* SEARCH"
        assert [line[-10:] for line in client.say("FETCH 1:2 (EMAILID)")[:2]] == [b"ILID (M0))"] * 2


def test_keywords_can_be_forgotten(serve: Servers) -> None:
    server = serve(1, quirks=["no_keywords"])
    with Imap(server.imap_port, "INBOX") as client:
        assert b"\\*" not in b"".join(client.selected)
        client.say("UID STORE 1 +FLAGS ($Forwarded \\Seen)")
    assert server.mailbox.flags_of("INBOX", 1) == {"\\Seen"}


def test_a_third_connection_can_be_one_too_many(serve: Servers) -> None:
    port = serve(quirks=["connection_limit"]).imap_port
    with Imap(port), Imap(port), Line(port) as third:
        assert third.line().startswith(b"* BYE [LIMIT]")


def test_a_set_with_a_uid_that_is_gone_can_be_refused_and_one_above_all_mean_the_last(serve: Servers) -> None:
    server = serve(4, quirks=["strict_uids"])
    with Imap(server.imap_port, "INBOX") as client:
        server.mailbox.remove("INBOX", [2])
        assert client.say("UID FETCH 1:2 (UID)")[-1].startswith(b"OK")
        assert client.say("UID FETCH 1,4 (UID)")[-1].startswith(b"OK")
        server.mailbox.remove("INBOX", [3])
        assert client.say("UID FETCH 1,3 (UID)")[-1].startswith(b"BAD")
        assert client.say("UID FETCH 99 (UID)")[0].endswith(b"FETCH (UID 4)")


def test_a_message_can_be_empty_when_it_is_asked_for_first(serve: Servers) -> None:
    with Imap(serve(4, quirks=["empty_first=2"]).imap_port, "INBOX") as client:
        sizes = [client.say("UID FETCH 1 (RFC822.SIZE)")[0] for _ in range(3)]
        assert [b"SIZE 0)" in size for size in sizes] == [True, True, False]
