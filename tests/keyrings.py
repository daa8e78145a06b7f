"""Throw-away keyrings: a GNUPGHOME of one's own, keys in it, and a passphrase dialog that answers as a test says."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tui_mail.backend.gnupg import Gnupg

needs_gpg = pytest.mark.skipif(
    shutil.which("gpg") is None and os.environ.get("TUI_MAIL_REQUIRE_GPG") != "1", reason="there is no gpg here"
)
_PINENTRY = """\
#!/bin/sh
echo "OK ready"
while read -r command; do
  case "$command" in
    GETPIN) {answer};;
    BYE) echo "OK"; exit 0;;
    *) echo "OK";;
  esac
done
"""
_ANSWERS = {"cancel": 'echo "ERR 83886179 Operation cancelled <Pinentry>"', "give": 'echo "D secret"; echo "OK"'}


class Keyring:
    """One person's keys. `dialog` is what the passphrase dialog does: `cancel` or `give`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ = {**os.environ, "GNUPGHOME": str(home), "LC_ALL": "C.UTF-8"}
        self.environ.pop("GPG_TTY", None)
        home.mkdir(mode=0o700, exist_ok=True)
        self.dialog("cancel")

    @property
    def gpg(self) -> Gnupg:
        return Gnupg("gpg", environ=self.environ)

    def dialog(self, answer: str) -> None:
        script = self.home / "pinentry"
        script.write_text(_PINENTRY.format(answer=_ANSWERS[answer]))
        script.chmod(0o700)
        (self.home / "gpg-agent.conf").write_text(f"pinentry-program {script}\ns2k-count 65536\n")

    def make(self, name: str, address: str, *, passphrase: str = "") -> str:
        """A new key of that person; its fingerprint."""
        how = ["--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase]
        self.run("gpg", *how, "--quick-generate-key", f"{name} <{address}>", "future-default", "default", "never")
        [key] = self.gpg.keys(address, secret=True)
        return key.fingerprint

    def forget_passphrases(self) -> None:
        self.run("gpg-connect-agent", "reloadagent", "/bye")

    def run(self, *words: str, data: bytes = b"") -> bytes:
        done = subprocess.run(words, input=data, env=self.environ, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout


class Certificates(Keyring):
    """Ann's S/MIME certificate and its key, in a keyring of gpgsm and beside it for openssl, which plays the others."""

    def certify(self, name: str, address: str) -> None:
        key, certificate, both = (str(self.home / f"ann.{end}") for end in ("key", "crt", "p12"))
        subject = ["-subj", f"/CN={name}/emailAddress={address}", "-addext", f"subjectAltName=email:{address}"]
        usage = ["-addext", "keyUsage=digitalSignature,keyEncipherment,keyCertSign"]
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "900", "-keyout", key]
        self.run(*make, "-out", certificate, *subject, *usage)
        self.run(
            *("openssl", "pkcs12", "-export", "-legacy", "-inkey", key, "-in", certificate, "-out", both),
            *("-passout", "pass:secret"),
        )
        self.dialog("give")
        self.run("gpgsm", "--batch", "--disable-dirmngr", "--import", both)
        print_ = self.run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha1").decode()
        (self.home / "trustlist.txt").write_text(f"{print_.partition('=')[2].strip()} S relax\n")
        self.forget_passphrases()

    @property
    def gpgsm(self) -> Gnupg:
        return Gnupg("gpgsm", environ=self.environ)

    def openssl(self, *words: str, data: bytes) -> bytes:
        """What openssl makes of an entity, as it stands behind the people and the subject of a letter."""
        return self.run("openssl", "cms", *words, data=data)


Made = TypeVar("Made", bound=Keyring)


@contextmanager
def made(kind: type[Made]) -> Iterator[Made]:
    """A short path: the agent's sockets lie in it."""
    home = Path(tempfile.mkdtemp(prefix="tm-gpg-"))
    ring = kind(home)
    try:
        yield ring
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=ring.environ, capture_output=True, timeout=20, check=False)
        shutil.rmtree(home, ignore_errors=True)


def keyring() -> AbstractContextManager[Keyring]:
    """One with OpenPGP keys."""
    return made(Keyring)
