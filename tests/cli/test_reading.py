"""List, read and search in the shell: what is printed, from which store, and what is said where something is wrong."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import NOON, WITH_FILE, Shell, configure, letter
from tests.private_dovecot import PASSWORD, Dovecot
from tests.servers import Demos, demo_account
from tui_mail.cli import wiring
from tui_mail.config import file
from tui_mail.config.credentials import Credentials
from tui_mail.demo.mailbox import Mailbox
from tui_mail.demo.server import Server

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def server(demo_server: Demos) -> Server:
    box = Mailbox()
    box.put(letter("old news", text="The heron came back.", day=1), "INBOX", ["\\Seen"], NOON)
    box.put(letter("lunch", sender='"Ann, B." <ann.b@example.net>', day=2), "INBOX", ["\\Seen", "\\Flagged"], NOON)
    box.put(WITH_FILE, "INBOX", [], NOON)
    box.put(letter("sent one", day=3), "Sent", ["\\Seen"], NOON)
    box.put(letter("thrown away lunch"), "Trash", ["\\Seen"], NOON)
    return demo_server(box)


@pytest.fixture
def shell(tmp_path: Path, server: Server, capsys: Shown) -> Shell:
    return Shell(configure(tmp_path, demo_account(server)), capsys)


def test_list_gives_a_program_all_of_it(shell: Shell) -> None:
    newest, lunch, old = shell.json("list", "--json")
    date = dt.datetime.fromtimestamp(NOON).astimezone().isoformat()
    assert newest | {"id": 0, "size": 0} == {
        "id": 0,
        "account": "demo",
        "folder": "INBOX",
        "date": date,
        "from": "Bob <bob@example.net>",
        "to": ["ann@example.org"],
        "subject": "Grüße 你好",
        "flags": [],
        "size": 0,
        "attachments": None,
    }
    assert newest["size"] == len(WITH_FILE)
    assert lunch["from"] == '"Ann, B." <ann.b@example.net>'
    assert lunch["flags"] == ["\\Flagged", "\\Seen"]
    assert old["attachments"] == []
    assert "Grüße 你好" in shell.out


def test_the_names_of_attachments_are_told_once_the_letter_is_here(shell: Shell) -> None:
    shell("read", "latest")
    assert shell.json("list", "--json")[0]["attachments"] == ["plan.pdf"]


def test_ids_stay_what_they_are_and_read_takes_them(shell: Shell) -> None:
    first = shell.json("list", "--json")
    assert [one["id"] for one in shell.json("list", "--json")] == [one["id"] for one in first]
    assert "The heron came back." in shell("read", str(first[2]["id"]))


def test_list_for_people_lines_up_and_says_everything(shell: Shell) -> None:
    lines = shell("list").splitlines()
    assert [line.split()[0] for line in lines] == ["N--@", "-*--", "----"]
    at = lines[1].index("lunch")
    assert lines[2].index("old news") == at
    assert lines[0].index("Grüße") == at
    assert "2026-11-02T" in lines[1]
    assert "INBOX" in lines[1]


def test_folders_are_named_by_name_or_role_and_a_wrong_one_is_told_with_the_right_ones(shell: Shell) -> None:
    assert "sent one" in shell("list", "--folder", "Sent")
    assert "sent one" in shell("list", "--folder", "sent")
    assert "thrown away" in shell("list", "--query", "in:trash")
    shell.run("list", "--folder", "Snet")
    assert shell.code == 2
    assert "There is no folder “Snet” in demo; there are INBOX, Drafts, Sent" in shell.said
    shell.run("list", "--folder", "Sent", "--query", "in:Trash")
    assert (shell.code, shell.out) == (2, "")


def test_a_query_and_a_limit_choose(shell: Shell) -> None:
    assert [one["subject"] for one in shell.json("list", "--json", "--query", "is:starred")] == ["lunch"]
    assert [one["subject"] for one in shell.json("list", "--json", "--query", "heron")] == ["old news"]
    assert len(shell.json("list", "--json", "--limit", "2")) == 2
    assert shell.json("list", "--json", "--query", "nowhere") == []
    shell.run("list", "--query", "is:sleepy")
    assert shell.code == 2
    assert "is: and has: know" in shell.said


def test_read_shows_a_letter(shell: Shell) -> None:
    date = dt.datetime.fromtimestamp(NOON).astimezone().isoformat()
    assert shell("read", "latest") == (
        f"From: Bob <bob@example.net>\nTo: ann@example.org\nDate: {date}\nSubject: Grüße 你好\n"
        "Attachment: plan.pdf (application/pdf, 10)\n\nGrüße 你好\n"
    )
    assert "Message-ID: <file@example.net>" in shell("read", "latest", "--headers")
    found = shell.json("read", "latest", "--json", "--headers")
    assert (found["body"], found["attachments"]) == ("Grüße 你好", ["plan.pdf"])
    assert ["Message-ID", "<file@example.net>"] in found["headers"]
    assert "sent one" in shell("read", "latest", "--folder", "Sent")


def test_reading_in_the_shell_changes_nothing_on_the_server(shell: Shell, server: Server) -> None:
    shell("read", "latest")
    shell("search", "heron")
    uid = server.mailbox.uids("INBOX")[-1]
    assert not server.mailbox.flags_of("INBOX", uid)


def test_raw_is_octet_by_octet(tmp_path: Path, shell: Shell) -> None:
    words = [sys.executable, "-m", "tui_mail", "--config", str(shell.config), "read", "latest", "--raw"]
    done = subprocess.run(words, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == WITH_FILE


def test_a_letter_cannot_do_something_to_the_terminal(shell: Shell, server: Server) -> None:
    server.mailbox.put(letter("a\x1b]0;x\x07b\x9bc", text="\x1b[2J\u202ehidden", sender="\x1b[5m <e@example.net>"))
    words = ("list",), ("read", "latest"), ("read", "latest", "--headers"), ("list", "--json"), ("search", "hidden")
    for one in words:
        out = shell(*one)
        assert all(char.isprintable() or char == "\n" for char in out), one


def test_search_looks_everywhere_but_in_trash(shell: Shell) -> None:
    assert [one["subject"] for one in shell.json("search", "lunch", "--json")] == ["lunch"]
    assert [one["subject"] for one in shell.json("search", "heron", "--json")] == ["old news"]
    assert [one["folder"] for one in shell.json("search", "one", "--json")] == ["Sent"]
    assert [one["subject"] for one in shell.json("search", "lunch in:trash", "--json")] == ["thrown away lunch"]
    assert shell.json("search", "has:attachment before:2027", "--json")[0]["attachments"] == ["plan.pdf"]
    assert shell("search", "nowhere") == ""
    assert shell("search", "\udcff") == ""


def test_offline_reads_what_is_here_and_asks_nobody(shell: Shell, server: Server) -> None:
    assert shell.run("list", "--offline").code == 1
    assert "No mail is stored here yet. Without --offline it is fetched." in shell.said
    assert not (shell.config.parent / "data").exists()
    shell("list")
    server.stop()
    assert "lunch" in shell("list", "--offline")
    shell.run("read", "latest", "--offline")
    assert (shell.code, shell.out) == (1, "")
    assert "is not stored here" in shell.said
    shell.run("search", "heron", "--offline")
    assert (shell.code, shell.out) == (0, "")
    assert "the text of 3 messages is not stored here" in shell.said
    assert "not all is stored here: 3 of 4 messages" in shell.said


def test_a_server_that_is_not_there_is_one_sentence_and_nothing_old_is_passed_off_as_new(
    shell: Shell, server: Server
) -> None:
    shell("list")
    server.stop()
    for words in (("list",), ("read", "latest"), ("search", "lunch")):
        shell.run(*words)
        assert (shell.code, shell.out) == (1, "")
        assert shell.said.startswith("tui-mail: ")
        assert shell.said.count("\n") == 1


def test_a_wrong_password_is_one_sentence(tmp_path: Path, server: Server, capsys: Shown) -> None:
    shell = Shell(configure(tmp_path, demo_account(server), password="wr0ng-canary"), capsys)
    shell.run("list")
    assert (shell.code, shell.out) == (1, "")
    assert shell.said.count("\n") == 1
    assert "wr0ng" not in shell.said


def test_one_account_that_cannot_be_reached_does_not_hide_the_other(
    tmp_path: Path, demo_server: Demos, server: Server, capsys: Shown
) -> None:
    other = demo_server(Mailbox())
    other.mailbox.put(letter("lunch elsewhere"))
    shell = Shell(configure(tmp_path, demo_account(server, key="one"), demo_account(other, key="two")), capsys)
    assert {one["account"] for one in shell.json("search", "lunch", "--json")} == {"one", "two"}
    assert "one" in shell("search", "lunch").split()
    other.stop()
    shell.run("search", "lunch", "--json")
    assert shell.code == 1
    assert '"account": "one"' in shell.out
    assert '"two"' not in shell.out
    assert "two was not searched: " in shell.said
    assert len(shell.json("search", "lunch", "--json", "--account", "one")) == 1
    assert len(shell.json("search", "lunch", "--json", "--offline")) == 2


def test_beside_the_running_program_its_store_is_read(shell: Shell, server: Server) -> None:
    settings = file.load(shell.config)
    mail = wiring.mail(settings, shell.config.parent / "data", Credentials(ask=True))
    mail.start(lambda event: None)
    try:
        assert mail.settled()
        assert "lunch" in shell("list")
        assert "Grüße" in shell("read", "latest")
        server.stop()
        assert "lunch" in shell("list")
    finally:
        mail.close()


def test_an_account_that_is_switched_off_is_not_looked_at(tmp_path: Path, server: Server, capsys: Shown) -> None:
    path = configure(tmp_path, demo_account(server))
    path.write_text(path.read_text() + "enabled = false\n")
    shell = Shell(path, capsys)
    assert shell.run("list").code == 2
    assert "Every account is switched off" in shell.said


def test_a_big_folder_is_fetched_as_far_as_it_is_asked_for(tmp_path: Path, demo_server: Demos, capsys: Shown) -> None:
    box = Mailbox()
    for number in range(450):
        box.put(letter(f"mail {number}", day=1 + number % 28), "INBOX", ["\\Seen"], NOON + number)
    shell = Shell(configure(tmp_path, demo_account(demo_server(box))), capsys)
    assert len(shell.json("list", "--json", "--limit", "10")) == 10
    shell.run("list", "--json", "--offline", "--limit", "0")
    assert "not all is stored here: 60 of 450 messages" in shell.said
    assert len(shell.json("list", "--json", "--limit", "0")) == 450
    assert len(shell.json("list", "--json", "--limit", "0", "--query", "subject:mail")) == 450


def test_who_reads_no_further_is_no_fault(shell: Shell) -> None:
    shell("list")
    script = f"{sys.executable} -m tui_mail --config {shell.config} list --offline --json --limit 0 | head -c 1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[", "")


def test_a_disk_that_is_full_is_a_sentence(shell: Shell) -> None:
    shell("list")
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "tui_mail", "--config", str(shell.config), "list", "--offline"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "could not be written" in done.stderr


def test_nothing_of_the_screens_is_loaded(shell: Shell) -> None:
    shell("list")
    code = "import sys; from tui_mail.cli.main import main; main(sys.argv[1:]); "
    code += "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    words = [sys.executable, "-c", code, "--config", str(shell.config), "list", "--offline"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert not {"textual", "rich", "keyring", "smtplib", "selectolax"} & set(done.stderr.split())


def test_a_real_server_lists_reads_and_searches(tmp_path: Path, dovecot: Dovecot, capsys: Shown) -> None:
    account = dovecot.account()
    client = dovecot.other_client(account)
    try:
        client.append("INBOX", "", "", WITH_FILE)
        client.append("Archive", "(\\Seen)", "", letter("heron", text="It came back."))
    finally:
        client.logout()
    shell = Shell(configure(tmp_path, account, password=PASSWORD), capsys)
    assert shell.json("list", "--json")[0]["subject"] == "Grüße 你好"
    assert "Grüße 你好" in shell("read", "latest")
    assert [one["folder"] for one in shell.json("search", "came", "--json")] == ["Archive"]
