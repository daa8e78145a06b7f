"""A private, throw-away Postfix on loopback, for the long sweeps: takes letters, and hands them on to a sink."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.sink import Sink

_PATIENCE = 20.0
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
default_transport = smtp:[127.0.0.1]:{sink}
smtp_host_lookup = native
smtp_tls_security_level = none
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
smtputf8_enable = yes
message_size_limit = 5242880
alias_maps =
local_recipient_maps =
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Runs from the start. Raises RuntimeError where it will not."""

    def __init__(self) -> None:
        self.sink = Sink()
        self._folder = Path(tempfile.mkdtemp(prefix="tm-postfix-"))
        self._folder.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        for name in ("etc", "queue", "data"):
            (self._folder / name).mkdir(mode=0o755)
        shutil.chown(self._folder / "data", "postfix")
        words = {"folder": self._folder, "sink": self.sink.port, "port": self.port}
        (self._folder / "etc" / "main.cf").write_text(_MAIN.format(**words))
        (self._folder / "etc" / "master.cf").write_text(_MASTER.format(**words))
        self._process = subprocess.Popen(
            ["postfix", "-c", str(self._folder / "etc"), "start-fg"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._until(self._greets, "it does not greet")

    def received(self) -> list[bytes]:
        """What came through to the sink, once nothing waits in its queue any more."""
        self._until(lambda: "is empty" in self._queue(), "its queue does not empty")
        return [taken.data for taken in self.sink.taken]

    def stop(self) -> None:
        subprocess.run(
            ["postfix", "-c", str(self._folder / "etc"), "stop"], capture_output=True, timeout=30, check=False
        )
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        self.sink.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _queue(self) -> str:
        words = ["postqueue", "-c", str(self._folder / "etc"), "-p"]
        return subprocess.run(words, capture_output=True, text=True, timeout=20, check=False).stdout

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.settimeout(5)
                return line.recv(64).startswith(b"220 ")
        except OSError:
            return False

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        end, pause = time.monotonic() + _PATIENCE, threading.Event()
        while not holds():
            if time.monotonic() > end:
                log = self._folder / "postfix.log"
                raise RuntimeError(f"Postfix: {what}.\n{log.read_text()[-2000:] if log.exists() else ''}")
            pause.wait(0.1)


def why_not() -> str:
    """Why there can be no Postfix here, or empty."""
    if os.geteuid() != 0:
        return "a Postfix wants to be started by root"
    return "" if shutil.which("postfix") else "there is no postfix on this machine"
