"""What newer servers offer: a compressed line, news of every folder, their own names for mails and threads, alerts."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.backend.script import Script
from tests.backend.worlds import DovecotWorld
from tests.private_dovecot import Dovecot
from tests.servers import Demos, demo_account
from tui_mail.backend.imap.deflate import Deflation, Garbled
from tui_mail.backend.imap_store import ImapStore
from tui_mail.config.credentials import Secret
from tui_mail.demo.quirks import FULL, GMAIL, MODERN
from tui_mail.demo.server import Server
from tui_mail.model.errors import Offline, Refused

LETTER = b"From: a@example.org\r\nSubject: Hi\r\nMessage-ID: <1@example.org>\r\n\r\nText.\r\n"


def connected(server: Server, *, opens: bool = True) -> ImapStore:
    store = ImapStore(demo_account(server), lambda: Secret("demo"), timeout=5)
    store.connect()
    if opens:
        store.open(b"INBOX")
    return store


# --- COMPRESS


def test_a_stream_packed_is_the_same_when_unpacked_whatever_its_cuts() -> None:
    said = [b"a1 NOOP\r\n", b"", b"x" * 700_000, bytes(range(256)) * 40]
    one, other = Deflation(), Deflation()
    packed = b"".join(one.pack(octets) for octets in said)
    for size in (1, 7, 1 << 20):
        other = Deflation()
        heard = b""
        for start in range(0, len(packed), size):
            other.feed(packed[start : start + size])
            while octets := other.unpack():
                heard += octets
        assert heard == b"".join(said)


def test_a_few_octets_that_unfold_to_a_flood_come_in_stretches() -> None:
    packer = zlib.compressobj(9, wbits=-15)
    bomb = packer.compress(bytes(50 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH)
    line = Deflation()
    line.feed(bomb)
    assert len(line.unpack()) <= 1 << 18


def test_what_is_no_stream_is_told_apart() -> None:
    line = Deflation()
    line.feed(b"* OK not compressed at all\r\n")
    with pytest.raises(Garbled):
        line.unpack()


def test_a_line_is_compressed_where_that_is_offered(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN)
    for _ in range(300):
        server.mailbox.put(LETTER)
    store = connected(server)
    assert "COMPRESS DEFLATE" in list(server.log)
    assert len(store.newest(300)) == 300
    assert store.fetch(7) == LETTER
    assert store.append(b"Sent", LETTER) == 1


@pytest.mark.parametrize("quirk", ["refuse_compress", "false_compress"])
def test_a_server_that_only_says_that_it_compresses_is_served_uncompressed(demo_server: Demos, quirk: str) -> None:
    server = demo_server(capabilities=MODERN, quirks=[quirk])
    store = ImapStore(demo_account(server), lambda: Secret("demo"), timeout=0.3)
    for _ in range(2):  # the second time it is known
        try:
            store.connect()
            store.open(b"INBOX")
            break
        except Offline:
            continue
    assert store.open(b"INBOX").exists == 0


def test_through_a_proxy_that_reads_lines_of_its_own_nothing_is_compressed() -> None:
    """It names itself before the login alone; what is offered after that is the server's."""
    greeting = b"* OK [CAPABILITY IMAP4rev1 XIMAPPROXY] hello\r\n"
    with Script(greeting=greeting, capabilities=b"IMAP4rev1 COMPRESS=DEFLATE") as server:
        server.connected()
        assert not server.asked(b"COMPRESS")
    with Script(capabilities=b"IMAP4rev1 COMPRESS=DEFLATE") as server:
        with pytest.raises(Offline):  # it has no idea how to
            server.connected(timeout=0.3)
        assert server.asked(b"COMPRESS")


@pytest.mark.parametrize("octets", range(0, 240, 11))
def test_a_compressed_line_cut_anywhere_gives_the_whole_answer_or_none(demo_server: Demos, octets: int) -> None:
    server = demo_server(capabilities=MODERN)
    for _ in range(4):
        server.mailbox.put(LETTER)
    store = connected(server)
    server.cut(octets=octets)
    try:
        assert {message.uid for message in store.headers([1, 2, 3, 4])} == {1, 2, 3, 4}
    except Offline:
        with pytest.raises(Offline):
            store.noop()


# --- NOTIFY


def test_new_mail_in_any_folder_is_heard_of_at_once(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN)
    store = connected(server)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.wait, 20)
        server.log.wait_for("IDLE")
        server.mailbox.put(LETTER, "Archive")
        assert waiting.result(20) is True
    assert store.heard().folders == {b"Archive"}
    assert not store.heard().folders


def test_the_open_folder_is_told_apart_from_the_others(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN)
    store = connected(server)
    assert store.wait(0) is False
    server.mailbox.put(LETTER)
    assert store.wait(20) is True
    assert store.heard().folders == {b"INBOX"}


def test_folders_that_come_and_go_are_heard_of(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN)
    store = connected(server)
    store.wait(0)
    server.mailbox.create("Lists")
    assert store.wait(20) is True
    assert store.heard().listing


def test_a_server_that_lost_track_has_all_folders_looked_at_and_is_asked_again(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN, quirks=["notify_overflows"])
    store = connected(server)
    store.wait(0)
    server.mailbox.put(LETTER, "Archive")
    assert store.wait(20) is True
    assert store.heard().listing
    store.wait(0)
    assert len([line for line in server.log if line.startswith("NOTIFY")]) == 2


