"""Before the other end is proven nothing secret is said, and every way in which a login fails has its own sentence."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping

import pytest

from tests.backend.script import PASSWORD, Peer, Reply, Script
from tui_mail.backend.imap_store import ImapStore
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server
from tui_mail.model.errors import AuthFailed, MailError, Offline, Refused, TlsFailed, Unsupported

PROOF = base64.b64encode(f"\0ann@example.org\0{PASSWORD}".encode())
OK = b"%T OK begin\r\n"


def failure(server: Script) -> MailError:
    with pytest.raises(MailError) as caught:
        server.store().connect()
    return caught.value


def secret_was_said(lines: list[bytes]) -> bool:
    return any(PASSWORD.encode() in line or PROOF in line or b"LOGIN" in line or b"AUTH" in line for line in lines)


# --- encryption first


def test_starttls_encrypts_before_the_password_and_asks_again_what_the_server_can() -> None:
    with Script(starttls=OK) as server:
        server.connected().close()
    assert [line.partition(b" ")[2] for line in server.said] == [b"STARTTLS"]
    assert b"CAPABILITY" in server.commands
    assert secret_was_said(server.hidden)


def test_a_preauth_greeting_on_a_starttls_account_is_refused_and_not_one_octet_is_sent() -> None:
    with Script(greeting=b"* PREAUTH [CAPABILITY IMAP4rev1] in\r\n", starttls=OK) as server:
        error = failure(server)
    assert isinstance(error, TlsFailed)
    assert server.said == []


@pytest.mark.parametrize(
    "injected",
    [
        b"* OK [ALERT] x\r\n",
        b"* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n2 OK done\r\n",
        b'* LIST () "/" Evil\r\n',
        b"x",
    ],
)
def test_words_slipped_in_behind_starttls_are_an_attack(injected: bytes) -> None:
    with Script(starttls=OK + injected) as server:
        error = failure(server)
    assert isinstance(error, TlsFailed)
    assert not secret_was_said(server.said + server.hidden)


@pytest.mark.parametrize("answer", [b"%T NO x\r\n", b"%T BAD x\r\n"])
def test_a_server_that_refuses_to_encrypt_gets_no_password(answer: bytes) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"
    with Script({b"STARTTLS": answer}, greeting=greeting) as server:
        store = starttls_store(server)
        with pytest.raises(TlsFailed):
            store.connect()
    assert not secret_was_said(server.said)


def test_a_server_that_says_ok_and_does_not_encrypt_gets_no_password() -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"
    with Script({b"STARTTLS": OK}, greeting=greeting) as server:
        store = starttls_store(server, timeout=0.3)
        with pytest.raises((TlsFailed, Offline)):
            store.connect()
    assert not secret_was_said(server.said)


def test_a_server_without_starttls_gets_no_password() -> None:
    with Script() as server, pytest.raises(TlsFailed, match="offers no encryption"):
        starttls_store(server).connect()
    assert not secret_was_said(server.said)


@pytest.mark.parametrize("tag", [b"A001", b"A1", b"1", b"*"])
def test_an_answer_prepared_before_the_question_is_out_of_turn(tag: bytes) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n" + tag + b" OK begin\r\n"
    with Script({b"STARTTLS": OK}, greeting=greeting) as server:
        store = starttls_store(server, timeout=0.3)
        with pytest.raises((TlsFailed, Offline)):
            store.connect()
    assert not secret_was_said(server.said)


def test_what_is_said_in_the_clear_is_never_believed_later() -> None:
    greeting = (
        b"* OK [CAPABILITY IMAP4rev1 STARTTLS MOVE AUTH=EVIL] hi\r\n"
        b'* LIST () "/" Evil\r\n* 1 FETCH (UID 5 FLAGS (\\Deleted))\r\n* OK [REFERRAL imap://evil/] x\r\n'
    )
    with Script(greeting=greeting, starttls=OK, capabilities=b"IMAP4rev1") as server:
        store = server.store()
        store.connect()
        assert [folder.name for folder in store.folders()] == ["INBOX"]
        assert not store.capabilities.move
        store.close()


def starttls_store(server: Script, timeout: float = 5) -> ImapStore:
    place = Server("localhost", server.port, "starttls")
    return ImapStore(Account("test", "ann@example.org", place, place), lambda: Secret(PASSWORD), timeout=timeout)


# --- greetings


@pytest.mark.parametrize(
    ("greeting", "kind", "words"),
    [
        (b"* BYE too many connections\r\n", Offline, "too many connections"),
        (b"* NO [ALERT] x\r\n", Offline, "no IMAP server"),
        (b"* XYZ\r\n", Offline, "no IMAP server"),
        (b"A1 OK hi\r\n", Offline, "no IMAP server"),
        (b"220 mail ESMTP\r\n", Offline, "no IMAP server"),
        (b"\r\n* XYZ\r\n", Offline, "no IMAP server"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", Offline, "web page"),
        (b"<html>log in</html>\r\n", Offline, "web page"),
    ],
)
def test_what_is_no_greeting_is_told_and_gets_no_password(greeting: bytes, kind: type[MailError], words: str) -> None:
    with Script(greeting=greeting) as server:
        error = failure(server)
    assert isinstance(error, kind)
    assert words in error.text
    assert server.said == []


def test_a_server_that_knows_us_already_is_asked_for_no_password() -> None:
    with Script(greeting=b"* PREAUTH [CAPABILITY IMAP4rev1] in\r\n") as server:
        server.connected().close()
    assert not secret_was_said(server.said)


def test_a_silent_server_is_given_up_after_the_timeout() -> None:
    with Script(greeting=b"") as server, pytest.raises(Offline, match="has not answered"):
        server.store(timeout=0.2).connect()


# --- the login itself


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        (b"SASL-IR AUTH=PLAIN", [b"AUTHENTICATE PLAIN " + PROOF]),
        (b"AUTH=PLAIN", [b"AUTHENTICATE PLAIN"]),
        (b"AUTH=PLAIN LOGINDISABLED", [b"AUTHENTICATE PLAIN"]),
        (b"", [b'LOGIN "ann@example.org" "' + PASSWORD.encode() + b'"']),
    ],
)
def test_one_way_to_log_in_is_chosen_and_only_one(offered: bytes, said: list[bytes]) -> None:
    def authenticate(peer: Peer, command: bytes) -> bytes:
        if command == b"AUTHENTICATE PLAIN":
            peer.send(b"+ \r\n")
            assert peer.line() == PROOF
        return b"%T OK in\r\n"

    with Script({b"AUTHENTICATE": authenticate}, capabilities=b"IMAP4rev1 " + offered) as server:
        server.store().connect()
    assert [line for line in server.commands if line.startswith((b"AUTH", b"LOGIN"))] == said


def test_a_server_that_wants_oauth_says_so_and_gets_no_password() -> None:
    with Script(capabilities=b"IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2") as server:
        error = failure(server)
    assert isinstance(error, Unsupported)
    assert "OAuth" in error.remedy
    assert not secret_was_said(server.said)


def test_a_server_that_asks_for_the_proof_again_although_it_has_it_gets_it_once() -> None:
    def deaf(peer: Peer, command: bytes) -> bytes:
        peer.send(b"+ \r\n")
        assert peer.line() == PROOF
        peer.send(b"+ what?\r\n")
        assert peer.line() == b"*"
        return b"%T BAD cancelled\r\n"

    with Script({b"AUTHENTICATE": deaf}, capabilities=b"IMAP4rev1 SASL-IR AUTH=PLAIN LOGINDISABLED") as server:
        assert isinstance(failure(server), AuthFailed)


def test_login_takes_over_where_authenticate_is_not_understood() -> None:
    with Script({b"AUTHENTICATE": b"%T BAD what\r\n"}, capabilities=b"IMAP4rev1 SASL-IR AUTH=PLAIN") as server:
        server.store().connect()
    assert server.commands[-1].startswith(b"LOGIN ")


def test_odd_passwords_go_out_counted() -> None:
    odd = 'pä"ss\\wörd'
    with Script(capabilities=b"IMAP4rev1") as server:
        place = Server("localhost", server.port, "none")
        ImapStore(Account("test", "ann@example.org", place, place), lambda: Secret(odd), timeout=5).connect()
    assert server.literals == [odd.encode()]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (b"NO [AUTHENTICATIONFAILED] Invalid credentials", AuthFailed, "Invalid credentials"),
        (b"NO [AUTHORIZATIONFAILED] no", AuthFailed, "does not accept the login of ann@example.org"),
        (b"NO [EXPIRED] old", AuthFailed, "has expired"),
        (b"NO LOGIN failed.", AuthFailed, "LOGIN failed."),
        (b"NO", AuthFailed, "does not accept the login of ann@example.org."),
        (b"BAD what", AuthFailed, "what"),
        (b"NO [UNAVAILABLE] backend down", Offline, "backend down"),
        (b"NO [INUSE] locked", Offline, "locked"),
        (b"NO [LIMIT] Too many simultaneous connections", Offline, "Too many"),
        (b"NO [SERVERBUG] oops", Offline, "oops"),
        (b"NO Too many connections, try again later", Offline, "Too many"),
        (b"NO [THROTTLED]", Offline, "slow down"),
    ],
)
def test_a_failed_login_says_whether_the_password_or_time_is_the_remedy(
    answer: bytes, kind: type[MailError], words: str
) -> None:
    with Script({b"LOGIN": b"%T " + answer + b"\r\n"}) as server:
        error = failure(server)
    assert type(error) is kind
    assert words in error.text
    assert len([line for line in server.commands if line.startswith(b"LOGIN")]) == 1


def test_a_goodbye_in_the_middle_of_the_login_is_offline_with_the_servers_words() -> None:
    with Script({b"LOGIN": b"* BYE [UNAVAILABLE] maintenance\r\n"}) as server:
        error = failure(server)
    assert isinstance(error, Offline)
    assert "maintenance" in error.text


@pytest.mark.parametrize("offered", [b"", b"SASL-IR AUTH=PLAIN"])
def test_a_password_that_the_server_repeats_is_shown_nowhere(offered: bytes) -> None:
    seen: list[str] = []

    def echo(peer: Peer, command: bytes) -> bytes:
        peer.send(b"* OK you said " + command + b"\r\n")
        return b"%T NO bad: " + command + b" " + PASSWORD.encode() + b"\r\n"

    with Script({b"LOGIN|AUTHENTICATE": echo}, capabilities=b"IMAP4rev1 " + offered) as server:
        store = server.store(trace=lambda direction, text: seen.append(f"{direction} {text}"))
        with pytest.raises(AuthFailed) as caught:
            store.connect()
    shown = "\n".join([*seen, repr(caught.value), str(caught.value), caught.value.detail])
    assert PASSWORD not in shown
    assert PROOF.decode() not in shown
    assert "****" in shown


def test_the_trace_shows_the_dialogue_with_the_secret_masked() -> None:
    seen: list[tuple[str, str]] = []
    with Script(security="tls", capabilities=b"IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+") as server:
        store = server.store(trace=lambda direction, text: seen.append((direction, text)))
        store.connect()
        store.append(b"INBOX", b"Subject: private\r\n\r\nvery private\r\n")
        store.close()
    told = [(direction, text.partition(" ")[2] if direction == "→" else text) for direction, text in seen]
    assert told[0] == ("←", "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+] hello")
    assert told[1][0] == "·"
    assert "TLSv1" in told[1][1]
    assert told[2] == ("→", "AUTHENTICATE PLAIN ****")
    assert ("→", 'APPEND "INBOX" {34}') in told
    assert not any("private" in text for _, text in seen)


# --- after the login


def test_capabilities_are_those_after_the_login() -> None:
    replies: Mapping[bytes, Reply] = {
        b"LOGIN": b"%T OK in\r\n",
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 move\r\n%T OK done\r\n",
    }
    with Script(replies, greeting=b"* OK [CAPABILITY IMAP4rev1 IDLE] hi\r\n") as server:
        store = server.store()
        store.connect()
        assert (store.capabilities.move, store.capabilities.idle) == (True, False)


def test_we_say_our_name_and_enable_what_helps_before_any_folder_is_opened() -> None:
    replies: Mapping[bytes, Reply] = {
        b"ID": b'* ID ("name" "Some Server")\r\n%T OK\r\n',
        b"ENABLE": b"* ENABLED QRESYNC\r\n%T OK\r\n",
    }
    with Script(replies, capabilities=b"IMAP4rev1 IMAP4rev2 UTF8=ACCEPT ID ENABLE CONDSTORE QRESYNC") as server:
        store = server.connected()
        assert store.capabilities.qresync
    assert [line.partition(b" ")[0] for line in server.commands] == [b"LOGIN", b"ID", b"ENABLE", b"SELECT"]
    assert server.commands[1].startswith(b'ID ("name" "tui-mail" "version" "')
    assert server.commands[2] == b"ENABLE QRESYNC"


@pytest.mark.parametrize("answer", [b"* ENABLED\r\n%T OK\r\n", b"%T OK\r\n", b"%T BAD\r\n", b"%T NO\r\n"])
def test_resync_counts_only_where_the_server_confirmed_it(answer: bytes) -> None:
    with Script({b"ENABLE": answer}, capabilities=b"IMAP4rev1 ENABLE CONDSTORE QRESYNC") as server:
        store = server.connected()
        assert (store.capabilities.qresync, store.capabilities.condstore) == (False, True)
    assert server.commands[-1] == b'SELECT "INBOX" (CONDSTORE)'


# --- the end from elsewhere


def test_closing_ends_a_login_that_hangs() -> None:
    asked = threading.Event()

    def hang(peer: Peer, command: bytes) -> bytes:
        asked.set()
        return b""

    with Script({b"LOGIN": hang}) as server:
        store = server.store(timeout=30)
        failed: list[BaseException] = []

        def connect() -> None:
            try:
                store.connect()
            except MailError as error:
                failed.append(error)

        thread = threading.Thread(target=connect)
        thread.start()
        assert asked.wait(20)
        store.close()
        thread.join(5)
    assert [type(error) for error in failed] == [Offline]


def test_netease_says_why_a_folder_cannot_be_opened() -> None:
    words = b"%T NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n"
    with Script({b"SELECT": words}) as server, pytest.raises(Refused, match="Unsafe Login"):
        server.connected()
