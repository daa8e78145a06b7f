"""The log: for its owner alone, in plain lines, without secrets; and what a fault of ours leaves behind."""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_mail.cli import crash
from tui_mail.cli.journal import Journal
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server

SERVER = Server("imap.example.org", 993)
WORK = Account("work", "ann@example.org", SERVER, SERVER)
log = logging.getLogger("tui_mail.engine.session")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "state" / "tui-mail.log")
    yield journal
    journal.close()


def test_nothing_is_made_before_the_first_line(journal: Journal) -> None:
    journal.open()
    assert not journal.path.parent.exists()


def test_the_log_is_for_its_owner_alone_whatever_the_umask(journal: Journal) -> None:
    old = os.umask(0)
    try:
        journal.open()
        log.info("connected")
    finally:
        os.umask(old)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700
    assert journal.path.read_text().endswith(" INFO tui_mail.engine.session [MainThread] connected\n")


def test_a_long_log_begins_anew_and_stays_private(journal: Journal) -> None:
    journal.open()
    for _ in range(60):
        log.info("x" * 20_000)
    kept = sorted(journal.path.parent.iterdir())
    assert [path.name for path in kept] == ["tui-mail.log", "tui-mail.log.1", "tui-mail.log.2"]
    assert all(path.stat().st_size <= 500_000 and stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept)


def test_a_password_that_somebody_logs_is_struck_out(journal: Journal) -> None:
    credentials = Credentials(ask=True)
    credentials.offer(WORK, Secret("s3cret-Zx9"))
    journal.open(credentials.mask)
    log.warning("said: LOGIN ann s3cret-Zx9")
    assert "LOGIN ann ***" in journal.path.read_text()
    assert "s3cret" not in journal.path.read_text()


def test_no_line_can_do_something_to_a_terminal_or_pretend_to_be_another(journal: Journal) -> None:
    journal.open()
    log.warning("said: %s", "a\x1b[2J\r\x9bb\u202e\n2026-01-01 CRITICAL forged")
    text = journal.path.read_text()
    assert text.count("\n") == 2
    assert text.splitlines()[1].startswith("    2026")
    assert all(char.isprintable() or char == "\n" for char in text)


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    journal = Journal(tmp_path / "state" / "tui-mail.log")
    journal.open()
    log.warning("nobody reads this")
    said = crash.report(ValueError("x"), journal)
    journal.close()
    assert said.endswith("could not be written.")
    assert capsys.readouterr() == ("", "")


def fail(password: str) -> None:
    local = f"local {password}"
    raise ValueError(f"{len(local)} is wrong; {password}")


def test_a_fault_is_written_down_without_locals_and_secrets(journal: Journal) -> None:
    credentials = Credentials(ask=True)
    credentials.offer(WORK, Secret("s3cret-Zx9"))
    journal.open(credentials.mask)
    try:
        fail(credentials.password(WORK).reveal())
    except ValueError as error:
        said = crash.report(error, journal)
    assert said == (
        f"tui-mail: a fault of its own ended the program (ValueError); what happened stands in {journal.path}"
    )
    text = journal.path.read_text()
    assert "in fail" in text
    assert "is wrong; ***" in text
    assert "s3cret" not in text


def test_what_goes_wrong_in_a_thread_is_in_the_log_and_not_on_the_screen(
    journal: Journal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr("sys.unraisablehook", None)
    journal.open()
    crash.to_the_log()
    logging.captureWarnings(False)
    thread = threading.Thread(target=fail, args=("x",), name="session work")
    thread.start()
    thread.join(5)
    assert "session work ended: Traceback" in journal.path.read_text()
    assert capsys.readouterr() == ("", "")