def test_notify_refused_is_waiting_for_the_inbox_alone(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN, quirks=["refuse_notify"])
    store = connected(server)
    store.wait(0)
    assert not store.capabilities.notify
    server.mailbox.put(LETTER)
    assert store.wait(20) is True


# --- the server's own names


@pytest.mark.parametrize("offers", [MODERN, GMAIL], ids=["objectid", "gmail"])
def test_copies_share_a_name_and_answers_a_thread(demo_server: Demos, offers: Iterable[str]) -> None:
    server = demo_server(capabilities=offers)
    server.mailbox.put(LETTER)
    server.mailbox.put(LETTER)
    answer = LETTER.replace(b"<1@", b"<2@").replace(b"\r\n\r\n", b"\r\nReferences: <1@example.org>\r\n\r\n")
    server.mailbox.put(answer)
    store = connected(server)
    store.copy([1], b"Archive")
    one, other, third = sorted(store.newest(3), key=lambda message: message.uid)
    assert one.mail and other.mail and one.mail != other.mail
    assert one.thread == other.thread == third.thread != ""
    store.open(b"Archive")
    assert [message.mail for message in store.newest(5)] == [one.mail]


def test_names_that_the_server_makes_up_are_not_believed(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN, quirks=["one_thread"])
    for size in range(5):
        server.mailbox.put(LETTER + b"x" * size)
    store = connected(server)
    assert [message.mail for message in store.newest(5)].count("") >= 4
    assert [message.thread for message in store.headers([1, 2, 3])] == ["", "", ""]


def test_names_that_are_offered_and_refused_cost_no_message(demo_server: Demos) -> None:
    server = demo_server(capabilities=MODERN, quirks=["refuse_ids"])
    for _ in range(3):
        server.mailbox.put(LETTER)
    store = connected(server)
    found = store.newest(3)
    assert len(found) == 3 and not any(message.note for message in found)


# --- what the server says to people, and why it hangs up


def test_an_alert_is_passed_on_once() -> None:
    said = {rb"NOOP": b"* OK [ALERT] Mailbox is at 98% of its quota\r\n%T OK done\r\n"}
    with Script(said, greeting=b"* OK [ALERT] Maintenance tonight\r\n") as server:
        store = server.connected()
        store.noop()
        store.noop()
        assert store.heard().words == ("Maintenance tonight", "Mailbox is at 98% of its quota")
        store.noop()
        assert store.heard().words == ()


@pytest.mark.parametrize(
    ("goodbye", "code"),
    [
        (b"* BYE [LIMIT] Sorry\r\n", "LIMIT"),
        (b"* BYE Too many simultaneous connections\r\n", "LIMIT"),
        (b"* BYE [UNAVAILABLE] Later\r\n", "UNAVAILABLE"),
        (b"* BYE Autologout; idle for too long\r\n", ""),
    ],
)
def test_why_a_server_hangs_up_is_kept(goodbye: bytes, code: str) -> None:
    for script in (Script(greeting=goodbye), Script({rb"SELECT": goodbye})):
        with script as server, pytest.raises(Offline) as caught:
            server.connected()
        assert caught.value.code == code


@pytest.mark.parametrize("reply", [b"NO [EXPIRED] Token", b"NO Session expired"])
def test_a_server_that_forgot_who_we_are_asks_for_a_new_login(reply: bytes) -> None:
    with Script({rb"UID MOVE": b"%T " + reply + b"\r\n"}) as server, pytest.raises(Offline):
        server.connected().move([5], b"Archive")


def test_over_quota_stays_what_it_is() -> None:
    with Script({rb"APPEND": b"%T NO [OVERQUOTA] Full\r\n"}) as server, pytest.raises(Refused) as caught:
        server.connected().append(b"Sent", LETTER)
    assert caught.value.permanent and "full" in str(caught.value)


def test_an_uncompressed_server_is_not_asked_to_compress(demo_server: Demos) -> None:
    server = demo_server(capabilities=FULL)
    connected(server).wait(0)
    assert not [line for line in server.log if line.startswith(("COMPRESS", "NOTIFY"))]


def test_a_real_server_compresses_and_tells_of_every_folder(dovecot: Dovecot) -> None:
    world = DovecotWorld(dovecot, dovecot.account())
    said: list[str] = []
    store = ImapStore(world.account, dovecot.secret, timeout=10, trace=lambda _, words: said.append(words))
    store.connect()
    if "compressed from here on" not in said:
        pytest.skip("this Dovecot has no zlib plugin")
    store.open(b"INBOX")
    assert store.wait(0) is False
    world.add("Archive", LETTER)
    assert store.wait(20) is True
    assert store.heard().folders == {b"Archive"}
    store.open(b"Archive")
    assert [message.size for message in store.newest(9)] == [len(LETTER)]
    store.close()
    world.close()


def test_news_of_another_folder_is_not_taken_for_the_answer_to_a_question() -> None:
    said = b"* STATUS Lists (UIDNEXT 900)\r\n* STATUS Sent (UIDNEXT 7)\r\n%T OK done\r\n"
    with Script({rb"STATUS": said}) as server:
        store = server.connected()
        assert store.status(b"Sent").uidnext == 7
        assert store.heard().folders == {b"Lists"}
