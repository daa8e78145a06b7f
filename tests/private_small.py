"""Small IMAP servers for the long sweeps, a process for each mailbox: pymap, GNU's imap4d, hoodiecrow."""

from __future__ import annotations

import imaplib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.private_cyrus import ROOT, environ, unpacked
from tests.sink import Sink
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server

PASSWORD = "pw"
_PATIENCE = 30.0
_ROLES = ("Archive", "Drafts", "Junk", "Sent", "Trash")

_IMAP4D = """\
pidfile "{folder}/imap4d.pid";
mode daemon;
foreground yes;
server 127.0.0.1:{port} {{ }};
virtdomain {{ passwd-dir "{folder}/domains"; }};
auth {{ authentication virtdomain:generic; authorization virtdomain; }};
mailbox {{ mailbox-pattern "maildir://{folder}/spool/${{user}}"; mailbox-type maildir; }};
namespace personal {{ prefix "" {{ directory "$home"; delimiter "/"; mailbox-type maildir; }}; }};
logging {{ syslog no; }};
tcp-wrappers {{ enable no; }};
"""
_HASH = "$6$tuimail$mRuCrUbKP4w6TKZEABzhKpG6CMbGMxDntZvODW5sRHXOKhs6/XpZhLs1tRFdOGN674ec5y45rWNTuQt4dUt4b1"
"""PASSWORD, as a line of passwd has it."""
_PLUGINS = ("ID", "ENABLE", "CONDSTORE", "IDLE", "LITERALPLUS", "NAMESPACE", "SASL-IR", "AUTH-PLAIN", "UNSELECT")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one of them is started."""

    program: str
    command: Callable[[Path, int], list[str]]
    """Writes what the server needs into the folder; its arguments, for that port."""
    user: str = "ann"


def _pymap(folder: Path, port: int) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    return [*where, "dict", "--demo-user", "ann", "--demo-password", PASSWORD]


def _imap4d(folder: Path, port: int) -> list[str]:
    for name in ("domains", "home", "spool"):
        (folder / name).mkdir()
    line = f"ann:{_HASH}:{os.geteuid()}:{os.getegid()}:Ann:{folder}/home:/bin/sh\n"
    (folder / "domains" / "example.org").write_text(line)
    (folder / "imap4d.conf").write_text(_IMAP4D.format(folder=folder, port=port))
    return [f"--config-file={folder}/imap4d.conf"]


def _hoodiecrow(folder: Path, port: int) -> list[str]:
    users = {"ann": {"password": PASSWORD}}
    (folder / "config.json").write_text(json.dumps({"plugins": _PLUGINS, "users": users}))
    (folder / "storage.json").write_text(json.dumps({"INBOX": {"messages": []}, "": {"separator": "/", "folders": {}}}))
    return ["-p", str(port), f"--config={folder}/config.json", f"--storage={folder}/storage.json"]


KINDS: Mapping[str, Kind] = {
    "pymap": Kind("pymap", _pymap),
    "imap4d": Kind("imap4d", _imap4d, "ann@example.org"),
    "hoodiecrow": Kind("hoodiecrow", _hoodiecrow),
}


class Small:
    """Starts one server an account. Raises RuntimeError where it will not run."""

    def __init__(self, name: str) -> None:
        self.sink = Sink()
        self._name = name
        self._kind = KINDS[name]
        self._folder = Path(tempfile.mkdtemp(prefix=f"tm-{name}-"))
        self._process: subprocess.Popen[bytes] | None = None

    def account(self) -> Account:
        """An empty mailbox with the usual folders; the one before ends."""
        self._end()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        place = Path(tempfile.mkdtemp(dir=self._folder))
        program = _program(self._name)
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, *self._kind.command(place, port)],
                env=environ(program),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # one group, so that all of it can be ended
            )
        self._await_greeting(port)
        imap, smtp = (Server("localhost", number, "none") for number in (port, self.sink.port))
        account = Account("work", "ann@example.org", imap, smtp, user=self._kind.user)
        client = self.other_client(account)
        for role in _ROLES:
            client.create(role)
        client.logout()
        return account

    def secret(self) -> Secret:
        return Secret(PASSWORD)

    def other_client(self, account: Account) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", account.imap.port, timeout=10)
        client.login(account.login, PASSWORD)
        return client

    def stop(self) -> None:
        self._end()
        self.sink.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # there is nothing here worth waiting for
            process.wait(5)

    def _await_greeting(self, port: int) -> None:
        assert self._process is not None
        end, pause = time.monotonic() + _PATIENCE, threading.Event()
        while True:
            try:
                imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
                return
            except OSError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    said = (self._folder / "log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{self._name} does not greet ({error}).\n{said}") from error
                pause.wait(0.05)


def why_not(name: str) -> str:
    """Why there can be no such server here, or empty."""
    return "" if _program(name) else f"there is no {KINDS[name].program} on this machine, nor where {ROOT} says"


def _program(name: str) -> str:
    program = KINDS[name].program
    places = [str(unpacked() / "usr/sbin"), str(unpacked() / "usr/bin"), os.environ["PATH"], "/usr/sbin"]
    return shutil.which(program, path=":".join(places)) or ""
