"""The outbox from the shell, and the process that carries it on when the screens are gone."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_send import configured
from tests.servers import Demos, demo_account
from tui_mail.cli import background
from tui_mail.cli.main import main
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.file import append_account
from tui_mail.config.places import find
from tui_mail.engine import schema
from tui_mail.engine.letters import Letters
from tui_mail.mime import build
from tui_mail.model.address import Address
from tui_mail.model.draft import Draft, DraftId

Shown = pytest.CaptureFixture[str]


def put(data: Path, account: str = "demo", *, due: float | None = None, name: str = "d1") -> int:
    """A letter into the outbox, as a program left it that was quit."""
    data.mkdir(mode=0o700, exist_ok=True)
    connection = schema.connect(data / "work.db", durable=True)
    schema.prepare_work(connection, data / "work.db")
    draft = Draft(DraftId(name), account, to="bob@example.net", subject=f"Letter {name}", body="Text.\n")
    now = time.time()
    outgoing = build.build(draft, sender=Address("", "demo@example.org"), now=now, load=lambda one: b"")
    waiting = Letters(connection).post(draft, outgoing, due=now if due is None else due, at=now, owner="")
    connection.close()
    return waiting.id


def test_what_is_due_is_sent_and_its_dialogue_can_be_read(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    server = demo_server()
    words = configured(tmp_path, demo_account(server))
    letter = put(tmp_path / "data")
    put(tmp_path / "data", due=time.time() + 86400, name="d2")
    assert main([*words, "outbox"]) == 0
    listed = capsys.readouterr().out
    assert "Letter d1  to bob@example.net" in listed and "about to go" in listed and "goes out tomorrow" in listed
    assert main([*words, "outbox", "--send"]) == 0
    assert capsys.readouterr().out == "Letter d1: sent\n"
    assert len(server.sent) == 1
    assert main([*words, "outbox", "--trace", str(letter)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# try 1, ended") and "→ RCPT TO:<bob@example.net>" in lines and "→ DATA" in lines
    assert main([*words, "outbox", "--json"]) == 0
    assert [(one["state"], one["subject"]) for one in json.loads(capsys.readouterr().out)] == [
        ("waiting", "Letter d2"),
        ("done", "Letter d1"),
    ]


def test_a_letter_from_the_shell_keeps_its_dialogue_without_the_password(
    tmp_path: Path, demo_server: Demos, capsys: Shown
) -> None:
    words = configured(tmp_path, demo_account(demo_server()))
    assert main([*words, "send", "--to", "bob@example.net", "--subject", "x", "--body", "y"]) == 0
    assert main([*words, "outbox", "--trace", "1"]) == 0
    out = capsys.readouterr().out
    assert "→ AUTH PLAIN ****" in out and "AGRlbW9A" not in out


def test_what_could_not_go_is_exit_code_1(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    server = demo_server()
    server.refuse("RCPT", "550 5.1.1 Nobody here")
    words = configured(tmp_path, demo_account(server))
    put(tmp_path / "data")
    assert main([*words, "outbox", "--send"]) == 1
    assert "Nobody here" in capsys.readouterr().out
    assert main([*words, "outbox"]) == 0
    assert "refused: " in capsys.readouterr().out


def test_of_a_letter_that_is_not_there_nothing_is_told(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    words = configured(tmp_path, demo_account(demo_server()))
    assert main([*words, "outbox"]) == 0
    assert main([*words, "outbox", "--trace", "7"]) == 2
    assert "Nothing is kept of a letter 7" in capsys.readouterr().err


def test_it_is_carried_on_with_a_password_that_was_typed(
    tmp_path: Path, demo_server: Demos, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = demo_server()
    append_account(tmp_path / "config.toml", dataclasses.replace(demo_account(server), password_command=()))
    put(tmp_path / "data", due=time.time() + 0.5)
    found = find(tmp_path / "config.toml", {})
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"demo": "demo", "gone": "x"}'))
    assert background.main([str(found.config), str(found.data), str(found.state), str(found.log)]) == 0
    assert len(server.sent) == 1
    sent = server.mailbox.role("\\Sent")
    assert sent is not None and len(sent) == 1


def test_the_process_outlives_whoever_began_it_and_ends(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server()
    account = demo_account(server)
    append_account(tmp_path / "config.toml", account)
    put(tmp_path / "data")
    credentials = Credentials(ask=True)
    credentials.offer(account, Secret("demo"))
    background.start(find(tmp_path / "config.toml", {}), credentials)
    server.wait_for(lambda: bool(server.sent), 20)
    assert len(server.sent) == 1
