"""Mail brought up to date from the shell: what is told, what is counted, and what is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backend.worlds import MaildirWorld
from tests.cli.shell import NOON, Shell, configure, letter
from tests.engine.test_store import small_disk
from tests.servers import Demos, demo_account
from tui_mail.cli import wiring
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.config.settings import Account, Settings
from tui_mail.config.settings import Server as Place
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server
from tui_mail.model.folder import Role
from tui_mail.model.query import Query

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def server(demo_server: Demos) -> Server:
    box = Mailbox()
    for number in range(3):
        box.put(letter(f"mail {number}", day=1 + number), "INBOX", [], NOON)
    box.put(letter("sent one"), "Sent", ["\\Seen"], NOON)
    return demo_server(box)


@pytest.fixture
def shell(tmp_path: Path, server: Server, capsys: Shown) -> Shell:
    return Shell(configure(tmp_path, demo_account(server)), capsys)


def figures(shell: Shell, *words: str) -> dict[str, dict[str, Any]]:
    return {one["folder"]: one for one in shell.json("sync", "--json", *words)}


def test_the_first_sync_fetches_all_and_the_next_finds_nothing(shell: Shell) -> None:
    first = figures(shell)
    inbox = first["INBOX"]
    assert (inbox["messages"], inbox["new"], inbox["changed"], inbox["gone"]) == (3, 3, 0, 0)
    assert inbox["texts"] == 3
    assert inbox["bytes"] == sum(len(letter(f"mail {number}", day=1 + number)) for number in range(3))
    assert (first["Sent"]["new"], first["Sent"]["error"]) == (1, None)
    assert all(one["new"] == one["texts"] == 0 for one in figures(shell).values())
    assert shell("sync").startswith("demo: nothing new; 4 messages in ")


def test_what_another_client_did_is_counted_and_what_was_done_here_is_told(shell: Shell, server: Server) -> None:
    figures(shell)
    first, second, _ = server.mailbox.uids("INBOX")
    server.mailbox.flag("INBOX", [first], {"\\Seen"}, ())
    server.mailbox.remove("INBOX", [second])
    server.mailbox.put(letter("mail 9"), "INBOX")
    inbox = figures(shell)["INBOX"]
    assert (inbox["new"], inbox["changed"], inbox["gone"], inbox["texts"]) == (1, 1, 1, 1)


def test_what_was_done_offline_is_told_to_the_server(shell: Shell, server: Server) -> None:
    figures(shell)
    nowhere = Place("127.0.0.1", 9, "none")
    lost = Account("demo", "demo@example.org", nowhere, nowhere)
    mail = wiring.mail(Settings({"demo": lost}), shell.config.parent / "data", Credentials(ask=True))
    mail.start(lambda event: None)
    inbox = mail.role("demo", Role.INBOX)
    assert inbox is not None
    mail.archive([mail.listing(Query(inbox.id))[0]])
    assert mail.settled()
    mail.close()
    assert len(server.mailbox.uids("Archive")) == 0
    assert figures(shell)["Archive"]["messages"] == 1
    assert len(server.mailbox.uids("Archive")) == 1


def test_only_the_folder_that_is_named_is_looked_at(shell: Shell) -> None:
    assert set(figures(shell, "--folder", "sent")) == {"Sent"}
    shell.run("sync", "--folder", "Nowhere")
    assert (shell.code, shell.said) == (2, "tui-mail: There is no folder “Nowhere” in demo.\n")


def test_an_account_that_cannot_be_reached_does_not_stop_the_others(
    tmp_path: Path, server: Server, capsys: Shown
) -> None:
    nowhere = Place("127.0.0.1", 9, "none")
    shell = Shell(configure(tmp_path, Account("dead", "a@example.org", nowhere, nowhere), demo_account(server)), capsys)
    shell.run("sync")
    assert shell.code == 1
    assert "demo: 4 changes; 4 messages in " in shell.out
    assert "dead: Nothing listens at 127.0.0.1:9" in shell.said


def test_beside_the_running_program_nothing_is_done(shell: Shell) -> None:
    mail = wiring.mail(file.load(shell.config), shell.config.parent / "data", Credentials(ask=True))
    mail.start(lambda event: None)
    try:
        shell.run("sync", "--json")
        assert (shell.code, shell.out) == (0, "[]\n")
        assert "another tui-mail is running" in shell.said
    finally:
        mail.close()


def test_a_maildir_is_synced_too(tmp_path: Path, capsys: Shown) -> None:
    world = MaildirWorld(tmp_path / "Mail")
    (world.root / "new/1.a.host").write_bytes(letter("one"))
    shell = Shell(configure(tmp_path / "own", Account("here", "a@example.org", maildir=world.root)), capsys)
    assert figures(shell)["INBOX"]["new"] == 1
    assert "one" in shell("list")


def test_on_a_full_disk_it_says_how_to_go_on(shell: Shell, server: Server, tmp_path: Path) -> None:
    figures(shell)
    for number in range(400):
        server.mailbox.put(letter(f"more {number}", text="x" * 2000), "INBOX")
    sizes = [path.stat().st_size for path in tmp_path.rglob("*.db*")]
    with small_disk(max(sizes) + 4096):
        shell.run("sync")
    assert shell.code == 1
    assert "disk is full" in shell.said and "goes on where this one stopped" in shell.said
    assert figures(shell)["INBOX"]["messages"] == 403
