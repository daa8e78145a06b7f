"""An account is tried before it is written down, and each fault has its own sentence."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backend.script import PASSWORD, Script
from tests.servers import Demos, Sinks, demo_account
from tests.sink import CA, STALL, Sink, shut
from tui_mail.backend.imap_store import ImapStore
from tui_mail.backend.smtp import SmtpSender
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Security, Server
from tui_mail.engine.enrolment import Enrolment
from tui_mail.model.errors import AuthFailed, BadConfig, MailError, Offline, StorageFailed, TlsFailed, Unsupported


def enrolment(folder: Path, password: str = PASSWORD, timeout: float = 5) -> Enrolment:
    """As the program makes it, and impatient."""
    credentials = Credentials(ask=True)
    for key in ("test", "demo", "work"):
        credentials.offer(Account(key, "a@example.org", HERE, HERE), Secret(password))
    return Enrolment(
        folder / "config.toml",
        folder / "data",
        credentials,
        connect=lambda account: ImapStore(account, lambda: credentials.password(account), timeout=timeout),
        carry=lambda account: SmtpSender(account, lambda: credentials.password(account), timeout=timeout),
    )


HERE = Server("localhost", 1)


def account(port: int, security: Security = "tls", *, host: str = "localhost", ca: bool = True) -> Account:
    server = Server(host, port, security)
    return Account("test", "ann@example.org", server, server, ca_file=CA if ca else None)


def fault(future: Callable[[], object], kind: type[MailError]) -> str:
    with pytest.raises(kind) as caught:
        future()
    return str(caught.value)


@contextmanager
def listener(answer: bytes = b"") -> Iterator[int]:
    """A port that says one thing to whoever comes, and nothing more."""
    server = socket.create_server(("127.0.0.1", 0))
    peers: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                server.close()
                return  # the test is over
            peers.append(peer)
            if answer:
                peer.recv(4096)
                peer.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    yield int(server.getsockname()[1])
    for sock in (server, *peers):
        shut(sock)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_an_account_that_works_is_let_in_and_nothing_is_sent(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server(security="tls")
    one = demo_account(server, "tls")
    trial = enrolment(tmp_path, "demo")
    assert trial.reading(one, ()).result(20) == one.imap
    assert trial.sending(one, ()).result(20) == one.smtp
    assert not server.sent
    assert not list(tmp_path.iterdir())


def test_a_wrong_password_is_told_once_by_each_server(tmp_path: Path, demo_server: Demos, sink: Sinks) -> None:
    server = demo_server(security="tls")
    one = demo_account(server, "tls")
    trial = enrolment(tmp_path, "wrong")
    said = fault(lambda: trial.reading(one, (Server("127.0.0.1", one.imap.port),)).result(20), AuthFailed)
    assert said.startswith("localhost does not accept the login of demo@example.org")
    assert sum(line.upper().startswith("AUTHENTICATE") or " AUTHENTICATE " in line.upper() for line in server.log) <= 1
    post = sink(security="tls", users={"ann@example.org": "right"})
    said = fault(lambda: trial.sending(account(post.port), ()).result(20), AuthFailed)
    assert said.startswith(f"localhost:{post.port} does not accept the password for ann@example.org.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (b"[ALERT] Your account is not enabled for IMAP use. Please visit your settings page", "IMAP is switched off"),
        (b"[ALERT] You are yet to enable IMAP for your account.", "IMAP is switched off"),
        (b"[AUTHORIZATIONFAILED] IMAP access is disabled", "IMAP is switched off"),
        (b"[AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled", "does not accept the login"),
        (b"LOGIN Login error or password error", "does not accept the login"),
        (b"[ALERT] Application-specific password required", "Application-specific password required"),
    ],
)
def test_imap_that_is_switched_off_is_not_taken_for_a_wrong_password(
    tmp_path: Path, words: bytes, sentence: str
) -> None:
    with Script({rb"LOGIN|AUTHENTICATE": b"%T NO " + words + b"\r\n"}, security="tls") as server:
        said = fault(lambda: enrolment(tmp_path).reading(account(server.port), ()).result(20), AuthFailed)
    assert sentence in said


def test_a_login_that_opens_nothing_is_no_success(tmp_path: Path) -> None:
    with Script({rb"LIST": b"%T NO Unsafe Login. Please contact the help desk\r\n"}, security="tls") as server:
        said = fault(lambda: enrolment(tmp_path).reading(account(server.port), ()).result(20), MailError)
    assert "Unsafe Login" in said


def test_a_server_that_takes_no_passwords_is_not_given_one(tmp_path: Path) -> None:
    with Script(capabilities=b"IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2", security="tls") as server:
        said = fault(lambda: enrolment(tmp_path).reading(account(server.port), ()).result(20), Unsupported)
        assert not [line for line in server.commands if PASSWORD.encode() in line]
    assert "OAuth" in said


def test_a_certificate_for_another_name_ends_it_before_the_password(tmp_path: Path, sink: Sinks) -> None:
    post = sink(security="tls", certificate="other")  # TLS is the same for both
    for step in ("reading", "sending"):
        said = fault(lambda step=step: getattr(enrolment(tmp_path), step)(account(post.port), ()).result(20), TlsFailed)  # type: ignore[misc]
        first = f"The certificate of localhost:{post.port} is not made out to localhost, so nothing was sent."
        assert said.startswith(first) and "log in there first" in said
    assert not post.lines


def test_an_unknown_authority_is_told_with_the_way_to_trust_it(tmp_path: Path, sink: Sinks) -> None:
    with Script(security="tls") as server:
        said = fault(lambda: enrolment(tmp_path).reading(account(server.port, ca=False), ()).result(20), TlsFailed)
    assert "authority that this machine does not know (a ca_file can add it)" in said
    post = sink(security="tls")
    said = fault(lambda: enrolment(tmp_path).sending(account(post.port, ca=False), ()).result(20), TlsFailed)
    assert "authority that this machine does not know" in said


def test_a_closed_port_is_told(tmp_path: Path) -> None:
    port = closed_port()
    for step in ("reading", "sending"):
        said = fault(lambda step=step: getattr(enrolment(tmp_path), step)(account(port), ()).result(20), Offline)  # type: ignore[misc]
        assert said.startswith(f"Nothing listens at localhost:{port}: the port is closed.")


def test_a_name_that_does_not_resolve_is_told(tmp_path: Path) -> None:
    one = account(993, host="imap.nowhere.invalid")
    said = fault(lambda: enrolment(tmp_path).reading(one, ()).result(20), Offline)
    assert said.startswith("The name imap.nowhere.invalid cannot be looked up.")


def test_a_port_that_speaks_in_the_clear_is_told_with_the_way_out(tmp_path: Path, sink: Sinks) -> None:
    with Script() as server:
        said = fault(lambda: enrolment(tmp_path).reading(account(server.port), ()).result(20), TlsFailed)
        assert not [line for line in server.commands if PASSWORD.encode() in line]
    assert "speaks without encryption from the start" in said and "starttls" in said
    post = sink()
    said = fault(lambda: enrolment(tmp_path).sending(account(post.port), ()).result(20), TlsFailed)
    assert "speaks without encryption from the start" in said


def test_a_port_that_waits_for_tls_is_told_to_those_who_wait_for_its_greeting(tmp_path: Path, sink: Sinks) -> None:
    with Script(security="tls") as server:
        trial = enrolment(tmp_path, timeout=0.3)
        said = fault(lambda: trial.reading(account(server.port, "starttls"), ()).result(20), Offline)
    assert "says nothing. Perhaps this port speaks TLS from the start" in said
    post = sink(security="tls")
    said = fault(
        lambda: enrolment(tmp_path, timeout=0.3).sending(account(post.port, "starttls"), ()).result(20), Offline
    )
    assert "says nothing. Perhaps this port speaks TLS from the start" in said


@pytest.mark.parametrize(
    "page", [b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n", b"HTTP/1.0 400 Bad Request\r\n\r\n<html>"]
)
def test_the_login_page_of_the_network_is_told(tmp_path: Path, page: bytes) -> None:
    with listener(page) as port:
        for step in ("reading", "sending"):
            said = fault(lambda step=step: getattr(enrolment(tmp_path), step)(account(port), ()).result(20), Offline)  # type: ignore[misc]
            assert "This network wants you to log in first" in said


def test_a_port_that_says_nothing_is_told_in_time(tmp_path: Path) -> None:
    with listener() as port:
        for step in ("reading", "sending"):
            trial = enrolment(tmp_path, timeout=0.3)
            said = fault(lambda step=step, trial=trial: getattr(trial, step)(account(port), ()).result(20), Offline)  # type: ignore[misc]
            assert re.search(r"did not finish the TLS handshake in time|has not answered|does not answer", said), said


def test_the_first_server_that_proves_its_name_is_found(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server(security="tls")
    one = demo_account(server, "tls")
    right = one.imap
    wrong = (Server("localhost", closed_port()), Server("127.0.0.1", closed_port()), right)
    trial = enrolment(tmp_path, "demo")
    assert trial.reading(replace(one, imap=wrong[0]), wrong[1:]).result(20) == right
    assert trial.sending(replace(one, smtp=wrong[0]), (one.smtp,)).result(20) == one.smtp


def test_where_no_server_is_found_it_is_said_what_was_tried(tmp_path: Path) -> None:
    one = replace(account(1), imap=Server("imap.x.invalid", 993))
    said = fault(lambda: enrolment(tmp_path).reading(one, (Server("mail.x.invalid", 993),)).result(20), Offline)
    assert said == (
        "The name imap.x.invalid cannot be looked up. "
        "Tried were imap.x.invalid and mail.x.invalid; put in the right one."
    )


def test_a_relay_that_stalls_at_the_login_ends_in_time(tmp_path: Path, sink: Sinks) -> None:
    post: Sink = sink(security="tls", users={}, script={"AUTH": STALL})
    said = fault(lambda: enrolment(tmp_path, timeout=0.3).sending(account(post.port), ()).result(20), Offline)
    assert f"localhost:{post.port}" in said


def test_a_cancelled_trial_disturbs_nobody(tmp_path: Path) -> None:
    with listener() as port:
        future = enrolment(tmp_path, timeout=0.2).reading(account(port), ())
        assert future.cancel()
        assert future.cancelled()


def test_a_command_that_prints_no_password_is_told_before_any_server_is_asked(tmp_path: Path) -> None:
    one = replace(account(1), password_command=("false",))
    said = fault(lambda: enrolment(tmp_path).unlock(one, None).result(20), AuthFailed)
    assert said.startswith("The password_command of test (false) ended with exit code 1")


def test_where_there_is_no_keyring_it_is_said_beforehand_and_nothing_is_written(tmp_path: Path) -> None:
    trial = enrolment(tmp_path)
    assert trial.why_not_kept().result(20) == "this system has no keyring"  # the tests' own keyring keeps nothing
    fault(lambda: trial.keep(account(1), Secret("x")).result(20), StorageFailed)
    assert not trial.path.exists()


def test_an_account_is_appended_under_a_name_that_is_free(tmp_path: Path) -> None:
    trial = enrolment(tmp_path)
    trial.path.write_text("# mine\n")
    assert [trial.key_for(address) for address in ("a@gmail.com", "a@mail.example.co.uk", "10@qq.com")] == [
        "gmail",
        "example",
        "qq",
    ]
    for number in (1, 2):
        key = trial.key_for("ann@gmail.com")
        trial.write(replace(account(993), key=key, address=f"ann{number}@gmail.com")).result(20)
    assert list(trial.settings().accounts) == ["gmail", "gmail-2"]
    text = trial.path.read_text()
    assert text.startswith("# mine\n")
    assert text.splitlines()[trial.line_of("gmail-2") - 1] == "[accounts.gmail-2]"
    fault(lambda: trial.write(replace(account(993), key="gmail")).result(20), BadConfig)
    assert trial.path.read_text() == text


def test_a_real_server_lets_in_and_says_no(tmp_path: Path, dovecot: object) -> None:
    from tests.private_dovecot import PASSWORD as RIGHT
    from tests.private_dovecot import Dovecot

    assert isinstance(dovecot, Dovecot)
    both: tuple[Security, ...] = ("tls", "starttls")
    before = len(dovecot.sink.taken)
    for security in both:
        one = dovecot.account(security)
        assert enrolment(tmp_path, RIGHT).reading(one, ()).result(20) == one.imap
        assert enrolment(tmp_path, RIGHT).sending(one, ()).result(20) == one.smtp
        fault(lambda one=one: enrolment(tmp_path, "no").reading(one, ()).result(20), AuthFailed)  # type: ignore[misc]
        fault(lambda one=one: enrolment(tmp_path, "no").sending(one, ()).result(20), AuthFailed)  # type: ignore[misc]
    assert len(dovecot.sink.taken) == before
