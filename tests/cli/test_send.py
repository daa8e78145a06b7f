"""A letter from the shell: it goes out, its copy is filed, the dialogue is shown, and what goes wrong is a sentence."""

from __future__ import annotations

import base64
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keyrings import Keyring, keyring, needs_gpg
from tests.private_dovecot import PASSWORD, Dovecot
from tests.servers import Demos, demo_account
from tui_mail.cli.main import main
from tui_mail.config.file import append_account
from tui_mail.config.settings import Account, Server
from tui_mail.engine.sealing import Sealing
from tui_mail.mime.parse import parse

Shown = pytest.CaptureFixture[str]


def configured(folder: Path, account: Account, password: str = "demo") -> list[str]:
    """The words that choose a configuration with this account in it."""
    command = (sys.executable, "-c", f"import sys; sys.stdout.buffer.write({password.encode()!r})")
    path = folder / "config.toml"
    append_account(path, dataclasses.replace(account, password_command=command))
    return ["--config", str(path)]


def test_a_letter_is_sent_and_its_copy_filed(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    server = demo_server()
    attached = tmp_path / "Straße.txt"
    attached.write_text("inside\n")
    words = [
        "send",
        "--to",
        "Bob <bob@example.net>, eve@example.net",
        "--cc",
        "cy@example.net",
        "--bcc",
        "dee@example.net",
    ]
    words += ["--subject", "Hallo 你好", "--body", "One\n.\nTwo", "--attach", str(attached)]
    code = main([*configured(tmp_path, demo_account(server)), *words])
    out, said = capsys.readouterr()
    assert (code, said) == (0, "")
    assert "Hallo 你好" in out
    [envelope] = server.sent
    assert set(envelope.recipients) == {"bob@example.net", "eve@example.net", "cy@example.net", "dee@example.net"}
    assert b"Bcc" not in envelope.data
    assert base64.b64encode(b"inside").rstrip(b"=") in envelope.data or b"inside" in envelope.data
    sent = server.mailbox.role("\\Sent")
    assert sent is not None
    assert len(sent) == 1


def test_the_dialogue_is_shown_as_it_happens_without_the_password(
    tmp_path: Path, demo_server: Demos, capsys: Shown
) -> None:
    server = demo_server()
    words = ["send", "--to", "bob@example.net", "--to", "eve@example.net", "--subject", "x", "--body", "hello\n.dot"]
    assert main([*configured(tmp_path, demo_account(server)), *words, "--trace"]) == 0
    lines = capsys.readouterr().out.splitlines()
    ours = [line.removeprefix("→ ") for line in lines if line.startswith("→ ")]
    assert any(line.startswith("← 220") for line in lines)
    assert [line.split()[0] for line in ours if line.split()[:1] and line.split()[0].isupper()][:5] == [
        "EHLO", "AUTH", "MAIL", "RCPT", "RCPT",
    ]  # fmt: skip
    assert any(line.startswith("MAIL FROM:<demo@example.org>") and "SIZE=" in line.upper() for line in ours)
    assert "DATA" in ours
    assert "Subject: x" in ours
    assert "hello" in ours
    assert "." in ours
    assert "QUIT" in ours
    text = "\n".join(lines)
    assert base64.b64encode(b"\0demo@example.org\0demo").decode() not in text
    assert not any("demo" in line.split("demo@example.org") for line in lines)


def test_one_refused_recipient_sends_nothing_and_is_named(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    server = demo_server()
    server.refuse("RCPT TO:<eve@", "550 5.1.1 Nobody here")
    words = ["send", "--to", "bob@example.net", "--to", "eve@example.net", "--subject", "x", "--body", "hello"]
    assert main([*configured(tmp_path, demo_account(server)), *words, "--trace"]) == 1
    out, said = capsys.readouterr()
    assert "→ RSET" in out
    assert "→ DATA" not in out
    assert said.startswith("tui-mail: ")
    assert said.count("\n") == 1
    assert "eve@example.net" in said
    assert not server.sent


def test_a_wrong_password_is_one_sentence(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    server = demo_server()
    words = ["send", "--to", "bob@example.net", "--subject", "x", "--body", "hello"]
    assert main([*configured(tmp_path, demo_account(server), "wr0ng-canary"), *words]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert said.count("\n") == 1
    assert "wr0ng-canary" not in said
    assert not server.sent
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "config.toml"]
    assert not any(b"wr0ng-canary" in content for content in written)


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    server = demo_server()
    words = configured(tmp_path, demo_account(server))
    server.stop()
    assert main([*words, "send", "--to", "bob@example.net", "--subject", "x", "--body", "hello"]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert said.count("\n") == 1


NOBODY = Account("work", "ann@example.org", Server("127.0.0.1", 9, "none"), Server("127.0.0.1", 9, "none"))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--to", "bob@", "--body", ""], "bob@"),
        (["--to", "bob@example.net", "--body", "", "--attach", "/nowhere/x"], "/nowhere/x cannot be attached"),
        (["--to", "bob@example.net", "--body", "", "--attach", "/tmp"], "/tmp cannot be attached: it is not a file"),
        (["--to", "bob@example.net", "--body", "", "--attach", "/dev/zero"], "/dev/zero cannot be attached"),
        (["--to", "bob@example.net", "--body", "", "--from", "home"], "There is no account “home”; known are work."),
    ],
)
def test_what_cannot_be_meant_is_exit_code_2(tmp_path: Path, capsys: Shown, words: list[str], part: str) -> None:
    assert main([*configured(tmp_path, NOBODY), "send", "--subject", "x", *words]) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert part in said
    assert said.count("\n") == 1


def test_the_text_comes_from_standard_input(
    tmp_path: Path, demo_server: Demos, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = demo_server()
    body = tmp_path / "body"
    body.write_bytes("Grüße\r\nvon hier\n".encode())
    with body.open() as text:
        monkeypatch.setattr(sys, "stdin", text)
        code = main([*configured(tmp_path, demo_account(server)), "send", "--to", "bob@example.net", "--subject", "x"])
    assert code == 0, capsys.readouterr().err
    data = server.sent[0].data
    assert "Grüße".encode() in data or b"Gr=C3=BC=C3=9Fe" in data or base64.b64encode("Grüße".encode())[:8] in data


def test_text_that_is_not_utf_8_is_refused_and_not_mangled(
    tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = tmp_path / "body"
    body.write_bytes("Grüße".encode("latin-1"))
    with body.open() as text:
        monkeypatch.setattr(sys, "stdin", text)
        code = main([*configured(tmp_path, NOBODY), "send", "--to", "bob@example.net", "--subject", "x"])
    assert code == 2
    assert "not UTF-8 (octet 3)" in capsys.readouterr().err


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_real_server_takes_it_over_verified_tls(
    tmp_path: Path, dovecot: Dovecot, capsys: Shown, security: str
) -> None:
    account = dovecot.account("tls" if security == "tls" else "starttls")
    words = [*configured(tmp_path, account, PASSWORD), "send", "--to", "bob@example.net", "--subject", f"By {security}"]
    code = main([*words, "--body", "hello", "--trace"])
    out, said = capsys.readouterr()
    assert (code, said) == (0, "")
    assert PASSWORD not in out
    assert base64.b64encode(f"\0{account.login}\0{PASSWORD}".encode()).decode() not in out
    assert b"hello" in dovecot.sink.for_recipient("bob@example.net").data
    client = dovecot.other_client(account)
    try:
        assert client.select("Sent")[1] == [b"1"]
    finally:
        client.logout()


def test_a_real_server_that_refuses_one_recipient_gets_nothing(tmp_path: Path, dovecot: Dovecot, capsys: Shown) -> None:
    words = ["send", "--to", "all-or@example.net", "--to", "reject@example.net", "--subject", "x", "--body", "x"]
    assert main([*configured(tmp_path, dovecot.account(), PASSWORD), *words, "--trace"]) == 1
    out, said = capsys.readouterr()
    assert "→ RSET" in out
    assert "→ DATA" not in out
    assert "reject@example.net" in said
    assert said.count("\n") == 1
    assert not any("all-or@example.net" in letter.recipients for letter in dovecot.sink.taken)


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyring]:
    with keyring() as made:
        monkeypatch.setenv("GNUPGHOME", str(made.home))
        yield made


@needs_gpg
def test_a_letter_from_the_shell_is_signed_and_encrypted_like_any_other(
    tmp_path: Path, demo_server: Demos, capsys: Shown, ring: Keyring
) -> None:
    ring.make("Demo", "demo@example.org")
    ring.make("Bob", "bob@example.net")
    server = demo_server()
    account = demo_account(server)
    words = [
        *configured(tmp_path, account),
        "send",
        "--to",
        "bob@example.net",
        "--subject",
        "Plan",
        "--body",
        "At noon.",
    ]
    assert main([*words, "--sign", "--encrypt"]) == 0, capsys.readouterr().err
    [sent] = server.sent
    assert b"At noon" not in sent.data
    letter, seal = Sealing({account.key: account}, ring.gpg).open(sent.data)
    assert parse(letter).text.strip() == "At noon." and seal is not None
    assert seal.is_encrypted and seal.signature == "good"
    words[words.index("bob@example.net")] = "eve@example.net"
    assert main([*words, "--encrypt"]) == 2
    assert "There is no key of eve@example.net, so nothing was sent." in capsys.readouterr().err
    assert len(server.sent) == 1


@needs_gpg
def test_without_a_passphrase_nothing_is_sent_and_nothing_waits(
    tmp_path: Path, demo_server: Demos, capsys: Shown, ring: Keyring
) -> None:
    ring.make("Demo", "demo@example.org", passphrase="secret")
    ring.forget_passphrases()
    server = demo_server()
    there = configured(tmp_path, dataclasses.replace(demo_account(server), sign=True))
    words = [*there, "send", "--to", "bob@example.net", "--subject", "Plan", "--body", "At noon."]
    assert main(words) == 1
    assert capsys.readouterr().err == "tui-mail: No passphrase was given; nothing was sent, and nothing is lost.\n"
    assert main([*there, "outbox"]) == 0 and capsys.readouterr().out == "" and not server.sent
    assert main([*words, "--clear"]) == 0
    assert b"At noon." in server.sent[0].data and b"multipart/signed" not in server.sent[0].data


def test_a_letter_for_later_waits_in_the_outbox_without_a_connection(tmp_path: Path, capsys: Shown) -> None:
    there = configured(tmp_path, NOBODY)
    words = [*there, "send", "--to", "bob@example.net", "--subject", "Plan", "--body", "x"]
    assert main([*words, "--at", "in 2 hours"]) == 0
    assert "when tui-mail or tui-mail outbox --send runs: Plan" in capsys.readouterr().out
    assert main([*there, "outbox"]) == 0
    assert "Plan  to bob@example.net\n    goes out " in capsys.readouterr().out
    assert main([*there, "outbox", "--send"]) == 0, "it is not due"
    capsys.readouterr()
    assert main([*words, "--at", "yesterday"]) == 2
    assert "Try: tomorrow 9" in capsys.readouterr().err


def test_it_is_from_the_address_that_was_named_and_answers_go_where_they_shall(
    tmp_path: Path, demo_server: Demos, capsys: Shown
) -> None:
    server = demo_server()
    account = dataclasses.replace(demo_account(server), reply_to="ann@example.org")
    there = configured(tmp_path, account)
    with Path(there[1]).open("a") as file:
        file.write(f'[accounts.{account.key}.identities.shop]\naddress = "shop@example.org"\nname = "The shop"\n')
        file.write('reply_to = "office@example.org"\n')
    words = [*there, "send", "--to", "bob@example.net", "--subject", "x", "--markdown"]
    assert main([*words, "--body", "*Hi*"]) == 0, capsys.readouterr().err
    assert main([*words, "--body", "*Hi*", "--from", "Shop@example.org"]) == 0, capsys.readouterr().err
    first, second = (envelope.data for envelope in server.sent)
    assert b"Reply-To: ann@example.org\r\n" in first and b"<em>Hi</em>" in first
    assert b"From: The shop <shop@example.org>\r\n" in second and b"Reply-To: office@example.org\r\n" in second
