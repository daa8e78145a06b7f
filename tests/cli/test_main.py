"""The command as a shell sees it: output, sentences and exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui_mail import __version__

ACCOUNT = """
[accounts.work]
address = "ann@example.org"
imap = { host = "127.0.0.1", port = 9, security = "none" }
smtp = { host = "127.0.0.1", port = 9, security = "none" }
"""


def tui_mail(*words: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the command without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "tui_mail", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environ},
    )


def test_the_version_is_told() -> None:
    done = tui_mail("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"tui-mail {__version__} (Python {sys.version.split()[0]})\n"


def test_the_long_version_tells_where_things_are_and_makes_nothing(tmp_path: Path) -> None:
    done = tui_mail("--version", "-v", XDG_STATE_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
    assert f"log            {tmp_path}/tui_mail/tui-mail.log\n" in done.stdout
    assert f"configuration  {tmp_path}/tui_mail/config.toml\n" in done.stdout
    done = tui_mail("--config", str(tmp_path / "my.toml"), "-V", "-v")
    assert f"data           {tmp_path}/data\n" in done.stdout
    done = tui_mail("-V", "-v", TUI_MAIL_DATA=str(tmp_path / "x"))
    assert f"data           {tmp_path}/x\n" in done.stdout
    assert not list(tmp_path.iterdir())


def test_without_an_account_the_way_to_one_is_told(tmp_path: Path) -> None:
    done = tui_mail("--config", str(tmp_path / "config.toml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"tui-mail: No account is configured in {tmp_path}/config.toml (there is no such file). "
        "In a terminal tui-mail asks for one; or write it there ([accounts.NAME]; tui-mail --help shows how).\n"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [(), ("send", "--to", "a@example.org", "--subject", "x")])
def test_a_wrong_key_is_told_with_the_right_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "config.toml"
    path.write_text(ACCOUNT + '[ui]\nthme = "x"\n')
    done = tui_mail("--config", str(path), *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"tui-mail: {path}: there is no ui.thme; the nearest right key is ui.theme.\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


def test_the_screens_are_refused_where_there_is_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(ACCOUNT)
    for words in (("--config", str(path)), ("demo",)):
        done = tui_mail(*words, TMPDIR=str(tmp_path))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("tui-mail: This needs a terminal")
        assert done.stderr.count("\n") == 1
        assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


def test_an_interrupt_is_no_traceback() -> None:
    code = "from tui_mail.cli import commands, main\ndef stop(words): raise KeyboardInterrupt\n"
    code += "commands.dispatch = stop\nraise SystemExit(main.main([]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "")


def test_a_fault_of_ours_is_one_sentence_and_a_line_in_the_log(tmp_path: Path) -> None:
    code = "from tui_mail.cli import run, main\ndef fail(*_): secret = 'canary'; raise ValueError('x')\n"
    code += f"run.run = fail\nraise SystemExit(main.main(['--config', {str(tmp_path / 'c.toml')!r}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    log = tmp_path / "tui-mail.log"
    assert done.returncode == 1
    assert done.stderr == (
        f"tui-mail: a fault of its own ended the program (ValueError); what happened stands in {log}\n"
    )
    assert "ValueError: x" in log.read_text()
