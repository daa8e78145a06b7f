"""The doctor says what is right and what is not, in words that can be posted."""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.backend.script import Script
from tests.backend.worlds import MaildirWorld
from tests.cli.shell import Shell, configure
from tests.private_dovecot import PASSWORD, Dovecot
from tests.servers import Demos, demo_account
from tests.sink import CA
from tui_mail.config.settings import Account
from tui_mail.config.settings import Server as Place

Shown = pytest.CaptureFixture[str]


def findings(shell: Shell, *words: str) -> list[dict[str, Any]]:
    shell.run("doctor", "--json", *words)
    assert shell.said == ""
    found: list[dict[str, Any]] = json.loads(shell.out)
    return found


def steps(found: list[dict[str, Any]], part: str) -> list[str]:
    return list(dict.fromkeys(one["step"] for one in found if one["part"] == part))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_real_server_is_looked_at_from_its_name_to_its_folders(
    tmp_path: Path, dovecot: Dovecot, capsys: Shown, security: Any
) -> None:
    account = dovecot.account(security)
    shell = Shell(configure(tmp_path, account, password=PASSWORD), capsys)
    found = findings(shell)
    assert shell.code == 0, shell.out
    line = ["name", "line", "encryption", "certificate", "greeting"]
    assert steps(found, "imap") == [*line, "before login", "login", "after login", "abilities", "folders", "roles"]
    assert steps(found, "smtp") == [*line, "EHLO", "login", "VRFY", "NOOP", "RSET"]
    assert "tui-mail test authority" in shell.out and "TLSv1" in shell.out
    assert account.login not in shell.out and PASSWORD not in shell.out


def test_a_certificate_that_only_the_person_trusts_is_said(tmp_path: Path, dovecot: Dovecot, capsys: Shown) -> None:
    account = dovecot.account()
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("localhost", account.imap.port))))
    pinned = replace(account, ca_file=None, imap=replace(account.imap, certificate=digest.hexdigest()))
    shell = Shell(configure(tmp_path, pinned, password=PASSWORD), capsys)
    found = findings(shell, "--imap")
    [told] = [one for one in found if one["step"] == "certificate"]
    assert (shell.code, told["state"]) == (0, "note")
    assert digest.hexdigest() in told["text"] and "you trust just this one" in told["text"]


def test_the_dialogue_is_shown_without_password_and_address(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    account = demo_account(demo_server(security="tls"), "tls")
    shell = Shell(configure(tmp_path, account), capsys)
    out = shell("doctor", "--smtp")
    said = [line for line in out.splitlines() if line[:1] in "→←·"]
    assert "→ VRFY ‹address›" in said
    for command in ("→ NOOP", "→ RSET"):
        assert said[said.index(command) + 1].startswith("← 250")
    assert said.index("→ AUTH PLAIN ****") < said.index("→ NOOP")
    assert account.address not in out
    assert "imap" not in out


def test_a_wrong_password_is_tried_once(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    shell = Shell(configure(tmp_path, demo_account(demo_server()), password="wrong"), capsys)
    found = findings(shell)
    assert shell.code == 1
    wrong = [one for one in found if one["state"] == "wrong"]
    assert [(one["part"], one["step"]) for one in wrong] == [("imap", "login")]
    assert wrong[0]["remedy"]
    assert found[-1]["text"].startswith("Not tried: ")


def test_a_closed_port_a_strange_name_and_a_server_without_starttls_are_said(
    tmp_path: Path, demo_server: Demos, capsys: Shown
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = Place("127.0.0.1", free.getsockname()[1])
    server = demo_server()
    plain = Place("localhost", server.imap_port, "starttls")
    strange = Place("nowhere.invalid", 993)
    accounts = [Account("a", "a@example.org", closed, strange), Account("b", "b@example.org", plain, closed)]
    shell = Shell(configure(tmp_path, *accounts), capsys)
    wrong = {(one["account"], one["part"]): one for one in findings(shell) if one["state"] == "wrong"}
    assert shell.code == 1
    assert wrong["a", "imap"]["step"] == "line"
    assert wrong["a", "smtp"]["step"] == "name"
    assert "does not offer STARTTLS" in wrong["b", "imap"]["text"]


def test_a_maildir_is_looked_at_too(tmp_path: Path, capsys: Shown) -> None:
    world = MaildirWorld(tmp_path / "Mail")
    shell = Shell(configure(tmp_path / "own", Account("here", "a@example.org", maildir=world.root)), capsys)
    out = shell("doctor")
    assert "right  writing" in out and "6 folders" in out
    world.root.rename(tmp_path / "away")
    shell.run("doctor")
    assert shell.code == 1
    assert "wrong  place" in shell.out


def test_what_a_refused_certificate_says_is_shown_to_decide_by(tmp_path: Path, dovecot: Dovecot, capsys: Shown) -> None:
    account = replace(dovecot.account(), ca_file=None)
    shell = Shell(configure(tmp_path, account, password=PASSWORD), capsys)
    found = findings(shell, "--imap")
    [told, refused] = [one for one in found if one["step"] in ("certificate", "encryption")]
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("localhost", account.imap.port))))
    assert (told["state"], refused["state"]) == ("note", "wrong")
    assert "made out to localhost by tui-mail test authority" in told["text"] and digest.hexdigest() in told["text"]
    assert "SHA-256 beside the host" in told["remedy"]


def scripted(script: Script, tmp_path: Path, capsys: Shown) -> dict[str, Any]:
    """What the doctor found out last about reading from it."""
    place = Place("localhost", script.port, script.security)
    shell = Shell(
        configure(tmp_path, Account("odd", "ann@example.org", place, place, ca_file=CA), password="x"), capsys
    )
    return findings(shell, "--imap")[-1]


def test_a_server_that_takes_no_passwords_at_all_is_not_said_to_want_oauth(tmp_path: Path, capsys: Shown) -> None:
    with Script(capabilities=b"IMAP4rev1 LOGINDISABLED", security="tls") as script:
        found = scripted(script, tmp_path, capsys)
    assert "does not take passwords" in found["text"] and "OAuth" not in found["remedy"]
    assert not script.asked(b"LOGIN")


def test_a_login_that_cannot_be_checked_now_is_found_at_the_login(tmp_path: Path, capsys: Shown) -> None:
    with Script({rb"LOGIN|AUTHENTICATE": b"%T NO [UNAVAILABLE] later\r\n"}, security="tls") as script:
        found = scripted(script, tmp_path, capsys)
    assert (found["step"], found["state"]) == ("login", "wrong") and "at the moment: later" in found["text"]


def test_the_login_page_of_a_network_is_called_so_on_a_port_for_starttls(tmp_path: Path, capsys: Shown) -> None:
    with Script(greeting=b"HTTP/1.1 302 Found\r\nLocation: http://portal.example\r\n\r\n", starttls=b"") as script:
        found = scripted(script, tmp_path, capsys)
    assert "log in first" in found["text"] and "browser" in found["remedy"]


def test_a_name_that_nobody_knows_is_said_without_numbers(tmp_path: Path, capsys: Shown) -> None:
    nowhere = Place("nowhere.invalid", 993)
    shell = Shell(configure(tmp_path, Account("odd", "ann@example.org", nowhere, nowhere), password="x"), capsys)
    found = findings(shell, "--imap")[-1]
    assert found["step"] == "name" and "Errno" not in found["text"]
