"""The person's own gpg and gpgsm: started with arguments alone, believed on their status channel alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_mail.mime.clean import line
from tui_mail.model.errors import BadInput, Cancelled, MailError, Offline, PassphraseWanted
from tui_mail.model.seal import Key

PATIENCE = 20.0
"""Seconds for a gpg that asks nobody."""
_WITH_A_PERSON = 300.0
"""Seconds for one that asks for a passphrase."""
_LOOK = 0.1
"""Seconds between two looks whether somebody still waits for it."""
_CANCELED, _NO_PIN_ENTRY, _WRONG = 99, 85, 11
"""Codes of libgpg-error; what stands above their 16 bits says who reports them."""
_QUIET = {
    "gpg": ("--batch", "--no-tty", "--display-charset", "utf-8", "--disable-dirmngr", "--no-auto-key-retrieve"),
    "gpgsm": ("--batch", "--no-tty", "--disable-dirmngr", "--disable-crl-checks"),
}
"""Nothing is fetched from anywhere because a letter was opened."""
_STATUS = re.compile(r"\[GNUPG:\] (\S+)(?: (.*))?")
_HASHES = {"1": "md5", "2": "sha1", "3": "ripemd160", "8": "sha256", "9": "sha384", "10": "sha512", "11": "sha224"}
_EMAIL = re.compile(r"<([^<>\s]+@[^<>\s]+)>|^([^<>\s]+@[^<>\s]+)$")


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run said."""

    code: int
    output: bytes
    status: tuple[tuple[str, str], ...]
    """(keyword, the rest) of every status line, in order."""
    words: str
    """Its last line to a person, cleaned; to show, never to believe."""

    def of(self, *keywords: str) -> list[str]:
        """The rest of every status line with one of these keywords."""
        return [rest for keyword, rest in self.status if keyword in keywords]

    @property
    def codes(self) -> set[int]:
        """The error codes it reports."""
        found = set()
        for rest in self.of("ERROR", "FAILURE"):
            pieces = rest.split()
            if len(pieces) > 1 and pieces[1].isdigit():
                found.add(int(pieces[1]) & 0xFFFF)
        return found


