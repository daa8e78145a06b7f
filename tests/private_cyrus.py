"""A private, throw-away Cyrus on loopback, for the long sweeps: installed, or unpacked where TUI_MAIL_SERVERS says."""

from __future__ import annotations

import grp
import imaplib
import itertools
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from tests.sink import CA, CERTS, Sink
from tui_mail.config.credentials import Secret
from tui_mail.config.settings import Account, Server

PASSWORD = 'pa"55\\wörd'
ROOT = "TUI_MAIL_SERVERS"
"""Where packages of servers were unpacked: they cannot be installed beside Dovecot's."""
_PATIENCE = 30.0
_PROGRAMS = ("usr/lib/cyrus/bin", "usr/libexec/cyrus-imapd", "usr/lib/cyrus-imapd", "usr/local/libexec")
_LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib", "lib/x86_64-linux-gnu", "lib")
_ROLES = ("Archive", "Drafts", "Junk", "Sent", "Trash")

_IMAPD = """\
configdirectory: {folder}/config
partition-default: {folder}/spool
defaultpartition: default
cyrus_user: {owner}
servername: localhost
allowplaintext: yes
autocreate_quota: 0
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {folder}/mux
tls_server_cert: {certificate}
tls_server_key: {certificate}
sync_log: no
skiplist_unsafe: yes
autocreate_inbox_folders: {roles}
"""
_MASTER = """\
START {{
  recover cmd="{programs}/ctl_cyrusdb -r -C {folder}/imapd.conf"
}}
DAEMON {{
  idled cmd="{programs}/idled -C {folder}/imapd.conf"
}}
SERVICES {{
  imaps cmd="{programs}/imapd -s -C {folder}/imapd.conf" listen="127.0.0.1:{port}" prefork=2 maxchild=60
}}
"""


class Cyrus:
    """Runs from the start; every name is a user with PASSWORD. `config` are lines of its own for imapd.conf.

    Raises RuntimeError where it will not run.
    """

    def __init__(self, config: str = "") -> None:
        self.sink = Sink()
        self._users = itertools.count(1)
        self._folder = Path(tempfile.mkdtemp(prefix="tm-cyrus-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._door = _Door(self._folder / "mux")
        try:
            self._start(config)
        except BaseException:
            self.stop()
            raise

    def account(self) -> Account:
        """A user nobody has been before, with empty folders."""
        user = f"user{next(self._users)}"
        return Account(
            *("work", f"{user}@example.org", Server("localhost", self.port, "tls")),
            Server("localhost", self.sink.port, "none"),
            user=user,
            ca_file=CA,
        )

    def secret(self) -> Secret:
        return Secret(PASSWORD)

    def other_client(self, account: Account) -> imaplib.IMAP4_SSL:
        """Somebody else's client, logged in to the same mailbox."""
        context = ssl.create_default_context(cafile=CA)
        client = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=10)
        client.authenticate("PLAIN", lambda _: f"\0{account.login}\0{PASSWORD}".encode())
        return client

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # there is nothing here worth waiting for
            process.wait(5)
        self._door.close()
        self.sink.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, config: str) -> None:
        programs = _programs()
        assert programs is not None  # `why_not` was asked
        is_root = os.geteuid() == 0
        owner = "mail" if is_root else pwd.getpwuid(os.geteuid()).pw_name
        group = "mail" if is_root else grp.getgrgid(os.getegid()).gr_name
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        certificate = self._folder / "certificate.pem"
        shutil.copy(CERTS / "good.pem", certificate)  # Cyrus reads it as its own user
        words = {"folder": self._folder, "owner": owner, "programs": programs, "port": self.port}
        words |= {"certificate": certificate, "roles": "|".join(_ROLES)}
        roles = "".join(f"xlist-{role.lower()}: {role}\n" for role in _ROLES)
        (self._folder / "imapd.conf").write_text(_IMAPD.format(**words) + roles + config)
        (self._folder / "cyrus.conf").write_text(_MASTER.format(**words))
        for name in ("config", "config/socket", "config/db", "config/proc", "config/log", "spool"):
            (self._folder / name).mkdir()
        if is_root:
            for path in (self._folder, *self._folder.rglob("*")):
                shutil.chown(path, owner, group)
        self._process = subprocess.Popen(
            [
                *(str(programs / "master"), "-C", f"{self._folder}/imapd.conf", "-M", f"{self._folder}/cyrus.conf"),
                *("-p", f"{self._folder}/config/master.pid", "-D"),
            ],
            env=environ(str(programs)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # one group, so that all of it can be ended
        )
        self._await_greeting()

    def _await_greeting(self) -> None:
        assert self._process is not None
        end, pause = time.monotonic() + _PATIENCE, threading.Event()
        context = ssl.create_default_context(cafile=CA)
        while True:
            try:
                imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=5).logout()
                return
            except OSError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"Cyrus does not greet ({error}); its log is the system's.") from error
                pause.wait(0.05)


class _Door:
    """What Cyrus asks whether a password is right, as a saslauthd would answer."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        path.chmod(0o666)
        self._listener.listen(50)
        threading.Thread(target=self._accept, name="cyrus-door", daemon=True).start()

    def close(self) -> None:
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # nobody has come
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as asked:
                _, password, _, _ = (asked.read(int.from_bytes(asked.read(2), "big")) for _ in range(4))
                answer = b"OK" if password == PASSWORD.encode() else b"NO"
                line.sendall(len(answer).to_bytes(2, "big") + answer)


def why_not() -> str:
    """Why there can be no Cyrus here, or empty."""
    if _programs() is None:
        return f"there is no Cyrus on this machine, nor where {ROOT} says"
    return ""


def unpacked() -> Path:
    """The root of packages that were unpacked and not installed, or the machine's own."""
    return Path(os.environ.get(ROOT) or "/")


def environ(program: str) -> dict[str, str]:
    """What a program is started with: one that was only unpacked has to be told of its libraries."""
    if unpacked() == Path("/") or not program.startswith(str(unpacked())):
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(str(unpacked() / name) for name in _LIBRARIES)}


def _programs() -> Path | None:
    found = (unpacked() / name for name in _PROGRAMS)
    return next((path for path in found if (path / "imapd").exists() and (path / "master").exists()), None)
