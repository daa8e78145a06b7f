"""Mail leaves the program whole or not at all, in forms that others read."""

from __future__ import annotations

import json
import mailbox
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import NOON, WITH_FILE, Shell, configure, letter
from tests.cli.test_terminal import Terminal
from tests.servers import Demos, demo_account
from tui_mail.config.settings import Account
from tui_mail.config.settings import Server as Place
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server

Shown = pytest.CaptureFixture[str]
QUOTED = "From here on\n>From there on\nFromage\n From"


@pytest.fixture
def server(demo_server: Demos) -> Server:
    box = Mailbox()
    box.put(letter("old", text=QUOTED, day=1), "INBOX", ["\\Seen", "\\Flagged", "\\Answered"], NOON)
    box.put(letter("a/b: c?", sender="", day=2), "INBOX", [], NOON)
    box.put(WITH_FILE, "INBOX", ["\\Seen"], NOON)
    return demo_server(box)


@pytest.fixture
def shell(tmp_path: Path, server: Server, capsys: Shown) -> Shell:
    (tmp_path / "own").mkdir()
    return Shell(configure(tmp_path / "own", demo_account(server)), capsys)


def export(shell: Shell, form: str, path: Path, *more: str, says: str = "3 messages") -> None:
    shell.run("export", "--format", form, "-o", str(path), *more)
    assert (shell.code, shell.out) == (0, ""), shell.said
    assert shell.said == f"tui-mail: {says} in {path}.\n"


def test_json_is_what_older_scripts_read(tmp_path: Path, shell: Shell) -> None:
    export(shell, "json", tmp_path / "inbox.json")
    text = (tmp_path / "inbox.json").read_text("utf-8")
    newest, middle, old = json.loads(text)
    assert list(newest) == ["From", "To", "Subject", "Date", "Body", "Attachments"]
    assert newest["From"] == "Bob <bob@example.net>"
    assert newest["To"] == ["ann@example.org"]
    assert newest["Subject"] == newest["Body"] == "Grüße 你好"
    assert newest["Attachments"] == ["plan.pdf"]
    assert newest["Date"].startswith("2026-11-23T")
    assert "Grüße 你好" in text
    assert middle["From"] == ""
    assert old["Body"] == QUOTED
    assert stat.S_IMODE((tmp_path / "inbox.json").stat().st_mode) == 0o600


def test_mbox_is_read_by_others_and_its_quoting_can_be_undone(tmp_path: Path, shell: Shell) -> None:
    export(shell, "mbox", tmp_path / "x.mbox")
    found = mailbox.mbox(str(tmp_path / "x.mbox"), create=False)
    assert [one["subject"] for one in found][0::2] == ["old", "=?utf-8?q?Gr=C3=BC=C3=9Fe_=E4=BD=A0=E5=A5=BD?="]
    senders = [one.get_from() for one in found]
    assert senders[0] == "bob@example.net Sun Nov  1 12:00:00 2026"
    assert senders[1].startswith("MAILER-DAEMON ")
    assert "\n>From here on\n>>From there on\nFromage\n From\n" in (tmp_path / "x.mbox").read_text()
    found.close()


def test_a_maildir_holds_the_flags(tmp_path: Path, shell: Shell) -> None:
    export(shell, "maildir", tmp_path / "box")
    found = mailbox.Maildir(str(tmp_path / "box"), create=False)
    flags = {str(one["subject"]): one.get_flags() for one in found}
    assert flags["old"] == "FRS"
    assert flags["a/b: c?"] == ""
    assert len(flags) == 3
    assert stat.S_IMODE((tmp_path / "box").stat().st_mode) == 0o700


def test_eml_is_octet_by_octet_under_names_that_any_folder_takes(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "mail").mkdir()  # an empty one may be there
    export(shell, "eml", tmp_path / "mail")
    found = sorted((tmp_path / "mail").iterdir())
    assert len(found) == 3
    assert " a-b" in found[1].name
    assert found[2].read_bytes() == WITH_FILE
    assert found[2].stat().st_mtime == NOON


