"""Accounts that are switched off send nothing from the shell."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_main import ACCOUNT, tui_mail

SEND = ("send", "--to", "b@example.net", "--subject", "x", "--body", "x")


def test_an_account_that_is_switched_off_is_not_sent_from(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    off = ACCOUNT + "enabled = false\n"
    path.write_text(off)
    done = tui_mail("--config", str(path), *SEND)
    assert done.returncode == 2
    assert done.stderr == f"tui-mail: Every account is switched off (enabled = false) in {path}.\n"
    path.write_text(off + ACCOUNT.replace("work", "home"))
    done = tui_mail("--config", str(path), *SEND, "--from", "work")
    assert done.returncode == 2
    assert done.stderr == f"tui-mail: The account “work” is switched off (enabled = false) in {path}.\n"
    done = tui_mail("--config", str(path), *SEND)
    assert done.returncode == 1
    assert "There is no password for home" in done.stderr  # the other one is taken
