"""Where a password comes from, and that it is shown nowhere."""

from __future__ import annotations

import base64
import copy
import logging
import pickle
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from tui_mail.config import command
from tui_mail.config.credentials import Credentials, Secret
from tui_mail.config.settings import Account, Server
from tui_mail.model.errors import AuthFailed, StorageFailed

PASSWORD = 's3cret "Zx9" \\%'
SERVER = Server("imap.example.org", 993)


def account(*argv: str) -> Account:
    return Account("work", "ann@example.org", SERVER, SERVER, password_command=argv)


def script(text: str) -> Account:
    return account(sys.executable, "-c", text)


class Kept(keyring.backend.KeyringBackend):
    """A keyring that keeps."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class Forgetful(Kept):
    """A keyring that takes everything and gives nothing back."""

    def get_password(self, service: str, username: str) -> str | None:
        return None


class Plaintext(Kept):
    """A keyring that would write to a file in clear."""


class Broken(Kept):
    """A keyring whose failures carry what they should not."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(PASSWORD)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.PasswordSetError(password)


class Locked(Kept):
    """A keyring nobody has opened."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("no")


@pytest.fixture(autouse=True)
def safe() -> Iterator[Kept]:
    """No test reaches the keyring of whoever runs it."""
    before = keyring.get_keyring()
    kept = Kept()
    keyring.set_keyring(kept)
    yield kept
    keyring.set_keyring(before)


def test_a_password_shows_itself_to_nobody() -> None:
    secret = Secret(PASSWORD)
    shown = f"{secret} {secret!r} {secret!s} {secret:>20} {[secret]}"
    assert "s3cret" not in shown
    assert secret.reveal() == PASSWORD
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(secret)
    with pytest.raises(TypeError):
        hash(secret)
    assert secret == Secret(PASSWORD)
    assert secret != Secret("other")
    assert not hasattr(secret, "__dict__")


def test_what_was_typed_in_this_run_comes_first(safe: Kept) -> None:
    credentials = Credentials(ask=True)
    work = script("print('printed')")
    credentials.offer(work, Secret("typed"))
    assert credentials.password(work).reveal() == "typed"
    credentials.forget_run(work)
    assert credentials.password(work).reveal() == "printed"
    assert not safe.entries


def test_a_command_comes_before_the_keyring(safe: Kept) -> None:
    safe.entries["tui-mail:imap.example.org", "ann@example.org"] = "kept"
    credentials = Credentials(ask=True)
    assert credentials.password(script("print('printed')")).reveal() == "printed"
    assert credentials.password(account()).reveal() == "kept"


def test_a_remembered_password_is_there_in_the_next_run(safe: Kept) -> None:
    Credentials(ask=True).offer(account(), Secret(PASSWORD), remember=True)
    assert safe.entries == {("tui-mail:imap.example.org", "ann@example.org"): PASSWORD}
    assert Credentials(ask=False).password(account()).reveal() == PASSWORD


@pytest.mark.parametrize("place", [Forgetful, Plaintext, Broken])
def test_a_keyring_that_does_not_keep_is_told_and_the_run_goes_on(place: type[Kept]) -> None:
    keyring.set_keyring(place())
    credentials = Credentials(ask=True)
    with pytest.raises(StorageFailed, match=r"not kept|keyring") as caught:
        credentials.offer(account(), Secret(PASSWORD), remember=True)
    assert "s3cret" not in str(caught.value)
    assert credentials.password(account()).reveal() == PASSWORD


@pytest.mark.parametrize(("place", "why"), [(Kept, "holds none"), (Broken, "RuntimeError"), (Locked, "locked")])
def test_no_password_is_told_with_what_to_do(place: type[Kept], why: str) -> None:
    keyring.set_keyring(place())
    with pytest.raises(AuthFailed) as caught:
        Credentials(ask=False).password(account())
    assert why in caught.value.text
    assert "keyring set tui-mail:imap.example.org ann@example.org" in caught.value.remedy
    assert "[accounts.work]" in caught.value.remedy
    with pytest.raises(AuthFailed) as caught:
        Credentials(ask=True).password(account())
    assert caught.value.remedy.startswith("Type it")
    assert "s3cret" not in str(caught.value)


def test_a_system_without_a_keyring_is_named_so() -> None:
    from keyring.backends import fail

    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring's own
    with pytest.raises(AuthFailed, match="this system has no keyring"):
        Credentials(ask=False).password(account())


@pytest.mark.parametrize(
    ("text", "password"),
    [
        (f"print({PASSWORD!r})", PASSWORD),
        ("import sys; sys.stdout.write('no line end')", "no line end"),
        ("print('first'); print('second')", "first"),
        ("print(' blanks ')", " blanks "),
        ("import sys; print('windows', end='\\r\\n')", "windows"),
        ("print('p\\u00e4ss')", "päss"),
        ("import sys; print('noise', file=sys.stderr); print('quiet')", "quiet"),
    ],
)
def test_the_first_line_of_a_command_is_the_password(text: str, password: str) -> None:
    assert Credentials(ask=True).password(script(text)).reveal() == password


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (account("/nowhere/pass"), "The password_command of work (/nowhere/pass) was not found."),
        (account("/"), "cannot be run: Permission denied."),
        (script("raise SystemExit(3)"), "ended with exit code 3."),
        (script("import os; os.kill(os.getpid(), 9)"), "was ended by signal 9."),
        (
            script("import sys; print('secret'); sys.exit('gpg: \\x1b[2Jno key.\\nmore')"),
            "ended with exit code 1 and said “gpg:  [2Jno key”.",
        ),
        (script("pass"), "printed nothing on its first line."),
        (script("print()"), "printed nothing on its first line."),
        (script("import sys; sys.stdout.buffer.write(b'p\\xff\\n')"), "printed something that is not text."),
        (script("import sys; sys.stdout.buffer.write(b'a\\0b')"), "printed something that is not text."),
    ],
)
def test_a_command_that_fails_is_told_with_the_reason(work: Account, words: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        Credentials(ask=True).password(work)
    assert words in caught.value.text
    assert "secret" not in caught.value.text
    assert caught.value.remedy.startswith("Try it in a shell: ")
    assert caught.value.__cause__ is None or isinstance(caught.value.__cause__, OSError)


def test_a_command_that_never_answers_is_ended(tmp_path: Path) -> None:
    work = account("/bin/sh", "-c", f"echo $$ > {tmp_path}/pid; sleep 600 & wait")
    with pytest.raises(AuthFailed, match=r"gave no answer in 0\.5 seconds"):
        command.first_line(work, terminal=False, timeout=0.5)


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    work = account("/bin/echo", f"$(touch {tmp_path}/oops); `id`")
    assert Credentials(ask=True).password(work).reveal() == f"$(touch {tmp_path}/oops); `id`"
    assert not list(tmp_path.iterdir())


def test_a_command_cannot_reach_the_screen() -> None:
    text = "import os\ntry: os.open('/dev/tty', os.O_RDWR); print('yes')\nexcept OSError: print('no')"
    assert Credentials(ask=True).password(script(text)).reveal() == "no"


def test_several_connections_at_once_ask_the_command_once(tmp_path: Path) -> None:
    work = script(f"open({str(tmp_path / 'runs')!r}, 'a').write('x'); print('printed')")
    credentials = Credentials(ask=True)
    threads = [threading.Thread(target=credentials.password, args=(work,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (tmp_path / "runs").read_text() == "x"
    credentials.forget_run(work)
    credentials.password(work)
    assert (tmp_path / "runs").read_text() == "xx"


def test_the_log_never_shows_a_password_of_this_run() -> None:
    credentials = Credentials(ask=True)
    credentials.offer(account(), Secret(PASSWORD))
    plain = base64.b64encode(f"\0ann@example.org\0{PASSWORD}".encode()).decode()
    line = f"{PASSWORD} {base64.b64encode(PASSWORD.encode()).decode()} AUTH PLAIN {plain}"
    assert credentials.mask(line) == "*** *** AUTH PLAIN ***"
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (Secret(PASSWORD),), None)
    assert record.getMessage() == "***"


def test_a_password_that_was_changed_where_it_is_kept_is_found_and_an_old_one_is_not_tried_twice(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "password"
    kept.write_text("old")
    credentials, work = Credentials(ask=True), script(f"print(open({str(kept)!r}).read())")
    assert credentials.password(work).reveal() == "old"
    assert not credentials.has_another(work)
    credentials.offer(work, Secret("mistyped"))
    assert credentials.password(work).reveal() == "mistyped"
    assert not credentials.has_another(work)
    assert credentials.password(work).reveal() == "mistyped"
    kept.write_text("new")
    assert credentials.has_another(work) and credentials.password(work).reveal() == "new"