def test_a_query_and_a_folder_choose(tmp_path: Path, shell: Shell) -> None:
    export(shell, "json", tmp_path / "x", "--query", "is:starred", says="1 message")
    export(shell, "json", tmp_path / "y", "--folder", "Sent", says="0 messages")
    assert json.loads((tmp_path / "y").read_text()) == []


def test_what_is_there_stays_there(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "x").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    for form, name in (("json", "x"), ("mbox", "x"), ("eml", "x"), ("maildir", "full"), ("json", "full")):
        shell.run("export", "--format", form, "-o", str(tmp_path / name))
        assert (shell.code, shell.out) == (2, "")
        assert "nothing was written" in shell.said
    shell.run("export", "--format", "eml", "-o", str(tmp_path / "full"), "--force")
    assert shell.code == 2
    shell.run("export", "--format", "json", "-o", str(tmp_path / "no" / "x"))
    assert (shell.code, shell.said) == (2, f"tui-mail: There is no folder {tmp_path}/no.\n")
    assert (tmp_path / "x").read_text() == (tmp_path / "full" / "x").read_text() == "mine"
    export(shell, "json", tmp_path / "x", "--force")
    assert len(json.loads((tmp_path / "x").read_text())) == 3


@pytest.mark.parametrize("form", ["json", "mbox", "eml", "maildir"])
def test_a_connection_that_is_lost_leaves_nothing(tmp_path: Path, shell: Shell, server: Server, form: str) -> None:
    shell("list")
    server.cut(r"UID FETCH 2 .*BODY.PEEK\[\]", carried_out=False, times=None)
    shell.run("export", "--format", form, "-o", str(tmp_path / "x"))
    assert (shell.code, shell.out) == (1, "")
    assert shell.said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["own"]
    server.faults.clear()
    export(shell, form, tmp_path / "x")


def test_a_letter_that_the_server_will_not_give_out_is_named(tmp_path: Path, shell: Shell, server: Server) -> None:
    [_, middle, _] = shell.json("list", "--json")
    server.refuse(r"UID FETCH 2 .*BODY.PEEK\[\]", "NO [SERVERBUG] Damaged", times=None)
    shell.run("export", "--format", "json", "-o", str(tmp_path / "x"))
    assert shell.code == 1
    assert f"1 are not in it, the server would not give them out: {middle['id']}.\n" in shell.said
    assert len(json.loads((tmp_path / "x").read_text())) == 2


def test_offline_gives_what_is_here_and_counts_the_rest(tmp_path: Path, shell: Shell, server: Server) -> None:
    shell("read", "latest")
    server.stop()
    shell.run("export", "--format", "json", "-o", str(tmp_path / "x"), "--offline")
    assert shell.code == 0
    assert "1 message in " in shell.said
    assert "2 of 3 are not in it: their text is not stored here." in shell.said


def test_an_interrupt_leaves_nothing(tmp_path: Path, capsys: Shown) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        here = Place("127.0.0.1", silent.getsockname()[1], "none")
        (tmp_path / "own").mkdir()
        config = configure(tmp_path / "own", Account("slow", "ann@example.org", here, here))
        words = [sys.executable, "-m", "tui_mail", "--config", str(config)]
        words += ["export", "--format", "maildir", "-o", str(tmp_path / "x")]
        silent.settimeout(30)
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with process, silent.accept()[0]:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "")
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_thousands_of_letters_show_a_bar_on_a_terminal_and_nowhere_else(
    tmp_path: Path, demo_server: Demos, capsys: Shown
) -> None:
    box = Mailbox()
    for number in range(1500):
        box.put(letter(f"mail {number}", day=1 + number % 28), "INBOX", ["\\Seen"], NOON + number)
    shell = Shell(configure(tmp_path, demo_account(demo_server(box))), capsys)
    path = tmp_path / "all.json"
    terminal = Terminal("--config", str(shell.config), "export", "--format", "json", "-o", str(path), TERM="xterm")
    assert terminal.code(120) == 0, terminal.text
    assert "of 1,500" in terminal.text
    assert terminal.text.endswith(f"1,500 messages in {path}.\r\n")
    assert len(json.loads(path.read_text())) == 1500
