"""The command as a test calls it: an account in a configuration of its own, letters on a demo server."""

from __future__ import annotations

import dataclasses
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tui_mail.cli.main import main
from tui_mail.config.file import append_account
from tui_mail.config.settings import Account

NOON = 1_795_435_200
"""2026-11-23T12:00:00Z"""


def letter(subject: str, *, text: str = "Hello.", sender: str = "Bob <bob@example.net>", day: int = 23) -> bytes:
    head = f"From: {sender}\nTo: Ann <ann@example.org>, cy@example.net\nSubject: {subject}\n"
    head += f"Date: {day:02} Nov 2026 12:00:00 +0000\nMessage-ID: <{subject.replace(' ', '-')}@example.net>\n"
    head += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    return (head + "\n" + text + "\n").replace("\n", "\r\n").encode()


WITH_FILE = b"""From: Bob <bob@example.net>
To: ann@example.org
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_=E4=BD=A0=E5=A5=BD?=
Date: Mon, 23 Nov 2026 13:00:00 +0100
Message-ID: <file@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

R3LDvMOfZSDkvaDlpb0K
--x
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"

not really
--x--
""".replace(b"\n", b"\r\n")


def configure(folder: Path, *accounts: Account, password: str = "demo") -> Path:
    """A configuration with these accounts, whose password a command prints."""
    command = (sys.executable, "-c", f"import sys; sys.stdout.buffer.write({password.encode()!r})")
    for account in accounts:
        append_account(folder / "config.toml", dataclasses.replace(account, password_command=command))
    return folder / "config.toml"


@dataclass
class Shell:
    """Runs commands on one configuration; `code`, `out` and `said` are of the last one."""

    config: Path
    capsys: pytest.CaptureFixture[str]
    code: int = 0
    out: str = ""
    said: str = ""

    def __call__(self, *words: str) -> str:
        """What it printed; it went well and said nothing else."""
        self.run(*words)
        assert (self.code, self.said) == (0, "")
        return self.out

    def run(self, *words: str) -> Shell:
        self.capsys.readouterr()
        try:
            self.code = main(["--config", str(self.config), *words])
        except SystemExit as left:
            self.code = int(str(left.code))
        self.out, self.said = self.capsys.readouterr()
        assert "Traceback" not in self.said
        return self

    def json(self, *words: str) -> Any:
        return json.loads(self(*words))
