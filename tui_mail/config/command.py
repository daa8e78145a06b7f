"""Runs an account's `password_command`: its own argument list, no shell, an end to the wait."""

from __future__ import annotations

import os
import signal
import subprocess

from tui_mail.model.errors import AuthFailed

from .settings import Account

_TIMEOUT = 30.0
"""Seconds; long enough to type a passphrase into a pinentry window."""


def first_line(account: Account, *, terminal: bool, timeout: float = _TIMEOUT) -> str:
    """The first line that the command prints, without its line end; AuthFailed says what else happened.

    Without `terminal` the command runs in a session of its own and cannot reach the screen.
    """
    what = f"The password_command of {account.key} ({account.password_command[0]})"
    code, out, noise = _run(account, what, terminal, timeout)
    if code != 0:
        ended = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        raise AuthFailed(f"{what} {ended}{noise}.", remedy=_remedy(account))
    line = out.split(b"\n", 1)[0].removesuffix(b"\r")
    if not line:
        raise AuthFailed(f"{what} printed nothing on its first line{noise}.", remedy=_remedy(account))
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = "\0"  # not chained: the exception holds the password
    if "\0" in text:
        raise AuthFailed(f"{what} printed something that is not text.", remedy=_remedy(account))
    return text


def _run(account: Account, what: str, terminal: bool, timeout: float) -> tuple[int, bytes, str]:
    """Exit code, standard output, and the first words of standard error."""
    environment = dict(os.environ)
    if not terminal:
        environment.pop("GPG_TTY", None)  # a pinentry on it would draw over our screen
    try:
        process = subprocess.Popen(
            account.password_command,
            stdin=None if terminal else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=not terminal,
        )
    except FileNotFoundError as error:
        raise AuthFailed(f"{what} was not found.", remedy=_remedy(account)) from error
    except OSError as error:
        raise AuthFailed(f"{what} cannot be run: {error.strerror}.", remedy=_remedy(account)) from error
    with process:
        try:
            out, noise = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _end(process, group=not terminal)
            raise AuthFailed(f"{what} gave no answer in {timeout:g} seconds.", remedy=_remedy(account)) from None
        except BaseException:
            _end(process, group=not terminal)
            raise
    return process.returncode, out, _words(noise)


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    try:
        if group:
            os.killpg(process.pid, signal.SIGKILL)  # with what it started, or its pipes would stay open
        else:
            process.kill()
    except ProcessLookupError:
        pass  # it ended by itself just now


def _words(noise: bytes) -> str:
    """Standard error's first line for a sentence: printable characters alone, cut."""
    lines = noise.decode(errors="replace").strip().splitlines()
    if not lines:
        return ""
    words = "".join(char if char.isprintable() else " " for char in lines[0])[:200].strip().rstrip(".")
    return f" and said “{words}”" if words else ""


def _remedy(account: Account) -> str:
    return f"Try it in a shell: {' '.join(account.password_command)}"
