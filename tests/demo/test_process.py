"""The demo server in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.demo.client import Imap
from tui_mail.demo.process import Child
from tui_mail.model.errors import MailError


def test_the_child_serves_and_ends() -> None:
    with Child(messages=2000) as child:
        pid = child.pid
        with Imap(child.imap_port, "INBOX") as client:
            count = next(line for line in client.selected if b"EXISTS" in line)
            assert int(count.split()[1]) > 1700
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_child_dies_with_its_parent() -> None:
    script = (
        "import sys; from tui_mail.demo.process import Child\n"
        "child = Child().start(); print(child.imap_port, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        with Imap(int(parent.stdout.readline())) as client:
            parent.kill()
            assert client.line() == b""


def test_a_child_that_cannot_start_says_why() -> None:
    with pytest.raises(MailError) as failed:
        Child(quirks=["flying"]).start()
    assert "no such quirk: flying" in failed.value.detail
