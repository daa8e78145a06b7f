"""The configuration in the shell: where it is, what holds and why, whether it is right, and what older scripts had."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from tests.cli.shell import Shell, configure
from tests.config.test_credentials import Kept
from tests.private_dovecot import PASSWORD, Dovecot
from tests.servers import Demos, demo_account
from tests.sink import CA
from tui_mail.cli.origins import lines_of
from tui_mail.config.file import load
from tui_mail.config.settings import Server
from tui_mail.engine.letters import Letters

Shown = pytest.CaptureFixture[str]
CONFIG = """\
# mine
[accounts.work]
address = "ann@example.org"
imap = { host = "imap.example.org", port = 993 }

[accounts.work.smtp]
host = "smtp.example.org"
port = 465

[ui]
preview = "off"

[keys]
"message.archive" = "f9"
"""
OLD = {
    "sender": "ann@example.org",
    "receiver": "bob@example.net",
    "subject": "Grüße 你好",
    "body": "One\r\nTwo",
    "smtp_server": "smtp.example.org",
    "imap_url": "imap.example.org",
    "password": "s3cret-canary",
}


@pytest.fixture(autouse=True)
def safe() -> Iterator[Kept]:
    before = keyring.get_keyring()
    kept = Kept()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


@pytest.fixture
def shell(tmp_path: Path, capsys: Shown) -> Shell:
    return Shell(tmp_path / "own" / "config.toml", capsys)


def write(shell: Shell, text: str) -> None:
    shell.config.parent.mkdir(exist_ok=True)
    shell.config.write_text(text)


def old(folder: Path, value: object = OLD, **more: object) -> str:
    path = folder / "old.json"
    path.write_text(json.dumps({**value, **more} if isinstance(value, dict) else value), "utf-8")
    return str(path)


def drafts(shell: Shell) -> list[dict[str, Any]]:
    connection = sqlite3.connect(shell.config.parent / "data" / "work.db")
    found = [json.loads(fields) for (fields,) in connection.execute("SELECT fields FROM draft WHERE state = 'open'")]
    connection.close()
    return found


# --- path, show, check


def test_path_is_where_it_is_read_from(shell: Shell) -> None:
    assert shell("config", "path") == f"{shell.config}\n"
    assert not shell.config.exists()


def test_show_names_the_source_of_each_value(shell: Shell) -> None:
    write(shell, CONFIG)
    (shell.config.parent / "state.toml").write_text('theme = "house-light"\npreview = "right"\n')
    found = {one["key"]: (one["value"], one["source"]) for one in shell.json("config", "show", "--json")}
    assert found["accounts.work.address"] == ("ann@example.org", f"{shell.config}:3")
    assert found["accounts.work.imap.port"] == (993, f"{shell.config}:4")
    assert found["accounts.work.imap.security"] == ("tls", "default")
    assert found["accounts.work.smtp.host"] == ("smtp.example.org", f"{shell.config}:7")
    assert found["ui.preview"] == ("off", f"{shell.config}:11")
    assert found["ui.theme"] == ("house-light", f"{shell.config.parent}/state.toml (chosen in the program)")
    assert found['keys."message.archive"'] == ("f9", f"{shell.config}:14")
    assert found["sync.keep"] == ("1y", "default")
    lines = shell("config", "show").splitlines()
    assert len(lines) == len(found)
    assert [line.split() for line in lines if line.startswith("ui.preview")] == [
        ["ui.preview", '"off"', f"{shell.config}:11"]
    ]


def test_lines_are_found_in_any_way_of_writing_toml() -> None:
    text = 'a = 1\n\n# note\nb.c = [\n  1,\n  2,\n]\nd = """\nx = 5\n"""\n[t . "u v"]\nk = { l = 1, m = { n = 2 } }\n'
    assert lines_of(text) == {
        ("a",): 1,
        ("b", "c"): 4,
        ("d",): 8,
        ("t", "u v", "k", "l"): 12,
        ("t", "u v", "k", "m", "n"): 12,
    }


def test_check_says_that_it_is_right_or_what_is_wrong(shell: Shell) -> None:
    assert "there is no such file" in shell("config", "check")
    write(shell, CONFIG)
    assert shell("config", "check") == f"{shell.config}: right. Accounts: work.\n"
    wrong = (
        ('[ui]\nthme = "x"', "the nearest right key is ui.theme"),
        ("[ui", "line 1"),
        ('[ui]\ntheme = "mauve"', "mauve"),
        ('[keys]\n"mesage.archive" = "e"', "message.archive"),
    )
    for text, part in wrong:
        write(shell, text)
        shell.run("config", "check")
        assert (shell.code, shell.out) == (2, "")
        assert shell.said.startswith(f"tui-mail: {shell.config}")
        assert shell.said.count("\n") == 1
        assert part in shell.said
    assert [path.name for path in shell.config.parent.iterdir()] == ["config.toml"]


# --- import


def test_an_older_script_becomes_an_account_a_password_and_a_draft(tmp_path: Path, shell: Shell, safe: Kept) -> None:
    shell.run("config", "import", old(tmp_path))
    assert shell.code == 0
    account = load(shell.config).accounts["example"]
    assert account.address == "ann@example.org"
    assert (account.imap, account.smtp) == (Server("imap.example.org", 993), Server("smtp.example.org", 465))
    assert list(safe.entries.values()) == ["s3cret-canary"]
    assert "s3cret" not in shell.config.read_text() + shell.out + shell.said
    [draft] = drafts(shell)
    assert {key: draft[key] for key in ("account", "to", "subject", "body")} == {
        "account": "example",
        "to": "bob@example.net",
        "subject": "Grüße 你好",
        "body": "One\nTwo",
    }
    assert "still holds the password in clear" in shell.said


def test_importing_it_again_changes_nothing(tmp_path: Path, shell: Shell) -> None:
    shell.run("config", "import", old(tmp_path))
    before = shell.config.read_text()
    shell.run("config", "import", old(tmp_path))
    assert shell.code == 0
    assert "already" in shell.out
    assert shell.config.read_text() == before
    assert len(drafts(shell)) == 1


def test_the_file_around_it_stays_as_it_was(tmp_path: Path, shell: Shell) -> None:
    write(shell, CONFIG)
    shell("config", "import", old(tmp_path, {"sender": "Bo <bo@example.com>", "receiver": ["a@b.c", "d@e.f"]}))
    assert shell.config.read_text().startswith(CONFIG)
    account = load(shell.config).accounts["example"]
    assert (account.name, account.imap.host) == ("Bo", "imap.example.com")
    assert drafts(shell)[0]["to"] == "a@b.c, d@e.f"


@pytest.mark.parametrize(
    "keys", [["subject"], ["receiver", "body"], ["sender"], ["sender", "imap_url"], list(OLD)[:-1]]
)
def test_any_of_its_keys_may_be_missing(tmp_path: Path, shell: Shell, keys: list[str]) -> None:
    write(shell, CONFIG)
    shell("config", "import", old(tmp_path, {key: OLD[key] for key in keys}))
    assert list(load(shell.config).accounts) == ["work"]


def test_servers_are_understood_as_scripts_write_them(tmp_path: Path, shell: Shell) -> None:
    cases: dict[str, tuple[dict[str, object], Server, Server]] = {
        "a@one.example": (
            {"imap_url": "imaps://mail.one.example", "smtp_server": "mail.one.example:587"},
            Server("mail.one.example", 993),
            Server("mail.one.example", 587, "starttls"),
        ),
        "a@two.example": (
            {"imap_url": "imap://two.example:143/", "smtp_server": "two.example", "smtp_port": 25},
            Server("two.example", 143, "starttls"),
            Server("two.example", 25, "starttls"),
        ),
        "a@three.example": (
            {"imap_url": "localhost:1143", "smtp_server": "127.0.0.1", "smtp_port": "1025"},
            Server("localhost", 1143, "none"),
            Server("127.0.0.1", 1025, "none"),
        ),
        "a@qq.com": ({"smtp_server": "smtp.qq.com"}, Server("imap.qq.com", 993), Server("smtp.qq.com", 465)),
    }
    for sender, (more, imap, smtp) in cases.items():
        shell("config", "import", old(tmp_path, {"sender": sender, **more}))
        account = next(one for one in load(shell.config).accounts.values() if one.address == sender)
        assert (account.imap, account.smtp) == (imap, smtp), sender


def test_two_accounts_of_one_domain_get_two_names(tmp_path: Path, shell: Shell) -> None:
    for sender in ("a@example.org", "b@mail.example.org"):
        shell("config", "import", old(tmp_path, {"sender": sender}))
    assert list(load(shell.config).accounts) == ["example", "example-2"]


def test_a_password_that_cannot_be_kept_is_a_sentence_that_says_how(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]  # keyring's own
    shell.run("config", "import", old(tmp_path))
    assert shell.code == 0
    assert "this system has no keyring" in shell.said
    assert "password_command under [accounts.example]" in shell.said
    assert "s3cret" not in shell.said
    assert len(drafts(shell)) == 1


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("{", "line 1, column 2: not JSON"),
        ("[]", "must hold an object"),
        ('{"sender": 5}', "sender must be text"),
        ('{"sender": "nobody"}', "sender: "),
        ('{"sender": "a@example.org", "smtp_port": 99999}', "smtp_port must be a port"),
        ('{"sender": "a@example.org", "imap_url": "imap.example.org:x"}', "imap_url"),
        ('{"sender": "a@example.org", "imap_url": "not a host"}', "imap_url names no host"),
        ('{"sender": "a@example.org", "imap_url": "imap.example.org", "receiver": [1]}', "receiver"),
        ('{"password": "s3cret-canary"}', "names no sender"),
        ('{"subject": "x"}', "names no sender"),
    ],
)
def test_what_cannot_be_meant_is_exit_code_2_and_nothing_is_written(
    tmp_path: Path, shell: Shell, content: str, part: str
) -> None:
    (tmp_path / "old.json").write_text(content)
    shell.run("config", "import", str(tmp_path / "old.json"))
    assert (shell.code, shell.out) == (2, "")
    assert part in shell.said
    assert shell.said.count("\n") == 1
    assert "s3cret" not in shell.said
    assert not shell.config.parent.exists()


def test_what_is_not_known_is_said_and_passed_over(tmp_path: Path, shell: Shell) -> None:
    shell.run("config", "import", old(tmp_path, {"sender": "a@example.org", "colour": "red"}))
    assert shell.code == 0
    assert "“colour” is not known here" in shell.said


def test_a_draft_is_seen_by_the_program_at_once(tmp_path: Path, capsys: Shown, demo_server: Demos) -> None:
    shell = Shell(configure(tmp_path, demo_account(demo_server())), capsys)
    shell("config", "import", old(tmp_path, {"subject": "Hello", "receiver": "bob@example.net"}))
    connection = sqlite3.connect(tmp_path / "data" / "work.db")
    [(draft, holder)] = Letters(connection).open_drafts()
    connection.close()
    assert (draft.subject, draft.account, holder) == ("Hello", "demo", "")
    assert draft.changed > 0


def test_what_the_older_scripts_did_is_done_with_ours_against_a_real_server(
    tmp_path: Path, shell: Shell, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CA))
    user = dovecot.account().address
    servers = {
        "imap_url": f"imaps://localhost:{dovecot.ports['imaps']}",
        "smtp_server": f"smtps://localhost:{dovecot.ports['submissions']}",
    }
    shell.run("config", "import", old(tmp_path, sender=user, password=PASSWORD, **servers))
    assert shell.code == 0
    out = shell("send", "--to", "lab@example.net", "--subject", "Grüße 你好", "--body", "One\nTwo", "--trace")
    assert "→ MAIL FROM" in out
    assert PASSWORD not in out
    shell.run("export", "--folder", "sent", "--format", "json", "-o", str(tmp_path / "mail.json"))
    assert shell.code == 0, shell.said
    [letter] = json.loads((tmp_path / "mail.json").read_text("utf-8"))
    assert (letter["From"], letter["Subject"], letter["Body"]) == (user, "Grüße 你好", "One\nTwo")