class Gnupg:
    """One of the two programs. Keys are named by fingerprint or by exact address, behind `--`, never by other words."""

    def __init__(
        self,
        program: str = "gpg",
        *,
        patience: float = PATIENCE,
        environ: Mapping[str, str] | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """`is_wanted`: whether somebody still waits for what it does; it is ended where nobody does."""
        self._program = program
        self._is_smime = Path(program).name.startswith("gpgsm")
        self._patience = patience
        self._environ = environ
        self._is_wanted = is_wanted

    def while_wanted(self, is_wanted: Callable[[], bool]) -> Gnupg:
        """The same program, for one piece of work that may be called off."""
        return Gnupg(self._program, patience=self._patience, environ=self._environ, is_wanted=is_wanted)

    @property
    def is_there(self) -> bool:
        return shutil.which(self._program) is not None

    # --- keys

    def keys(self, address: str, *, secret: bool = False) -> list[Key]:
        """Usable keys of exactly this address or fingerprint; those that are vouched for first, then the new ones."""
        name = address if re.fullmatch(r"[0-9A-Fa-f]{16,64}", address) else f"<{address}>"
        verb = "--list-secret-keys" if secret else "--list-keys"
        ran = self._run(["--with-colons", verb, "--", name], b"")
        found = [key for key in _keys(ran.output) if name == address or address.lower() in key.emails]
        return sorted(found, key=lambda key: (not key.is_valid, -key.made))

    def look(self, data: bytes) -> list[Key]:
        """The keys that stand in these octets; nothing is taken."""
        return _keys(self._run(["--with-colons", "--import-options", "show-only", "--import"], data).output)

    def take(self, data: bytes) -> list[str]:
        """Puts public keys into the keyring; the fingerprints of those that are new or have changed."""
        ran = self._run(["--import-options", "import-minimal", "--import"], data)
        return [rest.split()[1] for rest in ran.of("IMPORT_OK") if rest.split()[:1] not in ([], ["0"])]

    def export(self, fingerprint: str) -> bytes:
        """The public key in few octets, for an Autocrypt header."""
        return self._run(["--export-options", "export-minimal", "--export", "--", fingerprint], b"").output

    # --- letters

    def sign(self, data: bytes, key: str, *, ask: bool = False) -> tuple[bytes, str]:
        """(detached signature, name of its hash). `ask`: the terminal is lent to a passphrase dialog."""
        ran = self._run(["--armor", "--detach-sign", "--local-user", key], data, ask=ask)
        made = ran.of("SIG_CREATED")
        if not made or not ran.output:
            raise self._failed(ran, "The letter could not be signed, so it was not sent")
        return ran.output, _HASHES.get(made[-1].split()[2], "sha256")

    def encrypt(
        self, data: bytes, keys: Sequence[str], hidden: Sequence[str] = (), *, signer: str = "", ask: bool = False
    ) -> bytes:
        """For these keys; those in `hidden` are not named in it. With a `signer`, signed inside."""
        options = ["--armor", "--encrypt", "--trust-model", "always", "--no-encrypt-to"]
        for one in keys:
            options += ["--recipient", one]
        for one in hidden:
            options += ["--hidden-recipient", one]
        if signer:
            options += ["--sign", "--local-user", signer]
        ran = self._run(options, data, ask=ask)
        if not ran.of("END_ENCRYPTION") or (signer and not ran.of("SIG_CREATED")) or not ran.output:
            raise self._failed(ran, "The letter could not be encrypted, so it was not sent")
        return ran.output

    def decrypt(self, data: bytes, *, ask: bool = False) -> Ran:
        """What was inside is in `output`; empty where it cannot be shown to be whole (no integrity code)."""
        ran = self._run(["--decrypt"], data, ask=ask)
        is_whole = ran.of("DECRYPTION_OKAY") and not ran.of("DECRYPTION_FAILED", "BADMDC")
        if is_whole and (self._is_smime or ran.of("GOODMDC")):
            return ran
        if ran.codes & {_NO_PIN_ENTRY, _CANCELED}:
            raise self._failed(ran, "The letter stays closed")
        return Ran(ran.code, b"", ran.status, ran.words)

    def verify(self, data: bytes, signature: bytes) -> Ran:
        """A detached signature against the octets that it is of."""
        with tempfile.TemporaryDirectory(prefix="tui-mail-") as folder:
            path = Path(folder) / "signature"
            path.write_bytes(signature)
            return self._run(["--verify", "--", str(path), "-"], data)

    def unwrap(self, data: bytes) -> Ran:
        """The content of an opaque signature, with the verdict on it."""
        return self._run(["--output", "-", "--verify", "--", "-"], data)

    # --- the run

    def _run(self, options: Sequence[str], data: bytes, *, ask: bool = False) -> Ran:
        """Raises BadInput where there is no such program, Offline where it does not answer, Cancelled."""
        program = shutil.which(self._program)
        if program is None:
            raise BadInput(f"{self._program} is not installed.", remedy="Install GnuPG, or switch signing off.")
        environ = dict(os.environ if self._environ is None else self._environ) | {"LC_ALL": "C.UTF-8"}
        quiet = _QUIET["gpgsm" if self._is_smime else "gpg"]
        pinentry = [] if ask else ["--pinentry-mode", "error"]
        if ask and (terminal := _terminal()):
            environ["GPG_TTY"] = terminal
        with tempfile.TemporaryFile() as status:
            command = [program, *quiet, *pinentry, "--status-fd", str(status.fileno()), *options]
            try:
                with subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    pass_fds=(status.fileno(),),
                    env=environ,
                ) as process:
                    output, errors = self._heard(process, data, _WITH_A_PERSON if ask else self._patience)
            except OSError as error:
                raise BadInput(f"{self._program} could not be started: {error.strerror}.") from error
            status.seek(0)
            said = status.read().decode("utf-8", "replace")
        lines = [found.groups("") for text in said.split("\n") if (found := _STATUS.fullmatch(text))]
        words = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return Ran(process.returncode, output, tuple((keyword, rest) for keyword, rest in lines), line(words)[:200])

    def _heard(self, process: subprocess.Popen[bytes], data: bytes, patience: float) -> tuple[bytes, bytes]:
        """(output, errors) of a program that is given these octets; one that takes too long, or is not wanted any
        more, is killed."""
        deadline = time.monotonic() + patience
        given: bytes | None = data
        try:
            while self._is_wanted():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Offline(f"{self._program} does not answer, so nothing was done.")
                try:
                    return process.communicate(given, min(_LOOK, left))
                except subprocess.TimeoutExpired:
                    given = None  # it is on its way
            raise Cancelled("It was called off.")
        finally:
            if process.poll() is None:
                process.kill()

    def _failed(self, ran: Ran, what: str) -> MailError:
        if _NO_PIN_ENTRY in ran.codes:
            return PassphraseWanted("gpg asks for a passphrase.")
        if _CANCELED in ran.codes:
            return Cancelled("No passphrase was given; nothing was sent, and nothing is lost.")
        if _WRONG in ran.codes:
            return BadInput(f"{what}: the passphrase was wrong.")
        return BadInput(f"{what}: {ran.words or 'gpg does not say why'}.")


def _terminal() -> str:
    """The one that a person sits at; standard input may be the text of a letter."""
    for number in (0, 2, 1):
        try:
            return os.ttyname(number)
        except OSError:
            continue
    return ""


def _keys(listing: bytes) -> list[Key]:
    """The usable keys of a `--with-colons` listing (doc/DETAILS of GnuPG)."""
    found: list[Key] = []
    head: list[str] = []
    fingerprint = name = ""
    emails: list[str] = []

    def close() -> None:
        if head and fingerprint and head[1] not in ("i", "d", "r", "e", "n") and "D" not in head[11]:
            found.append(
                Key(
                    *(fingerprint, tuple(emails), name, head[1] in ("f", "u")),
                    *("E" in head[11], "S" in head[11], int(head[5]) if head[5].isdigit() else 0),
                )
            )

    for text in listing.decode("utf-8", "replace").split("\n"):
        fields = text.split(":")
        match fields[0]:
            case "pub" | "sec" | "crt" | "crs" if len(fields) > 11:
                close()
                head, fingerprint, name, emails = fields, "", "", []
            case "fpr" if head and not fingerprint and len(fields) > 9:
                fingerprint = fields[9]
            case "uid" if len(fields) > 9 and fields[1] not in ("r", "e", "n"):
                uid = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), fields[9])
                name = name or line(uid)[:120]
                emails += [(one[1] or one[2]).lower() for one in _EMAIL.finditer(uid)]
    close()
    return found
