"""What the command asks of a terminal, seen through a real pseudo-terminal."""

from __future__ import annotations

import dataclasses
import os
import pty
import select
import signal
import stat
import sys
import termios
import time
from pathlib import Path

from tests.cli.test_main import ACCOUNT
from tests.servers import Demos, demo_account
from tui_mail.cli.columns import width
from tui_mail.config.file import append_account
from tui_mail.demo.seed import seed


class Terminal:
    """Runs tui-mail on a pseudo-terminal of its own."""

    def __init__(self, *words: str, **environ: str) -> None:
        self.pid, self._line = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "tui_mail", *words], {**os.environ, **environ})
        termios.tcsetwinsize(self._line, (40, 120))
        self.text = ""

    def await_text(self, wanted: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while wanted not in self.text:
            assert time.monotonic() < end, f"“{wanted}” did not come; this did: {self.text}"
            assert self._read(end - time.monotonic()), f"“{wanted}” did not come before the end: {self.text}"

    def type(self, text: str) -> None:
        os.write(self._line, text.encode())

    def code(self, seconds: float = 30) -> int:
        """The exit code, once it ended."""
        end = time.monotonic() + seconds
        while self._read(end - time.monotonic()):
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(f"It did not end: {self.text}")
        os.close(self._line)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self, seconds: float) -> bool:
        """Reads what is there within some time; False at the end."""
        if not select.select([self._line], [], [], max(0, seconds))[0]:
            return True
        try:
            chunk = os.read(self._line, 65536)
        except OSError:  # Linux says EIO where the other side is closed
            return False
        self.text += chunk.decode(errors="replace")
        return bool(chunk)


def test_a_terminal_that_cannot_draw_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for term, words in (("dumb", "(TERM=dumb)"), ("", "(TERM=not set)")):
        terminal = Terminal("demo", TERM=term, TMPDIR=str(tmp_path))
        assert terminal.code() == 2
        assert words in terminal.text
        assert "Traceback" not in terminal.text
        assert not list(tmp_path.iterdir())


def test_a_password_that_is_kept_nowhere_is_asked_for_and_not_shown(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server()
    path = tmp_path / "config.toml"
    append_account(path, demo_account(server))
    words = ["--config", str(path), "send", "--to", "bob@example.net", "--subject", "Typed", "--body", "x"]
    terminal = Terminal(*words)
    terminal.await_text("Password of demo@example.org at localhost: ")
    terminal.type("demo\n")
    assert terminal.code() == 0, terminal.text
    assert "Sent: Typed" in terminal.text
    assert terminal.text.split("localhost: ")[1].count("demo") == 0
    assert len(server.sent) == 1


def test_an_interrupt_at_the_password_is_no_traceback(tmp_path: Path, demo_server: Demos) -> None:
    path = tmp_path / "config.toml"
    append_account(path, demo_account(demo_server()))
    terminal = Terminal("--config", str(path), "send", "--to", "b@example.net", "--subject", "x", "--body", "x")
    terminal.await_text("localhost: ")
    terminal.type("\x03")
    assert terminal.code() == 130
    assert "Traceback" not in terminal.text


def test_the_demo_opens_on_real_mail_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    environ = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    terminal = Terminal("demo", TERM="xterm-256color", HOME=str(home), TMPDIR=str(temporary), **environ)
    terminal.await_text("online")
    [folder] = temporary.glob("tui-mail-demo-*")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    terminal.type("q")
    assert terminal.code() == 0, terminal.text
    assert not list(temporary.iterdir())
    assert not list(home.rglob("*"))


def test_the_demo_is_as_large_as_it_is_asked_to_be(tmp_path: Path) -> None:
    terminal = Terminal("demo", "--messages", "20000", TERM="xterm-256color", TMPDIR=str(tmp_path))
    terminal.await_text("online")
    terminal.await_text("19,8")
    terminal.type("q")
    assert terminal.code() == 0, terminal.text
    assert not list(tmp_path.iterdir())


def test_a_list_fits_the_terminal(tmp_path: Path, demo_server: Demos) -> None:
    server = demo_server()
    seed(server.mailbox, time.time())
    path = tmp_path / "config.toml"
    command = (sys.executable, "-c", "print('demo')")
    append_account(path, dataclasses.replace(demo_account(server), password_command=command))
    for columns in (60, 80, 120, 200):
        terminal = Terminal("--config", str(path), "list", COLUMNS=str(columns), TERM="xterm")
        assert terminal.code() == 0, terminal.text
        lines = [line for line in terminal.text.split("\r\n") if line.strip()]
        assert "SUBJECT" in lines[0]
        assert len(lines) > 20
        assert max(map(width, lines)) <= columns
        at = lines[0].index("FROM")
        assert all(line[at - 1] == " " for line in lines[1:-1] if line.isascii())


def test_the_demo_ends_cleanly_when_the_system_shuts_down(tmp_path: Path) -> None:
    terminal = Terminal("demo", TERM="xterm-256color", TMPDIR=str(tmp_path))
    terminal.await_text("online")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.code() == 128 + signal.SIGTERM
    assert "\x1b[?1049l" in terminal.text
    assert not list(tmp_path.iterdir())


def test_a_wrong_key_of_an_action_is_told_before_the_screens_come(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(ACCOUNT + '[keys]\n"mesage.archive" = "e"\n')
    terminal = Terminal("--config", str(path), TERM="xterm-256color")
    assert terminal.code() == 2
    assert str(path) in terminal.text
    assert "message.archive" in terminal.text
    assert "\x1b[?1049h" not in terminal.text


def test_a_disk_that_refuses_is_told_before_the_screens_come(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(ACCOUNT)
    (tmp_path / "data" / "work.db").mkdir(parents=True)
    terminal = Terminal("--config", str(path), TERM="xterm-256color")
    assert terminal.code() == 1
    assert "tui-mail: " in terminal.text
    assert "fault of its own" not in terminal.text
    assert "\x1b[?1049h" not in terminal.text
    assert (tmp_path / "data" / "work.db").is_dir()
