"""A private, throw-away Dovecot on loopback: IMAP and submission, over TLS and STARTTLS, for any number of users."""

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
from tui_mail.config.settings import Account, Security, Server

PASSWORD = 'pa"55\\wörd'
_ROLES = ("Archive", "Drafts", "Junk", "Sent", "Trash")
_PATIENCE = 60.0
_SECURE: tuple[Security, ...] = ("tls", "starttls")


class Dovecot:
    """Runs from the start; every name is a user with PASSWORD. Submitted letters go to `sink`.

    `offers` is the IMAP capability line to advertise instead of the whole, `location` how and where mail is kept below
    a user's home, `prefix` what the names of all folders but the inbox begin with; its last character is the separator.
    Raises RuntimeError where it will not run.
    """

    def __init__(self, *, offers: str = "", location: str = "maildir:~/Maildir", prefix: str = "") -> None:
        self.sink = Sink(offers=("SIZE 30000000", "8BITMIME", "PIPELINING"))
        self._offers = offers
        self._location = location
        self._prefix = prefix
        self._users = itertools.count(1)
        self._dir = Path(tempfile.mkdtemp(prefix="tm-dovecot-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def account(self, security: Security = "tls", key: str = "work") -> Account:
        """A user nobody has been before, with empty folders."""
        user = f"user{next(self._users)}@example.org"
        imap, submission = {"tls": ("imaps", "submissions"), "starttls": ("imap", "submission")}[security]
        return Account(
            key,
            user,
            Server("localhost", self.ports[imap], security),
            Server("localhost", self.ports[submission], security),
            name="Ann Example",
            ca_file=CA,
        )

    def maildir(self, account: Account) -> Path:
        """Where it keeps this user's mail: Maildir++, made at the first login."""
        return self._dir / "mail" / account.login / "Maildir"

    def secret(self) -> Secret:
        return Secret(PASSWORD)

    def other_client(self, account: Account) -> imaplib.IMAP4_SSL:
        """Somebody else's client, logged in to the same mailbox."""
        context = ssl.create_default_context(cafile=CA)
        client = imaplib.IMAP4_SSL("localhost", self.ports["imaps"], ssl_context=context, timeout=10)
        client.authenticate("PLAIN", lambda _: f"\0{account.login}\0{PASSWORD}".encode())
        return client

    def said(self) -> str:
        """Its log, for a failing test."""
        path = self._dir / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def freeze(self) -> None:
        """It keeps its connections and answers nothing, as a server whose machine hangs."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(0.5)
            except subprocess.TimeoutExpired:  # it waits for its clients; there is nothing here worth waiting for
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)
        self.sink.close()
        shutil.rmtree(self._dir, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        """To the master and to every child of it: they are what serves."""
        if self._process is None:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for pid in [self._process.pid, *map(int, children)]:
            os.kill(pid, number)

    def _start(self) -> None:
        is_root = os.geteuid() == 0
        self._dir.chmod(0o711 if is_root else 0o700)
        mail = self._dir / "mail"
        mail.mkdir(mode=0o700)
        owner = group = "mail"
        if is_root:
            shutil.chown(mail, owner, group)
        else:
            owner, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        why = ""
        for _ in range(3):  # another process can take a port between our look and Dovecot's
            self.ports = dict(zip(("imap", "imaps", "submission", "submissions"), _free_ports(4), strict=True))
            config = self._dir / "dovecot.conf"
            config.write_text(self._config(owner, group, is_root))
            self._process = subprocess.Popen(
                [*_DIE_WITH_US, _binary(), "-F", "-c", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # one group, so that all of it can be ended
            )
            why = self._await_greeting()
            if not why:
                return
        raise RuntimeError(f"Dovecot did not start: {why}\n{self.said()}")

    def _await_greeting(self) -> str:
        """Empty once both services greet, else why they never will."""
        assert self._process is not None
        end = time.monotonic() + _PATIENCE
        pause = threading.Event()
        for name, start in (("imap", b"* OK"), ("submission", b"220 ")):
            while True:
                if self._process.poll() is not None:
                    return f"it ended with {self._process.returncode}"
                if time.monotonic() > end:
                    return f"{name} does not answer"
                try:
                    with socket.create_connection(("127.0.0.1", self.ports[name]), 1) as sock:
                        sock.settimeout(5)
                        if sock.recv(64).startswith(start):
                            break
                except OSError:
                    pause.wait(0.02)  # not yet: asked again until the deadline
        return ""

    def _config(self, owner: str, group: str, is_root: bool) -> str:
        mailboxes = "".join(
            f"  mailbox {role} {{\n    auto = subscribe\n    special_use = \\{role}\n  }}\n" for role in _ROLES
        )
        ours = f"default_internal_user = {owner}\ndefault_internal_group = {group}\ndefault_login_user = {owner}\n"
        offers = f"imap_capability = {self._offers}\n" if self._offers else ""
        return _CONFIG.format(
            dir=self._dir,
            owner=owner,
            group=group,
            certificate=CERTS / "good.pem",
            relay=self.sink.port,
            mailboxes=mailboxes,
            unprivileged="" if is_root else ours,
            chroot="" if is_root else "chroot =",
            offers=offers,
            compress=_COMPRESS if any(Path(one, _ZLIB).exists() for one in _PROGRAMS) else "",
            password=PASSWORD,
            location=self._location,
            prefix=self._prefix,
            separator=self._prefix[-1:] or "/",
            **{f"{name}_port": port for name, port in self.ports.items()},
        )


_DIE_WITH_US = [found, "--pdeathsig", "TERM"] if (found := shutil.which("setpriv")) else []
"""However the test run ends, its server ends too."""

_ZLIB = "modules/lib30_imap_zlib_plugin.so"
_COMPRESS = "mail_plugins = zlib\nprotocol imap {\n  mail_plugins = zlib imap_zlib\n}\n"
"""COMPRESS=DEFLATE is a plugin, and not everywhere installed."""
_PROGRAMS = ("/usr/lib/dovecot", "/usr/libexec/dovecot", "/usr/local/libexec/dovecot")

_CONFIG = """\
base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/dovecot.log
listen = 127.0.0.1
protocols = imap submission
hostname = localhost
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 50
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {owner}
mail_gid = {group}
mail_home = {dir}/mail/%u
mail_location = {location}
mail_fsync = never
{unprivileged}{offers}
{compress}passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={dir}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
{mailboxes}}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service submission-login {{
  {chroot}
  inet_listener submission {{
    port = {submission_port}
  }}
  inet_listener submissions {{
    port = {submissions_port}
    ssl = yes
  }}
}}
"""


def why_not() -> str:
    """Why there can be no Dovecot here, or empty."""
    binary = _binary()
    if not binary:
        return "there is no dovecot on this machine"
    if not any((Path(place) / "submission-login").exists() for place in _PROGRAMS):
        return "its submission service is not installed (dovecot-submissiond)"
    asked = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=20, check=False)
    if not asked.stdout.startswith("2.3."):
        found = asked.stdout.split(" ")[0] or f"one that says nothing (status {asked.returncode}) {asked.stderr}"
        return f"the configuration is written for Dovecot 2.3, this is {found}"
    return ""


def _binary() -> str:
    return shutil.which("dovecot") or (shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin") or "")


def _free_ports(count: int) -> list[int]:
    socks = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(sock.getsockname()[1]) for sock in socks]
    for sock in socks:
        sock.close()
    return ports
